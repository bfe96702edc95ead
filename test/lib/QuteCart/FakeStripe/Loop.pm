# test/lib/QuteCart/FakeStripe/Loop.pm
#	One process, one select: HTTP/1.1 connections in, HTTP posts out, timers.
#
#	my $loop = QuteCart::FakeStripe::Loop->new(answer => sub { my ($request) = @_; … });
#	$loop->listen('api', $port); $loop->deafen('api');   # and connections are refused
#	$loop->after($seconds, sub { … });
#	$loop->post($url, {headers}, $body, sub { my ($status, $body) = @_; … });
#	$loop->run;
#
# answer returns {status, headers, body} and may add delay (seconds), hang, drop (close
# without a byte) or cut (send half, then close).  Nothing here knows of Stripe.
package QuteCart::FakeStripe::Loop;

use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY SOL_SOCKET SO_LINGER);
use Time::HiRes qw(time);

my $HEAD_LIMIT = 65_536;
my $BODY_LIMIT = 4 << 20;
my %reason = (200 => 'OK', 302 => 'Found', 303 => 'See Other', 400 => 'Bad Request', 401 => 'Unauthorized',
	402 => 'Payment Required',
	403 => 'Forbidden', 404 => 'Not Found',
	409 => 'Conflict', 411 => 'Length Required', 413 => 'Payload Too Large', 424 => 'External Dependency Failed',
	429 => 'Too Many Requests',
	431 => 'Request Header Fields Too Large', 500 => 'Internal Server Error', 501 => 'Not Implemented',
	502 => 'Bad Gateway', 503 => 'Service Unavailable', 504 => 'Gateway Timeout');

sub new
{
	my ($class, %o) = @_;
	return bless { answer => $o{answer}, idle => $o{idle}, ears => {}, peers => {}, timers => [] }, $class;
}

sub listen
{
	my ($self, $name, $port) = @_;
	my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port // 0, Listen => 128,
		ReuseAddr => 1, Blocking => 0)
	  or die "cannot listen on 127.0.0.1:" . ($port // 0) . ": $@\n";
	$self->{ears}{$name} = $socket;
	return $socket->sockport;
}

