# test/t/fake_stripe_life.t
#	The stand-in for Stripe in time and money: periods, trials, failures, prorations to the cent.
#
# January has 31 days of 86,400 seconds: 2,678,400.  Amounts in the tables are computed by
# hand from seconds; the stand-in's code is not asked.
use strict;
use warnings;
use QuteCart::FakeStripe;
use Test::More;
use Time::Local qw(timegm_modern);

my $JANUARY = 1767225600;                      # 2026-01-01 00:00 UTC
my $stripe = QuteCart::FakeStripe->new(now => $JANUARY);
my %price;
for (['starter', 2900, 'month'], ['growth', 9900, 'month'], ['enterprise', 29900, 'month'], ['odd', 1001, 'month'], ['odder', 3003,
	'month'], ['yearly', 27840, 'year'], ['free', 0, 'month'])
{
	my ($name, $amount, $interval) = @$_;
	$price{$name} = $stripe->ok(POST => '/v1/prices', { product_data => { name => ucfirst $name }, currency => 'usd',
		unit_amount => $amount, recurring => { interval => $interval } })->{id};
}
$stripe->ok(POST => '/v1/coupons', { id => 'QUARTER', percent_off => 25, duration => 'forever' });
$stripe->ok(POST => '/v1/coupons', { id => 'FIVE', amount_off => 500, currency => 'usd', duration => 'forever' });
$stripe->ok(POST => '/v1/coupons', { id => 'ONCE', percent_off => 50, duration => 'once' });
$stripe->ok(POST => '/v1/coupons', { id => 'THREE', percent_off => 10, duration => 'repeating', duration_in_months => 3 });
$stripe->ok(POST => '/v1/coupons', { id => 'ODD', percent_off => 25.5, duration => 'forever' });

