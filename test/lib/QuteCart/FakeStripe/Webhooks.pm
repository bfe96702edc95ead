# test/lib/QuteCart/FakeStripe/Webhooks.pm
#	Events on their way to the endpoints: signed, sent, recorded; out of order on command.
#
# How they are sent is a setting (control call "webhooks"):
#	mode        'send' at once, 'hold' until told, 'withhold' never (recorded as failed)
#	types       to which events the mode applies; the others are sent (default: all)
#	copies      how often each is sent
#	delay       seconds before each
#	at_once     how many at a time to one endpoint (1 keeps their order)
#	retries     seconds to wait before each further try
#	clock       'world' signs with the time of day, 'own' with the stand-in's clock
package QuteCart::FakeStripe::Webhooks;

use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);
use List::Util qw(shuffle);
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;

# How many deliveries a test can look back at.
my $REMEMBERED = 10_000;

our %DEFAULTS = (mode => 'send', types => undef, copies => 1, delay => 0, at_once => 1, retries => [5, 60, 600],
	clock => 'world', seconds => 10);

sub new
{
	my ($class, $app, $loop) = @_;
	return bless { app => $app, loop => $loop, queue => {}, flying => {}, log => [] }, $class;
}

sub how
{
	my ($self) = @_;
	return { %DEFAULTS, %{ $self->{app}->setting('webhooks') // {} } };
}

# Events that were just committed.
sub take
{
	my ($self, @ids) = @_;
	my $how = $self->how;
	for my $id (@ids)
	{
		my $event = $self->{app}->store->{objects}{$id};
		my $mode  = !$how->{types} || grep({ $_ eq $event->{type} } @{ $how->{types} }) ? $how->{mode} : 'send';
		for my $endpoint (sort keys %{ $event->{_deliveries} })
		{
			if ($mode eq 'withhold') { $self->settle($event, $endpoint, 0, 1); }
			elsif ($mode eq 'send')  { $self->enqueue($endpoint, $id) for 1 .. $how->{copies}; }
		}
	}
	return;
}

# The control call "deliver": what is pending or failed (or named), in an order, in copies.
sub deliver
{
	my ($self, %o) = @_;
	my $store = $self->{app}->store;
	my %named = map { $_ => 1 } @{ $o{ids} // [] };
	my @chosen = grep {
		my $event = $_;
		(!%named || $named{ $event->{id} })
		  && (!$o{types} || grep { $_ eq $event->{type} } @{ $o{types} })
		  && (%named || $o{again} || grep { $_->{status} ne 'succeeded' } values %{ $event->{_deliveries} })
	} map { $store->{objects}{$_} } @{ $store->{types}{event} // [] };
	my @ids = map { $_->{id} } @chosen;
	@ids = reverse @ids if ($o{order} // '') eq 'reverse';
	if (($o{order} // '') eq 'shuffle')
	{
		srand $o{seed} if defined $o{seed};
		@ids = shuffle @ids;
		# What is made later must not repeat itself.
		srand;
	}
	@ids = grep { defined $store->{objects}{$_} } @{ $o{ids} } if $o{ids} && !$o{order};
	for my $id (map { ($_) x ($o{copies} // 1) } @ids)
	{
		$self->enqueue($_, $id) for sort keys %{ $store->{objects}{$id}{_deliveries} };
	}
	return \@ids;
}

sub enqueue
{
	my ($self, $endpoint, $id) = @_;
	push @{ $self->{queue}{$endpoint} }, $id;
	my $delay = $self->how->{delay};
	return $self->{loop}->after($delay, sub { $self->pump($endpoint) }) if $delay;
	$self->{loop}->after(0, sub { $self->pump($endpoint) });
	return;
}

sub pump
{
	my ($self, $endpoint) = @_;
	my $queue = $self->{queue}{$endpoint} //= [];
	while (@$queue && ($self->{flying}{$endpoint} // 0) < $self->how->{at_once})
	{
		$self->fly($endpoint, shift @$queue);
	}
	return;
}

sub fly
{
	my ($self, $endpoint_id, $id) = @_;
	my $store    = $self->{app}->store;
	my $endpoint = $store->{objects}{$endpoint_id};
	my $event    = $store->{objects}{$id};
	return if !$event || !$endpoint || $endpoint->{_gone};
	my $body = json_text(event_data($event, $endpoint->{api_version}));
	my $time = $self->how->{clock} eq 'own' ? $store->now : time;
	$self->{flying}{$endpoint_id}++;
	my $log = { event => $id, type => $event->{type}, endpoint => $endpoint_id, at => $time };
	push @{ $self->{log} }, $log;
	shift @{ $self->{log} } if @{ $self->{log} } > $REMEMBERED;
	$self->{loop}->post($endpoint->{url}, {
			'Content-Type' => 'application/json; charset=utf-8', Accept => '*/*; q=0.5, application/xml',
				'Cache-Control' => 'no-cache',
			'User-Agent' => 'Stripe/1.0 (+https://stripe.com/docs/webhooks)', 'Stripe-Signature' => signature($body,
				$time, $endpoint->{_secret}),
		}, $body, sub {
			my ($status) = @_;
			$self->{flying}{$endpoint_id}--;
			$log->{status} = 0 + $status;
			$self->settle($event, $endpoint_id, $status);
			$self->pump($endpoint_id);
		}, $self->how->{seconds});
	return;
}

# t=…,v1=… over "t.body"; a secret that is being rolled has several, separated by spaces.
# In test mode Stripe adds a v0 that proves nothing.
sub signature
{
	my ($body, $time, $secrets) = @_;
	return join ',', "t=$time", (map { 'v1=' . hmac_sha256_hex("$time.$body", $_) } split / /, $secrets),
		'v0=' . hmac_sha256_hex($body, 'v0');
}

sub settle
{
	my ($self, $event, $endpoint, $status, $final) = @_;
	my $delivery = $event->{_deliveries}{$endpoint};
	my $retries  = $self->how->{retries};
	my $good     = $status =~ /^2/;
	$delivery->{attempts}++ unless $final;
	$delivery->{last_status} = 0 + $status;
	my $was = $delivery->{status};
	$delivery->{status} = $good ? 'succeeded' : $was eq 'succeeded' ? $was : $final || $delivery->{attempts} > @$retries ? 'failed' : 'pending';
	$event->{pending_webhooks} = grep { $_->{status} ne 'succeeded' } values %{ $event->{_deliveries} };
	if ($delivery->{status} eq 'pending' && $self->how->{mode} ne 'hold')
	{
		$self->{loop}->after($retries->[$delivery->{attempts} - 1], sub { $self->enqueue($endpoint,
			$event->{id}) if $delivery->{status} eq 'pending' });
	}
	$self->{app}->store->write([$event->{id}]) if $self->{app}->store->{file};
	return;
}

# Nothing waits to be sent and nothing is being sent.
sub quiet
{
	my ($self) = @_;
	return !grep({ @$_ } values %{ $self->{queue} }) && !grep { $_ } values %{ $self->{flying} };
}

1;
