# test/fake/Fake/Http.pm
#	HTTP/1.1 with keep-alive: records each request, then answers as its path was told to.
#
# A path behaves as the last of these says, the path "*" stands for all others:
#	status 204           the answer's status
#	headers {Name: …}    further headers; retry_after 7 and location URL are short for two
#	body "…"             the answer's body; body_hex for bytes that are no text
#	delay 0.5            seconds before the answer
#	fail 0.2             with this probability (seed 7) the answer is fail_status (500)
#	hang true            no answer until /release, or until the client goes
#	drop 12              the connection ends after so many bytes of the answer
#	slow 0.1             the answer byte by byte, so many seconds apart
#	endless true         a body that never ends
#	many_headers 10000   so many headers
#	gzip_bomb 67108864   a body that unpacks to so many bytes
#	close true           Connection: close
# Several behaviours: one for each request in turn, the last for all that follow.
#
# A path that is a page (Fake::Pages) or an API (Fake::Resend) is answered by that.
package Fake::Http;

use strict;
use warnings;
use Compress::Zlib ();
use JSON::PP ();
use Time::HiRes qw(time);

my $json = JSON::PP->new->utf8->canonical->allow_nonref;
my %reason = (
	100 => 'Continue', 200 => 'OK', 201 => 'Created', 202 => 'Accepted', 204 => 'No Content',
	301 => 'Moved Permanently', 302 => 'Found', 307 => 'Temporary Redirect',
	308 => 'Permanent Redirect', 400 => 'Bad Request', 401 => 'Unauthorized', 403 => 'Forbidden',
	404 => 'Not Found', 405 => 'Method Not Allowed', 409 => 'Conflict', 410 => 'Gone',
	413 => 'Payload Too Large', 422 => 'Unprocessable Entity', 429 => 'Too Many Requests',
	500 => 'Internal Server Error', 502 => 'Bad Gateway', 503 => 'Service Unavailable',
);

# loop, record: a file opened for appending, number: of the last request in it,
# special: sub ($request) that returns an answer (which is not recorded), {recorded => sub
# that returns one}, or nothing.
sub new
{
	my ($class, %o) = @_;
	return bless { %o, behaviours => {}, hanging => {}, in_flight => {}, peak => {} }, $class;
}

sub opened { return }

sub closed
{
	my ($self, $c) = @_;
	$self->leave($c) if $c->{request};
	return;
}

# One request at a time: the next one on a connection waits for the answer.
sub data
{
	my ($self, $c) = @_;
	while (!$c->{request} && !$c->{closing} && $c->{in} ne '')
	{
		my $request = $self->parse($c) or return;
		$c->{request} = $request;
		my $special = $self->{special}->($request);
		$self->arrived($c, $request, $special);
	}
	return;
}

