# test/lib/QuteCart/FakeStripe/Intents.pm
#	Payment intents of invoices, setup intents, charges: where a card is really tried.
#
# What a customer would do in a browser (3-D Secure) is done by the control interface,
# through answered().
package QuteCart::FakeStripe::Intents;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Cards qw(card_of behaviour failure attach);
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Shape;

our @EXPORT_OK = qw(open_intent attempt_intent cancel_intent new_setup_intent answered payment_error);

sub routes
{
	return (
		[GET  => '/v1/payment_intents', \&list, [qw(limit starting_after ending_before created customer)]],
		[GET  => '/v1/payment_intents/{}', \&retrieve, [qw(client_secret)]],
		[POST => '/v1/payment_intents/{}/confirm', \&confirm,
			[qw(payment_method return_url off_session setup_future_usage use_stripe_sdk)]],
		[GET  => '/v1/charges', sub { my ($req) = @_; my ($c, $p) = map { $req->p($_) } qw(customer payment_intent);
				return $req->page($req->store->all('charge',
					sub { (!defined $c || ($_->{customer} // '') eq $c) && (!defined $p || $_->{payment_intent} eq $p) })) },
			[qw(limit starting_after ending_before created customer payment_intent)]],
		[GET  => '/v1/charges/{}', sub { $_[0]->show($_[0]->need('charge', $_[0]->id)) }],
		[GET  => '/v1/invoice_payments', \&list_payments,
			[qw(limit starting_after ending_before invoice payment status)]],
		[GET  => '/v1/invoice_payments/{}', sub { $_[0]->show($_[0]->need('invoice_payment', $_[0]->id)) }],
		[POST => '/v1/setup_intents', \&create_setup,
			[qw(customer payment_method payment_method_types usage confirm metadata description return_url automatic_payment_methods)]],
		[GET  => '/v1/setup_intents', sub { my ($req) = @_; my $c = $req->p('customer');
				return $req->page($req->store->all('setup_intent',
					sub { !defined $c || ($_->{customer} // '') eq $c })) },
						[qw(limit starting_after ending_before created customer)]],
		[GET  => '/v1/setup_intents/{}', sub { $_[0]->show($_[0]->need('setup_intent', $_[0]->id)) },
			[qw(client_secret)]],
		[POST => '/v1/setup_intents/{}', \&update_setup, [qw(customer payment_method metadata description)]],
		[POST => '/v1/setup_intents/{}/confirm', \&confirm_setup, [qw(payment_method return_url use_stripe_sdk)]],
		[POST => '/v1/setup_intents/{}/cancel', \&cancel_setup, [qw(cancellation_reason)]],
	);
}

# --- payment intents ---

sub secret_of { my ($app, $id) = @_; return "${id}_secret_" . $app->store->new_id('', 25) }

# The intent of an invoice, and the row that joins the two.
sub open_intent
{
	my ($app, $invoice) = @_;
	my $store = $app->store;
	my $id    = $store->new_id('pi_');
	my $now   = $store->now_for($invoice);
	my $intent = $store->add('payment_intent', {
		id => $id, amount => $invoice->{amount_due}, amount_capturable => 0, amount_details => { tip => {} },
		amount_received => 0, application => undef, application_fee_amount => undef,
		automatic_payment_methods => undef, canceled_at => undef, cancellation_reason => undef,
		capture_method => 'automatic', client_secret => secret_of($app, $id),
		confirmation_method => 'automatic', created => $now, currency => $invoice->{currency},
		customer => $invoice->{customer},
		description => $invoice->{billing_reason} eq 'subscription_create' ? 'Subscription creation' : 'Subscription update', last_payment_error => undef, latest_charge => undef,
		livemode => false(), metadata => {}, next_action => undef, payment_method => undef,
		payment_method_options => { card => { request_three_d_secure => 'automatic' } },
		payment_method_types => ['card'], setup_future_usage => 'off_session', status => 'requires_payment_method',
		_invoice => $invoice->{id} });
	$invoice->{_intent} = $id;
	$invoice->{_payment} = $store->add('invoice_payment', {
		id => $store->new_id('inpay_'), amount_paid => undef, amount_requested => $invoice->{amount_due},
		created => $now, currency => $invoice->{currency}, invoice => $invoice->{id},
		is_default => true(), livemode => false(), payment => { payment_intent => $id, type => 'payment_intent' },
		status => 'open',
		status_transitions => { canceled_at => undef, paid_at => undef } })->{id};
	emit($app, 'payment_intent.created', $intent);
	return $intent;
}

# Charge a card for an invoice: {paid => 1}, {failure => …} or {asks => 1}.
sub attempt_intent
{
	my ($app, $invoice, $card, %o) = @_;
	my $store  = $app->store;
	my $intent = $store->get($invoice->{_intent});
	my $would  = behaviour($card, %o);
	$intent->{payment_method} = $card->{id};
	if ($would->{asks})
	{
		@$intent{qw(status last_payment_error)} = ('requires_action', undef);
		$intent->{next_action} = $o{return_url}
		  ? { type => 'redirect_to_url', redirect_to_url => { return_url => $o{return_url},
			url => QuteCart::FakeStripe::Pages::address($app, '3ds', $intent->{id},
				"https://hooks.stripe.com/3d_secure_2/hosted?merchant=acct_standin&payment_intent=$intent->{id}") } }
		  : { type => 'use_stripe_sdk', use_stripe_sdk => { type => 'three_d_secure_redirect',
			stripe_js => "https://hooks.stripe.com/redirect/authenticate/$intent->{id}",
			source => $store->new_id('src_') } };
		emit($app, 'payment_intent.requires_action', $intent);
		return { asks => 1, intent => $intent };
	}
	$intent->{next_action} = undef;
	my $failure = $would->{decline} ? failure($would->{decline}) : undef;
	my $charge  = new_charge($app, $intent, $card, $failure);
	$intent->{latest_charge} = $charge->{id};
	if ($failure)
	{
		@$intent{qw(status last_payment_error payment_method)} = ('requires_payment_method', payment_error($app,
			$failure, $charge, $card), undef);
		emit($app, 'charge.failed', $charge);
		emit($app, 'payment_intent.payment_failed', $intent);
		return { failure => $failure, charge => $charge, intent => $intent, card => $card };
	}
	@$intent{qw(status amount_received last_payment_error)} = ('succeeded', $intent->{amount}, undef);
	$card->{_set_up} = 1;
	my $payment = $store->get($invoice->{_payment});
	@$payment{qw(status amount_paid)} = ('paid', $intent->{amount});
	$payment->{status_transitions}{paid_at} = $store->now_for($invoice);
	emit($app, 'charge.succeeded', $charge);
	emit($app, 'payment_intent.succeeded', $intent);
	emit($app, 'invoice_payment.paid', $payment);
	return { paid => 1, charge => $charge, intent => $intent };
}

# An error as an intent remembers it and a 402 tells it.
sub payment_error
{
	my ($app, $failure, $charge, $card) = @_;
	return { charge => $charge ? $charge->{id} : undef, code => $failure->{code},
		decline_code => $failure->{decline_code},
		doc_url => 'https://stripe.com/docs/error-codes/' . $failure->{code} =~ tr/_/-/r,
		message => $failure->{message}, payment_method => shown($app, $card, shape_of($app->{version})),
		type => 'card_error' };
}

sub new_charge
{
	my ($app, $intent, $card, $failure) = @_;
	my $store = $app->store;
	my %about = %{ $card->{card} };
	my $id    = $store->new_id('ch_');
	my $good  = !$failure;
	return $store->add('charge', {
		id => $id, amount => $intent->{amount}, amount_captured => $good ? $intent->{amount} : 0,
		amount_refunded => 0, application => undef, application_fee => undef, application_fee_amount => undef,
		balance_transaction => $good ? $store->new_id('txn_') : undef,
		billing_details => { %{ $card->{billing_details} } }, calculated_statement_descriptor => 'QUTECART',
		captured => flag($good),
		created => $store->now_for($intent), currency => $intent->{currency}, customer => $intent->{customer},
		description => $intent->{description}, disputed => false(),
		failure_balance_transaction => undef, failure_code => $good ? undef : $failure->{code},
		failure_message => $good ? undef : $failure->{message}, fraud_details => {}, livemode => false(),
		metadata => {},
		outcome => { advice_code => $good || $failure->{hard} ? undef : 'try_again_later',
		network_advice_code => undef, network_decline_code => $good ? undef : '01',
		network_status => $good ? 'approved_by_network' : 'declined_by_network',
			reason => $good ? undef : $failure->{decline_code}, risk_level => 'normal', risk_score => 32,
			seller_message => $good ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
			type => $good ? 'authorized' : 'issuer_declined' },
		paid => flag($good), payment_intent => $intent->{id}, payment_method => $card->{id},
		payment_method_details => { type => 'card', card => { amount_authorized => $good ? $intent->{amount} : undef,
		authorization_code => undef, brand => $about{brand}, checks => { %{ $about{checks} } },
				country => $about{country}, exp_month => $about{exp_month}, exp_year => $about{exp_year},
				extended_authorization => { status => 'disabled' }, fingerprint => $about{fingerprint},
				funding => $about{funding}, incremental_authorization => { status => 'unavailable' },
				installments => undef, last4 => $about{last4}, mandate => undef,
				multicapture => { status => 'unavailable' },
				network => $about{brand}, network_token => { used => false() },
				network_transaction_id => $store->new_id('', 15),
				overcapture => { maximum_amount_capturable => $intent->{amount}, status => 'unavailable' },
				regulated_status => 'unregulated', three_d_secure => undef, wallet => undef } },
		receipt_url => $good ? "https://pay.stripe.com/receipts/payment/$id" : undef, refunded => false(),
		refunds => list_of("/v1/charges/$id/refunds"), status => $good ? 'succeeded' : 'failed' });
}

sub cancel_intent
{
	my ($app, $invoice) = @_;
	my $intent = $app->store->get($invoice->{_intent}) or return;
	return if $intent->{status} =~ /^(?:succeeded|canceled)$/;
	@$intent{qw(status canceled_at cancellation_reason next_action)} = ('canceled', $app->store->now_for($invoice),
		'void_invoice', undef);
	my $payment = $app->store->get($invoice->{_payment});
	$payment->{status} = 'canceled';
	$payment->{status_transitions}{canceled_at} = $intent->{canceled_at};
	emit($app, 'payment_intent.canceled', $intent);
	return;
}

sub list
{
	my ($req) = @_;
	my $customer = $req->p('customer');
	return $req->page($req->store->all('payment_intent',
		sub { !defined $customer || ($_->{customer} // '') eq $customer }));
}

sub retrieve { my ($req) = @_; return $req->show($req->need('payment_intent', $req->id)) }

# A client's confirmation of an invoice's intent, mostly with another card.
sub confirm
{
	my ($req) = @_;
	my $app    = $req->app;
	my $intent = $req->need('payment_intent', $req->id);
	refuse(400, "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.", code => 'payment_intent_unexpected_state', payment_intent => $req->show($intent)) if $intent->{status} eq 'succeeded';
	refuse(400, "You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.", code => 'payment_intent_unexpected_state', payment_intent => $req->show($intent)) if $intent->{status} eq 'canceled';
	my $id   = $req->p('payment_method') // $intent->{payment_method} // refuse(400,
		"You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.", code => 'payment_intent_unexpected_state', payment_intent => $req->show($intent));
	my $customer = $req->store->get($intent->{customer});
	my $card = card_of($app, $id, 'payment_method');
	$card = attach($app, $card->{id}, $customer) unless $card->{customer};
	my $outcome = settle($app, $intent, $card, return_url => $req->p('return_url'));
	card_error($outcome->{failure}, payment_intent => $req->show($intent), charge => $outcome->{charge}{id},
		payment_method => $req->show($card), -keep => 1) if $outcome->{failure};
	return $req->show($intent);
}

sub settle
{
	my ($app, $intent, $card, %o) = @_;
	require QuteCart::FakeStripe::Billing;
	return QuteCart::FakeStripe::Billing::collect($app, $app->store->get($intent->{_invoice}), card => $card, %o);
}

# What the customer did when asked: an intent that waits for 3-D Secure goes on.
sub answered
{
	my ($app, $intent, $agreed) = @_;
	my $card = $app->store->get($intent->{payment_method});
	return answered_setup($app, $intent, $card, $agreed) if $intent->{object} eq 'setup_intent';
	if ($agreed)
	{
		$card->{_set_up} = 1;
		return settle($app, $intent, $card, authenticated => 1);
	}
	my $failure = { code => 'payment_intent_authentication_failure',
		message => 'We are unable to authenticate your payment method. Please choose a different payment method and try again.' };
	@$intent{qw(status next_action payment_method last_payment_error)} = ('requires_payment_method', undef, undef,
		payment_error($app, $failure, undef, $card));
	emit($app, 'payment_intent.payment_failed', $intent);
	my $invoice = $app->store->get($intent->{_invoice});
	emit($app, 'invoice.payment_failed', $invoice);
	return { failure => $failure };
}

sub list_payments
{
	my ($req) = @_;
	my ($invoice, $payment, $status) = map { $req->p($_) } qw(invoice payment status);
	return $req->page($req->store->all('invoice_payment', sub {
		(!defined $invoice || $_->{invoice} eq $invoice) && (!defined $status || $_->{status} eq $status)
		  && (!$payment || !defined $payment->{payment_intent} || $_->{payment}{payment_intent} eq $payment->{payment_intent});
	}));
}

# --- setup intents ---

sub new_setup_intent
{
	my ($app, $customer, %o) = @_;
	my $store = $app->store;
	my $id    = $store->new_id('seti_');
	my $setup = $store->add('setup_intent', {
		id => $id, application => undef, automatic_payment_methods => undef, cancellation_reason => undef,
		client_secret => secret_of($app, $id), created => $customer ? $store->now_for($customer) : $app->now,
		customer => $customer ? $customer->{id} : undef, description => undef, flow_directions => undef,
		last_setup_error => undef, latest_attempt => undef, livemode => false(), mandate => undef,
		metadata => {}, next_action => undef, payment_method => undef,
		payment_method_options => { card => { mandate_options => undef, network => undef,
		request_three_d_secure => 'automatic' } },
		payment_method_types => ['card'], single_use_mandate => undef, status => 'requires_payment_method',
		usage => 'off_session', %o });
	emit($app, 'setup_intent.created', $setup);
	return $setup;
}

sub create_setup
{
	my ($req) = @_;
	my $app = $req->app;
	my $customer = defined $req->p('customer') ? $req->need('customer', $req->p('customer'), 'customer') : undef;
	my $setup = new_setup_intent($app, $customer);
	$req->copy($setup, qw(usage description payment_method_types));
	$req->merge_metadata($setup);
	choose($req, $setup);
	confirm_card($req, $setup) if $req->p('confirm');
	return $req->show($setup);
}

sub choose
{
	my ($req, $setup) = @_;
	return unless defined $req->p('payment_method');
	$setup->{payment_method} = card_of($req->app, $req->p('payment_method'), 'payment_method')->{id};
	$setup->{status} = 'requires_confirmation';
	return;
}

sub update_setup
{
	my ($req) = @_;
	my $setup = $req->need('setup_intent', $req->id);
	refuse(400, "This SetupIntent's status is $setup->{status} and cannot be updated.",
		code => 'setup_intent_unexpected_state') if $setup->{status} =~ /^(?:succeeded|canceled)$/;
	$setup->{customer} = $req->need('customer', $req->p('customer'), 'customer')->{id} if defined $req->p('customer');
	$req->copy($setup, 'description');
	$req->merge_metadata($setup);
	choose($req, $setup);
	return $req->show($setup);
}

sub confirm_setup
{
	my ($req) = @_;
	my $setup = $req->need('setup_intent', $req->id);
	refuse(400, "You cannot confirm this SetupIntent because it has a status of $setup->{status}.",
		code => 'setup_intent_unexpected_state',
		setup_intent => $req->show($setup)) if $setup->{status} =~ /^(?:succeeded|canceled)$/;
	choose($req, $setup);
	confirm_card($req, $setup);
	return $req->show($setup);
}

sub confirm_card
{
	my ($req, $setup) = @_;
	my $app = $req->app;
	refuse(400, "You cannot confirm this SetupIntent because it's missing a payment method.",
		code => 'setup_intent_unexpected_state') unless $setup->{payment_method};
	my $card = $req->store->get($setup->{payment_method});
	if ($card->{_attaches} ne 'ok')
	{
		my $failure = failure($card->{_attaches});
		@$setup{qw(status payment_method last_setup_error)} = ('requires_payment_method', undef, payment_error($app,
			$failure, undef, $card));
		emit($app, 'setup_intent.setup_failed', $setup);
		card_error($failure, setup_intent => $req->show($setup), -keep => 1);
	}
	if (behaviour($card)->{asks})
	{
		@$setup{qw(status next_action)} = ('requires_action', { type => 'use_stripe_sdk',
			use_stripe_sdk => { type => 'three_d_secure_redirect',
			stripe_js => "https://hooks.stripe.com/redirect/authenticate/$setup->{id}" } });
		emit($app, 'setup_intent.requires_action', $setup);
		return;
	}
	answered_setup($app, $setup, $card, 1);
	return;
}

sub answered_setup
{
	my ($app, $setup, $card, $agreed) = @_;
	$setup->{next_action} = undef;
	if (!$agreed)
	{
		my $failure = { code => 'setup_intent_authentication_failure',
			message => 'The latest attempt to set up the payment method has failed because authentication failed.' };
		@$setup{qw(status payment_method last_setup_error)} = ('requires_payment_method', undef, payment_error($app,
			$failure, undef, $card));
		emit($app, 'setup_intent.setup_failed', $setup);
		return { failure => $failure };
	}
	$card->{_set_up} = 1;
	$setup->{status} = 'succeeded';
	attach($app, $card->{id}, $app->store->get($setup->{customer})) if $setup->{customer} && !$card->{customer};
	emit($app, 'setup_intent.succeeded', $setup);
	return { paid => 1 };
}

sub cancel_setup
{
	my ($req) = @_;
	my $setup = $req->need('setup_intent', $req->id);
	refuse(400, "You cannot cancel this SetupIntent because it has a status of $setup->{status}.",
		code => 'setup_intent_unexpected_state') if $setup->{status} =~ /^(?:succeeded|canceled)$/;
	@$setup{qw(status cancellation_reason next_action)} = ('canceled', $req->p('cancellation_reason'), undef);
	emit($req->app, 'setup_intent.canceled', $setup);
	return $req->show($setup);
}

# The card that failed is told in the shape of the answer.
sub error_shown
{
	my ($app, $error, $shape) = @_;
	return $error unless $error && $error->{payment_method};
	return { %$error, payment_method => shown($app, $app->store->{objects}{ $error->{payment_method}{id} }, $shape) };
}

register_shape('setup_intent', new => sub { my ($app, $setup,
	$shape) = @_; return { last_setup_error => error_shown($app, $setup->{last_setup_error}, $shape) } });
register_shape('payment_intent', new => sub { my ($app, $intent,
	$shape) = @_; return { last_payment_error => error_shown($app, $intent->{last_payment_error}, $shape) } },
		old => sub { return { invoice => $_[1]{_invoice} } });
register_shape('charge', old => sub { my ($app,
	$charge) = @_; my $intent = $app->store->{objects}{ $charge->{payment_intent} }; return { invoice => $intent->{_invoice} } });

1;
