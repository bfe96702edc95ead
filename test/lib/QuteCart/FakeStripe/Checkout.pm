# test/lib/QuteCart/FakeStripe/Checkout.pm
#	Checkout sessions (subscription and setup) and sessions of the billing portal.
#
# The page that a customer would see is played by the control interface: complete().
package QuteCart::FakeStripe::Checkout;

use strict;
use warnings;
use QuteCart::FakeStripe::Billing;
use QuteCart::FakeStripe::Cards qw(attach card_of);
use QuteCart::FakeStripe::Customers qw(new_customer);
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Intents qw(new_setup_intent answered);
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;
use QuteCart::FakeStripe::Prorate;
use QuteCart::FakeStripe::Shape;

my $DAY = 86_400;

sub routes
{
	return (
		[POST => '/v1/checkout/sessions', \&create,
			[qw(mode line_items customer customer_email client_reference_id success_url cancel_url return_url ui_mode subscription_data setup_intent_data metadata allow_promotion_codes discounts
			automatic_tax tax_id_collection billing_address_collection payment_method_types payment_method_collection expires_at locale currency customer_update)]],
		[GET  => '/v1/checkout/sessions', \&list,
			[qw(limit starting_after ending_before created customer subscription status payment_intent)]],
		[GET  => '/v1/checkout/sessions/{}', sub { $_[0]->show($_[0]->need('checkout.session', $_[0]->id)) }],
		[GET  => '/v1/checkout/sessions/{}/line_items', \&line_items, [qw(limit starting_after ending_before)]],
		[POST => '/v1/checkout/sessions/{}/expire', \&expire],
		[POST => '/v1/billing_portal/sessions', \&portal, [qw(customer return_url locale flow_data configuration)]],
	);
}

