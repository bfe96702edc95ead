# test/lib/QuteCart/FakeStripe/Subscriptions.pm
#	Subscriptions: begun, changed, ended, listed.  What time does to them is in Life.
package QuteCart::FakeStripe::Subscriptions;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Billing;
use QuteCart::FakeStripe::Discounts;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Intents qw(new_setup_intent payment_error);
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;
use QuteCart::FakeStripe::Pending;
use QuteCart::FakeStripe::Prorate;
use QuteCart::FakeStripe::Shape;
use QuteCart::FakeStripe::SubscriptionChange;

our @EXPORT_OK = qw(begin end_now);

my $DAY = 86_400;
my @SETTINGS = qw(automatic_tax cancel_at cancel_at_period_end collection_method coupon days_until_due default_payment_method description discounts
  metadata off_session payment_behavior payment_settings promotion_code proration_behavior trial_end trial_settings items);

sub routes
{
	return (
		[POST   => '/v1/subscriptions', \&create, [@SETTINGS,
			qw(customer currency trial_period_days billing_cycle_anchor billing_mode trial_from_plan)]],
		[GET    => '/v1/subscriptions', \&list,
			[qw(limit starting_after ending_before created customer price status collection_method current_period_start current_period_end test_clock)]],
		[GET    => '/v1/subscriptions/{}', sub { $_[0]->show($_[0]->need('subscription', $_[0]->id)) }],
		[POST   => '/v1/subscriptions/{}', \&QuteCart::FakeStripe::SubscriptionChange::update, [@SETTINGS,
			qw(billing_cycle_anchor cancellation_details pause_collection proration_date)]],
		[DELETE => '/v1/subscriptions/{}', \&cancel, [qw(cancellation_details invoice_now prorate)]],
		[POST   => '/v1/subscriptions/{}/resume', \&resume,
			[qw(billing_cycle_anchor proration_behavior payment_behavior)]],
		[DELETE => '/v1/subscriptions/{}/discount', \&delete_discount],
		[GET    => '/v1/subscription_items', \&list_items, [qw(limit starting_after ending_before subscription)]],
		[GET    => '/v1/subscription_items/{}', sub { $_[0]->show($_[0]->need('subscription_item', $_[0]->id)) }],
	);
}

sub create
{
	my ($req) = @_;
	missing_param('customer') unless defined $req->p('customer');
	my $customer = $req->need('customer', $req->p('customer'), 'customer');
	return $req->show(begin($req, $customer, $req->{params}));
}

