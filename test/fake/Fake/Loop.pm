# test/fake/Fake/Loop.pm
#	Many connections in one process: sockets that never block, timers, TLS.
#
# A protocol is an object with opened($c), data($c) and closed($c).  A connection $c is a
# hash: {in} holds what came and was not used yet, {number} counts connections from 1,
# {at} is when the first byte of {in} came, {tls} says whether it is encrypted.
#
#	my $loop = Fake::Loop->new;
#	$loop->listen($socket, $protocol, $tls);      # $tls: a context, or undef
#	$loop->send($c, $bytes); $loop->close($c);    # close: after all has been written
#	$loop->drop($c); $loop->mute($c);             # at once; never read again
#	$loop->start_tls($c, $tls);
#	$loop->after($seconds, sub { … });
#	$loop->on_drained($c, sub { … });             # once all has been written
#	$loop->run;                                   # until stop
package Fake::Loop;

use strict;
use warnings;
use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(time);

sub new
{
	my ($class) = @_;
	return bless {
		listeners => {}, connections => {}, timers => [], watched => {},
		read => '', write => '', accepted => 0,
	}, $class;
}

sub listen
{
	my ($self, $socket, $protocol, $tls) = @_;
	$socket->blocking(0);
	my $fd = fileno $socket;
	$self->{listeners}{$fd} = { socket => $socket, protocol => $protocol, tls => $tls };
	vec($self->{read}, $fd, 1) = 1;
	return;
}

# Call back when a handle is readable or at its end.
sub watch
{
	my ($self, $handle, $callback) = @_;
	$self->{watched}{ fileno $handle } = $callback;
	vec($self->{read}, fileno $handle, 1) = 1;
	return;
}

sub after
{
	my ($self, $seconds, $callback) = @_;
	my ($timers, $at) = ($self->{timers}, time + $seconds);
	my $i = @$timers;
	$i-- while $i > 0 && $timers->[$i - 1][0] > $at;
	splice @$timers, $i, 0, [$at, $callback];
	return;
}

sub connections { return values %{ $_[0]{connections} } }
sub accepted    { return $_[0]{accepted} }
sub stop        { $_[0]{stopped} = 1; return }

sub run
{
	my ($self) = @_;
	until ($self->{stopped})
	{
		my ($read, $write) = @{$self}{qw(read write)};
		my $next = $self->{timers}[0];
		my $wait = $next ? $next->[0] - time : undef;
		$wait = 0 if defined $wait && $wait < 0;
		my $n = select $read, $write, undef, $wait;
		if ($n > 0)
		{
			$self->writable($_) for set_bits($write);
			$self->readable($_) for set_bits($read);
		}
		my $now = time;
		while (@{ $self->{timers} } && $self->{timers}[0][0] <= $now)
		{
			(shift @{ $self->{timers} })->[1]->();
		}
	}
	return;
}

sub set_bits
{
	my $bits = unpack 'b*', $_[0];
	my ($at, @set) = (-1);
	push @set, $at while ($at = index $bits, '1', $at + 1) >= 0;
	return @set;
}

sub readable
{
	my ($self, $fd) = @_;
	if (my $c = $self->{connections}{$fd}) { return $self->fill($c) }
	if (my $listener = $self->{listeners}{$fd}) { return $self->accept($listener) }
	if (my $callback = $self->{watched}{$fd}) { return $callback->() }
	return;
}

sub accept
{
	my ($self, $listener) = @_;
	# Some at a time, so that those who are here already are served meanwhile.
	for (1 .. 64)
	{
		my $socket = $listener->{socket}->accept or return;
		$socket->blocking(0);
		setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
		my $c = {
			socket => $socket, fd => fileno $socket, in => '', out => '',
			number => ++$self->{accepted}, protocol => $listener->{protocol}, tls => 0,
			opened => time,
		};
		$self->{connections}{ $c->{fd} } = $c;
		vec($self->{read}, $c->{fd}, 1) = 1;
		if   ($listener->{tls}) { $self->start_tls($c, $listener->{tls}); }
		else                    { $c->{protocol}->opened($c); }
	}
	return;
}

