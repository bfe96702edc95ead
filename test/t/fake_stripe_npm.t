# test/t/fake_stripe_npm.t
#	Stripe's own client for node believes that the stand-in is Stripe.
#
# It is fetched into a scratch directory; where npm or the network is missing, the tests
# are skipped and say so.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use QuteCart::FakeStripe;
use QuteCart::FakeStripe::Loop;
use Test::More;
use Time::HiRes qw(time);

my $PACKAGE = 'stripe@23';
my @versions = ('own', '2025-09-30.clover', '2024-06-20');
my $dir = tempdir(CLEANUP => 1);
my $client = __FILE__ =~ s{[^/]*/[^/]*$}{fake/client.js}r;

# Why it cannot be had, or nothing.
sub missing
{
	return 'node is not installed' if !grep { -x "$_/node" } split /:/, $ENV{PATH};
	return 'npm is not installed' if !grep { -x "$_/npm" } split /:/, $ENV{PATH};
	my $said = qx{cd $dir && HOME=$dir timeout 60 npm install --cache $dir/cache --prefix $dir --no-audit --no-fund --ignore-scripts --fetch-retries 0 --fetch-timeout 20000 $PACKAGE 2>&1};
	return $? ? "npm cannot install $PACKAGE: " . (split /\n/, $said)[0] : undef;
}

# A webhook of the stand-in, as its bytes and its signature.
sub webhook
{
	my ($stripe) = @_;
	my @got;
	my $loop = QuteCart::FakeStripe::Loop->new(answer => sub { push @got, $_[0]; return { status => 200, headers => {}, body => '' } });
	$stripe->endpoint('http://127.0.0.1:' . $loop->listen('hook') . '/', secret => 'whsec_npm', events => ['customer.created']);
	$stripe->ok(POST => '/v1/customers', { email => 'hook@example.com' });
	my $end = time + 20;
	$loop->turn(0.1) until @got || time > $end;
	return { body => encode_base64($got[0]{body}, ''), signature => $got[0]{headers}{'stripe-signature'}, secret => 'whsec_npm' };
}

my $missing = missing();
for my $version (@versions)
{
	SKIP:
	{
		skip $missing, 21 if $missing;
		my $stripe = QuteCart::FakeStripe->new($version eq 'own' ? () : (version => $version));
		my $hook   = webhook($stripe);
		$stripe->outage('drop_after', path => '^/v1/customers$', method => 'POST', skip => 3, times => 1);
		open my $in, '>', "$dir/in" or die $!;
		print $in JSON::PP->new->encode($hook);
		close $in;
		my @said = split /\n/, qx{timeout 60 node $client $dir @{[$stripe->port]} @{[$stripe->key]} $version <$dir/in 2>&1};
		is(scalar(grep { /^ok / } @said), 19, "$version: all was asked and answered");
		is(scalar(grep { ($_->{outage} // '') eq 'drop_after' } $stripe->requests), 1, "$version: one answer was lost on its way");
		for my $line (@said)
		{
			ok($line =~ /^ok /, "$version: " . ($line =~ s/^(?:not )?ok //r));
		}
		$stripe->stop;
	}
}

done_testing;