# A new subscription from parameters of POST /v1/subscriptions; Checkout has them too.
sub begin
{
	my ($req, $customer, $given) = @_;
	my $app = $req->app;
	my $now = $app->store->now_for($customer);
	refuse_param('payment_behavior',
		'pending_if_incomplete can only be used when a subscription is updated.') if ($given->{payment_behavior} // '') eq 'pending_if_incomplete';
	my @items = priced_items($req, $given->{items}, 'items');
	missing_param('items') unless @items;
	missing_param("items[0][price]") if grep { !defined $_->{price} } @items;
	my $trial_end = trial_end($req, $given, $now, \@items);
	my $subscription = blank($req, $customer, $given, $now, $trial_end);
	new_items($app, $subscription, @items);
	my $first = $app->store->get($items[0]{price});
	$subscription->{currency} = $first->{currency};
	refuse(400, "You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency $customer->{currency}.")
	  if defined $customer->{currency} && $customer->{currency} ne $first->{currency};
	@$subscription{qw(_start _end)} = first_period($first->{recurring}, $now, $subscription->{billing_cycle_anchor},
		$trial_end);
	discounts($req, $subscription, $given);
	card($req, $subscription, $customer,
		$given->{default_payment_method}) if defined $given->{default_payment_method};
	QuteCart::FakeStripe::SubscriptionChange::take_settings($req, $subscription, $given);
	my $automatic = $subscription->{collection_method} eq 'charge_automatically';
	my $card = payer($app, $customer, $subscription);
	refuse(400, 'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.', code => 'resource_missing')
	  if $automatic && !$card && !$app->{previewing} && !defined $trial_end && ($given->{payment_behavior} // '') ne 'default_incomplete' && worth($app, $subscription);
	$customer->{currency} //= $first->{currency};
	first_invoice($app, $subscription, $customer, $given, $card);
	return $subscription;
}

sub worth
{
	my ($app, $subscription) = @_;
	my $sum = 0;
	$sum += cycle_line($app, $subscription, $_, 0, 1)->{amount} for items_of($app, $subscription);
	return $sum > 0;
}

sub trial_end
{
	my ($req, $given, $now, $items) = @_;
	my ($end, $days) = @$given{qw(trial_end trial_period_days)};
	refuse(400, 'You may only specify one of these parameters: trial_end, trial_period_days.',
		code => 'parameters_exclusive') if defined $end && defined $days;
	if ($given->{trial_from_plan})
	{
		($days) = grep { defined } map { $req->store->get($_->{price})->{recurring}{trial_period_days} } @$items;
	}
	if (defined $end && $end ne 'now')
	{
		refuse_param('trial_end', 'Timestamp must be an integer Unix timestamp in the future.') if $end <= $now;
		refuse_param('trial_end',
			'Invalid timestamp: can be no more than two years in the future') if $end > $now + 731 * $DAY;
		return $end;
	}
	return undef unless $days;
	refuse_param('trial_period_days', 'This value must be greater than or equal to 0.',
		code => 'parameter_invalid_integer') if $days < 0;
	refuse_param('trial_period_days', "The maximum number of trial period days is 730 (2 years).") if $days > 730;
	return $now + $days * $DAY;
}

sub blank
{
	my ($req, $customer, $given, $now, $trial_end) = @_;
	my $anchor = $given->{billing_cycle_anchor};
	refuse_param('billing_cycle_anchor',
		'billing_cycle_anchor cannot be earlier than the current time.') if defined $anchor && $anchor < $now;
	my $mode = $given->{billing_mode} // {};
	# From this version on a new subscription is flexible unless it asks not to be.
	my $type = $mode->{type} // ($req->{version} ge '2025-09-30' ? 'flexible' : 'classic');
	not_played('itemized proration discounts') if ($mode->{flexible}{proration_discounts} // '') eq 'itemized';
	return $req->store->add('subscription', {
		id => $req->store->new_id('sub_'), application => undef, application_fee_percent => undef,
		automatic_tax => { disabled_reason => undef, enabled => false(), liability => undef },
		billing_cycle_anchor => $trial_end // $anchor // $now, billing_cycle_anchor_config => undef,
		billing_mode => { type => $type,
		flexible => $type eq 'flexible' ? { proration_discounts => 'included' } : undef },
		billing_schedules => [], billing_thresholds => undef, cancel_at => undef, cancel_at_period_end => false(),
		canceled_at => undef,
		cancellation_details => { comment => undef, feedback => undef, reason => undef },
		collection_method => 'charge_automatically', created => $now, currency => 'usd', customer => $customer->{id},
		customer_account => undef, days_until_due => undef, default_payment_method => undef, default_source => undef,
		default_tax_rates => [], description => undef, discounts => [], ended_at => undef,
		invoice_settings => { account_tax_ids => undef, custom_fields => undef, description => undef, footer => undef,
		issuer => { type => 'self' } }, latest_invoice => undef, livemode => false(),
		managed_payments => undef, metadata => {}, next_pending_invoice_item_invoice => undef, on_behalf_of => undef,
		pause_collection => undef,
		payment_settings => { payment_method_options => undef, payment_method_types => undef,
		save_default_payment_method => 'off' }, pending_invoice_item_interval => undef, pending_setup_intent => undef,
		pending_update => undef, schedule => undef, start_date => $now,
		status => defined $trial_end ? 'trialing' : 'incomplete', test_clock => $customer->{test_clock},
		transfer_data => undef,
		trial_end => $trial_end, trial_settings => { end_behavior => { missing_payment_method => 'create_invoice' } },
		trial_start => defined $trial_end ? $now : undef, _items => [] });
}

sub first_period
{
	my ($recurring, $now, $anchor, $trial_end) = @_;
	return ($now, $trial_end) if defined $trial_end;
	return ($now, $anchor) if $anchor > $now;
	return period_around($anchor, $recurring, $now);
}

sub discounts
{
	my ($req, $subscription, $given) = @_;
	my @wanted = $given->{discounts} ? given_discounts($req,
		$given->{discounts}) : grep { defined } given_discount($req, $given);
	my @before = @{ $subscription->{discounts} };
	$subscription->{discounts} = [map { start_discount($req->app, $_, subscription => $subscription->{id},
		customer => $subscription->{customer}) } @wanted];
	my %now = map { $_ => 1 } @{ $subscription->{discounts} };
	my %was = map { $_ => 1 } @before;
	emit($req->app, 'customer.discount.created', $req->store->get($_)) for grep { !$was{$_} } sort keys %now;
	end_discount($req->app, $req->store->get($_)) for grep { !$now{$_} && $req->store->get($_) } @before;
	return;
}

# A payment method for it must be one of its customer's.
sub card
{
	my ($req, $subscription, $customer, $id) = @_;
	my $card = $req->store->get($id, 'payment_method');
	refuse_param('default_payment_method', "No such PaymentMethod: '$id'",
		code => 'resource_missing') if !$card && $id !~ /^pm_card_/;
	refuse_param('default_payment_method',
		"The customer does not have a payment method with the ID $id. The payment method must be attached to the customer.", code => 'resource_missing')
	  if !$card || ($card->{customer} // '') ne $customer->{id};
	$subscription->{default_payment_method} = $id;
	return;
}

# The invoice that begins it, and what its payment makes of the status.
sub first_invoice
{
	my ($app, $subscription, $customer, $given, $card) = @_;
	my ($start, $end) = @$subscription{qw(_start _end)};
	my $trial = $subscription->{status} eq 'trialing';
	my $automatic = $subscription->{collection_method} eq 'charge_automatically';
	my $behaviour = $given->{payment_behavior} // 'allow_incomplete';
	$subscription->{pending_setup_intent} = new_setup_intent($app, $customer)->{id} if $trial && !$card && $automatic;
	$subscription->{status} = 'active' if !$trial && !$automatic;
	my @lines = map { $trial ? trial_line($app, $subscription, $_, $start, $end) : cycle_line($app, $subscription, $_,
		$start, $end, stub_amount($app, $subscription, $_, $given)) } items_of($app, $subscription);
	my $invoice = new_invoice($app, customer => $customer->{id}, subscription => $subscription,
		billing_reason => 'subscription_create',
		lines => [(map { item_line($app, $_) } pending_items($app, $customer->{id}, $subscription->{id})), @lines]);
	emit($app, 'customer.subscription.created', $subscription);
	record_debits($app, $invoice);
	return if $app->{previewing};
	soon($app, $subscription) if $trial;
	if (!$automatic)
	{
		$invoice->{automatically_finalizes_at} = $invoice->{created} + $app->setting('draft_seconds');
		QuteCart::FakeStripe::Other::entitle($app, $customer->{id});
		return;
	}
	finalize($app, $invoice);
	if ($invoice->{status} eq 'open' && $behaviour ne 'default_incomplete')
	{
		my $outcome = collect($app, $invoice, off_session => $given->{off_session});
		refuse_payment($app, $outcome) if $behaviour eq 'error_if_incomplete' && !$outcome->{paid};
	}
	changed($app, 'customer.subscription.updated', $subscription);
	QuteCart::FakeStripe::Other::entitle($app, $customer->{id});
	return;
}

# An anchor in the future: only the part until it is charged now, or nothing.
sub stub_amount
{
	my ($app, $subscription, $item, $given) = @_;
	my ($start, $end) = @$subscription{qw(_start _end)};
	return undef if $subscription->{billing_cycle_anchor} <= $start;
	return 0 if ($given->{proration_behavior} // '') eq 'none';
	my $price = $app->store->get($item->{price});
	my ($full_start, $full_end) = period_around($subscription->{billing_cycle_anchor}, $price->{recurring}, $start);
	return prorated(QuteCart::FakeStripe::Catalogue::price_amount($price, $item->{quantity}), $start, $end,
		$full_start, $full_end);
}

# A trial of three days or less is told about at once.
sub soon
{
	my ($app, $subscription) = @_;
	return if $subscription->{trial_end} - $app->store->now_for($subscription) > 3 * $DAY;
	$subscription->{_trial_told} = $subscription->{trial_end};
	emit($app, 'customer.subscription.trial_will_end', $subscription);
	return;
}

# 402 for a payment that had to succeed; everything is undone.
sub refuse_payment
{
	my ($app, $outcome) = @_;
	if ($outcome->{asks})
	{
		card_error({ code => 'subscription_payment_intent_requires_action',
			message => 'Payment for this subscription requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with subscription.latest_invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action' });
	}
	card_error($outcome->{failure}, $outcome->{charge} ? (charge => $outcome->{charge}{id}) : ());
	return;
}

# --- the end ---

sub cancel
{
	my ($req) = @_;
	my $app = $req->app;
	my $subscription = $req->need('subscription', $req->id);
	no_such('subscription', $subscription->{id}) if defined $subscription->{ended_at};
	my $now = $req->store->now_for($subscription);
	my $details = $req->p('cancellation_details') // {};
	$subscription->{cancellation_details}{$_} = $details->{$_} for keys %$details;
	$subscription->{cancellation_details}{reason} = 'cancellation_requested';
	my $running = $subscription->{status} =~ /^(?:active|past_due|unpaid)$/;
	if ($req->p('prorate') && $running)
	{
		credit_unused($app, $subscription, $_, $now) for items_of($app, $subscription);
	}
	my @items = pending_items($app, $subscription->{customer}, $subscription->{id});
	if ($req->p('invoice_now') && @items)
	{
		my $invoice = new_invoice($app, customer => $subscription->{customer}, subscription => $subscription,
			billing_reason => 'subscription_update', lines => [map { item_line($app, $_) } @items]);
		finalize($app, $invoice);
		collect($app, $invoice) if $invoice->{status} eq 'open' && $subscription->{collection_method} eq 'charge_automatically';
	}
	elsif (!$req->p('invoice_now') && !$req->p('prorate'))
	{
		$req->store->remove($_->{id}) for grep { $_->{proration} } @items;
	}
	end_now($app, $subscription);
	return $req->show($subscription);
}

# It is over: no further tries for its invoices, rights gone.
sub end_now
{
	my ($app, $subscription, $reason) = @_;
	my $store = $app->store;
	my $now   = $store->now_for($subscription);
	my $status = $reason && $reason eq 'incomplete_expired' ? 'incomplete_expired' : 'canceled';
	$subscription->{cancellation_details}{reason} //= $reason if $status eq 'canceled' && $reason;
	@$subscription{qw(status ended_at)} = ($status, $now);
	$subscription->{canceled_at} //= $now;
	@$subscription{qw(_pending pending_update)} = ();
	for my $invoice ($store->all('invoice',
		sub { ($_->{_subscription} // '') eq $subscription->{id} && $_->{status} =~ /^(?:open|draft)$/ }))
	{
		@$invoice{qw(auto_advance next_payment_attempt automatically_finalizes_at)} = (false(), undef, undef);
		changed($app, 'invoice.updated', $invoice);
	}
	if ($status eq 'incomplete_expired') { changed($app, 'customer.subscription.updated', $subscription); }
	else                                 { emit($app, 'customer.subscription.deleted', $subscription); }
	require QuteCart::FakeStripe::Other;
	QuteCart::FakeStripe::Other::entitle($app, $subscription->{customer});
	return;
}

# A paused one goes on, in a new period.
sub resume
{
	my ($req) = @_;
	my $app = $req->app;
	my $subscription = $req->need('subscription', $req->id);
	refuse(400, "This subscription cannot be resumed because its status is `$subscription->{status}`. Only subscriptions with a status of `paused` can be resumed.") if $subscription->{status} ne 'paused';
	my $now = $req->store->now_for($subscription);
	$subscription->{billing_cycle_anchor} = $now if (QuteCart::FakeStripe::SubscriptionChange::anchor_of($req->{params}) // 'now') eq 'now';
	@$subscription{qw(_start _end)} = period_around($subscription->{billing_cycle_anchor}, recurring_of($app,
		$subscription), $now);
	$subscription->{status} = 'active';
	emit($app, 'customer.subscription.resumed', $subscription);
	QuteCart::FakeStripe::SubscriptionChange::charge_period($app, $subscription, 'subscription_update',
		$req->{params});
	changed($app, 'customer.subscription.updated', $subscription);
	return $req->show($subscription);
}

sub delete_discount
{
	my ($req) = @_;
	my $subscription = $req->need('subscription', $req->id);
	my $id = shift @{ $subscription->{discounts} } // refuse(404,
		"No active discount for subscription: $subscription->{id}", code => 'resource_missing');
	my $discount = $req->store->get($id);
	my $shown = $req->show($discount);
	end_discount($req->app, $discount);
	changed($req->app, 'customer.subscription.updated', $subscription);
	return { %$shown, deleted => true() };
}

# --- lists ---

sub list
{
	my ($req) = @_;
	my %p = %{ $req->{params} };
	$req->need('customer', $p{customer}, 'customer') if defined $p{customer};
	my $status = $p{status} // 'live';
	my $store = $req->store;
	return $req->page($store->all('subscription', sub {
		my $one = $_;
		(!defined $p{customer} || $one->{customer} eq $p{customer})
		  && (defined $p{test_clock} ? ($one->{test_clock} // '') eq $p{test_clock} : defined $p{customer} || !defined $one->{test_clock})
		  && ($status eq 'all' || ($status eq 'live' && $one->{status} !~ /^(?:canceled|incomplete_expired)$/) || ($status eq 'ended' && $one->{status} =~ /^(?:canceled|incomplete_expired)$/) || $one->{status} eq $status)
		  && (!defined $p{collection_method} || $one->{collection_method} eq $p{collection_method})
		  && (!defined $p{price} || grep { $store->{objects}{$_}{price} eq $p{price} } @{ $one->{_items} })
		  && $req->in_range('current_period_start', $one->{_start}) && $req->in_range('current_period_end',
			$one->{_end});
	}));
}

sub list_items
{
	my ($req) = @_;
	my $subscription = $req->need('subscription', $req->p('subscription') // missing_param('subscription'),
		'subscription');
	return $req->page(items_of($req->app, $subscription));
}

# --- shapes ---

register_shape('subscription',
	new => sub {
		my ($app, $subscription, $shape) = @_;
		my @items = map { $app->store->{objects}{$_} // () } @{ $subscription->{_items} };
		return { items => list_of("/v1/subscription_items?subscription=$subscription->{id}", map { shown($app, $_,
			$shape) } @items) };
	},
	old => sub {
		my ($app, $subscription, $shape) = @_;
		my $discount = $subscription->{discounts}[0] ? $app->store->{objects}{ $subscription->{discounts}[0] } : undef;
		return { current_period_start => $subscription->{_start}, current_period_end => $subscription->{_end},
			discount => $discount && !$discount->{_gone} ? shown($app, $discount, $shape) : undef };
	});
register_shape('subscription_item', new => sub {
	my ($app, $item, $shape) = @_;
	my $subscription = $app->store->{objects}{ $item->{subscription} };
	my $price = $app->store->{objects}{ $item->{price} };
	return { price => shown($app, $price, $shape), plan => QuteCart::FakeStripe::Catalogue::plan_of($app, $price,
		$shape), current_period_start => $subscription->{_start}, current_period_end => $subscription->{_end} };
});

1;