sub day { my ($year, $month, $day, $hour) = @_; return timegm_modern(0, 0, $hour // 0, $day, $month - 1, $year) }

# A customer on a test clock of its own, with a card as default.
sub customer
{
	my ($start, $recipe) = @_;
	my $clock = $stripe->ok(POST => '/v1/test_helpers/test_clocks', { frozen_time => $start // $JANUARY });
	my $customer = $stripe->ok(POST => '/v1/customers', { test_clock => $clock->{id}, email => 'vendor@example.com' });
	card($customer->{id}, $recipe // 'pm_card_visa') if ($recipe // '') ne 'none';
	return ($customer->{id}, $clock->{id});
}

sub card
{
	my ($customer, $recipe) = @_;
	my $card = $stripe->ok(POST => "/v1/payment_methods/$recipe/attach", { customer => $customer });
	$stripe->ok(POST => "/v1/customers/$customer", { invoice_settings => { default_payment_method => $card->{id} } });
	return $card->{id};
}

sub subscribe
{
	my ($customer, $price, %o) = @_;
	return $stripe->ok(POST => '/v1/subscriptions', { customer => $customer, items => [{ price => $price{$price},
		quantity => delete $o{quantity} // 1 }], expand => ['latest_invoice'], %o });
}

sub change
{
	my ($subscription, $price, %o) = @_;
	return $stripe->ok(POST => "/v1/subscriptions/$subscription->{id}",
		{ items => [{ id => $subscription->{items}{data}[0]{id}, price => $price{$price},
			(exists $o{quantity} ? (quantity => delete $o{quantity}) : ()) }], expand => ['latest_invoice'], %o });
}

sub to { my ($clock, $time) = @_; $stripe->control(POST => 'clock', test_clock => $clock, now => $time); return }
sub shown { my ($subscription) = @_; return $stripe->ok(GET => "/v1/subscriptions/$subscription->{id}", { expand => ['latest_invoice'] }) }
sub types { my ($id) = @_; return map { $_->{type} } $stripe->events($id) }
sub amounts { my ($invoice) = @_; return [map { $_->{amount} } @{ $invoice->{lines}{data} }] }
sub period { my ($subscription) = @_; return join ' ', map { my @t = gmtime $_; sprintf '%d-%02d-%02d', $t[5] + 1900, $t[4] + 1,
	$t[3] } @{ $subscription->{items}{data}[0] }{qw(current_period_start current_period_end)} }

# --- prorations ---

my $half = $JANUARY + 1_339_200;
for my $case (
	# from, to, at, credit, charge, options
	['starter', 'growth', $half, -1450, 4950, 'half of the month'],
	['starter', 'growth', $JANUARY + 864_000, -1965, 6706, '21 of 31 days: 1964.516… and 6706.451…'],
	['odd', 'odder', $half, -501, 1502, 'half a cent: 500.5 and 1501.5 go away from zero'],
	['starter', 'growth', $JANUARY + 1, -2900, 9900, 'one second gone: 2899.998… and 9899.996…'],
	['starter', 'growth', $JANUARY + 2_678_399, 0, 0, 'one second left: 0.001… and 0.003…'],
	['starter', 'growth', $JANUARY + 2_678_399 - 269, 0, 1, '270 seconds left: 0.292… and 0.997…'],
	['starter', 'enterprise', $JANUARY + 1_000_000, -1817, 18737, 'a million seconds: 1817.25… and 18736.58…'],
	['growth', 'starter', $half, -4950, 1450, 'downwards'],
	['starter', 'growth', $half, -4350, 14850, 'three of them', quantity => 3],
	['starter', 'growth', $half, -1088, 3713, '25 % off: halves of 2175 and 7425', discounts => [{ coupon => 'QUARTER' }]],
	['starter', 'growth', $half, -1200, 4700, '5 dollars off: halves of 2400 and 9400', discounts => [{ coupon => 'FIVE' }]],
  )
{
	my ($from, $to, $at, $credit, $charge, $about, %o) = @$case;
	my ($customer, $clock) = customer();
	my $one = subscribe($customer, $from, %o, billing_mode => { type => 'classic' });
	to($clock, $at);
	my $now = change($one, $to, proration_behavior => 'always_invoice', ($o{quantity} ? (quantity => $o{quantity}) : ()));
	is_deeply(amounts($now->{latest_invoice}), [$credit, $charge], "$from to $to: $about");
	is($now->{latest_invoice}{total}, $credit + $charge, '… and their sum is the total');
}

my ($customer, $clock) = customer(day(2026, 2, 1));
my $one = subscribe($customer, 'starter');
to($clock, day(2026, 2, 8));
my $change = change($one, 'growth', proration_behavior => 'always_invoice');
is_deeply(amounts($change->{latest_invoice}), [-2175, 7425], 'February has 28 days');
is_deeply([map { $_->{description} } @{ $change->{latest_invoice}{lines}{data} }], ['Unused time on Starter after 08 Feb 2026',
	'Remaining time on Growth after 08 Feb 2026'], 'a line says what it is for');
is_deeply([map { "$_->{parent}{invoice_item_details}{proration} $_->{discountable}" } @{ $change->{latest_invoice}{lines}{data} }], ['1 0',
	'1 0'], 'that it is a proration, which no coupon reduces once more');
is("$change->{latest_invoice}{status} $change->{latest_invoice}{billing_reason} " . period($change),
	'paid subscription_update 2026-02-01 2026-03-01', 'the difference is charged at once, the period stays');

# Two changes in one period
for my $mode (qw(classic flexible))
{
	($customer, $clock) = customer();
	$one = subscribe($customer, 'starter', billing_mode => { type => $mode });
	to($clock, $half);
	change($one, 'growth', proration_behavior => 'always_invoice');
	to($clock, $JANUARY + 2_008_800);
	is_deeply(amounts(change($one, 'enterprise', proration_behavior => 'always_invoice')->{latest_invoice}), [-2475, 7475],
		"a second change credits what is left of the first ($mode)");
}
# A downgrade without proration, then an upgrade: what was paid is what is credited, if flexible
for (['classic', -1450], ['flexible', -4950])
{
	my ($mode, $credit) = @$_;
	($customer, $clock) = customer();
	$one = subscribe($customer, 'growth', billing_mode => { type => $mode });
	my $lower = change($one, 'starter', proration_behavior => 'none', billing_cycle_anchor => 'unchanged');
	is($lower->{latest_invoice}{id}, $one->{latest_invoice}{id}, 'a downgrade without proration makes no invoice');
	to($clock, $half);
	is_deeply(amounts(change($one, 'enterprise', proration_behavior => 'always_invoice')->{latest_invoice}), [$credit, 14950],
		"an upgrade after it credits $credit ($mode)");
}

# Left for the next invoice, which the credit exceeds
($customer, $clock) = customer();
$one = subscribe($customer, 'growth');
to($clock, $half);
$change = change($one, 'starter');
is($change->{latest_invoice}{id}, $one->{latest_invoice}{id}, 'by default a change waits for the next invoice');
to($clock, day(2026, 2, 1, 2));
my $next = shown($one)->{latest_invoice};
is_deeply([amounts($next), map { $next->{$_} } qw(total amount_due ending_balance status)], [[-4950, 1450, 2900], -600, 0, -600, 'paid'],
	'the next invoice has it; what is left is credit');
is($stripe->ok(GET => "/v1/customers/$customer")->{balance}, -600, 'of the customer');
to($clock, day(2026, 3, 1, 2));
$next = shown($one)->{latest_invoice};
is_deeply([map { $next->{$_} } qw(total starting_balance amount_due amount_paid ending_balance)], [2900, -600, 2300, 2300, 0],
	'which the one after that uses up');

# Another rhythm
($customer, $clock) = customer();
$one = subscribe($customer, 'starter');
to($clock, $half);
$change = change($one, 'yearly');
is_deeply(amounts($change->{latest_invoice}), [-1450, 27840],
	'from monthly to yearly the year is charged at once, the rest of the month credited');
is("$change->{latest_invoice}{amount_paid} " . period($change), '26390 2026-01-16 2027-01-16', 'and the year begins today');

# Ends of months
($customer, $clock) = customer(day(2026, 1, 31));
$one = subscribe($customer, 'starter');
my @ends = (period($one));
for my $when (day(2026, 3, 1), day(2026, 4, 1), day(2026, 5, 1))
{
	to($clock, $when);
	push @ends, period(shown($one));
}
is_deeply(\@ends, ['2026-01-31 2026-02-28', '2026-02-28 2026-03-31', '2026-03-31 2026-04-30', '2026-04-30 2026-05-31'],
	'who began on the 31st pays on the last day of short months and on the 31st of others');

# --- coupons ---

sub totals
{
	my ($coupon, $months) = @_;
	my ($customer, $clock) = customer();
	my $one = subscribe($customer, 'starter', discounts => [{ coupon => $coupon }]);
	my @all = ($one->{latest_invoice}{total});
	for my $month (2 .. $months)
	{
		to($clock, day(2026, $month, 1, 2));
		push @all, shown($one)->{latest_invoice}{total};
	}
	return \@all;
}
is_deeply(totals('QUARTER', 3), [2175, 2175, 2175], 'a coupon for ever');
is_deeply(totals('ONCE', 3), [1450, 2900, 2900], 'a coupon for one invoice');
is_deeply(totals('THREE', 5), [2610, 2610, 2610, 2900, 2900], 'a coupon for three months');
is_deeply(totals('FIVE', 2), [2400, 2400], 'a coupon of five dollars');
is_deeply(totals('ODD', 1), [2160], '25.5 % of 29.00 are 7.395, so 7.40');
($customer, $clock) = customer();
$one = subscribe($customer, 'starter', discounts => [{ coupon => 'ONCE' }], trial_period_days => 14);
to($clock, $JANUARY + 15 * 86_400);
is(shown($one)->{latest_invoice}{total}, 1450, 'a trial does not use up a coupon for one invoice');

# --- trials ---

($customer, $clock) = customer();
$one = subscribe($customer, 'starter', trial_period_days => 14);
is_deeply([@$one{qw(status trial_start trial_end)}, @{ $one->{latest_invoice} }{qw(total status)}], ['trialing', $JANUARY,
	$JANUARY + 14 * 86_400, 0, 'paid'], 'a trial begins with an invoice of nothing');
to($clock, $JANUARY + 11 * 86_400 - 1);
is(scalar(grep { /trial_will_end/ } types($one->{id})), 0, 'nobody is warned earlier …');
to($clock, $JANUARY + 11 * 86_400);
is(scalar(grep { /trial_will_end/ } types($one->{id})), 1, '… than three days before it ends');
to($clock, $JANUARY + 14 * 86_400);
is_deeply([shown($one)->{status}, @{ shown($one)->{latest_invoice} }{qw(status total billing_reason)}], ['active', 'draft', 2900,
	'subscription_cycle'], 'at its end the invoice is a draft');
to($clock, $JANUARY + 14 * 86_400 + 3600);
is(shown($one)->{latest_invoice}{status}, 'paid', 'and paid an hour later');
is_deeply([grep { /^customer.subscription/ } types($one->{id})],
	[map { "customer.subscription.$_" } qw(created trial_will_end updated)], 'the subscription\'s events tell that story');
for (['create_invoice', 'past_due'], ['cancel', 'canceled'], ['pause', 'paused'])
{
	my ($setting, $status) = @$_;
	($customer, $clock) = customer($JANUARY, 'none');
	$one = subscribe($customer, 'starter', trial_period_days => 1,
		trial_settings => { end_behavior => { missing_payment_method => $setting } });
	like($one->{pending_setup_intent}, qr/^seti_/, 'a trial without a card waits for one');
	to($clock, $JANUARY + 86_400 + 3600);
	is(shown($one)->{status}, $status, "who has no card at its end: $setting");
}
card($customer, 'pm_card_visa');
is($stripe->ok(POST => "/v1/subscriptions/$one->{id}/resume", { billing_cycle_anchor => 'now' })->{status}, 'active',
	'a paused one can be resumed with a card');

# --- failures ---

($customer, $clock) = customer();
$one = subscribe($customer, 'starter');
my $card = $stripe->ok(GET => "/v1/customers/$customer")->{invoice_settings}{default_payment_method};
$stripe->card($card, 'insufficient_funds');
to($clock, day(2026, 2, 1, 1));
my $late = shown($one);
is_deeply([$late->{status}, @{ $late->{latest_invoice} }{qw(status attempt_count next_payment_attempt)}], ['past_due', 'open', 1, day(2026,
	2, 4, 1)], 'a payment that fails makes it past due and is tried again in 3 days');
ok($stripe->ok(GET => "/v1/customers/$customer")->{delinquent}, 'the customer owes');
to($clock, day(2026, 2, 4, 1));
is_deeply([@{ shown($one)->{latest_invoice} }{qw(attempt_count next_payment_attempt)}], [2, day(2026, 2, 9, 1)], 'then in 5');
$stripe->card($card, 'ok');
to($clock, day(2026, 2, 9, 1));
is_deeply([shown($one)->{status}, shown($one)->{latest_invoice}{status}], ['active', 'paid'], 'a later try may succeed');
is_deeply([grep { /^invoice\.pay/ } types($late->{latest_invoice}{id})],
	[map { "invoice.$_" } qw(payment_failed payment_failed payment_succeeded)],
		'each try is told') or diag explain [types($late->{latest_invoice}{id})];
$stripe->card($card, 'generic_decline');
to($clock, day(2026, 3, 31));
is_deeply([@{ shown($one) }{qw(status ended_at)}, shown($one)->{cancellation_details}{reason}], ['canceled', day(2026, 3, 16, 1),
	'payment_failed'], 'after the last try it ends');
is(shown($one)->{latest_invoice}{attempt_count}, 4, 'which was the fourth');
$stripe->settings(after_retries => 'unpaid', retry_days => [1]);
($customer, $clock) = customer();
$one = subscribe($customer, 'starter');
$stripe->card($stripe->ok(GET => "/v1/customers/$customer")->{invoice_settings}{default_payment_method}, 'lost_card');
to($clock, day(2026, 2, 3));
is_deeply([shown($one)->{status}, shown($one)->{latest_invoice}{attempt_count}], ['unpaid', 1],
	'or is unpaid, if the account wants that; a lost card is not tried again');
to($clock, day(2026, 3, 2));
is(shown($one)->{latest_invoice}{status}, 'draft', 'an unpaid one gets drafts');
$stripe->settings(after_retries => 'cancel', retry_days => [3, 5, 7]);

sub declined
{
	my (%o) = @_;
	my ($customer) = customer($JANUARY, 'pm_card_chargeCustomerFail');
	return ($customer, $stripe->call(POST => '/v1/subscriptions', { customer => $customer, items => [{ price => $price{starter} }],
		expand => ['latest_invoice.payments.data.payment.payment_intent'], %o }));
}
my ($who, $reply) = declined();
my $intent = $reply->{json}{latest_invoice}{payments}{data}[0]{payment}{payment_intent};
is_deeply([$reply->{status}, $reply->{json}{status}, $intent->{status}, $intent->{last_payment_error}{decline_code}], [200, 'incomplete',
	'requires_payment_method', 'generic_decline'], 'a first payment that fails leaves it incomplete');
my $paid = $stripe->ok(POST => "/v1/payment_intents/$intent->{id}/confirm", { payment_method => 'pm_card_visa' });
is_deeply([$paid->{status}, shown($reply->{json})->{status}], ['succeeded', 'active'], 'until it is paid with another card');
($who, $reply) = declined();
to($stripe->ok(GET => "/v1/customers/$who")->{test_clock}, $JANUARY + 23 * 3600);
is_deeply([shown($reply->{json})->{status}, shown($reply->{json})->{latest_invoice}{status}], ['incomplete_expired', 'void'],
	'or 23 hours are over');
($who, $reply) = declined(payment_behavior => 'error_if_incomplete');
is_deeply([$reply->{status}, @{ $reply->{json}{error} }{qw(type code decline_code)}], [402, 'card_error', 'card_declined',
	'generic_decline'], 'whoever asks for an error gets 402');
is_deeply($stripe->ok(GET => '/v1/subscriptions', { customer => $who, status => 'all' })->{data}, [], 'and no subscription');
is_deeply($stripe->ok(GET => '/v1/invoices', { customer => $who })->{data}, [], 'and no invoice');

# --- 3-D Secure ---

($customer, $clock) = customer($JANUARY, 'pm_card_threeDSecure2Required');
$one = subscribe($customer, 'starter', expand => ['latest_invoice.confirmation_secret', 'latest_invoice.payments']);
is($one->{status}, 'incomplete', 'a card that asks leaves it incomplete');
$intent = $one->{latest_invoice}{payments}{data}[0]{payment}{payment_intent};
like($one->{latest_invoice}{confirmation_secret}{client_secret}, qr/^${intent}_secret_/, 'with a secret for the browser');
is($stripe->ok(GET => "/v1/payment_intents/$intent")->{next_action}{type}, 'use_stripe_sdk', 'which shows what to do');
$stripe->authenticate($intent, 0);
is_deeply([shown($one)->{status}, $stripe->object($intent)->{status}, $stripe->object($intent)->{last_payment_error}{code}], ['incomplete',
	'requires_payment_method', 'payment_intent_authentication_failure'], 'who fails at it stays where he is');
$stripe->ok(POST => "/v1/payment_intents/$intent/confirm", { payment_method => 'pm_card_threeDSecure2Required',
	return_url => 'https://example.com/back' });
is($stripe->object($intent)->{next_action}{redirect_to_url}{return_url}, 'https://example.com/back',
	'a second try may come back by a redirect');
$stripe->authenticate($intent, 1);
is(shown($one)->{status}, 'active', 'who completes it has it');
($customer) = customer($JANUARY, 'pm_card_authenticationRequiredOnSetup');
my $old = $stripe->ok(POST => '/v1/subscriptions', { customer => $customer, items => [{ price => $price{starter} }],
	expand => ['latest_invoice.payment_intent'] }, version => '2024-06-20');
like($old->{latest_invoice}{payment_intent}{client_secret}, qr/^pi_\w+_secret_/,
	'before 2025-03-31 the secret is in the invoice\'s payment intent');
($customer) = customer();
$one = subscribe($customer, 'starter', payment_behavior => 'default_incomplete');
is_deeply([$one->{status}, $one->{latest_invoice}{attempt_count}], ['incomplete', 0], 'default_incomplete does not even try');

# --- changes that wait for their payment ---

($customer, $clock) = customer();
$one = subscribe($customer, 'starter');
$card = $stripe->ok(GET => "/v1/customers/$customer")->{invoice_settings}{default_payment_method};
$stripe->card($card, 'generic_decline');
to($clock, $half);
$change = change($one, 'growth', proration_behavior => 'always_invoice', payment_behavior => 'pending_if_incomplete');
is_deeply([$change->{status}, $change->{items}{data}[0]{price}{id}, $change->{pending_update}{subscription_items}[0]{price}], ['active',
	$price{starter}, $price{growth}], 'pending_if_incomplete keeps the old price until the new is paid');
$stripe->card($card, 'ok');
$stripe->ok(POST => "/v1/invoices/$change->{latest_invoice}{id}/pay");
is_deeply([shown($one)->{items}{data}[0]{price}{id}, shown($one)->{pending_update}], [$price{growth}, undef], 'then the new one holds');
$stripe->card($card, 'generic_decline');
$reply = $stripe->call(POST => "/v1/subscriptions/$one->{id}", { items => [{ id => $one->{items}{data}[0]{id},
	price => $price{enterprise} }], proration_behavior => 'always_invoice', payment_behavior => 'error_if_incomplete' });
is_deeply([$reply->{status}, shown($one)->{items}{data}[0]{price}{id}], [402, $price{growth}], 'error_if_incomplete changes nothing');
$change = change($one, 'enterprise', proration_behavior => 'always_invoice');
is_deeply([$change->{status}, $change->{items}{data}[0]{price}{id}, $change->{latest_invoice}{status}], ['past_due', $price{enterprise},
	'open'], 'by default the change holds and the payment is due');

# --- the end ---

($customer, $clock) = customer();
$one = subscribe($customer, 'starter');
$change = $stripe->ok(POST => "/v1/subscriptions/$one->{id}", { cancel_at_period_end => 'true' });
is_deeply([@$change{qw(status cancel_at canceled_at)}], ['active', day(2026, 2, 1), $JANUARY],
	'an end at the end of the period changes no status');
is($stripe->ok(POST => "/v1/subscriptions/$one->{id}", { cancel_at_period_end => 'false' })->{cancel_at}, undef, 'and can be taken back');
$stripe->ok(POST => "/v1/subscriptions/$one->{id}", { cancel_at_period_end => 'true' });
to($clock, day(2026, 2, 1));
is_deeply([@{ shown($one) }{qw(status ended_at)}], ['canceled', day(2026, 2, 1)], 'then it comes');
is((types($one->{id}))[-1], 'customer.subscription.deleted', 'and is told');
is(scalar @{ $stripe->ok(GET => '/v1/invoices', { customer => $customer })->{data} }, 1, 'without another invoice');
$reply = $stripe->call(POST => "/v1/subscriptions/$one->{id}", { cancel_at_period_end => 'false' });
is("$reply->{status} $reply->{json}{error}{message}", '400 A canceled subscription can only update its cancellation_details and metadata.',
	'what has ended cannot be changed');
($customer, $clock) = customer();
$one = subscribe($customer, 'starter');
to($clock, $half);
$stripe->ok(DELETE => "/v1/subscriptions/$one->{id}", { prorate => 'true', invoice_now => 'true' });
is($stripe->ok(GET => "/v1/customers/$customer")->{balance}, -1450, 'who cancels at once may get the rest as credit');

# --- previews: sixty of them, to the cent ---

srand 4;
my (@off, $count);
for my $n (1 .. 60)
{
	my @names = (qw(starter growth enterprise odd odder yearly))[rand 6, rand 6];
	my $start = $JANUARY + int rand 40_000_000;
	my ($customer, $clock) = customer($start);
	my %o = rand() < 0.4 ? (discounts => [{ coupon => (qw(QUARTER FIVE ODD THREE))[rand 4] }]) : ();
	my $one = subscribe($customer, $names[0], quantity => 1 + int rand 3, billing_mode => { type => rand() < 0.5 ? 'classic' : 'flexible' },
		%o);
	my $at = $start + int rand 2_400_000;
	to($clock, $at);
	my $behaviour = (qw(always_invoice create_prorations none))[rand 3];
	my $item  = { id => $one->{items}{data}[0]{id}, price => $price{ $names[1] } };
	my $seen  = $stripe->ok(POST => '/v1/invoices/create_preview', { subscription => $one->{id}, subscription_details => { items => [$item],
		proration_behavior => $behaviour, proration_date => $at } });
	my $real  = $stripe->ok(POST => "/v1/subscriptions/$one->{id}", { items => [$item], proration_behavior => $behaviour,
		proration_date => $at, expand => ['latest_invoice'] });
	if ($real->{latest_invoice}{id} eq $one->{latest_invoice}{id})
	{
		to($clock, $real->{items}{data}[0]{current_period_end} + 3600);
		$real = shown($one);
	}
	$count++;
	push @off, "$n: @names $behaviour" if join(' ', $seen->{total}, @{ amounts($seen) }) ne join(' ', $real->{latest_invoice}{total},
		@{ amounts($real->{latest_invoice}) });
}
is_deeply(\@off, [], 'a preview is the invoice, line by line');
is($count, 60, 'sixty times');
my $untouched = subscribe((customer())[0], 'starter');
my $before = () = $stripe->events;
$stripe->ok(GET => '/v1/invoices/upcoming', { subscription => $untouched->{id},
	subscription_items => [{ id => $untouched->{items}{data}[0]{id}, price => $price{growth} }] }, version => '2024-06-20');
is_deeply([scalar($stripe->events), shown($untouched)->{items}{data}[0]{price}{id}], [$before, $price{starter}], 'and changes nothing');
$stripe->ok(POST => "/v1/subscriptions/$untouched->{id}", { cancel_at_period_end => 'true' });
is($stripe->call(POST => '/v1/invoices/create_preview', { subscription => $untouched->{id} })->{json}{error}{code}, 'invoice_upcoming_none',
	'where nothing comes there is none');

# --- checkout ---

my $session = $stripe->ok(POST => '/v1/checkout/sessions', { mode => 'subscription', line_items => [{ price => $price{growth},
	quantity => 1 }], success_url => 'https://example.com/ok', subscription_data => { trial_period_days => 14,
	metadata => { shop_id => 7 } }, client_reference_id => '7' });
is("$session->{status} $session->{payment_status} " . ($session->{url} =~ m{^https://} ? 'url' : ''), 'open unpaid url', 'a session waits for the customer');
my $done = $stripe->complete_checkout($session->{id}, email => 'new@example.com');
$one = $stripe->ok(GET => "/v1/subscriptions/$done->{subscription}");
is_deeply([$done->{status}, $done->{payment_status}, $one->{status}, $one->{metadata}], ['complete', 'no_payment_required', 'trialing',
	{ shop_id => '7' }], 'who completes it has a subscription');
is(scalar(grep { $_ eq 'checkout.session.completed' } types($session->{id})), 1, 'of which an event tells');
$session = $stripe->ok(POST => '/v1/checkout/sessions', { mode => 'subscription', line_items => [{ price => $price{growth},
	quantity => 1 }], success_url => 'https://example.com/ok' });
ok(!eval { $stripe->complete_checkout($session->{id}, payment_method => 'pm_card_chargeDeclined') }, 'a declined card does not');
is($stripe->object($session->{id})->{status}, 'open', 'the session stays open');
$stripe->advance(days => 1);
is($stripe->object($session->{id})->{status}, 'expired', 'for a day');

# --- a year ---

($customer, $clock) = customer();
$one = subscribe($customer, 'starter', trial_period_days => 14);
to($clock, day(2027, 1, 16));
my @invoices = reverse @{ $stripe->ok(GET => '/v1/invoices', { customer => $customer, limit => 100 })->{data} };
is(scalar @invoices, 14, 'a year has a trial, twelve months and the first of the next');
is_deeply([map { $_->{amount_paid} } @invoices], [0, (2900) x 13], 'each paid');
is_deeply([map { $_->{number} =~ /-(\d+)$/ } @invoices], [map { sprintf '%04d', $_ } 1 .. 14], 'each with its number');

done_testing;
