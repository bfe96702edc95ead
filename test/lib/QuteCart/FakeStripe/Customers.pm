# test/lib/QuteCart/FakeStripe/Customers.pm
#	Customers, their balance and their tax ids.
package QuteCart::FakeStripe::Customers;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Discounts;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Shape;

our @EXPORT_OK = qw(new_customer move_balance);

my @TEXT   = qw(description email name phone);
my @FIELDS = (@TEXT, qw(address balance invoice_prefix invoice_settings metadata next_invoice_sequence preferred_locales shipping tax_exempt coupon promotion_code));

sub routes
{
	return (
		[POST   => '/v1/customers', \&create, [@FIELDS, qw(payment_method test_clock tax_id_data)]],
		[GET    => '/v1/customers', \&list, [qw(limit starting_after ending_before created email test_clock)]],
		[GET    => '/v1/customers/{}', \&retrieve],
		[POST   => '/v1/customers/{}', \&update, \@FIELDS],
		[DELETE => '/v1/customers/{}', \&delete_one],
		[DELETE => '/v1/customers/{}/discount', \&delete_discount],
		[GET    => '/v1/customers/{}/balance_transactions', \&balance_list, [qw(limit starting_after ending_before)]],
		[POST   => '/v1/customers/{}/balance_transactions', \&balance_create,
			[qw(amount currency description metadata)]],
		[GET    => '/v1/customers/{}/tax_ids', \&tax_list, [qw(limit starting_after ending_before)]],
		[POST   => '/v1/customers/{}/tax_ids', \&tax_create, [qw(type value)]],
		[GET    => '/v1/customers/{}/tax_ids/{}', \&tax_retrieve],
		[DELETE => '/v1/customers/{}/tax_ids/{}', \&tax_delete],
	);
}

sub new_customer
{
	my ($app, %o) = @_;
	my $store = $app->store;
	my $id = $store->new_id('cus_', 14);
	return $store->add('customer', {
		id => $id, address => undef, balance => 0, created => $store->now_for({ object => 'customer',
		test_clock => $o{test_clock} }), currency => undef,
		default_source => undef, delinquent => false(), description => undef, email => undef,
		invoice_prefix => uc substr($id, -8),
		invoice_settings => { custom_fields => undef, default_payment_method => undef, footer => undef,
		rendering_options => undef },
		livemode => false(), metadata => {}, name => undef, next_invoice_sequence => 1, phone => undef,
		preferred_locales => [],
		shipping => undef, tax_exempt => 'none', test_clock => undef, %o });
}

