# test/gateway/parse.t
#	What two parsers could read differently is refused and the connection closed.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use QuteCart;
use Test::More;

my $stub = GatewayStub->new;
my $gw   = $stub->gateway('--access-log=off');

sub get { return "GET $_[0] HTTP/1.1\r\nHost: a\r\n" . ($_[1] // '') . "\r\n" }

sub post
{
	my ($headers, $body) = @_;
	return "POST /echo HTTP/1.1\r\nHost: a\r\n$headers\r\n" . ($body // '');
}

# id, what is wrong, the bytes, the status
my @cases = (
	# H01
	['H01', 'Content-Length before Transfer-Encoding',
		post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
	['H01', 'Transfer-Encoding before Content-Length',
		post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400],
	# H02
	(map { ['H02', "Content-Length \"$_\"", post("Content-Length: $_\r\n", 'abcde'), 400] }
		'5,5', '+5', '-5', '0x5', '5_0', '5 5', '', '9223372036854775808',
		'99999999999999999999', '5.0', '٥', "5\t5"),
	['H02', 'two equal Content-Lengths',
		post("Content-Length: 5\r\nContent-Length: 5\r\n", 'abcde'), 400],
	['H02', 'two different Content-Lengths',
		post("Content-Length: 5\r\nContent-Length: 6\r\n", 'abcdef'), 400],
	# H03
	(map { ['H03', "Transfer-Encoding \"" . s/[^ -~]/?/gr . '"',
			post("Transfer-Encoding: $_\r\n", "0\r\n\r\n"), 400] }
		'chunked, chunked', ',chunked', "\xa0chunked", 'xchunked', 'gzip, chunked', 'chunked,',
		'identity', 'gzip', '', '"chunked"', 'chunked;q=1', "chunked\x0b"),
	['H03', 'Transfer-Encoding twice',
		post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
	['H03', 'Transfer-Encoding in HTTP/1.0',
		"POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
	# H04
	(map { ['H04', 'chunk ' . s/\r/\\r/gr =~ s/\n/\\n/gr,
			post("Transfer-Encoding: chunked\r\n", $_), 400] }
		"0x1\r\na\r\n0\r\n\r\n", "1_0\r\na\r\n0\r\n\r\n", "+1\r\na\r\n0\r\n\r\n",
		"-1\r\na\r\n0\r\n\r\n", "\r\na\r\n0\r\n\r\n", "1 ;x\r\na\r\n0\r\n\r\n",
		"1;x=1\r\na\r\n0\r\n\r\n", "1;x\rz\r\na\r\n0\r\n\r\n", "1 \r\na\r\n0\r\n\r\n",
		" 1\r\na\r\n0\r\n\r\n", "1\ra\r\n0\r\n\r\n", "1\na\n0\n\n", "1\r\na\n0\r\n\r\n",
		"1\r\nab\r\n0\r\n\r\n", "1\r\na\r\n0\n\n", "00000000000000001\r\na\r\n0\r\n\r\n",
		"0\r\nX: y\r\n\r\n", "0;x\r\n\r\n", "1\r\na0\r\n\r\n"),
	['H04', 'a Trailer announced',
		post("Transfer-Encoding: chunked\r\nTrailer: X\r\n", "0\r\n\r\n"), 400],
	# H05
	(map { ['H05', $_->[0], get('/echo', $_->[1]), 400] }
		['a lone CR in a value', "X: a\rb\r\n"],
		['a lone CR at a line\'s end', "X: a\rY: b\r\n"],
		['a lone LF', "X: a\nY: b\r\n"],
		['a NUL in a value', "X: a\0b\r\n"],
		['a NUL in a name', "X\0: a\r\n"],
		['a control character in a value', "X: a\x01b\r\n"],
		['a DEL in a value', "X: a\x7fb\r\n"],
		['a folded line', "X: a\r\n b\r\n"],
		['a line folded by a tab', "X: a\r\n\tb\r\n"],
		['a folded line that looks like a header', "X: a\r\n b: c\r\n"],
		['a space before the colon', "X : a\r\n"],
		['a tab before the colon', "X\t: a\r\n"],
		['an empty name', ": a\r\n"],
		['no colon', "X\r\n"],
		['a name that is no token', "X(y): a\r\n"],
		['a name that is not ASCII', "X\xc3\xa4: a\r\n"],
		['CR CR LF', "X: a\r\r\n"]),
	['H05', 'a space before the first header', "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n", 400],
	['H05', 'line ends of LF alone', "GET /echo HTTP/1.1\nHost: a\n\n", 400],
	['H05', 'an empty line in front', "\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n", 400],
	# H06
	(map { ['H06', "request line \"" . s/([^ -~])/sprintf('\\x%02x', ord $1)/ger . '"',
			"$_\r\nHost: a\r\n\r\n", qr/^(?:400|501|505)$/] }
		"GET /\nHTTP/1.1", 'GET /', 'GET / HTTP/1.32', "GET / HTTP/\r\r1.1", 'GET / HTTP/257.1',
		"GET\t/\tHTTP/1.1", 'GET  / HTTP/1.1', 'GET /  HTTP/1.1', 'GET / HTTP/1.1 ',
		'G@T / HTTP/1.1', ' GET / HTTP/1.1', 'GET / http/1.1', 'GET / HTTP/2.0', 'GET / HTTP/1.2',
		'GET / HTTP/0.9', 'GET / XTTP/1.1', 'get / HTTP/1.1', 'GET / HTTP/1,1', 'FOO / HTTP/1.1',
		'GET /a b HTTP/1.1', "GET /\xc3\xa4 HTTP/1.1", 'GET HTTP/1.1', 'GETX / HTTP/1.1'),
	# H09
	['H09', 'a header line above 8 KiB', get('/echo', 'X: ' . 'a' x 8192 . "\r\n"), 431],
	['H09', 'headers above 32 KiB', get('/echo', join '', ('X: ' . 'a' x 8000 . "\r\n") x 5), 431],
	['H09', 'more than 100 headers', get('/echo', "X: a\r\n" x 100), 431],
	['H09', 'a target above 8 KiB', get('/' . 'a' x 8192), 414],
	# H10
	['H10', 'a body above the default limit',
		post("Content-Length: 1048577\r\n"), 413],
	['H10', 'a body above the route\'s limit',
		"POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413],
	['H10', 'a chunk above the route\'s limit',
		"POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", 413],
	['H10', 'chunks that add up above the limit',
		"POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n"
		. 'a' x 1000 . "\r\n1\r\n", 413],
	['H10', 'an expectation with a body too large',
		post("Content-Length: 1048577\r\nExpect: 100-continue\r\n"), 413],
	['H10', 'another expectation', post("Content-Length: 5\r\nExpect: 200-maybe\r\n"), 417],
	['H10', 'a limit evaded by an encoded letter',
		"POST /%73mall HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413],
	# H12
	(map { ['H12', "a JSON body with $_->[0]",
			post("Content-Type: application/json\r\nContent-Length: " . length($_->[1]) . "\r\n", $_->[1]),
			400] }
		['a stray byte', "\"\xff\""], ['an overlong form', "\"\xc0\xaf\""],
		['a surrogate', "\"\xed\xa0\x80\""], ['a character cut off', "\"\xc3"],
		['a character above U+10FFFF', "\"\xf4\x90\x80\x80\""]),
	['H12', 'a header value that is not UTF-8', get('/echo', "X: \xff\r\n"), 400],
	['H12', 'a +json body that is not UTF-8',
		post("Content-Type: application/vnd.x+json; charset=utf-8\r\nContent-Length: 1\r\n", "\xff"), 400],
	# H14
	(map { ['H14', "path $_", get($_), 400] }
		'/a%2fb', '/a%2Fb', '/a%5cb', '/a%00', '/../a', '/a/..', '/a/../b', '/%2e%2e/a', '/.%2e',
		'/./a', '/a;b=1', '/a%3bb', '/a%252fb', '/a%2525', '/a%', '/a%4', '/a%zz', '/%ff', '/%c0%af',
		'/%ed%a0%80', '/a%01', '/a%7f', '/a\\b', '/a"b', '/a<b', 'a', '*', '/a#b', '/?a=%00',
		'/?a=%ff', '/?a=%', '/?a=%zz', '/?a#b', '/?a=<b>'),
	# H16
	['H16', 'no Host', "GET /echo HTTP/1.1\r\n\r\n", 400],
	['H16', 'no Host in HTTP/1.0', "GET /echo HTTP/1.0\r\n\r\n", 400],
	['H16', 'two Hosts', get('/echo', "Host: a\r\n"), 400],
	(map { ['H16', "Host \"$_\"", "GET /echo HTTP/1.1\r\nHost: $_\r\n\r\n", 400] }
		'', 'u@a', 'a,b', 'a/b', 'a b', 'a:', 'a:80:80', 'a:x', 'a:999999', '[::1', '[]', '[x]', 'ä'),
	['H16', 'a target of another host', get('http://b/echo'), 400],
	['H16', 'a target of another port', get('http://a:81/echo'), 400],
	['H16', 'a target with a user', get('http://u@a/echo'), 400],
	['H16', 'a target of another scheme', get('ftp://a/echo'), 400],
	# H34
	['H34', 'the preface of HTTP/2', "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", qr/^4/],
	['H34', 'an upgrade to h2c',
		get('/echo', "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\n"),
		400],
	['H34', 'an upgrade to a WebSocket',
		get('/echo', "Connection: Upgrade\r\nUpgrade: websocket\r\n"), 400],
	['H34', 'CONNECT', "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405],
	['H34', 'TRACE', "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405],
	['H34', 'a Connection option that would drop a header',
		get('/echo', "Connection: close, X-Shop-ID\r\nX-Shop-ID: 3\r\n"), 400],
);

for my $case (@cases)
{
	my ($id, $what, $bytes, $wanted) = @$case;
	my $reply = eval { refused($gw, $bytes) };
	my $text  = "$id: $what is refused and the connection closed";
	if    (!$reply)     { fail($text); diag($@); }
	elsif (ref $wanted) { like($reply->{status}, $wanted, $text); }
	else                { is($reply->{status}, $wanted, $text); }
}

my $reply = refused($gw, get('/a%00'));
is($reply->{headers}{'content-type'}, 'application/problem+json', 'a refusal is a problem document');
is_deeply(
	{ map { $_ => $reply->{json}{$_} } qw(type title status code) },
	{ type => 'about:blank', title => 'Bad Request', status => 400, code => 'bad_target' },
	'with type, title, status and code');
is($reply->{json}{message}, $reply->{json}{detail}, 'and its sentence as detail and message');

# What must not be refused.
my @fine = (
	['a lower-case header name is as good',      get('/echo', "x-a: b\r\n"),            qr/x-a: b\\n/],
	['names become lower case, values stay',     get('/echo', "X-A:   B c \r\n"),       qr/x-a: B c\\n/],
	['an empty value is a value',                get('/echo', "X-A:\r\n"),              qr/x-a: \\n/],
	['a header may come twice',                  get('/echo', "X: a\r\nX: b\r\n"),      qr/x: a\\nx: b\\n/],
	['UTF-8 in a value is let through',          get('/echo', "X: \xc3\xa4\r\n"),       qr/x: \xc3\xa4/],
	['the encoding of the target is left as is', get('/echo/%C3%A4?q=%2F%20a[0]'),       qr{/echo/%C3%A4\?q=%2F%20a\[0\]}],
	['an absolute target is reduced',            get('http://A/echo?x=1'),              qr{"target": "/echo\?x=1"}],
	['a host may have a port',                   "GET /echo HTTP/1.1\r\nHost: a.b:80\r\n\r\n", qr/host: a\.b:80/],
	['a host may be an address',                 "GET /echo HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", qr/host: \[::1\]:80/],
	['hop-by-hop headers are dropped',           get('/echo', "Keep-Alive: 5\r\nTE: trailers\r\nConnection: keep-alive\r\nProxy-Authorization: x\r\nX-B: c\r\n"),
		qr/"headers": "host: a\\nx-b: c\\n"/],
	['100 headers are fine',                     get('/echo', "X: a\r\n" x 99),         qr/200 OK/],
	['a header line of 8 KiB is fine',           get('/echo', 'X: ' . 'a' x 8180 . "\r\n"), qr/200 OK/],
	['a body of the size of the limit is fine',  "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" . 'a' x 1000, qr/"a": 1|"length": 1000/],
	['a larger limit of a route is honoured',    "POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n" . 'a' x 1048577, qr/"length": 1048577/],
	['chunks are joined',                        post("Transfer-Encoding: Chunked\r\n", "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"), qr/"length": 13/],
	['bytes that are no JSON need not be UTF-8', post("Content-Length: 1\r\n", "\xff"), qr/"length": 1/],
);
for my $case (@fine)
{
	my ($text, $bytes, $wanted) = @$case;
	my $c = $gw->connect;
	$c->write($bytes);
	like($c->read_reply->{raw}, $wanted, $text);
	$c->close;
}

# H10: the expectation is answered only after the checks, and only when the body is missing.
my $c = $gw->connect;
$c->write(post("Content-Length: 3\r\nExpect: 100-continue\r\n"));
is($c->read_reply->{status}, 100, 'H10: 100 Continue is sent when the head is accepted');
$c->write('abc');
is($c->read_reply->{json}{length}, 3, 'H10: and the body is read then');
$c->write(post("Content-Length: 3\r\nExpect: 100-continue\r\n", 'abc'));
is($c->read_reply->{status}, 200, 'H10: a body that came along needs no 100 Continue');
$c->close;

done_testing;
