# test/fake/Fake/Smtp.pm
#	A mail server: STARTTLS, AUTH PLAIN and LOGIN, 8BITMIME, SIZE, PIPELINING.
#
# Behaves as told: behave(STAGE => ANSWER, …) where a stage is greeting, ehlo, starttls,
# auth, mail, rcpt, "rcpt ADDRESS", data, dot, rset, noop or quit, and an answer
#	"450 4.2.0 try again"   this reply instead of the usual one
#	"drop"                  the connection ends without a reply
#	"hang"                  no reply
#	undef                   as usual
# or a list of these, one each time, the last for all that follow.  At "dot" the message
# is kept when the reply is 2xx, "drop" or "hang": that is how mails arrive twice.  And
#	slow 0.2                seconds before each reply
#	drop_after 100          the connection ends after so many bytes of a message
#	greylist 1              the first attempt for a sender and a recipient gets a 451
#	starttls 0, auth 0      not offered
#	require_tls 1           no mail before STARTTLS
#	smtputf8 1              offered, and addresses may be any UTF-8
#	size 1000               the largest message, in bytes
package Fake::Smtp;

use strict;
use warnings;
use MIME::Base64 qw(decode_base64 encode_base64);

# loop, tls: a context; user, password: undef = nobody has to sign in; keep: sub ($mail).
sub new
{
	my ($class, %o) = @_;
	return bless { %o, told => {}, met => {} }, $class;
}

sub behave
{
	my ($self, %told) = @_;
	$self->{told} = \%told;
	$self->{met}  = {};
	return;
}

sub opened
{
	my ($self, $c) = @_;
	$c->{smtp} = { rcpt => [] };
	$self->reply($c, 'greeting', '220 localhost ESMTP the fake mail server');
	return;
}

sub closed { return }

