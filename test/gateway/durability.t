# test/gateway/durability.t
#	Commits that share a flush: no reply before it, no acknowledged row lost.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use JSON::PP ();
use POSIX ();
use QuteCart;
use QuteCart::Stripe;
use Test::More;
use Time::HiRes qw(time sleep);

# How the gateway holds replies, before a database that does what it is told
my $stub = GatewayStub->new;
my $qc   = $stub->qc;
my ($gw, $metric) = $stub->gateway_with_metrics('--write-connections=4', '--request-timeout=2000', '--access-log=off');

sub flush { $qc->sql("UPDATE qutecart.stub_flush SET $_[0]"); return }
sub flushes { return $qc->sql('SELECT last_value FROM qutecart.stub_flushes') }
sub held { return $metric->('qutecart_gateway_waiting{what="flush"}') }
sub rows { return $qc->sql('SELECT count(*) FROM qutecart.stub_calls') }
sub code { return $_[0]{status} . ' ' . (ref $_[0]{json} eq 'HASH' ? $_[0]{json}{code} // '' : '') }

sub post
{
	my ($word) = @_;
	my $c = $gw->connect;
	$c->write("POST /group/$word HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
	return $c;
}

my $reply = post(7)->read_reply;
is($reply->{status}, 200, 'a request of a group route is answered');
like($reply->{json}, qr/^qutecart-durability: group$/m, 'its database was told that we wait');
unlike($reply->{head}, qr/qutecart-/i, 'its client is told nothing of it');
unlike($gw->request(POST => '/echo', {}, '')->{json}{headers}, qr/qutecart-/, 'another route commits as ever');

flush('ms = 400');
my $began = time;
my $first = post(7);
wait_for(sub { held() == 1 }, 'the reply is held');
is(rows(), 2, 'the row is committed');
ok(!$first->closed(0.05) && $first->{buffer} eq '', 'its reply does not leave before the flush has ended');
my $count = flushes();
my @others = map { post(7) } 1 .. 12;
wait_for(sub { held() == 13 }, 'twelve more are held');
is($first->read_reply->{status}, 200, 'then it leaves');
cmp_ok(time - $began, '>=', 0.4, 'after the flush');
ok($others[0]{buffer} eq '' && !$others[0]->closed(0.05) && $others[0]{buffer} eq '',
	'a flush that began before a commit does not let its reply go');
is(scalar(grep { $_->read_reply->{status} == 200 } @others), 12, 'the next one does');
cmp_ok(time - $began, '>=', 0.8, 'when it has ended');
is(flushes() - $count, 1, 'one flush for all twelve');
is(held(), 0, 'nothing is held any more');

$count = flushes();
my @gone = map { post(7) } 1, 2;
wait_for(sub { held() == 2 }, 'two are held');
$gone[0]->close;
is($gone[1]->read_reply->{status}, 200, 'a client that goes takes no other along');
$gw->request(GET => '/echo') for 1 .. 5;
cmp_ok(flushes() - $count, '<=', 2, 'nothing is flushed for nobody');

# What proves nothing
flush('ms = 0');
is(code(post(8)->read_reply), '503 outcome_unknown', 'a flush of another life of the server proves nothing');
flush("error = '53100'");
is(code(post(7)->read_reply), '503 outcome_unknown', 'nor does one that fails');
flush("error = NULL, ms = 60000");
my $c = post(7);
wait_for(sub { held() == 1 }, 'the reply is held');
$qc->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%qutecart.flush()%' AND pid <> pg_backend_pid()});
is(code($c->read_reply), '503 outcome_unknown', 'nor one whose connection dies');
wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 }, 'ready again');
$began = time;
is(code(post(7)->read_reply), '503 outcome_unknown', 'nor one that takes too long');
cmp_ok(time - $began, '<', 5, 'which is given up');
flush('ms = 0');
wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 }, 'ready again');
is(post(7)->read_reply->{status}, 200, 'afterwards all is well');
$gw->stop;

