# test/lib/QuteCart/FakeStripe/Event.pm
#	What happened, told as Stripe tells it: events, stored and sent to the endpoints.
#
# An event's object is as it was at that moment, in the version of the account and in
# that of each endpoint.  previous_attributes is computed from what the last event of the
# same transaction, or the object before it, showed.
package QuteCart::FakeStripe::Event;

use strict;
use warnings;
use Exporter qw(import);
use Storable qw(thaw);
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Shape;

our @EXPORT = qw(emit changed event_data shape_of);

# Before 2025-03-31 or not.
sub shape_of { return $_[0] lt '2025-03-31' ? 'old' : 'new' }

sub emit
{
	my ($app, $type, $object, $previous) = @_;
	return if $app->{quiet};
	my $store = $app->store;
	my %shown = map { $_ => shown($app, $object, $_) } $app->shapes;
	my $main  = shape_of($app->{version});
	$app->{told}{ $object->{id} } = $shown{$main};
	my %data = map {
		my %one = (object => $shown{$_});
		$one{previous_attributes} = $previous if $previous;
		$_ => json_text(\%one);
	} keys %shown;
	my @endpoints = grep { wants($_, $type) } $store->all('webhook_endpoint');
	my $request = $app->{request} // {};
	my $event = $store->add('event', {
		id => $store->new_id('evt_'), api_version => $app->{version}, created => $store->now_for($object),
		livemode => false(),
		type => $type, pending_webhooks => scalar @endpoints,
		request => { id => $request->{id}, idempotency_key => $request->{idempotency} },
		_data => \%data, _about => $object->{id}, _deliveries => { map { $_->{id} => { status => 'pending',
		attempts => 0 } } @endpoints } });
	push @{ $app->{told_events} }, $event->{id};
	return $event;
}

sub wants
{
	my ($endpoint, $type) = @_;
	return 0 if $endpoint->{status} ne 'enabled';
	return grep { $_ eq '*' || $_ eq $type } @{ $endpoint->{enabled_events} };
}

# "<type>.updated" with what was different before; nothing when nothing is.
sub changed
{
	my ($app, $type, $object) = @_;
	return if $app->{quiet};
	my $shape  = shape_of($app->{version});
	my $before = $app->{told}{ $object->{id} } // before($app, $object, $shape) // return;
	my $previous = difference($before, shown($app, $object, $shape));
	return unless %$previous;
	return emit($app, $type, $object, $previous);
}

# How it was shown when the transaction began; every other object, too, as it was then.
sub before
{
	my ($app, $object, $shape) = @_;
	my $store = $app->store;
	my $undo  = $store->{undo} // {};
	return undef unless defined $undo->{ $object->{id} };
	my %then = map { $_ => thaw($undo->{$_}) } grep { defined $undo->{$_} } keys %$undo;
	my %now  = map { $_ => $store->{objects}{$_} } keys %then;
	@{ $store->{objects} }{ keys %then } = values %then;
	my $shown = shown($app, $then{ $object->{id} }, $shape);
	@{ $store->{objects} }{ keys %now } = values %now;
	return $shown;
}

sub difference
{
	my ($before, $now) = @_;
	my %different;
	for my $key (keys %{ { %$before, %$now } })
	{
		my ($old, $new) = ($before->{$key}, $now->{$key});
		next if same($old, $new);
		$different{$key} = ref $old eq 'HASH' && ref $new eq 'HASH' ? difference($old, $new) : $old;
	}
	return \%different;
}

sub same
{
	my ($one, $other) = @_;
	return !defined $one && !defined $other if !defined $one || !defined $other;
	return 0 if ref $one ne ref $other;
	return $one eq $other if ref $one ne 'HASH' && ref $one ne 'ARRAY';
	if (ref $one eq 'ARRAY')
	{
		return @$one == @$other && !grep { !same($one->[$_], $other->[$_]) } 0 .. $#$one;
	}
	return keys %$one == keys %$other && !grep { !exists $other->{$_} || !same($one->{$_}, $other->{$_}) } keys %$one;
}

# The event as an answer or a body; in an endpoint's version when it has one.
sub event_data
{
	my ($event, $version) = @_;
	$version //= $event->{api_version};
	my $text = $event->{_data}{ shape_of($version) } // (values %{ $event->{_data} })[0];
	return { (map { $_ => $event->{$_} } qw(id object created livemode type pending_webhooks request)),
		api_version => $version, data => json_data($text) };
}

register_shape('event', new => sub { return { data => event_data($_[1])->{data} } });

1;
