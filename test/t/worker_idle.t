# test/t/worker_idle.t
#	A worker without work: asks nothing, keeps still where it should, gives way.
use strict;
use warnings;
use QuteCart;
use Test::More;
use Time::HiRes qw(time);

# pg_cron looks for jobs in a transaction now and then, from another process.
my $qc = QuteCart->new(conf => {shared_preload_libraries => 'qutecart', autovacuum => 'off'});

sub works { return ($qc->try(q{SELECT qutecart.health()->'worker'->>'mode'})->{rows}[0] // [''])->[0] eq 'working' }

ok($qc->sql('SELECT qutecart.worker_wait()'), 'a worker that has nothing to do');
my $counted = q{SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'qutecart'};
my $quiet;
wait_for {
	my $now = $qc->sql($counted, database => 'postgres');
	my $is_quiet = defined $quiet && $now == $quiet;
	$quiet = $now;
	$is_quiet;
} 'what was done before is counted';
wait_for { $qc->sql(q{SELECT state_change < now() - interval '5 seconds' FROM pg_stat_activity WHERE backend_type = 'qutecart worker'}, database => 'postgres') eq 't' }
	'it has not moved for five seconds', 30;
is($qc->sql($counted, database => 'postgres'), $quiet, 'O17: asks the database nothing');
is($qc->sql(q{SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.backend_type = 'qutecart worker' AND l.locktype = 'advisory' AND l.granted}),
	1, 'O18: it holds the lock of the only worker');
is($qc->sql(q{SELECT query FROM pg_stat_activity WHERE backend_type = 'qutecart worker'}), 'waiting for messages', 'and says what it is waiting for');

# The same extension from another version's script: neither reads the other's tables.
$qc->sql(q{UPDATE pg_extension SET extversion = '9.9' WHERE extname = 'qutecart'});
my $id = $qc->sql(q{SELECT qutecart.enqueue('nobody.home')});
ok($qc->sql('SELECT qutecart.worker_wait()'), 'O32: beside an extension of another version the worker makes its rounds');
is($qc->sql("SELECT qutecart.worker_wait($id, '100 ms')"), 'waiting', 'O32: but sends nothing');
is($qc->sql(q{SELECT qutecart.health()->'worker'->>'mode'}), 'other_version', 'O32: and health says why');
$qc->sql(q{UPDATE pg_extension SET extversion = '0.1.0' WHERE extname = 'qutecart'});
is($qc->sql("SELECT qutecart.worker_wait($id)"), 'dead', 'O32: until they fit each other');
is($qc->sql('SELECT qutecart.worker_wait(999999)'), undef, 'waiting for a message that is not there ends at once');

# The database can be dropped, copied and renamed although the worker is in it.
my $start = time;
$qc->sql('CREATE DATABASE copy TEMPLATE qutecart', database => 'postgres');
cmp_ok(time - $start, '<', 5, 'O32: the database can be copied while the worker serves it');
wait_for { works() } 'the worker comes back';
pass('O32: the worker comes back afterwards');
$start = time;
my $refused = $qc->session(database => 'qutecart');
like($qc->try('DROP DATABASE qutecart', database => 'postgres')->{message}, qr/being accessed/, 'O32: a drop that fails');
$refused->close;
wait_for { works() } 'the worker comes back';
pass('O32: lets the worker come back');
$start = time;
$qc->sql('DROP DATABASE qutecart', database => 'postgres');
cmp_ok(time - $start, '<', 5, 'O32: DROP DATABASE needs no FORCE');
done_testing;
