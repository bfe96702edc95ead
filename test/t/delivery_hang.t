# test/t/delivery_hang.t
#	A thousand requests hang: nothing of the database is held meanwhile, nobody else waits
#	for them, and each key keeps its order.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;
use Time::HiRes qw(time);

my $receiver = QuteCart::Receiver->new;
my $qc       = QuteCart->new(conf => {
	$receiver->conf, secret_keys(), 'qutecart.worker_per_host' => 2000, 'qutecart.worker_per_lane' => 50,
	'qutecart.retry_delays' => '100ms,100ms,100ms,100ms,100ms,100ms,100ms,100ms,100ms,100ms',
});

# What the worker holds, seen from another session.
my $holds = <<'SQL';
SELECT concat_ws(' ', a.state, coalesce(a.backend_xmin::text, 'no xmin'), coalesce(a.xact_start::text, 'no transaction'),
    (SELECT count(*) FROM pg_locks l WHERE l.pid = a.pid) || ' lock', a.query)
FROM pg_stat_activity a WHERE a.backend_type = 'qutecart worker'
SQL

# O14: a thousand at once
my @hanging;
for my $n (1 .. 20)
{
	push @hanging, webhook($qc, vendor($qc, "slow$n"), $receiver->url("/hang$n"));
	$receiver->behave("/hang$n", hang => 1);
}
enqueue($qc, $_, 50) for @hanging;
wait_for { health($qc)->{worker}{in_flight} == 1000 } 'a thousand requests hang';
wait_for { value($qc, $holds) =~ /^idle/ } 'the worker waits';
is(value($qc, $holds), 'idle no xmin no transaction 1 lock delivering: 1000 in flight',
	'O14: while 1,000 requests hang the worker holds no snapshot, no transaction, and no lock but that of the only worker');
my $quick = webhook($qc, vendor($qc, 'quick'), $receiver->url('/quick'));
my $begin = time;
my ($id)  = enqueue($qc, $quick, 1);
is(value($qc, "SELECT qutecart.worker_wait($id)"), 'delivered', 'O13: somebody else is served');
cmp_ok(time - $begin, '<', 1, 'O13: within a second');
$qc->sql('CREATE TABLE bystander (n integer); INSERT INTO bystander SELECT generate_series(1, 1000); DELETE FROM bystander');
unlike($qc->try('VACUUM (VERBOSE) bystander')->{notices} // '', qr/[1-9]\d* are dead but not yet removable/, 'O14: and rows that died meanwhile can be removed');

# Order to stop while they hang.
my $pid = worker_pid($qc);
$begin = time;
$qc->kill_backend($pid, 'TERM');
cmp_ok(time - $begin, '<', 1, 'an order to stop does not wait for what hangs');
wait_for { worker_pid($qc) } 'there is another worker';
wait_for { health($qc)->{worker}{in_flight} >= 1000 } 'which resumes what the first had on lease';
$begin = time;
$qc->restart;
cmp_ok(time - $begin, '<', 10, 'nor does the server');
for my $n (1 .. 20)
{
	$receiver->behave("/hang$n", status => 200);
	$receiver->release("/hang$n", status => 200);
}
wait_until_settled($qc);
is(value($qc, q{SELECT count(*) FROM qutecart.outbox_log WHERE outcome = 'delivered' AND kind = 'webhook.product.updated'}), 1001,
	'and what hung is delivered by those who came after');

# O13: a flood into a black hole
$qc->reload('qutecart.worker_per_host' => 64, 'qutecart.worker_per_lane' => 8);
my $flood = webhook($qc, vendor($qc, 'flood'), $receiver->black_hole_url('/flood'));
enqueue($qc, $flood, 100_000);
wait_for { health($qc)->{worker}{in_flight} == 8 } 'the flood fills its lane';
$begin = time;
($id)  = enqueue($qc, $quick, 1);
is(value($qc, "SELECT qutecart.worker_wait($id)"), 'delivered', 'O13: beside 100,000 messages into a black hole another shop is served');
cmp_ok(time - $begin, '<', 1, 'O13: within a second');
is(health($qc)->{worker}{in_flight}, 8, 'O13: one endpoint has no more on its way than its share');
value($qc, "TRUNCATE qutecart.outbox");

# O12: order per key, where one in five fails
$receiver->behave('/order', fail => 0.2, seed => 11);
my $order = webhook($qc, vendor($qc, 'order'), $receiver->url('/order'));
my %key;
for my $n (1 .. 10)
{
	ask($qc, <<"SQL");
INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, key, payload)
SELECT 'webhook.order.paid', $order->{shop}, $order->{id}, $order->{lane}, 'order:' || k, jsonb_build_object('key', k, 'n', $n)
FROM generate_series(1, 10) k
SQL
}
QuteCart::Vendors::wake($qc);
wait_for { value($qc, 'DELETE FROM qutecart.outbox_circuits'); value($qc, 'SELECT count(*) FROM qutecart.outbox') == 0 } 'all are delivered', 30;
my (%last, @wrong, $failed);
for my $request ($receiver->requests('/order'))
{
	my $body = JSON::PP::decode_json($request->{body});
	my $before = $last{ $body->{key} } // 0;
	$failed++ if $request->{status} != 200;
	push @wrong, "$body->{key}: $body->{n} after $before" if $body->{n} != $before + 1;
	$last{ $body->{key} } = $body->{n} if $request->{status} == 200;
}
cmp_ok($failed, '>', 5, "O12: $failed attempts failed");
is_deeply(\@wrong, [], 'O12: and no message went before its predecessor was delivered');
is(scalar(keys %last), 10, 'O12: of ten keys');
done_testing;
