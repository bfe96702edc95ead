# test/lib/QuteCart/FakeStripe/Outage.pm
#	What goes wrong on command, so that a client can prove what it does about it.
#
#	mode            what happens
#	refuse          nobody listens (see Control: the port is closed)
#	hang            no answer, ever; the effect does not happen
#	hang_after      the effect happens, then no answer
#	drop            the connection is cut before the effect
#	drop_after      … after it
#	cut_after       half of the answer arrives
#	error           500 before the effect; the key stays free
#	error_after     500 after the effect; as with Stripe the key remembers the 500
#	rate_limit      429, with Retry-After
#	latency         the effect at once, the answer "seconds" later; the key is in use
#	garbage         502 with a page of HTML before the effect
#
# path is a regular expression, method a word; "skip" requests are let through first,
# then it happens "times" times, or until it is cleared.
package QuteCart::FakeStripe::Outage;

use strict;
use warnings;
use QuteCart::FakeStripe::Json;

my $OWN = { type => 'api_error',
	message => 'Sorry! There was an error while talking to one of our backends. Support has been notified.' };

sub next_for
{
	my ($app, $seen) = @_;
	for my $outage (@{ $app->{outages} })
	{
		next if $outage->{method} && $outage->{method} ne $seen->{method};
		next if $outage->{path} && $seen->{path} !~ /$outage->{path}/;
		next if ($outage->{skip} // 0) > 0 && $outage->{skip}--;
		next if defined $outage->{times} && $outage->{times}-- <= 0;
		return $outage;
	}
	return undef;
}

my %modes = (
	hang       => sub { return { hang => 1, status => 0, headers => {} } },
	drop       => sub { return { drop => 1, status => 0, headers => {} } },
	error      => sub { return failed($_[1], $_[0]{status} // 500) },
	garbage    => sub { return { status => 502, headers => { 'Content-Type' => 'text/html' },
		body => "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n" } },
	rate_limit => sub {
		my ($outage, $seen) = @_;
		return { status => 429, headers => { 'Content-Type' => 'application/json', 'Request-Id' => $seen->{id},
			'Retry-After' => $outage->{retry_after} // 1, 'Stripe-Rate-Limited-Reason' => 'global-rate' },
			body => json_text({ error => { type => 'invalid_request_error', code => 'rate_limit',
			doc_url => 'https://stripe.com/docs/error-codes/rate-limit',
				message => 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.' } }) };
	},
	hang_after  => sub { return $_[2]->(sub { return { %{ $_[0] }, hang => 1 } }) },
	drop_after  => sub { return { %{ $_[2]->() }, drop => 1 } },
	cut_after   => sub { return { %{ $_[2]->() }, cut => 1 } },
	error_after => sub { my ($outage, $seen, $play) = @_; return $play->(sub { return failed($seen,
	$outage->{status} // 500) }) },
	latency     => sub { my ($outage, $seen,
		$play) = @_; return $play->(sub { my ($answer) = @_; $answer->{delay} = $outage->{seconds} // 1; return $answer }) },
);

sub known { return exists $modes{ $_[0] } }

sub answer
{
	my ($app, $outage, $seen, $play) = @_;
	return $modes{ $outage->{mode} }->($outage, $seen, $play);
}

sub failed
{
	my ($seen, $status) = @_;
	return { status => $status, headers => { 'Content-Type' => 'application/json', 'Request-Id' => $seen->{id} },
		body => json_text({ error => $OWN }) };
}

1;
