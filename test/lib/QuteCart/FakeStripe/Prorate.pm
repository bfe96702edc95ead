# test/lib/QuteCart/FakeStripe/Prorate.pm
#	Changing what is billed in the middle of a period: items, credits, charges.
#
# In billing mode "classic" the unused time is credited at the price that stands on the
# item; in "flexible" it is what was really charged for it that is credited, each charge
# over its own span.  Both after discounts, as Stripe does unless they are itemized.
package QuteCart::FakeStripe::Prorate;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Billing;
use QuteCart::FakeStripe::Catalogue qw(price_amount);
use QuteCart::FakeStripe::Discounts;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;

our @EXPORT = qw(priced_items new_items changed_items prorate_changes credit_unused record_debits recurring_of);

# The prices that items[…] name, checked: [{price, quantity, metadata, id, deleted}].
sub priced_items
{
	my ($req, $given, $at) = @_;
	my @items;
	for my $n (0 .. $#{ $given // [] })
	{
		my %item = %{ $given->[$n] };
		not_played("'$_' of an item") for grep { defined $item{$_} } qw(price_data billing_thresholds tax_rates current_trial discounts);
		$item{price} //= delete $item{plan};
		if (defined $item{price})
		{
			my $price = $req->need('price', $item{price}, "$at\[$n][price]");
			refuse_param("$at\[$n][price]",
				'The price specified is inactive. This field only accepts active prices.') unless $price->{active};
			refuse_param("$at\[$n][price]",
				'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.') unless $price->{recurring};
		}
		refuse_param("$at\[$n][quantity]", 'This value must be greater than or equal to 0.',
			code => 'parameter_invalid_integer') if defined $item{quantity} && $item{quantity} < 0;
		push @items, \%item;
	}
	return @items;
}

sub new_items
{
	my ($app, $subscription, @given) = @_;
	for my $given (@given)
	{
		my $item = $app->store->add('subscription_item', {
			id => $app->store->new_id('si_', 14), billing_thresholds => undef,
			created => $app->store->now_for($subscription), discounts => [], metadata => $given->{metadata} // {},
			price => $given->{price}, quantity => $given->{quantity} // 1, subscription => $subscription->{id},
			tax_rates => [], _debits => [] });
		push @{ $subscription->{_items} }, $item->{id};
	}
	agree($app, $subscription);
	return;
}

# One price once, one interval, one currency.
sub agree
{
	my ($app, $subscription) = @_;
	my (%seen, %rhythm);
	for my $item (items_of($app, $subscription))
	{
		refuse_param('items',
			"Cannot add multiple subscription items with the same plan: $item->{price}") if $seen{ $item->{price} }++;
		my $price = $app->store->get($item->{price});
		$rhythm{"$price->{currency} $price->{recurring}{interval} $price->{recurring}{interval_count}"} = 1;
	}
	refuse_param('items',
		'Currency and interval fields must match across all plans on this subscription.') if keys %rhythm > 1;
	refuse(400, 'A subscription must have at least one active plan.') unless %rhythm;
	refuse_param('items', 'Subscriptions can have up to 20 items.') if keys %seen > 20;
	return;
}

sub recurring_of
{
	my ($app, $subscription) = @_;
	my ($item) = items_of($app, $subscription);
	return $app->store->get($item->{price})->{recurring};
}

# Put items[…] of an update in place; returns what changed: [{before, after}], each a copy.
sub changed_items
{
	my ($app, $subscription, @given) = @_;
	my @changes;
	for my $given (@given)
	{
		if (!defined $given->{id})
		{
			missing_param('items[0][price]') unless defined $given->{price};
			push @{ $subscription->{_items} }, (my $id = $app->store->new_id('si_', 14));
			my $item = $app->store->add('subscription_item', {
				id => $id, billing_thresholds => undef, created => $app->store->now_for($subscription),
				discounts => [], metadata => $given->{metadata} // {},
				price => $given->{price}, quantity => $given->{quantity} // 1, subscription => $subscription->{id},
				tax_rates => [], _debits => [] });
			push @changes, { before => undef, after => $item };
			next;
		}
		my ($item) = grep { $_->{id} eq $given->{id} } items_of($app, $subscription);
		no_such('subscription_item', $given->{id}, 'items[0][id]') unless $item;
		my %before = %$item;
		if ($given->{deleted})
		{
			$subscription->{_items} = [grep { $_ ne $item->{id} } @{ $subscription->{_items} }];
			$app->store->remove($item->{id});
			push @changes, { before => \%before, after => undef };
			next;
		}
		$item->{price}    = $given->{price} if defined $given->{price};
		$item->{quantity} = $given->{quantity} if defined $given->{quantity};
		$item->{quantity} = 1 if defined $given->{price} && !defined $given->{quantity} && !defined $item->{quantity};
		$item->{metadata} = { %{ $item->{metadata} }, %{ $given->{metadata} } } if $given->{metadata};
		push @changes, { before => \%before,
			after => $item } if $before{price} ne $item->{price} || $before{quantity} != $item->{quantity};
	}
	agree($app, $subscription);
	return @changes;
}

# --- credits and charges ---

# Invoice items for a change at a moment: the unused time back, the remaining time charged.
sub prorate_changes
{
	my ($app, $subscription, $at, @changes) = @_;
	my ($start, $end) = @$subscription{qw(_start _end)};
	for my $change (@changes)
	{
		my ($before, $after) = @$change{qw(before after)};
		credit_unused($app, $subscription, $before, $at) if $before;
		next unless $after;
		my $price = $app->store->get($after->{price});
		my ($net) = net_of_discounts($app, $subscription, price_amount($price, $after->{quantity}));
		my $amount = prorated($net, $at, $end, $start, $end);
		my $item = proration($app, $subscription, $after, $price, $amount, $at, $end, 'Remaining');
		$after->{_debits} = [{ amount => $amount, start => $at, end => $end, item => $item->{id} }];
	}
	return;
}

sub credit_unused
{
	my ($app, $subscription, $item, $at) = @_;
	my $price = $app->store->get($item->{price});
	my ($start, $end) = @$subscription{qw(_start _end)};
	if ($subscription->{billing_mode}{type} eq 'classic')
	{
		my ($net) = net_of_discounts($app, $subscription, price_amount($price, $item->{quantity}));
		proration($app, $subscription, $item, $price, -prorated($net, $at, $end, $start, $end), $at, $end, 'Unused');
		return;
	}
	for my $debit (@{ $item->{_debits} })
	{
		next if $debit->{end} <= $at;
		my $credit = proration($app, $subscription, $item, $price, -prorated($debit->{amount}, $at, $debit->{end},
			$debit->{start}, $debit->{end}), $at, $debit->{end}, 'Unused');
		my ($invoice, $line) = charged_on($app, $debit);
		$credit->{_credited} = { invoice => $invoice, invoice_line_items => [$line] } if $invoice;
	}
	return;
}

# The invoice and line on which something was charged.
sub charged_on
{
	my ($app, $debit) = @_;
	return @$debit{qw(invoice line)} if $debit->{line};
	my $item = $app->store->get($debit->{item}) or return;
	my $invoice = $app->store->get($item->{invoice}) or return;
	my ($line) = grep { ($_->{invoice_item} // '') eq $item->{id} } @{ $invoice->{_lines} };
	return ($invoice->{id}, $line->{id});
}

sub proration
{
	my ($app, $subscription, $item, $price, $amount, $from, $to, $word) = @_;
	my $store   = $app->store;
	my $product = $store->{objects}{ $price->{product} };
	my $what    = $item->{quantity} == 1 ? $product->{name} : "$item->{quantity} × $product->{name}";
	my $object  = $store->add('invoiceitem', {
		id => $store->new_id('ii_'), amount => $amount, currency => $price->{currency},
		customer => $subscription->{customer}, customer_account => undef, created => $store->now_for($subscription),
		date => $from, description => "$word time on $what after " . day_text($from), discountable => false(),
		discounts => [], invoice => undef, livemode => false(), metadata => {},
		net_amount => $amount, period => { start => $from, end => $to }, proration => true(),
		quantity => $item->{quantity}, quantity_decimal => "$item->{quantity}", tax_rates => [],
		test_clock => $subscription->{test_clock}, _price => $price->{id}, _subscription => $subscription->{id},
		_subscription_item => $item->{id} });
	emit($app, 'invoiceitem.created', $object);
	return $object;
}

# What a cycle charged for each item, to be credited should it change.
sub record_debits
{
	my ($app, $invoice) = @_;
	for my $line (grep { !$_->{proration} && $_->{subscription_item} && $_->{amount} > 0 } @{ $invoice->{_lines} })
	{
		my $item = $app->store->get($line->{subscription_item}) or next;
		my $off = 0;
		$off += $_->{amount} for @{ $line->{discount_amounts} };
		$item->{_debits} = [{ amount => $line->{amount} - $off, start => $line->{period}{start},
			end => $line->{period}{end}, invoice => $invoice->{id}, line => $line->{id} }];
	}
	return;
}

1;
