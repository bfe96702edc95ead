# test/fake/Fake/Resend.pm
#	Resend's POST /emails: checks the key and the fields, honours Idempotency-Key.
#
# Answers and errors have the names, statuses and shapes of Resend's documentation.  What
# is accepted is kept through the sub "keep" ($mail), once per key.
package Fake::Resend;

use strict;
use warnings;
use JSON::PP ();

my $json    = JSON::PP->new->utf8->canonical;
my $address = qr/[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+/;

# key: the API key that is right; keep: sub ($mail) that stores it.
sub new
{
	my ($class, %o) = @_;
	return bless { %o, sent => {} }, $class;
}

# The answer to a request, as a behaviour of Fake::Http.
sub answer
{
	my ($self, $request) = @_;
	my $headers = $request->{headers};
	return failure(405, 'method_not_allowed', 'HTTP method is not allowed for the requested path.')
	  if $request->{method} ne 'POST';
	my ($key) = ($headers->{authorization} // '') =~ /^Bearer (\S+)$/;
	return failure(401, 'missing_api_key', 'Missing API key in the authorization header.')
	  unless defined $key;
	return failure(403, 'invalid_api_key', 'API key is invalid.') if $key ne $self->{key};
	my $idempotency = $headers->{'idempotency-key'};
	return failure(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.')
	  if defined $idempotency && $idempotency !~ /^.{1,256}$/;
	my $mail = eval { $json->decode($request->{body}) };
	return failure(422, 'validation_error', 'The request body is not a JSON object.')
	  unless ref $mail eq 'HASH' && ($headers->{'content-type'} // '') =~ m{^application/json\b};
	my $wrong = complaint($mail);
	return failure(422, @$wrong) if $wrong;
	return $self->accept($mail, $idempotency, $request->{body});
}

sub failure
{
	my ($status, $name, $message) = @_;
	return {
		status => $status,
		body => $json->encode({ statusCode => $status, name => $name, message => $message }),
	};
}

sub complaint
{
	my ($mail) = @_;
	for my $field (qw(from to subject))
	{
		return ['missing_required_field', "Missing `$field` field."]
		  unless defined $mail->{$field} && (ref $mail->{$field} || $mail->{$field} ne '');
	}
	return ['missing_required_field', 'Missing `html` or `text` field.']
	  unless defined $mail->{html} || defined $mail->{text};
	return ['invalid_from_address', 'Invalid `from` field. The email address needs to follow'
		  . ' the `email@example.com` or `Name <email@example.com>` format.']
	  unless is_address($mail->{from});
	for my $field (qw(to cc bcc reply_to))
	{
		next unless defined $mail->{$field};
		my @all = ref $mail->{$field} eq 'ARRAY' ? @{ $mail->{$field} } : $mail->{$field};
		return ['validation_error', "Invalid `$field` field."]
		  if !@all || @all > 50 || grep { !is_address($_) } @all;
	}
	return ['validation_error', 'Invalid `subject` field.'] if $mail->{subject} =~ /[\r\n]/;
	return ['validation_error', 'Invalid `headers` field.']
	  if defined $mail->{headers}
	  && (ref $mail->{headers} ne 'HASH' || grep { ref || /[\r\n]/ } %{ $mail->{headers} });
	return;
}

sub is_address { return defined $_[0] && !ref $_[0] && $_[0] =~ /\A(?:$address|[^<>\r\n]*<$address>)\z/ }

# The same key with the same request is the same mail; with another one it is a mistake.
sub accept
{
	my ($self, $mail, $key, $body) = @_;
	my $old = defined $key ? $self->{sent}{$key} : undef;
	return failure(409, 'invalid_idempotent_request',
		'Same idempotency key used with a different request payload.')
	  if $old && $old->{body} ne $body;
	if (!$old)
	{
		$old = { id => uuid(), body => $body };
		$self->{sent}{$key} = $old if defined $key;
		$self->{keep}->({ %$mail, id => $old->{id}, idempotency_key => $key });
	}
	return { status => 200, body => $json->encode({ id => $old->{id} }) };
}

sub uuid
{
	my @n = map { int rand 65536 } 1 .. 8;
	$n[3] = $n[3] & 0x0fff | 0x4000;
	$n[4] = $n[4] & 0x3fff | 0x8000;
	return sprintf '%04x%04x-%04x-%04x-%04x-%04x%04x%04x', @n;
}

1;
