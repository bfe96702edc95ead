# test/lib/QuteCart/Receiver.pm
#	Where a test's mails and webhooks go: test/fake/receiver, started and asked.
#
#	my $r  = QuteCart::Receiver->new;                  # user => …, password => …: of SMTP
#	my $qc = QuteCart->new(conf => {$r->conf});        # mails and webhooks go there
#	$r->url('/hook'); $r->https_url('/hook');          # verified by $r->ca_file
#	$r->untrusted_url('/hook');                        # with a stranger's certificate
#	$r->black_hole_url('/hook');                       # accepts, never reads
#	$r->smtp_url; $r->smtps_url; $r->resend_url; $r->resend_key;
#	$r->port('http');                                  # https, smtp, smtps, untrusted …
#
# Webhooks.  Without a path: of all paths.
#	$r->wait_for_requests(3, '/hook');                 # → at least so many, as requests
#	$r->requests('/hook')  → ({n, at, connection, tls, method, path, status, headers =>
#	                           {lower-case name: value}, body}, …)
#	    at: when the first byte came, seconds since 1970; status: what was answered
#	$r->count('/hook'); $r->ids('/hook');              # ids: the webhook-id of each
#	$r->behave('/hook', status => 503, retry_after => 7);   # see test/fake/Fake/Http.pm
#	$r->behave('/hook', [status => 500], [hang => 1], [status => 200]);   # one after another
#	$r->behave('/hook', status => [500, 500, 200]);    # the same in short
#	$r->behave('/hook');                               # as at first: 200
#	$r->behave('*', fail => 0.2, seed => 7);           # all paths that were told nothing
#	$r->release('/hook', status => 200);               # answers what hangs → how many
#	$r->state  → {requests, accepted, connections, hanging => {path => n},
#	              peak => {path => most at once}}; $r->reset_peak
#	ok(QuteCart::Receiver::verify($request, $secret)); # Standard Webhooks, HMAC
#
# Mails, by SMTP or Resend.
#	$r->wait_for_mails(2);  $r->mails  → as Fake::Mail says: {from, to, subject, headers,
#	                           text, html, envelope, problems …}, oldest first
#	$r->smtp(rcpt => '550 5.1.1 no such user', dot => ['drop', undef]);   # Fake/Smtp.pm
#	$r->smtp();                                        # as at first
#	$r->behave('/emails', status => 429);              # Resend's API
#	my ($headers, $body) = resend_event('email.bounced', secret => 'whsec_…', to => '…');
#
#	$r->stop; $r->start;                               # the same ports again
#
# The process ends with the test, whichever way that ends.
package QuteCart::Receiver;

use strict;
use warnings;
use Digest::SHA qw(hmac_sha256);
use Exporter qw(import);
use File::Path qw(make_path remove_tree);
use JSON::PP ();
use MIME::Base64 qw(decode_base64 encode_base64);
use POSIX qw(:sys_wait_h strftime);

use QuteCart;
use QuteCart::Http;
use lib "$QuteCart::ROOT/test/fake";
use Fake::Mail;

our @EXPORT_OK = qw(resend_event verify);
my $json  = JSON::PP->new->utf8->canonical;
my $owner = $$;
my $count = 0;
my @receivers;

# user, password: who may send mails; resend_key; address: "127.0.0.1,127.0.0.2"; dir.
sub new
{
	my ($class, %o) = @_;
	my $self = bless {
		dir => $o{dir} // QuteCart::top() . "/receiver-$$-" . ++$count,
		user => $o{user}, password => $o{password}, resend_key => $o{resend_key} // 're_fake_key',
		address => $o{address} // '127.0.0.1', ports => {},
	}, $class;
	make_path($self->{dir});
	my %secret = (smtp_user => $o{user}, smtp_password => $o{password}, resend_key => $self->{resend_key});
	QuteCart::spew("$self->{dir}/secrets", map { "$_ $secret{$_}\n" } grep { defined $secret{$_} } sort keys %secret);
	push @receivers, $self;
	$self->start;
	return $self;
}

