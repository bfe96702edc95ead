# test/t/fake_stripe_trouble.t
#	The stand-in for Stripe in bad times: webhooks astray, outages, restarts, differences.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);
use File::Temp qw(tempdir);
use JSON::PP ();
use QuteCart::FakeStripe;
use QuteCart::FakeStripe::Loop;
use QuteCart::Http;
use Storable ();
use Test::More;
use Time::HiRes qw(time);

my $dir    = tempdir(CLEANUP => 1);
my $stripe = QuteCart::FakeStripe->new(now => 1767225600, state => "$dir/state");

# --- webhooks: a receiver inside this test ---

my (@got, $status);
my $loop = QuteCart::FakeStripe::Loop->new(answer => sub { my ($request) = @_; push @got, $request; return { status => $status // 200,
	headers => {}, body => '' } });
my $hook = 'http://127.0.0.1:' . $loop->listen('hook') . '/api/webhooks/stripe';

sub received
{
	my ($count, $about) = @_;
	my $end = time + 20;
	$loop->turn until @got >= $count || time > $end;
	die "waited in vain for $count webhooks, got " . @got . "\n" if @got < $count;
	# One more would come now.
	$loop->turn(0.02) for 1 .. 3;
	return map { JSON::PP->new->utf8->decode($_->{body}) } splice @got;
}

my $endpoint = $stripe->endpoint($hook, secret => 'whsec_one');
my $customer = $stripe->call(POST => '/v1/customers', { email => 'a@example.com', metadata => { shop_id => 7 } },
	idempotency => 'outbox-1');
