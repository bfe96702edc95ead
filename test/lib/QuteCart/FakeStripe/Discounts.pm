# test/lib/QuteCart/FakeStripe/Discounts.pm
#	Coupons, promotion codes, and the discounts they become on a customer or subscription.
package QuteCart::FakeStripe::Discounts;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;
use QuteCart::FakeStripe::Shape;

our @EXPORT = qw(given_discount given_discounts start_discount end_discount coupon_of);

sub routes
{
	return (
		[POST   => '/v1/coupons', \&create_coupon,
			[qw(id amount_off percent_off currency duration duration_in_months max_redemptions metadata name redeem_by)]],
		[GET    => '/v1/coupons', sub { $_[0]->page($_[0]->store->all('coupon')) },
			[qw(limit starting_after ending_before created)]],
		[GET    => '/v1/coupons/{}', sub { $_[0]->show($_[0]->need('coupon', $_[0]->id)) }],
		[POST   => '/v1/coupons/{}', \&update_coupon, [qw(metadata name)]],
		[DELETE => '/v1/coupons/{}', \&delete_coupon],
		[POST   => '/v1/promotion_codes', \&create_code,
			[qw(coupon promotion code active customer expires_at max_redemptions metadata restrictions)]],
		[GET    => '/v1/promotion_codes', \&list_codes,
			[qw(limit starting_after ending_before created active code coupon customer)]],
		[GET    => '/v1/promotion_codes/{}', sub { $_[0]->show($_[0]->need('promotion_code', $_[0]->id)) }],
		[POST   => '/v1/promotion_codes/{}', \&update_code, [qw(active metadata)]],
	);
}

