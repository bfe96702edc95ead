# test/lib/QuteCart/FakeStripe/App.pm
#	A request's way: outage, key, version, route, parameters, idempotency, effect, answer.
#
# A resource is a module with routes(): rows of [method, path, code, names], where path
# has {} for each id and names are the parameters the code honours.  What Stripe knows
# and the code does not honour is refused with 501, so that no test rests on something
# that was silently ignored.  The code gets a request and returns what is answered.
package QuteCart::FakeStripe::App;

use strict;
use warnings;
use QuteCart::FakeStripe::Control;
use QuteCart::FakeStripe::Error;
use QuteCart::FakeStripe::Event;
use QuteCart::FakeStripe::Form;
use QuteCart::FakeStripe::Json;
use QuteCart::FakeStripe::Life;
use QuteCart::FakeStripe::Outage;
use QuteCart::FakeStripe::Pages;
use QuteCart::FakeStripe::Params;
use QuteCart::FakeStripe::Request;
use QuteCart::FakeStripe::Shape;
use QuteCart::FakeStripe::Store;

my @resources = map { "QuteCart::FakeStripe::$_" } qw(Search Customers Cards Catalogue Discounts Subscriptions Invoices Intents Checkout Other);
for my $module (@resources)
{
	eval "require $module; 1" or die $@;
}

# Until when a key is remembered.
my $KEY_LIFE = 86_400;
my $KEY_LENGTH = 255;
# How many requests a test can look back at.
my $REMEMBERED = 10_000;

our %SETTINGS = (
	retry_days      => [3, 5, 7],      # after a failed renewal: wait so many days, again and again
	after_retries   => 'cancel',       # then: cancel, unpaid or past_due (leave as it is)
	upcoming_days   => 7,              # invoice.upcoming before a renewal
	draft_seconds   => 3600,           # a renewal's invoice is a draft for that long
	minimum_charge  => 50,             # what is less goes to the balance
	incomplete_hours => 23,
	search_lag      => 60,
	webhooks        => {},
);

sub new
{
	my ($class, %o) = @_;
	my $self = bless {
		key      => $o{key} // 'sk_test_stand_in',
		version  => $o{version} // '2025-09-30.clover',
		store    => QuteCart::FakeStripe::Store->new(file => $o{state}),
		seen     => [],
		outages  => [],
		afterwards => [],                # what runs once the answer is certain
		log      => $o{log},
	}, $class;
	$self->{routes} = [map { compiled($_) } map { $_->routes } @resources];
	return $self;
}

sub store { return $_[0]{store} }
sub now   { return $_[0]{store}->now }

sub setting
{
	my ($self, $name) = @_;
	return $self->{store}{settings}{$name} // $SETTINGS{$name};
}

# The shapes in which an event is wanted: the account's and each endpoint's.
sub shapes
{
	my ($self) = @_;
	my %shapes = (shape_of($self->{version}) => 1);
	$shapes{ shape_of($_->{api_version}) } = 1 for grep { $_->{api_version} } $self->store->all('webhook_endpoint');
	return keys %shapes;
}

