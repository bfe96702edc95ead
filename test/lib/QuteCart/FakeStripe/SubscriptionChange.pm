# test/lib/QuteCart/FakeStripe/SubscriptionChange.pm
#	POST /v1/subscriptions/{}: other items, another rhythm, an end in sight, a trial.
package QuteCart::FakeStripe::SubscriptionChange;

use strict;
use warnings;
use QuteCart::FakeStripe::Billing;
use QuteCart::FakeStripe::Discounts;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;
use QuteCart::FakeStripe::Pending;
use QuteCart::FakeStripe::Prorate;

# What a canceled and what an incomplete subscription may still learn.
my %allowed = (
	canceled           => [qw(metadata cancellation_details)],
	incomplete_expired => [qw(metadata cancellation_details)],
	incomplete         => [qw(metadata default_payment_method description cancellation_details)],
);

sub update
{
	my ($req) = @_;
	my $subscription = $req->need('subscription', $req->id);
	change($req, $subscription, $req->{params});
	return $req->show($subscription);
}

# Returns the invoice it made, if it made one.
sub change
{
	my ($req, $subscription, $given) = @_;
	my $app = $req->app;
	if (my $allowed = $allowed{ $subscription->{status} })
	{
		my @more = grep { my $name = $_; $name ne 'expand' && !grep { $_ eq $name } @$allowed } sort keys %$given;
		refuse(400, $subscription->{status} eq 'incomplete' ? "Subscriptions with an incomplete status can only have their metadata, description and default payment method updated; you passed $more[0]."
			: 'A canceled subscription can only update its cancellation_details and metadata.',
				code => 'invalid_canceled_subscription_fields') if @more;
	}
	my $was_trial = $subscription->{status} eq 'trialing';
	my $before = recurring_of($app, $subscription);
	pending_only($given) if ($given->{payment_behavior} // '') eq 'pending_if_incomplete';
	take_settings($req, $subscription, $given);
	if (defined $given->{default_payment_method})
	{
		QuteCart::FakeStripe::Subscriptions::card($req, $subscription, $app->store->get($subscription->{customer}),
			$given->{default_payment_method});
	}
	QuteCart::FakeStripe::Subscriptions::discounts($req, $subscription,
		$given) if grep { exists $given->{$_} } qw(discounts coupon promotion_code);
	my @changes = changed_items($app, $subscription, priced_items($req, $given->{items}, 'items'));
	my $invoice = rhythm($req, $subscription, $given, $before, $was_trial, @changes);
	changed($app, 'customer.subscription.updated', $subscription);
	QuteCart::FakeStripe::Other::entitle($app, $subscription->{customer});
	return $invoice;
}

# What may wait for a payment is only items, prorations and the trial.
sub pending_only
{
	my ($given) = @_;
	my %fine = map { $_ => 1 } qw(expand payment_behavior proration_behavior proration_date billing_cycle_anchor items trial_end trial_from_plan);
	my ($other) = grep { !$fine{$_} } sort keys %$given;
	refuse_param($other, "You cannot pass $other when payment_behavior is set to pending_if_incomplete.") if $other;
	return;
}

# When is what charged?
sub rhythm
{
	my ($req, $subscription, $given, $before, $was_trial, @changes) = @_;
	my $app = $req->app;
	my $now = $app->store->now_for($subscription);
	my $prorate = $given->{proration_behavior} // 'create_prorations';
	my $at = $given->{proration_date} // $now;
	refuse_param('proration_date',
		'Invalid proration_date: it must be within the current billing period.') if $at < $subscription->{_start} || $at >= $subscription->{_end};
	my $after  = recurring_of($app, $subscription);
	my $other  = $before->{interval} ne $after->{interval} || $before->{interval_count} != $after->{interval_count};
	my $anchor = anchor_of($given) // '';
	refuse_param('billing_cycle_anchor',
		'When changing to a price with another interval, billing_cycle_anchor cannot be unchanged.') if $other && $anchor eq 'unchanged' && !$was_trial;
	my $trial = $given->{trial_end};
	return end_trial($app, $subscription, $given) if $was_trial && defined $trial && $trial eq 'now';
	return begin_trial($req, $subscription, $trial, $prorate, $was_trial) if defined $trial && $trial ne 'now';
	return undef if $was_trial;
	if ($other || $anchor eq 'now')
	{
		return new_rhythm($app, $subscription, $given, $prorate, $at, @changes);
	}
	return undef if $prorate eq 'none' || !@changes;
	prorate_changes($app, $subscription, $at, @changes);
	return undef if $prorate ne 'always_invoice';
	return charge_now($app, $subscription, $given, [@changes], map { item_line($app, $_) } pending_items($app,
		$subscription->{customer}, $subscription->{id}));
}

# A word, since 2026-09-30 an object with a type.
sub anchor_of
{
	my ($given) = @_;
	my $anchor = $given->{billing_cycle_anchor};
	return ref $anchor ? $anchor->{type} : $anchor;
}

# A new period from now on, charged in full at once; what was left of the old is credited.
sub new_rhythm
{
	my ($app, $subscription, $given, $prorate, $at, @changes) = @_;
	if ($prorate ne 'none')
	{
		my %old = map { $_->{after} ? ($_->{after}{id} => $_->{before}) : () } @changes;
		my @gone = map { $_->{after} ? () : $_->{before} } @changes;
		for my $item ((map { exists $old{ $_->{id} } ? $old{ $_->{id} } : $_ } items_of($app, $subscription)), @gone)
		{
			credit_unused($app, $subscription, $item, $at) if $item;
		}
	}
	$subscription->{billing_cycle_anchor} = $app->store->now_for($subscription);
	@$subscription{qw(_start _end)} = period_around($subscription->{billing_cycle_anchor}, recurring_of($app,
		$subscription), $subscription->{billing_cycle_anchor});
	return charge_period($app, $subscription, 'subscription_update', $given);
}

# The current period of every item on an invoice of its own, with what was pending.
sub charge_period
{
	my ($app, $subscription, $reason, $given) = @_;
	my @lines = map { cycle_line($app, $subscription, $_, @$subscription{qw(_start _end)}) } items_of($app,
		$subscription);
	my @items = map { item_line($app, $_) } pending_items($app, $subscription->{customer}, $subscription->{id});
	return charge_now($app, $subscription, { %{ $given // {} }, reason => $reason }, undef, @items, @lines);
}

sub charge_now
{
	my ($app, $subscription, $given, $changes, @lines) = @_;
	return undef unless @lines;
	my $invoice = new_invoice($app, customer => $subscription->{customer}, subscription => $subscription,
		billing_reason => $given->{reason} // 'subscription_update', lines => \@lines);
	record_debits($app, $invoice);
	return $invoice if $app->{previewing};
	finalize($app, $invoice);
	return $invoice if $invoice->{status} ne 'open' || $subscription->{collection_method} ne 'charge_automatically';
	my $behaviour = $given->{payment_behavior} // 'allow_incomplete';
	if ($behaviour eq 'default_incomplete')
	{
		set_status($app, $subscription, 'past_due') if $subscription->{status} eq 'active';
		return $invoice;
	}
	# Whether the status becomes past_due depends on whether the change waits.
	$subscription->{_pending} = { invoice => $invoice->{id}, items => [] } if $behaviour eq 'pending_if_incomplete';
	my $outcome = collect($app, $invoice, off_session => $given->{off_session},
		first_of_cycle => $behaviour eq 'allow_incomplete');
	QuteCart::FakeStripe::Subscriptions::refuse_payment($app,
		$outcome) if $behaviour eq 'error_if_incomplete' && !$outcome->{paid};
	if ($behaviour eq 'pending_if_incomplete')
	{
		delete $subscription->{_pending};
		QuteCart::FakeStripe::Pending::keep($app, $subscription, $invoice,
			@$changes) if !$outcome->{paid} && $changes;
	}
	return $invoice;
}

# --- trials ---

sub end_trial
{
	my ($app, $subscription, $given) = @_;
	my $now = $app->store->now_for($subscription);
	@$subscription{qw(trial_end billing_cycle_anchor status)} = ($now, $now, 'active');
	@$subscription{qw(_start _end)} = period_around($now, recurring_of($app, $subscription), $now);
	return charge_period($app, $subscription, 'subscription_update', $given);
}

sub begin_trial
{
	my ($req, $subscription, $end, $prorate, $was_trial) = @_;
	my $app = $req->app;
	my $now = $app->store->now_for($subscription);
	refuse_param('trial_end', 'Timestamp must be an integer Unix timestamp in the future.') if $end <= $now;
	if (!$was_trial)
	{
		if ($prorate ne 'none')
		{
			credit_unused($app, $subscription, $_, $now) for items_of($app, $subscription);
		}
		@$subscription{qw(trial_start _start)} = ($now, $now);
	}
	@$subscription{qw(trial_end billing_cycle_anchor _end status)} = ($end, $end, $end, 'trialing');
	delete $subscription->{_trial_told};
	return undef;
}

# --- plain settings, at the beginning and later ---

sub take_settings
{
	my ($req, $subscription, $given) = @_;
	$req->merge_metadata($subscription, $given->{metadata}) if exists $given->{metadata};
	for my $name (qw(description days_until_due collection_method))
	{
		$subscription->{$name} = defined $given->{$name} && $given->{$name} ne '' ? $given->{$name} : undef if exists $given->{$name};
	}
	$subscription->{collection_method} //= 'charge_automatically';
	missing_param('days_until_due') if $subscription->{collection_method} eq 'send_invoice' && !defined $subscription->{days_until_due};
	if (my $tax = $given->{automatic_tax})
	{
		$subscription->{automatic_tax} = { disabled_reason => undef, enabled => $tax->{enabled},
			liability => $tax->{enabled} ? { type => 'self' } : undef };
	}
	if (my $settings = $given->{payment_settings})
	{
		$subscription->{payment_settings}{$_} = $settings->{$_} for keys %$settings;
	}
	$subscription->{trial_settings} = $given->{trial_settings} if $given->{trial_settings};
	pause($subscription, $given->{pause_collection}) if exists $given->{pause_collection};
	my $details = $given->{cancellation_details} // {};
	$subscription->{cancellation_details}{$_} = $details->{$_} for keys %$details;
	take_end($req, $subscription, $given);
	return;
}

sub pause
{
	my ($subscription, $wanted) = @_;
	$subscription->{pause_collection} = $wanted ? { behavior => $wanted->{behavior},
		resumes_at => $wanted->{resumes_at} } : undef;
	return;
}

# cancel_at_period_end and cancel_at.
sub take_end
{
	my ($req, $subscription, $given) = @_;
	my $now = $req->store->now_for($subscription);
	my ($at, $period_end) = @$given{qw(cancel_at cancel_at_period_end)};
	refuse(400, 'You may only specify one of these parameters: cancel_at, cancel_at_period_end.',
		code => 'parameters_exclusive') if defined $at && defined $period_end;
	if (defined $period_end)
	{
		$subscription->{cancel_at_period_end} = $period_end;
		$subscription->{cancel_at}   = $period_end ? $subscription->{_end} : undef;
	}
	elsif (exists $given->{cancel_at})
	{
		$at = $subscription->{_end} if defined $at && $at =~ /_period_end$/;
		not_played('cancel_at=max_billed_until') if defined $at && $at eq 'max_billed_until';
		refuse_param('cancel_at', 'cancel_at must be in the future.') if defined $at && $at <= $now;
		@$subscription{qw(cancel_at cancel_at_period_end)} = ($at, false());
	}
	else { return; }
	$subscription->{canceled_at} = defined $subscription->{cancel_at} ? $now : undef;
	$subscription->{cancellation_details}{reason} = defined $subscription->{cancel_at} ? 'cancellation_requested' : undef;
	return;
}

1;