# Such requests are brief: several may be on their way on one connection, others not
($gw, $metric) = $stub->gateway_with_metrics('--write-connections=1', '--group-depth=4', '--queue-wait=10000', '--access-log=off');
sub lane { my ($what) = @_; return $metric->("qutecart_gateway_pool{lane=\"write\",what=\"$what\"}") }
my $lock = $qc->session;
$lock->query('BEGIN; LOCK qutecart.stub_calls');
my @queue = map { post(7) } 1 .. 6;
wait_for(sub { lane('queued') == 2 }, 'two of six wait');
is(lane('in_flight'), 4, 'four requests of a group route are on their way on one connection');
my $plain = $gw->connect;
$plain->write("POST /write/alone HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
wait_for(sub { lane('queued') == 3 }, 'another one waits');
$lock->query('COMMIT');
is(scalar(grep { $_->read_reply->{status} == 200 } @queue, $plain), 7, 'all are answered');
$plain->write("POST /write-then-sleep/b/300 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
wait_for(sub { lane('in_flight') == 1 }, 'a request of another route runs');
$first = post(7);
wait_for(sub { lane('queued') == 1 }, 'one of a group route comes');
is(lane('in_flight'), 1, 'and is not sent behind it');
is($first->read_reply->{status}, 200, 'but after it');
$lock->close;
$gw->stop;

# Stripe's events on a durable server.  Nobody but who is asked to writes to disk: the
# process that would is asleep, so a commit that nobody flushed is lost in a crash.
my $real = QuteCart->new(durable => 1, conf => {
	wal_writer_delay => '10s', 'qutecart.stripe_webhook_secrets' => $QuteCart::Stripe::SECRET,
	autovacuum => 'off', max_wal_size => '4GB', checkpoint_timeout => '1h' });

# Where it waits for work it holds no lock that others need.
sub put_writer_to_sleep
{
	$real->sql('CHECKPOINT');
	wait_for(sub {
		my ($writer) = $real->sql(q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'});
		kill 'STOP', $writer or die "cannot stop $writer: $!\n";
		return 1 if ($real->sql("SELECT wait_event FROM pg_stat_activity WHERE pid = $writer") // '') eq 'WalWriterMain';
		kill 'CONT', $writer;
		return 0;
	}, 'the writer sleeps');
	return;
}

sub event { my ($id) = @_; return signed({ id => $id, type => 'tests.nothing', created => time - 1, livemode => JSON::PP::false(), data => { object => { id => "o_$id" } } }) }

sub stored { return { map { $_->[0] => 1 } $real->rows('SELECT id FROM qutecart.stripe_events') } }

# The control: what is committed without the flush does get lost here.
put_writer_to_sleep();
my ($body, $signature) = event('evt_alone');
my $status = $real->sql(sprintf(q{SELECT status FROM qutecart.http('POST', '/api/webhooks/stripe', E'stripe-signature: %s\nqutecart-durability: group',
	'\x%s'::bytea, '127.0.0.1')}, $signature, unpack 'H*', $body), user => 'qutecart_gateway');
is($status, 200, 'an event is committed');
ok(stored()->{evt_alone}, 'and there');
my $word = $real->sql('SELECT qutecart.flush()', user => 'qutecart_gateway');
$real->crash;
$real->start;
ok(stored()->{evt_alone}, 'after a flush it survives a crash');
isnt($real->sql('SELECT qutecart.flush()', user => 'qutecart_gateway'), $word, 'after which the server has another word');
put_writer_to_sleep();
($body, $signature) = event('evt_lost');
$real->sql(sprintf(q{SELECT status FROM qutecart.http('POST', '/api/webhooks/stripe', E'stripe-signature: %s\nqutecart-durability: group', '\x%s'::bytea, '127.0.0.1')},
	$signature, unpack 'H*', $body), user => 'qutecart_gateway');
$real->crash;
$real->start;
ok(!stored()->{evt_lost}, 'without one it is lost: this test would see a reply that leaves too early');
put_writer_to_sleep();
($body, $signature) = event('evt_plain');
$real->sql(sprintf(q{SELECT status FROM qutecart.http('POST', '/api/webhooks/stripe', E'stripe-signature: %s', '\x%s'::bytea, '127.0.0.1')}, $signature,
	unpack 'H*', $body), user => 'qutecart_gateway');
$real->crash;
$real->start;
ok(stored()->{evt_plain}, 'who does not say that he waits gets a commit as any other');

# Under load: each client counts what was acknowledged, then the server is killed.
$gw = $real->gateway('--access-log=off');
my $number = 0;
for my $round (1 .. 3)
{
	my @readers;
	put_writer_to_sleep();
	for my $client (1 .. 8)
	{
		pipe my $reader, my $out or die;
		my $pid = fork // die;
		if ($pid) { close $out; push @readers, $reader; next; }
		my $connection = $gw->connect;
		for my $n (1 .. 5000)
		{
			my $id = "evt_${round}_${client}_$n";
			my ($text, $sign) = event($id);
			$connection->write("POST /api/webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nStripe-Signature: $sign\r\nContent-Length: "
				  . length($text) . "\r\n\r\n$text");
			my $answer = eval { $connection->read_reply(10) } // last;
			last if $answer->{status} != 200;
			syswrite $out, "$id\n";
		}
		POSIX::_exit(0);
	}
	wait_for(sub { $real->sql('SELECT count(*) FROM qutecart.stripe_events') > 300 * $round }, 'events are stored');
	$real->crash;
	my @acknowledged = map { chomp; $_ } map { readline $_ } @readers;
	$real->start;
	my $stored = stored();
	cmp_ok(scalar @acknowledged, '>', 50, 'events were acknowledged');
	is_deeply([grep { !$stored->{$_} } @acknowledged], [], "and each is there after kill -9 number $round");
	wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 }, 'ready again', 20);
}
1 while waitpid(-1, POSIX::WNOHANG()) > 0;
is($gw->stop >> 8, 0, 'the gateway ends well');

done_testing;
