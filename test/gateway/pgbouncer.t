# test/gateway/pgbouncer.t
#	The gateway behind PgBouncer in transaction mode, which prepares its one statement.
use strict;
use warnings;
use JSON::PP ();
use POSIX ();
use QuteCart;
use QuteCart::Stripe;
use Test::More;

my $STATEMENT = 'PREPARE qutecart_http (text, text, text, bytea, inet) AS'
  . ' SELECT status, headers, body FROM qutecart.http($1, $2, $3, $4, $5)';

my $qc = QuteCart->new(conf => { 'qutecart.stripe_webhook_secrets' => $QuteCart::Stripe::SECRET });
$qc->sql(<<'SQL');
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO qutecart_api;
CREATE FUNCTION app.ask() RETURNS json LANGUAGE sql AS $$ SELECT qutecart.begin_command('app.ask', 'Asked.') $$;
SELECT qutecart.route('POST /api/app/ask', 'app.ask', actor => 'member');
SQL
my %token;
for my $who (qw(ann bob))
{
	my $seller = $qc->sql("SELECT qutecart.register_seller('$who', '+1555010' || (1000 + ascii('$who')), '$who\@test.example',"
		  . " 'correct horse', 'correct horse', 'shop of $who')");
	$token{$who} = JSON::PP::decode_json($seller)->{data}{access}{token};
}

my $pool = $qc->pgbouncer(default_pool_size => 3, database => "connect_query='$STATEMENT'");
my $gw = $qc->gateway(
	{ database => "host='$pool->{socket}' port=$pool->{port} dbname=qutecart user=qutecart_gateway" },
	'--database-prepare=off', '--fast-connections=4', '--write-connections=4', '--access-log=off', '--queue-wait=5000');
pass('the gateway is ready');

sub bearer { my ($who) = @_; return "Authorization: Bearer $token{$who}\r\n" }

# Twenty-four clients and nine connections share three of the server's
my @clients = map { { who => (qw(ann bob))[$_ % 2], c => $gw->connect } } 1 .. 24;
my %seen;
for my $round (1 .. 5)
{
	$_->{c}->write("GET /api/seller/profile HTTP/1.1\r\nHost: localhost\r\n" . bearer($_->{who}) . "\r\n") for @clients;
	for (@clients)
	{
		my $reply = $_->{c}->read_reply;
		$seen{"$_->{who}: $reply->{status} " . ($reply->{body} =~ /(ann|bob)\@test\.example/ ? $1 : '')}++;
	}
}
is_deeply(\%seen, { 'ann: 200 ann' => 60, 'bob: 200 bob' => 60 }, 'each of 24 clients gets his own answer, over three connections of the server');
is($qc->sql(q{SELECT count(*) <= 3 FROM pg_stat_activity WHERE usename = 'qutecart_gateway'}), 't', 'and not over more');
is($gw->request(GET => '/api/nothing')->{status}, 404, 'an error is an answer');
is($gw->request(GET => '/api/seller/profile')->{status}, 401, 'the next request is nobody\'s again');

# Commits that share a flush, and replies that come later
my ($body, $signature) = signed({ id => 'evt_pool', type => 'tests.nothing', created => time - 1, livemode => JSON::PP::false(), data => { object => { id => 'o' } } });
is($gw->request(POST => '/api/webhooks/stripe', { 'Stripe-Signature' => $signature }, $body)->{status}, 200, 'an event is accepted');
is($qc->sql(q{SELECT count(*) FROM qutecart.stripe_events WHERE id = 'evt_pool'}), 1, 'and stored');
my $waiting = $gw->connect;
$waiting->write("POST /api/app/ask HTTP/1.1\r\nHost: localhost\r\n" . bearer('ann') . "Content-Length: 0\r\n\r\n");
my $id = wait_for(sub { $qc->sql('SELECT id FROM qutecart.commands') }, 'a command is begun');
$qc->sql("SELECT qutecart.finish_command(shop_id, id, 200, '{\"answer\": 1}') FROM qutecart.commands");
is($waiting->read_reply->{body}, '{"answer": 1}', 'who waits for an answer from outside gets it');

# The server goes and comes
$qc->restart;
wait_for(sub { $gw->request(GET => '/api/seller/profile', { Authorization => "Bearer $token{bob}" })->{status} == 200 },
	'a request is answered after a restart', 30);
pass('after a restart of the server the statement is prepared anew');
is($gw->stop >> 8, 0, 'the gateway ends well');

done_testing;
