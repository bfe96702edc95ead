# test/gateway/stop.t
#	A stop loses no request.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use POSIX ();
use QuteCart;
use Test::More;
use Time::HiRes qw(time sleep);

my $stub = GatewayStub->new;

# H33: requests in flight are finished, idle connections are closed.
my $gw   = $stub->gateway('--stop-idle=300');
my $idle = $gw->connect;
$idle->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
$idle->read_reply;
my $late = $gw->connect;
$late->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
$late->read_reply;
my $busy = $gw->connect;
$busy->write("GET /slow/800 HTTP/1.1\r\nHost: a\r\n\r\n");
my $half = $gw->connect;
$half->write("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
wait_for(sub { $stub->qc->sql(q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'}) == 1 },
	'a request is in flight');
my $began = time;
$gw->signal('TERM');
wait_for(sub { !IO::Socket::INET->new('127.0.0.1:' . $gw->port) }, 'nobody else is let in');
pass('H33: after SIGTERM nothing new is accepted');
$late->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
my $last = $late->read_reply;
is($last->{status}, 200, 'H33: a kept connection may still ask once');
is($last->{headers}{connection}, 'close', 'H33: and is told that it was the last time');
ok($idle->closed(3), 'H33: an idle connection is closed');
$half->write('cd');
is($half->read_reply->{json}{length}, 4, 'H33: a body on its way is read to its end and answered');
my $reply = $busy->read_reply;
is($reply->{status}, 200, 'H33: a request in flight is answered');
is($reply->{headers}{connection}, 'close', 'H33: with the end of its connection');
wait_for(sub { !$gw->running }, 'the gateway ends');
is($gw->{exit}, 0, 'H33: then the gateway ends well');
cmp_ok(time - $began, '<', 5, 'H33: without waiting for its limit');

# H33: what takes longer than the limit is cut.
$gw   = $stub->gateway('--stop-timeout=500');
$busy = $gw->connect;
$busy->write("GET /slow/60000 HTTP/1.1\r\nHost: a\r\n\r\n");
wait_for(sub { $stub->qc->sql(q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'}) == 1 },
	'a request is in flight');
is($gw->stop(5), 0, 'H33: a request that outlasts the limit does not hold the stop up');
ok($busy->closed(1), 'H33: its client sees the connection end');

# H33: /ready fails first when there is a delay.
$gw = $stub->gateway('--stop-delay=600');
$gw->signal('INT');
wait_for(sub { $gw->request(GET => '/ready')->{status} == 503 }, '/ready fails');
is($gw->request(GET => '/echo')->{status}, 200, 'H33: during the delay requests are still answered');
wait_for(sub { !$gw->running }, 'the gateway ends');
is($gw->{exit}, 0, 'H33: SIGINT ends it as well');

# H33: under load. Each client counts what it wrote and what it was answered.
$gw = $stub->gateway('--access-log=off');
my @readers;
for my $i (1 .. 8)
{
	pipe my $reader, my $writer or die;
	my $pid = fork // die;
	if ($pid) { close $writer; push @readers, $reader; next; }
	my ($sent, $answered) = (0, 0);
	while (my $c = eval { $gw->connect })
	{
		while (1)
		{
			$sent++;
			# a connection that the gateway said it closes is not used again
			my $answer = $c->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n") && eval { $c->read_reply(10) };
			last unless $answer;
			$answered++ if $answer->{status} == 200;
			last if ($answer->{headers}{connection} // '') eq 'close';
		}
		last if $sent != $answered;
		$c->close;
	}
	syswrite $writer, "$sent $answered\n";
	POSIX::_exit(0);
}
sleep 0.5;
$gw->signal('TERM');
my ($sent, $answered) = (0, 0);
for my $reader (@readers)
{
	my ($s, $a) = split ' ', readline $reader;
	$sent += $s;
	$answered += $a;
}
1 while waitpid(-1, POSIX::WNOHANG()) > 0;
cmp_ok($sent, '>', 100, 'H33: clients were busy at the stop');
is($answered, $sent, 'H33: and every request they sent was answered');

# several processes on one port
my $first  = $stub->gateway('--reuse-port=on');
my $second = $stub->start('--reuse-port=on', '--port=' . $first->port);
is($second->port, $first->port, 'two gateways may share a port');
$first->stop;
is($second->request(GET => '/echo')->{status}, 200, 'and one that listens is ready: nobody notices a change of gateways');
$second->stop;
my $alone = $stub->gateway;
like(`$stub->{program} --port=${\ $alone->port} 2>&1`, qr/could not bind/, 'a port that is taken is told');
is($? >> 8, 1, 'and ends the start');

done_testing;
