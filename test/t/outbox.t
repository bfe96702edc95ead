# test/t/outbox.t
#	The outbox at work: what is committed leaves, in order, and nobody waits for others.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;
use Time::HiRes qw(time);

my $receiver = QuteCart::Receiver->new;
my $qc = QuteCart->new(conf => { $receiver->conf, secret_keys(), 'qutecart.retry_delays' => join(',', ('20ms') x 30) });
my ($ann, $bob) = map { vendor($qc, $_) } qw(ann bob);

# Settings
for my $bad ('5m', '5s 5s', 'soon', '31d', join(',', ('1s') x 33))
{
	is($qc->try("ALTER SYSTEM SET qutecart.retry_delays = '$bad'")->{sqlstate}, '22023', 'O09: "' . substr($bad, 0, 12) . '" is no list of delays');
}
is($qc->try(q{ALTER SYSTEM SET qutecart.retry_delays = ''})->{sqlstate}, '', 'O09: an empty one is');
$qc->sql('ALTER SYSTEM RESET qutecart.retry_delays');

# Prepared transactions
my $hook = webhook($qc, $ann, $receiver->url('/prepared'));
my $s = $qc->session;
$s->query("BEGIN; INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, payload)
	SELECT 'webhook.test.ping', $hook->{shop}, $hook->{id}, $hook->{lane}, jsonb_build_object('n', n) FROM generate_series(1, 3) n");
$s->query(q{PREPARE TRANSACTION 'one'});
value($qc, 'SELECT qutecart.worker_wait()');
is($receiver->count('/prepared'), 0, 'O01: what is only prepared does not leave');
$qc->crash;
$qc->start;
value($qc, 'SELECT qutecart.worker_wait()');
is($receiver->count('/prepared'), 0, 'O01: not after a crash either');
$qc->sql(q{COMMIT PREPARED 'one'});
$receiver->wait_for_requests(3, '/prepared');
wait_until_settled($qc);
is($receiver->count('/prepared'), 3, 'O01: when it is committed it does, once');

# Order per key while every fifth attempt fails
$hook = webhook($qc, $ann, $receiver->url('/order'));
$receiver->behave('/order', status => [(200, 200, 200, 200, 500) x 100]);
ask($qc, "INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, key, payload)
	SELECT 'webhook.order.paid', $hook->{shop}, $hook->{id}, $hook->{lane}, 'order:' || n % 4, jsonb_build_object('key', n % 4, 'n', n) FROM generate_series(1, 200) n ORDER BY n");
value($qc, 'SELECT qutecart.worker_wait()');
wait_until_settled($qc, 60);
my (%last, @wrong, $failed);
for ($receiver->requests('/order'))
{
	my $sent = JSON::PP::decode_json($_->{body});
	$failed++ if $_->{status} != 200;
	push @wrong, "$sent->{key}: $sent->{n} after $last{$sent->{key}}" if ($last{$sent->{key}} // 0) > $sent->{n};
	$last{$sent->{key}} = $sent->{n};
}
cmp_ok($failed, '>=', 40, 'O12: many attempts failed');
is_deeply(\@wrong, [], 'O12: and no message overtook one of its key');
is(value($qc, q{SELECT count(*) FROM qutecart.outbox_log WHERE kind = 'webhook.order.paid' AND outcome = 'delivered'}), 200, 'O12: all arrived');

# One shop with 100,000 messages for an endpoint that never answers
my $hole = webhook($qc, $ann, $receiver->black_hole_url('/hole'));
my $fine = webhook($qc, $bob, $receiver->url('/fine'));
$qc->sql("INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, key, payload)
	SELECT 'webhook.order.paid', $hole->{shop}, $hole->{id}, $hole->{lane}, 'order:' || n % 1000, '{}' FROM generate_series(1, 100000) n");
value($qc, 'SELECT qutecart.worker_wait()');
wait_for { value($qc, 'SELECT count(*) FROM qutecart.outbox WHERE lease_token IS NOT NULL') == 8 } 'the flood has begun';
my $began = time;
enqueue($qc, $fine, 1);
$receiver->wait_for_requests(1, '/fine');
cmp_ok(time - $began, '<', 1, 'O13: beside a flood into a black hole another shop is served within a second');
cmp_ok(value($qc, 'SELECT count(*) FROM qutecart.outbox WHERE lease_token IS NOT NULL AND shop_id = ' . $ann->{shop}), '<=', 8, 'O13: and the flood holds eight connections');
$began = time;
is(value($qc, qq{SELECT count(*) > 99980 FROM qutecart.outbox_discard('It is a black hole.', endpoint => $hole->{id})}), 't', 'it can be discarded');
enqueue($qc, $fine, 1);
$receiver->wait_for_requests(2, '/fine');
wait_for { health($qc)->{outbox}{waiting} <= 8 } 'the flood is gone';
is(health($qc)->{outbox}{parked}, 0, 'and leaves nothing behind');

# The halves of the outbox are emptied while messages are in flight.
for (1 .. 3)
{
	$qc->sql(q{SELECT count(qutecart.enqueue('sms.test', '{}', n % 50)) FROM generate_series(1, 11000) n});
	wait_for { value($qc, q{SELECT count(*) FROM qutecart.outbox WHERE kind = 'sms.test'}) == 0 } 'other messages are settled', 60;
}
is(value($qc, "SELECT count(*) FROM (SELECT message_id FROM qutecart.outbox_log WHERE endpoint_id = $hole->{id}
	UNION SELECT id FROM qutecart.outbox WHERE endpoint_id = $hole->{id}) m"), 100000, 'O15: no message that is in flight is lost when its half is emptied');
done_testing;