sub start_tls
{
	my ($self, $c, $context) = @_;
	$c->{in} = '';
	IO::Socket::SSL->start_SSL(
		$c->{socket},
		SSL_server         => 1,
		SSL_startHandshake => 0,
		SSL_reuse_ctx      => $context) or return $self->drop($c);
	$c->{shaking} = 1;
	return $self->shake($c);
}

# One step of the handshake.
sub shake
{
	my ($self, $c) = @_;
	if ($c->{socket}->accept_SSL)
	{
		$c->{shaking} = 0;
		my $again = $c->{tls}++ || $c->{started};
		$self->want_write($c, 0);
		# Over STARTTLS the client speaks first.
		return $again ? $self->fill($c) : $c->{protocol}->opened($c);
	}
	return $self->want_write($c, 1) if $IO::Socket::SSL::SSL_ERROR == IO::Socket::SSL::SSL_WANT_WRITE();
	return $self->want_write($c, 0) if $IO::Socket::SSL::SSL_ERROR == IO::Socket::SSL::SSL_WANT_READ();
	return $self->drop($c);
}

sub fill
{
	my ($self, $c) = @_;
	return $self->shake($c) if $c->{shaking};
	while (1)
	{
		my $fresh = $c->{in} eq '';
		my $n = sysread $c->{socket}, $c->{in}, 65536, length $c->{in};
		if (!defined $n)
		{
			last if $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR;
			return $self->drop($c);
		}
		return $self->drop($c) if $n == 0;
		$c->{at} = time if $fresh;
		last unless $c->{tls} && $c->{socket}->pending;
	}
	$c->{protocol}->data($c) if $c->{in} ne '' && !$c->{closing};
	return;
}

sub send
{
	my ($self, $c, $bytes) = @_;
	return if $c->{gone};
	$c->{out} .= $bytes;
	return if vec($self->{write}, $c->{fd}, 1);
	return $self->writable($c->{fd});
}

sub writable
{
	my ($self, $fd) = @_;
	my $c = $self->{connections}{$fd} or return;
	return $self->shake($c) if $c->{shaking};
	if ($c->{out} ne '')
	{
		my $n = syswrite $c->{socket}, $c->{out};
		if (!defined $n)
		{
			return $self->drop($c) unless $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR;
			$n = 0;
		}
		substr $c->{out}, 0, $n, '';
	}
	return $self->want_write($c, 1) if $c->{out} ne '';
	$self->want_write($c, 0);
	return $self->drop($c) if $c->{closing};
	if (my $drained = delete $c->{drained}) { $drained->() }
	return;
}

sub on_drained
{
	my ($self, $c, $callback) = @_;
	$c->{drained} = $callback;
	# Never at once: it may send, and come here again.
	$self->want_write($c, 1);
	return;
}

sub want_write
{
	my ($self, $c, $want) = @_;
	vec($self->{write}, $c->{fd}, 1) = $want unless $c->{gone};
	return;
}

sub mute
{
	my ($self, $c) = @_;
	vec($self->{read}, $c->{fd}, 1) = 0;
	return;
}

sub close
{
	my ($self, $c) = @_;
	$c->{closing} = 1;
	return $c->{gone} || $c->{out} ne '' ? undef : $self->drop($c);
}

sub drop
{
	my ($self, $c) = @_;
	return if $c->{gone}++;
	delete $self->{connections}{ $c->{fd} };
	vec($self->{$_}, $c->{fd}, 1) = 0 for qw(read write);
	$c->{protocol}->closed($c);
	delete $c->{drained};
	# A handshake that failed has made it a plain socket again.
	if   ($c->{socket}->isa('IO::Socket::SSL')) { $c->{socket}->close(SSL_fast_shutdown => 1); }
	else                                        { CORE::close $c->{socket}; }
	return;
}

1;
