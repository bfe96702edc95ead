# test/lib/QuteCart/Stripe.pm
#	Stripe, played by a test: events made from its published fixtures, signed, sent.
#
#	my $event = subscription_event('evt_1', shop => 1, price => 'price_starter', …);
#	receive($qc, $event);                  # as POST /api/webhooks/stripe would
#	my ($body, $signature) = signed($event);
package QuteCart::Stripe;

use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);
use Exporter qw(import);
use JSON::PP ();

use QuteCart;

our @EXPORT = qw(subscription_event signed receive_sql receive);
our $SECRET = 'whsec_of_the_tests';
my $json = JSON::PP->new->canonical;

# Members named here go into the subscription; shop and price where they belong, created
# and type into the event.
sub subscription_event
{
	my ($id, %o) = @_;
	my $event  = $json->decode(QuteCart::slurp("$QuteCart::ROOT/test/fixtures/stripe/subscription.json"));
	my $object = $event->{data}{object};
	$event->{id}      = $id;
	$event->{type}    = delete $o{type} // $event->{type};
	$event->{created} = delete $o{created} // $event->{created};
	$object->{metadata}{shop_id} = delete $o{shop} if exists $o{shop};
	$object->{items}{data}[0]{price}{id} = delete $o{price} if exists $o{price};
	$object->{$_} = $o{$_} for keys %o;
	return $event;
}

# The body's bytes and its Stripe-Signature.
sub signed
{
	my ($event, %o) = @_;
	my $body = ref $event ? $json->encode($event) : $event;
	my $time = $o{time} // time;
	return ($body, "t=$time,v1=" . hmac_sha256_hex("$time.$body", $o{secret} // $SECRET));
}

sub receive_sql
{
	my ($body, $signature) = signed(@_);
	return sprintf q{SELECT qutecart.receive_stripe_event('\x%s', '%s')}, unpack('H*', $body),
	  $signature;
}

sub receive
{
	my ($qc, $event) = @_;
	return $qc->sql(receive_sql($event));
}

1;
