# test/lib/QuteCart/FakeStripe/Catalogue.pm
#	Products and prices.
package QuteCart::FakeStripe::Catalogue;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Shape;

our @EXPORT_OK = qw(price_amount);

my @PRODUCT = qw(active description images marketing_features metadata name shippable statement_descriptor tax_code unit_label url);

sub routes
{
	return (
		[POST   => '/v1/products', \&create_product, [@PRODUCT, 'id', 'default_price_data', 'type']],
		[GET    => '/v1/products', \&list_products,
			[qw(limit starting_after ending_before created active ids shippable url)]],
		[GET    => '/v1/products/{}', sub { $_[0]->show($_[0]->need('product', $_[0]->id)) }],
		[POST   => '/v1/products/{}', \&update_product, [@PRODUCT, 'default_price']],
		[DELETE => '/v1/products/{}', \&delete_product],
		[POST   => '/v1/prices', \&create_price,
			[qw(active billing_scheme currency lookup_key metadata nickname product product_data recurring tax_behavior transfer_lookup_key unit_amount unit_amount_decimal)]],
		[GET    => '/v1/prices', \&list_prices,
			[qw(limit starting_after ending_before created active currency lookup_keys product type recurring)]],
		[GET    => '/v1/prices/{}', sub { $_[0]->show($_[0]->need('price', $_[0]->id)) }],
		[POST   => '/v1/prices/{}', \&update_price,
			[qw(active lookup_key metadata nickname tax_behavior transfer_lookup_key)]],
	);
}

sub create_product
{
	my ($req) = @_;
	my $store = $req->store;
	my $id    = $req->p('id') // $store->new_id('prod_', 14);
	refuse_param('id', "Product already exists.", code => 'resource_already_exists') if $store->get($id);
	my $product = new_product($req->app, $id, $req->p('name'));
	$req->copy($product, grep { $_ ne 'metadata' } @PRODUCT);
	$req->merge_metadata($product);
	emit($req->app, 'product.created', $product);
	if (my $data = $req->p('default_price_data'))
	{
		my $price = new_price($req, { %$data, product => $id }, 'default_price_data');
		emit($req->app, 'price.created', $price);
		$product->{default_price} = $price->{id};
	}
	return $req->show($product);
}

sub new_product
{
	my ($app, $id, $name) = @_;
	my $now = $app->now;
	return $app->store->add('product', {
		id => $id, active => true(), created => $now, default_price => undef, description => undef, images => [],
		livemode => false(), marketing_features => [],
		metadata => {}, name => $name, package_dimensions => undef, shippable => undef, statement_descriptor => undef,
		tax_code => undef, type => 'service',
		unit_label => undef, updated => $now, url => undef });
}

sub update_product
{
	my ($req) = @_;
	my $product = $req->need('product', $req->id);
	$req->copy($product, grep { $_ ne 'metadata' } @PRODUCT);
	$req->merge_metadata($product);
	if (defined(my $id = $req->p('default_price')))
	{
		my $price = $req->need('price', $id, 'default_price');
		refuse_param('default_price',
			"The price '$id' belongs to another product.") if $price->{product} ne $product->{id};
		$product->{default_price} = $id;
	}
	$product->{updated} = $req->app->now;
	changed($req->app, 'product.updated', $product);
	return $req->show($product);
}

sub delete_product
{
	my ($req) = @_;
	my $product = $req->need('product', $req->id);
	refuse(400, 'This product cannot be deleted because it has one or more user-created prices.') if $req->store->all('price', sub { $_->{product} eq $product->{id} });
	emit($req->app, 'product.deleted', $product);
	$req->store->remove($product->{id});
	return { id => $product->{id}, object => 'product', deleted => true() };
}

sub list_products
{
	my ($req) = @_;
	my ($active, $ids) = ($req->p('active'), $req->p('ids'));
	return $req->page($req->store->all('product', sub {
		my $product = $_;
		(!defined $active || !$active == !$product->{active}) && (!$ids || grep { $_ eq $product->{id} } @$ids);
	}));
}

# --- prices ---

