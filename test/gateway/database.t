# test/gateway/database.t
#	What the client sees when the database is slow, full, failing or gone.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use QuteCart;
use Test::More;
use Time::HiRes qw(time sleep);

my $stub = GatewayStub->new;
my $qc   = $stub->qc;
my ($gw, $metric) = $stub->gateway_with_metrics(
	'--fast-connections=1', '--fast-depth=2', '--fast-queue=3', '--slow-connections=1',
	'--slow-queue=2', '--write-connections=1', '--queue-wait=100', '--request-timeout=2500',
	'--ready-window=3000', '--access-log=off');

sub code { return $_[0]{status} . ' ' . ($_[0]{json}{code} // '') }
sub rows_of { return $qc->sql("SELECT count(*) FROM qutecart.stub_calls WHERE target = '$_[0]'") }

# H32, errors by class
is(code($gw->request(GET => '/raise/22012')), '500 internal_error', 'H32: a raised error is a 500');
unlike($gw->request(GET => '/raise/22012')->{raw}, qr/secret|22012/, 'H32: that tells nothing');
like($gw->log, qr/22012/, 'H32: and is logged with its SQLSTATE');
unlike($gw->log, qr/secret detail/, 'H32: not with its text');
for my $state (qw(53100 57014 57P03))
{
	my $reply = $gw->request(GET => "/raise/$state");
	is($reply->{status}, 503, "H29: $state is a 503");
	ok($reply->{headers}{'retry-after'}, "H29: $state names a time to retry");
}
is($gw->request(GET => '/flaky')->{json}{attempt}, 'second', 'a safe request is tried again after 40001');
is(code($gw->request(POST => '/flaky', {}, '')), '503 database_busy', 'a write is not');
is(code($gw->request(GET => '/raise/40001')), '503 database_busy', 'and a second failure is told');

# H32: after any error the connection serves the next request
is($gw->request(GET => '/echo')->{status}, 200, 'H32: the connection is as good as new');

# a commit that fails
is(code($gw->request(POST => '/write/once', {}, '')), '200 ', 'a write is answered');
is(code($gw->request(POST => '/write/once', {}, '')), '500 internal_error',
	'a write that fails at its commit is no 200');
is(rows_of('once'), 1, 'and left nothing');

# H30: lanes and queues
my @slow = map { my $c = $gw->connect; $c->write("GET /slow/400 HTTP/1.1\r\nHost: a\r\n\r\n"); $c } 1 .. 4;
my $began = time;
is($gw->request(GET => '/echo')->{status}, 200, 'H30: slow requests do not hold up fast ones');
cmp_ok(time - $began, '<', 0.3, 'H30: at all');
my %seen;
$seen{ code($_->read_reply) }++ for @slow;
is_deeply(\%seen, { '200 ' => 1, '503 queue_wait' => 2, '503 queue_full' => 1 },
	'H30: one runs, two wait their 100 ms, one finds the queue full');
cmp_ok($metric->('qutecart_gateway_refused_total{reason="queue_full"}'), '>=', 1,
	'H30: refusals are counted by reason');
is($metric->('qutecart_gateway_pool{lane="slow",what="queued"}'), 0, 'H30: and the queue is empty again');

# H31: the client is gone
my $c = $gw->connect;
$c->write("GET /slow/60000 HTTP/1.1\r\nHost: a\r\n\r\n");
my $sleeping = q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'};
wait_for(sub { $qc->sql($sleeping) == 1 }, 'the slow request runs');
$c->close;
$began = time;
wait_for(sub { $qc->sql($sleeping) == 0 }, 'the query is cancelled');
cmp_ok(time - $began, '<', 1, 'H31: a read nobody waits for is cancelled, well before its deadline');
is($gw->request(GET => '/slow/1')->{status}, 200, 'H31: and its connection serves again');
my @mine = map { my $x = $gw->connect; $x->write("GET /slow/150 HTTP/1.1\r\nHost: a\r\n\r\n"); $x } 1 .. 2;
$mine[1]->close;
is($mine[0]->read_reply->{status}, 200, 'H31: a waiting request that is given up takes no other along');

$c = $gw->connect;
$c->write("POST /write-then-sleep/gone/300 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
wait_for(sub { $qc->sql($sleeping) == 1 }, 'the write runs');
$c->close;
wait_for(sub { rows_of('gone') == 1 }, 'the write is committed');
pass('H31: a write is not cancelled when its client goes');

# the deadline of a request
$began = time;
is(code($gw->request(GET => '/slow/60000')), '503 database_timeout', 'a request that takes too long is cancelled');
cmp_ok(time - $began, '<', 5, 'soon after its deadline');
is(code($gw->request(POST => '/write-then-sleep/late/60000', {}, '')), '503 database_timeout',
	'so is a write');
is(rows_of('late'), 0, 'which then has changed nothing');
my @two = map { my $x = $gw->connect; $x->write("GET /$_ HTTP/1.1\r\nHost: a\r\n\r\n"); $x } 'sleep/60000', 'echo';
is(code($two[0]->read_reply), '503 database_timeout', 'in a shared connection the one that runs is cancelled');
is($two[1]->read_reply->{status}, 200, 'and the one behind it is answered');

# H29: connections that die
is(code($gw->request(GET => '/terminate')), '503 database_down', 'H29: a read whose connection dies is a 503');
my $died = $gw->request(POST => '/terminate', {}, '');
is($died->{status}, 503, 'H29: so is a write');
wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 }, 'the lanes are up again');
$c = $gw->connect;
$c->write("POST /write-then-sleep/killed/60000 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
wait_for(sub { $qc->sql($sleeping) == 1 }, 'the write runs');
$qc->kill_backend($qc->sql(q{SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'}));
is(code($c->read_reply), '503 outcome_unknown', 'H29: a write whose commit got no answer says so');
$c->close;
wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 }, 'the gateway is ready again', 20);

# H29: the server is down
$qc->stop('immediate');
wait_for(sub { $gw->request(GET => '/ready')->{status} == 503 }, '/ready fails');
pass('H29: /ready fails when the database is down');
is($gw->request(GET => '/live')->{status}, 200, 'H29: /live does not');
$c = $gw->connect;
$began = time;
$c->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
my $down = $c->read_reply;
my $took = time - $began;
is(code($down), '503 database_down', 'H29: a request is refused at once');
ok($down->{headers}{'retry-after'}, 'H29: with a time to retry');
cmp_ok($took, '<', 0.05, 'H29: within 50 ms');
$c->write("POST /write/down HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
is(code($c->read_reply), '503 database_down', 'H29: a write too, whose outcome is known');
$qc->start;
wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 }, 'ready after the restart', 20);
$c->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
is($c->read_reply->{status}, 200, 'H29: the gateway comes back by itself, the client\'s connection was kept');
$c->close;

# a restart under load: every request is answered, and what was answered 200 is there
my @load = map { $gw->connect } 1 .. 8;
my ($n, %answers, @written) = (0);
my $restart = fork // die;
if (!$restart) { exec "$QuteCart::ROOT/tools/server", 'restart', $qc->dir; }
my $end = time + 20;
while (time < $end && (waitpid($restart, 1) == 0 || $n % 50))
{
	for my $x (@load)
	{
		my $name = 'load' . $n++;
		$x->write("POST /write/$name HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
		my $answer = code($x->read_reply);
		$answers{$answer}++;
		push @written, $name if $answer eq '200 ';
	}
	select undef, undef, undef, 0.01;
}
$_->close for @load;
$qc->wait_ready;
is_deeply([grep { !/^(?:200 |503 (?:database_\w+|outcome_unknown|queue_\w+))$/ } keys %answers], [],
	'H29: during a restart each request is answered 200 or 503');
is($qc->sql("SELECT count(*) FROM qutecart.stub_calls WHERE target = ANY('{" . join(',', @written) . "}')"),
	scalar @written, 'H29: and each write answered 200 is in the table');

ok($gw->running, 'the gateway is still there');
is($gw->stop >> 8, 0, 'and ends well');

done_testing;
