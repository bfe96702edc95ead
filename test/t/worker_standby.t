# test/t/worker_standby.t
#	On a standby nothing leaves; once it is promoted it drains what it has.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;

my $receiver = QuteCart::Receiver->new;
my $primary  = QuteCart->new(conf => { $receiver->conf, secret_keys(), wal_level => 'replica', max_wal_senders => 4 });
my $hook     = webhook($primary, vendor($primary, 'ann'), $receiver->url('/hook'));

# A second server from the first one's files.
my $dir = QuteCart::top() . "/standby-$$";
my $server = "$QuteCart::ROOT/tools/server";
QuteCart::run('mkdir', '-p', "$dir/socket", "$dir/log");
QuteCart::run('ln', '-sfn', readlink($primary->dir . '/tree'), "$dir/tree");
QuteCart::run('chown', '-R', '--reference=' . $primary->dir . '/data', $dir);
QuteCart::run($server, 'as', QuteCart::pg_bin() . '/pg_basebackup', '-h', $primary->socket, '-p', $primary->port,
	'-U', 'postgres', '-D', "$dir/data", '-R', '-X', 'stream', '-c', 'fast', '--no-sync');
my $standby = QuteCart->adopt(dir => $dir);

is($standby->sql('SELECT pg_is_in_recovery()'), 't', 'there is a standby');
is($standby->sql(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'qutecart worker'}), 0, 'O30: it has no worker');
my ($id) = enqueue($primary, $hook, 1);
is(value($primary, "SELECT qutecart.worker_wait($id)"), 'delivered', 'the primary delivers');
my $far = $primary->sql('SELECT pg_current_wal_lsn()');
wait_for { $standby->sql("SELECT pg_last_wal_replay_lsn() >= '$far'") eq 't' } 'the standby has seen it';
is($receiver->count, 1, 'O30: the standby sends nothing of what it has seen');

# What the primary had not sent when it died.
$receiver->behave('/hook', hang => 1);
enqueue($primary, $hook, 3);
$far = $primary->sql('SELECT pg_current_wal_lsn()');
wait_for { $standby->sql("SELECT pg_last_wal_replay_lsn() >= '$far'") eq 't' } 'the standby has those too';
$primary->crash;
my $before = $receiver->count;
$receiver->behave('/hook', status => 200);
$standby->sql('SELECT pg_promote()');
wait_until_settled($standby);
cmp_ok($receiver->count - $before, '>=', 3, 'O30: once promoted it delivers what was left');
is($standby->sql(q{SELECT count(*) FROM qutecart.outbox_log WHERE outcome = 'delivered'}), 4, 'O30: all of it');
is($standby->sql(q{SELECT qutecart.health()->'worker'->>'mode'}), 'working', 'O30: for it is the same installation');
done_testing;
