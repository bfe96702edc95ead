# test/lib/QuteCart/FakeStripe/Control.pm
#	What no real Stripe has: the strings that a test pulls, below /_control.
#
# JSON in, JSON out; reachable on the control port always, on the API's port while it
# listens.  The table below is the interface; QuteCart::FakeStripe calls it.
package QuteCart::FakeStripe::Control;

use strict;
use warnings;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Shape;

my %calls = (
	'GET health'      => sub { my ($app) = @_; return { ready => true(), now => $app->now,
		quiet => flag($app->{webhooks}->quiet), version => $app->{version} } },
	'POST clock'      => \&clock,
	'POST settings'   => \&settings,
	'POST endpoint'   => \&endpoint,
	'POST webhooks'   => sub { my ($app, $given) = @_; settings($app, { webhooks => { %{ $app->setting('webhooks') },
		%$given } }); return $app->{webhooks}->how },
	'POST deliver'    => sub { my ($app, $given) = @_; return { events => $app->{webhooks}->deliver(%$given) } },
	'GET deliveries'  => sub { my ($app) = @_; return { deliveries => $app->{webhooks}{log} } },
	'POST checkout'   => \&checkout,
	'POST intent'     => \&intent,
	'POST invoice'    => \&invoice,
	'POST card'       => \&card,
	'POST dispute'    => \&dispute,
	'POST plant'      => \&plant,
	'POST outage'     => \&outage,
	'DELETE outage'   => \&outages_over,
	'GET requests'    => sub { my ($app) = @_; return { requests => $app->{seen} } },
	'DELETE requests' => sub { my ($app) = @_; $app->{seen} = []; return {} },
	'GET object'      => sub { my ($app, $given) = @_; return shown($app,
		$app->store->{objects}{ $given->{id} } // refuse(404, "no object $given->{id}"), $given->{shape} // 'new') },
	'GET objects'     => sub { my ($app, $given) = @_; return { objects => [map { shown($app, $_,
		$given->{shape} // 'new') } $app->store->all($given->{type})] } },
	'GET events'      => \&events,
	'POST save'       => sub { my ($app, $given) = @_; $app->store->save_as($given->{file}); return {} },
	'POST load'       => \&load,
	'POST reset'      => sub { my ($app) = @_; $app->store->clear; @$app{qw(seen outages)} = ([],
		[]); $app->{hear}->(); return {} },
	'POST stop'       => sub { my ($app) = @_; $app->{loop}->after(0.01, sub { $app->{loop}->stop }); return {} },
);

sub answer
{
	my ($app, $request) = @_;
	my ($name) = $request->{path} =~ m{^/_control/(\w+)$};
	my $call = $calls{"$request->{method} " . ($name // '')};
	my %headers = ('Content-Type' => 'application/json');
	return { status => 404, headers => \%headers,
		body => json_text({ error => { message => "no control call $request->{method} $request->{path}" } }) } unless $call;
	my $result = eval {
		my $given = length $request->{body} ? json_data($request->{body}) : { map { $_ => undef } () };
		$given = { %$given, %{ QuteCart::FakeStripe::Form::form_data($request->{query}) } } if length $request->{query};
		$call->($app, $given);
	};
	return { status => 200, headers => \%headers, body => json_text($result) } if $result;
	my $error = $@;
	return { status => $error->{status}, headers => \%headers,
		body => json_text($error->body('control')) } if ref $error;
	return { status => 500, headers => \%headers, body => json_text({ error => { message => "$error" } }) };
}

# A deed of the control interface is a transaction like any other.
sub deed
{
	my ($app, $version, $code) = @_;
	my $req = QuteCart::FakeStripe::Request->new(app => $app, params => {}, shape => shape_of($version),
		version => $version, ids => []);
	my $answer = $app->transaction(1, $req, sub { return { result => $code->($req) } });
	die $answer->{error} if $answer->{error};
	return $answer->{result};
}

# {now}, {advance: seconds}, {freeze: true}, {thaw: true}; with {test_clock} that one's time.
sub clock
{
	my ($app, $given) = @_;
	my $store = $app->store;
	if (defined $given->{test_clock})
	{
		my $clock = $store->get($given->{test_clock}, 'test_helpers.test_clock') // refuse(404, 'no such test clock');
		QuteCart::FakeStripe::Life::live_until($app, $clock,
			$given->{now} // $clock->{frozen_time} + $given->{advance});
		return { now => $clock->{frozen_time} };
	}
	my $world = $store->{clock};
	$world->{frozen} = $store->now if $given->{freeze};
	$world->{frozen} = $given->{start} if defined $given->{start};
	if ($given->{thaw} && defined $world->{frozen})
	{
		$world->{offset} = $world->{frozen} - time;
		$world->{frozen} = undef;
	}
	my $to = $given->{now} // (defined $given->{advance} ? $store->now + $given->{advance} : undef);
	QuteCart::FakeStripe::Life::live_until($app, undef, $to) if defined $to;
	$world->{offset} = $to - time if defined $to && !defined $world->{frozen};
	$store->write([]) if $store->{file};
	return { now => $store->now };
}

sub settings
{
	my ($app, $given) = @_;
	for my $name (keys %$given)
	{
		refuse(400, "no setting $name") unless exists $QuteCart::FakeStripe::App::SETTINGS{$name};
		$app->store->{settings}{$name} = $given->{$name};
	}
	$app->store->write([]) if $app->store->{file};
	return { map { $_ => $app->setting($_) } keys %QuteCart::FakeStripe::App::SETTINGS };
}

# {url, secret, enabled_events, api_version}: where webhooks go, without asking the API.
sub endpoint
{
	my ($app, $given) = @_;
	return deed($app, $app->{version}, sub { return { id => QuteCart::FakeStripe::Other::new_endpoint($app,
		%$given)->{id} } });
}

# {id, payment_method, email, name, promotion_code, authenticate}
sub checkout
{
	my ($app, $given) = @_;
	my $session = $app->store->{objects}{ $given->{id} } // refuse(404, "no session $given->{id}");
	return deed($app, $session->{_version}, sub {
		my ($req) = @_;
		my %o = %$given;
		return $req->show(QuteCart::FakeStripe::Checkout::complete($req, $req->need('checkout.session',
			delete $o{id}), %o));
	});
}

# {id, agree}: the customer completes 3-D Secure of a payment or setup intent, or fails at it.
sub intent
{
	my ($app, $given) = @_;
	return deed($app, $app->{version}, sub {
		my ($req) = @_;
		my $intent = $app->store->get($given->{id}) // refuse(404, "no intent $given->{id}");
		refuse(400, "the intent is $intent->{status}") if $intent->{status} ne 'requires_action';
		QuteCart::FakeStripe::Intents::answered($app, $intent, $given->{agree} // 1);
		return $req->show($intent);
	});
}

# What was saved takes the place of everything, in the state file as well.
sub load
{
	my ($app, $given) = @_;
	my $store = $app->store;
	$store->clear;
	$store->load($given->{file});
	$store->{new_keys} = { map { $_ => 1 } keys %{ $store->{keys} } };
	$store->write([keys %{ $store->{objects} }]) if $store->{file};
	return {};
}

# {about}: the events of one object, oldest first, or all; their ids, types and deliveries only.
sub events
{
	my ($app, $given) = @_;
	my @all = $app->store->all('event', sub { !defined $given->{about} || $_->{_about} eq $given->{about} });
	return { events => [map { { id => $_->{id}, type => $_->{type}, created => $_->{created}, about => $_->{_about},
		deliveries => [values %{ $_->{_deliveries} }] } } @all] };
}

# {id, do}: pay (whatever its card does), fail, advance (a draft, or the next try, now).
sub invoice
{
	my ($app, $given) = @_;
	my $do = $given->{do} // 'pay';
	return deed($app, $app->{version}, sub {
		my ($req) = @_;
		my $invoice = $req->need('invoice', $given->{id});
		if ($invoice->{status} eq 'draft') { QuteCart::FakeStripe::Life::advance($app, $invoice); }
		elsif ($do eq 'advance')           { QuteCart::FakeStripe::Life::try_again($app, $invoice); }
		return $req->show($invoice) if $do eq 'advance' || $invoice->{status} ne 'open';
		my $card = QuteCart::FakeStripe::Cards::new_card($app, $do eq 'pay' ? 'visa' : 'chargeCustomerFail');
		$card->{customer} = $invoice->{customer};
		QuteCart::FakeStripe::Billing::collect($app, $invoice, card => $card, automatic => 1, off_session => 1);
		return $req->show($invoice);
	});
}

# {id, charges}: from now on a payment method does this when it is charged.
sub card
{
	my ($app, $given) = @_;
	my %known = map { $_ => 1 } QuteCart::FakeStripe::Cards::behaviours();
	refuse(400, "a card cannot do $given->{charges}") unless $known{ $given->{charges} };
	return deed($app, $app->{version}, sub {
		my ($req) = @_;
		my $card = $req->need('payment_method', $given->{id});
		$card->{_charges} = $given->{charges};
		return $req->show($card);
	});
}

# {charge, reason}: somebody disputes a payment.
sub dispute
{
	my ($app, $given) = @_;
	return deed($app, $app->{version}, sub {
		my ($req) = @_;
		my $charge = $req->need('charge', $given->{charge});
		$charge->{disputed} = true();
		my $store = $app->store;
		my %evidence = (%{ fields_of_evidence() }, customer_email_address => undef);
		my $dispute = $store->add('dispute', {
			id => $store->new_id('du_'), amount => $charge->{amount}, balance_transactions => [],
			charge => $charge->{id}, created => $store->now_for($charge), currency => $charge->{currency},
			customer => $charge->{customer},
			enhanced_eligibility_types => [], evidence => \%evidence,
			evidence_details => { due_by => $store->now_for($charge) + 7 * 86_400, enhanced_eligibility => {},
			has_evidence => false(), past_due => false(), submission_count => 0 },
			is_charge_refundable => false(), livemode => false(), metadata => {},
			payment_intent => $charge->{payment_intent}, reason => $given->{reason} // 'fraudulent',
			status => 'needs_response' });
		emit($app, 'charge.dispute.created', $dispute);
		return $req->show($dispute);
	});
}

sub fields_of_evidence
{
	return { map { $_ => undef } qw(access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal customer_communication customer_name customer_purchase_ip
		  customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy refund_policy_disclosure refund_refusal_explanation
		  service_date service_documentation shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number uncategorized_file uncategorized_text) };
}

# A difference nobody is told about: {id, set: {…}}, {id, price} of the first item, {id, gone}.
sub plant
{
	my ($app, $given) = @_;
	return deed($app, $app->{version}, sub {
		my ($req) = @_;
		my $object = $app->store->get($given->{id}) // refuse(404, "no object $given->{id}");
		my %own = (current_period_start => '_start', current_period_end => '_end');
		for my $name (keys %{ $given->{set} // {} })
		{
			my $kept = $object->{object} eq 'subscription' ? $own{$name} // $name : $name;
			refuse(400, "a $object->{object} has no $name") unless exists $object->{$kept};
			$object->{$kept} = $given->{set}{$name};
		}
		if (defined $given->{price})
		{
			my ($item) = QuteCart::FakeStripe::Billing::items_of($app, $object);
			$item->{price} = $req->need('price', $given->{price})->{id};
		}
		$app->store->remove($object->{id}) if $given->{gone};
		return $req->show($object);
	});
}

# {mode, method, path, times, skip, seconds, status, retry_after}; see Outage.
sub outage
{
	my ($app, $given) = @_;
	my $mode = $given->{mode} // '';
	if ($mode eq 'refuse')
	{
		$app->{deafen}->();
		$app->{loop}->after($given->{seconds}, $app->{hear}) if $given->{seconds};
		return {};
	}
	refuse(400, "no outage $mode") unless QuteCart::FakeStripe::Outage::known($mode);
	push @{ $app->{outages} }, {%$given};
	return {};
}

sub outages_over
{
	my ($app) = @_;
	$app->{outages} = [];
	$app->{hear}->();
	return {};
}

1;
