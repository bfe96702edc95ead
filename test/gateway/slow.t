# test/gateway/slow.t
#	Clients that take their time do not take the gateway's.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use QuteCart;
use Test::More;
use Time::HiRes qw(time sleep);

my $stub = GatewayStub->new;
my ($gw, $metric) = $stub->gateway_with_metrics('--header-timeout=400', '--body-grace=300', '--body-rate=500',
	'--write-timeout=600', '--idle-timeout=500', '--linger=300', '--access-log=off');
my $post = "POST /echo HTTP/1.1\r\nHost: a\r\n";

# Send a byte every 50 ms until there is an answer.
sub drip
{
	my ($start, $byte) = @_;
	my $c     = $gw->connect;
	my $began = time;
	$c->write($start);
	while (time - $began < 10)
	{
		last if IO::Select->new($c->{socket})->can_read(0.05);
		$c->write($byte);
	}
	my $reply = $c->read_reply(1);
	ok($c->closed(3), "H11: the connection ends after $reply->{status}");
	return ($reply, time - $began);
}

my ($reply, $took) = drip("GET /echo HTTP/1.1\r\nHost: a\r\nX: ", 'a');
is($reply->{status}, 408, 'H11: a head that drips in is refused');
is($reply->{json}{code}, 'header_timeout', 'H11: by its own name');
cmp_ok($took, '<', 3, 'H11: the time counts from the first byte, not from the last');

($reply, $took) = drip("${post}Content-Length: 100000\r\n\r\n", 'a');
is($reply->{json}{code}, 'body_timeout', 'H11: a body below the least rate is refused');
($reply, $took) = drip("${post}Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n");
is($reply->{json}{code}, 'body_timeout', 'H11: a chunked one as well');

my $c = $gw->connect;
$c->write("${post}Content-Length: 5000\r\n\r\n");
for (1 .. 10) { $c->write('a' x 500); sleep 0.05; }
is($c->read_reply->{json}{length}, 5000, 'H11: a body above the least rate may take longer than the grace');
$c->close;

my $began = time;
$c = $gw->connect;
ok($c->closed(5), 'H11: a connection that says nothing is closed');
cmp_ok(time - $began, '>=', 0.4, 'H11: not before its time');
is($c->{buffer}, '', 'H11: without a word');

$c = $gw->connect;
$c->write("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
$c->read_reply;
ok($c->closed(5), 'H11: a connection idle after a reply is closed');

# H27, H11: a reply larger than all buffers between here and there.
my $size = 12_000_000;
$c = $gw->connect;
$c->write("GET /size/$size HTTP/1.1\r\nHost: a\r\n\r\n");
is(length $c->read_reply->{body}, $size, 'H27: a large reply arrives whole, written in parts');
$c->close;

my @stuck = map { $gw->connect } 1 .. 3;
$_->write("GET /size/$size HTTP/1.1\r\nHost: a\r\n\r\n") for @stuck;
is($gw->request(GET => '/echo')->{status}, 200, 'H11: slow readers hold up nobody else');
wait_for(sub { $metric->('qutecart_gateway_connections') == 1 },
	'the gateway has cut them off');
for my $slow (@stuck)
{
	my $all = $slow->read_all(5);
	cmp_ok(length $all, '<', $size, 'H11: a reader too slow for its reply is cut off');
}

# Many at once.
my @drips = map { $gw->connect } 1 .. 200;
$_->write('GET / HTTP/1.1') for @drips;
is($gw->request(GET => '/echo')->{status}, 200, 'H11: 200 half heads leave room for a whole one');
my %seen;
$seen{ $_->read_reply(5)->{status} }++ for @drips;
is_deeply(\%seen, { 408 => 200 }, 'H11: and each of them is answered 408');

done_testing;
