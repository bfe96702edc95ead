# test/t/worker.t
#	The background worker: woken by commits, back after every kind of death, still where
#	it has no business.
use strict;
use warnings;
use JSON::PP qw(decode_json);
use QuteCart;
use QuteCart::Stripe;
use Test::More;
use Time::HiRes qw(time);

my $qc = QuteCart->new;
$qc->sql(q{UPDATE qutecart.plans SET stripe_price_id = 'price_' || slug WHERE slug <> 'free'});
my $shop = $qc->sql(q{INSERT INTO qutecart.shops (name) VALUES ('Wake') RETURNING id});
my $n    = 0;

sub worker { return $qc->sql(q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'qutecart worker'}, database => 'postgres') }
sub doing  { return $qc->sql(q{SELECT query FROM pg_stat_activity WHERE backend_type = 'qutecart worker'}, database => 'postgres') // '' }
sub health { return decode_json($qc->sql('SELECT qutecart.health()')) }
sub event  { $n++; return subscription_event("evt_$n", created => 1767225600 + $n, shop => $shop, price => $_[0]) }
sub shown  { return $qc->sql("SELECT p.slug FROM qutecart.shops s JOIN qutecart.plans p ON p.id = s.plan_id WHERE s.id = $shop") }

# Wait until something was applied, without waking the worker by asking for it.
sub applied { return $qc->sql(q{SELECT count(*) FROM qutecart.stripe_events WHERE status = 'pending'}) == 0 }

ok($qc->sql('SELECT qutecart.worker_wait()'), 'the worker runs');
is(health()->{worker}{mode}, 'working', 'and health says so');
my $start = time;
for (1 .. 5)
{
	receive($qc, event($_ % 2 ? 'price_starter' : 'price_growth'));
	wait_for { applied() } 'the event is applied', 4;
}
cmp_ok(time - $start, '<', 4, 'a commit wakes it: five events take no five rounds of its timer');
is(shown(), 'starter', 'what was received is applied');

# Nothing wakes it for a rollback; a prepared transaction does when it is committed.
my $session = $qc->session;
my $rounds  = health()->{worker}{rounds};
$session->query('BEGIN; ' . receive_sql(event('price_enterprise')) . '; ROLLBACK');
is(health()->{worker}{rounds} - $rounds <= 1, 1, 'a rollback wakes nobody');
$session->query('BEGIN; ' . receive_sql(event('price_enterprise')) . "; PREPARE TRANSACTION 'event'");
ok($qc->sql('SELECT qutecart.worker_wait()'), 'a prepared transaction does not hold it up');
is(shown(), 'starter', 'nor is it seen');
$qc->sql("COMMIT PREPARED 'event'");
wait_for { shown() eq 'enterprise' } 'the event is applied', 4;
pass('O17: COMMIT PREPARED wakes the worker');

# Idle: no transaction, no query.
is($qc->sql(q{SELECT state || ' ' || (xact_start IS NULL)::text || ' ' || (backend_xmin IS NULL)::text FROM pg_stat_activity WHERE backend_type = 'qutecart worker'}),
	'idle true true', 'between rounds it holds no transaction and no snapshot');

# Deaths.
my $pid = worker();
$qc->sql("SELECT pg_terminate_backend($pid)");
wait_for { (worker() // $pid) != $pid } 'another worker runs', 20;
ok($qc->sql('SELECT qutecart.worker_wait()'), 'a terminated worker is replaced');
is(worker() != $pid, 1, 'by another process');
$qc->kill_backend(worker());
receive($qc, event('price_starter'));
ok($qc->sql('SELECT qutecart.worker_wait()'), 'O07: so is a killed one');
is($qc->sql(q{SELECT count(*) FROM qutecart.stripe_events WHERE status <> 'applied'}), 0, 'O07: and nothing is lost');

# A copy of the database keeps still until it is adopted.
$qc->sql('UPDATE qutecart.installation SET database_oid = 1');
receive($qc, event('price_growth'));
ok($qc->sql('SELECT qutecart.worker_wait()'), 'O31: in a copy the worker makes its rounds');
is($qc->sql(q{SELECT count(*) FROM qutecart.stripe_events WHERE status = 'pending'}), 1, 'O31: but does nothing');
is(health()->{worker}{mode}, 'not_home', 'O31: and health says why');
$qc->sql('CALL qutecart.adopt()');
wait_for { applied() } 'the adopted copy works', 4;
pass('O31: until it is adopted');

# Without the extension, and back.
$qc->sql('DROP SCHEMA qutecart CASCADE');
$pid = worker();
$qc->sql('SELECT pg_reload_conf()', database => 'postgres');
wait_for { doing() eq 'waiting for the extension and its tables' } 'the worker sees that the schema is gone';
is(worker(), $pid, 'O32: without the schema the worker lives on');
$qc->sql('CREATE EXTENSION qutecart; CALL qutecart.install(); CALL qutecart.seed(\'essential\')');
ok($qc->sql('SELECT qutecart.worker_wait()'), 'O32: and works in the new one');
is(health()->{worker}{mode}, 'working', 'O32: at once');

# Without the database, and back.
$start = time;
$qc->sql('DROP DATABASE qutecart WITH (FORCE)', database => 'postgres');
cmp_ok(time - $start, '<', 5, 'O32: the database can be dropped under it');
wait_for { $qc->log =~ /the worker waits for database "qutecart"/ } 'it waits for the database', 20;
$qc->sql('CREATE DATABASE qutecart', database => 'postgres');
$qc->sql('CREATE EXTENSION qutecart; CALL qutecart.install()');
wait_for { eval { health()->{worker}{mode} } // '' eq 'working' } 'it works in the new database', 20;
pass('O32: it works in a new database of that name');
my @lines = $qc->log =~ /database "qutecart" does not exist/g;
cmp_ok(scalar @lines, '<=', 2, 'and said once that it was missing');

# pg_cron
my $cron = QuteCart->new;
$cron->sql('CALL qutecart.schedule()') for 1 .. 2;
is($cron->sql(q{SELECT count(*) FROM cron.job}), 4, 'schedule() registers four jobs, run twice too');
is($cron->sql(q{SELECT count(*) FROM cron.job WHERE username = 'qutecart_cron' AND command ~ '^SELECT qutecart\.job_[a-z_]+\(\)$'}), 4,
	'T49: bare calls, as a role that may do nothing else');
is(decode_json($cron->sql('SELECT qutecart.health()'))->{pg_cron}{jobs}, 4, 'health counts them');
$cron->sql(q{SELECT cron.schedule_in_database('mine', '0 0 1 1 *', 'SELECT 1', 'qutecart', 'qutecart_cron')});
$cron->sql(q{SELECT cron.schedule_in_database(jobname, '@reboot', command, database, username) FROM cron.job WHERE jobname = 'qutecart retention'});
$cron->sql(q{INSERT INTO qutecart.users (name, email) VALUES ('Jo', 'jo@x.example')});
$cron->sql(q{INSERT INTO qutecart.sessions (user_id, token_hash, expires_at) SELECT id, sha256('a'), now() - interval '1 day' FROM qutecart.users});
$cron->restart;
wait_for { $cron->sql('SELECT count(*) FROM qutecart.sessions') == 0 } 'pg_cron runs a job', 75;
wait_for { $cron->sql(q{SELECT count(*) FROM cron.job_run_details WHERE status = 'succeeded'}) > 0 } 'it has succeeded';
pass('pg_cron runs them');
$cron->sql('CALL qutecart.unschedule()');
is($cron->sql(q{SELECT string_agg(jobname, ',') FROM cron.job}), 'mine', 'unschedule() takes away ours and no other');

done_testing;
