# test/t/delivery_trouble.t
#	A message that cannot be handled costs itself only; a table that cannot be written
#	costs time, not a second delivery.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;

my $receiver = QuteCart::Receiver->new;
my $qc       = QuteCart->new(conf => { $receiver->conf, secret_keys() });
my $ann      = vendor($qc, 'ann');
my $hook     = webhook($qc, $ann, $receiver->url('/hook'));
my $pid      = worker_pid($qc);

sub delivered { return value($qc, "SELECT count(*) FROM qutecart.outbox_log WHERE outcome = 'delivered'") }

# One whose record is refused, in the middle of a batch.
value($qc, <<'SQL');
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
    IF new.key = 'poison' THEN RAISE 'refused'; END IF;
    RETURN new;
END$$;
CREATE TRIGGER zz_refuse BEFORE INSERT ON qutecart.outbox_log FOR EACH ROW EXECUTE FUNCTION public.refuse();
ALTER TABLE qutecart.outbox_log ENABLE ALWAYS TRIGGER zz_refuse;
SQL
value($qc, <<"SQL");
INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, key, payload)
SELECT 'webhook.order.paid', $hook->{shop}, $hook->{id}, $hook->{lane}, CASE n WHEN 5 THEN 'poison' ELSE '' END, jsonb_build_object('n', n)
FROM generate_series(1, 8) n
SQL
QuteCart::Vendors::wake($qc);
wait_for { delivered() == 7 } 'the others are recorded';
is(value($qc, 'SELECT count(*) FROM qutecart.outbox'), 1, 'O08: one message that cannot be recorded costs itself only');
is($receiver->count, 8, 'O08: the others of its batch were sent once');
value($qc, 'DROP TRIGGER zz_refuse ON qutecart.outbox_log; DELETE FROM qutecart.outbox');

# A sender that raises: the endpoint's row cannot be read.
my $other = webhook($qc, vendor($qc, 'bob'), $receiver->url('/other'));
value($qc, 'ALTER TABLE qutecart.webhook_endpoints RENAME COLUMN secret TO lost');
my ($broken) = enqueue($qc, $other, 1);
is(value($qc, "SELECT qutecart.worker_wait($broken)"), 'retry', 'O08: what cannot be prepared counts as an attempt');
like((attempts($qc, $broken))[0]{reason}, qr/^preparing it failed with SQLSTATE 42703$/, 'O08: and the log says what happened');
value($qc, 'ALTER TABLE qutecart.webhook_endpoints RENAME COLUMN lost TO secret; DELETE FROM qutecart.outbox; DELETE FROM qutecart.outbox_circuits');

# The log cannot be written for a while.
my $before = $receiver->count;
my $locker = $qc->session;
$locker->query('BEGIN; LOCK TABLE qutecart.outbox_log IN ACCESS EXCLUSIVE MODE');
my $session = $qc->session;
$session->query(<<"SQL");
INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, key, payload)
SELECT 'webhook.order.paid', $hook->{shop}, $hook->{id}, $hook->{lane}, '', jsonb_build_object('n', n) FROM generate_series(1, 8) n
SQL
$session->send('SELECT qutecart.worker_wait()');
wait_for { $receiver->count == $before + 8 } 'messages leave although nothing can be recorded';
wait_for { $qc->log =~ /canceling statement due to lock timeout/ } 'the worker gives up waiting for the lock', 30;
$locker->query('COMMIT');
wait_until_settled($qc);
is($receiver->count, $before + 8, 'O08: what could not be recorded at once is not sent again');
is(delivered(), 15, 'O08: but recorded later');
is(worker_pid($qc), $pid, 'by the worker that sent it');
done_testing;