sub compiled
{
	my ($route) = @_;
	my ($method, $path, $code, $names) = @$route;
	my $pattern = join '([^/]+)', map { quotemeta } split /\{\}/, $path, -1;
	return { method => $method, path => $path, match => qr/^$pattern$/, code => $code,
		takes => { map { $_ => 1 } qw(expand), @{ $names // [] } } };
}

# --- one request ---

sub answer
{
	my ($self, $request) = @_;
	return QuteCart::FakeStripe::Control::answer($self, $request) if $request->{path} =~ m{^/_control(?:/|$)};
	return QuteCart::FakeStripe::Pages::answer($self, $request) if $self->{pages} && $request->{path} =~ m{^/pay/};
	my $seen = { method => $request->{method}, path => $request->{path}, at => time,
		connection => $request->{connection},
		idempotency_key => $request->{headers}{'idempotency-key'}, version => $request->{headers}{'stripe-version'},
		id => $self->store->new_id('req_', 14) };
	$seen->{params} = eval { form_data(join '&', grep { length } $request->{query}, $request->{body}) };
	push @{ $self->{seen} }, $seen;
	shift @{ $self->{seen} } if @{ $self->{seen} } > $REMEMBERED;
	my $outage = QuteCart::FakeStripe::Outage::next_for($self, $seen);
	$seen->{outage} = $outage->{mode} if $outage;
	my $answer = $outage ? QuteCart::FakeStripe::Outage::answer($self, $outage, $seen, sub { $self->play($request,
		$seen, $_[0]) })
	  : $self->play($request, $seen);
	$seen->{status} = $answer->{drop} || $answer->{hang} ? undef : $answer->{status};
	$seen->{replayed} = $answer->{headers}{'Idempotent-Replayed'} ? true() : false();
	$self->{log}->("$seen->{method} $seen->{path} " . ($seen->{status} // '-')) if $self->{log};
	return $answer;
}

# What Stripe does with it; "after" may change the answer before it is remembered.
sub play
{
	my ($self, $request, $seen, $after) = @_;
	my $version = $seen->{version} // $self->{version};
	my %headers = ('Content-Type' => 'application/json', 'Request-Id' => $seen->{id}, 'Stripe-Version' => $version,
		'Cache-Control' => 'no-cache, no-store', 'Access-Control-Allow-Origin' => '*');
	my $answer = eval {
		$self->authorized($request->{headers}{authorization});
		refuse(400, "Invalid Stripe API version: $version",
			-unsaved => 1) if $version !~ /^20\d\d-[01]\d-[0-3]\d(?:\.[a-z]+)?$/;
		$self->keyed($request, $seen, $version, \%headers, $after);
	};
	return $answer if $answer;
	return { status => $@->{status}, headers => \%headers, body => json_text($@->body($seen->{id})) } if ref $@;
	print STDERR "stand-in for Stripe: $@";
	return { status => 500, headers => \%headers, body => json_text({ error => { type => 'api_error',
		message => "The stand-in failed: $@" } }) };
}

sub authorized
{
	my ($self, $header) = @_;
	my $key;
	if (($header // '') =~ /^Bearer (\S+)$/i) { $key = $1; }
	elsif (($header // '') =~ /^Basic (\S+)$/i)
	{
		require MIME::Base64;
		($key) = split /:/, MIME::Base64::decode_base64($1);
	}
	if (!defined $key || $key eq '')
	{
		refuse(401, "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.", -unsaved => 1);
	}
	refuse(401, 'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.', code => 'secret_key_required', -unsaved => 1)
	  if $key =~ /^pk_/;
	refuse(401, 'Invalid API Key provided: ' . substr($key, 0, 8) . '*' x 12 . substr($key, -4),
		-unsaved => 1) if $key ne $self->{key};
	return;
}

# The same key and the same parameters within a day: the same answer, whatever it was.
sub keyed
{
	my ($self, $request, $seen, $version, $headers, $after) = @_;
	my $form = $self->form_of($request);
	my $key  = $request->{method} eq 'POST' ? $seen->{idempotency_key} : undef;
	return $self->perform($request, $seen, $form, $version, $headers, $after) unless defined $key && $key ne '';
	refuse(400, "The idempotency key is too long: it has " . length($key) . " characters, $KEY_LENGTH at most.",
		type => 'idempotency_error', -unsaved => 1)
	  if length $key > $KEY_LENGTH;
	my $keys  = $self->store->{keys};
	my $known = $keys->{$key};
	my $same  = form_text($form);
	if ($known && $known->{at} + $KEY_LIFE > $self->now)
	{
		refuse(400, "Keys for idempotent requests can only be used for the same endpoint they were first used for ('$known->{path}' vs '$request->{path}'). Try using a key other than '$key' if you meant to execute a different request.", type => 'idempotency_error', -unsaved => 1)
		  if $known->{path} ne $request->{path};
		refuse(400, "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '$key' if you meant to execute a different request.", type => 'idempotency_error', -unsaved => 1)
		  if $known->{form} ne $same;
		refuse(409, "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): $key. Please try again later.", type => 'idempotency_error', code => 'idempotency_key_in_use', -unsaved => 1)
		  if $known->{running};
		return { status => $known->{status}, body => $known->{body},
			headers => { %$headers, 'Idempotent-Replayed' => 'true', 'Idempotency-Key' => $key,
			'Original-Request' => $known->{request} } };
	}
	my $record = { at => $self->now, path => $request->{path}, form => $same, request => $seen->{id}, key => $key };
	$headers->{'Idempotency-Key'} = $key;
	return $self->perform($request, $seen, $form, $version, $headers, $after, $record);
}

sub form_of
{
	my ($self, $request) = @_;
	my $type = $request->{headers}{'content-type'} // '';
	refuse(400, 'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have questions, we can help at https://support.stripe.com/.', -unsaved => 1)
	  if length $request->{body} && $type !~ m{^application/x-www-form-urlencoded\b}i;
	return form_data(join '&', grep { length } $request->{query}, $request->{body});
}

# Checks, effect, answer.  What was refused before it began leaves the key free.
sub perform
{
	my ($self, $request, $seen, $form, $version, $headers, $after, $record) = @_;
	my $shape = shape_of($version);
	my ($route, $ids, $types) = $self->route($request, $version);
	my $params = checked($types, $form);
	for my $name (sort keys %$params)
	{
		not_played("the parameter '$name' of $route->{method} $route->{path}") unless $route->{takes}{$name};
	}
	my $call = QuteCart::FakeStripe::Request->new(app => $self, id => $seen->{id}, ids => $ids, params => $params,
		shape => $shape,
		version => $version, path => $request->{path},
		idempotency => defined $record ? $seen->{idempotency_key} : undef);
	# The key is written with the effect: no crash can part them.
	$call->{before_commit} = sub { $self->remember($record, $_[0]) } if $record;
	my $writes = $request->{method} ne 'GET' || $route->{path} =~ /upcoming/;
	my $answer = $self->transaction($writes, $call, sub {
		my $data = $route->{code}->($call);
		return { status => 200, headers => $headers, body => json_text(expand($self, $data, $params->{expand},
			$shape)) };
	});
	if (my $error = delete $answer->{error})
	{
		$answer = { %{ $self->told($error, $call) }, headers => $headers };
		$self->remember($record, $answer) if $record && !$error->{unsaved};
		$self->store->write([]) if $self->store->{file};
	}
	$_->() for splice @{ $self->{afterwards} };
	return $answer unless $after;
	# What the client sees is what the key remembers.
	$answer = $after->($answer);
	$self->remember($record, $answer) if $record && $self->store->{keys}{ $record->{key} };
	$self->store->write([]) if $self->store->{file};
	return $answer;
}

# The first row that fits and that the version has.
sub route
{
	my ($self, $request, $version) = @_;
	for my $route (@{ $self->{routes} })
	{
		next if $route->{method} ne $request->{method};
		next unless my @ids = $request->{path} =~ $route->{match};
		my $types = parameters("$route->{method} $route->{path}", $version) or next;
		return ($route, \@ids, $types);
	}
	return refuse(404, "Unrecognized request URL ($request->{method}: $request->{path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.", -unsaved => 1);
}

# Run code whose changes count as one; events leave after the commit.  A preview asks
# to have everything undone.
sub transaction
{
	my ($self, $writes, $call, $code) = @_;
	return looked_at($code) if !$writes;
	my $store = $self->store;
	local @$self{qw(request told told_events)} = ($call, {}, []);
	$store->begin;
	my $result = eval { $code->() };
	my $error  = $@;
	if ($result && $call->{undo_all})
	{
		$store->rollback;
		$call->{before_commit}->($result) if $call->{before_commit};
		return $result;
	}
	if ($result || (ref $error && $error->{keep}))
	{
		$call->{before_commit}->($result || $self->told($error, $call)) if $call && $call->{before_commit};
		$store->commit;
		$self->{webhooks}->take(@{ $self->{told_events} }) if $self->{webhooks};
		return $result || { error => $error };
	}
	$store->rollback;
	die $error unless ref $error;
	return { error => $error };
}

# A refusal as an answer.
sub told
{
	my ($self, $error, $call) = @_;
	return { status => $error->{status}, body => json_text($error->body($call->{id})) };
}

# Nothing is changed, nothing is undone.
sub looked_at
{
	my ($code) = @_;
	my $result = eval { $code->() };
	return $result if $result;
	die $@ unless ref $@;
	return { error => $@ };
}

# While an answer is held back the key is in use; then it is remembered.
sub remember
{
	my ($self, $record, $answer) = @_;
	my $store = $self->store;
	@$record{qw(status body)} = @$answer{qw(status body)};
	$store->{keys}{ $record->{key} } = $record;
	$store->{new_keys}{ $record->{key} } = 1;
	return unless $answer->{delay};
	$record->{running} = 1;
	$answer->{before_sent} = sub { delete $record->{running} };
	return;
}

# Time has passed: what is due happens.
sub idle
{
	my ($self) = @_;
	return if defined $self->store->{clock}{frozen} || ($self->{looked} // 0) == time;
	$self->{looked} = time;
	QuteCart::FakeStripe::Life::live_until($self, undef, $self->now);
	return;
}

1;
