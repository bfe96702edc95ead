# test/lib/QuteCart/FakeStripe/Pending.pm
#	Changes that wait until their invoice is paid (payment_behavior=pending_if_incomplete).
package QuteCart::FakeStripe::Pending;

use strict;
use warnings;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;

my $LIFE = 23 * 3600;

# Take back what was put in place and keep it for later.
sub keep
{
	my ($app, $subscription, $invoice, @changes) = @_;
	my (@wanted, @old);
	for my $change (@changes)
	{
		my ($before, $after) = @$change{qw(before after)};
		push @wanted, { id => $after->{id}, price => $after->{price}, quantity => $after->{quantity},
			debits => $after->{_debits} };
		@$after{qw(price quantity _debits)} = @$before{qw(price quantity _debits)};
	}
	my $expires = $app->store->now_for($subscription) + $LIFE;
	$subscription->{_pending} = { invoice => $invoice->{id}, expires_at => $expires, items => \@wanted };
	$subscription->{pending_update} = { billing_cycle_anchor => undef, discount => undef, discounts => undef,
		expires_at => $expires, metadata => undef, trial_end => undef, trial_from_plan => undef,
		subscription_items => [map { { id => $_->{id}, price => $_->{price},
		quantity => $_->{quantity} } } @wanted] };
	return;
}

# The invoice was paid: what was wanted is so now.
sub applied
{
	my ($app, $subscription, $invoice) = @_;
	my $pending = $subscription->{_pending} or return;
	return if $pending->{invoice} ne $invoice->{id};
	for my $wanted (@{ $pending->{items} })
	{
		my $item = $app->store->get($wanted->{id}) or next;
		@$item{qw(price quantity _debits)} = @$wanted{qw(price quantity debits)};
	}
	@$subscription{qw(_pending pending_update)} = ();
	emit($app, 'customer.subscription.pending_update_applied', $subscription);
	changed($app, 'customer.subscription.updated', $subscription);
	return;
}

# Nobody paid in time: the invoice is void and nothing has changed.
sub expired
{
	my ($app, $subscription) = @_;
	my $pending = $subscription->{_pending};
	my $invoice = $app->store->get($pending->{invoice});
	@$subscription{qw(_pending pending_update)} = ();
	require QuteCart::FakeStripe::Billing;
	QuteCart::FakeStripe::Billing::void_invoice($app, $invoice) if $invoice->{status} eq 'open';
	emit($app, 'customer.subscription.pending_update_expired', $subscription);
	return;
}

1;
