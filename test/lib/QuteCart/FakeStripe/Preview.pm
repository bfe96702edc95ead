# test/lib/QuteCart/FakeStripe/Preview.pm
#	What would be charged: the change is made, the invoice looked at, everything undone.
#
# So a preview can never differ from the invoice by more than the moment it looks from.
package QuteCart::FakeStripe::Preview;

use strict;
use warnings;
use QuteCart::FakeStripe::Billing;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;
use QuteCart::FakeStripe::Prorate;

sub create
{
	my ($req) = @_;
	my $details = $req->p('subscription_details') // {};
	my %given = map { $_ => $details->{$_} } grep { $_ ne 'default_tax_rates' } keys %$details;
	my $anchor = QuteCart::FakeStripe::SubscriptionChange::anchor_of(\%given);
	not_played('an anchor at a time of its own') if defined $anchor && $anchor !~ /^(?:now|unchanged)$/;
	return preview($req, \%given);
}

# The older way: GET, its parameters all at the top.
sub upcoming
{
	my ($req) = @_;
	my %given = %{ $req->p('subscription_details') // {} };
	for my $name (grep { /^subscription_/ && $_ ne 'subscription_details' } keys %{ $req->{params} })
	{
		$given{ $name =~ s/^subscription_//r } = $req->p($name);
	}
	my $shown = preview($req, \%given);
	delete $shown->{id};
	return $shown;
}

sub preview
{
	my ($req, $given) = @_;
	my $app = $req->app;
	local $app->{previewing} = 1;
	local $app->{quiet} = 1;
	$req->{undo_all} = 1;
	my %unknown = map { $_ => 1 } keys %$given;
	delete @unknown{qw(items proration_behavior proration_date cancel_at cancel_at_period_end cancel_now trial_end billing_cycle_anchor metadata billing_mode)};
	not_played("'$_' in a preview") for sort keys %unknown;
	$given->{$_} = $req->p($_) for grep { $req->has($_) } qw(discounts coupon);
	refuse(400, 'You must provide either a customer or a subscription.') unless defined $req->p('subscription') || defined $req->p('customer');
	my $invoice = defined $req->p('subscription') ? of_subscription($req, $given) : of_nothing_yet($req, $given);
	my $shown = $req->show($invoice);
	my $id = $req->store->new_id('upcoming_in_');
	$shown->{id} = $id;
	$shown->{lines}{url} = "/v1/invoices/$id/lines";
	$_->{invoice} = $id for @{ $shown->{lines}{data} };
	$shown->{billing_reason} = 'upcoming';
	return $shown;
}

# A subscription that somebody may begin.
sub of_nothing_yet
{
	my ($req, $given) = @_;
	my $app = $req->app;
	my $customer = $req->need('customer', $req->p('customer'), 'customer');
	refuse(404, "No upcoming invoices for customer: $customer->{id}",
		code => 'invoice_upcoming_none') unless $given->{items};
	delete @$given{qw(proration_date cancel_now)};
	my $subscription = QuteCart::FakeStripe::Subscriptions::begin($req, $customer, $given);
	return $app->store->get($subscription->{latest_invoice});
}

sub of_subscription
{
	my ($req, $given) = @_;
	my $app   = $req->app;
	my $store = $req->store;
	my $subscription = $req->need('subscription', $req->p('subscription'), 'subscription');
	refuse_param('subscription',
		"The subscription $subscription->{id} does not belong to the customer.") if defined $req->p('customer') && $req->p('customer') ne $subscription->{customer};
	none_for($subscription) if defined $subscription->{ended_at};
	return ended_now($app, $subscription, $given) if delete $given->{cancel_now};
	my $invoice = QuteCart::FakeStripe::SubscriptionChange::change($req, $subscription, $given);
	return $invoice if $invoice;
	my ($start, $end) = @$subscription{qw(_start _end)};
	my @items = pending_items($app, $subscription->{customer}, $subscription->{id});
	my $ends = defined $subscription->{cancel_at} && $subscription->{cancel_at} <= $end;
	none_for($subscription) if $ends && !@items;
	local $store->{moment} = $end;
	my (undef, $next) = period_around($subscription->{billing_cycle_anchor}, recurring_of($app, $subscription), $end);
	my @lines = $ends ? () : map { cycle_line($app, $subscription, $_, $end, $next) } items_of($app, $subscription);
	$invoice = new_invoice($app, customer => $subscription->{customer}, subscription => $subscription,
		lines => [(map { item_line($app, $_) } @items), @lines], period_start => $start, period_end => $end);
	$invoice->{next_payment_attempt} = $end + $app->setting('draft_seconds');
	return $invoice;
}

sub ended_now
{
	my ($app, $subscription, $given) = @_;
	if (($given->{proration_behavior} // 'create_prorations') ne 'none' && $subscription->{status} ne 'trialing')
	{
		credit_unused($app, $subscription, $_,
			$given->{proration_date} // $app->store->now_for($subscription)) for items_of($app, $subscription);
	}
	my @items = pending_items($app, $subscription->{customer}, $subscription->{id});
	none_for($subscription) unless @items;
	return new_invoice($app, customer => $subscription->{customer}, subscription => $subscription,
		lines => [map { item_line($app, $_) } @items]);
}

sub none_for
{
	my ($subscription) = @_;
	refuse(404, "No upcoming invoices for customer: $subscription->{customer}", code => 'invoice_upcoming_none',
		param => 'subscription');
	return;
}

1;