sub create_coupon
{
	my ($req) = @_;
	my ($amount, $percent, $duration) = map { $req->p($_) } qw(amount_off percent_off duration);
	my $store = $req->store;
	my $id    = $req->p('id') // $store->new_id('', 8);
	refuse(400, 'Must provide percent_off or amount_off.') unless defined $amount || defined $percent;
	refuse(400, 'You may only specify one of these parameters: amount_off, percent_off.',
		code => 'parameters_exclusive') if defined $amount && defined $percent;
	refuse_param('percent_off',
		"Invalid percent_off: must be greater than 0 and at most 100") if defined $percent && ($percent <= 0 || $percent > 100);
	refuse_param('amount_off', "This value must be greater than or equal to 1.",
		code => 'parameter_invalid_integer') if defined $amount && $amount < 1;
	missing_param('currency') if defined $amount && !defined $req->p('currency');
	missing_param('duration_in_months') if ($duration // '') eq 'repeating' && !defined $req->p('duration_in_months');
	refuse_param('id', 'Coupon already exists.', code => 'resource_already_exists') if $store->get($id);
	my $coupon = $store->add('coupon', {
		id => $id, amount_off => $amount, created => $req->app->now,
		currency => defined $amount ? lc $req->p('currency') : undef, duration => $duration // 'once',
		duration_in_months => $req->p('duration_in_months'), livemode => false(),
		max_redemptions => $req->p('max_redemptions'), metadata => {}, name => $req->p('name'),
		percent_off => $percent, redeem_by => $req->p('redeem_by'), times_redeemed => 0 });
	$req->merge_metadata($coupon);
	emit($req->app, 'coupon.created', $coupon);
	return $req->show($coupon);
}

sub update_coupon
{
	my ($req) = @_;
	my $coupon = $req->need('coupon', $req->id);
	$req->copy($coupon, 'name');
	$req->merge_metadata($coupon);
	changed($req->app, 'coupon.updated', $coupon);
	return $req->show($coupon);
}

# Discounts that it has become go on.
sub delete_coupon
{
	my ($req) = @_;
	my $coupon = $req->need('coupon', $req->id);
	emit($req->app, 'coupon.deleted', $coupon);
	$req->store->remove($coupon->{id});
	return { id => $coupon->{id}, object => 'coupon', deleted => true() };
}

sub coupon_valid
{
	my ($app, $coupon) = @_;
	return !$coupon->{_gone} && !(defined $coupon->{redeem_by} && $coupon->{redeem_by} <= $app->now)
	  && !(defined $coupon->{max_redemptions} && $coupon->{times_redeemed} >= $coupon->{max_redemptions});
}

sub create_code
{
	my ($req) = @_;
	my $promotion = $req->p('promotion') // {};
	my $id = $req->p('coupon') // $promotion->{coupon} // missing_param($req->shape eq 'old' ? 'coupon' : 'promotion[coupon]');
	$req->need('coupon', $id, 'coupon');
	$req->need('customer', $req->p('customer'), 'customer') if defined $req->p('customer');
	my $store = $req->store;
	my $text  = $req->p('code') // uc $store->new_id('', 8);
	refuse(400, "An active promotion code with `code: $text` already exists.") if $store->all('promotion_code',
		sub { lc $_->{code} eq lc $text && $_->{active} });
	my $code = $store->add('promotion_code', {
		id => $store->new_id('promo_'), active => $req->p('active') // true(), code => $text,
		created => $req->app->now, customer => $req->p('customer'), customer_account => undef,
		expires_at => $req->p('expires_at'), livemode => false(), max_redemptions => $req->p('max_redemptions'),
		metadata => {}, promotion => { coupon => $id, type => 'coupon' },
		restrictions => { first_time_transaction => false(), minimum_amount => undef,
		minimum_amount_currency => undef, %{ $req->p('restrictions') // {} } }, times_redeemed => 0 });
	$req->merge_metadata($code);
	emit($req->app, 'promotion_code.created', $code);
	return $req->show($code);
}

sub update_code
{
	my ($req) = @_;
	my $code = $req->need('promotion_code', $req->id);
	$req->copy($code, 'active');
	$req->merge_metadata($code);
	changed($req->app, 'promotion_code.updated', $code);
	return $req->show($code);
}

sub list_codes
{
	my ($req) = @_;
	my %p = %{ $req->{params} };
	return $req->page($req->store->all('promotion_code', sub {
		(!defined $p{active} || !$p{active} == !$_->{active}) && (!defined $p{code} || lc $p{code} eq lc $_->{code})
		  && (!defined $p{coupon} || $p{coupon} eq $_->{promotion}{coupon}) && (!defined $p{customer} || $p{customer} eq ($_->{customer} // ''));
	}));
}

# --- what a request asks for ---

# coupon=… or promotion_code=…, where the older API has them: {coupon, code} or undef.
sub given_discount
{
	my ($req, $given) = @_;
	return wanted($req, 'coupon', $given->{coupon}) if length($given->{coupon} // '');
	return wanted($req, 'promotion_code', $given->{promotion_code}) if length($given->{promotion_code} // '');
	return undef;
}

# discounts[0][coupon]=… and the like, at most 20.
sub given_discounts
{
	my ($req, $list) = @_;
	refuse_param('discounts', 'You may only specify up to 20 discounts.') if @{ $list // [] } > 20;
	my @wanted;
	for my $n (0 .. $#{ $list // [] })
	{
		my ($kind) = grep { length($list->[$n]{$_} // '') } qw(coupon promotion_code discount);
		missing_param("discounts[$n][coupon]") unless $kind;
		push @wanted, wanted($req, $kind, $list->[$n]{$kind}, "discounts[$n][$kind]");
	}
	return @wanted;
}

sub wanted
{
	my ($req, $kind, $id, $param) = @_;
	$param //= $kind;
	my $app = $req->app;
	return { discount => $req->need('discount', $id, $param) } if $kind eq 'discount';
	my $code;
	if ($kind eq 'promotion_code')
	{
		$code = $req->need('promotion_code', $id, $param);
		refuse_param($param, "This promotion code is no longer active.") unless code_active($app, $code);
		$id = $code->{promotion}{coupon};
	}
	my $coupon = $req->store->get($id, 'coupon') // no_such('coupon', $id, $param);
	refuse_param($param, "Coupon expired: $id", code => 'coupon_expired') unless coupon_valid($app, $coupon);
	return { coupon => $coupon, code => $code };
}

sub code_active
{
	my ($app, $code) = @_;
	my $coupon = $app->store->get($code->{promotion}{coupon});
	return $code->{active} && $coupon && coupon_valid($app,
		$coupon) && !(defined $code->{expires_at} && $code->{expires_at} <= $app->now)
	  && !(defined $code->{max_redemptions} && $code->{times_redeemed} >= $code->{max_redemptions});
}

# The discount that a coupon becomes; returns its id.
sub start_discount
{
	my ($app, $wanted, %on) = @_;
	return $wanted->{discount}{id} if $wanted->{discount};
	my ($coupon, $code) = @$wanted{qw(coupon code)};
	my $store = $app->store;
	my $owner = $store->get($on{subscription} // $on{customer});
	refuse_param('promotion_code',
		'This promotion code cannot be redeemed because it is restricted to another customer.') if $code && $code->{customer} && $code->{customer} ne ($on{customer} // '');
	my $start = $owner ? $store->now_for($owner) : $app->now;
	$coupon->{times_redeemed}++;
	$code->{times_redeemed}++ if $code;
	my $discount = $store->add('discount', {
		id => $store->new_id('di_'), checkout_session => undef, customer => undef, customer_account => undef,
		created => $start,
		end => $coupon->{duration} eq 'repeating' ? after($start, 'month', $coupon->{duration_in_months}) : undef,
		invoice => undef, invoice_item => undef,
		promotion_code => $code ? $code->{id} : undef, source => { coupon => $coupon->{id}, type => 'coupon' },
		start => $start, subscription => undef, subscription_item => undef, %on });
	return $discount->{id};
}

sub end_discount
{
	my ($app, $discount) = @_;
	emit($app, 'customer.discount.deleted', $discount);
	$app->store->remove($discount->{id});
	return;
}

# A coupon that was deleted still counts where it was redeemed.
sub coupon_of
{
	my ($app, $discount) = @_;
	return $app->store->{objects}{ $discount->{source}{coupon} };
}

sub kept_coupon
{
	my ($app, $id, $shape) = @_;
	my $coupon = $app->store->{objects}{$id} or return undef;
	return shown($app, { %$coupon, _gone => undef }, $shape);
}

register_shape('coupon', new => sub { my ($app, $coupon) = @_; return { valid => flag(coupon_valid($app,
	$coupon)) } });
register_shape('promotion_code',
	new => sub { my ($app, $code) = @_; return { active => flag(code_active($app, $code)) } },
	old => sub { my ($app, $code, $shape) = @_; return { coupon => kept_coupon($app, $code->{promotion}{coupon},
	$shape) } });
register_shape('discount', old => sub { my ($app, $discount, $shape) = @_; return { coupon => kept_coupon($app,
	$discount->{source}{coupon}, $shape) } });

1;
