# test/lib/QuteCart/FakeStripe/Money.pm
#	Cents and calendar: prorations, discounts, billing periods.
#
# Stripe prorates by the second, from the moment of the change to the end of the period
# (docs.stripe.com/billing/subscriptions/prorations), one line for the unused time on the
# old price and one for the remaining time on the new.  Each line is rounded by itself,
# half a cent away from zero; its documentation does not say how a half is rounded.
package QuteCart::FakeStripe::Money;

use strict;
use warnings;
use Exporter qw(import);
use Time::Local qw(timegm_modern);

our @EXPORT = qw(share rounded percent_of prorated after period_around interval_seconds day_text money_text);

# numerator / denominator as a whole number, halves away from zero; exact, no floats.
sub rounded
{
	my ($numerator, $denominator) = @_;
	use integer;
	my $negative = $numerator < 0;
	my $size = $negative ? -$numerator : $numerator;
	my $whole = (2 * $size + $denominator) / (2 * $denominator);
	return $negative ? -$whole : $whole;
}

# The part of an amount that falls on from … to of a period.
sub prorated
{
	my ($amount, $from, $to, $start, $end) = @_;
	return rounded($amount * ($to - $from), $end - $start);
}

# 25.5 percent of an amount; percentages have two decimals.
sub percent_of
{
	my ($amount, $percent) = @_;
	return rounded($amount * sprintf('%.0f', $percent * 100), 10_000);
}

# A discount of total cents spread over amounts, in proportion, without losing a cent.
sub share
{
	my ($total, @amounts) = @_;
	my $sum = 0;
	$sum += $_ for @amounts;
	return map { 0 } @amounts if $sum <= 0;
	my ($left, $rest, @shares) = ($total, $sum);
	for my $amount (@amounts)
	{
		my $part = $rest ? rounded($left * $amount, $rest) : 0;
		push @shares, $part;
		$left -= $part;
		$rest -= $amount;
	}
	return @shares;
}

# The anchor plus n intervals.  A month that is too short ends on its last day, and the
# anchor's day comes back in the next one.
sub after
{
	my ($anchor, $interval, $n) = @_;
	return $anchor + $n * 86400 if $interval eq 'day';
	return $anchor + $n * 604800 if $interval eq 'week';
	my ($second, $minute, $hour, $day, $month, $year) = gmtime $anchor;
	$month += $interval eq 'year' ? 12 * $n : $n;
	$year += int($month / 12) - ($month < 0 && $month % 12 ? 1 : 0);
	$month %= 12;
	my $last = days_in($month, $year + 1900);
	return timegm_modern($second, $minute, $hour, $day > $last ? $last : $day, $month, $year + 1900);
}

sub days_in
{
	my ($month, $year) = @_;
	return ($year % 4 == 0 && ($year % 100 || $year % 400 == 0)) ? 29 : 28 if $month == 1;
	return (31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[$month];
}

# The billing period that holds a moment: (start, end), both counted from the anchor.
sub period_around
{
	my ($anchor, $recurring, $moment) = @_;
	my ($interval, $step) = @$recurring{qw(interval interval_count)};
	my $n = int(($moment - $anchor) / interval_seconds($recurring)) - 1;
	$n++ while after($anchor, $interval, ($n + 1) * $step) <= $moment;
	$n-- while after($anchor, $interval, $n * $step) > $moment;
	return map { after($anchor, $interval, $_ * $step) } $n, $n + 1;
}

# About; for counting only.
sub interval_seconds
{
	my ($recurring) = @_;
	return { day => 86400, week => 604800, month => 2_629_746, year => 31_556_952 }->{ $recurring->{interval} }
	  * $recurring->{interval_count};
}

my @months = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);

# "05 Jan 2026", as in the text of a line.
sub day_text
{
	my ($time) = @_;
	my (undef, undef, undef, $day, $month, $year) = gmtime $time;
	return sprintf '%02d %s %d', $day, $months[$month], $year + 1900;
}

sub money_text
{
	my ($cents, $currency) = @_;
	return sprintf '%s%.2f', $currency eq 'usd' ? '$' : uc($currency) . ' ', $cents / 100;
}

1;
