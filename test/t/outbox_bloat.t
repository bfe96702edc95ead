# test/t/outbox_bloat.t
#	A steady load with a report beside it that runs all the time: the outbox stays small.
#
# The messages are of a kind that nobody sends, so the worker settles them as fast as it
# can.  Some wait for next year and are moved from half to half with all they are.
use strict;
use warnings;
use QuteCart;
use Test::More;

my $ROUNDS = 60;
my $BATCH  = 1000;
my $SIZE   = q{SELECT pg_total_relation_size('qutecart.outbox_0') + pg_total_relation_size('qutecart.outbox_1')};
my $LEFT   = q{SELECT count(*) FROM qutecart.outbox WHERE due_at <= now()};
my $KEPT   = q{SELECT count(*), count(DISTINCT id), count(DISTINCT public_id), md5(string_agg(o.id || '|' || o.public_id || '|' || o.key || '|' || o.payload
	|| '|' || o.state || '|' || o.due_at || '|' || o.attempts || '|' || o.created_at, ',' ORDER BY o.id)) FROM qutecart.outbox o WHERE o.kind = 'sms.later'};

my $qc = QuteCart->new(conf => { autovacuum => 'off' });
$qc->sql(q{SELECT count(qutecart.enqueue('sms.later', jsonb_build_object('n', n, 'text', repeat(md5(n::text), 100)), n % 7, 'key ' || n % 3, now() + interval '1 year'))
	FROM generate_series(1, 300) n});
my @kept = $qc->rows($KEPT);

my $report = $qc->session;
$report->query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM qutecart.plans');
my $largest = 0;
my %halves;

sub load_for
{
	my ($rounds) = @_;
	for (1 .. $rounds)
	{
		$qc->sql("SELECT count(qutecart.enqueue('sms.test', jsonb_build_object('n', n, 'text', repeat('x', 400)), n % 50)) FROM generate_series(1, $BATCH) n");
		wait_for { $qc->sql($LEFT) < 2 * $BATCH } 'the worker keeps up', 60;
		my $size = $qc->sql($SIZE);
		$largest = $size if $size > $largest;
		$halves{$_->[0]} = 1 for $qc->rows(q{SELECT DISTINCT slot FROM qutecart.outbox WHERE kind = 'sms.test'});
	}
	return;
}

# A report that has just begun might be a dump that is about to lock the outbox; for five
# seconds it is waited for.
wait_for { $report->value(q{SELECT clock_timestamp() - xact_start > interval '5 seconds' FROM pg_stat_activity WHERE pid = pg_backend_pid()}) eq 't' }
	'the report has run for five seconds', 10;
load_for($ROUNDS);
wait_for { $qc->sql($LEFT) == 0 } 'all messages are settled', 60;
is($qc->sql(q{SELECT count(*) FROM qutecart.outbox_log WHERE kind = 'sms.test'}), $ROUNDS * $BATCH, 'O15: every message was settled');
is($qc->sql(q{SELECT count(DISTINCT message_id) FROM qutecart.outbox_log WHERE kind = 'sms.test'}), $ROUNDS * $BATCH, 'O15: once');
cmp_ok($largest, '<', 72 * 1024 * 1024, 'O15, O16: beside a report of a minute the outbox stays below 72 MB');
is(join(' ', sort keys %halves), '0 1', 'its halves take turns');
is_deeply([$qc->rows($KEPT)], \@kept, 'what waits is kept, as it was');
is($report->value('SELECT 1'), 1, 'the report goes on');
$report->query('COMMIT');

# Who has written to a half, or reads it, is not waited for and loses nothing.
my $writer = $qc->session;
my $dump = $qc->session;
$writer->query(q{BEGIN; SELECT qutecart.enqueue('sms.later', '{"n": "open"}', 1, '', now() + interval '1 year')});
$dump->query('BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE qutecart.outbox IN ACCESS SHARE MODE');
my $seen = $dump->value('SELECT count(*) FROM qutecart.outbox');
load_for(12);
wait_for { $qc->sql($LEFT) == 0 } 'all messages are settled', 60;
is($dump->value('SELECT count(*) FROM qutecart.outbox'), $seen, 'a dump sees all that was there when it began');
$dump->query('COMMIT');
$writer->query('COMMIT');
load_for(12);
wait_for { $qc->sql($LEFT) == 0 } 'all messages are settled', 60;
is($qc->sql(q{SELECT count(*) FROM qutecart.outbox WHERE payload ->> 'n' = 'open'}), 1, 'what a transaction wrote that was open all the time is there');
is($qc->sql(q{SELECT count(*) FROM qutecart.outbox WHERE kind = 'sms.later'}), 301, 'beside all others');

# Who has his snapshot and waits for his locks, as a dump may, sees all of it later.
my $holder = $qc->session;
$dump->query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM qutecart.shops');
$holder->query('BEGIN; LOCK TABLE qutecart.countries');
$dump->send('LOCK TABLE qutecart.countries IN ACCESS SHARE MODE');
$qc->wait_until_blocked($dump);
load_for(12);
wait_for { $qc->sql($LEFT) == 0 } 'all messages are settled', 60;
$holder->query('COMMIT');
$dump->receive;
is($dump->value(q{SELECT count(*) FROM qutecart.outbox WHERE kind = 'sms.later'}), 301, 'a dump that has waited for a lock misses nothing of what was there');
$dump->query('COMMIT');

# A crash forgets which half was in turn, and nothing else.
$qc->crash;
$qc->start;
load_for(12);
wait_for { $qc->sql($LEFT) == 0 } 'all messages are settled', 60;
is($qc->sql(q{SELECT count(*) FROM qutecart.outbox WHERE kind = 'sms.later'}), 301, 'after a crash nothing is lost');
is($qc->sql(q{SELECT count(*) FROM qutecart.outbox_log WHERE kind = 'sms.test'}), ($ROUNDS + 48) * $BATCH, 'and nothing settled twice');
done_testing;