sub create
{
	my ($req) = @_;
	my $app = $req->app;
	$req->need('test_helpers.test_clock', $req->p('test_clock'), 'test_clock') if defined $req->p('test_clock');
	my $customer = new_customer($app, test_clock => $req->p('test_clock'));
	fill($req, $customer);
	emit($app, 'customer.created', $customer);
	if (defined $req->p('payment_method'))
	{
		require QuteCart::FakeStripe::Cards;
		QuteCart::FakeStripe::Cards::attach($app, $req->p('payment_method'), $customer);
	}
	settings($req, $customer);
	new_tax_id($app, $customer, $_) for @{ $req->p('tax_id_data') // [] };
	changed($app, 'customer.updated', $customer);
	return $req->show($customer);
}

sub fill
{
	my ($req, $customer) = @_;
	my $email = $req->p('email');
	refuse_param('email', "Invalid email address: $email",
		code => 'email_invalid') if defined $email && $email ne '' && $email !~ /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
	$req->copy($customer, @TEXT, qw(balance next_invoice_sequence invoice_prefix preferred_locales tax_exempt));
	$customer->{tax_exempt} //= 'none';
	for my $name (qw(address shipping))
	{
		next unless $req->has($name);
		my $given = $req->p($name);
		$customer->{$name} = $name eq 'address' && $given ? { map { $_ => undef } qw(city country line1 line2 postal_code state) } : {};
		$customer->{$name} = $given ? { %{ $customer->{$name} }, %$given } : undef;
	}
	$req->merge_metadata($customer);
	if (my $coupon = given_discount($req, $req->{params}))
	{
		$customer->{_discount} = start_discount($req->app, $coupon, customer => $customer->{id});
		emit($req->app, 'customer.discount.created', $req->store->get($customer->{_discount}));
	}
	return;
}

# A default payment method must be one of the customer's.
sub settings
{
	my ($req, $customer) = @_;
	my $given = $req->p('invoice_settings') or return;
	if (defined(my $id = $given->{default_payment_method}))
	{
		my $card = $req->store->get($id, 'payment_method');
		refuse_param('invoice_settings[default_payment_method]',
			"No such PaymentMethod: '$id'; It's possible this PaymentMethod exists on one of your connected accounts, in which case you should retry this request on that connected account. Learn more at https://stripe.com/docs/connect/authentication", code => 'resource_missing')
		  if !$card && $id !~ /^pm_card_/;
		refuse_param('invoice_settings[default_payment_method]',
			"The customer does not have a payment method with the ID $id. The payment method must be attached to the customer.", code => 'resource_missing')
		  if !$card || ($card->{customer} // '') ne $customer->{id};
	}
	for my $name (keys %$given)
	{
		$customer->{invoice_settings}{$name} = defined $given->{$name} && $given->{$name} ne '' ? $given->{$name} : undef;
	}
	return;
}

sub retrieve
{
	my ($req) = @_;
	my $gone = $req->store->gone($req->id, 'customer');
	return $req->show($gone // $req->need('customer', $req->id));
}

sub update
{
	my ($req) = @_;
	my $customer = $req->need('customer', $req->id);
	fill($req, $customer);
	settings($req, $customer);
	changed($req->app, 'customer.updated', $customer);
	return $req->show($customer);
}

# Every subscription of the customer ends with it, at once.
sub delete_one
{
	my ($req) = @_;
	my $app = $req->app;
	my $customer = $req->need('customer', $req->id);
	require QuteCart::FakeStripe::Subscriptions;
	for my $subscription ($req->store->all('subscription',
		sub { $_->{customer} eq $customer->{id} && !$_->{ended_at} }))
	{
		QuteCart::FakeStripe::Subscriptions::end_now($app, $subscription);
	}
	emit($app, 'customer.deleted', $customer);
	$req->store->remove($customer->{id});
	return { id => $customer->{id}, object => 'customer', deleted => true() };
}

sub list
{
	my ($req) = @_;
	my ($email, $clock) = ($req->p('email'), $req->p('test_clock'));
	return $req->page($req->store->all('customer', sub {
		(!defined $email || ($_->{email} // '') eq $email) && (defined $clock ? ($_->{test_clock} // '') eq $clock : !defined $_->{test_clock});
	}));
}

sub delete_discount
{
	my ($req) = @_;
	my $customer = $req->need('customer', $req->id);
	my $discount = $req->store->get(delete $customer->{_discount}) // refuse(404,
		"No active discount for customer: $customer->{id}", code => 'resource_missing');
	end_discount($req->app, $discount);
	return { %{ $req->show($discount) }, deleted => true() };
}

# --- balance ---

# Positive is owed, negative is credit; each move is a row.
sub move_balance
{
	my ($app, $customer, $amount, %o) = @_;
	return unless $amount;
	my $store = $app->store;
	$customer->{balance} += $amount;
	return $store->add('customer_balance_transaction', {
		id => $store->new_id('cbtxn_'), amount => $amount, created => $store->now_for($customer),
		credit_note => undef, currency => $customer->{currency} // 'usd',
		customer => $customer->{id}, description => undef, ending_balance => $customer->{balance}, invoice => undef,
		livemode => false(), metadata => {},
		type => 'adjustment', checkout_session => undef, %o });
}

sub balance_create
{
	my ($req) = @_;
	my $customer = $req->need('customer', $req->id);
	my $move = move_balance($req->app, $customer, $req->p('amount'), currency => $req->p('currency'),
		description => $req->p('description'))
	  // refuse_param('amount', 'Invalid integer: 0');
	$req->merge_metadata($move);
	changed($req->app, 'customer.updated', $customer);
	return $req->show($move);
}

sub balance_list
{
	my ($req) = @_;
	my $id = $req->need('customer', $req->id)->{id};
	return $req->page($req->store->all('customer_balance_transaction', sub { $_->{customer} eq $id }));
}

# --- tax ids ---

my %vat = (eu_vat => qr/^[A-Z]{2}[0-9A-Z+*]{2,12}$/, us_ein => qr/^\d{2}-?\d{7}$/,
	gb_vat => qr/^(?:GB|XI)[0-9A-Z]{5,12}$/);

sub new_tax_id
{
	my ($app, $customer, $given) = @_;
	my ($type, $value) = @$given{qw(type value)};
	refuse_param('value', "Invalid value for $type.",
		code => 'tax_id_invalid') if $vat{$type} && $value !~ $vat{$type};
	my $store = $app->store;
	my $tax_id = $store->add('tax_id', {
		id => $store->new_id('txi_'), country => $type eq 'eu_vat' ? substr($value, 0, 2) : uc substr($type, 0, 2),
		created => $store->now_for($customer),
		customer => $customer->{id}, customer_account => undef, livemode => false(),
		owner => { customer => $customer->{id}, customer_account => undef, type => 'customer' },
		type => $type, value => $value,
		verification => { status => $type =~ /^(?:eu|gb)_vat$/ ? 'pending' : 'unavailable', verified_address => undef,
		verified_name => undef } });
	emit($app, 'customer.tax_id.created', $tax_id);
	return $tax_id;
}

sub tax_create
{
	my ($req) = @_;
	return $req->show(new_tax_id($req->app, $req->need('customer', $req->id), $req->{params}));
}

sub tax_of
{
	my ($req) = @_;
	my $tax_id = $req->need('tax_id', $req->id(1));
	no_such('tax_id', $req->id(1)) if $tax_id->{customer} ne $req->need('customer', $req->id)->{id};
	return $tax_id;
}

sub tax_retrieve { my ($req) = @_; return $req->show(tax_of($req)) }

sub tax_list
{
	my ($req) = @_;
	my $id = $req->need('customer', $req->id)->{id};
	return $req->page($req->store->all('tax_id', sub { $_->{customer} eq $id }));
}

sub tax_delete
{
	my ($req) = @_;
	my $tax_id = tax_of($req);
	emit($req->app, 'customer.tax_id.deleted', $tax_id);
	$req->store->remove($tax_id->{id});
	return { id => $tax_id->{id}, object => 'tax_id', deleted => true() };
}

register_shape('customer', new => sub {
	my ($app, $customer, $shape) = @_;
	my $discount = $customer->{_discount} ? $app->store->get($customer->{_discount}) : undef;
	return { discount => $discount ? shown($app, $discount, $shape) : undef };
});
register_expand('customer', 'subscriptions', sub {
	my ($app, $customer, $shape) = @_;
	my @live = $app->store->all('subscription', sub { $_->{customer} eq $customer->{id} && !$_->{ended_at} });
	return list_of("/v1/customers/$customer->{id}/subscriptions", map { shown($app, $_, $shape) } reverse @live);
});
register_expand('customer', 'tax_ids', sub {
	my ($app, $customer, $shape) = @_;
	return list_of("/v1/customers/$customer->{id}/tax_ids", map { shown($app, $_, $shape) } $app->store->all('tax_id',
		sub { $_->{customer} eq $customer->{id} }));
});

1;
