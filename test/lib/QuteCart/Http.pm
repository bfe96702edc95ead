# test/lib/QuteCart/Http.pm
#	One HTTP/1.1 connection, byte by byte; see QuteCart::Gateway for its use.
package QuteCart::Http;

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use Time::HiRes qw(time);

my $JSON = JSON::PP->new->utf8->canonical->allow_nonref;

sub new
{
	my ($class, $host, $port) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => 'tcp')
	  or die "cannot connect to $host:$port: $@\n";
	return bless { socket => $socket, buffer => '', host => "$host:$port" }, $class;
}

# The bytes of a request.  Host, Content-Length and Content-Type are added when absent.
sub format_request
{
	my ($method, $path, $headers, $body) = @_;
	my @headers = ref $headers eq 'ARRAY' ? @$headers : %{ $headers // {} };
	my %has;
	$has{ lc $headers[2 * $_] } = 1 for 0 .. @headers / 2 - 1;
	if (ref $body)
	{
		$body = $JSON->encode($body);
		push @headers, 'Content-Type', 'application/json' unless $has{'content-type'};
	}
	push @headers, 'Content-Length', length $body
	  if defined $body && !$has{'content-length'} && !$has{'transfer-encoding'};
	unshift @headers, 'Host', 'localhost' unless $has{host};
	push @headers, 'Connection', 'close' unless $has{connection};
	my $text = "$method $path HTTP/1.1\r\n";
	while (my ($name, $value) = splice @headers, 0, 2)
	{
		$text .= "$name: $value\r\n";
	}
	return "$text\r\n" . ($body // '');
}

# False when the other side has closed.
sub write
{
	my ($self, $bytes) = @_;
	my $sent = 0;
	while ($sent < length $bytes)
	{
		my $n = syswrite($self->{socket}, $bytes, length($bytes) - $sent, $sent);
		return 0 unless defined $n;
		$sent += $n;
	}
	return 1;
}

# Read once; false at the end of the stream, dies when the time is over.
sub fill
{
	my ($self, $end) = @_;
	my $left = $end - time;
	die "no answer from $self->{host} in time; so far: $self->{buffer}\n"
	  if $left <= 0 || !IO::Select->new($self->{socket})->can_read($left);
	return sysread($self->{socket}, $self->{buffer}, 65536, length $self->{buffer});
}

sub read_reply
{
	my ($self, $seconds, $method) = @_;
	my $end = time + ($seconds // 20);
	until ($self->{buffer} =~ /\r\n\r\n/)
	{
		$self->fill($end)
		  or die "the connection ended before a reply; so far: $self->{buffer}\n";
	}
	my ($head, $rest) = split /\r\n\r\n/, $self->{buffer}, 2;
	my ($line, @lines) = split /\r\n/, $head;
	my %reply = (headers => {}, head => $head);
	@reply{qw(status reason)} = $line =~ m{^HTTP/1\.[01] (\d{3}) ?(.*)$}
	  or die "not a status line: $line\n";
	for (@lines)
	{
		my ($name, $value) = /^([^:\s]+):\s*(.*?)\s*$/ or die "not a header: $_\n";
		my $old = $reply{headers}{ lc $name };
		$reply{headers}{ lc $name } = defined $old ? "$old, $value" : $value;
	}
	$self->{buffer} = $rest;
	$reply{body}    = $self->read_body(\%reply, $end, $method // 'GET');
	$reply{json}    = eval { $JSON->decode($reply{body}) }
	  if ($reply{headers}{'content-type'} // '') =~ m{^application/(?:[\w.-]+\+)?json\b};
	$reply{raw} = "$head\r\n\r\n$reply{body}";
	return \%reply;
}

sub read_body
{
	my ($self, $reply, $end, $method) = @_;
	return '' if $method eq 'HEAD' || $reply->{status} =~ /^(?:1..|204|304)$/;
	return $self->read_chunks($end) if ($reply->{headers}{'transfer-encoding'} // '') eq 'chunked';
	my $length = $reply->{headers}{'content-length'};
	if (!defined $length)
	{
		1 while $self->fill($end);
		$length = length $self->{buffer};
	}
	while (length $self->{buffer} < $length)
	{
		$self->fill($end) or die "the reply's body ended early\n";
	}
	return substr($self->{buffer}, 0, $length, '');
}

sub read_chunks
{
	my ($self, $end) = @_;
	my $body = '';
	while (1)
	{
		while ($self->{buffer} !~ /^([0-9a-fA-F]+)\r\n/)
		{
			$self->fill($end) or die "the reply's chunks ended early\n";
		}
		my $length = hex $1;
		my $whole  = length($1) + 2 + $length + 2;
		while (length $self->{buffer} < $whole)
		{
			$self->fill($end) or die "the reply's chunks ended early\n";
		}
		my $chunk = substr($self->{buffer}, 0, $whole, '');
		return $body if $length == 0;
		$body .= substr($chunk, -2 - $length, $length);
	}
}

# All bytes until the other side closes; what came until then when the time is over.
sub read_all
{
	my ($self, $seconds) = @_;
	my $end = time + ($seconds // 10);
	1 while eval { $self->fill($end) };
	return $self->{buffer};
}

# Does the other side close within that many seconds, with nothing more to say?
sub closed
{
	my ($self, $seconds) = @_;
	my $end  = time + ($seconds // 10);
	my $open = eval { $self->fill($end) ? 1 : 0 } // 1;
	return !$open;
}

sub close
{
	my ($self) = @_;
	close $self->{socket} if $self->{socket};
	delete $self->{socket};
	return;
}

1;
