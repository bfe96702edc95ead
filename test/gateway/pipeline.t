# test/gateway/pipeline.t
#	One connection, many requests: order, framing, fragments, smuggling.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use QuteCart;
use Test::More;

my $stub = GatewayStub->new;
my $gw   = $stub->gateway('--access-log=off');

sub get { return "GET $_[0] HTTP/1.1\r\nHost: a\r\n" . ($_[1] // '') . "\r\n" }

# H07
my @paths = map { $_ % 3 ? "/echo/$_" : '/slow/' . (30 - $_) } 1 .. 21;
my $c = $gw->connect;
$c->write(join '', map { get($_) } @paths);
is_deeply(
	[map { my $j = $c->read_reply->{json}; $j->{target} // "/slow/$j->{slept}" } @paths],
	\@paths, 'H07: requests sent ahead are answered in their order, slow ones too');
$c->close;

my @replies = replies($gw, get('/echo') . "GET / HTTP/1.1\r\nHost : a\r\n\r\n" . get('/echo'));
is_deeply([map { $_->{status} } @replies], [200, 400],
	'H07: the good request is answered, the bad one refused, what follows is not read');

my $inner = get('/echo/smuggled');
@replies = replies($gw,
	"POST /echo/outer HTTP/1.1\r\nHost: a\r\nContent-Length: " . length($inner) . "\r\n\r\n$inner"
	. get('/echo/next', "Connection: close\r\n"));
is_deeply([map { $_->{json}{target} } @replies], ['/echo/outer', '/echo/next'],
	'H07: a body that looks like a request is a body');

@replies = replies($gw,
	"POST /echo/outer HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	. sprintf("%x\r\n%s\r\n0\r\n\r\n", length $inner, $inner) . get('/echo/next', "Connection: close\r\n"));
is_deeply([map { $_->{json}{target} } @replies], ['/echo/outer', '/echo/next'],
	'H07: the same within chunks');

for my $smuggle (
	['Content-Length with a hidden chunked body',
		"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"],
	['a Transfer-Encoding behind a lone CR',
		"POST /echo HTTP/1.1\r\nHost: a\r\nX: y\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"],
	['a Content-Length behind a space',
		"GET /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 40\r\n\r\n"],
	['a Transfer-Encoding that only one of two understands',
		"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"])
{
	@replies = replies($gw, $smuggle->[1] . $inner);
	is_deeply([map { $_->{status} } @replies], [400], "H07: $smuggle->[0] smuggles nothing");
}

$c = $gw->connect;
$c->write(get('/echo/mine') . get('/slow/200'));
my $other = $gw->connect;
$other->write(get('/echo/other'));
is($other->read_reply->{json}{target}, '/echo/other', 'H07: replies keep to their connection');
is($c->read_reply->{json}{target},     '/echo/mine',  'H07: on both sides');
$_->close for $c, $other;

# H08: the bytes in one packet, in two cut at every offset, and one by one.
my %requests = (
	'a request with headers'   => get('/echo?a=b', "X-A: b\r\nAccept: */*\r\n"),
	'a body with a length'     => "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde",
	'a chunked body'           =>
	  "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
	'a bad header'             => get('/echo', "X : b\r\n"),
	'a bad chunk'              =>
	  "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\n\r\n",
	'two requests'             => get('/echo/1') . get('/echo/2'),
);
sub outcome
{
	my ($n, @pieces) = @_;
	my $connection = $gw->connect;
	setsockopt($connection->{socket}, 6, 1, 1);    # TCP_NODELAY
	for my $piece (@pieces)
	{
		$connection->write($piece);
		select(undef, undef, undef, 0.0002) if @pieces > 1;
	}
	my @seen = map { my $r = $connection->read_reply; "$r->{status} $r->{body}" } 1 .. $n;
	$connection->close;
	return join "\n", @seen;
}
for my $what (sort keys %requests)
{
	my $bytes  = $requests{$what};
	my $n      = $what eq 'two requests' ? 2 : 1;
	my $wanted = outcome($n, $bytes);
	my @differ = grep { outcome($n, substr($bytes, 0, $_), substr($bytes, $_)) ne $wanted } 1 .. length($bytes) - 1;
	is_deeply(\@differ, [], "H08: $what may be cut at every offset");
	is(outcome($n, split //, $bytes), $wanted, "H08: $what may come byte by byte");
}

# Keep-alive and its end.
$c = $gw->connect;
for (1 .. 3)
{
	$c->write(get('/echo'));
	is($c->read_reply->{headers}{connection}, undef, 'a connection is kept');
}
$c->write(get('/echo', "Connection: close\r\n"));
is($c->read_reply->{headers}{connection}, 'close', 'until the client says it closes');
ok($c->closed, 'and then it is closed');
@replies = replies($gw, "GET /echo HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
is($replies[0]{headers}{connection}, 'close', 'HTTP/1.0 gets one answer a connection');

# More sent ahead than the gateway keeps.
$c = $gw->connect;
my $many = 3000;
if (my $child = fork)
{
	my $ok = 0;
	for (1 .. $many) { $ok++ if $c->read_reply->{status} == 200; }
	is($ok, $many, 'H30: thousands of requests sent ahead are all answered');
	waitpid $child, 0;
}
else
{
	$c->write(get('/live', "X-Padding: " . 'x' x 200 . "\r\n")) for 1 .. $many;
	require POSIX;
	POSIX::_exit(0);
}

done_testing;
