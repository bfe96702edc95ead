# test/lib/QuteCart/FakeStripe/Invoices.pm
#	Invoices and invoice items as an API; the arithmetic is in Billing and Prorate.
package QuteCart::FakeStripe::Invoices;

use strict;
use warnings;
use QuteCart::FakeStripe::Billing;
use QuteCart::FakeStripe::Cards qw(card_of);
use QuteCart::FakeStripe::Catalogue;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Preview;
use QuteCart::FakeStripe::Shape;

my @PREVIEW = qw(customer subscription subscription_details discounts coupon automatic_tax currency preview_mode);
my @UPCOMING = (@PREVIEW,
	map { "subscription_$_" } qw(items proration_behavior proration_date cancel_at cancel_at_period_end cancel_now trial_end billing_cycle_anchor));

sub routes
{
	return (
		[POST   => '/v1/invoices/create_preview', \&QuteCart::FakeStripe::Preview::create, \@PREVIEW],
		[GET    => '/v1/invoices/upcoming', \&QuteCart::FakeStripe::Preview::upcoming, \@UPCOMING],
		[GET    => '/v1/invoices', \&list,
			[qw(limit starting_after ending_before created customer subscription status collection_method)]],
		[GET    => '/v1/invoices/{}', sub { $_[0]->show($_[0]->need('invoice', $_[0]->id)) }],
		[GET    => '/v1/invoices/{}/lines', \&lines, [qw(limit starting_after ending_before)]],
		[POST   => '/v1/invoices/{}', \&update,
			[qw(metadata description footer default_payment_method auto_advance)]],
		[POST   => '/v1/invoices/{}/pay', \&pay, [qw(payment_method paid_out_of_band off_session forgive)]],
		[POST   => '/v1/invoices/{}/finalize', \&finalize_one, [qw(auto_advance)]],
		[POST   => '/v1/invoices/{}/void', \&void],
		[POST   => '/v1/invoices/{}/mark_uncollectible', \&mark_uncollectible],
		[POST   => '/v1/invoiceitems', \&create_item,
			[qw(customer amount currency description metadata subscription discountable period)]],
		[GET    => '/v1/invoiceitems', \&list_items,
			[qw(limit starting_after ending_before created customer invoice pending)]],
		[GET    => '/v1/invoiceitems/{}', sub { $_[0]->show($_[0]->need('invoiceitem', $_[0]->id)) }],
		[DELETE => '/v1/invoiceitems/{}', \&delete_item],
	);
}

