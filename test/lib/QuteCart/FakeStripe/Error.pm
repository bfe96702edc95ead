# test/lib/QuteCart/FakeStripe/Error.pm
#	Stripe's refusals: a status and an error body, thrown and caught by the server.
#
# "keep" is set where Stripe refuses after it has done something (a failed payment is
# recorded although it answers 402); everything else is undone.  "unsaved" is set where a
# request never began, so that its Idempotency-Key stays free.
package QuteCart::FakeStripe::Error;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(refuse refuse_param missing_param no_such card_error not_played);

sub new
{
	my ($class, %o) = @_;
	return bless {%o}, $class;
}

# The body as Stripe writes it; request is the Request-Id.
sub body
{
	my ($self, $request) = @_;
	my %error = (type => 'invalid_request_error', %{ $self->{error} });
	if ($error{code})
	{
		$error{doc_url} = 'https://stripe.com/docs/error-codes/' . $error{code} =~ tr/_/-/r;
	}
	$error{request_log_url} = "https://dashboard.stripe.com/test/logs/$request" if $self->{status} != 401;
	return { error => \%error };
}

# refuse(400, 'message', code => …, param => …, type => …)
sub refuse
{
	my ($status, $message, %error) = @_;
	my %how = map { $_ => delete $error{"-$_"} } grep { exists $error{"-$_"} } qw(keep unsaved headers);
	die __PACKAGE__->new(status => $status, error => { message => $message, %error }, %how);
}

sub refuse_param
{
	my ($param, $message, %error) = @_;
	refuse(400, $message, param => $param, %error);
}

sub missing_param
{
	my ($param) = @_;
	refuse_param($param, "Missing required param: $param.", code => 'parameter_missing', -unsaved => 1);
}

# What a path names and is not there is 404; what a parameter names, 400.
sub no_such
{
	my ($what, $id, $param) = @_;
	my $status = $param ? 400 : 404;
	refuse($status, "No such $what: '$id'", code => 'resource_missing', param => $param // 'id');
}

sub card_error
{
	my ($failure, %more) = @_;
	my %error = (type => 'card_error', code => $failure->{code}, message => $failure->{message}, %more);
	$error{decline_code} = $failure->{decline_code} if $failure->{decline_code};
	refuse(402, delete $error{message}, %error);
}

# A parameter that Stripe has and this stand-in does not: never silently ignored.
sub not_played
{
	my ($what) = @_;
	refuse(501, "The stand-in for Stripe does not play $what; teach it before you rely on it.", type => 'api_error',
		-unsaved => 1);
}

1;