sub parse
{
	my ($self, $c) = @_;
	my $end = index $c->{in}, "\r\n\r\n";
	if ($end < 0)
	{
		$self->{loop}->drop($c) if length $c->{in} > 1 << 20;
		return;
	}
	my $request = $c->{head} //= read_head(substr $c->{in}, 0, $end);
	my ($body, $used) = read_body($request, \$c->{in}, $end + 4);
	if (!defined $body)
	{
		if (($request->{headers}{expect} // '') =~ /^100-continue$/i && !$request->{continued}++)
		{
			$self->{loop}->send($c, "HTTP/1.1 100 Continue\r\n\r\n");
		}
		return;
	}
	delete $c->{head};
	substr $c->{in}, 0, $used, '';
	@{$request}{qw(body at connection tls)} = ($body, $c->{at}, $c->{number}, $c->{tls});
	$c->{at} = time;
	return $request;
}

sub read_head
{
	my ($line, @lines) = split /\r\n/, $_[0];
	my ($method, $target, $version) = split / /, $line // '';
	my %headers;
	for (@lines)
	{
		my ($name, $value) = split /:[ \t]*/, $_, 2;
		$name = lc $name;
		$headers{$name} = exists $headers{$name} ? "$headers{$name}, $value" : $value // '';
	}
	return {
		method => $method // '', target => $target // '', version => $version // '',
		path => ($target // '') =~ s/\?.*//sr, headers => \%headers, head => $_[0],
	};
}

# (body, where it ends); nothing while it is not there yet.
sub read_body
{
	my ($request, $in, $from) = @_;
	my $coding = $request->{headers}{'transfer-encoding'} // '';
	if ($coding !~ /chunked/i)
	{
		my $length = $request->{headers}{'content-length'} || 0;
		return if length($$in) < $from + $length;
		return (substr($$in, $from, $length), $from + $length);
	}
	my $body = '';
	pos($$in) = $from;
	while ($$in =~ /\G([0-9a-fA-F]+)[^\r\n]*\r\n/gc)
	{
		my ($length, $at) = (hex $1, pos $$in);
		return if length($$in) < $at + $length + 2;
		return ($body, $at + 2) if $length == 0;
		$body .= substr $$in, $at, $length;
		pos($$in) = $at + $length + 2;
	}
	return;
}

sub arrived
{
	my ($self, $c, $request, $special) = @_;
	my $path = $request->{path};
	if ($special && !$special->{recorded})
	{
		return $self->answer($c, $special);
	}
	my $flying = ++$self->{in_flight}{$path};
	$self->{peak}{$path} = $flying if $flying > ($self->{peak}{$path} // 0);
	my $behaviour = $self->behaviour($path) // {};
	# An API answers by itself, and acts, unless its path was told another status.
	$behaviour = { %{ $special->{recorded}->() }, %$behaviour }
	  if $special && !$behaviour->{hang} && !defined $behaviour->{status};
	$behaviour->{status} //= defined $behaviour->{location} ? 302 : 200;
	$self->record($request, $behaviour->{hang} ? 0 : $behaviour->{status});
	if ($behaviour->{hang})
	{
		$self->{hanging}{$path}{ $c->{number} } = $c;
		return;
	}
	return $self->answer($c, $behaviour) unless $behaviour->{delay};
	$self->{loop}->after($behaviour->{delay}, sub { $self->answer($c, $behaviour) });
	return;
}

# What the path does now; a behaviour of several is used up.
sub behaviour
{
	my ($self, $path) = @_;
	my $list = $self->{behaviours}{$path} // $self->{behaviours}{'*'} or return;
	my %now  = %{ @$list > 1 ? shift @$list : $list->[0] };
	if ($now{fail})
	{
		$now{status} = $now{fail_status} // 500 if $self->chance < $now{fail};
	}
	return \%now;
}

# A generator of our own: the same seed gives the same failures with every Perl.
sub chance
{
	my ($self) = @_;
	$self->{seed} = (($self->{seed} // 1) * 1103515245 + 12345) % 2147483648;
	return $self->{seed} / 2147483648;
}

sub behave
{
	my ($self, $path, @behaviours) = @_;
	for my $b (@behaviours)
	{
		$self->{seed} = $b->{seed} if defined $b->{seed};
	}
	if   (@behaviours) { $self->{behaviours}{$path} = [@behaviours]; }
	else               { delete $self->{behaviours}{$path}; }
	return;
}

# Answer what hangs at a path; returns how many.
sub release
{
	my ($self, $path, $behaviour) = @_;
	my @hanging = values %{ delete $self->{hanging}{$path} // {} };
	$self->answer($_, { status => 200, %{ $behaviour // {} } }) for @hanging;
	return scalar @hanging;
}

sub state
{
	my ($self) = @_;
	return {
		requests => $self->{number}, accepted => $self->{loop}->accepted,
		connections => scalar(grep { $_->{protocol} == $self } $self->{loop}->connections),
		hanging => { map { $_ => scalar keys %{ $self->{hanging}{$_} } } keys %{ $self->{hanging} } },
		peak => { %{ $self->{peak} } },
	};
}

sub reset_peak { $_[0]{peak} = {}; return }

sub record
{
	my ($self, $request, $status) = @_;
	my $headers = $request->{headers};
	my $line = sprintf '{"n":%d,"at":%.6f,"connection":%d,"tls":%s,"method":%s,"path":%s,"status":%d,"headers":{%s},%s}' . "\n",
	  ++$self->{number}, $request->{at}, $request->{connection}, $request->{tls} ? 'true' : 'false',
	  quoted($request->{method}), quoted($request->{target}), $status,
	  join(',', map { quoted($_) . ':' . quoted($headers->{$_}) } sort keys %$headers),
	  is_text($request->{body}) ? '"body":' . quoted($request->{body})
	  : '"body_hex":"' . unpack('H*', $request->{body}) . '"';
	# Before the answer, in one write: what was answered has been recorded.
	defined syswrite $self->{record}, $line or die "cannot record a request: $!\n";
	return;
}

sub is_text { return utf8::decode(my $copy = $_[0]) }

# Bytes as a JSON string; headers may hold anything, so what is no UTF-8 becomes Latin-1.
sub quoted
{
	my ($text) = @_;
	utf8::encode($text) unless is_text($text);
	$text =~ s/(["\\\x00-\x1f\x7f])/sprintf '\\u%04x', ord $1/ge;
	return qq{"$text"};
}

sub answer
{
	my ($self, $c, $b) = @_;
	my $request = $c->{request};
	return if $c->{gone} || !$request;
	my $bytes = $self->reply($request, $b);
	my $loop  = $self->{loop};
	if (defined $b->{drop})
	{
		$loop->send($c, substr $bytes, 0, $b->{drop}) if $b->{drop};
		return $loop->close($c);
	}
	return $self->trickle($c, $bytes, $b->{slow}) if $b->{slow};
	if ($b->{endless})
	{
		$loop->send($c, $bytes);
		return $self->go_on($c);
	}
	$c->{closing} = 1 if $b->{close} || ($request->{headers}{connection} // '') =~ /\bclose\b/i
	  || $request->{version} eq 'HTTP/1.0';
	$self->leave($c);
	$loop->send($c, $bytes);
	$self->data($c) unless $c->{busy}++;
	delete $c->{busy};
	return;
}

# The request has had its answer, or its client has gone.
sub leave
{
	my ($self, $c) = @_;
	my $path = (delete $c->{request})->{path};
	$self->{in_flight}{$path}-- if $self->{in_flight}{$path};
	delete $self->{hanging}{$path}{ $c->{number} } if $self->{hanging}{$path};
	return;
}

sub trickle
{
	my ($self, $c, $bytes, $seconds) = @_;
	return if $c->{gone};
	$self->{loop}->send($c, substr $bytes, 0, 1, '');
	if ($bytes eq '')
	{
		$self->leave($c) if $c->{request};
		return $self->data($c);
	}
	$self->{loop}->after($seconds, sub { $self->trickle($c, $bytes, $seconds) });
	return;
}

sub go_on
{
	my ($self, $c) = @_;
	return if $c->{gone};
	$self->{loop}->on_drained($c, sub { $self->go_on($c) });
	$self->{loop}->send($c, "4000\r\n" . ('x' x 0x4000) . "\r\n");
	return;
}

# The bytes of an answer.
sub reply
{
	my ($self, $request, $b) = @_;
	my $status = $b->{status} // 200;
	my $body   = defined $b->{body_hex} ? pack('H*', $b->{body_hex}) : $b->{body} // "{}\n";
	utf8::encode($body) if utf8::is_utf8($body);
	my @headers = ('Date: ' . http_date());
	my %further = %{ $b->{headers} // {} };
	$further{'Retry-After'} = $b->{retry_after} if defined $b->{retry_after};
	$further{Location}      = $b->{location}    if defined $b->{location};
	$further{Connection}    = 'close'           if $b->{close};
	if ($b->{gzip_bomb})
	{
		$body = $self->bomb($b->{gzip_bomb});
		$further{'Content-Encoding'} = 'gzip';
	}
	push @headers, map { "X-Filler-$_: " . 'x' x 40 } 1 .. $b->{many_headers} // 0;
	push @headers, 'Content-Type: application/json' unless grep { lc eq 'content-type' } keys %further;
	push @headers, map { "$_: $further{$_}" } sort keys %further;
	$body = '' if $status == 204 || $status == 304;
	push @headers, $b->{endless} ? 'Transfer-Encoding: chunked' : 'Content-Length: ' . length $body;
	$body = '' if $b->{endless} || $request->{method} eq 'HEAD';
	return "HTTP/1.1 $status " . ($reason{$status} // 'Status') . "\r\n" . join("\r\n", @headers)
	  . "\r\n\r\n$body";
}

sub bomb
{
	my ($self, $bytes) = @_;
	return $self->{bomb}{$bytes} //= Compress::Zlib::memGzip("\0" x $bytes);
}

my ($dated, $date) = (0, '');

sub http_date
{
	my $now = int time;
	return $date if $now == $dated;
	my @t = gmtime $now;
	$dated = $now;
	return $date = sprintf '%s, %02d %s %d %02d:%02d:%02d GMT', (qw(Sun Mon Tue Wed Thu Fri Sat))[$t[6]],
	  $t[3], (qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec))[$t[4]], $t[5] + 1900, @t[2, 1, 0];
}

1;
