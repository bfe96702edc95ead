# test/lib/QuteCart/FakeStripe.pm
#	The strict stand-in for Stripe (test/fake/stripe), started and driven by a test.
#
#	my $stripe = QuteCart::FakeStripe->new;             # gone when the test ends
#	my $stripe = QuteCart::FakeStripe->new(now => 1767225600, version => '2024-06-20', state => $file, key => 'sk_test_x');
#	my $stripe = QuteCart::FakeStripe->new(pages => 1);  # its addresses lead to pages of its own
#	$stripe->url, $stripe->port, $stripe->key, $stripe->secret       # http://127.0.0.1:…, sk_test_…, whsec_…
#
# As an API (typed data or a form's text; nothing is raised for a refusal):
#	my $reply = $stripe->call(POST => '/v1/customers', {email => 'a@b.c'}, idempotency => 'k', version => '…', key => '…');
#	$reply->{status}, $reply->{json}, $reply->{headers}
#	my $customer = $stripe->ok(POST => '/v1/customers', {…});      # the object; dies unless 200
#
# What only a test can do:
#	$stripe->advance(days => 3); $stripe->go_to($unix); $stripe->freeze; $stripe->thaw; $stripe->now
#	$stripe->advance_clock($test_clock, $seconds);
#	$stripe->endpoint($url, secret => …, events => [...], version => …);   # where webhooks go
#	$stripe->webhooks(mode => 'hold'|'send'|'withhold', types => […], copies => 2, delay => 1, retries => […], clock => 'own');
#	$stripe->deliver(order => 'shuffle'|'reverse', seed => 7, copies => 2, types => […], ids => […], again => 1);
#	$stripe->wait_webhooks; $stripe->deliveries
#	$stripe->complete_checkout($session, payment_method => 'pm_card_visa', email => …);
#	$stripe->authenticate($intent, 1|0);                 # the customer does, or fails, 3-D Secure
#	$stripe->invoice($id, 'pay'|'fail'|'advance');
#	$stripe->card($pm, 'insufficient_funds'|'ok'|'3ds'|…);   # what it does from now on
#	$stripe->dispute($charge);
#	$stripe->plant($id, set => {status => 'canceled'});  $stripe->plant($sub, price => $price);  $stripe->plant($id, gone => 1);
#	$stripe->outage('error_after', path => '^/v1/subscriptions', method => 'POST', times => 1, skip => 0, seconds => 2);
#	$stripe->outage('refuse'); $stripe->recover;         # modes: QuteCart::FakeStripe::Outage
#	$stripe->requests(method => 'POST', path => qr{^/v1/subscriptions$}); $stripe->forget_requests;
#	$stripe->events($id)                                 # {id, type, created, about, deliveries} of an object, or all
#	$stripe->object($id, 'old'|'new'); $stripe->objects('subscription', 'new');
#	$stripe->settings(retry_days => [3, 5, 7], after_retries => 'unpaid');   # QuteCart::FakeStripe::App, %SETTINGS
#	$stripe->save($file); $stripe->load($file); $stripe->reset;
#	$stripe->restart; $stripe->kill;                     # kill -9; restart keeps ports, needs state => to remember
package QuteCart::FakeStripe;

use strict;
use warnings;
use File::Temp ();
use JSON::PP ();
use Time::HiRes qw(sleep time);

use QuteCart::FakeStripe::Form;
use QuteCart::Http;

my $PROGRAM = __FILE__ =~ s{[^/]*/[^/]*/[^/]*$}{fake/stripe}r;
my $json = JSON::PP->new->utf8->canonical->allow_nonref;
my $owner = $$;
my @all;

sub new
{
	my ($class, %o) = @_;
	my $dir  = File::Temp->newdir('qutecart-stripe-XXXXXX', TMPDIR => 1);
	my $self = bless { key => 'sk_test_of_the_tests', secret => 'whsec_of_the_tests', %o, dir => $dir }, $class;
	push @all, $self;
	$self->start;
	return $self;
}