# Stop listening and cut what is connected there.
sub deafen
{
	my ($self, $name) = @_;
	close delete $self->{ears}{$name} if $self->{ears}{$name};
	$self->drop($_) for grep { ($_->{ear} // '') eq $name } values %{ $self->{peers} };
	return;
}

# Runs the code later; cancel it by emptying the timer it returns.
sub after
{
	my ($self, $seconds, $code) = @_;
	my $timer = { at => time + $seconds, code => $code };
	@{ $self->{timers} } = sort { $a->{at} <=> $b->{at} } @{ $self->{timers} }, $timer;
	return $timer;
}

sub stop { $_[0]{over} = 1; return }

sub run
{
	my ($self) = @_;
	local $SIG{PIPE} = 'IGNORE';
	$self->turn until $self->{over};
	return;
}

# One round: wait (a second at most), accept, read, write, what is due.
sub turn
{
	my ($self, $most) = @_;
	$most //= 1;
	my ($read, $write) = ('', '');
	vec($read, fileno $_, 1) = 1 for values %{ $self->{ears} };
	for my $peer (values %{ $self->{peers} })
	{
		my $n = fileno $peer->{socket};
		vec($read, $n, 1) = 1 unless $peer->{connecting};
		vec($write, $n, 1) = 1 if length $peer->{out} || $peer->{connecting};
	}
	my $wait = @{ $self->{timers} } ? $self->{timers}[0]{at} - time : $most;
	$wait = $wait < 0 ? 0 : $wait > $most ? $most : $wait;
	select($read, $write, undef, $wait);
	for my $name (keys %{ $self->{ears} })
	{
		$self->accept($name) if $self->{ears}{$name} && vec($read, fileno $self->{ears}{$name}, 1);
	}
	for my $peer (values %{ $self->{peers} })
	{
		next unless $peer->{socket};
		my $n = fileno $peer->{socket} // next;
		$self->write_to($peer) if vec($write, $n, 1);
		$self->read_from($peer) if $peer->{socket} && vec($read, $n, 1);
	}
	$self->due;
	return;
}

sub due
{
	my ($self) = @_;
	while (@{ $self->{timers} } && $self->{timers}[0]{at} <= time)
	{
		my $timer = shift @{ $self->{timers} };
		$timer->{code}->() if $timer->{code};
	}
	$self->{idle}->() if $self->{idle};
	return;
}

sub accept
{
	my ($self, $name) = @_;
	while (my $socket = $self->{ears}{$name}->accept)
	{
		$socket->blocking(0);
		setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
		$self->{peers}{ fileno $socket } = { socket => $socket, in => '', out => '', ear => $name,
			number => ++$self->{connections} };
	}
	return;
}

sub drop
{
	my ($self, $peer) = @_;
	my $socket = delete $peer->{socket} or return;
	delete $self->{peers}{ fileno $socket };
	# What was not read must not let close() wait; the other side sees a reset.
	setsockopt $socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0) if $peer->{reset};
	close $socket;
	if (my $done = delete $peer->{done})
	{
		$done->(@{ reply_of($peer) // [0, ''] });
	}
	return;
}

sub read_from
{
	my ($self, $peer) = @_;
	my $n = sysread $peer->{socket}, $peer->{in}, 65_536, length $peer->{in};
	return if !defined $n && ($!{EAGAIN} || $!{EINTR});
	if ($peer->{done})
	{
		$self->drop($peer) if !$n || reply_of($peer);
		return;
	}
	return $self->drop($peer) unless $n;
	$self->next_request($peer);
	return;
}

sub write_to
{
	my ($self, $peer) = @_;
	delete $peer->{connecting};
	my $n = syswrite $peer->{socket}, $peer->{out};
	if (!defined $n)
	{
		return if $!{EAGAIN} || $!{EINTR};
		return $self->drop($peer);
	}
	substr $peer->{out}, 0, $n, '';
	return if length $peer->{out};
	return $self->drop($peer) if $peer->{last};
	$self->next_request($peer) unless $peer->{done};
	return;
}

# --- requests ---

# Answer the next whole request of a connection, one at a time.
sub next_request
{
	my ($self, $peer) = @_;
	while ($peer->{socket} && !$peer->{busy} && !$peer->{last} && length $peer->{in})
	{
		my $request = $self->parsed($peer) or return;
		$peer->{busy} = 1;
		$self->reply($peer, $request, $self->{answer}->($request));
	}
	return;
}

sub parsed
{
	my ($self, $peer) = @_;
	my $end = index $peer->{in}, "\r\n\r\n";
	if ($end < 0)
	{
		$self->fault($peer, 431) if length $peer->{in} > $HEAD_LIMIT;
		return undef;
	}
	my ($first, @lines) = split /\r\n/, substr $peer->{in}, 0, $end;
	my ($method, $target,
		$minor) = ($first // '') =~ m{^([A-Z]+) (/\S*) HTTP/1\.([01])$} or return $self->fault($peer, 400);
	my %headers;
	for (@lines)
	{
		my ($name, $value) = /^([!#\$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/ or return $self->fault($peer, 400);
		$headers{ lc $name } = exists $headers{ lc $name } ? $headers{ lc $name } . ", $value" : $value;
	}
	return $self->fault($peer, 411) if $headers{'transfer-encoding'};
	my $length = $headers{'content-length'} // 0;
	return $self->fault($peer, 400) if $length !~ /^\d+$/;
	return $self->fault($peer, 413) if $length > $BODY_LIMIT;
	if (length($peer->{in}) < $end + 4 + $length)
	{
		if (($headers{expect} // '') =~ /100-continue/i && !$peer->{continued}++)
		{
			$peer->{out} .= "HTTP/1.1 100 Continue\r\n\r\n";
		}
		return undef;
	}
	delete $peer->{continued};
	my $body = substr $peer->{in}, $end + 4, $length;
	substr $peer->{in}, 0, $end + 4 + $length, '';
	my ($path, $query) = split /\?/, $target, 2;
	my $close = ($headers{connection} // '') =~ /close/i || $minor eq '0';
	return { method => $method, path => $path, query => $query // '', headers => \%headers, body => $body,
		close => $close, ear => $peer->{ear}, connection => $peer->{number} };
}

sub fault
{
	my ($self, $peer, $status) = @_;
	$self->send($peer, { close => 1 }, { status => $status, headers => {}, body => '' });
	return undef;
}

sub reply
{
	my ($self, $peer, $request, $answer) = @_;
	my $go = sub {
		$answer->{before_sent}->() if $answer->{before_sent};
		return unless $peer->{socket};
		if ($answer->{drop})
		{
			$peer->{reset} = 1;
			return $self->drop($peer);
		}
		$self->send($peer, $request, $answer) unless $answer->{hang};
	};
	return $self->after($answer->{delay}, $go) if $answer->{delay};
	$go->();
	return;
}

sub send
{
	my ($self, $peer, $request, $answer) = @_;
	my %headers = %{ $answer->{headers} };
	my $body    = $answer->{body} // '';
	my $close   = $request->{close} || $answer->{cut};
	my $text    = "HTTP/1.1 $answer->{status} " . ($reason{ $answer->{status} } // 'Status') . "\r\n";
	$headers{'Content-Length'} = length $body;
	$headers{Connection} = $close ? 'close' : 'keep-alive';
	$text .= "$_: $headers{$_}\r\n" for sort keys %headers;
	$text .= "\r\n" . (($request->{method} // '') eq 'HEAD' ? '' : $body);
	$text = substr $text, 0, length($text) - int(length($body) / 2) - 1 if $answer->{cut};
	$peer->{out} .= $text;
	$peer->{last} = 1 if $close;
	$peer->{busy} = 0;
	$self->write_to($peer);
	return;
}

# --- posts ---

# Send a body; the code gets the status, 0 when there was no answer in time.
sub post
{
	my ($self, $url, $headers, $body, $done, $seconds) = @_;
	my ($host, $port, $path) = $url =~ m{^http://([^/:]+)(?::(\d+))?(/.*)?$} or return $done->(0,
		"cannot post to $url");
	my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port // 80, Proto => 'tcp',
		Blocking => 0) or return $done->(0, "$@");
	my %all = (Host => $host . (defined $port ? ":$port" : ''), 'Content-Length' => length $body,
		Connection => 'close', %$headers);
	my $text = 'POST ' . ($path // '/') . " HTTP/1.1\r\n" . join('',
		map { "$_: $all{$_}\r\n" } sort keys %all) . "\r\n$body";
	my $peer = { socket => $socket, in => '', out => $text, connecting => 1, done => $done };
	$self->{peers}{ fileno $socket } = $peer;
	$self->after($seconds // 10, sub { $self->drop($peer) });
	return;
}

# [status, body] once it is whole, as far as its length says.
sub reply_of
{
	my ($peer) = @_;
	my ($head, $body) = split /\r\n\r\n/, $peer->{in}, 2;
	return undef unless defined $body && $head =~ m{^HTTP/1\.[01] (\d{3})};
	my $status = $1;
	return undef if $peer->{socket} && $head =~ /^content-length:\s*(\d+)/mi && length $body < $1;
	return [$status, $body];
}

1;
