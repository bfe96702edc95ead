# test/lib/QuteCart/FakeStripe/Life.pm
#	What time does: trials end, periods renew, payments are tried again, things expire.
#
# live_until() moves one clock – a test clock or the world's – from deed to deed, in the
# order of their times, each a transaction of its own, and then to the moment asked for.
package QuteCart::FakeStripe::Life;

use strict;
use warnings;
use QuteCart::FakeStripe::Billing;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;
use QuteCart::FakeStripe::Prorate;

my $DAY = 86_400;

# Which object has something to do at a time: type => sub returning (time, deed) or nothing.
my %agenda = (
	subscription => \&subscription_due,
	invoice      => \&invoice_due,
	'checkout.session' => sub { my ($app, $one) = @_; return $one->{status} eq 'open' ? ($one->{expires_at},
	\&expire_session) : () },
	discount     => sub { my ($app, $one) = @_; return defined $one->{end} ? ($one->{end}, \&end_of_discount) : () },
);

sub live_until
{
	my ($app, $clock, $moment) = @_;
	my $store = $app->store;
	my %due;
	look($app, $clock, \%due, $_) for map { @{ $store->{types}{$_} // [] } } sort keys %agenda;
	my $last = $store->{counters}{order};
	while (%due)
	{
		my $id = first_of($store, \%due);
		my ($time, $deed) = @{ $due{$id} };
		last if $time > $moment;
		set_clock($app, $clock, $time);
		$app->transaction(1, undef, sub { $deed->($app, $store->get($id)); 1 });
		# Whatever belongs to the same customer may be due at another time now.
		my $owner = $store->{objects}{$id}{customer};
		look($app, $clock, \%due,
			$_) for grep { ($store->{objects}{$_}{customer} // '') eq ($owner // '') } keys %due;
		look($app, $clock, \%due, $id);
		look($app, $clock, \%due, $_) for map { newer($store, $_, $last) } sort keys %agenda;
		$last = $store->{counters}{order};
	}
	set_clock($app, $clock, $moment);
	return;
}

sub first_of
{
	my ($store, $due) = @_;
	my ($first, $time);
	for my $id (keys %$due)
	{
		my $its = $due->{$id}[0];
		next if defined $first && ($its > $time || ($its == $time && $store->{objects}{$id}{_order} > $store->{objects}{$first}{_order}));
		($first, $time) = ($id, $its);
	}
	return $first;
}

sub newer
{
	my ($store, $type, $last) = @_;
	my $list = $store->{types}{$type} // [];
	my @new;
	for my $id (reverse @$list)
	{
		last if $store->{objects}{$id}{_order} <= $last;
		push @new, $id;
	}
	return @new;
}

sub look
{
	my ($app, $clock, $due, $id) = @_;
	my $object = $app->store->{objects}{$id};
	delete $due->{$id};
	return if !$object || $object->{_gone};
	my $its = $app->store->clock_of($object);
	return if ($its ? $its->{id} : '') ne ($clock ? $clock->{id} : '');
	my ($time, $deed) = $agenda{ $object->{object} }->($app, $object);
	$due->{$id} = [$time, $deed] if defined $time;
	return;
}

# Time never runs backwards: what should have been long ago happens now.
sub set_clock
{
	my ($app, $clock, $time) = @_;
	my $store = $app->store;
	if ($clock)
	{
		$clock->{frozen_time} = $time if $time > $clock->{frozen_time};
		return;
	}
	my $world = $store->{clock};
	if (defined $world->{frozen})
	{
		$world->{frozen} = $time if $time > $world->{frozen};
		return;
	}
	my $ahead = $time - ($store->now);
	$world->{offset} += $ahead if $ahead > 0;
	return;
}

sub earliest
{
	my @dates = sort { $a->[0] <=> $b->[0] } grep { defined $_->[0] } @_;
	return @dates ? @{ $dates[0] } : ();
}

# --- subscriptions ---

sub subscription_due
{
	my ($app, $one) = @_;
	my $status = $one->{status};
	return () if defined $one->{ended_at};
	return ($one->{created} + $app->setting('incomplete_hours') * 3600,
		\&expire_incomplete) if $status eq 'incomplete';
	my @dates = ([$one->{cancel_at}, \&end_as_asked], [$one->{_pending} ? $one->{_pending}{expires_at} : undef,
		\&expire_pending]);
	push @dates, [$one->{pause_collection}{resumes_at}, \&unpause] if $one->{pause_collection};
	if ($status eq 'trialing')
	{
		push @dates, [$one->{trial_end} - 3 * $DAY, \&tell_trial] if ($one->{_trial_told} // 0) != $one->{trial_end};
		push @dates, [$one->{trial_end}, \&trial_over];
	}
	elsif ($status ne 'paused')
	{
		my $warning = $one->{_end} - $app->setting('upcoming_days') * $DAY;
		push @dates, [$warning,
			\&tell_upcoming] if ($one->{_upcoming_told} // 0) != $one->{_end} && $warning > $one->{_start} && !defined $one->{cancel_at};
		push @dates, [$one->{_end}, \&renew];
	}
	return earliest(@dates);
}

sub expire_incomplete
{
	my ($app, $one) = @_;
	for my $invoice ($app->store->all('invoice',
		sub { ($_->{_subscription} // '') eq $one->{id} && $_->{status} eq 'open' }))
	{
		void_invoice($app, $invoice);
	}
	QuteCart::FakeStripe::Subscriptions::end_now($app, $one, 'incomplete_expired');
	return;
}

sub expire_pending { my ($app, $one) = @_; QuteCart::FakeStripe::Pending::expired($app, $one); return }

sub end_as_asked
{
	my ($app, $one) = @_;
	my @items = pending_items($app, $one->{customer}, $one->{id});
	if (@items)
	{
		my $invoice = new_invoice($app, customer => $one->{customer}, subscription => $one,
			billing_reason => 'subscription_cycle', lines => [map { item_line($app, $_) } @items]);
		finalize($app, $invoice);
		collect($app, $invoice) if $invoice->{status} eq 'open';
	}
	QuteCart::FakeStripe::Subscriptions::end_now($app, $one);
	return;
}

sub unpause
{
	my ($app, $one) = @_;
	$one->{pause_collection} = undef;
	changed($app, 'customer.subscription.updated', $one);
	return;
}

sub tell_trial
{
	my ($app, $one) = @_;
	$one->{_trial_told} = $one->{trial_end};
	emit($app, 'customer.subscription.trial_will_end', $one);
	return;
}

# The invoice that comes, without an id: it does not exist yet.
sub tell_upcoming
{
	my ($app, $one) = @_;
	my $store = $app->store;
	$one->{_upcoming_told} = $one->{_end};
	my (undef, $next) = period_around($one->{billing_cycle_anchor}, recurring_of($app, $one), $one->{_end});
	my $latest = $one->{latest_invoice};
	my $invoice;
	{
		local @$app{qw(quiet previewing)} = (1, 1);
		local $store->{moment} = $one->{_end};
		$invoice = new_invoice($app, customer => $one->{customer}, subscription => { %$one,
			discounts => [@{ $one->{discounts} }] }, billing_reason => 'upcoming', period_start => $one->{_start},
			period_end => $one->{_end},
			lines => [(map { { %{ item_line($app, $_) }, invoice_item => undef } } pending_items($app,
			$one->{customer}, $one->{id})), map { cycle_line($app, $one, $_, $one->{_end}, $next) } items_of($app,
				$one)]);
	}
	$one->{latest_invoice} = $latest;
	emit($app, 'invoice.upcoming', { %$invoice, _without => ['id'] });
	$store->remove($invoice->{id});
	return;
}

sub trial_over
{
	my ($app, $one) = @_;
	my $store = $app->store;
	my $missing = $one->{trial_settings}{end_behavior}{missing_payment_method};
	my $card = payer($app, $store->get($one->{customer}), $one);
	if (!$card && $one->{collection_method} eq 'charge_automatically' && $missing eq 'cancel')
	{
		QuteCart::FakeStripe::Subscriptions::end_now($app, $one);
		return;
	}
	if (!$card && $one->{collection_method} eq 'charge_automatically' && $missing eq 'pause')
	{
		$one->{status} = 'paused';
		changed($app, 'customer.subscription.updated', $one);
		emit($app, 'customer.subscription.paused', $one);
		QuteCart::FakeStripe::Other::entitle($app, $one->{customer});
		return;
	}
	$one->{status} = 'active';
	renew($app, $one);
	return;
}

# The next period begins; its invoice is a draft for an hour.
sub renew
{
	my ($app, $one) = @_;
	my $was = $one->{_end};
	my $from = $one->{_start};
	@$one{qw(_start _end)} = period_around($one->{billing_cycle_anchor}, recurring_of($app, $one), $was);
	my $invoice = new_invoice($app, customer => $one->{customer}, subscription => $one,
		billing_reason => 'subscription_cycle', period_start => $from, period_end => $was,
		lines => [(map { item_line($app, $_) } pending_items($app, $one->{customer}, $one->{id})),
		map { cycle_line($app, $one, $_, $one->{_start}, $one->{_end}) } items_of($app, $one)]);
	record_debits($app, $invoice);
	if ($one->{status} eq 'unpaid') { $invoice->{auto_advance} = false(); }
	elsif (my $pause = $one->{pause_collection})
	{
		$invoice->{auto_advance} = false();
		if ($pause->{behavior} ne 'keep_as_draft')
		{
			finalize($app, $invoice);
			$invoice->{status} eq 'open' && ($pause->{behavior} eq 'void' ? void_invoice($app,
				$invoice) : uncollectible($app, $invoice));
		}
	}
	else
	{
		$invoice->{automatically_finalizes_at} = $invoice->{created} + $app->setting('draft_seconds');
		$invoice->{next_payment_attempt} = $invoice->{automatically_finalizes_at};
	}
	changed($app, 'customer.subscription.updated', $one);
	QuteCart::FakeStripe::Other::entitle($app, $one->{customer});
	return;
}

sub uncollectible
{
	my ($app, $invoice) = @_;
	$invoice->{status} = 'uncollectible';
	$invoice->{status_transitions}{marked_uncollectible_at} = $app->store->now_for($invoice);
	emit($app, 'invoice.marked_uncollectible', $invoice);
	return;
}

# --- invoices ---

sub invoice_due
{
	my ($app, $one) = @_;
	return ($one->{automatically_finalizes_at},
		\&advance) if $one->{status} eq 'draft' && defined $one->{automatically_finalizes_at};
	return ($one->{next_payment_attempt},
		\&try_again) if $one->{status} eq 'open' && defined $one->{next_payment_attempt};
	return ();
}

sub advance
{
	my ($app, $invoice) = @_;
	$invoice->{next_payment_attempt} = undef;
	finalize($app, $invoice);
	return if $invoice->{status} ne 'open' || $invoice->{collection_method} ne 'charge_automatically';
	after_failure($app, $invoice, collect($app, $invoice, automatic => 1, off_session => 1));
	return;
}

sub try_again
{
	my ($app, $invoice) = @_;
	after_failure($app, $invoice, collect($app, $invoice, automatic => 1, off_session => 1));
	return;
}

# No further try: the account's setting says what becomes of the subscription.
sub after_failure
{
	my ($app, $invoice, $outcome) = @_;
	return if $outcome->{paid} || defined $invoice->{next_payment_attempt};
	my $one = $app->store->get($invoice->{_subscription}) or return;
	return if defined $one->{ended_at} || $one->{latest_invoice} ne $invoice->{id};
	my $then = $app->setting('after_retries');
	QuteCart::FakeStripe::Subscriptions::end_now($app, $one, 'payment_failed') if $then eq 'cancel';
	set_status($app, $one, 'unpaid') if $then eq 'unpaid';
	return;
}

# --- the rest ---

sub expire_session
{
	my ($app, $session) = @_;
	$session->{status} = 'expired';
	emit($app, 'checkout.session.expired', $session);
	return;
}

sub end_of_discount
{
	my ($app, $discount) = @_;
	my $subscription = $app->store->get($discount->{subscription});
	if ($subscription)
	{
		$subscription->{discounts} = [grep { $_ ne $discount->{id} } @{ $subscription->{discounts} }];
		changed($app, 'customer.subscription.updated', $subscription);
	}
	my $customer = $app->store->get($discount->{customer});
	delete $customer->{_discount} if $customer && ($customer->{_discount} // '') eq $discount->{id};
	QuteCart::FakeStripe::Discounts::end_discount($app, $discount);
	return;
}

1;
