# test/lib/QuteCart/FakeStripe/Request.pm
#	What a resource sees of a request, and the ways to answer it.
package QuteCart::FakeStripe::Request;

use strict;
use warnings;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Shape;

my $PAGE = 10;
my $PAGE_LIMIT = 100;

sub new
{
	my ($class, %o) = @_;
	return bless {%o}, $class;
}

sub app   { return $_[0]{app} }
sub store { return $_[0]{app}{store} }
sub shape { return $_[0]{shape} }
sub id    { return $_[0]{ids}[ $_[1] // 0 ] }

# A parameter; has() tells an absent one from one that was emptied.
sub p   { return $_[0]{params}{ $_[1] } }
sub has { return exists $_[0]{params}{ $_[1] } }

sub show
{
	my ($self, $object) = @_;
	return shown($self->{app}, $object, $self->{shape});
}

# The object named by the path (404) or by a parameter (400).
sub need
{
	my ($self, $type, $id, $param) = @_;
	my $what = { 'test_helpers.test_clock' => 'test clock', 'checkout.session' => 'checkout.session',
		'line_item' => 'invoice line item' }->{$type} // $type;
	return $self->store->get($id, $type) // no_such($what, $id // '', $param);
}

# Text fields that are taken over as they are.
sub copy
{
	my ($self, $object, @names) = @_;
	for my $name (@names)
	{
		next unless $self->has($name);
		my $value = $self->p($name);
		$object->{$name} = defined $value && !ref $value && $value eq '' ? undef : $value;
	}
	return $object;
}

# metadata is merged; an empty value takes a name away, an empty metadata all.
sub merge_metadata
{
	my ($self, $object, $given) = @_;
	$given = $self->p('metadata') if @_ < 3;
	return if @_ < 3 && !$self->has('metadata');
	$object->{metadata} //= {};
	%{ $object->{metadata} } = () unless defined $given;
	for my $name (keys %{ $given // {} })
	{
		if ($given->{$name} eq '') { delete $object->{metadata}{$name}; }
		else                       { $object->{metadata}{$name} = $given->{$name}; }
	}
	return;
}

# A page of a list: newest first, cut by limit, starting_after or ending_before.
sub page
{
	my ($self, @objects) = @_;
	my $limit = $self->p('limit') // $PAGE;
	refuse_param('limit', "This value must be greater than or equal to 1 (it currently is '$limit').") if $limit < 1;
	refuse_param('limit',
		"This value must be less than or equal to $PAGE_LIMIT (it currently is '$limit').") if $limit > $PAGE_LIMIT;
	my @all = sort { $b->{created} <=> $a->{created} || $b->{_order} <=> $a->{_order} } grep { $self->in_range('created', $_->{created}) } @objects;
	my $more;
	if (defined(my $last = $self->p('ending_before')))
	{
		my $at = $self->place($last, 'ending_before', @all);
		my $from = $at - $limit < 0 ? 0 : $at - $limit;
		$more = $from > 0;
		@all = @all[$from .. $at - 1];
	}
	else
	{
		my $first = $self->p('starting_after');
		splice @all, 0, 1 + $self->place($first, 'starting_after', @all) if defined $first;
		$more = @all > $limit;
		splice @all, $limit if $more;
	}
	return { object => 'list', data => [map { $self->show($_) } @all], has_more => flag($more),
		url => $self->{path} };
}

sub place
{
	my ($self, $id, $param, @all) = @_;
	my ($at) = grep { $all[$_]{id} eq $id } 0 .. $#all;
	return $at if defined $at;
	my $known = $self->store->{objects}{$id};
	return no_such($all[0]{object} // 'object', $id, $param) unless $known;
	# A cursor that the filter leaves out still marks a place in time.
	my $after = grep { $_->{created} > $known->{created} || ($_->{created} == $known->{created} && $_->{_order} > $known->{_order}) } @all;
	return $param eq 'starting_after' ? $after - 1 : $after;
}

# created=…, created[gte]=… and the like.
sub in_range
{
	my ($self, $name, $value) = @_;
	my $range = $self->p($name) // return 1;
	return $value == $range unless ref $range;
	return 0 if defined $range->{gt}  && !($value > $range->{gt});
	return 0 if defined $range->{gte} && !($value >= $range->{gte});
	return 0 if defined $range->{lt}  && !($value < $range->{lt});
	return 0 if defined $range->{lte} && !($value <= $range->{lte});
	return 1;
}

1;