sub create
{
	my ($req) = @_;
	my $app   = $req->app;
	my $store = $req->store;
	my $mode  = $req->p('mode') // missing_param('mode');
	not_played('Checkout in mode payment') if $mode eq 'payment';
	my $ui = $req->p('ui_mode') // 'hosted';
	my $hosted = $ui =~ /^hosted/;
	missing_param('success_url') if $hosted && !defined $req->p('success_url');
	missing_param('return_url') if !$hosted && !defined $req->p('return_url');
	missing_param('line_items') if $mode eq 'subscription' && !$req->p('line_items');
	refuse_param('line_items',
		'line_items cannot be used in setup mode.') if $mode eq 'setup' && $req->p('line_items');
	refuse(400, 'You may only specify one of these parameters: customer, customer_email.',
		code => 'parameters_exclusive') if defined $req->p('customer') && defined $req->p('customer_email');
	refuse(400, 'You may only specify one of these parameters: allow_promotion_codes, discounts.',
		code => 'parameters_exclusive') if defined $req->p('allow_promotion_codes') && $req->p('discounts');
	my $customer = defined $req->p('customer') ? $req->need('customer', $req->p('customer'), 'customer') : undef;
	my $now  = $customer ? $store->now_for($customer) : $app->now;
	my @items = priced_items($req,
		[map { my %i = %$_; delete $i{adjustable_quantity}; \%i } @{ $req->p('line_items') // [] }], 'line_items');
	my $data = $req->p('subscription_data') // {};
	my %unknown = map { $_ => 1 } keys %$data;
	delete @unknown{qw(trial_period_days trial_end metadata description trial_settings proration_behavior billing_cycle_anchor billing_mode)};
	not_played("subscription_data[$_]") for sort keys %unknown;
	refuse_param('subscription_data[trial_period_days]',
		'The minimum number of trial period days is 1.') if defined $data->{trial_period_days} && $data->{trial_period_days} < 1;
	my $expires = $req->p('expires_at') // $now + $DAY;
	refuse_param('expires_at',
		'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.') if $expires < $now + 1800;
	refuse_param('expires_at',
		'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.') if $expires > $now + $DAY;
	my $total = 0;
	$total += QuteCart::FakeStripe::Catalogue::price_amount($store->get($_->{price}), $_->{quantity} // 1) for @items;
	my $due = defined $data->{trial_period_days} || defined $data->{trial_end} ? 0 : $total;
	my $id  = $store->new_id('cs_test_', 58);
	my $session = $store->add('checkout.session', {
		id => $id, adaptive_pricing => { enabled => false() }, after_expiration => undef,
		allow_promotion_codes => $req->p('allow_promotion_codes'), amount_subtotal => @items ? $due : undef,
		amount_total => @items ? $due : undef,
		automatic_tax => { enabled => ($req->p('automatic_tax') // {})->{enabled} // false(), liability => undef,
		provider => undef, status => undef }, billing_address_collection => $req->p('billing_address_collection'),
		cancel_url => $req->p('cancel_url'), client_reference_id => $req->p('client_reference_id'),
		client_secret => $hosted ? undef : "${id}_secret_" . $store->new_id('', 40), collected_information => undef,
		consent => undef,
		consent_collection => undef, created => $now,
		currency => @items ? $store->get($items[0]{price})->{currency} : $req->p('currency'),
		currency_conversion => undef, custom_fields => [],
		custom_text => { map { $_ => undef } qw(after_submit shipping_address submit terms_of_service_acceptance) },
		customer => $customer ? $customer->{id} : undef, customer_account => undef,
		customer_creation => $customer ? undef : 'always', customer_details => details($customer,
		$req->p('customer_email')), customer_email => $req->p('customer_email'),
			discounts => $req->p('discounts') // [], expires_at => $expires,
		integration_identifier => undef, invoice => undef, invoice_creation => undef, livemode => false(),
		locale => $req->p('locale'), managed_payments => undef, metadata => {}, mode => $mode,
		origin_context => undef, payment_intent => undef,
		payment_link => undef, payment_method_collection => $req->p('payment_method_collection') // 'always',
		payment_method_configuration_details => undef,
		payment_method_options => { card => { request_three_d_secure => 'automatic' } },
		payment_method_types => $req->p('payment_method_types') // ['card'],
		payment_status => $mode eq 'setup' ? 'no_payment_required' : 'unpaid', permissions => undef,
		phone_number_collection => { enabled => false() }, recovered_from => undef,
		saved_payment_method_options => undef, setup_intent => undef, shipping_address_collection => undef,
		shipping_cost => undef, shipping_options => [], status => 'open', submit_type => undef, subscription => undef,
		success_url => $req->p('success_url'), total_details => @items ? { amount_discount => 0, amount_shipping => 0,
		amount_tax => 0 } : undef, ui_mode => $ui, url => $hosted ? QuteCart::FakeStripe::Pages::address($app,
		'checkout', $id, "https://checkout.stripe.com/c/pay/$id") : undef,
		wallet_options => undef,
		_items => \@items, _data => $data, _version => $req->{version} });
	$req->merge_metadata($session);
	$session->{setup_intent} = new_setup_intent($app, $customer,
		metadata => ($req->p('setup_intent_data') // {})->{metadata} // {})->{id} if $mode eq 'setup';
	return $req->show($session);
}

sub details
{
	my ($customer, $email) = @_;
	return undef if !$customer && !defined $email;
	return { address => $customer ? $customer->{address} : undef, business_name => undef,
		email => $customer ? $customer->{email} : $email, individual_name => undef,
		name => $customer ? $customer->{name} : undef,
		phone => $customer ? $customer->{phone} : undef, tax_exempt => $customer ? $customer->{tax_exempt} : 'none',
		tax_ids => [] };
}

# The customer pays with a card: what the page would have done.  Called in a transaction.
sub complete
{
	my ($req, $session, %o) = @_;
	my $app   = $req->app;
	my $store = $req->store;
	refuse(400, "This session is $session->{status}.") if $session->{status} ne 'open';
	my $customer = $store->get($session->{customer}) // new_customer($app,
		email => $o{email} // $session->{customer_email} // 'customer@example.com', name => $o{name});
	emit($app, 'customer.created', $customer) unless $session->{customer};
	@$session{qw(customer customer_details)} = ($customer->{id}, details($customer));
	my $card = attach($app, $o{payment_method} // 'pm_card_visa', $customer);
	if ($session->{mode} eq 'setup')
	{
		my $setup = $store->get($session->{setup_intent});
		@$setup{qw(customer payment_method)} = ($customer->{id}, $card->{id});
		answered($app, $setup, 1);
	}
	else
	{
		subscribe($req, $session, $customer, $card, %o);
	}
	$session->{status} = 'complete';
	emit($app, 'checkout.session.completed', $session);
	return $session;
}

sub subscribe
{
	my ($req, $session, $customer, $card, %o) = @_;
	my $app = $req->app;
	my %given = (items => $session->{_items}, default_payment_method => $card->{id},
		payment_behavior => 'allow_incomplete', %{ $session->{_data} });
	$given{discounts} = $session->{discounts} if @{ $session->{discounts} };
	$given{discounts} = [{ promotion_code => $o{promotion_code} }] if $o{promotion_code};
	$given{automatic_tax} = { enabled => true() } if $session->{automatic_tax}{enabled};
	my $subscription = QuteCart::FakeStripe::Subscriptions::begin($req, $customer, \%given);
	my $invoice = $req->store->get($subscription->{latest_invoice});
	my $intent  = $req->store->get($invoice->{_intent});
	# The page asks for 3-D Secure itself.
	answered($app, $intent, $o{authenticate} // 1) if $intent && $intent->{status} eq 'requires_action';
	refuse(402, 'Your card was declined.', type => 'card_error',
		code => 'card_declined') if $subscription->{status} eq 'incomplete';
	my $off = 0;
	$off += $_->{amount} for @{ $invoice->{total_discount_amounts} };
	@$session{qw(subscription invoice amount_subtotal amount_total payment_status)} = ($subscription->{id},
		$invoice->{id}, $invoice->{subtotal}, $invoice->{total},
			$invoice->{total} > 0 ? 'paid' : 'no_payment_required');
	$session->{total_details}{amount_discount} = $off;
	$session->{url} = undef;
	return;
}

sub list
{
	my ($req) = @_;
	my %p = %{ $req->{params} };
	return $req->page($req->store->all('checkout.session', sub {
		my $one = $_;
		!grep { defined $p{$_} && ($one->{$_} // '') ne $p{$_} } qw(customer subscription status payment_intent);
	}));
}

sub items_of_session
{
	my ($req, $session) = @_;
	return map {
		my $price = $req->store->get($_->{price});
		my $amount = QuteCart::FakeStripe::Catalogue::price_amount($price, $_->{quantity} // 1);
		{ object => 'item', id => $session->{id} =~ s/^cs_test_/li_/r, amount_discount => 0,
			amount_subtotal => $amount, amount_tax => 0, amount_total => $amount, currency => $price->{currency},
			description => $req->store->{objects}{ $price->{product} }{name}, price => $req->show($price),
			quantity => $_->{quantity} // 1 }
	} @{ $session->{_items} };
}

sub line_items
{
	my ($req) = @_;
	return list_of($req->{path}, map { $req->show($_) } items_of_session($req, $req->need('checkout.session',
		$req->id)));
}

sub expire
{
	my ($req) = @_;
	my $session = $req->need('checkout.session', $req->id);
	refuse(400, "This Session is not open and cannot be expired.") if $session->{status} ne 'open';
	$session->{status} = 'expired';
	emit($req->app, 'checkout.session.expired', $session);
	return $req->show($session);
}

sub portal
{
	my ($req) = @_;
	my $customer = $req->need('customer', $req->p('customer') // missing_param('customer'), 'customer');
	my $flow = $req->p('flow_data');
	my $id   = $req->store->new_id('bps_');
	if ($flow)
	{
		my ($subscription) = map { $flow->{$_}{subscription} // () } grep { ref $flow->{$_} } keys %$flow;
		$req->need('subscription', $subscription, 'flow_data') if defined $subscription;
	}
	my $session = $req->store->add('billing_portal.session', {
		id => $id, configuration => $req->p('configuration') // 'bpc_1StandIn',
		created => $req->store->now_for($customer), customer => $customer->{id}, customer_account => undef,
		flow => $flow ? { after_completion => { hosted_confirmation => undef, redirect => undef,
		type => 'portal_homepage' },
		(map { $_ => undef } qw(subscription_cancel subscription_update subscription_update_confirm)),
			%$flow } : undef,
		livemode => false(), locale => $req->p('locale'), on_behalf_of => undef, return_url => $req->p('return_url'),
		url => QuteCart::FakeStripe::Pages::address($req->app, 'portal', $id,
			'https://billing.stripe.com/p/session/test_' . $req->store->new_id('', 40)) });
	emit($req->app, 'billing_portal.session.created', $session);
	return $req->show($session);
}

register_expand('checkout.session', 'line_items', sub {
	my ($app, $session, $shape) = @_;
	my $req = QuteCart::FakeStripe::Request->new(app => $app, shape => $shape);
	return list_of("/v1/checkout/sessions/$session->{id}/line_items", map { shown($app, $_,
		$shape) } items_of_session($req, $session));
});

1;