sub list
{
	my ($req) = @_;
	my %p = %{ $req->{params} };
	$req->need('customer', $p{customer}, 'customer') if defined $p{customer};
	return $req->page($req->store->all('invoice', sub {
		(!defined $p{customer} || $_->{customer} eq $p{customer}) && (!defined $p{subscription} || ($_->{_subscription} // '') eq $p{subscription})
		  && (!defined $p{status} || $_->{status} eq $p{status}) && (!defined $p{collection_method} || $_->{collection_method} eq $p{collection_method});
	}));
}

sub lines
{
	my ($req) = @_;
	my $invoice = $req->need('invoice', $req->id);
	my ($limit, $after) = ($req->p('limit') // 10, $req->p('starting_after'));
	my @all = @{ $invoice->{_lines} };
	if (defined $after)
	{
		my ($at) = grep { $all[$_]{id} eq $after } 0 .. $#all;
		no_such('invoice line item', $after, 'starting_after') unless defined $at;
		splice @all, 0, $at + 1;
	}
	my $more = @all > $limit;
	splice @all, $limit if $more;
	return { %{ list_of($req->{path}, map { $req->show($_) } @all) }, has_more => flag($more) };
}

sub update
{
	my ($req) = @_;
	my $invoice = $req->need('invoice', $req->id);
	refuse(400, "This invoice has been finalized and its description can't be changed.",
		code => 'invoice_not_editable') if $invoice->{status} ne 'draft' && $req->has('description');
	if (defined(my $id = $req->p('default_payment_method')))
	{
		my $card = card_of($req->app, $id, 'default_payment_method');
		refuse_param('default_payment_method',
			"The customer does not have a payment method with the ID $id. The payment method must be attached to the customer.") if ($card->{customer} // '') ne $invoice->{customer};
	}
	$req->copy($invoice, qw(description footer default_payment_method auto_advance));
	$req->merge_metadata($invoice);
	changed($req->app, 'invoice.updated', $invoice);
	return $req->show($invoice);
}

sub pay
{
	my ($req) = @_;
	my $app = $req->app;
	my $invoice = $req->need('invoice', $req->id);
	finalize($app, $invoice) if $invoice->{status} eq 'draft';
	refuse(400, 'Invoice is already paid') if $invoice->{status} eq 'paid';
	refuse(400, 'This invoice can no longer be paid.') if $invoice->{status} !~ /^(?:open|uncollectible)$/;
	if ($req->p('paid_out_of_band'))
	{
		$invoice->{_out_of_band} = 1;
		settle_free($app, $invoice);
		return $req->show($invoice);
	}
	my $customer = $req->store->get($invoice->{customer});
	my $card = defined $req->p('payment_method') ? card_of($app, $req->p('payment_method'),
		'payment_method') : payer($app, $customer, $req->store->get($invoice->{_subscription}), $invoice);
	refuse(400, 'There is no `default_payment_method` set on this Customer or Invoice. Please set a default payment method and try again.', code => 'resource_missing') unless $card;
	refuse_param('payment_method',
		"The customer does not have a payment method with the ID $card->{id}. The payment method must be attached to the customer.", code => 'resource_missing') if ($card->{customer} // '') ne $customer->{id};
	my $outcome = collect($app, $invoice, card => $card, off_session => $req->p('off_session') // true());
	card_error({ code => 'invoice_payment_intent_requires_action',
		message => 'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action' }, -keep => 1) if $outcome->{asks};
	card_error($outcome->{failure}, charge => $outcome->{charge}{id},
		payment_intent => $req->show($outcome->{intent}), payment_method => $req->show($card),
		-keep => 1) if $outcome->{failure};
	return $req->show($invoice);
}

sub finalize_one
{
	my ($req) = @_;
	my $invoice = $req->need('invoice', $req->id);
	refuse(400, 'This invoice is already finalized, you can\'t re-finalize a non-draft invoice.',
		code => 'invoice_not_editable') if $invoice->{status} ne 'draft';
	return $req->show(finalize($req->app, $invoice));
}

sub void
{
	my ($req) = @_;
	my $invoice = $req->need('invoice', $req->id);
	refuse(400, "You can only pass in open invoices. This invoice isn't open.") if $invoice->{status} !~ /^(?:open|uncollectible)$/;
	void_invoice($req->app, $invoice);
	return $req->show($invoice);
}

sub mark_uncollectible
{
	my ($req) = @_;
	my $invoice = $req->need('invoice', $req->id);
	refuse(400, "You can only pass in open invoices. This invoice isn't open.") if $invoice->{status} ne 'open';
	@$invoice{qw(status next_payment_attempt)} = ('uncollectible', undef);
	$invoice->{status_transitions}{marked_uncollectible_at} = $req->store->now_for($invoice);
	emit($req->app, 'invoice.marked_uncollectible', $invoice);
	return $req->show($invoice);
}

# --- items ---

sub create_item
{
	my ($req) = @_;
	my $customer = $req->need('customer', $req->p('customer') // missing_param('customer'), 'customer');
	$req->need('subscription', $req->p('subscription'), 'subscription') if defined $req->p('subscription');
	my $now  = $req->store->now_for($customer);
	my $item = $req->store->add('invoiceitem', {
		id => $req->store->new_id('ii_'), amount => $req->p('amount') // missing_param('amount'),
		currency => $req->p('currency') // $customer->{currency} // 'usd', customer => $customer->{id},
		customer_account => undef,
		created => $now, date => $now, description => $req->p('description'),
		discountable => $req->p('discountable') // flag($req->p('amount') > 0), discounts => [], invoice => undef,
		livemode => false(), metadata => {},
		net_amount => $req->p('amount'), period => $req->p('period') // { start => $now, end => $now },
		proration => false(), quantity => 1, quantity_decimal => '1', tax_rates => [],
		test_clock => $customer->{test_clock},
		_price => undef, _subscription => $req->p('subscription'), _subscription_item => undef });
	$req->merge_metadata($item);
	emit($req->app, 'invoiceitem.created', $item);
	return $req->show($item);
}

sub list_items
{
	my ($req) = @_;
	my ($customer, $invoice, $pending) = map { $req->p($_) } qw(customer invoice pending);
	return $req->page($req->store->all('invoiceitem', sub {
		(!defined $customer || $_->{customer} eq $customer) && (!defined $invoice || ($_->{invoice} // '') eq $invoice) && (!defined $pending || !$pending == defined $_->{invoice});
	}));
}

sub delete_item
{
	my ($req) = @_;
	my $item = $req->need('invoiceitem', $req->id);
	refuse(400, 'This invoice item is already on an invoice and cannot be deleted.',
		code => 'invoice_not_editable') if defined $item->{invoice};
	emit($req->app, 'invoiceitem.deleted', $item);
	$req->store->remove($item->{id});
	return { id => $item->{id}, object => 'invoiceitem', deleted => true() };
}

# --- shapes ---

sub pricing_of
{
	my ($app, $price_id, $amount) = @_;
	my $price = defined $price_id ? $app->store->{objects}{$price_id} : undef;
	return { type => 'price_details', price_details => undef, unit_amount_decimal => "$amount" } unless $price;
	return { type => 'price_details', price_details => { price => $price->{id}, product => $price->{product} },
		unit_amount_decimal => $price->{unit_amount_decimal} };
}

sub priced_old
{
	my ($app, $price_id, $shape) = @_;
	my $price = defined $price_id ? $app->store->{objects}{$price_id} : undef or return ();
	return (price => shown($app, $price, $shape), plan => QuteCart::FakeStripe::Catalogue::plan_of($app, $price,
		$shape));
}

register_shape('line_item',
	new => sub {
		my ($app, $line) = @_;
		my $details = { credited_items => $line->{invoice_item} ? credited($app, $line->{invoice_item}) : undef };
		my $of_item = $line->{invoice_item} ? { invoice_item => $line->{invoice_item},
			proration => $line->{proration}, proration_details => $details,
			subscription => $line->{subscription} } : undef;
		my $of_subscription = $of_item ? undef : { invoice_item => undef, proration => $line->{proration},
			proration_details => $details, subscription => $line->{subscription},
			subscription_item => $line->{subscription_item} };
		return { parent => { type => $of_item ? 'invoice_item_details' : 'subscription_item_details',
			invoice_item_details => $of_item, subscription_item_details => $of_subscription },
			pricing => pricing_of($app, $line->{price}, $line->{amount}), subtotal => $line->{amount},
			quantity_decimal => "$line->{quantity}" };
	},
	old => sub {
		my ($app, $line, $shape) = @_;
		return { amount_excluding_tax => $line->{amount}, proration => $line->{proration},
			proration_details => { credited_items => $line->{invoice_item} ? credited($app,
			$line->{invoice_item}) : undef }, tax_amounts => [], tax_rates => [],
			type => $line->{invoice_item} ? 'invoiceitem' : 'subscription',
			unit_amount_excluding_tax => "$line->{amount}", priced_old($app, $line->{price}, $shape) };
	});

sub credited
{
	my ($app, $id) = @_;
	my $item = $app->store->{objects}{$id};
	return $item ? $item->{_credited} : undef;
}

register_shape('invoiceitem',
	new => sub {
		my ($app, $item) = @_;
		return { pricing => pricing_of($app, $item->{_price}, $item->{amount}), parent => $item->{_subscription}
			  ? { type => 'subscription_details', subscription_details => { subscription => $item->{_subscription},
				subscription_item => $item->{_subscription_item} } } : undef };
	},
	old => sub {
		my ($app, $item, $shape) = @_;
		return { subscription => $item->{_subscription}, unit_amount => $item->{amount},
			unit_amount_decimal => "$item->{amount}", priced_old($app, $item->{_price}, $shape) };
	});
register_shape('invoice',
	new => sub {
		my ($app, $invoice, $shape) = @_;
		return { lines => list_of("/v1/invoices/$invoice->{id}/lines", map { shown($app, $_,
			$shape) } @{ $invoice->{_lines} }) };
	},
	old => sub {
		my ($app, $invoice, $shape) = @_;
		my $intent = $invoice->{_intent} ? $app->store->{objects}{ $invoice->{_intent} } : undef;
		my $discount = $invoice->{discounts}[0] ? $app->store->{objects}{ $invoice->{discounts}[0] } : undef;
		return { application_fee_amount => undef, charge => $intent ? $intent->{latest_charge} : undef,
			discount => $discount ? shown($app, { %$discount, _gone => undef }, $shape) : undef,
			paid => flag($invoice->{status} eq 'paid'), paid_out_of_band => flag($invoice->{_out_of_band}),
			payment_intent => $invoice->{_intent}, quote => undef, subscription => $invoice->{_subscription},
			subscription_details => { metadata => $invoice->{parent} ? $invoice->{parent}{subscription_details}{metadata} : undef }, tax => undef, total_tax_amounts => [], transfer_data => undef };
	});
register_expand('invoice', 'payments', sub {
	my ($app, $invoice, $shape) = @_;
	refuse_param('expand', 'This property cannot be expanded (payments).') if $shape eq 'old';
	return list_of("/v1/invoice_payments?invoice=$invoice->{id}", map { shown($app, $_,
		$shape) } $invoice->{_payment} ? $app->store->get($invoice->{_payment}) : ());
});
register_expand('invoice', 'confirmation_secret', sub {
	my ($app, $invoice, $shape) = @_;
	refuse_param('expand', 'This property cannot be expanded (confirmation_secret).') if $shape eq 'old';
	my $intent = $invoice->{_intent} ? $app->store->get($invoice->{_intent}) : undef;
	return $intent ? { client_secret => $intent->{client_secret}, type => 'payment_intent' } : undef;
});

1;
