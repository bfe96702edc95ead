# test/lib/QuteCart/FakeStripe/Shape.pm
#	How an object looks in an answer: the published fields of its type, no more, no less.
#
# Two shapes: "new" is the API of the published fixtures, "old" the one before 2025-03-31
# (period on the subscription, the invoice's subscription at its top, coupon on a
# discount …).  Objects are kept in the new shape; %derived computes what is not kept,
# %old what only the old shape has.
package QuteCart::FakeStripe::Shape;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Params;

our @EXPORT = qw(shown list_of expand fields_of register_shape register_expand);

my (%fields, %derived, %old, %included);

# A resource registers what its type derives: new => sub, old => sub, each called with
# (app, object, shape) and returning {field => value}.
sub register_shape
{
	my ($type, %how) = @_;
	$derived{$type} = $how{new} if $how{new};
	$old{$type}     = $how{old} if $how{old};
	return;
}

# A field that is only there when asked for: called with (app, object, shape).
sub register_expand
{
	my ($type, $field, $code) = @_;
	$included{$type}{$field} = $code;
	return;
}

sub fields_of
{
	my ($type) = @_;
	return $fields{$type} //= do {
		my $fixture = json_data(QuteCart::FakeStripe::Params::slurp("$QuteCart::FakeStripe::Params::FIXTURES/objects/$type.json"));
		{ new => [sort keys %{ $fixture->{object} }],
			old => $fixture->{before_2025} // [sort keys %{ $fixture->{object} }] };
	};
}

sub shown
{
	my ($app, $object, $shape) = @_;
	my $type = $object->{object};
	return { id => $object->{id}, object => $type, deleted => true() } if $object->{_gone};
	my $more = $derived{$type} ? $derived{$type}->($app, $object, $shape) : {};
	if ($shape eq 'old' && $old{$type})
	{
		$more = { %$more, %{ $old{$type}->($app, $object, $shape) } };
	}
	my %shown;
	for my $name (@{ fields_of($type)->{$shape} })
	{
		my $value = exists $more->{$name} ? $more->{$name} : $object->{$name};
		$shown{$name} = ref $value && !exists $more->{$name} ? copied($value) : $value;
	}
	delete @shown{ @{ $object->{_without} } } if $object->{_without};
	return \%shown;
}

sub copied
{
	my ($value) = @_;
	return { map { $_ => ref $value->{$_} ? copied($value->{$_}) : $value->{$_} } keys %$value } if ref $value eq 'HASH';
	return [map { ref $_ ? copied($_) : $_ } @$value] if ref $value eq 'ARRAY';
	return $value;
}

sub list_of
{
	my ($url, @data) = @_;
	return { object => 'list', data => [@data], has_more => false(), url => $url };
}

# --- expand[] ---

# What a field that holds an id is called by, where it is not the type's own name.
my %expandable = map { $_ => 1 } qw(customer subscription latest_invoice default_payment_method payment_method
  payment_intent latest_charge charge invoice product pending_setup_intent setup_intent discounts test_clock
  promotion_code coupon default_price invoice_item subscription_item price schedule default_source
  latest_attempt on_behalf_of application mandate balance_transaction account_tax_ids);

sub expand
{
	my ($app, $shown, $paths, $shape) = @_;
	for my $path (@{ $paths // [] })
	{
		my @steps = split /\./, $path;
		refuse_param('expand', "You cannot expand more than 4 levels of a property. Property: $path")
		  if grep({ $_ ne 'data' } @steps) > 4;
		$shown = step($app, $shown, $shape, $path, @steps);
	}
	return $shown;
}

sub step
{
	my ($app, $at, $shape, $path, @steps) = @_;
	return [map { step($app, $_, $shape, $path, @steps) } @$at] if ref $at eq 'ARRAY';
	return $at if !@steps || !ref $at;
	my $name = shift @steps;
	my $type = $at->{object} // '';
	my $object = defined $at->{id} ? $app->store->get($at->{id}) : undef;
	if (my $code = $included{$type}{$name})
	{
		$at->{$name} //= $code->($app, $object, $shape, $at);
	}
	elsif (!exists $at->{$name} || !(ref $at->{$name} || $expandable{$name}))
	{
		refuse_param('expand', "This property cannot be expanded ($path).");
	}
	$at->{$name} = opened($app, $at->{$name}, $shape);
	$at->{$name} = step($app, $at->{$name}, $shape, $path, @steps) if @steps;
	return $at;
}

# An id becomes its object, a list of ids a list of objects.
sub opened
{
	my ($app, $value, $shape) = @_;
	return [map { opened($app, $_, $shape) } @$value] if ref $value eq 'ARRAY';
	return $value if !defined $value || ref $value;
	my $object = $app->store->get($value) // $app->store->{objects}{$value} or return $value;
	return shown($app, $object, $shape);
}

1;