sub url    { return "http://127.0.0.1:$_[0]{port}" }
sub port   { return $_[0]{port} }
sub key    { return $_[0]{key} }
sub secret { return $_[0]{secret} }
sub pid    { return $_[0]{pid} }

sub start
{
	my ($self) = @_;
	my $ready = "$self->{dir}/ready";
	unlink $ready;
	my @args = map { defined $self->{$_} ? ("--$_", $self->{$_}) : () } qw(port control key version state now);
	push @args, '--pages' if $self->{pages};
	defined(my $pid = fork) or die "cannot fork: $!\n";
	if (!$pid)
	{
		open STDOUT, '>', '/dev/null';
		exec $^X, $PROGRAM, @args, '--ready', $ready or die "cannot run $PROGRAM: $!\n";
	}
	$self->{pid} = $pid;
	my $end = time + 20;
	until (-e $ready)
	{
		die "the stand-in for Stripe did not start\n" if time > $end || waitpid($pid, 1) == $pid;
		sleep 0.01;
	}
	open my $in, '<', $ready or die "cannot read $ready: $!\n";
	@$self{qw(port control)} = <$in> =~ /^api (\d+) control (\d+)/;
	return;
}

sub stop
{
	my ($self, $signal) = @_;
	my $pid = delete $self->{pid} or return;
	kill $signal // 'TERM', $pid;
	waitpid $pid, 0;
	delete $self->{wire};
	return;
}

sub kill    { my ($self) = @_; return $self->stop('KILL') }
sub restart { my ($self) = @_; $self->stop; return $self->start }

# --- as an API ---

