# test/lib/QuteCart/FakeStripe/Billing.pm
#	Invoices: made, totalled, finalized, collected; and what that does to a subscription.
#
# The one place where amounts are added up.  amount_due = total + starting_balance, never
# below zero; what is left over is the customer's balance.
package QuteCart::FakeStripe::Billing;

use strict;
use warnings;
use Exporter qw(import);
use QuteCart::FakeStripe::Cards qw(behaviour);
use QuteCart::FakeStripe::Catalogue qw(price_amount);
use QuteCart::FakeStripe::Customers qw(move_balance);
use QuteCart::FakeStripe::Discounts;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Intents qw(open_intent attempt_intent cancel_intent);
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;

our @EXPORT = qw(new_invoice cycle_line trial_line pending_items item_line total_up finalize collect settle_free void_invoice
  active_discounts net_of_discounts items_of payer next_try set_status);

my $DAY = 86_400;

sub items_of
{
	my ($app, $subscription) = @_;
	return map { $app->store->get($_) // () } @{ $subscription->{_items} };
}

# --- discounts ---

# Those of the subscription, else the customer's, that have not ended.
sub active_discounts
{
	my ($app, $subscription, $customer) = @_;
	my @ids = @{ $subscription ? $subscription->{discounts} : [] };
	@ids = grep { defined } $customer->{_discount} unless @ids;
	my $now = $app->store->now_for($customer);
	return grep { !defined $_->{end} || $_->{end} > $now } map { $app->store->get($_) // () } @ids;
}

# Amounts after the discounts, one by one; also what each discount took from each.
sub discounted
{
	my ($app, $discounts, @amounts) = @_;
	my (@left, @taken) = @amounts;
	@left = @amounts;
	for my $discount (@$discounts)
	{
		my $coupon = coupon_of($app, $discount);
		my @part;
		if (defined $coupon->{percent_off})
		{
			@part = map { percent_of($_, $coupon->{percent_off}) } @left;
		}
		else
		{
			my $sum = 0;
			$sum += $_ for grep { $_ > 0 } @left;
			@part = share($coupon->{amount_off} < $sum ? $coupon->{amount_off} : $sum, map { $_ > 0 ? $_ : 0 } @left);
		}
		$left[$_] -= $part[$_] for 0 .. $#left;
		push @taken, [$discount, @part];
	}
	return (\@left, \@taken);
}

sub net_of_discounts
{
	my ($app, $subscription, @amounts) = @_;
	my @discounts = active_discounts($app, $subscription, $app->store->get($subscription->{customer}));
	my ($left) = discounted($app, \@discounts, @amounts);
	return @$left;
}

# --- lines ---

sub new_line
{
	my ($app, %o) = @_;
	return { id => $app->store->new_id('il_'), object => 'line_item', discountable => true(), discounts => [],
		discount_amounts => [], livemode => false(), metadata => {},
		pretax_credit_amounts => [], taxes => [], proration => false(), invoice_item => undef, credited => undef,
		%o };
}

# "1 × Growth (at $99.00 / month)"
sub cycle_text
{
	my ($app, $price, $quantity) = @_;
	my $product = $app->store->{objects}{ $price->{product} };
	my $every = $price->{recurring}{interval_count} == 1 ? $price->{recurring}{interval} : "every $price->{recurring}{interval_count} $price->{recurring}{interval}s";
	return sprintf '%d × %s (at %s / %s)', $quantity, $product->{name}, money_text($price->{unit_amount} // 0,
		$price->{currency}), $every;
}

sub cycle_line
{
	my ($app, $subscription, $item, $start, $end, $amount) = @_;
	my $price = $app->store->get($item->{price});
	return new_line($app, amount => $amount // price_amount($price, $item->{quantity}),
		currency => $price->{currency}, quantity => $item->{quantity}, price => $price->{id},
		description => cycle_text($app, $price, $item->{quantity}), period => { start => $start, end => $end },
		subscription => $subscription->{id},
		subscription_item => $item->{id}, metadata => { %{ $subscription->{metadata} } });
}

sub trial_line
{
	my ($app, $subscription, $item, $start, $end) = @_;
	my $product = $app->store->{objects}{ $app->store->get($item->{price})->{product} };
	my $line = cycle_line($app, $subscription, $item, $start, $end, 0);
	return { %$line, description => "Trial period for $product->{name}" };
}

sub item_line
{
	my ($app, $item) = @_;
	return new_line($app, amount => $item->{amount}, currency => $item->{currency}, quantity => $item->{quantity},
		price => $item->{_price}, description => $item->{description},
		period => { %{ $item->{period} } }, subscription => $item->{_subscription},
		subscription_item => $item->{_subscription_item}, invoice_item => $item->{id},
		discountable => $item->{discountable}, proration => $item->{proration}, credited => $item->{_credited},
		metadata => { %{ $item->{metadata} } });
}

# What waits for the next invoice, newest first; of one change the credit before the charge.
sub pending_items
{
	my ($app, $customer, $subscription) = @_;
	return sort { $b->{created} <=> $a->{created} || $a->{_order} <=> $b->{_order} } $app->store->all('invoiceitem',
		sub {
		$_->{customer} eq $customer && !defined $_->{invoice} && (!defined $_->{_subscription} || ($subscription && $_->{_subscription} eq $subscription));
	});
}

# --- an invoice ---

sub new_invoice
{
	my ($app, %o) = @_;
	my $store    = $app->store;
	my $customer = $store->get(delete $o{customer});
	my $subscription = delete $o{subscription};
	my @lines    = @{ delete $o{lines} };
	my $now      = $store->now_for($customer);
	my $method   = $subscription ? $subscription->{collection_method} : 'charge_automatically';
	my $invoice  = $store->add('invoice', {
		id => $store->new_id('in_'), account_country => 'US', account_name => 'QuteCart', account_tax_ids => undef,
		amount_overpaid => 0, amount_shipping => 0, application => undef, attempt_count => 0,
		attempted => false(), auto_advance => true(), automatic_tax => automatic_tax($subscription),
		automatically_finalizes_at => undef, billing_reason => 'manual', collection_method => $method,
		created => $now, currency => $customer->{currency} // 'usd', custom_fields => undef,
		customer => $customer->{id}, customer_account => undef, customer_address => $customer->{address},
		customer_email => $customer->{email}, customer_name => $customer->{name},
		customer_phone => $customer->{phone}, customer_shipping => $customer->{shipping},
		customer_tax_exempt => $customer->{tax_exempt},
		customer_tax_ids => [map { { type => $_->{type}, value => $_->{value} } } $store->all('tax_id',
		sub { $_->{customer} eq $customer->{id} })],
		default_payment_method => undef, default_source => undef, default_tax_rates => [], description => undef,
		discounts => [map { $_->{id} } active_discounts($app, $subscription, $customer)],
		due_date => $method eq 'send_invoice' ? $now + ($subscription->{days_until_due} // 30) * $DAY : undef,
		effective_at => undef, ending_balance => undef, footer => undef, from_invoice => undef,
		hosted_invoice_url => undef, invoice_pdf => undef, issuer => { type => 'self' },
		last_finalization_error => undef, latest_revision => undef, livemode => false(), metadata => {},
		next_payment_attempt => undef, number => undef, on_behalf_of => undef,
		payment_settings => { default_mandate => undef, payment_method_options => undef,
		payment_method_types => undef },
		period_start => $now, period_end => $now, post_payment_credit_notes_amount => 0,
		pre_payment_credit_notes_amount => 0, receipt_number => undef,
		rendering => { amount_tax_display => undef, pdf => { page_size => 'letter' }, template => undef,
		template_version => undef }, shipping_cost => undef, shipping_details => undef,
		statement_descriptor => undef, status => 'draft',
		status_transitions => { map { $_ => undef } qw(finalized_at marked_uncollectible_at paid_at voided_at) },
		test_clock => $customer->{test_clock},
		webhooks_delivered_at => undef, parent => undef, amount_paid => 0, _lines => \@lines,
		_subscription => $subscription ? $subscription->{id} : undef, %o });
	$invoice->{parent} = { type => 'subscription_details', quote_details => undef,
		subscription_details => { metadata => { %{ $subscription->{metadata} } },
		subscription => $subscription->{id} } }
	  if $subscription;
	$_->{invoice} = $invoice->{id} for @lines;
	for my $id (grep { defined } map { $_->{invoice_item} } @lines)
	{
		$store->get($id)->{invoice} = $invoice->{id};
	}
	total_up($app, $invoice);
	spend_once($app, $invoice, $subscription, $customer) unless $app->{previewing};
	$subscription->{latest_invoice} = $invoice->{id} if $subscription;
	emit($app, 'invoice.created', $invoice);
	return $invoice;
}

sub automatic_tax
{
	my ($subscription) = @_;
	my $on = $subscription && $subscription->{automatic_tax}{enabled};
	return { disabled_reason => undef, enabled => flag($on), liability => $on ? { type => 'self' } : undef,
		provider => $on ? 'stripe' : undef, status => $on ? 'complete' : undef };
}

# subtotal, discounts, total, what is due.  Nobody is taxed here.
sub total_up
{
	my ($app, $invoice) = @_;
	my @lines = @{ $invoice->{_lines} };
	my @discounts = map { $app->store->{objects}{$_} // () } @{ $invoice->{discounts} };
	my @open = grep { $_->{discountable} } @lines;
	my ($left, $taken) = discounted($app, \@discounts, map { $_->{amount} } @open);
	$_->{discount_amounts} = [] for @lines;
	my @totals;
	for (@$taken)
	{
		my ($discount, @part) = @$_;
		my $sum = 0;
		for my $n (0 .. $#open)
		{
			push @{ $open[$n]{discount_amounts} }, { amount => $part[$n], discount => $discount->{id} };
			$sum += $part[$n];
		}
		push @totals, { amount => $sum, discount => $discount->{id} };
	}
	my ($subtotal, $off) = (0, 0);
	$subtotal += $_->{amount} for @lines;
	$off      += $_->{amount} for @totals;
	my $total = $subtotal - $off;
	my $balance = $invoice->{status} eq 'draft' ? $app->store->get($invoice->{customer})->{balance} : $invoice->{starting_balance};
	my $due = $total + $balance;
	@$invoice{qw(subtotal subtotal_excluding_tax total total_excluding_tax starting_balance)} = ($subtotal, $subtotal,
		$total, $total, $balance);
	@$invoice{qw(total_discount_amounts total_pretax_credit_amounts total_taxes)} = (\@totals, [], []);
	$invoice->{amount_due} = $due > 0 ? $due : 0;
	$invoice->{amount_remaining} = $invoice->{amount_due} - $invoice->{amount_paid};
	return;
}

# A coupon for one invoice is used up by the first from which it takes something.
sub spend_once
{
	my ($app, $invoice, $subscription, $customer) = @_;
	for my $taken (grep { $_->{amount} > 0 } @{ $invoice->{total_discount_amounts} })
	{
		my $discount = $app->store->get($taken->{discount}) // next;
		next if coupon_of($app, $discount)->{duration} ne 'once';
		@{ $subscription->{discounts} } = grep { $_ ne $discount->{id} } @{ $subscription->{discounts} } if $subscription;
		delete $customer->{_discount} if ($customer->{_discount} // '') eq $discount->{id};
		end_discount($app, $discount);
	}
	return;
}

# From draft to open: a number, links, the balance, an intent for what is due.
sub finalize
{
	my ($app, $invoice, %o) = @_;
	my $store    = $app->store;
	my $customer = $store->get($invoice->{customer});
	my $now      = $store->now_for($customer);
	total_up($app, $invoice);
	my $due = $invoice->{total} + $invoice->{starting_balance};
	my $ending = $due < 0 ? $due : 0;
	my $why = 'applied_to_invoice';
	if ($due > 0 && $due < $app->setting('minimum_charge') && $invoice->{collection_method} eq 'charge_automatically')
	{
		($ending, $why) = ($due, 'invoice_too_small');
		@$invoice{qw(amount_due amount_remaining)} = (0, 0);
	}
	move_balance($app, $customer, $ending - $invoice->{starting_balance}, type => $why, invoice => $invoice->{id},
		currency => $invoice->{currency});
	my $secret = $store->new_id('', 40);
	@$invoice{qw(status ending_balance effective_at number hosted_invoice_url invoice_pdf automatically_finalizes_at)} = ('open', $ending, $now,
		sprintf('%s-%04d', $customer->{invoice_prefix}, $customer->{next_invoice_sequence}++),
			QuteCart::FakeStripe::Pages::address($app, 'invoice', $invoice->{id},
				"https://invoice.stripe.com/i/acct_standin/test_$secret?s=ap"),
		QuteCart::FakeStripe::Pages::address($app, 'pdf', $invoice->{id},
			"https://pay.stripe.com/invoice/acct_standin/test_$secret/pdf?s=ap"),
		undef);
	$invoice->{status_transitions}{finalized_at} = $now;
	$invoice->{webhooks_delivered_at} = $now;
	$customer->{currency} //= $invoice->{currency};
	changed($app, 'customer.updated', $customer) if $ending != $invoice->{starting_balance};
	emit($app, 'invoice.finalized', $invoice);
	if ($invoice->{amount_due} > 0)
	{
		open_intent($app, $invoice);
		changed($app, 'invoice.updated', $invoice);
	}
	else { settle_free($app, $invoice); }
	return $invoice;
}

sub settle_free
{
	my ($app, $invoice) = @_;
	$invoice->{attempted} = true();
	paid($app, $invoice);
	return;
}

# Who pays: the invoice's, the subscription's, the customer's default.
sub payer
{
	my ($app, $customer, $subscription, $invoice) = @_;
	for my $id (($invoice ? $invoice->{default_payment_method} : undef),
		($subscription ? $subscription->{default_payment_method} : undef),
			$customer->{invoice_settings}{default_payment_method})
	{
		my $card = defined $id ? $app->store->get($id, 'payment_method') : undef;
		return $card if $card;
	}
	return undef;
}

# Try to collect: {paid}, {failure => …} or {asks => 1}.  "automatic" counts as a try of the schedule.
sub collect
{
	my ($app, $invoice, %o) = @_;
	my $store = $app->store;
	my $subscription = $store->get($invoice->{_subscription});
	my $customer = $store->get($invoice->{customer});
	my $card = $o{card} // payer($app, $customer, $subscription, $invoice);
	$invoice->{attempted} = true();
	$invoice->{attempt_count}++ if !$o{quiet_count};
	my $outcome = $card ? attempt_intent($app, $invoice, $card, %o) : { failure => { code => 'missing_payment_method',
		message => 'The customer has no payment method.' } };
	if ($outcome->{paid})
	{
		if ($subscription && ($subscription->{payment_settings}{save_default_payment_method} // '') eq 'on_subscription' && !$subscription->{default_payment_method})
		{
			$subscription->{default_payment_method} = $card->{id};
		}
		paid($app, $invoice);
		return $outcome;
	}
	$invoice->{next_payment_attempt} = $o{automatic} || $o{first_of_cycle} ? next_try($app, $invoice,
		$outcome) : $invoice->{next_payment_attempt};
	emit($app, 'invoice.payment_action_required', $invoice) if $outcome->{asks};
	emit($app, 'invoice.payment_failed', $invoice);
	changed($app, 'invoice.updated', $invoice);
	failed($app, $invoice, $subscription, $customer);
	return $outcome;
}

# When the schedule tries again; undef when it is over or the bank said never.
sub next_try
{
	my ($app, $invoice, $outcome) = @_;
	my $days = $app->setting('retry_days');
	my $wait = $days->[$invoice->{attempt_count} - 1];
	return undef if !defined $wait || $outcome->{failure} && $outcome->{failure}{hard};
	return $app->store->now_for($invoice) + $wait * $DAY;
}

sub paid
{
	my ($app, $invoice, %o) = @_;
	my $store = $app->store;
	my $now   = $store->now_for($invoice);
	@$invoice{qw(status amount_paid amount_remaining next_payment_attempt auto_advance)} = ('paid',
		$invoice->{amount_due}, 0, undef, false());
	$invoice->{status_transitions}{paid_at} = $now;
	my $customer = $store->get($invoice->{customer});
	if ($customer->{delinquent})
	{
		$customer->{delinquent} = false();
		changed($app, 'customer.updated', $customer);
	}
	changed($app, 'invoice.updated', $invoice);
	emit($app, 'invoice.paid', $invoice);
	emit($app, 'invoice.payment_succeeded', $invoice);
	my $subscription = $store->get($invoice->{_subscription}) or return;
	require QuteCart::FakeStripe::Pending;
	QuteCart::FakeStripe::Pending::applied($app, $subscription, $invoice);
	return if ($subscription->{latest_invoice} // '') ne $invoice->{id} || $subscription->{status} !~ /^(?:incomplete|past_due|unpaid)$/;
	set_status($app, $subscription,
		defined $subscription->{trial_end} && $subscription->{trial_end} > $now ? 'trialing' : 'active');
	return;
}

sub failed
{
	my ($app, $invoice, $subscription, $customer) = @_;
	if (!$customer->{delinquent} && $invoice->{billing_reason} ne 'subscription_create')
	{
		$customer->{delinquent} = true();
		changed($app, 'customer.updated', $customer);
	}
	return if !$subscription || $subscription->{_pending};
	set_status($app, $subscription,
		'past_due') if $subscription->{status} =~ /^(?:active|trialing)$/ && $subscription->{latest_invoice} eq $invoice->{id};
	return;
}

# The status and what is told about it.
sub set_status
{
	my ($app, $subscription, $status) = @_;
	$subscription->{status} = $status;
	changed($app, 'customer.subscription.updated', $subscription);
	require QuteCart::FakeStripe::Other;
	QuteCart::FakeStripe::Other::entitle($app, $subscription->{customer});
	return;
}

sub void_invoice
{
	my ($app, $invoice) = @_;
	$invoice->{status} = 'void';
	$invoice->{status_transitions}{voided_at} = $app->store->now_for($invoice);
	@$invoice{qw(next_payment_attempt auto_advance amount_remaining)} = (undef, false(), 0);
	cancel_intent($app, $invoice);
	emit($app, 'invoice.voided', $invoice);
	return;
}

1;