sub data
{
	my ($self, $c) = @_;
	my $s = $c->{smtp};
	while ($c->{in} ne '' && !$c->{closing} && !$c->{gone} && !$s->{waiting})
	{
		if ($s->{in_data}) { $self->body($c) or return; next }
		$c->{in} =~ s/\A([^\n]*?)\r?\n// or return;
		my $line = $1;
		if (my $then = delete $s->{then}) { $self->$then($c, $line); next }
		my ($verb, $rest) = $line =~ /^(\w+)[ ]?(.*)$/;
		my $do = $self->can('do_' . lc($verb // ''));
		if   ($do) { $self->$do($c, $rest); }
		else       { $self->reply($c, 'other', '500 5.5.2 what was that?'); }
	}
	return;
}

# Says the usual reply unless told otherwise; returns the code, 0 = none was given.
sub reply
{
	my ($self, $c, $stage, $usual, $then) = @_;
	my $told = $self->told($stage) // $usual;
	my $loop = $self->{loop};
	if ($told eq 'drop') { $loop->close($c); return 0 }
	if ($told eq 'hang') { $loop->mute($c);  return 0 }
	my ($code) = $told =~ /^(\d+)/;
	my $say = sub {
		return if $c->{gone};
		$loop->on_drained($c, $then) if $then && $told eq $usual;
		$loop->send($c, "$told\r\n");
		$loop->close($c) if $code == 221 || $code == 421;
	};
	my $slow = $self->{told}{slow};
	if (!$slow) { $say->(); return $code }
	$c->{smtp}{waiting}++;
	$loop->after($slow, sub {
		$c->{smtp}{waiting}--;
		$say->();
		$self->data($c) unless $c->{gone};
	});
	return $code;
}

sub told
{
	my ($self, $stage) = @_;
	my $told = $self->{told}{$stage};
	return $told unless ref $told eq 'ARRAY';
	return @$told > 1 ? shift @$told : $told->[0];
}

sub do_helo { my ($self, $c) = @_; return $self->reply($c, 'ehlo', '250 localhost') }

sub do_ehlo
{
	my ($self, $c, $name) = @_;
	my ($s, $told) = ($c->{smtp}, $self->{told});
	$s->{helo} = $name;
	my @offers = ('localhost', 'PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES',
		'SIZE ' . ($told->{size} // 10_000_000));
	push @offers, 'STARTTLS' if $self->{tls} && !$c->{tls} && ($told->{starttls} // 1);
	push @offers, 'AUTH PLAIN LOGIN' if defined $self->{user} && ($told->{auth} // 1);
	push @offers, 'SMTPUTF8' if $told->{smtputf8};
	my $last = pop @offers;
	return $self->reply($c, 'ehlo', join("\r\n", map({ "250-$_" } @offers), "250 $last"));
}

sub do_starttls
{
	my ($self, $c) = @_;
	return $self->reply($c, 'starttls', '454 4.7.0 TLS is not available')
	  if !$self->{tls} || $c->{tls} || !($self->{told}{starttls} // 1);
	my $code = $self->reply($c, 'starttls', '220 2.0.0 go ahead', sub {
		$c->{smtp} = { rcpt => [] };
		$c->{started} = 1;
		$self->{loop}->start_tls($c, $self->{tls});
	});
	# What was sent ahead in the clear must not count as said in private.
	$c->{smtp}{waiting}++ if $code == 220;
	return $code;
}

sub do_auth
{
	my ($self, $c, $rest) = @_;
	my ($how, $first) = split / /, $rest;
	return $self->reply($c, 'auth', '503 5.5.1 not offered') unless defined $self->{user};
	if (uc($how // '') eq 'PLAIN')
	{
		return $self->auth_plain($c, $first) if defined $first;
		$c->{smtp}{then} = 'auth_plain';
		return $self->reply($c, 'other', '334 ');
	}
	return $self->reply($c, 'auth', '504 5.5.4 PLAIN or LOGIN') if uc($how // '') ne 'LOGIN';
	return $self->auth_user($c, $first) if defined $first;
	$c->{smtp}{then} = 'auth_user';
	return $self->reply($c, 'other', '334 ' . encode_base64('Username:', ''));
}

sub auth_plain
{
	my ($self, $c, $line) = @_;
	my (undef, $user, $password) = split /\0/, decode_base64($line);
	return $self->auth_done($c, $user, $password);
}

sub auth_user
{
	my ($self, $c, $line) = @_;
	@{ $c->{smtp} }{qw(user then)} = (decode_base64($line), 'auth_password');
	return $self->reply($c, 'other', '334 ' . encode_base64('Password:', ''));
}

sub auth_password
{
	my ($self, $c, $line) = @_;
	return $self->auth_done($c, $c->{smtp}{user}, decode_base64($line));
}

sub auth_done
{
	my ($self, $c, $user, $password) = @_;
	my $right = ($user // '') eq $self->{user} && ($password // '') eq $self->{password};
	my $code  = $self->reply($c, 'auth',
		$right ? '235 2.7.0 welcome' : '535 5.7.8 wrong user or password');
	$c->{smtp}{signed_in} = $code == 235;
	return;
}

sub do_mail
{
	my ($self, $c, $rest) = @_;
	my ($s, $told) = ($c->{smtp}, $self->{told});
	return $self->reply($c, 'mail', '530 5.7.0 STARTTLS first') if $told->{require_tls} && !$c->{tls};
	return $self->reply($c, 'mail', '530 5.7.0 sign in first') if defined $self->{user} && !$s->{signed_in};
	my ($from, $options) = $rest =~ /^FROM:\s*<([^<>]*)>\s*(.*)$/i;
	return $self->reply($c, 'mail', '501 5.5.4 MAIL FROM:<address>') unless defined $from;
	return $self->reply($c, 'mail', '553 5.6.7 no SMTPUTF8 here')
	  if $from =~ /[^\x20-\x7e]/ && !$told->{smtputf8};
	my ($size) = $options =~ /\bSIZE=(\d+)/i;
	return $self->reply($c, 'mail', '552 5.3.4 too large') if ($size // 0) > ($told->{size} // 10_000_000);
	my $code = $self->reply($c, 'mail', '250 2.1.0 ok');
	@{$s}{qw(from rcpt)} = ($from, []) if $code == 250;
	return;
}

sub do_rcpt
{
	my ($self, $c, $rest) = @_;
	my ($s, $told) = ($c->{smtp}, $self->{told});
	return $self->reply($c, 'rcpt', '503 5.5.1 MAIL first') unless defined $s->{from};
	my ($to) = $rest =~ /^TO:\s*<([^<>\s]+@[^<>\s]+)>/i;
	return $self->reply($c, 'rcpt', '501 5.1.3 RCPT TO:<address>') unless defined $to;
	return $self->reply($c, 'rcpt', '553 5.6.7 no SMTPUTF8 here')
	  if $to =~ /[^\x20-\x7e]/ && !$told->{smtputf8};
	my $usual = $told->{greylist} && !$self->{met}{"$s->{from} $to"}++
	  ? '451 4.7.1 greylisted, try again' : '250 2.1.5 ok';
	my $stage = exists $told->{"rcpt $to"} ? "rcpt $to" : 'rcpt';
	my $code  = $self->reply($c, $stage, $usual);
	push @{ $s->{rcpt} }, $to if $code == 250;
	return;
}

sub do_data
{
	my ($self, $c) = @_;
	return $self->reply($c, 'data', '503 5.5.1 RCPT first') unless @{ $c->{smtp}{rcpt} };
	my $code = $self->reply($c, 'data', '354 end with a dot');
	@{ $c->{smtp} }{qw(in_data body)} = (1, '') if $code == 354;
	return;
}

# The lines of a message up to the dot; false while it is not there.
sub body
{
	my ($self, $c) = @_;
	my $drop = $self->{told}{drop_after};
	if (defined $drop && length $c->{in} >= $drop)
	{
		$self->{loop}->drop($c);
		return 0;
	}
	if ($c->{in} !~ s/\A\.\r\n//)
	{
		my $end = index $c->{in}, "\r\n.\r\n";
		return 0 if $end < 0;
		$c->{smtp}{body} = substr $c->{in}, 0, $end + 2, '';
		substr $c->{in}, 0, 3, '';
	}
	return $self->message($c);
}

sub message
{
	my ($self, $c) = @_;
	my $s    = $c->{smtp};
	my $told = $self->told('dot');
	$s->{body} =~ s/^\.//mg;
	my $usual = length $s->{body} > ($self->{told}{size} // 10_000_000) ? '552 5.3.4 too large' : '250 2.0.0 kept';
	local $self->{told}{dot} = $told;
	if (($told // $usual) =~ /^(?:2|drop|hang)/)
	{
		$self->{keep}->({
			from => $s->{from}, to => [@{ $s->{rcpt} }], helo => $s->{helo}, body => $s->{body},
			protocol => 'ESMTP' . ($c->{tls} ? 'S' : '') . ($s->{signed_in} ? 'A' : ''),
		});
	}
	$self->reset($c);
	$self->reply($c, 'dot', $usual);
	return 1;
}

sub reset
{
	my ($self, $c) = @_;
	delete @{ $c->{smtp} }{qw(from in_data body)};
	$c->{smtp}{rcpt} = [];
	return;
}

sub do_rset
{
	my ($self, $c) = @_;
	$self->reset($c);
	return $self->reply($c, 'rset', '250 2.0.0 ok');
}

sub do_noop { my ($self, $c) = @_; return $self->reply($c, 'noop', '250 2.0.0 ok') }

sub do_quit
{
	my ($self, $c) = @_;
	return $self->reply($c, 'quit', '221 2.0.0 bye');
}

1;