sub start
{
	my ($self) = @_;
	my $dir = $self->{dir};
	# A thousand that hang need more descriptors than many systems give at first.
	my @command = ('sh', '-c', 'ulimit -n "$(ulimit -H -n)" 2>/dev/null; exec "$@"', 'sh', $^X, "$QuteCart::ROOT/test/fake/receiver", $dir, "address=$self->{address}",
		"secrets=$dir/secrets", 'until_eof=1', map { "${_}_port=$self->{ports}{$_}" } sort keys %{ $self->{ports} });
	pipe my $theirs, $self->{leash} or die "cannot make a pipe: $!\n";
	my $pid = fork // die "cannot fork: $!\n";
	if (!$pid)
	{
		open STDIN,  '<&', $theirs     or POSIX::_exit(126);
		open STDOUT, '>>', "$dir/log"  or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT    or POSIX::_exit(126);
		close $_->{leash} for grep { $_->{leash} } @receivers;
		exec @command or POSIX::_exit(127);
	}
	$self->{pid} = $pid;
	wait_for {
		die "the receiver ended at its start:\n", QuteCart::slurp("$dir/log") if waitpid($pid, WNOHANG) != 0;
		-e "$dir/ports";
	} 'the receiver is ready';
	$self->{ports} = $json->decode(QuteCart::slurp("$dir/ports"));
	return;
}

sub stop
{
	my ($self) = @_;
	my $pid = delete $self->{pid} or return;
	kill 'TERM', $pid;
	waitpid $pid, 0;
	delete $self->{leash};
	return;
}

sub dir     { return $_[0]{dir} }
sub pid     { return $_[0]{pid} }
sub ca_file { return "$_[0]{dir}/ca.pem" }
sub log     { return QuteCart::slurp("$_[0]{dir}/log") }

