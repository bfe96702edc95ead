# test/t/delivery_hostile.t
#	Receivers that mean no good: an attempt is recorded for each, the worker lives.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;

my $receiver = QuteCart::Receiver->new;
my $proxy    = QuteCart::Receiver->new;

# Whatever the environment says, nothing goes through a proxy.
local @ENV{qw(http_proxy https_proxy ALL_PROXY)} = ($proxy->url) x 3;
my $qc = QuteCart->new(conf => {
	$receiver->conf, secret_keys(), 'qutecart.worker_timeout' => '1s', 'qutecart.retry_delays' => '1h',
});
delete @ENV{qw(http_proxy https_proxy ALL_PROXY)};
my $ann = vendor($qc, 'ann');
my $pid = worker_pid($qc);
my $n   = 0;

# One message to a path that behaves like this; returns what was written about it.
sub attempt_at
{
	my ($url, @how) = @_;
	my ($path) = $url =~ m{^\w+://[^/]+(/.*)$};
	$receiver->behave($path, @how) if @how;
	my $hook = webhook($qc, $ann, $url);
	my ($id) = enqueue($qc, $hook, 1);
	value($qc, "SELECT qutecart.worker_wait($id)");
	my ($last) = attempts($qc, $id);
	drop($hook);
	return $last;
}

# A shop has twenty webhooks at most.
sub drop { value($qc, "DELETE FROM qutecart.webhook_endpoints WHERE id = $_[0]{id}"); return }

sub attempt { return attempt_at($receiver->url('/' . $n++), @_) }

is(attempt(status => 200, body => 'fine')->{outcome}, 'delivered', 'a good answer is a delivery');

# O24: size
my $endless = attempt(status => 200, endless => 1);
is("$endless->{outcome} $endless->{status}", 'delivered 200', 'O24: of a body that never ends the status counts');
cmp_ok(length $endless->{response}, '<=', 1024, 'O24: and its beginning is kept');
$endless = attempt(status => 500, endless => 1);
is("$endless->{outcome} $endless->{status}", 'retry 500', 'O24: whichever it is');
cmp_ok($endless->{duration_ms}, '<', 800, 'O24: we stopped reading before its time was over');
my $many = attempt(status => 500, many_headers => 10000);
is("$many->{outcome} $many->{status}", 'retry 500', 'O24: of 10,000 headers the status counts');
is(attempt(status => 200, many_headers => 1000)->{status}, 200, 'O24: and of 1,000');
my $hung_up = ($receiver->requests)[-1]{connection};
my $bomb = attempt(status => 200, gzip_bomb => 8 << 20);
is($bomb->{outcome}, 'delivered', 'O24: what is packed is not unpacked');
cmp_ok(($receiver->requests)[-1]{connection}, '>', $hung_up, 'O24: and we hung up at the first header that was too many');
my $bytes = attempt(status => 200, body_hex => 'fffe00c328a0a1');
is($bytes->{outcome}, 'delivered', 'O24: a body may hold any bytes');
ok(defined $bytes->{response}, 'O24: and is kept as valid text');

# O24: time
my $slow = attempt(status => 200, slow => 0.5);
is($slow->{outcome}, 'retry', 'O24: an answer that drips is given up');
cmp_ok($slow->{duration_ms}, '<', 2000, 'O24: when its time is over');
my $hang = attempt(hang => 1);
is("$hang->{outcome} " . ($hang->{reason} // ''), 'retry Timeout was reached', 'O24: one that does not come too');
my $hole = attempt_at($receiver->black_hole_url('/hole'));
is($hole->{outcome}, 'retry', 'O24: a host that never answers costs an attempt');

# O21: redirects
$proxy->behave('*', status => 200);
for my $status (301, 302, 307, 308)
{
	my $moved = attempt(status => $status, location => $proxy->url('/moved'));
	is("$moved->{outcome} $moved->{status}", "retry $status", "O21: $status is a failure");
}

# Cut off at each byte
my $cut_hook = webhook($qc, $ann, $receiver->url('/cut'));
my $head     = length "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\n"
  . "Content-Type: application/json\r\nContent-Length: 4\r\n\r\n";
my (@recorded, @broken, %reason);
for my $cut (0 .. $head + 4)
{
	$receiver->behave('/cut', status => 200, body => 'good', drop => $cut);
	my ($id) = enqueue($qc, $cut_hook, 1);
	value($qc, "SELECT qutecart.worker_wait($id)");
	my @all = attempts($qc, $id);
	push @recorded, $cut if @all == 1;
	push @broken,   $cut if $all[0]{outcome} eq 'retry' && !defined $all[0]{status};
	$reason{$cut} = $all[0]{reason};
	value($qc, 'DELETE FROM qutecart.outbox_circuits');
}
is_deeply(\@recorded, [0 .. $head + 4], 'an answer that ends at any byte is recorded');
is_deeply(\@broken, [0 .. $head - 1], 'and is none while its headers have not ended');
is($reason{20}, 'the answer broke off', 'which the log says');

# O23: TLS
is(attempt_at($receiver->https_url('/tls'))->{outcome}, 'delivered', 'O23: a certificate of a known authority is taken');
my $stranger = attempt_at($receiver->untrusted_url('/tls'));
is($stranger->{outcome}, 'retry', 'O23: one of a stranger is not');
like($stranger->{reason}, qr/certificate/, 'O23: and the log says so');
is($receiver->count('/tls'), 1, 'O23: nothing was sent there');

# O22, O26
is($proxy->count, 0, 'O21, O22: nothing went to the proxy of the environment, nor where redirects led');
is(worker_pid($qc), $pid, 'the worker is the one it was');
is(scalar(() = $qc->log =~ /terminated by signal/g), 0, 'and nothing crashed');
unlike($qc->log, qr/webhook-signature|whsec_|127\.0\.0\.1:\d+\/\d/, 'O26: the log names no signature, no secret, no URL');
done_testing;
