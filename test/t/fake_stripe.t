# test/t/fake_stripe.t
#	The stand-in for Stripe as an API: strict about what it is asked, exact in what it answers.
use strict;
use warnings;
use JSON::PP ();
use QuteCart::FakeStripe;
use QuteCart::FakeStripe::Shape;
use QuteCart::Http;
use Test::More;

my $stripe = QuteCart::FakeStripe->new(now => 1767225600, version => '2025-09-30.clover');
my $OLD = '2024-06-20';

sub refused
{
	my ($call, $status, $error, $about) = @_;
	my $reply = $stripe->call(@$call);
	my %said  = map { $_ => $reply->{json}{error}{$_} } keys %$error;
	is_deeply({ status => $reply->{status}, %said }, { status => $status, %$error }, $about);
	return $reply;
}

# --- who may ask ---

refused([GET => '/v1/customers', undef, key => undef], 401, { type => 'invalid_request_error' }, 'without a key nothing is answered');
like($stripe->call(GET => '/v1/customers', undef, key => 'sk_test_wrong_key_1234')->{json}{error}{message},
	qr/^Invalid API Key provided: sk_test_\*+1234$/, 'nor with another key, of which the ends are shown');
refused([GET => '/v1/customers', undef, key => 'pk_test_x'], 401, { code => 'secret_key_required' },
	'a publishable key is refused as such');
is($stripe->call(GET => '/v1/customers', undef, key => undef,
	headers => { Authorization => 'Basic ' . QuteCart::FakeStripe::Form::encoded('') })->{status}, 401, 'an empty Basic key is none');
require MIME::Base64;
is($stripe->call(GET => '/v1/customers', undef, key => undef,
	headers => { Authorization => 'Basic ' . MIME::Base64::encode_base64($stripe->key . ':', '') })->{status}, 200,
	'the key may come as Basic');
my $reply = $stripe->call(GET => '/v1/customers', undef, version => $OLD);
is($reply->{headers}{'stripe-version'}, $OLD, 'the version that was asked for is answered');
like($reply->{headers}{'request-id'}, qr/^req_\w{14}$/, 'every request gets an id');
isnt($stripe->call(GET => '/v1/customers')->{headers}{'request-id'}, $reply->{headers}{'request-id'}, 'of its own');
refused([GET => '/v1/customers', undef, version => 'soon'], 400, { message => 'Invalid Stripe API version: soon' },
	'a version that is no date is refused');
refused([GET => '/v1/customer'], 404,
	{ message => 'Unrecognized request URL (GET: /v1/customer). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.' }, 'an unknown path is 404');
