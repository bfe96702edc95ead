# test/lib/QuteCart/FakeStripe/Cards.pm
#	Payment methods: Stripe's test cards, what each does, attach and detach.
#
# pm_card_… are not objects but recipes: retrieving or attaching one makes a new payment
# method, and only that one's id can be a customer's default.
package QuteCart::FakeStripe::Cards;

use strict;
use warnings;
use Digest::SHA qw(sha1_hex);
use Exporter qw(import);
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Shape;

our @EXPORT_OK = qw(attach card_of behaviour failure new_card);

# number, brand, funding, country, then what it does when it is attached and charged:
# ok, a decline, "3ds" (each payment), "setup" (each payment that was not set up).
my %recipes = (
	visa => ['4242424242424242', 'visa', 'credit', 'US'],
	visa_debit => ['4000056655665556', 'visa', 'debit', 'US'],
	mastercard => ['5555555555554444', 'mastercard', 'credit', 'US'],
	mastercard_debit => ['5200828282828210', 'mastercard', 'debit', 'US'],
	mastercard_prepaid => ['5105105105105100', 'mastercard', 'prepaid', 'US'],
	amex => ['378282246310005', 'amex', 'credit', 'US'],
	discover => ['6011111111111117', 'discover', 'credit', 'US'],
	diners => ['3056930009020004', 'diners', 'credit', 'US'],
	jcb => ['3566002020360505', 'jcb', 'credit', 'JP'],
	unionpay => ['6200000000000005', 'unionpay', 'credit', 'CN'],
	de => ['4000002760000016', 'visa', 'credit', 'DE'],
	gb => ['4000008260000000', 'visa', 'credit', 'GB'],
	chargeDeclined => ['4000000000000002', 'visa', 'credit', 'US', 'generic_decline', 'generic_decline'],
	visa_chargeDeclined => ['4000000000000002', 'visa', 'credit', 'US', 'generic_decline', 'generic_decline'],
	chargeDeclinedInsufficientFunds => ['4000000000009995', 'visa', 'credit', 'US', 'insufficient_funds',
	'insufficient_funds'],
	visa_chargeDeclinedInsufficientFunds => ['4000000000009995', 'visa', 'credit', 'US', 'insufficient_funds',
	'insufficient_funds'],
	visa_chargeDeclinedLostCard => ['4000000000009987', 'visa', 'credit', 'US', 'lost_card', 'lost_card'],
	visa_chargeDeclinedStolenCard => ['4000000000009979', 'visa', 'credit', 'US', 'stolen_card', 'stolen_card'],
	chargeDeclinedFraudulent => ['4100000000000019', 'visa', 'credit', 'US', 'fraudulent', 'fraudulent'],
	chargeDeclinedExpiredCard => ['4000000000000069', 'visa', 'credit', 'US', 'expired_card', 'expired_card'],
	chargeDeclinedIncorrectCvc => ['4000000000000127', 'visa', 'credit', 'US', 'incorrect_cvc', 'incorrect_cvc'],
	chargeDeclinedProcessingError => ['4000000000000119', 'visa', 'credit', 'US', 'processing_error',
	'processing_error'],
	chargeCustomerFail => ['4000000000000341', 'visa', 'credit', 'US', 'ok', 'generic_decline'],
	authenticationRequired => ['4000002760003184', 'visa', 'credit', 'DE', 'ok', '3ds'],
	authenticationRequiredOnSetup => ['4000002500003155', 'visa', 'credit', 'FR', 'ok', 'setup'],
	authenticationRequiredSetupForOffSession => ['4000003800000446', 'visa', 'credit', 'FR', 'ok', 'setup'],
	authenticationRequiredChargeDeclinedInsufficientFunds => ['4000008260003178', 'visa', 'credit', 'GB', 'ok',
	'3ds insufficient_funds'],
	threeDSecure2Required => ['4000000000003220', 'visa', 'credit', 'US', 'ok', '3ds'],
	threeDSecureRequired => ['4000000000003063', 'visa', 'credit', 'US', 'ok', '3ds'],
	threeDSecureRequiredChargeDeclined => ['4000008400001629', 'visa', 'credit', 'US', 'ok', '3ds generic_decline'],
	threeDSecureOptional => ['4000000000003055', 'visa', 'credit', 'US', 'ok', 'ok'],
);

