# test/gateway/reply.t
#	What leaves the gateway: headers, HEAD, CORS, ids, logs, metrics.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use QuteCart;
use Test::More;

my $stub = GatewayStub->new;
my $qc   = $stub->qc;
my $log  = $qc->dir . '/log/access.log';
my ($gw, $metric, $metrics_port) = $stub->gateway_with_metrics("--access-log=$log",
	'--cors-origins=https://shop.example,http://localhost:3000');

sub reply { return $gw->request(POST => "/reply?status=$_[0]", {}, $_[1]) }

sub last_line
{
	my ($id) = @_;
	my $line;
	wait_for(sub { ($line) = grep { /"id":"\Q$id\E"/ } split /\n/, QuteCart::slurp($log); $line },
		'the line is in the log');
	return JSON::PP->new->decode($line);
}

# H26
for my $bad ("A: b\rc", "A: b\0c", "A: b\x01", "A b: c", "A", ": c", "A: b\n\nHTTP/1.1 200 OK", "A\r: b")
{
	my $shown = $bad =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger;
	next if $bad =~ /\0/;    # PostgreSQL has no such text
	my $reply = reply(200, $bad);
	is("$reply->{status} $reply->{json}{code}", '500 bad_reply', "H26: a reply with the header \"$shown\" is not sent");
}
my $reply = reply(201, "Location: /a\nSet-Cookie: a=1\nSet-Cookie: b=2\n");
is($reply->{status}, 201, 'a status is passed on');
is($reply->{headers}{location}, '/a', 'with its headers');
is($reply->{headers}{'set-cookie'}, 'a=1, b=2', 'repeated ones too');
$reply = reply(200, "Qutecart-Await: 7\nqutecart-x: y\nContent-Length: 3\nTransfer-Encoding: chunked\nConnection: close\nX-Request-Id: z\nDate: never\n");
is($reply->{body}, '{"a": 1}', 'framing is the gateway\'s own, whatever the database says');
unlike($reply->{head}, qr/qutecart-|chunked|never|: z/i, 'internal headers stay inside');
is($reply->{headers}{'content-type'}, 'application/json', 'a body without a type is JSON');
like($reply->{headers}{date}, qr/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, 'a reply has a date');
for my $status (204, 304)
{
	$reply = reply($status, "ETag: \"x\"\n");
	is($reply->{status}, $status, "$status is passed on");
	is($reply->{headers}{'content-length'}, undef, "$status has no body");
}
for my $status (100, 199, 600, 0, -1)
{
	is(reply($status, '')->{status}, 500, "the status $status is none");
}
my $c = $gw->connect;
$c->write("HEAD /size/1234 HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
my $head = $c->read_reply(5, 'HEAD');
is($head->{headers}{'content-length'}, 1234, 'HEAD tells the length of what GET would send');
is($c->read_reply->{json}{method}, 'GET', 'and sends nothing of it');
$c->write("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n");
like($c->read_reply(5, 'HEAD')->{headers}{'content-length'}, qr/^\d+$/, 'HEAD is asked of the database as GET');
$c->close;

# own endpoints
is($gw->request(GET => '/live')->{json}{live}, 1, '/live says yes');
is($gw->request(GET => '/ready')->{json}{ready}, 1, '/ready says yes');
is($gw->request(OPTIONS => '*')->{status}, 204, 'OPTIONS * is answered here');
is($gw->request(GET => '/metrics')->{json}{target}, '/metrics', '/metrics is no path of the public port');
is(metrics_request($metrics_port, GET => '/echo')->{status}, 404, 'and the metrics port has no other');
like(metrics_request($metrics_port, GET => '/metrics')->{headers}{'content-type'}, qr{^text/plain}, 'metrics are text');
cmp_ok($metric->('qutecart_gateway_requests_total{lane="write",status="5xx"}'), '>=', 5, 'requests are counted by lane and status');
cmp_ok($metric->('qutecart_gateway_request_seconds_bucket{lane="fast",le="+Inf"}'), '>=', 2, 'and timed');
is($metric->('qutecart_gateway_pool{lane="fast",what="up"}'), $metric->('qutecart_gateway_pool{lane="fast",what="connections"}'), 'the pool shows its connections');

# H18
sub preflight
{
	return $gw->request(OPTIONS => '/api/x', { Origin => $_[0], 'Access-Control-Request-Method' => 'POST' });
}
my $calls = $metric->('qutecart_gateway_request_seconds_count{lane="write"}');
$reply = preflight('https://shop.example');
is($reply->{status}, 204, 'H18: a preflight is answered');
is($reply->{headers}{'access-control-allow-origin'}, 'https://shop.example', 'H18: an origin of the list is allowed');
like($reply->{headers}{'access-control-allow-headers'}, qr/Authorization/, 'H18: with the headers it may send');
is($reply->{headers}{'access-control-allow-credentials'}, undef, 'H18: without credentials');
is($reply->{headers}{vary}, 'Origin', 'H18: caches are told what the reply depends on');
is($metric->('qutecart_gateway_request_seconds_count{lane="write"}'), $calls, 'H18: the database was not asked');
for my $origin ('https://evil.example', 'https://shop.example.evil', 'http://shop.example', 'null', 'https://SHOP.example')
{
	$reply = preflight($origin);
	is($reply->{headers}{'access-control-allow-origin'}, undef, "H18: the origin $origin is not allowed");
}
$reply = $gw->request(GET => '/echo', { Origin => 'http://localhost:3000' });
is($reply->{headers}{'access-control-allow-origin'}, 'http://localhost:3000', 'H18: a reply names the origin that may read it');
is($gw->request(GET => '/echo')->{headers}{vary}, 'Origin', 'H18: a reply to no origin varies as well');
is($gw->request(OPTIONS => '/echo')->{json}{method}, 'OPTIONS', 'OPTIONS that is no preflight is asked of the database');

# request ids
$reply = $gw->request(GET => '/echo', { 'X-Request-Id' => 'mine' });
like($reply->{headers}{'x-request-id'}, qr/^[0-9a-f]{32}$/, 'a stranger does not choose the request id');

# H35
my $secret = 's3cret' x 8;
$reply = $gw->request(POST => "/echo/$secret/7?token=$secret", { Authorization => "Bearer $secret", 'X-A' => "\"}\xc3\xa4" }, "body $secret");
my $line = last_line($reply->{headers}{'x-request-id'});
is_deeply([@$line{qw(method path status lane peer code)}], ['POST', '/echo/.../7', 200, 'write', '127.0.0.1', ''],
	'H35: a request is one line of JSON');
unlike(QuteCart::slurp($log), qr/s3cret/, 'H35: without query, body, headers or long path segments');
$reply = $gw->request(GET => '/%C3%A4%22%7D');
is(last_line($reply->{headers}{'x-request-id'})->{path}, '/%C3%A4%22%7D', 'H35: an odd path stays within its string');
$reply = refused($gw, "GET /\"},{\"a\":\"b HTTP/1.1\r\nHost: a\r\n\r\n");
is(last_line($reply->{headers}{'x-request-id'})->{code}, 'bad_target', 'H35: a refused request is logged by its reason');
is(scalar(grep { !eval { JSON::PP->new->decode($_); 1 } } split /\n/, QuteCart::slurp($log)), 0,
	'H35: every line of the log is JSON');
rename $log, "$log.1" or die;
$gw->signal('HUP');
wait_for(sub { -e $log }, 'the log is opened anew after SIGHUP');
$reply = $gw->request(GET => '/echo');
ok(last_line($reply->{headers}{'x-request-id'}), 'a rotated log goes on in its new file');

# routes
is($metric->('qutecart_gateway_routes'), 5, 'the routes are read at the start');
$qc->sql(q{UPDATE qutecart.stub_routes SET body = '{"routes": [{"method": "POST", "path": "/tiny/{id}", "max_body": 2, "lane": "slow", "new": [1, {"a": null}]}], "default_max_body": 10}'});
$gw->signal('HUP');
wait_for(sub { $metric->('qutecart_gateway_routes') == 1 }, 'the new routes are known');
is($gw->request(POST => '/tiny/1', {}, 'abc')->{status}, 413, 'SIGHUP reads the routes again');
is($gw->request(POST => '/echo', {}, 'a' x 11)->{status}, 413, 'and the default');
my $id = $gw->request(POST => '/tiny/1', {}, 'ab')->{headers}{'x-request-id'};
is(last_line($id)->{lane}, 'slow', 'a route chooses its lane');
for my $broken ('{"routes": [', '[]', '{"routes": [{"path": "/a"}]}', '{"routes": [{"method": "GET", "path": "/a", "lane": "x"}]}', '')
{
	$qc->sql("UPDATE qutecart.stub_routes SET body = '$broken'");
	my $errors = () = $gw->log =~ /could not be read/g;
	$gw->signal('HUP');
	wait_for(sub { (() = $gw->log =~ /could not be read/g) > $errors }, 'the gateway complains');
	is($metric->('qutecart_gateway_routes'), 1, "a broken table ($broken) leaves the old one");
}
is($gw->stop, 0, 'the gateway ends well');

# a proxy we trust
$gw = $stub->gateway('--trusted-proxies=127.0.0.1', '--access-log=off');
is($gw->request(GET => '/echo', { 'X-Request-Id' => 'from-proxy_1.2' })->{headers}{'x-request-id'}, 'from-proxy_1.2',
	'a trusted proxy chooses the request id');
for my $odd ('a b', 'a"b', '', 'a' x 65)
{
	like($gw->request(GET => '/echo', { 'X-Request-Id' => $odd })->{headers}{'x-request-id'}, qr/^[0-9a-f]{32}$/,
		"but not \"$odd\"");
}
is($gw->request(GET => '/echo', { Origin => 'https://shop.example' })->{headers}{'access-control-allow-origin'}, undef,
	'H18: without a list no origin is allowed');
$gw->stop;

# settings
my $program = $stub->{program};
like(`$program --help`, qr/--access-log\s+stdout.*--write-timeout\s+30000/s, '--help prints all settings');
for my $wrong ('--port=x', '--port=70000', '--nonsense=1', '--reuse-port=yes', 'port=1', '--port')
{
	my $said = `$program $wrong 2>&1`;
	is($? >> 8, 2, "$wrong is refused at the start");
	isnt($said, '', 'with a reason');
}
for my $wrong ('--trusted-proxies=10.0.0.0/200', '--cors-origins=shop.example', '--address=nowhere', '--cors-origins=https://a,*')
{
	`$program --port=0 $wrong 2>&1`;
	is($? >> 8, 1, "$wrong is refused at the start");
}

done_testing;
