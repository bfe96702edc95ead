# test/t/webhook_npm.t
#	The official libraries of Standard Webhooks and Svix verify our deliveries, and a
#	JSON Schema validator takes them.
#
# They are fetched into a scratch directory; where npm or the network is missing, the tests
# are skipped and say so.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP ();
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;

my @packages = qw(standardwebhooks@1 svix@2 ajv@8 ajv-formats@3);
my $dir      = tempdir(CLEANUP => 1);
my $json     = JSON::PP->new->utf8;

# Why they cannot be had, or nothing.
sub missing
{
	return 'node is not installed' if !grep { -x "$_/node" } split /:/, $ENV{PATH};
	return 'npm is not installed'  if !grep { -x "$_/npm" } split /:/,  $ENV{PATH};
	my $said = qx{cd $dir && HOME=$dir timeout 90 npm install --cache $dir/cache --prefix $dir --no-audit --no-fund --ignore-scripts @packages 2>&1};
	return $? ? "npm cannot install @packages: " . (split /\n/, $said)[0] : undef;
}

my $missing = missing();
plan skip_all => $missing if $missing;

my $receiver = QuteCart::Receiver->new;
my $qc       = QuteCart->new(conf => { $receiver->conf, secret_keys() });
my $ann      = vendor($qc, 'ann');
my $hmac     = webhook($qc, $ann, $receiver->url('/hmac'));
my ($row)    = grep { $_->[0] } ask($qc, "BEGIN; SELECT qutecart.enter('$ann->{token}');"
	  . " SELECT qutecart.create_webhook('" . $receiver->url('/ed25519') . "', signature_scheme => 'ed25519'); COMMIT");
my $public_key = $json->decode($row->[0])->{data}{webhook}{public_key};
ask($qc, <<"SQL");
INSERT INTO qutecart.products (shop_id, name, handle, price, quantity) VALUES ($ann->{shop}, 'Jug ☕ "and" é', 'jug', 5.5, 9);
UPDATE qutecart.products SET quantity = 3 WHERE shop_id = $ann->{shop};
INSERT INTO qutecart.orders (shop_id, order_code, prefix, total_amount, payable_amount, payment_status) VALUES ($ann->{shop}, '1', 'RC', 5, 5, 'Paid');
SELECT qutecart.create_payout($ann->{shop}, 12.5);
DELETE FROM qutecart.products WHERE shop_id = $ann->{shop};
SQL
wait_until_settled($qc);
my @requests = (
	(map { { headers => $_->{headers}, body => $_->{body}, secret => $hmac->{secret} } } $receiver->requests('/hmac')),
	(map { { headers => $_->{headers}, body => $_->{body}, public_key => $public_key } } $receiver->requests('/ed25519')));
utf8::decode($_->{body}) for @requests;
my $schemas = $json->decode(value($qc, 'SELECT qutecart.list_webhook_schemas()'))->{data}{schemas};

open my $in, '>', "$dir/in" or die $!;
print $in $json->encode({ requests => \@requests, schemas => $schemas });
close $in;
my $program = __FILE__ =~ s{[^/]*/[^/]*$}{fake/verify.js}r;
my @said = split /\n/, qx{timeout 60 node $program $dir <$dir/in 2>&1};
is(scalar(grep { /^ok / } @said), scalar(@requests) + 13, 'all was asked and answered');
cmp_ok(scalar(@requests), '>=', 14, 'of seven events to two endpoints');
ok(/^ok /, s/^(?:not )?ok //r) for @said;
done_testing;
