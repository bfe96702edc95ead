# test/gateway/await.t
#	Replies that somebody outside gives: the client waits, the database does not.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use JSON::PP ();
use POSIX ();
use QuteCart;
use Test::More;
use Time::HiRes qw(time sleep);

my $stub = GatewayStub->new;
my $qc   = $stub->qc;
my ($gw, $metric) = $stub->gateway_with_metrics('--await-timeout=1500', '--await-max=250', '--fast-connections=1',
	'--write-connections=1', '--queue-wait=5000', '--access-log=off', '--ready-window=3000');

sub waiting { return $metric->('qutecart_gateway_waiting{what="reply"}') }
sub asked   { return $qc->sql('SELECT last_value FROM qutecart.stub_asked') }

sub done
{
	my ($ticket, $status, $body) = @_;
	$qc->sql("INSERT INTO qutecart.stub_done VALUES ('$ticket', $status, 'X-Final: yes', '$body')");
	return;
}

sub send_await
{
	my ($ticket, $method, $more) = @_;
	my $c = $gw->connect;
	$c->write(sprintf "%s /await/%s HTTP/1.1\r\nHost: a\r\n%sContent-Length: 0\r\n\r\n", $method // 'POST', $ticket, $more // '');
	return $c;
}

# One client, one reply
my $c = send_await('1.1');
wait_for(sub { waiting() == 1 }, 'the client waits');
ok(!$c->closed(0.1) && $c->{buffer} eq '', 'nothing is answered as long as nobody knows');
done('1/1', 201, '{"final": 1}');
my $reply = $c->read_reply;
is("$reply->{status} $reply->{body}", '201 {"final": 1}', 'the client gets the reply that came from outside');
is($reply->{headers}{'x-final'}, 'yes', 'with its headers');
is($reply->{headers}{location}, undef, 'and none of the interim reply');
unlike($reply->{head}, qr/qutecart-/i, 'the ticket stays inside');
is(waiting(), 0, 'nobody waits any more');
$c->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
is($c->read_reply->{status}, 200, 'and the connection serves on');
$c->close;

# Nobody waits, nobody asks
my $asked = asked();
$gw->request(GET => '/echo') for 1 .. 20;
sleep 0.3;
is(asked(), $asked, 'while nobody waits nothing is asked');

# Too long
my $began = time;
$reply = send_await('1.404')->read_reply;
is("$reply->{status} $reply->{body}", '202 {"status": "pending"}', 'who waits in vain gets the interim reply');
is($reply->{headers}{location}, '/there', 'with its headers');
cmp_ok(time - $began, '>=', 1.4, 'after the time that is set');
cmp_ok(time - $began, '<',  3,   'and soon after it');
cmp_ok(asked() - $asked, '<', 30, 'the longer it takes, the less often is asked');
unlike($reply->{head}, qr/qutecart-/i, 'its ticket stays inside as well');

# Two for one ticket; HEAD; what is sent ahead
done('1/2', 200, '{"both": true}');
my @both = map { send_await('1.2') } 1, 2;
is($_->read_reply->{body}, '{"both": true}', 'two who wait for the same both get it') for @both;
$c = send_await('1.2', 'HEAD');
$reply = $c->read_reply(5, 'HEAD');
is("$reply->{status} $reply->{headers}{'content-length'}", '200 14', 'a HEAD is told the length');
$c->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
is($c->read_reply->{status}, 200, 'and gets no body');
$c = $gw->connect;
$c->write("POST /await/1.3 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nGET /echo?after HTTP/1.1\r\nHost: a\r\n\r\n"
	  . "POST /await/1.2 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
wait_for(sub { waiting() == 1 }, 'the first of three waits');
done('1/3', 402, '{"declined": true}');
is($c->read_reply->{status}, 402, 'requests sent ahead are answered in order: the one that waited');
is($c->read_reply->{json}{target}, '/echo?after', 'the one behind it');
is($c->read_reply->{body}, '{"both": true}', 'the third');
$c->close;

# A client cannot make up a ticket
$reply = $gw->request(POST => '/echo', { 'Qutecart-Await' => '1/2', 'QUTECART-Durability' => 'group', 'X-Other' => 'a' }, '');
unlike($reply->{json}{headers}, qr/qutecart/i, 'what looks like a word of ours does not come in');
like($reply->{json}{headers}, qr/^x-other: a$/m, 'other headers do');
$reply = $gw->request(POST => '/await/nothing', {}, '');
is($reply->{status}, 202, 'a ticket that is none is not waited for');

# Clients that go
my @gone = map { send_await('1.5') } 1 .. 3;
wait_for(sub { waiting() == 3 }, 'three wait');
$gone[1]->close;
wait_for(sub { waiting() == 2 }, 'one is gone');
pass('who goes while he waits leaves nothing behind');
$gone[0]->close;
done('1/5', 200, '{}');
is($gone[2]->read_reply->{status}, 200, 'and takes nobody along');

# Many take no connection
my @many = map { send_await('1.6') } 1 .. 200;
wait_for(sub { waiting() == 200 }, '200 wait');
$began = time;
is($gw->request($_ => '/echo')->{status}, 200, "while 200 wait, $_ is served over the one connection of its lane") for qw(GET POST);
cmp_ok(time - $began, '<', 1, 'at once');
is($metric->('qutecart_gateway_pool{lane="write",what="in_flight"}'), 0, 'for none of them holds it');
done('1/6', 200, '{"many": true}');
is(scalar(grep { $_->read_reply->{body} eq '{"many": true}' } @many), 200, 'all of them get their reply');
$_->close for @many;

# More than may
@many = map { send_await('1.7') } 1 .. 251;
$reply = $many[-1]->read_reply;
is($reply->{status}, 202, 'one more than may wait is answered the interim reply at once');
$_->close for @many;
wait_for(sub { waiting() == 0 }, 'all are gone');

# The database goes meanwhile
$c = send_await('1.8');
wait_for(sub { waiting() == 1 }, 'a client waits');
$qc->stop('immediate');
$reply = $c->read_reply;
is("$reply->{status} $reply->{body}", '202 {"status": "pending"}', 'without a database the interim reply comes in its time');
$c->close;
$qc->start;
wait_for(sub { $gw->request(GET => '/ready')->{status} == 200 }, 'ready again', 20);
$c = send_await('1.9');
wait_for(sub { waiting() == 1 }, 'a client waits');
$qc->sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'qutecart_gateway'});
done('1/9', 200, '{"late": true}');
is($c->read_reply->{body}, '{"late": true}', 'after a loss of all connections the reply still comes');
$c->close;