# decline => [code, message, is the decline hard?]
my %declines = (
	generic_decline    => ['card_declined', 'Your card was declined.'],
	insufficient_funds => ['card_declined', 'Your card has insufficient funds.'],
	lost_card          => ['card_declined', 'Your card was declined.', 1],
	stolen_card        => ['card_declined', 'Your card was declined.', 1],
	fraudulent         => ['card_declined', 'Your card was declined.'],
	expired_card       => ['expired_card', 'Your card has expired.'],
	incorrect_cvc      => ['incorrect_cvc', "Your card's security code is incorrect."],
	processing_error   => ['processing_error',
		'An error occurred while processing your card. Try again in a little bit.'],
	authentication_required => ['authentication_required',
	'Your card was declined. This transaction requires authentication.'],
);

sub routes
{
	return (
		[POST => '/v1/payment_methods', \&create, [qw(type card billing_details metadata allow_redisplay)]],
		[GET  => '/v1/payment_methods', \&list, [qw(limit starting_after ending_before customer type)]],
		[GET  => '/v1/payment_methods/{}', \&retrieve],
		[POST => '/v1/payment_methods/{}', \&update, [qw(billing_details metadata card allow_redisplay)]],
		[POST => '/v1/payment_methods/{}/attach', \&attach_one, [qw(customer)]],
		[POST => '/v1/payment_methods/{}/detach', \&detach],
		[GET  => '/v1/customers/{}/payment_methods', \&list, [qw(limit starting_after ending_before type)]],
	);
}

sub behaviours { return sort(keys %declines), 'ok', '3ds', 'setup' }

# What Stripe says of a decline.
sub failure
{
	my ($decline) = @_;
	my ($code, $message, $hard) = @{ $declines{$decline} };
	return { code => $code, message => $message, hard => $hard, decline_code => $decline };
}