$loop->turn until @got;
my ($t, $v1) = $got[0]{headers}{'stripe-signature'} =~ /^t=(\d+),v1=([0-9a-f]{64}),v0=[0-9a-f]{64}$/;
is($v1, hmac_sha256_hex("$t.$got[0]{body}", 'whsec_one'), 'a webhook is signed over its time and its bytes');
cmp_ok(abs($t - CORE::time), '<', 60, 'with the time of day');
like($got[0]{body}, qr/\A\{\n  "id": "evt_1\w{23}",\n  "object": "event",\n  "api_version": "2025-09-30.clover",\n/,
	'its body is laid out as Stripe does');
my ($event) = received(1);
is_deeply([@$event{qw(type created livemode pending_webhooks)}, $event->{request}], ['customer.created', 1767225600, JSON::PP::false, 1,
	{ id => $customer->{headers}{'request-id'}, idempotency_key => 'outbox-1' }], 'it tells of the request that caused it');
is_deeply($event->{data}, { object => $customer->{json} }, 'and what was answered');
my $id = $customer->{json}{id};
$stripe->ok(POST => "/v1/customers/$id", { metadata => { shop_id => 8, more => 'x' }, name => 'New' });
($event) = received(1);
is_deeply($event->{data}{previous_attributes}, { name => undef, metadata => { shop_id => '7', more => undef } },
	'a change tells what was before');
$stripe->ok(POST => "/v1/customers/$id", { name => 'New' });
is(scalar $stripe->events($id), 2, 'no change is no event');

my $old = $stripe->endpoint($hook, secret => 'whsec_two whsec_three', version => '2024-06-20', events => ['price.created']);
$stripe->ok(POST => '/v1/prices', { product_data => { name => 'Starter' }, currency => 'usd', unit_amount => 2900,
	recurring => { interval => 'month' } });
my @three = received(3);
is_deeply([sort map { "$_->{type} $_->{api_version}" } @three], ['price.created 2024-06-20', 'price.created 2025-09-30.clover',
	'product.created 2025-09-30.clover'], 'an endpoint has its types and its version');
$stripe->ok(DELETE => "/v1/webhook_endpoints/$old");

$stripe->webhooks(mode => 'hold');
$stripe->ok(POST => '/v1/customers', { email => "held$_\@example.com" }) for 1 .. 4;
$stripe->wait_webhooks;
is(scalar @got, 0, 'held, nothing is sent');
is(scalar @{ $stripe->ok(GET => '/v1/events', { delivery_success => 'false' })->{data} }, 4,
	'the list of events knows what was not delivered');
my @order = $stripe->deliver(order => 'reverse', copies => 2);
is_deeply([map { $_->{id} } received(8)], [map { ($_) x 2 } @order], 'then in any order, as often as one likes');
is_deeply([map { $stripe->object($_)->{data}{object}{email} } @order], [map { "held$_\@example.com" } 4, 3, 2, 1], 'backwards here');
is_deeply($stripe->ok(GET => '/v1/events', { delivery_success => 'false' })->{data}, [], 'delivered it is delivered');
$stripe->webhooks(mode => 'hold');
$stripe->ok(POST => '/v1/customers', { email => "mixed$_\@example.com" }) for 1 .. 8;
my @shuffled = $stripe->deliver(order => 'shuffle', seed => 3);
is_deeply([$stripe->deliver(order => 'shuffle', seed => 3)], \@shuffled, 'a shuffle is the same for the same seed');
received(16);
$stripe->webhooks(mode => 'withhold', types => ['product.created']);
$stripe->ok(POST => '/v1/prices', { product_data => { name => 'Growth' }, currency => 'usd', unit_amount => 9900,
	recurring => { interval => 'month' } });
is_deeply([map { $_->{type} } received(1)], ['price.created'], 'some types may never arrive');
is_deeply([map { $_->{type} } @{ $stripe->ok(GET => '/v1/events', { delivery_success => 'false' })->{data} }], ['product.created'],
	'but are in the list');
$stripe->webhooks(mode => 'send', types => undef, retries => [0.05, 0.05]);
$status = 503;
$stripe->ok(POST => '/v1/customers', { email => 'late@example.com' });
my @tries = received(3);
is_deeply([map { $_->{id} } @tries], [($tries[0]{id}) x 3], 'what was not taken is sent again');
is_deeply([map { $_->{status} } grep { $_->{event} eq $tries[0]{id} } $stripe->deliveries], [503, 503, 503], 'every try is on record');
$status = 200;
is($stripe->object($tries[0]{id})->{pending_webhooks}, 1, 'and it stays pending');
$stripe->deliver(ids => [$tries[0]{id}]);
received(1);
$stripe->wait_webhooks;
is($stripe->object($tries[0]{id})->{pending_webhooks}, 0, 'until it is taken');
$stripe->webhooks(copies => 2, delay => 0.2);
my $began = time;
$stripe->ok(POST => '/v1/customers', { email => 'twice@example.com' });
is(scalar(received(2)), 2, 'each may be sent twice');
cmp_ok(time - $began, '>=', 0.2, 'and late');
$stripe->webhooks(copies => 1, delay => 0, clock => 'own');
$stripe->ok(POST => '/v1/customers', { email => 'own@example.com' });
$loop->turn until @got;
like($got[0]{headers}{'stripe-signature'}, qr/^t=1767225600,/, 'the signature may follow the stand-in\'s clock');
received(1);
$stripe->ok(POST => "/v1/webhook_endpoints/$endpoint", { disabled => 'true' });

# --- outages ---

my $n = 0;

# A customer that is asked for twice with the same key; who tells what the first try saw.
sub twice
{
	my ($mode, %o) = @_;
	my $email = 'outage' . ++$n . '@example.com';
	$stripe->outage($mode, path => '^/v1/customers$', method => 'POST', times => 1, %o);
	my @ask   = (POST => '/v1/customers', { email => $email }, idempotency => "try-$n", seconds => 1);
	my $first = eval { $stripe->call(@ask) };
	my $made  = @{ $stripe->ok(GET => '/v1/customers', { email => $email })->{data} };
	my $again = $stripe->call(@ask);
	my $all   = @{ $stripe->ok(GET => '/v1/customers', { email => $email })->{data} };
	return join ' ', $first ? $first->{status} : 'nothing', $made, $again->{status}, $again->{headers}{'idempotent-replayed'} // 'anew',
		$all;
}
is(twice('error'), '500 0 200 anew 1', 'an error before the effect: the next try does it');
is(twice('error_after'), '500 1 500 true 1', 'an error after it: the key remembers the error, as with Stripe');
is(twice('drop'), 'nothing 0 200 anew 1', 'a connection cut before the effect');
is(twice('drop_after'), 'nothing 1 200 true 1', 'and after it: the answer is kept for the next try');
is(twice('cut_after'), 'nothing 1 200 true 1', 'half an answer');
is(twice('hang'), 'nothing 0 200 anew 1', 'no answer and no effect');
is(twice('hang_after'), 'nothing 1 200 true 1', 'no answer but the effect');
is(twice('garbage'), '502 0 200 anew 1', 'a page instead of an answer');
is(twice('rate_limit', retry_after => 3), '429 0 200 anew 1', 'too many requests');
$stripe->outage('rate_limit', times => 1, retry_after => 3);
is($stripe->call(GET => '/v1/customers')->{headers}{'retry-after'}, 3, 'with the time to wait');
$stripe->outage('error', path => '^/v1/prices', skip => 1, times => 1);
is_deeply([map { $stripe->call(GET => '/v1/prices')->{status} } 1 .. 3], [200, 500, 200], 'the second of three may be hit');

# While a slow request is under way its key is in use.
$stripe->outage('latency', path => '^/v1/customers$', seconds => 1, times => 1);
my $wire = QuteCart::Http->new('127.0.0.1', $stripe->port);
my %head = (Authorization => 'Bearer ' . $stripe->key, 'Idempotency-Key' => 'slow', 'Content-Type' => 'application/x-www-form-urlencoded');
$wire->write(QuteCart::Http::format_request(POST => '/v1/customers', \%head, 'email=slow%40example.com'));
my $end = time + 10;
select undef, undef, undef, 0.02 until $stripe->requests(path => '/v1/customers',
	method => 'POST') && ($stripe->requests)[-1]{idempotency_key} && ($stripe->requests)[-1]{idempotency_key} eq 'slow' || time > $end;
my $busy = $stripe->call(POST => '/v1/customers', { email => 'slow@example.com' }, idempotency => 'slow');
is_deeply([$busy->{status}, @{ $busy->{json}{error} }{qw(type code)}], [409, 'idempotency_error', 'idempotency_key_in_use'],
	'a key in use is 409');
is($wire->read_reply(5)->{status}, 200, 'the slow one is answered');
is($stripe->call(POST => '/v1/customers', { email => 'slow@example.com' }, idempotency => 'slow')->{headers}{'idempotent-replayed'}, 'true',
	'after that its answer is');

$stripe->outage('refuse');
ok(!eval { $stripe->call(GET => '/v1/customers') }, 'connections are refused');
$stripe->recover;
is($stripe->call(GET => '/v1/customers')->{status}, 200, 'until the outage is over, at the same port');

# --- restarts ---

my ($price) = map { $_->{id} } grep { $_->{unit_amount} == 2900 } $stripe->objects('price');
my $buyer = $stripe->ok(POST => '/v1/customers', { email => 'buyer@example.com' })->{id};
my $card  = $stripe->ok(POST => '/v1/payment_methods/pm_card_visa/attach', { customer => $buyer })->{id};
$stripe->ok(POST => "/v1/customers/$buyer", { invoice_settings => { default_payment_method => $card } });
my @subscribe = (POST => '/v1/subscriptions', { customer => $buyer, items => [{ price => $price }] }, idempotency => 'subscribe-7');
$stripe->outage('hang_after', path => '^/v1/subscriptions$', times => 1);
ok(!eval { $stripe->call(@subscribe, seconds => 1) }, 'a subscription was asked for and nothing heard');
my $port = $stripe->port;
$stripe->kill;
$stripe->start;
is($stripe->port, $port, 'killed and started again it is at the same port');
my $reply = $stripe->call(@subscribe);
is_deeply([$reply->{status}, $reply->{headers}{'idempotent-replayed'}], [200, 'true'], 'and remembers the answer that nobody heard');
my $one = $reply->{json};
is_deeply([map { $_->{id} } @{ $stripe->ok(GET => '/v1/subscriptions', { customer => $buyer, status => 'all' })->{data} }], [$one->{id}],
	'there is exactly one subscription');
is($stripe->now, 1767225600, 'its clock stands where it stood');
$stripe->advance(days => 32);
is($stripe->ok(GET => "/v1/subscriptions/$one->{id}")->{items}{data}[0]{current_period_start}, 1767225600 + 31 * 86_400,
	'time goes on for what it remembers');
$stripe->save("$dir/saved");
my $before = $stripe->ok(GET => "/v1/subscriptions/$one->{id}");
$stripe->ok(DELETE => "/v1/subscriptions/$one->{id}");
$stripe->load("$dir/saved");
is_deeply($stripe->ok(GET => "/v1/subscriptions/$one->{id}"), $before, 'a state that was saved can be loaded');
$stripe->restart;
is_deeply($stripe->ok(GET => "/v1/subscriptions/$one->{id}"), $before, 'and stays over a restart');

# Every commit is one record of the file: the effect and its key together or not at all.
sub records
{
	open my $in, '<:raw', "$dir/state" or die $!;
	my @all;
	while (read($in, my $head, 4) == 4)
	{
		read $in, my $bytes, unpack 'N', $head;
		push @all, Storable::thaw($bytes);
	}
	return @all;
}
my $records = () = records();
my $keyed = $stripe->call(POST => '/v1/customers', { email => 'atom@example.com' }, idempotency => 'atom')->{json}{id};
my @new = (records())[$records .. $records + 5];
is_deeply([scalar(grep { $_ } @new), ref $new[0]{objects}{$keyed}, $new[0]{keys}{atom}{status}], [1, 'HASH', 200],
	'an effect and its key are written in one piece');

# --- differences ---

my $count = () = $stripe->events;
$stripe->plant($one->{id}, set => { status => 'past_due', current_period_end => 1, metadata => { shop_id => '9' } });
my $planted = $stripe->ok(GET => "/v1/subscriptions/$one->{id}");
is_deeply([$planted->{status}, $planted->{items}{data}[0]{current_period_end}, $planted->{metadata}], ['past_due', 1, { shop_id => '9' }],
	'a difference can be planted');
my ($growth) = map { $_->{id} } grep { $_->{unit_amount} == 9900 } $stripe->objects('price');
$stripe->plant($one->{id}, price => $growth);
is($stripe->ok(GET => "/v1/subscriptions/$one->{id}")->{items}{data}[0]{price}{id}, $growth, 'also another price');
$stripe->plant($one->{id}, gone => 1);
is($stripe->call(GET => "/v1/subscriptions/$one->{id}")->{status}, 404, 'or that it is gone');
is(scalar(() = $stripe->events), $count, 'and nobody is told');
ok(!eval { $stripe->plant($buyer, set => { colour => 'red' }); 1 }, 'what an object has not cannot be planted');
ok(!eval { $stripe->outage('meteor'); 1 }, 'nor an outage that is not known');

# --- a clock that runs ---

my $running = QuteCart::FakeStripe->new;
cmp_ok(abs($running->now - CORE::time), '<=', 2, 'without a time of its own it has the world\'s');
$running->advance(days => 400);
cmp_ok(abs($running->now - CORE::time - 400 * 86_400), '<=', 2, 'which can be moved');
$running->stop;

done_testing;
