# test/t/delivery_kill.t
#	kill -9 at random, while messages leave: of the worker, of a backend, of the whole
#	server.  A receiver counts.  20 kills; 200 with QUTECART_LONG=1.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;
use Time::HiRes qw(sleep time);

my $KILLS     = $ENV{QUTECART_LONG} ? 200 : 20;
my $IN_FLIGHT = 16;
my $receiver  = QuteCart::Receiver->new;
my $qc        = QuteCart->new(conf => {
	$receiver->conf, secret_keys(), synchronous_commit => 'on',
	'qutecart.worker_connections' => $IN_FLIGHT, 'qutecart.retry_delays' => '1s,1s,1s',
});
$receiver->behave('*', delay => 0.01);
my @hooks = map { webhook($qc, vendor($qc, $_), $receiver->url("/$_")) } qw(ann bob eve);
my $seed  = time ^ $$;
srand $seed;
note "seed $seed";

my %victim = (
	worker  => sub { $qc->kill_backend(worker_pid($qc)) },
	backend => sub { my $s = $qc->session; $qc->kill_backend($s->pid) },
	server  => sub { $qc->crash; $qc->start },
);
my @kinds = sort keys %victim;
my (@ids, @waits, @too_many);
my $order = 0;

# Each key's messages tell their number.
sub fill
{
	my ($n) = @_;
	for my $hook (@hooks)
	{
		push @ids, map { $_->[0] } ask($qc, <<"SQL");
INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, key, payload)
SELECT 'webhook.order.paid', $hook->{shop}, $hook->{id}, $hook->{lane}, CASE WHEN n % 2 = 0 THEN 'order:' || n % 6 ELSE '' END,
    jsonb_build_object('n', $order + n, 'key', CASE WHEN n % 2 = 0 THEN 'order:' || n % 6 ELSE '' END)
FROM generate_series(1, $n) n RETURNING id
SQL
	}
	$order += $n;
	QuteCart::Vendors::wake($qc);
	return;
}

sub is_empty { return value($qc, 'SELECT count(*) FROM qutecart.outbox') == 0 }

for my $kill (1 .. $KILLS)
{
	fill(12);
	my $at = $receiver->count + int rand 20;
	wait_for { $receiver->count > $at || is_empty() } 'messages leave';
	fill(6);
	$victim{ $kinds[ rand @kinds ] }->();
	my ($seen, $begin) = ($receiver->count, time);
	wait_for { $receiver->count > $seen || is_empty() } 'messages leave again';
	push @waits, time - $begin;
	my %count;
	$count{$_}++ for $receiver->ids;
	my $twice = 0;
	$twice += $_ - 1 for values %count;
	push @too_many, "$twice after $kill kills" if $twice > $IN_FLIGHT * $kill;
}
wait_until_settled($qc, 60);
my %times;
$times{$_}++ for $receiver->ids;
my @known = map { $_->[0] } ask($qc, q{SELECT 'msg_' || replace(public_id::text, '-', '') FROM qutecart.outbox_log WHERE outcome = 'delivered'});
my %known = map { $_ => 1 } @known;
my %acknowledged = map { $_ => 1 } @ids;
my $more = 0;
$more += $_ - 1 for values %times;
note "$KILLS kills, " . @ids . " messages, $more came twice";

my ($delivered) = value($qc, "SELECT count(DISTINCT message_id) FROM qutecart.outbox_log WHERE outcome = 'delivered' AND message_id = ANY ('{" . join(',', @ids) . "}')");
is($delivered, scalar @ids, "O02, O04, O05, O07: of " . @ids . " messages none is lost in $KILLS kills");
is_deeply([grep { !$times{$_} } @known], [], 'O04: what is recorded as delivered has arrived');
is_deeply([grep { !$known{$_} } keys %times], [], 'O04: what has arrived twice came with its first id');
is(scalar @known, scalar keys %known, 'O05: each is recorded once');
cmp_ok($more, '<=', $IN_FLIGHT * $KILLS, "O04: $more came twice, at most those in flight");
is_deeply(\@too_many, [], 'O04: nor more than that at any time before');
is_deeply([grep { $_ > 5 } @waits], [], 'O03: leases of the dead are resumed within 5 seconds');

# The first arrival of each message of a key comes after the one before it.
my (%seen, %number, @wrong);
for my $request ($receiver->requests)
{
	next if $seen{ $request->{headers}{'webhook-id'} }++;
	my $body = JSON::PP::decode_json($request->{body});
	next if $body->{key} eq '';
	my $before = \$number{"$request->{path} $body->{key}"};
	push @wrong, "$request->{path} $body->{key}: $body->{n} after $$before" if $$before && $body->{n} < $$before;
	$$before = $body->{n};
}
is_deeply(\@wrong, [], 'O12: each key kept its order');
done_testing;