sub port { my ($self, $name) = @_; return $self->{ports}{ $name // 'http' } }

sub url            { return "http://127.0.0.1:$_[0]{ports}{http}" . ($_[1] // '') }
sub https_url      { return "https://127.0.0.1:$_[0]{ports}{https}" . ($_[1] // '') }
sub untrusted_url  { return "https://127.0.0.1:$_[0]{ports}{untrusted}" . ($_[1] // '') }
sub black_hole_url { return "http://127.0.0.1:$_[0]{ports}{black_hole}" . ($_[1] // '') }
sub resend_url     { return $_[0]->url }
sub resend_key     { return $_[0]{resend_key} }
sub smtp_url       { return $_[0]->mail_url('smtp') }
sub smtps_url      { return $_[0]->mail_url('smtps') }

sub mail_url
{
	my ($self, $scheme) = @_;
	my $who = defined $self->{user} ? "$self->{user}:$self->{password}\@" : '';
	return "$scheme://${who}127.0.0.1:$self->{ports}{$scheme}";
}

# The settings that send everything here; further ones as arguments.
sub conf
{
	my ($self, %more) = @_;
	return (
		'qutecart.smtp_url'         => $self->smtp_url,
		'qutecart.mail_from'        => 'QuteCart <hello@qutecart.example>',
		'qutecart.tls_ca_file'      => $self->ca_file,
		'qutecart.webhook_networks' => '127.0.0.0/8',
		%more);
}

# --- webhooks ---

# The recorded lines, of one path or of all; read from where the last reading ended.
sub lines
{
	my ($self, $path) = @_;
	if (!$self->{record})
	{
		open $self->{record}, '<:raw', "$self->{dir}/requests.jsonl" or die "no requests: $!\n";
		$self->{lines} = [];
	}
	my $in = $self->{record};
	seek $in, 0, 1;
	while (my $line = <$in>)
	{
		# The rest of a line that is being written comes the next time.
		if ($line !~ /\n\z/) { seek $in, -length $line, 1; last }
		push @{ $self->{lines} }, $line;
	}
	return @{ $self->{lines} } unless defined $path;
	return grep { /"path":"\Q$path\E["?]/ } @{ $self->{lines} };
}

sub requests
{
	my ($self, $path) = @_;
	return map {
		my $request = $json->decode($_);
		if   (defined $request->{body_hex}) { $request->{body} = pack 'H*', delete $request->{body_hex}; }
		else                                { utf8::encode($request->{body}); }
		$request;
	} $self->lines($path);
}

sub count { my ($self, $path) = @_; return scalar(my @lines = $self->lines($path)) }

sub ids { my ($self, $path) = @_; return map { /"webhook-id":"([^"]*)"/ } $self->lines($path) }

sub wait_for_requests
{
	my ($self, $n, $path, $seconds) = @_;
	wait_for { $self->count($path) >= $n } "$n requests have arrived" . (defined $path ? " at $path" : ''), $seconds;
	return $self->requests($path);
}

sub behave
{
	my ($self, $path, @how) = @_;
	my @list = ref $how[0] ? map { {@$_} } @how : @how ? {@how} : ();
	if (@list == 1 && ref $list[0]{status})
	{
		my %rest = %{ $list[0] };
		@list = map { { %rest, status => $_ } } @{ $rest{status} };
	}
	return $self->control({ behave => { path => $path, as => \@list } });
}

sub release
{
	my ($self, $path, %how) = @_;
	return $self->control({ release => $path, as => \%how })->{released};
}

sub state      { return $_[0]->control({}) }
sub reset_peak { return $_[0]->control({ reset_peak => JSON::PP::true }) }

sub control
{
	my ($self, $order) = @_;
	my $connection = QuteCart::Http->new('127.0.0.1', $self->{ports}{http});
	$connection->write(QuteCart::Http::format_request(POST => '/control', {}, $json->encode($order)));
	my $reply = $connection->read_reply;
	$connection->close;
	die "the receiver refuses: $reply->{body}\n" if $reply->{status} != 200;
	return $json->decode($reply->{body});
}

# Is one of the request's signatures made with this secret (whsec_…), and fresh?
sub verify
{
	my ($request, $secret, $now) = @_;
	my ($id, $time, $signatures) = @{ $request->{headers} }{qw(webhook-id webhook-timestamp webhook-signature)};
	return 0 if grep { !defined } $id, $time, $signatures;
	return 0 if $time !~ /^\d+$/ || abs(($now // time) - $time) > 300;
	my $wanted = signature($secret, $id, $time, $request->{body});
	return scalar grep { $_ eq $wanted } split / /, $signatures;
}

sub signature
{
	my ($secret, $id, $time, $body) = @_;
	return 'v1,' . encode_base64(hmac_sha256("$id.$time.$body", decode_base64($secret =~ s/^whsec_//r)), '');
}

# --- mails ---

sub mails { return map { Fake::Mail::load($_) } Fake::Mail::files("$_[0]{dir}/mails") }

sub wait_for_mails
{
	my ($self, $n, $seconds) = @_;
	wait_for { my @files = Fake::Mail::files("$self->{dir}/mails"); @files >= $n } "$n mails have arrived", $seconds;
	return $self->mails;
}

sub smtp { my ($self, %told) = @_; return $self->control({ smtp => \%told }) }

# A webhook as Resend sends it, through Svix: secret, to, email_id, id, time; what data
# is to hold besides as data => {…}.
sub resend_event
{
	my ($type, %o) = @_;
	my $time = $o{time} // time;
	my $body = $json->encode({
		type => $type, created_at => iso_time($time),
		data => {
			email_id => $o{email_id} // '56761188-7520-42d8-8898-ff6fc54ce618',
			created_at => iso_time($time), from => 'QuteCart <hello@qutecart.example>',
			to => [ref $o{to} ? @{ $o{to} } : $o{to} // 'somebody@example.com'], subject => 'a mail',
			$type eq 'email.bounced'
			? (bounce => { type => 'Permanent', subType => 'General', message => 'no such mailbox' }) : (),
			%{ $o{data} // {} },
		},
	});
	my $id = $o{id} // sprintf 'msg_%08x%08x', rand 2**32, rand 2**32;
	return ({
		'Content-Type' => 'application/json', 'svix-id' => $id, 'svix-timestamp' => $time,
		'svix-signature' => signature($o{secret}, $id, $time, $body),
	}, $body);
}

sub iso_time { return strftime('%Y-%m-%dT%H:%M:%S.000Z', gmtime $_[0]) }

END
{
	if ($$ == $owner)
	{
		local $?;
		for my $receiver (@receivers)
		{
			$receiver->stop;
			remove_tree($receiver->{dir});
		}
	}
}

1;
