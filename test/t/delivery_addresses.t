# test/t/delivery_addresses.t
#	Where a user's URL may not lead, however it is spelled and whatever a name server says.
#
# Only 127.0.0.2 is open to webhooks; a receiver listens on 127.0.0.1 as well, and nothing
# may arrive there.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;
use Time::HiRes qw(time);

my $receiver = QuteCart::Receiver->new(address => '127.0.0.1,127.0.0.2');
my ($http, $https) = map { $receiver->port($_) } qw(http https);

# The name server that means no good.
my $resolver = QuteCart::top() . '/resolver.so';
QuteCart::run($ENV{CC} // 'cc', qw(-shared -fPIC -O1 -o), $resolver, "$QuteCart::ROOT/test/fixtures/resolver.c", '-ldl');
chmod 0755, $resolver;
my $preload = $ENV{QUTECART_SERVER_PRELOAD};
local $ENV{QUTECART_SERVER_PRELOAD} = join ':', $preload // (), $resolver;
my $qc = QuteCart->new(conf => {
	$receiver->conf, secret_keys(), 'qutecart.webhook_networks' => '127.0.0.2/32',
	'qutecart.worker_timeout' => '2s', 'qutecart.retry_delays' => '1h',
	'qutecart.mail_providers' => 'resend', 'qutecart.resend_url' => $receiver->resend_url,
	'qutecart.resend_api_key' => $receiver->resend_key,
});
my $hook = webhook($qc, vendor($qc, 'eve'), "http://127.0.0.2:$http/good");

# What became of a message to that URL, which was not checked when it was written.
sub attempt_at
{
	my ($url) = @_;
	value($qc, "UPDATE qutecart.webhook_endpoints SET url = \$url\$$url\$url\$ WHERE id = $hook->{id}");
	my ($id) = enqueue($qc, $hook, 1);
	value($qc, "SELECT qutecart.worker_wait($id)");
	value($qc, 'DELETE FROM qutecart.outbox_circuits');
	my ($last) = attempts($qc, $id);
	return $last;
}

is(attempt_at("http://127.0.0.2:$http/good")->{outcome}, 'delivered', 'a network of the setting is open');

for my $host ('127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '0', '[::ffff:7f00:1]', '[::ffff:127.0.0.1]',
	'[::1]', '[::]', 'localhost', 'example.invalid\\@127.0.0.1', 'x@127.0.0.1', '127.0.0.1.',
	'169.254.169.254', '[64:ff9b::7f00:1]', '10.0.0.1', 'inside.example', 'mixed.example')
{
	for my $scheme (['https', $https], ['http', $http])
	{
		my $got = attempt_at("$scheme->[0]://$host:$scheme->[1]/private");
		is($got->{outcome}, 'retry', "O19: $scheme->[0]://$host is refused");
		like($got->{reason}, qr/not allowed|not public|must not hold/, "O19: and the log says why");
	}
}
is($receiver->count('/private'), 0, 'O19, O20: nothing has arrived, also from names that mix good and bad addresses');
like(attempt_at('http://127.0.0.2:' . $qc->port . '/')->{reason}, qr/not allowed/, 'O19: nor does a webhook reach the port of the database');
like(attempt_at("http://93.184.216.34:$http/")->{reason}, qr/not allowed/, 'O19: plain HTTP goes into the networks of the setting alone');
for my $url ('file:///etc/passwd', "ftp://127.0.0.2:$http/", "gopher://127.0.0.2:$http/", "smtp://127.0.0.2:$http/", '/tmp/x')
{
	like(attempt_at($url)->{reason}, qr/must begin with https|no absolute URL/, "O22: $url is refused");
}
like(attempt_at("http://u:p\@127.0.0.2:$http/")->{reason}, qr/must not hold a user name/, 'O25: so is a password');
is($receiver->count, 1, 'O22, O25: nothing of all this has left');

# Names are resolved in threads that PostgreSQL's signal handlers must not run in.
is(attempt_at("http://masked.example:$http/masked")->{outcome}, 'delivered', 'O27: all signals are blocked where names are resolved');

my $stranger = attempt_at("https://masked.example:$https/masked");
is($stranger->{outcome}, 'retry', 'O23: a certificate must be of the host that the URL names');
like($stranger->{reason}, qr/certificate|peer/i, 'O23: and the log says so');

# A name server that does not answer.
value($qc, "UPDATE qutecart.webhook_endpoints SET url = 'http://hang.example:$http/' WHERE id = $hook->{id}");
my $other = webhook($qc, vendor($qc, 'ann'), "http://127.0.0.2:$http/other");
my ($slow) = enqueue($qc, $hook, 1);
my ($quick) = enqueue($qc, $other, 1);
my $begin = time;
is(value($qc, "SELECT qutecart.worker_wait($quick)"), 'delivered', 'O14: a name server that hangs holds up nobody else');
cmp_ok(time - $begin, '<', 1, 'O14: not for a moment');
is(value($qc, "SELECT qutecart.worker_wait($slow)"), 'retry', 'O24: the message itself is given up');
cmp_ok(time - $begin, '<', 4, 'O24: when its time is over');
enqueue($qc, $hook, 1);
wait_for { health($qc)->{worker}{in_flight} == 1 } 'a name is being resolved';
my $pid = worker_pid($qc);
$begin = time;
$qc->kill_backend($pid, 'TERM');
cmp_ok(time - $begin, '<', 1, 'O27: an order to stop does not wait for a name');
done_testing;
