# test/lib/QuteCart/FakeStripe/Pages.pm
#	The pages a customer would see at Stripe, plain, for trying things out by hand.
#
# With --pages the addresses in answers lead here instead of to stripe.com: Checkout, the
# billing portal, 3-D Secure, an invoice and its PDF.  Whoever knows an id may use them,
# as with the real ones; the program listens on 127.0.0.1 only.
package QuteCart::FakeStripe::Pages;

use strict;
use warnings;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Form;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Money;

my %pages = (checkout => \&checkout, portal => \&portal, '3ds' => \&secure, invoice => \&invoice, pdf => \&pdf);
my @cards = (['pm_card_visa', 'a card that works'], ['pm_card_chargeDeclined', 'a card that is declined'],
	['pm_card_chargeCustomerFail', 'a card that is declined later'], ['pm_card_threeDSecure2Required',
		'a card that asks for 3-D Secure']);

# Where an answer sends the customer: here, or where Stripe would.
sub address
{
	my ($app, $page, $id, $stripe) = @_;
	return $app->{pages} ? "$app->{pages}/pay/$page/$id" : $stripe;
}

sub answer
{
	my ($app, $request) = @_;
	my ($page, $id) = $request->{path} =~ m{^/pay/(\w+)/(\w+)$};
	my $given = $request->{method} eq 'POST' ? form_data($request->{body}) : undef;
	my $result = eval {
		my $object = $app->store->{objects}{ $id // '' };
		refuse(404, 'There is no such page.') unless $page && $pages{$page} && $object && !$object->{_gone};
		$pages{$page}->($app, $object, $given);
	};
	return $result if $result;
	my $error = $@;
	my ($status, $text) = ref $error ? ($error->{status}, $error->{error}{message}) : (500, "$error");
	return page($status, 'Not possible', '<p>' . escaped($text) . '</p><p><a href="">Once more</a></p>');
}

# A deed with the rights of the page, in a transaction.
sub deed { return QuteCart::FakeStripe::Control::deed($_[0], $_[0]{version}, $_[1]) }

sub checkout
{
	my ($app, $session, $given) = @_;
	return page(200, 'Checkout', "<p>This session is $session->{status}.</p>") if $session->{status} ne 'open';
	if (!$given)
	{
		my $choice = join '', map { qq(<option value="$_->[0]">$_->[1]</option>) } @cards[0, 1, 3];
		my $sum    = defined $session->{amount_total} ? money_text($session->{amount_total},
			$session->{currency}) : 'nothing';
		my $email  = escaped(($session->{customer_details} // {})->{email} // 'customer@example.com');
		my $back   = defined $session->{cancel_url} ? '<p><a href="' . escaped($session->{cancel_url}) . '">Back</a></p>' : '';
		return page(200, 'Checkout',
			"<form method=post><p>Due now: $sum</p><p><input name=email value=\"$email\"></p>"
			. "<p><select name=payment_method>$choice</select></p><p><button>Pay</button></p></form>$back");
	}
	deed($app, sub {
		my ($req) = @_;
		return QuteCart::FakeStripe::Checkout::complete($req, $req->need('checkout.session', $session->{id}),
			map { $_ => $given->{$_} } grep { defined $given->{$_} } qw(email payment_method promotion_code));
	});
	return elsewhere($session->{success_url} =~ s/\{CHECKOUT_SESSION_ID\}/$session->{id}/gr);
}

sub portal
{
	my ($app, $session, $given) = @_;
	my $store = $app->store;
	if ($given && defined $given->{subscription})
	{
		deed($app, sub {
			my ($req) = @_;
			my $one = $req->need('subscription', $given->{subscription});
			no_such('subscription', $one->{id}) if $one->{customer} ne $session->{customer};
			QuteCart::FakeStripe::SubscriptionChange::change($req, $one,
				{ cancel_at_period_end => flag(!$one->{cancel_at_period_end}) });
			return $one;
		});
	}
	my $rows = join '', map {
		my $ends = $_->{cancel_at_period_end};
		"<form method=post><p>" . escaped("$_->{id}: $_->{status}, until " . day_text($_->{_end}) . ($ends ? ', then over' : ''))
		  . " <button name=subscription value=\"$_->{id}\">" . ($ends ? 'Go on' : 'Cancel') . '</button></p></form>'
	} $store->all('subscription', sub { $_->{customer} eq $session->{customer} && !$_->{ended_at} });
	my $back = defined $session->{return_url} ? '<p><a href="' . escaped($session->{return_url}) . '">Back</a></p>' : '';
	return page(200, 'Your subscriptions', ($rows || '<p>None.</p>') . $back);
}

sub secure
{
	my ($app, $intent, $given) = @_;
	return page(200, '3-D Secure',
		"<p>This payment is $intent->{status}.</p>") if $intent->{status} ne 'requires_action';
	return page(200, '3-D Secure',
		'<form method=post><p><button name=agree value=1>It is me</button> <button name=agree value=0>It is not</button></p></form>')
	  unless $given;
	my $back = ($intent->{next_action}{redirect_to_url} // {})->{return_url};
	deed($app, sub { return QuteCart::FakeStripe::Intents::answered($app, $app->store->get($intent->{id}),
		$given->{agree}) });
	return defined $back ? elsewhere($back) : secure($app, $intent);
}

sub lines_of
{
	my ($invoice) = @_;
	return ('Invoice ' . ($invoice->{number} // 'draft'), (map { money_text($_->{amount},
		$_->{currency}) . "  $_->{description}" } @{ $invoice->{_lines} }),
		'Total ' . money_text($invoice->{total}, $invoice->{currency}), 'Due ' . money_text($invoice->{amount_due},
			$invoice->{currency}), "Status $invoice->{status}");
}

sub invoice
{
	my ($app, $invoice) = @_;
	return page(200, 'Invoice', join '', map { '<p>' . escaped($_) . '</p>' } lines_of($invoice));
}

# One page of text: the smallest PDF that a viewer opens.
sub pdf
{
	my ($app, $invoice) = @_;
	my @text = map { my $line = $_; $line =~ s/([\\()])/\\$1/g; $line =~ s/[^\x20-\x7e]/x/g; "($line) '" } lines_of($invoice);
	my $stream = join "\n", 'BT /F1 12 Tf 16 TL 50 780 Td', @text, 'ET';
	my @objects = ('<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		'<< /Length ' . length($stream) . " >>\nstream\n$stream\nendstream",
			'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
	my ($body, @at) = ("%PDF-1.4\n");
	for my $n (1 .. @objects)
	{
		push @at, length $body;
		$body .= "$n 0 obj\n$objects[$n - 1]\nendobj\n";
	}
	my $start = length $body;
	$body .= "xref\n0 " . (@objects + 1) . "\n0000000000 65535 f \n" . join('', map { sprintf "%010d 00000 n \n",
		$_ } @at);
	$body .= 'trailer << /Root 1 0 R /Size ' . (@objects + 1) . " >>\nstartxref\n$start\n%%EOF\n";
	return { status => 200, headers => { 'Content-Type' => 'application/pdf' }, body => $body };
}

sub page
{
	my ($status, $title, $body) = @_;
	my $html = "<!doctype html><meta charset=utf-8><title>$title</title><h1>$title</h1><p>A stand-in for Stripe: no money moves.</p>$body\n";
	utf8::encode($html);
	return { status => $status, headers => { 'Content-Type' => 'text/html; charset=utf-8' }, body => $html };
}

sub elsewhere { return { status => 303, headers => { Location => $_[0] }, body => '' } }

sub escaped
{
	my ($text) = @_;
	my %as = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "'" => '&#39;');
	return $text =~ s/([&<>"'])/$as{$1}/gr;
}

1;
