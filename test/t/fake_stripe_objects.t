# test/t/fake_stripe_objects.t
#	The stand-in for Stripe, object by object: what the other files of it do not touch.
use strict;
use warnings;
use QuteCart::FakeStripe;
use Test::More;

my $NOW = 1767225600;
my $DAY = 86_400;
my $OLD = '2024-06-20';
my $stripe = QuteCart::FakeStripe->new(now => $NOW);

sub ok_  { return $stripe->ok(@_) }
sub fails { my ($status, $what,
	@call) = @_; my $reply = $stripe->call(@call); is("$reply->{status} " . ($reply->{json}{error}{code} // '-'), $status,
		$what); return $reply->{json}{error} }
sub types { return [map { $_->{type} } $stripe->events($_[0])] }

sub customer
{
	my ($recipe) = @_;
	my $id = ok_(POST => '/v1/customers', { email => 'a@example.com' })->{id};
	return $id if ($recipe // '') eq 'none';
	my $card = ok_(POST => '/v1/payment_methods/' . ($recipe // 'pm_card_visa') . '/attach', { customer => $id });
	ok_(POST => "/v1/customers/$id", { invoice_settings => { default_payment_method => $card->{id} } });
	return wantarray ? ($id, $card->{id}) : $id;
}

my $product = ok_(POST => '/v1/products', { name => 'Starter', metadata => { plan_id => 2 } });
my $price   = ok_(POST => '/v1/prices', { product => $product->{id}, currency => 'usd', unit_amount => 2900,
	recurring => { interval => 'month' }, lookup_key => 'starter' });
my $second  = ok_(POST => '/v1/prices', { product => $product->{id}, currency => 'usd', unit_amount => 9900,
	recurring => { interval => 'month' } });
sub subscribe { my ($customer, %o) = @_; return ok_(POST => '/v1/subscriptions', { customer => $customer,
	items => [{ price => $price->{id} }], %o }) }

# --- products and prices ---

is(ok_(POST => "/v1/products/$product->{id}", { name => 'Starter 2', default_price => $price->{id} })->{default_price}, $price->{id},
	'a product gets a default price');
fails('400 -', 'and cannot be deleted while it has prices', DELETE => "/v1/products/$product->{id}");
my $spare = ok_(POST => '/v1/products', { id => 'prod_spare', name => 'Spare' });
fails('400 resource_already_exists', 'an id is used once', POST => '/v1/products', { id => 'prod_spare', name => 'Spare' });
is(ok_(DELETE => '/v1/products/prod_spare')->{deleted}, 1, 'a product without prices can be deleted');
fails('404 resource_missing', 'then it is gone', GET => '/v1/products/prod_spare');
my $yearly = ok_(POST => '/v1/products', { name => 'Yearly', default_price_data => { currency => 'usd', unit_amount => 27840,
	recurring => { interval => 'year' } } });
is(ok_(GET => "/v1/prices/$yearly->{default_price}")->{recurring}{interval}, 'year', 'a product may bring its price');
fails('400 resource_already_exists', 'a lookup key belongs to one price', POST => '/v1/prices', { product => $product->{id},
	currency => 'usd', unit_amount => 1, lookup_key => 'starter' });
is(ok_(POST => '/v1/prices', { product => $product->{id}, currency => 'usd', unit_amount => 3900, lookup_key => 'starter',
	transfer_lookup_key => 'true', recurring => { interval => 'month' } })->{lookup_key}, 'starter', 'unless it is transferred');
is(ok_(GET => "/v1/prices/$price->{id}")->{lookup_key}, undef, 'from the other');
is(scalar @{ ok_(GET => '/v1/prices', { lookup_keys => ['starter'] })->{data} }, 1, 'by it a price is found');
fails('400 parameter_unknown', 'an amount never changes', POST => "/v1/prices/$price->{id}", { unit_amount => 1 });
my $retired = ok_(POST => '/v1/prices', { product => $product->{id}, currency => 'usd', unit_amount => 100,
	recurring => { interval => 'month' } });
ok_(POST => "/v1/prices/$retired->{id}", { active => 'false' });
is(fails('400 -', 'nobody subscribes to a price that is not active', POST => '/v1/subscriptions', { customer => scalar customer(),
	items => [{ price => $retired->{id} }] })->{message}, 'The price specified is inactive. This field only accepts active prices.',
	'and is told so');
my $once = ok_(POST => '/v1/prices', { product => $product->{id}, currency => 'usd', unit_amount => 100 });
fails('400 -', 'nor to one that is charged once', POST => '/v1/subscriptions', { customer => scalar customer(),
	items => [{ price => $once->{id} }] });
my $euro = ok_(POST => '/v1/prices', { product => $product->{id}, currency => 'eur', unit_amount => 100,
	recurring => { interval => 'month' } });
my ($mixed) = customer();
subscribe($mixed);
fails('400 -', 'nor in two currencies', POST => '/v1/subscriptions', { customer => $mixed, items => [{ price => $euro->{id} }] });
fails('400 -', 'nor to one price twice', POST => '/v1/subscriptions', { customer => $mixed, items => [{ price => $price->{id} },
	{ price => $price->{id} }] });
fails('400 -', 'nor monthly and yearly at once', POST => '/v1/subscriptions', { customer => $mixed, items => [{ price => $price->{id} },
	{ price => $yearly->{default_price} }] });
is(ok_(POST => '/v1/prices', { product => $product->{id}, currency => 'usd', unit_amount_decimal => '1250.5',
	recurring => { interval => 'month' } })->{unit_amount}, undef, 'a price with parts of cents has no amount in cents');

# --- coupons and promotion codes ---

ok_(POST => '/v1/coupons', { id => 'TWICE', percent_off => 10, duration => 'once', max_redemptions => 1 });
fails('400 -', 'a coupon takes something off', POST => '/v1/coupons', { duration => 'once' });
fails('400 parameter_missing', 'a repeating one says how long', POST => '/v1/coupons', { percent_off => 5, duration => 'repeating' });
fails('400 parameter_missing', 'one in money in which', POST => '/v1/coupons', { amount_off => 5, duration => 'once' });
subscribe(scalar customer(), discounts => [{ coupon => 'TWICE' }]);
is_deeply([@{ ok_(GET => '/v1/coupons/TWICE') }{qw(times_redeemed valid)}], [1, JSON::PP::false], 'a coupon is used up');
fails('400 coupon_expired', 'and is then refused', POST => '/v1/subscriptions', { customer => scalar customer(),
	items => [{ price => $price->{id} }], discounts => [{ coupon => 'TWICE' }] });
ok_(POST => '/v1/coupons', { id => 'TEN', percent_off => 10, duration => 'forever', redeem_by => $NOW + $DAY });
my $code = ok_(POST => '/v1/promotion_codes', { promotion => { type => 'coupon', coupon => 'TEN' }, code => 'welcome' });
is(ok_(GET => "/v1/promotion_codes/$code->{id}", undef, version => $OLD)->{coupon}{id}, 'TEN',
	'a promotion code shows its coupon, in the older shape');
is(ok_(GET => '/v1/promotion_codes', { code => 'WELCOME', active => 'true' })->{data}[0]{id}, $code->{id},
	'it is found by its text, however it is written');
my $with = ok_(POST => '/v1/subscriptions', { customer => scalar customer(), items => [{ price => $price->{id} }],
	promotion_code => $code->{id}, expand => ['latest_invoice'] }, version => $OLD);
is("$with->{latest_invoice}{total} $with->{discount}{promotion_code}", "2610 $code->{id}", 'the older API takes it at the top');
my $owner = ok_(POST => '/v1/customers', { email => 'c@example.com', coupon => 'TEN', payment_method => 'pm_card_visa' }, version => $OLD);
is($owner->{discount}{coupon}{id}, 'TEN', 'a customer may have a discount');
my $its = ok_(GET => "/v1/customers/$owner->{id}/payment_methods")->{data}[0]{id};
is(subscribe($owner->{id}, default_payment_method => $its, expand => ['latest_invoice'])->{latest_invoice}{total}, 2610,
	'which holds for its invoices');
ok_(DELETE => "/v1/customers/$owner->{id}/discount");
is(ok_(GET => "/v1/customers/$owner->{id}")->{discount}, undef, 'until it is taken away');
ok_(POST => "/v1/promotion_codes/$code->{id}", { active => 'false' });
fails('400 -', 'a code that is switched off is refused', POST => '/v1/subscriptions', { customer => $owner->{id},
	items => [{ price => $price->{id} }], discounts => [{ promotion_code => $code->{id} }] });
is(ok_(DELETE => '/v1/coupons/TEN')->{deleted}, 1, 'a coupon can be deleted');
is(ok_(GET => "/v1/subscriptions/$with->{id}", undef, version => $OLD)->{discount}{coupon}{id}, 'TEN', 'who has it keeps it');

# --- payment methods and setup intents ---

my ($id, $card) = customer();
my $other = ok_(POST => '/v1/payment_methods', { type => 'card', card => { number => '5555555555554444', exp_month => 3, exp_year => 2031,
	cvc => '123' }, billing_details => { name => 'A. Vendor' } });
is("$other->{card}{brand} $other->{card}{exp_year} $other->{billing_details}{name}", 'mastercard 2031 A. Vendor',
	'a card can be made of its number');
is(ok_(POST => '/v1/payment_methods', { type => 'card', card => { token => 'tok_visa_debit' } })->{card}{funding}, 'debit',
	'or of a token');
fails('402 incorrect_number', 'numbers are those of the test cards', POST => '/v1/payment_methods', { type => 'card',
	card => { number => '4111111111111111', exp_month => 1, exp_year => 2031 } });
ok_(POST => "/v1/payment_methods/$other->{id}/attach", { customer => $id });
is(ok_(POST => "/v1/payment_methods/$other->{id}", { metadata => { note => 'x' } })->{metadata}{note}, 'x', 'it can be changed');
my $one = subscribe($id, default_payment_method => $other->{id});
ok_(POST => "/v1/payment_methods/$other->{id}/detach");
is(ok_(GET => "/v1/subscriptions/$one->{id}")->{default_payment_method}, undef, 'a card that is detached pays for nothing');
is_deeply(types($other->{id}), [qw(payment_method.attached payment_method.updated payment_method.detached)], 'what happened to it is told');
my $setup = ok_(POST => '/v1/setup_intents', { customer => $id, usage => 'off_session' });
is("$setup->{status} " . ($setup->{client_secret} =~ /^$setup->{id}_secret_/ ? 'secret' : ''), 'requires_payment_method secret',
	'a setup intent waits for a card');
is(ok_(POST => "/v1/setup_intents/$setup->{id}/confirm", { payment_method => 'pm_card_visa' })->{status}, 'succeeded', 'and takes it');
fails('400 setup_intent_unexpected_state', 'once', POST => "/v1/setup_intents/$setup->{id}/confirm", { payment_method => 'pm_card_visa' });
is(scalar @{ ok_(GET => '/v1/payment_methods', { customer => $id })->{data} }, 2, 'the card is the customer\'s');
fails('402 card_declined', 'a card that declines is not set up', POST => '/v1/setup_intents', { customer => $id,
	payment_method => 'pm_card_chargeDeclined', confirm => 'true' });
$setup = ok_(POST => '/v1/setup_intents', { customer => $id, payment_method => 'pm_card_authenticationRequired', confirm => 'true' });
is($setup->{status}, 'requires_action', 'one that asks, asks');
is($stripe->authenticate($setup->{id})->{status}, 'succeeded', 'and is set up when the customer agrees');
is(ok_(POST => '/v1/setup_intents/' . ok_(POST => '/v1/setup_intents', {})->{id} . '/cancel')->{status}, 'canceled',
	'one can be called off');
$stripe->card($card, '3ds');
my $asks = subscribe($id, default_payment_method => $card, expand => ['latest_invoice.payments']);
is($asks->{status}, 'incomplete', 'a card may begin to ask');
fails('402 invoice_payment_intent_requires_action', 'paying the invoice says so', POST => "/v1/invoices/$asks->{latest_invoice}{id}/pay");

# --- invoices ---

($id, $card) = customer('pm_card_chargeCustomerFail');
$one = subscribe($id, expand => ['latest_invoice']);
my $invoice = $one->{latest_invoice}{id};
my $error = fails('402 card_declined', 'a payment that fails is 402', POST => "/v1/invoices/$invoice/pay");
is($error->{decline_code} . ' ' . ref $error->{payment_intent}, 'generic_decline HASH', 'with the bank\'s word and the intent');
is(ok_(GET => "/v1/invoices/$invoice")->{attempt_count}, 2, 'and counts, although it is refused');
is(ok_(POST => "/v1/invoices/$invoice", { metadata => { note => 'x' } })->{metadata}{note}, 'x', 'an invoice can be annotated');
is(ok_(POST => "/v1/invoices/$invoice/mark_uncollectible")->{status}, 'uncollectible', 'given up');
is(ok_(POST => "/v1/invoices/$invoice/pay", { paid_out_of_band => 'true' })->{status}, 'paid', 'and still be paid elsewhere');
is(ok_(GET => "/v1/subscriptions/$one->{id}")->{status}, 'active', 'which the subscription notices');
fails('400 -', 'not twice', POST => "/v1/invoices/$invoice/pay");
($id, $card) = customer('pm_card_chargeCustomerFail');
$one = subscribe($id);
is(ok_(POST => "/v1/invoices/$one->{latest_invoice}/void")->{status}, 'void', 'an open one can be voided');
fails('400 -', 'not paid then', POST => "/v1/invoices/$one->{latest_invoice}/pay");
($id, $card) = customer();
ok_(POST => '/v1/invoiceitems', { customer => $id, amount => 500, currency => 'usd', description => 'Setup' });
$one = subscribe($id, expand => ['latest_invoice']);
is_deeply([map { $_->{amount} } @{ $one->{latest_invoice}{lines}{data} }], [500, 2900], 'what was pending comes with the first invoice');
my $lines = ok_(GET => "/v1/invoices/$one->{latest_invoice}{id}/lines", { limit => 1 });
is_deeply([scalar @{ $lines->{data} }, !!$lines->{has_more}], [1, !!1], 'lines have pages');
is(ok_(GET => "/v1/invoices/$one->{latest_invoice}{id}", undef, version => $OLD)->{lines}{data}[1]{price}{id}, $price->{id},
	'a line shows its price in the older shape');
my $item = ok_(POST => '/v1/invoiceitems', { customer => $id, amount => 30, currency => 'usd' });
ok_(DELETE => "/v1/invoiceitems/$item->{id}");
ok_(POST => "/v1/customers/$id/balance_transactions", { amount => -2880, currency => 'usd' });
$stripe->advance(days => 31, hours => 1);
my $small = ok_(GET => "/v1/subscriptions/$one->{id}", { expand => ['latest_invoice'] })->{latest_invoice};
is_deeply([@$small{qw(total starting_balance amount_due ending_balance status)}], [2900, -2880, 0, 20, 'paid'],
	'less than half a dollar is not charged but owed');
is_deeply([map { "$_->{type} $_->{amount}" } reverse @{ ok_(GET => "/v1/customers/$id/balance_transactions")->{data} }],
	['adjustment -2880', 'invoice_too_small 2900'], 'the balance has its book');

# --- subscriptions ---

($id, $card) = customer();
$one = subscribe($id);
my $two = ok_(POST => "/v1/subscriptions/$one->{id}", { items => [{ price => $second->{id} }] });
is(scalar @{ $two->{items}{data} }, 2, 'an item without id is one more, not another price');
is(scalar @{ ok_(GET => '/v1/subscription_items', { subscription => $one->{id} })->{data} }, 2, 'items are listed');
ok_(POST => "/v1/subscriptions/$one->{id}", { items => [{ id => $two->{items}{data}[1]{id}, deleted => 'true' }],
	proration_behavior => 'none' });
fails('400 -', 'the last one stays', POST => "/v1/subscriptions/$one->{id}", { items => [{ id => $one->{items}{data}[0]{id},
	deleted => 'true' }] });
fails('400 resource_missing', 'an item of another is none', POST => "/v1/subscriptions/$one->{id}", { items => [{ id => 'si_other',
	price => $second->{id} }] });
fails('400 parameters_exclusive', 'two ends are one too many', POST => "/v1/subscriptions/$one->{id}", { cancel_at => $stripe->now + 100,
	cancel_at_period_end => 'true' });
ok_(POST => "/v1/subscriptions/$one->{id}", { cancel_at => $stripe->now + 100, cancellation_details => { feedback => 'too_expensive' } });
$stripe->advance(seconds => 100);
is_deeply([map { @$_{qw(status)}, $_->{cancellation_details}{feedback} } ok_(GET => "/v1/subscriptions/$one->{id}")], ['canceled',
	'too_expensive'], 'an end may have its moment and its reason');
$one = subscribe($id);
ok_(POST => "/v1/subscriptions/$one->{id}", { pause_collection => { behavior => 'void' } });
$stripe->advance(days => 32);
my $paused = ok_(GET => "/v1/subscriptions/$one->{id}", { expand => ['latest_invoice'] });
is("$paused->{status} $paused->{latest_invoice}{status}", 'active void', 'while collection is paused invoices are void');
is(ok_(POST => "/v1/subscriptions/$one->{id}", 'pause_collection=')->{pause_collection}, undef, 'it goes on');
fails('400 parameter_missing', 'who gets a bill has days to pay it', POST => '/v1/subscriptions', { customer => $id,
	items => [{ price => $price->{id} }], collection_method => 'send_invoice' });
$two = subscribe($id, collection_method => 'send_invoice', days_until_due => 14);
$stripe->advance(hours => 2);
is_deeply([$two->{status}, @{ ok_(GET => "/v1/invoices/$two->{latest_invoice}") }{qw(status due_date)}], ['active', 'open',
	$two->{created} + 14 * $DAY], 'and has it at once');
$two = subscribe($id, billing_cycle_anchor => $stripe->now + 10 * $DAY, expand => ['latest_invoice']);
is($two->{items}{data}[0]{current_period_end}, $two->{billing_cycle_anchor}, 'a period may end on another day');
is($two->{latest_invoice}{total}, 1036, 'and costs its part: 10 days of the 28 that end there');
is(ok_(GET => "/v1/customers/$id", { expand => ['subscriptions'] })->{subscriptions}{object}, 'list',
	'a customer shows its subscriptions when asked');
ok_(DELETE => "/v1/customers/$id");
is(ok_(GET => "/v1/customers/$id")->{deleted}, 1, 'a customer that is deleted says so');
is(ok_(GET => "/v1/subscriptions/$one->{id}")->{status}, 'canceled', 'and takes its subscriptions along');

# --- clocks, events, entitlements, tax ids ---

my $clock = ok_(POST => '/v1/test_helpers/test_clocks', { frozen_time => $NOW, name => 'year' });
my $on = ok_(POST => '/v1/customers', { test_clock => $clock->{id}, email => 'clock@example.com' });
is($on->{created}, $NOW, 'on a test clock it is as late as that says');
is_deeply([grep { $_->{id} eq $on->{id} } @{ ok_(GET => '/v1/customers', { limit => 100 })->{data} }], [],
	'who is on one is not among the others');
my $going = ok_(POST => "/v1/test_helpers/test_clocks/$clock->{id}/advance", { frozen_time => $NOW + $DAY });
is("$going->{status} " . ok_(GET => "/v1/test_helpers/test_clocks/$clock->{id}")->{status}, 'advancing ready',
	'a clock that is moved says so, then is ready');
fails('400 -', 'time does not run backwards', POST => "/v1/test_helpers/test_clocks/$clock->{id}/advance", { frozen_time => $NOW });
is_deeply(types($clock->{id}), [map { "test_helpers.test_clock.$_" } qw(created advancing ready)], 'which is told');
ok_(DELETE => "/v1/test_helpers/test_clocks/$clock->{id}");
is(ok_(GET => "/v1/customers/$on->{id}")->{deleted}, 1, 'with a clock goes who is on it');
my $list = ok_(GET => '/v1/events', { type => 'test_helpers.*' });
is_deeply([map { $_->{type} =~ s/.*\.//r } @{ $list->{data} }], [qw(deleted ready advancing created)],
	'events are found by the beginning of their type');
is(scalar @{ ok_(GET => '/v1/events', { types => ['test_helpers.test_clock.ready', 'coupon.deleted'] })->{data} }, 1,
	'or by several; they are kept for thirty days');
is(ok_(GET => "/v1/events/$list->{data}[0]{id}")->{data}{object}{id}, $clock->{id}, 'each can be had again');

my $feature = ok_(POST => '/v1/entitlements/features', { name => 'Analytics', lookup_key => 'analytics' });
ok_(POST => "/v1/products/$product->{id}/features", { entitlement_feature => $feature->{id} });
($id) = customer();
$one = subscribe($id);
is(ok_(GET => '/v1/entitlements/active_entitlements', { customer => $id })->{data}[0]{lookup_key}, 'analytics', 'a subscriber is entitled');
is_deeply(types("summary_$id"), ['entitlements.active_entitlement_summary.updated'], 'which is told');
ok_(DELETE => "/v1/subscriptions/$one->{id}");
is_deeply(ok_(GET => '/v1/entitlements/active_entitlements', { customer => $id })->{data}, [], 'until the end');
my $tax = ok_(POST => '/v1/tax_ids', { type => 'eu_vat', value => 'DE123456789', owner => { type => 'customer', customer => $id } });
fails('400 tax_id_invalid', 'a tax id looks like one', POST => "/v1/customers/$id/tax_ids", { type => 'eu_vat', value => 'x' });
is(ok_(GET => "/v1/customers/$id/tax_ids")->{data}[0]{id}, $tax->{id}, 'it is the customer\'s');
is(subscribe($id, expand => ['latest_invoice'], automatic_tax => { enabled => 'true' })->{latest_invoice}{customer_tax_ids}[0]{value},
	'DE123456789', 'and on its invoices');
is(ok_(DELETE => "/v1/tax_ids/$tax->{id}")->{deleted}, 1, 'it can be taken away');
my $dispute = $stripe->dispute((grep { $_->{customer} eq $id } $stripe->objects('charge'))[0]{id}, reason => 'product_not_received');
is_deeply(types($dispute->{id}), ['charge.dispute.created'], 'a payment can be disputed');

# --- search ---

my $sought = ok_(POST => '/v1/customers', { email => 'sought@example.com', name => 'Sought', metadata => { shop_id => 77 } });
is_deeply(ok_(GET => '/v1/customers/search', { query => 'metadata["shop_id"]:"77"' })->{data}, [],
	'a search does not find what was just made');
$stripe->advance(minutes => 1);
is(ok_(GET => '/v1/customers/search', { query => 'metadata["shop_id"]:"77"' })->{data}[0]{id}, $sought->{id}, 'a minute later it does');
is(scalar @{ ok_(GET => '/v1/customers/search', { query => q{email~"sought" AND -name:'Sought'} })->{data} }, 0,
	'clauses can be joined and turned round');
my $active = ok_(GET => '/v1/subscriptions/search', { query => 'status:"active" OR status:"trialing"', limit => 1 });
is_deeply([scalar @{ $active->{data} }, $active->{has_more} ? 'more' : '', $active->{next_page}], [1, 'more', '1'], 'a search has pages');
fails('400 -', 'a field that cannot be searched is refused', GET => '/v1/customers/search', { query => 'colour:"red"' });
fails('400 -', 'so is what is no query', GET => '/v1/customers/search', { query => 'shop 77' });

# --- checkout and portal ---

my %session = (mode => 'subscription', line_items => [{ price => $price->{id}, quantity => 1 }], success_url => 'https://example.com/ok');
fails('501 -', 'Checkout in mode payment is not played', POST => '/v1/checkout/sessions', { %session, mode => 'payment' });
fails('400 parameter_missing', 'there is a way back', POST => '/v1/checkout/sessions', { mode => 'subscription',
	line_items => $session{line_items} });
my $session = ok_(POST => '/v1/checkout/sessions', { %session, customer => $id, allow_promotion_codes => 'true' });
is(ok_(GET => "/v1/checkout/sessions/$session->{id}/line_items")->{data}[0]{amount_total}, 2900, 'a session shows what it sells');
is(ok_(POST => "/v1/checkout/sessions/$session->{id}/expire")->{status}, 'expired', 'it can be called off');
$session = ok_(POST => '/v1/checkout/sessions', { mode => 'setup', customer => $id, success_url => 'https://example.com/ok',
	currency => 'usd' });
is(ok_(GET => '/v1/setup_intents/' . $stripe->complete_checkout($session->{id})->{setup_intent})->{status}, 'succeeded',
	'one that only sets up a card does');
$session = ok_(POST => '/v1/checkout/sessions', { %session, customer => $id });
is($stripe->complete_checkout($session->{id}, payment_method => 'pm_card_threeDSecure2Required')->{payment_status}, 'paid',
	'one asks for 3-D Secure itself');
like(ok_(POST => '/v1/billing_portal/sessions', { customer => $id, return_url => 'https://example.com/' })->{url},
	qr{^https://billing\.stripe\.com/p/session/test_\w+$}, 'the portal has an address');
fails('400 resource_missing', 'for those who exist', POST => '/v1/billing_portal/sessions', { customer => 'cus_none' });

# --- pages ---

my $shown = QuteCart::FakeStripe->new(pages => 1);
my $what  = $shown->ok(POST => '/v1/prices', { product_data => { name => 'Growth' }, currency => 'usd', unit_amount => 9900,
	recurring => { interval => 'month' } });
my $open  = $shown->ok(POST => '/v1/checkout/sessions', { mode => 'subscription', line_items => [{ price => $what->{id}, quantity => 1 }],
	success_url => 'https://example.com/ok?s={CHECKOUT_SESSION_ID}', cancel_url => 'https://example.com/?a=1&b="2"' });
my ($path) = $open->{url} =~ m{^\Q@{[$shown->url]}\E(/pay/checkout/\w+)$};
my $page = $shown->call(GET => $path, undef, key => undef);
like($page->{body}, qr{Due now: \$99\.00.*href="https://example\.com/\?a=1&amp;b=&quot;2&quot;"}s,
	'a page shows what is due, and text as text');
is($shown->call(POST => $path, { payment_method => 'pm_card_chargeDeclined' }, key => undef)->{status}, 402,
	'a card may be declined there');
$page = $shown->call(POST => $path, { email => 'page@example.com', payment_method => 'pm_card_visa' }, key => undef);
is("$page->{status} $page->{headers}{location}", "303 https://example.com/ok?s=$open->{id}", 'who pays there is sent back');
my $bought = $shown->ok(GET => "/v1/checkout/sessions/$open->{id}", { expand => ['subscription', 'invoice'] });
is($bought->{subscription}{status}, 'active', 'with a subscription');
like($shown->call(GET => substr($bought->{invoice}{invoice_pdf}, length $shown->url), undef, key => undef)->{body},
	qr/\A%PDF-1\.4\n.*Growth.*%%EOF\n\z/s, 'an invoice is a PDF');
my $door = $shown->ok(POST => '/v1/billing_portal/sessions', { customer => $bought->{customer} });
$shown->call(POST => substr($door->{url}, length $shown->url), { subscription => $bought->{subscription}{id} }, key => undef);
ok($shown->ok(GET => "/v1/subscriptions/$bought->{subscription}{id}")->{cancel_at_period_end}, 'in the portal it can be canceled');
is($shown->call(GET => '/pay/checkout/cs_test_none', undef, key => undef)->{status}, 404, 'other pages are none');
is($stripe->call(GET => '/pay/checkout/cs_test_none')->{json}{error}{type}, 'invalid_request_error',
	'where they are not asked for there are none');
$shown->stop;

# --- endpoints ---

my $hook = ok_(POST => '/v1/webhook_endpoints', { url => 'https://example.com/hook', enabled_events => ['customer.created'],
	api_version => $OLD });
like($hook->{secret}, qr/^whsec_\w{32}$/, 'an endpoint tells its secret once');
ok(!defined ok_(GET => "/v1/webhook_endpoints/$hook->{id}")->{secret}, 'not again');
fails('400 -', 'it wants types that exist', POST => '/v1/webhook_endpoints', { url => 'https://example.com/hook',
	enabled_events => ['customer.born'] });
is(ok_(DELETE => "/v1/webhook_endpoints/$hook->{id}")->{deleted}, 1, 'it can be deleted');

done_testing;
