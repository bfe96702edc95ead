# test/lib/QuteCart/Vendors.pm
#	Vendors with webhooks, and messages for them in the outbox.
#
#	my $qc = QuteCart->new(conf => {$receiver->conf, secret_keys()});
#	my $vendor = vendor($qc, 'ann');               # {name, shop, token}; plan Growth
#	my $hook = webhook($qc, $vendor, $url);        # {id, shop, lane, url, secret}
#	my @ids = enqueue($qc, $hook, 100);            # in one transaction, which wakes the worker
#	enqueue($qc, $hook, 5, key => 'order:7', type => 'order.paid');
#	wait_until_settled($qc);                       # nothing is left in the outbox
#	value($qc, 'SELECT …'); ask(…)                 # as sql and rows, in one session that is kept
#	attempts($qc, $id)                             # → ({attempt, outcome, status, reason …}, …)
package QuteCart::Vendors;

use strict;
use warnings;
use Exporter qw(import);
use JSON::PP qw(decode_json);
use MIME::Base64 qw(encode_base64);
use QuteCart;

our @EXPORT = qw(ask value secret_keys vendor webhook enqueue wait_until_settled attempts health worker_pid);

my %session;

# Rows of a statement, in a session that is kept, and made anew when it was lost.
sub ask
{
	my ($qc, $sql) = @_;
	for my $try (1 .. 2)
	{
		my $result = ($session{$qc} //= $qc->session)->try($sql);
		return @{ $result->{rows} } if !$result->{sqlstate};
		delete $session{$qc};
		die "$result->{sqlstate}: $result->{message}\nin: $sql\n"
		  if $try == 2 || $result->{sqlstate} !~ /^(?:08|57P)/;
		$qc->wait_ready;
	}
}

sub value { my ($row) = ask(@_); return $row ? $row->[0] : undef }

sub secret_keys { return ('qutecart.secret_keys' => encode_base64('k' x 32, '')) }

sub vendor
{
	my ($qc, $name) = @_;
	my ($shop) = map { $_->[0] // () } ask($qc, <<"SQL");
SET qutecart.restoring = on;    -- a shop that has its plan already
WITH u AS (INSERT INTO qutecart.users (name, email) VALUES ('$name', '$name\@vendor.example') RETURNING id),
s AS (INSERT INTO qutecart.shops (name, plan_id, subscription_status)
    SELECT 'Shop of $name', p.id, 'active' FROM qutecart.plans p WHERE p.slug = 'growth' RETURNING id),
m AS (INSERT INTO qutecart.shop_members (shop_id, user_id, role) SELECT s.id, u.id, 'owner' FROM s, u RETURNING user_id),
t AS (INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
    SELECT user_id, sha256('token of $name'), now() + interval '1 day' FROM m)
SELECT id FROM s;
RESET qutecart.restoring;
SQL
	return { name => $name, shop => $shop, token => "token of $name" };
}

# Through the door that vendors use, so that the URL is checked and the secret sealed.
sub webhook
{
	my ($qc, $vendor, $url) = @_;
	my ($row) = grep { $_->[0] } ask($qc, "BEGIN; SELECT qutecart.enter('$vendor->{token}');"
		  . " SELECT qutecart.create_webhook(\$url\$$url\$url\$); COMMIT");
	my $data = decode_json($row->[0])->{data};
	return {
		id => $data->{webhook}{id}, shop => $vendor->{shop}, url => $url, secret => $data->{secret},
		lane => $data->{webhook}{id} << 3 | 1,
	};
}

# Rows as qc_event_emit() makes them; type, key.  Ids in the order in which they leave.
sub enqueue
{
	my ($qc, $hook, $n, %o) = @_;
	my $type = $o{type} // 'product.updated';
	my $key  = $o{key}  // '';
	my @ids  = map { $_->[0] } ask($qc, <<"SQL");
INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, key, payload)
SELECT 'webhook.$type', $hook->{shop}, $hook->{id}, $hook->{lane}, '$key',
    jsonb_build_object('type', '$type', 'timestamp', now(), 'data', jsonb_build_object('n', n, 'shop', $hook->{shop}))
FROM generate_series(1, $n) n RETURNING id
SQL
	wake($qc);
	return @ids;
}

# Rows that were written by hand wake nobody.
sub wake { ask($_[0], 'SELECT qutecart.worker_wait()'); return }

sub wait_until_settled
{
	my ($qc, $seconds) = @_;
	wait_for { value($qc, 'SELECT count(*) FROM qutecart.outbox') == 0 } 'the outbox is empty', $seconds // 30;
	return;
}

sub attempts
{
	my ($qc, $id) = @_;
	my @columns = qw(attempt outcome status reason response duration_ms);
	return map { my %row; @row{@columns} = @$_; \%row }
	  ask($qc, 'SELECT ' . join(', ', @columns) . " FROM qutecart.outbox_log WHERE message_id = $id ORDER BY id");
}

sub health     { return decode_json(value($_[0], 'SELECT qutecart.health()')) }
sub worker_pid { return value($_[0], q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'qutecart worker'}) }

1;