sub new_card
{
	my ($app, $recipe, $created) = @_;
	my ($number, $brand, $funding, $country, $attaches, $charges) = @{ $recipes{$recipe} };
	my $store = $app->store;
	return $store->add('payment_method', {
		id => $store->new_id('pm_'), allow_redisplay => 'unspecified', created => $created // $store->now,
		customer => undef, customer_account => undef,
		billing_details => { address => { map { $_ => undef } qw(city country line1 line2 postal_code state) },
		email => undef, name => undef, phone => undef, tax_id => undef },
		card => { brand => $brand, checks => { address_line1_check => undef, address_postal_code_check => undef,
		cvc_check => 'unchecked' }, country => $country,
			display_brand => $brand, exp_month => 12, exp_year => 2034, fingerprint => substr(sha1_hex($number), 0,
			16), funding => $funding, generated_from => undef,
			last4 => substr($number, -4), networks => { available => [$brand], preferred => undef },
			regulated_status => 'unregulated', three_d_secure_usage => { supported => true() }, wallet => undef },
		livemode => false(), metadata => {}, type => 'card', _attaches => $attaches // 'ok',
		_charges => $charges // 'ok' });
}

# The payment method of an id; a recipe makes one.
sub card_of
{
	my ($app, $id, $param) = @_;
	if (defined $id && $id =~ /^pm_card_(\w+)$/ && $recipes{$1})
	{
		return new_card($app, $1);
	}
	return $app->store->get($id, 'payment_method')
	  // refuse($param ? 400 : 404,
		"No such PaymentMethod: '" . ($id // '') . "'; It's possible this PaymentMethod exists on one of your connected accounts, in which case you should retry this request on that connected account. Learn more at https://stripe.com/docs/connect/authentication",
		code => 'resource_missing', param => $param // 'payment_method');
}

# What a charge of it would do: ok, a failure, or that the customer must be asked.
sub behaviour
{
	my ($card, %o) = @_;
	my ($asks, $decline) = $card->{_charges} =~ /^(3ds|setup)(?: (\w+))?$/;
	return { decline => $card->{_charges} } if !$asks && $card->{_charges} ne 'ok';
	return {} if !$asks;
	return $decline ? { decline => $decline } : {} if $o{authenticated} || ($asks eq 'setup' && $card->{_set_up});
	return { asks => 1 };
}

sub create
{
	my ($req) = @_;
	my ($type, $given) = ($req->p('type') // missing_param('type'), $req->p('card'));
	not_played("payment methods of type $type") if $type ne 'card';
	missing_param('card') unless $given;
	my $recipe;
	if (defined $given->{token})
	{
		($recipe) = $given->{token} =~ /^tok_(\w+)$/;
		no_such('token', $given->{token}, 'card[token]') if !$recipe || !$recipes{$recipe};
	}
	else
	{
		($recipe) = grep { $recipes{$_}[0] eq ($given->{number} // '') } sort keys %recipes;
		card_error({ code => 'incorrect_number', message => 'Your card number is incorrect.' },
			param => 'number') unless $recipe;
	}
	my $card = new_card($req->app, $recipe);
	$card->{card}{$_} = 0 + $given->{$_} for grep { defined $given->{$_} } qw(exp_month exp_year);
	fill($req, $card);
	return $req->show($card);
}

sub fill
{
	my ($req, $card) = @_;
	my $details = $req->p('billing_details') // {};
	for my $name (keys %$details)
	{
		$card->{billing_details}{$name} = $name eq 'address' ? { %{ $card->{billing_details}{address} },
			%{ $details->{address} // {} } } : $details->{$name};
	}
	$req->copy($card, 'allow_redisplay');
	$req->merge_metadata($card);
	return;
}

# A recipe is made anew for each who asks; nobody else ever sees that one.
sub retrieve
{
	my ($req) = @_;
	return $req->show(card_of($req->app, $req->id));
}

sub update
{
	my ($req) = @_;
	my $card = card_of($req->app, $req->id);
	refuse(400, 'You must save this PaymentMethod to a customer before you can update it.') unless $card->{customer};
	fill($req, $card);
	my $given = $req->p('card') // {};
	$card->{card}{$_} = 0 + $given->{$_} for grep { defined $given->{$_} } qw(exp_month exp_year);
	changed($req->app, 'payment_method.updated', $card);
	return $req->show($card);
}

sub attach_one
{
	my ($req) = @_;
	my $customer = $req->need('customer', $req->p('customer') // missing_param('customer'), 'customer');
	return $req->show(attach($req->app, $req->id, $customer));
}

# Stripe asks the bank when a card is attached: a card that declines is not.
sub attach
{
	my ($app, $id, $customer) = @_;
	my $card = card_of($app, $id);
	return $card if ($card->{customer} // '') eq $customer->{id};
	refuse(400, 'The payment method you provided has already been attached to a customer.') if $card->{customer};
	refuse(400, 'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.') if $card->{_used};
	card_error(failure($card->{_attaches})) if $card->{_attaches} ne 'ok';
	$card->{customer} = $customer->{id};
	$card->{card}{checks}{cvc_check} = 'pass';
	emit($app, 'payment_method.attached', $card);
	return $card;
}

sub detach
{
	my ($req) = @_;
	my $card = $req->need('payment_method', $req->id);
	refuse(400, 'The payment method you provided is not attached to a customer so detachment is impossible.') unless $card->{customer};
	my $owner = $req->store->get($card->{customer});
	my $settings = $owner ? $owner->{invoice_settings} : {};
	if (($settings->{default_payment_method} // '') eq $card->{id})
	{
		$settings->{default_payment_method} = undef;
		changed($req->app, 'customer.updated', $owner);
	}
	for my $subscription ($req->store->all('subscription',
		sub { ($_->{default_payment_method} // '') eq $card->{id} && !$_->{ended_at} }))
	{
		$subscription->{default_payment_method} = undef;
		changed($req->app, 'customer.subscription.updated', $subscription);
	}
	my $was = $card->{customer};
	$card->{customer} = undef;
	$card->{_used} = 1;
	emit($req->app, 'payment_method.detached', $card, { customer => $was });
	return $req->show($card);
}

sub list
{
	my ($req) = @_;
	my $customer = $req->p('customer') // $req->id;
	$req->need('customer', $customer, $req->id ? undef : 'customer') if defined $customer;
	my $type = $req->p('type') // 'card';
	return $req->page($req->store->all('payment_method',
		sub { $type eq $_->{type} && (defined $customer ? ($_->{customer} // '') eq $customer : 0) }));
}

1;