like($stripe->call(POST => '/v1/customers', '{"email":"a@b.cd"}',
	headers => { 'Content-Type' => 'application/json' })->{json}{error}{message}, qr/^Invalid request \(check that your POST content type/,
	'JSON is refused');

# --- what may be asked ---

my $customer = $stripe->ok(POST => '/v1/customers', { email => 'vendor@example.com', name => 'Café Ünï', metadata => { shop_id => '7',
	note => 'a=b&c[d] +%' }, address => { city => 'Berlin' } });
is($customer->{name}, 'Café Ünï' =~ s/(.*)/my $x = $1; utf8::decode($x); $x/er, 'text of any script arrives');
is_deeply($customer->{metadata}, { shop_id => '7', note => 'a=b&c[d] +%' }, 'metadata is text, whatever it looks like');
is_deeply($customer->{address}, { city => 'Berlin', map { $_ => undef } qw(country line1 line2 postal_code state) },
	'what was not said of an address is null');

my ($product, $starter, $growth) = $stripe->ok(POST => '/v1/products', { name => 'Starter' });
$starter = $stripe->ok(POST => '/v1/prices', { product => $product->{id}, currency => 'usd', unit_amount => 2900,
	recurring => { interval => 'month' } });
$growth  = $stripe->ok(POST => '/v1/prices', { product_data => { name => 'Growth' }, currency => 'usd', unit_amount => 9900,
	recurring => { interval => 'month' }, lookup_key => 'growth' });
my @create = (customer => $customer->{id}, items => [{ price => $starter->{id} }]);

refused([POST => '/v1/subscriptions', { @create, foo => 1 }], 400, { type => 'invalid_request_error', code => 'parameter_unknown',
	param => 'foo', message => 'Received unknown parameter: foo',
	doc_url => 'https://stripe.com/docs/error-codes/parameter-unknown' }, 'an unknown parameter is refused');
refused([POST => '/v1/subscriptions', { @create, foo => 1, bar => 2 }], 400, { message => 'Received unknown parameters: bar, foo' },
	'two are named both');
refused([POST => '/v1/subscriptions', { customer => $customer->{id}, items => [{ price => $starter->{id}, prize => 1 }] }], 400,
	{ param => 'items[0][prize]' }, 'one inside a list is named by its place');
refused([GET => '/v1/subscriptions', { state => 'all' }], 400, { code => 'parameter_unknown' }, 'in a query as well');
refused([POST => '/v1/subscriptions', { @create, coupon => 'X' }], 400, { code => 'parameter_unknown', param => 'coupon' },
	'a parameter that the version no longer has is unknown');
refused([POST => '/v1/subscriptions', { @create, coupon => 'X' }, version => $OLD], 400, { code => 'resource_missing', param => 'coupon',
	message => q{No such coupon: 'X'} }, 'where it has it, it counts');
refused([GET => '/v1/invoices/upcoming'], 404, { message => q{No such invoice: 'upcoming'} },
	'a call that the version no longer has is gone');
refused([POST => '/v1/subscriptions', { @create, trial_period_days => 'two' }], 400, { code => 'parameter_invalid_integer',
	message => 'Invalid integer: two', param => 'trial_period_days' }, 'a word is no integer');
refused([POST => '/v1/subscriptions', { @create, trial_period_days => '1.5' }], 400, { message => 'Invalid integer: 1.5' },
	'nor is a fraction');
refused([POST => '/v1/subscriptions', { @create, cancel_at_period_end => 'yes' }], 400, { message => 'Invalid boolean: yes' },
	'a boolean is true or false');
refused([POST => '/v1/subscriptions', { @create, payment_behavior => 'hope' }], 400,
	{ message => 'Invalid payment_behavior: must be one of allow_incomplete, default_incomplete, error_if_incomplete, or pending_if_incomplete', param => 'payment_behavior' }, 'of several words one must be said');
refused([POST => '/v1/subscriptions', { customer => $customer->{id}, items => 'x' }], 400, { message => 'Invalid array', param => 'items' },
	'a list is a list');
refused([POST => '/v1/subscriptions', { @create, automatic_tax => 'x' }], 400, { message => 'Invalid object' }, 'an object is an object');
refused([POST => '/v1/subscriptions', { items => [{ price => $starter->{id} }] }], 400, { code => 'parameter_missing', param => 'customer',
	message => 'Missing required param: customer.' }, 'what is required is missed');
refused([POST => '/v1/prices', { product => $product->{id}, currency => 'usd', recurring => { interval_count => 1 }, unit_amount => 1 }],
	400, { param => 'recurring[interval]' }, 'inside an object as well');
refused([POST => '/v1/subscriptions', { @create, customer => '' }], 400, { code => 'parameter_invalid_empty', param => 'customer' },
	'what cannot be unset cannot be empty');
refused([POST => '/v1/subscriptions', { @create, backdate_start_date => 1 }], 501, { type => 'api_error' },
	'what Stripe knows and the stand-in does not play is refused loudly');
refused([POST => "/v1/customers/$customer->{id}", { metadata => { long => 'x' x 501 } }], 400, { param => 'metadata[long]' },
	'metadata has bounds');
refused([POST => "/v1/customers/$customer->{id}", { metadata => { map { $_ => 1 } 1 .. 51 } }], 400,
	{ message => 'You can only specify up to 50 keys for metadata.' }, 'also in number');
refused([POST => "/v1/customers/$customer->{id}", { email => 'nobody' }], 400, { code => 'email_invalid' }, 'an address for mail is one');
refused([GET => '/v1/customers/cus_none'], 404, { code => 'resource_missing', param => 'id', message => q{No such customer: 'cus_none'} },
	'what a path names and is not there is 404');
refused([POST => '/v1/subscriptions', { @create, customer => 'cus_none' }], 400, { code => 'resource_missing', param => 'customer' },
	'what a parameter names and is not there is 400');
refused([POST => '/v1/subscriptions', { @create }], 400, { code => 'resource_missing' }, 'nobody subscribes without a way to pay');
is_deeply([$stripe->objects('subscription')], [], 'and nothing of all that was done');

is_deeply($stripe->ok(POST => "/v1/customers/$customer->{id}", { metadata => { note => '', plan => '2' } })->{metadata}, { shop_id => '7',
	plan => '2' }, 'metadata is merged, an empty value takes a name away');
is($stripe->ok(POST => "/v1/customers/$customer->{id}", 'name=&description=x')->{name}, undef, 'an empty value unsets');
is_deeply($stripe->ok(POST => "/v1/customers/$customer->{id}", 'metadata=')->{metadata}, {}, 'empty metadata unsets all');

# --- cards ---

my $id = $stripe->ok(GET => '/v1/payment_methods/pm_card_visa')->{id};
like($id, qr/^pm_1\w+$/, 'a test card is a recipe: it is answered with an id of its own');
my $card = $stripe->ok(POST => '/v1/payment_methods/pm_card_visa/attach', { customer => $customer->{id} });
is("$card->{card}{brand} $card->{card}{last4} $card->{customer}", "visa 4242 $customer->{id}", 'attached it belongs to the customer');
refused([POST => "/v1/customers/$customer->{id}", { invoice_settings => { default_payment_method => 'pm_card_visa' } }], 400,
	{ message => 'The customer does not have a payment method with the ID pm_card_visa. The payment method must be attached to the customer.' }, 'only the id that was answered can be the default, not the recipe');
is($stripe->ok(POST => "/v1/customers/$customer->{id}",
	{ invoice_settings => { default_payment_method => $card->{id} } })->{invoice_settings}{default_payment_method}, $card->{id},
		'that it can be');
for my $case (['chargeDeclined', 'card_declined', 'generic_decline', 'Your card was declined.'], ['chargeDeclinedInsufficientFunds',
	'card_declined', 'insufficient_funds', 'Your card has insufficient funds.'],
	['chargeDeclinedExpiredCard', 'expired_card', 'expired_card', 'Your card has expired.'])
{
	my ($name, $code, $decline, $message) = @$case;
	refused([POST => "/v1/payment_methods/pm_card_$name/attach", { customer => $customer->{id} }], 402, { type => 'card_error',
		code => $code, decline_code => $decline, message => $message }, "pm_card_$name cannot be attached");
}
is($stripe->call(POST => '/v1/payment_methods/pm_card_chargeCustomerFail/attach', { customer => $customer->{id} })->{status}, 200,
	'pm_card_chargeCustomerFail can');
refused([POST => '/v1/payment_methods/pm_card_wooden/attach', { customer => $customer->{id} }], 404, { code => 'resource_missing' },
	'other recipes are not known');
my $second = $stripe->ok(POST => '/v1/customers', {});
refused([POST => "/v1/payment_methods/$card->{id}/attach", { customer => $second->{id} }], 400,
	{ message => 'The payment method you provided has already been attached to a customer.' }, 'a card has one customer');
my $spare = $stripe->ok(POST => '/v1/payment_methods/pm_card_mastercard/attach', { customer => $second->{id} });
$stripe->ok(POST => "/v1/payment_methods/$spare->{id}/detach");
like($stripe->call(POST => "/v1/payment_methods/$spare->{id}/attach", { customer => $second->{id} })->{json}{error}{message},
	qr/may not be used again/, 'and once detached none any more');
is_deeply([map { $_->{card}{last4} } @{ $stripe->ok(GET => "/v1/customers/$customer->{id}/payment_methods")->{data} }], ['0341', '4242'],
	'a customer\'s cards are listed');

# --- keys of idempotence ---

my @again = (POST => '/v1/subscriptions', { @create, metadata => { shop_id => 7 } }, idempotency => 'outbox-1');
my $first = $stripe->call(@again);
my $same  = $stripe->call(@again);
is($same->{body}, $first->{body}, 'the same key with the same parameters gets the same answer, byte for byte');
is_deeply([map { $_->{headers}{'idempotent-replayed'} } $first, $same], [undef, 'true'], 'the second says that it was replayed');
is($same->{headers}{'original-request'}, $first->{headers}{'request-id'}, 'and of which request');
is(scalar $stripe->objects('subscription'), 1, 'there is one subscription');
refused([POST => '/v1/subscriptions', { @create, metadata => { shop_id => 8 } }, idempotency => 'outbox-1'], 400,
	{ type => 'idempotency_error',
	message => "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'outbox-1' if you meant to execute a different request." }, 'the same key with other parameters is refused');
refused([POST => '/v1/customers', {}, idempotency => 'outbox-1'], 400, { type => 'idempotency_error' }, 'also for another call');
refused([POST => '/v1/customers', {}, idempotency => 'k' x 256], 400, { type => 'idempotency_error' }, 'a key has 255 characters at most');
refused([POST => '/v1/customers', { foo => 1 }, idempotency => 'outbox-2'], 400, { code => 'parameter_unknown' }, 'what never began …');
is($stripe->call(POST => '/v1/customers', { email => 'x@example.com' }, idempotency => 'outbox-2')->{status}, 200, '… leaves its key free');
refused([POST => '/v1/payment_methods/pm_card_chargeDeclined/attach', { customer => $second->{id} }, idempotency => 'outbox-3'], 402,
	{ code => 'card_declined' }, 'a refusal of the bank …');
is($stripe->call(POST => '/v1/payment_methods/pm_card_chargeDeclined/attach', { customer => $second->{id} },
	idempotency => 'outbox-3')->{headers}{'idempotent-replayed'}, 'true', '… is remembered like a success');
$stripe->advance(hours => 23, minutes => 59);
is($stripe->call(@again)->{headers}{'idempotent-replayed'}, 'true', 'a key lives for a day');
$stripe->advance(minutes => 1);
is($stripe->call(@again)->{headers}{'idempotent-replayed'}, undef, 'not longer');
is(scalar $stripe->objects('subscription'), 2, 'then it makes another one');
$stripe->ok(DELETE => "/v1/subscriptions/$first->{json}{id}");
refused([DELETE => "/v1/subscriptions/$first->{json}{id}"], 404, { code => 'resource_missing' },
	'what was canceled cannot be canceled again');

my $plan = { customer => $customer->{id}, subscription_details => { items => [{ price => $growth->{id} }] } };
my @seen = map { $stripe->call(POST => '/v1/invoices/create_preview', $plan, idempotency => 'preview') } 1 .. 2;
is_deeply([map { $_->{headers}{'idempotent-replayed'} } @seen], [undef, 'true'], 'a preview has its key, too');

# --- lists ---

my @made = map { $stripe->ok(POST => '/v1/customers', { email => "list$_\@example.com" })->{id} } 1 .. 12;
my $page = $stripe->ok(GET => '/v1/customers', { limit => 5 });
is_deeply([map { $_->{id} } @{ $page->{data} }], [reverse @made[7 .. 11]], 'a list begins with the newest');
ok($page->{has_more}, 'and says that there is more');
is_deeply([map { $_->{id} } @{ $stripe->ok(GET => '/v1/customers', { limit => 5, starting_after => $page->{data}[-1]{id} })->{data} }],
	[reverse @made[2 .. 6]], 'starting_after goes on');
is_deeply([map { $_->{id} } @{ $stripe->ok(GET => '/v1/customers', { limit => 2, ending_before => $made[7] })->{data} }],
	[reverse @made[8 .. 9]], 'ending_before goes back');
is(scalar @{ $stripe->ok(GET => '/v1/customers')->{data} }, 10, 'a page has ten');
refused([GET => '/v1/customers', { limit => 101 }], 400, { param => 'limit' }, 'and a hundred at most');
refused([GET => '/v1/customers', { starting_after => 'cus_none' }], 400, { code => 'resource_missing', param => 'starting_after' },
	'a cursor exists');
is_deeply([map { $_->{id} } @{ $stripe->ok(GET => '/v1/customers', { email => 'list3@example.com' })->{data} }], [$made[2]],
	'a filter filters');
is(scalar @{ $stripe->ok(GET => '/v1/subscriptions', { customer => $customer->{id} })->{data} }, 1,
	'canceled subscriptions are not listed …');
is(scalar @{ $stripe->ok(GET => '/v1/subscriptions', { customer => $customer->{id}, status => 'all' })->{data} }, 2,
	'… but with status=all');
is_deeply([map { $_->{status} } @{ $stripe->ok(GET => '/v1/subscriptions', { status => 'canceled' })->{data} }], ['canceled'],
	'or by name');
is(scalar @{ $stripe->ok(GET => '/v1/customers', { created => { lt => 1767225601 }, limit => 100 })->{data} }, 3, 'created has ranges');

# --- shapes ---

my $coupon = $stripe->ok(POST => '/v1/coupons', { percent_off => 10, duration => 'forever', id => 'TEN' });
my $code   = $stripe->ok(POST => '/v1/promotion_codes', { promotion => { type => 'coupon', coupon => 'TEN' }, code => 'WELCOME' });
my $trial  = $stripe->ok(POST => '/v1/subscriptions', { @create, trial_period_days => 14, discounts => [{ promotion_code => $code->{id} }],
	metadata => { shop_id => 7 } });
$stripe->ok(POST => "/v1/subscriptions/$trial->{id}", { trial_end => 'now' });
$stripe->ok(POST => "/v1/subscriptions/$trial->{id}", { items => [{ id => $trial->{items}{data}[0]{id}, price => $growth->{id} }],
	proration_behavior => 'always_invoice' });
$stripe->ok(POST => "/v1/customers/$customer->{id}/tax_ids", { type => 'eu_vat', value => 'DE123456789' });
$stripe->ok(POST => "/v1/customers/$customer->{id}/balance_transactions", { amount => -500, currency => 'usd' });
$stripe->ok(POST => '/v1/setup_intents', { customer => $customer->{id} });
$stripe->ok(POST => '/v1/checkout/sessions', { mode => 'subscription', customer => $customer->{id},
	line_items => [{ price => $starter->{id}, quantity => 1 }], success_url => 'https://example.com/ok' });
my $portal = $stripe->ok(POST => '/v1/billing_portal/sessions', { customer => $customer->{id}, return_url => 'https://example.com/' });
my $clock  = $stripe->ok(POST => '/v1/test_helpers/test_clocks', { frozen_time => 1767225600 });
my $feature = $stripe->ok(POST => '/v1/entitlements/features', { name => 'Analytics', lookup_key => 'analytics' });
my $attached = $stripe->ok(POST => "/v1/products/$product->{id}/features", { entitlement_feature => $feature->{id} });
$stripe->ok(POST => '/v1/subscriptions', { @create });
$stripe->ok(POST => '/v1/webhook_endpoints', { url => 'http://127.0.0.1:9/', enabled_events => ['customer.created'] });
$stripe->dispute(($stripe->objects('charge'))[0]{id});

# Every object of an answer, also those inside others.
sub objects_in
{
	my ($data) = @_;
	return map { objects_in($_) } @$data if ref $data eq 'ARRAY';
	return () unless ref $data eq 'HASH';
	return (($data->{object} && !ref $data->{object} && -e "$QuteCart::FakeStripe::Params::FIXTURES/objects/$data->{object}.json" ? $data : ()), map { objects_in($_) } values %$data);
}
my @types = map { m{([^/]+)\.json$} ? $1 : () } glob "$QuteCart::FakeStripe::Params::FIXTURES/objects/*.json";
# Plans, items and lines come inside others; one is only told by an event.  Events are
# told in the account's own version.
my %inside = map { $_ => 1 } qw(plan line_item item product_feature entitlements.active_entitlement_summary);
for my $shape (qw(new old))
{
	my (%checked, @wrong);
	my @answers = map { $stripe->objects($_, $shape) } grep { !$inside{$_} && !($shape eq 'old' && $_ eq 'event') } @types;
	push @answers, $stripe->ok(GET => '/v1/checkout/sessions', { expand => ['data.line_items'] }), $attached, $portal if $shape eq 'new';
	for my $object (objects_in(\@answers))
	{
		my $type = $object->{object};
		my $fixture = fields_of($type)->{$shape};
		my $extra = join ' ', grep { my $name = $_; !grep { $_ eq $name } @$fixture } sort keys %$object;
		my $less  = join ' ', grep { !exists $object->{$_} } @$fixture;
		push @wrong, "$type: more: $extra; less: $less" if ($extra && $extra ne 'line_items') || $less;
		$checked{$type}++;
	}
	is_deeply(\@wrong, [], "every object has exactly the published fields of its type ($shape)");
	is_deeply([grep { !$checked{$_} && $_ ne 'entitlements.active_entitlement_summary' } @types], [],
		'and every type was seen') if $shape eq 'new';
}
my @null;
for my $object (objects_in([map { $stripe->objects($_) } grep { !$inside{$_} } @types]))
{
	open my $in, '<', "$QuteCart::FakeStripe::Params::FIXTURES/objects/$object->{object}.json" or die $!;
	my $never = JSON::PP->new->decode(do { local $/; <$in> })->{never_null};
	push @null, "$object->{object}.$_" for grep { !defined $object->{$_} } @$never;
}
is_deeply(\@null, [], 'what is never null is not');

my ($new, $old) = map { $stripe->ok(GET => "/v1/subscriptions/$trial->{id}", { expand => ['latest_invoice'] },
	version => $_) } '2025-03-31.basil', '2025-02-24.acacia';
ok(!exists $new->{current_period_end} && $new->{items}{data}[0]{current_period_end} == $old->{current_period_end},
	'the period is on the items since 2025-03-31 and on the subscription before');
ok(!exists $new->{latest_invoice}{subscription}, 'an invoice names its subscription at the top before');
is($new->{latest_invoice}{parent}{subscription_details}{subscription}, $old->{latest_invoice}{subscription}, 'and under its parent since');
is($old->{discount}{coupon}{id}, 'TEN', 'a discount shows its coupon before');
like($old->{latest_invoice}{payment_intent}, qr/^pi_/, 'an invoice its payment intent');
my $paid = $stripe->ok(GET => "/v1/invoices/$new->{latest_invoice}{id}", { expand => ['payments',
	'payments.data.payment.payment_intent.latest_charge'] });
is($paid->{payments}{data}[0]{payment}{payment_intent}{latest_charge}{status}, 'succeeded',
	'which today is among its payments, four levels deep');
refused([GET => "/v1/invoices/$paid->{id}", { expand => ['payment_intent'] }], 400,
	{ message => 'This property cannot be expanded (payment_intent).' }, 'what a version has not cannot be expanded');
refused([GET => "/v1/invoices/$paid->{id}", { expand => ['a.b.c.d.e'] }], 400,
	{ message => 'You cannot expand more than 4 levels of a property. Property: a.b.c.d.e' }, 'nor what is too deep');
is($stripe->ok(GET => '/v1/subscriptions', { customer => $customer->{id}, expand => ['data.customer'] })->{data}[0]{customer}{id},
	$customer->{id}, 'lists are expanded below data');
is_deeply([map { $_->{lookup_key} } @{ $stripe->ok(GET => '/v1/entitlements/active_entitlements',
	{ customer => $customer->{id} })->{data} }], ['analytics'], 'who subscribes has the features of the product');

# --- codes ---

my $known = JSON::PP->new->decode(QuteCart::FakeStripe::Params::slurp("$QuteCart::FakeStripe::Params::FIXTURES/error_codes.json"));
# The first is in Stripe's guide to authentication, not in its list; the second stays inside.
my %known = map { $_ => 1 } @$known, qw(subscription_payment_intent_requires_action missing_payment_method);
my %used = map { $_ => 1 } map { QuteCart::FakeStripe::Params::slurp($_) =~ /\bcode => '(\w+)'/g } glob "$QuteCart::FakeStripe::Params::FIXTURES/../../lib/QuteCart/FakeStripe/*.pm";
cmp_ok(scalar keys %used, '>', 15, 'errors have codes');
is_deeply([grep { !$known{$_} } sort keys %used], [], 'which Stripe has published');

# --- connections ---

my $wire = QuteCart::Http->new('127.0.0.1', $stripe->port);
my @head = (Authorization => 'Bearer ' . $stripe->key, Connection => 'keep-alive');
$wire->write(QuteCart::Http::format_request(GET => '/v1/customers?limit=1', [@head], undef) x 2);
is_deeply([map { $wire->read_reply->{status} } 1 .. 2], [200, 200],
	'a connection is kept and takes a second request before the first answer');
$wire->write("GET / HTTP/9\r\n\r\n");
is($wire->read_reply->{status}, 400, 'what is no HTTP is refused');
ok($wire->closed(5), 'and ends the connection');
is(scalar $stripe->requests(method => 'POST', path => '/v1/products'), 1, 'the test can see which requests came');

done_testing;
