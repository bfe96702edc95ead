# test/gateway/limits.t
#	Nothing grows without bound: connections, descriptors, bodies.
use strict;
use warnings;
use lib 'test/gateway/lib';
use GatewayStub;
use QuteCart;
use Test::More;

my $stub = GatewayStub->new;

# H11: one address
my $gw = $stub->gateway('--connections-per-address=5', '--access-log=off');
my @held = map { my $c = $gw->connect; $c->write("GET /live HTTP/1.1\r\nHost: a\r\n\r\n"); $c->read_reply; $c } 1 .. 5;
my $c = $gw->connect;
is($c->read_reply->{json}{code}, 'too_many_connections', 'H11: an address gets no more than its share');
ok($c->closed, 'H11: the connection too many is closed');
pop(@held)->close;
wait_for(sub { ($gw->request(GET => '/live')->{json}{live} // '') eq '1' }, 'a place is free again');
pass('H11: a closed connection gives its place back');
$gw->stop;
$gw = $stub->gateway('--connections-per-address=1', '--trusted-proxies=10.0.0.0/8,127.0.0.0/8', '--access-log=off');
my @more = map { my $x = $gw->connect; $x->write("GET /live HTTP/1.1\r\nHost: a\r\n\r\n"); $x->read_reply->{status} } 1 .. 3;
is_deeply(\@more, [200, 200, 200], 'H11: a trusted proxy brings everybody\'s connections');
$gw->stop;

# H28: descriptors.  The gateway inherits the limit of this process.
my $program = $stub->{program};
my $limited = $stub->qc->dir . '/limited';
QuteCart::spew($limited, "#!/bin/sh\nulimit -n 100\nexec '$program' \"\$\@\"\n");
chmod 0755, $limited;
$stub->{program} = $limited;
my $metric;
($gw, $metric) = $stub->gateway_with_metrics('--access-log=off');
$stub->{program} = $program;
my @many = map { $gw->connect } 1 .. 100;
my $admitted = grep {
	$_->write("GET /live HTTP/1.1\r\nHost: a\r\n\r\n");
	IO::Select->new($_->{socket})->can_read(0.02) && $_->read_reply->{status} == 200;
} @many;
cmp_ok($admitted, '>', 20, 'H28: below 90 % of the descriptors connections are served');
cmp_ok($admitted, '<', 90, 'H28: above, accepting pauses');
like($gw->log, qr/no more are accepted/, 'H28: which is logged');
is(scalar(() = $gw->log =~ /no more are accepted/g), 1, 'H28: once');
my @waiting = grep { !exists $_->{answered} } @many[$admitted .. $#many];
$_->close for @many[0 .. $admitted - 1];
is($_->read_reply(5)->{status}, 200, 'H28: who waited is served when others leave') for $waiting[0];
$_->close for @waiting;
wait_for(sub { $metric->('qutecart_gateway_connections') < 5 }, 'all have left');
is($gw->request(GET => '/echo')->{status}, 200, 'H28: and all is as before');
$gw->stop;

# H30: bodies, all together
($gw, $metric) = $stub->gateway_with_metrics('--body-memory=3000000', '--access-log=off');
my @big = map { $gw->connect } 1 .. 4;
$_->write("POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" . 'a' x 900_000) for @big[0 .. 2];
wait_for(sub { $metric->('qutecart_gateway_body_bytes') == 2_700_000 }, 'three bodies are held');
$big[3]->write("POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
is($big[3]->read_reply->{json}{code}, 'body_memory', 'H30: a body that finds no memory is refused');
$_->write('a' x 100_000) for @big[0 .. 2];
is($_->read_reply->{status}, 200, 'H30: the others are served') for @big[0 .. 2];
is($metric->('qutecart_gateway_body_bytes'), 0, 'H30: and their memory is given back');
$gw->stop;

# H30: memory does not grow with what has been served
($gw, $metric) = $stub->gateway_with_metrics('--access-log=off');
my $serve = sub {
	my $x = $gw->connect;
	for (1 .. $_[0])
	{
		$x->write("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n" . 'a' x 3000);
		$x->read_reply;
		$x->write("GET /raise/22012 HTTP/1.1\r\nHost: a\r\n\r\n") && $x->read_reply if $_ % 10 == 0;
	}
	$x->close;
};
$serve->(300);
my $before = $metric->('process_resident_memory_bytes');
$serve->(3000);
cmp_ok($metric->('process_resident_memory_bytes') - $before, '<=', $ENV{QUTECART_GATEWAY_PROGRAM} ? 100e6 : 500_000,
	'H30: thousands of requests later the memory is what it was');

done_testing;