sub create_price
{
	my ($req) = @_;
	my $given = $req->{params};
	missing_param('currency') unless defined $given->{currency};
	refuse(400, 'You must specify either `product` or `product_data` when creating a price.') unless defined $given->{product} || $given->{product_data};
	if (my $data = $given->{product_data})
	{
		my $product = new_product($req->app, $data->{id} // $req->store->new_id('prod_', 14), $data->{name});
		$product->{metadata} = $data->{metadata} // {};
		emit($req->app, 'product.created', $product);
		$given = { %$given, product => $product->{id} };
	}
	my $price = new_price($req, $given, '');
	emit($req->app, 'price.created', $price);
	return $req->show($price);
}

sub new_price
{
	my ($req, $given, $at) = @_;
	$req->need('product', $given->{product}, 'product');
	not_played('prices with tiers') if ($given->{billing_scheme} // 'per_unit') ne 'per_unit';
	my ($amount, $decimal) = @$given{qw(unit_amount unit_amount_decimal)};
	refuse(400, 'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.') unless defined $amount || defined $decimal;
	refuse(400, 'You may only specify one of these parameters: unit_amount, unit_amount_decimal.',
		code => 'parameters_exclusive') if defined $amount && defined $decimal;
	refuse_param('unit_amount', "This value must be greater than or equal to 0.",
		code => 'parameter_invalid_integer') if ($amount // $decimal) < 0;
	refuse_param('currency',
		"Invalid currency: $given->{currency}. Stripe currently supports these currencies: usd, eur, gbp, …") if $given->{currency} !~ /^[a-z]{3}$/i;
	my $store = $req->store;
	lookup_key($req, $given->{lookup_key}, $given->{transfer_lookup_key}) if defined $given->{lookup_key};
	return $store->add('price', {
		id => $store->new_id('price_'), active => $given->{active} // true(), billing_scheme => 'per_unit',
		created => $req->app->now, currency => lc $given->{currency},
		custom_unit_amount => undef, livemode => false(), lookup_key => $given->{lookup_key},
		metadata => $given->{metadata} // {}, nickname => $given->{nickname},
		product => $given->{product}, recurring => recurring($given->{recurring}),
		tax_behavior => $given->{tax_behavior} // 'unspecified', tiers_mode => undef,
		transform_quantity => undef, type => $given->{recurring} ? 'recurring' : 'one_time',
		unit_amount => defined $amount ? $amount : $decimal == int $decimal ? 0 + $decimal : undef,
		unit_amount_decimal => '' . ($amount // $decimal) });
}

my %longest = (day => 1095, week => 156, month => 36, year => 3);

sub recurring
{
	my ($given) = @_;
	return undef unless $given;
	not_played('metered prices') if ($given->{usage_type} // 'licensed') ne 'licensed' || $given->{meter};
	my ($interval, $count) = ($given->{interval}, $given->{interval_count} // 1);
	refuse_param('recurring[interval_count]', "Invalid integer: $count") if $count < 1;
	refuse_param('recurring[interval_count]',
		"Recurring intervals are limited to 3 years.") if $count > $longest{$interval};
	return { interval => $interval, interval_count => $count, meter => undef,
		trial_period_days => $given->{trial_period_days}, usage_type => 'licensed' };
}

sub lookup_key
{
	my ($req, $key, $transfer) = @_;
	for my $other ($req->store->all('price', sub { ($_->{lookup_key} // '') eq $key }))
	{
		refuse_param('lookup_key', "A price (`$other->{id}`) already uses that lookup key.",
			code => 'resource_already_exists') unless $transfer;
		$other->{lookup_key} = undef;
		changed($req->app, 'price.updated', $other);
	}
	return;
}

sub update_price
{
	my ($req) = @_;
	my $price = $req->need('price', $req->id);
	lookup_key($req, $req->p('lookup_key'),
		$req->p('transfer_lookup_key')) if length($req->p('lookup_key') // '') && $req->p('lookup_key') ne ($price->{lookup_key} // '');
	$req->copy($price, qw(active lookup_key nickname tax_behavior));
	$req->merge_metadata($price);
	changed($req->app, 'price.updated', $price);
	return $req->show($price);
}

sub list_prices
{
	my ($req) = @_;
	my %p = %{ $req->{params} };
	return $req->page($req->store->all('price', sub {
		my $price = $_;
		(!defined $p{active} || !$p{active} == !$price->{active}) && (!defined $p{product} || $p{product} eq $price->{product})
		  && (!defined $p{type} || $p{type} eq $price->{type}) && (!defined $p{currency} || $p{currency} eq $price->{currency})
		  && (!$p{recurring}{interval} || $p{recurring}{interval} eq ($price->{recurring}{interval} // ''))
		  && (!$p{lookup_keys} || grep { $_ eq ($price->{lookup_key} // '') } @{ $p{lookup_keys} });
	}));
}

# What so many of it cost for one interval.
sub price_amount
{
	my ($price, $quantity) = @_;
	return $price->{unit_amount} * $quantity if defined $price->{unit_amount};
	my ($whole, $part) = split /\./, $price->{unit_amount_decimal};
	$part = substr "${part}000000000000", 0, 12;
	# In millionths of a cent, so that nothing is lost before the one rounding.
	my $millionths = ($whole * 1_000_000 + substr $part, 0, 6) * $quantity;
	return int(($millionths + 500_000) / 1_000_000);
}

# The plan that a recurring price still is.
sub plan_of
{
	my ($app, $price, $shape) = @_;
	return undef unless $price->{recurring};
	my %plan = map { $_ => undef } @{ fields_of('plan')->{$shape} };
	my %known = (%$price, %{ $price->{recurring} }, object => 'plan', amount => $price->{unit_amount},
		amount_decimal => $price->{unit_amount_decimal}, transform_usage => undef);
	return { map { $_ => $known{$_} } keys %plan };
}

1;
