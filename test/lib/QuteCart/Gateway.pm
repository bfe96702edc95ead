# test/lib/QuteCart/Gateway.pm
#	A gateway under test, and an HTTP client that hides nothing.
#
#	my $reply = $gw->request(GET => '/api/products?page=2', {'X-Shop-ID' => 3});
#	$gw->request(POST => '/api/x', ['A', '1', 'A', '2'], {json => 'body'});  # headers in order
#	$gw->request(POST => '/api/x', {}, 'bytes as they are', 5);              # seconds
#		→ {status, reason, headers => {lower-case name}, body, json, raw}
#	$gw->raw("GET / HTTP/1.1\r\n…", 5)   # bytes out, bytes back until close or time-out
#	my $c = $gw->connect; $c->write($bytes); my $reply = $c->read_reply; $c->closed; $c->close;
#
# A body that is a reference is sent as JSON.  `json` is set when the reply is JSON.
package QuteCart::Gateway;

use strict;
use warnings;
use IO::Socket::INET;
use POSIX qw(:sys_wait_h);

use QuteCart::Http;

# Start the program and wait until it is ready; with ready => 0 until it listens.
sub start
{
	my ($class, %o) = @_;
	my $base = "$o{dir}/$o{name}";
	my $self = bless { log => "$base.log", host => '127.0.0.1' }, $class;
	my @command = (
		$o{server}, 'as', 'env', "PGPASSFILE=$o{passfile}", $o{program},
		'--address=127.0.0.1', '--port=0', "--port-file=$base.port", "--database=$o{database}",
		@{ $o{args} });
	QuteCart::spew($self->{log}, '');

	my $pid = fork // die "cannot fork: $!\n";
	if (!$pid)
	{
		open STDIN,  '<',  '/dev/null'  or POSIX::_exit(126);
		open STDOUT, '>>', $self->{log} or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT     or POSIX::_exit(126);
		exec @command or POSIX::_exit(127);
	}
	$self->{pid} = $pid;
	QuteCart::wait_for(
		sub {
			$self->running or die "the gateway ended at its start:\n", $self->log;
			return 0 unless -s "$base.port";
			$self->{port} = 0 + QuteCart::slurp("$base.port");
			return !$o{ready} || $self->request(GET => '/ready')->{status} == 200;
		},
		'the gateway is ready');
	return $self;
}

sub port { return $_[0]{port} }
sub pid  { return $_[0]{pid} }
sub url  { return "http://127.0.0.1:$_[0]{port}" }
sub log  { return QuteCart::slurp($_[0]{log}) }

sub running
{
	my ($self) = @_;
	return 0 unless $self->{pid};
	return 1 if waitpid($self->{pid}, WNOHANG) == 0;
	$self->{exit} = $?;
	undef $self->{pid};
	return 0;
}

sub signal
{
	my ($self, $name) = @_;
	kill $name, $self->{pid} if $self->{pid};
	return;
}

# Ask it to end and wait until it has; returns its wait status.
sub stop
{
	my ($self, $seconds) = @_;
	$self->signal('TERM');
	QuteCart::wait_for(sub { !$self->running }, 'the gateway has stopped', $seconds // 30);
	return $self->{exit};
}

sub kill
{
	my ($self) = @_;
	return unless $self->running;
	$self->signal('KILL');
	waitpid $self->{pid}, 0;
	undef $self->{pid};
	return;
}

sub connect
{
	my ($self) = @_;
	return QuteCart::Http->new($self->{host}, $self->{port});
}

sub request
{
	my ($self, $method, $path, $headers, $body, $seconds) = @_;
	my $connection = $self->connect;
	$connection->write(QuteCart::Http::format_request($method, $path, $headers, $body));
	my $reply = $connection->read_reply($seconds, $method);
	$connection->close;
	return $reply;
}

sub raw
{
	my ($self, $bytes, $seconds) = @_;
	my $connection = $self->connect;
	$connection->write($bytes);
	my $answer = $connection->read_all($seconds // 10);
	$connection->close;
	return $answer;
}

1;