sub call
{
	my ($self, $method, $path, $data, %o) = @_;
	my $form = ref $data ? form_text($data) : $data // '';
	my $key  = exists $o{key} ? $o{key} : $self->{key};
	my %headers = (($key ? (Authorization => "Bearer $key") : ()),
		($o{idempotency} ? ('Idempotency-Key' => $o{idempotency}) : ()),
		($o{version} ? ('Stripe-Version' => $o{version}) : ()), %{ $o{headers} // {} });
	if ($method eq 'POST')
	{
		$headers{'Content-Type'} //= 'application/x-www-form-urlencoded';
		return $self->talk($self->{port}, $method, $path, \%headers, $form, $o{seconds});
	}
	return $self->talk($self->{port}, $method, $form eq '' ? $path : "$path?$form", \%headers, undef, $o{seconds});
}

sub ok
{
	my ($self, @call) = @_;
	my $reply = $self->call(@call);
	return $reply->{json} if $reply->{status} == 200;
	die "$call[0] $call[1]: $reply->{status} " . ($reply->{json}{error}{message} // $reply->{body}) . "\n";
}

sub talk
{
	my ($self, $port, $method, $path, $headers, $body, $seconds) = @_;
	my $wire = QuteCart::Http->new('127.0.0.1', $port);
	$wire->write(QuteCart::Http::format_request($method, $path, $headers,
		$body)) or die "the stand-in for Stripe closed\n";
	my $reply = $wire->read_reply($seconds, $method);
	$wire->close;
	return $reply;
}

# --- control ---

sub control
{
	my ($self, $method, $name, %given) = @_;
	my %headers = ('Content-Type' => 'application/json');
	my $query = $method eq 'GET' && %given ? '?' . form_text(\%given) : '';
	my $reply = $self->talk($self->{control}, $method, "/_control/$name$query", \%headers,
		$method eq 'GET' ? undef : $json->encode(\%given), 120);
	return $reply->{json} if $reply->{status} == 200;
	my ($package, $file, $line) = caller 1;
	die "$name: $reply->{status} $reply->{json}{error}{message} at $file line $line\n";
}

my %unit = (seconds => 1, minutes => 60, hours => 3600, days => 86_400);

sub advance
{
	my ($self, %by) = @_;
	my $seconds = 0;
	$seconds += $by{$_} * $unit{$_} for keys %by;
	return $self->control(POST => 'clock', advance => $seconds)->{now};
}

sub go_to         { my ($self, $time) = @_; return $self->control(POST => 'clock', now => $time)->{now} }
sub freeze        { my ($self) = @_; return $self->control(POST => 'clock', freeze => 1)->{now} }
sub thaw          { my ($self) = @_; return $self->control(POST => 'clock', thaw => 1)->{now} }
sub now           { my ($self) = @_; return $self->control(GET => 'health')->{now} }
sub advance_clock { my ($self, $clock, $seconds) = @_; return $self->control(POST => 'clock', test_clock => $clock,
	advance => $seconds)->{now} }

sub endpoint
{
	my ($self, $url, %o) = @_;
	return $self->control(POST => 'endpoint', url => $url, secret => $o{secret} // $self->{secret},
		($o{events} ? (enabled_events => $o{events}) : ()), ($o{version} ? (api_version => $o{version}) : ()))->{id};
}

sub webhooks   { my ($self, %how) = @_; return $self->control(POST => 'webhooks', %how) }
sub deliver    { my ($self, %how) = @_; return @{ $self->control(POST => 'deliver', %how)->{events} } }
sub deliveries { my ($self) = @_; return @{ $self->control(GET => 'deliveries')->{deliveries} } }

# Until nothing is queued or under way; what waits for its retry does not count.
sub wait_webhooks
{
	my ($self, $seconds) = @_;
	my $end = time + ($seconds // 20);
	until ($self->control(GET => 'health')->{quiet})
	{
		die "webhooks are still under way\n" if time > $end;
		sleep 0.02;
	}
	return;
}

sub complete_checkout { my ($self, $id, %o) = @_; return $self->control(POST => 'checkout', id => $id, %o) }
sub authenticate      { my ($self, $id, $agree) = @_; return $self->control(POST => 'intent', id => $id,
	agree => $agree // 1) }
sub invoice           { my ($self, $id, $do) = @_; return $self->control(POST => 'invoice', id => $id,
	do => $do // 'pay') }
sub card              { my ($self, $id, $charges) = @_; return $self->control(POST => 'card', id => $id,
	charges => $charges) }
sub dispute           { my ($self, $charge, %o) = @_; return $self->control(POST => 'dispute', charge => $charge,
	%o) }
sub plant             { my ($self, $id, %o) = @_; return $self->control(POST => 'plant', id => $id, %o) }
sub outage            { my ($self, $mode, %o) = @_; return $self->control(POST => 'outage', mode => $mode, %o) }
sub recover           { my ($self) = @_; return $self->control(DELETE => 'outage') }
sub settings          { my ($self, %o) = @_; return $self->control(POST => 'settings', %o) }
sub forget_requests   { my ($self) = @_; return $self->control(DELETE => 'requests') }
sub object            { my ($self, $id, $shape) = @_; return $self->control(GET => 'object', id => $id,
	shape => $shape // 'new') }
sub objects           { my ($self, $type, $shape) = @_; return @{ $self->control(GET => 'objects', type => $type,
	shape => $shape // 'new')->{objects} } }
sub events            { my ($self, $about) = @_; return @{ $self->control(GET => 'events',
	defined $about ? (about => $about) : ())->{events} } }
sub save              { my ($self, $file) = @_; return $self->control(POST => 'save', file => $file) }
sub load              { my ($self, $file) = @_; return $self->control(POST => 'load', file => $file) }
sub reset             { my ($self) = @_; return $self->control(POST => 'reset') }

# The requests seen, oldest first; path may be text or a pattern.
sub requests
{
	my ($self, %o) = @_;
	return grep {
		(!$o{method} || $_->{method} eq $o{method}) && (!defined $o{path} || (ref $o{path} ? $_->{path} =~ $o{path} : $_->{path} eq $o{path}))
	} @{ $self->control(GET => 'requests')->{requests} };
}

# exit, not die: the stand-in ends with the test that is told to.
$SIG{$_} = sub { exit 130 }
  for grep { !defined $SIG{$_} || $SIG{$_} eq 'DEFAULT' } qw(INT TERM HUP);

END
{
	if ($$ == $owner)
	{
		local $?;
		$_->stop for @all;
		@all = ();
	}
}

1;