# A stop
$c = send_await('1.10');
wait_for(sub { waiting() == 1 }, 'a client waits');
$began = time;
$gw->signal('TERM');
$reply = $c->read_reply;
is($reply->{status}, 202, 'a stop answers who waits the interim reply');
is($reply->{headers}{connection}, 'close', 'and closes');
cmp_ok(time - $began, '<', 1, 'at once');
wait_for(sub { !$gw->running }, 'the gateway ends');
is($gw->{exit}, 0, 'it ends well');

# The whole way: a handler, a command, a worker that finishes it
my $real = QuteCart->new;
$real->sql(<<'SQL');
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO qutecart_api;
CREATE FUNCTION app.ask(question text) RETURNS json LANGUAGE sql AS
    $$ SELECT qutecart.begin_command('app.ask', 'Asked.') $$;
SELECT qutecart.route('POST /api/app/ask', 'app.ask', actor => 'member');
SQL
my %token;
for my $who (qw(ann bob))
{
	my $seller = $real->sql("SELECT qutecart.register_seller('$who', '+1555010" . (1000 + length keys %token) . "' || ascii('$who'),"
		  . " '$who\@test.example', 'correct horse', 'correct horse', 'shop of $who')");
	$token{$who} = JSON::PP::decode_json($seller)->{data}{access}{token};
}
$gw = $real->gateway('--await-timeout=2000');
sub ask { my ($who, %h) = @_; return $gw->request(POST => '/api/app/ask', { Authorization => "Bearer $token{$who}", %h }, { question => 'why' }) }
sub look { my ($who, $path) = @_; return $gw->request(GET => $path, { Authorization => "Bearer $token{$who}" }) }

sub finish
{
	my ($id, $status, $body) = @_;
	return $real->sql("SELECT qutecart.finish_command(shop_id, id, $status, '$body') FROM qutecart.commands WHERE id = '$id'");
}

my $pid = fork // die;
if (!$pid)
{
	my $id = wait_for(sub { $real->sql('SELECT id FROM qutecart.commands') }, 'a command is begun');
	finish($id, 201, '{"message": "Because."}');
	POSIX::_exit(0);
}
$reply = ask('ann');
is("$reply->{status} $reply->{body}", '201 {"message": "Because."}', 'a handler begins a command, another finishes it, its client gets the reply');
is($reply->{headers}{'cache-control'}, 'private, no-store', 'which no cache keeps');
is($reply->{headers}{'content-type'},  'application/json',  'as JSON');
waitpid $pid, 0;

$reply = ask('ann', 'Idempotency-Key' => 'once');
is($reply->{status}, 202, 'one that takes too long is a 202');
my ($id, $path) = @{ $reply->{json}{data} }{qw(id status_url)};
is_deeply($reply->{json}, { message => 'Asked.', data => { id => $id, status => 'pending', status_url => "/api/commands/$id" } }, 'that says where to ask');
is($reply->{headers}{location}, $path, 'in a header as well');
is($reply->{headers}{'retry-after'}, 1, 'and when');
$reply = look('ann', $path);
is("$reply->{status} $reply->{json}{status}", '200 pending', 'there it is pending');
is($reply->{json}{reply}, undef, 'without a reply');
is(look('bob', $path)->{status}, 404, 'another shop is told of no such command');
$reply = ask('ann', 'Idempotency-Key' => 'once');
is("$reply->{status} $reply->{json}{data}{id}", "202 $id", 'the same request again waits for the same command');
is($real->sql('SELECT count(*) FROM qutecart.commands'), 2, 'and begins no other');
is(finish($id, 402, '{"status": 402, "code": "declined"}'), 't', 'the command is finished');
is(finish($id, 200, '{}'), 'f', 'once');
$reply = ask('ann', 'Idempotency-Key' => 'once');
is("$reply->{status} $reply->{json}{code}", '402 declined', 'then the same request is answered the final reply');
is($reply->{headers}{'content-type'}, 'application/problem+json', 'a failure as a problem');
is($reply->{headers}{'idempotent-replayed'}, 'true', 'that says it is a repetition');
$reply = look('ann', $path)->{json};
is_deeply([@$reply{qw(status kind)}, $reply->{reply}], ['done', 'app.ask', { status => 402, body => { status => 402, code => 'declined' } }],
	'and the command shows it');

done_testing;
