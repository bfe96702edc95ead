# test/fake/Fake/Mail.pm
#	Mails as files: 000001.eml with an envelope on top, or 000001.json when they came
#	through Resend; and what a mail program shows of them.
#
#	my $name = Fake::Mail::keep($dir, $number, {from, to => [], body, …});
#	my $mail = Fake::Mail::load("$dir/000001.eml");
#		→ {file, via, envelope => {from, to => []}, from, to, subject,
#		   headers => {lower-case name: decoded value}, text, html, raw, problems => []}
#
# from and to are the headers' text, decoded.  problems lists what strict readers would
# refuse: bare line breaks, lines over 998 bytes, bytes over 127 in headers or in a part
# that is declared otherwise, encodings that do not decode, a header twice.
package Fake::Mail;

use strict;
use warnings;
use Encode ();
use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use MIME::QuotedPrint qw(decode_qp);
use POSIX qw(strftime);

my $json = JSON::PP->new->utf8->canonical;

sub keep
{
	my ($dir, $number, $mail) = @_;
	my $text = join '', "Return-Path: <$mail->{from}>\r\n", map({ "Delivered-To: $_\r\n" } @{ $mail->{to} }),
	  'Received: from ', $mail->{helo} // 'unknown', " by localhost with $mail->{protocol}; ",
	  strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime), "\r\n", $mail->{body};
	return store($dir, $number, 'eml', $text);
}

sub keep_json
{
	my ($dir, $number, $mail) = @_;
	return store($dir, $number, 'json', $json->encode($mail));
}

# Whoever lists the directory sees whole files only.
sub store
{
	my ($dir, $number, $kind, $text) = @_;
	my $file = sprintf '%s/%06d.%s', $dir, $number, $kind;
	open my $out, '>:raw', "$file.new" or die "cannot write $file: $!\n";
	print $out $text;
	close $out or die "cannot write $file: $!\n";
	rename "$file.new", $file or die "cannot write $file: $!\n";
	return $file;
}

sub files { return sort glob "$_[0]/[0-9]*.{eml,json}" }

sub load
{
	my ($file) = @_;
	open my $in, '<:raw', $file or die "cannot read $file: $!\n";
	my $text = do { local $/; <$in> } // '';
	my $mail = $file =~ /\.json$/ ? from_json($text) : parse($text);
	$mail->{file} = $file;
	return $mail;
}

sub from_json
{
	my ($text) = @_;
	my $m = $json->decode($text);
	my ($to, $cc, $bcc) = map { defined $_ ? ref $_ ? $_ : [$_] : [] } @{$m}{qw(to cc bcc)};
	return {
		via => 'resend', from => $m->{from}, to => join(', ', @$to), subject => $m->{subject},
		envelope => { from => bare($m->{from}), to => [map { bare($_) } @$to, @$cc, @$bcc] },
		headers => { map { lc $_ => $m->{headers}{$_} } keys %{ $m->{headers} // {} } },
		text => $m->{text}, html => $m->{html}, raw => $text, problems => [],
		map { $_ => $m->{$_} } qw(id idempotency_key reply_to tags),
	};
}

sub bare { return $_[0] =~ /<([^<>]*)>/ ? $1 : $_[0] }

sub parse
{
	my ($raw) = @_;
	my @problems;
	my %envelope = (from => '', to => []);
	my ($received) = '';
	while ($raw =~ s/\A(Return-Path|Delivered-To|Received): (.*?)\r\n//)
	{
		my ($name, $value) = ($1, $2);
		if    ($name eq 'Return-Path')  { $envelope{from} = bare($value); }
		elsif ($name eq 'Delivered-To') { push @{ $envelope{to} }, $value; }
		else                            { $received = $value; last; }
	}
	push @problems, 'a line break that is not CRLF' if $raw =~ /(?<!\r)\n|\r(?!\n)/;
	push @problems, 'a line of more than 998 bytes' if grep { length > 998 } split /\r?\n/, $raw;
	my $top = part($raw, \@problems);
	my %mail = (
		via => 'smtp', envelope => \%envelope, received => $received, raw => $raw,
		headers => $top->{headers}, problems => \@problems,
		map { $_ => $top->{headers}{$_} } qw(from to subject));
	for my $leaf (leaves($top))
	{
		my $kind = $leaf->{type} =~ m{^text/(plain|html)$} ? $1 eq 'plain' ? 'text' : 'html' : next;
		$mail{$kind} //= $leaf->{content};
	}
	return \%mail;
}

sub leaves { my ($part) = @_; return $part->{parts} ? map { leaves($_) } @{ $part->{parts} } : $part }

sub part
{
	my ($bytes, $problems) = @_;
	my ($head, $body) = split /\r?\n\r?\n/, $bytes, 2;
	($head, $body) = ('', $1) if $bytes =~ /\A\r?\n(.*)\z/s;
	my $headers = headers($head // '', $problems);
	my ($type, %parameter) = parameters($headers->{'content-type'} // 'text/plain');
	my %part = (headers => $headers, type => $type);
	if ($type =~ m{^multipart/} && defined $parameter{boundary})
	{
		my $boundary = quotemeta $parameter{boundary};
		my (undef, @parts) = split /(?:\A|\r?\n)--$boundary(?=\r?\n|--)/, $body // '';
		push @$problems, 'a multipart that does not end' unless @parts && $parts[-1] =~ /^--/;
		$part{parts} = [map { part(s/\A\r?\n//r, $problems) } grep { !/^--/ } @parts];
		return \%part;
	}
	$part{content} = content($headers, $body // '', $parameter{charset}, $problems);
	return \%part;
}

sub content
{
	my ($headers, $body, $charset, $problems) = @_;
	my $coding = lc($headers->{'content-transfer-encoding'} // '7bit');
	push @$problems, "bytes over 127 in a part declared $coding" if $coding ne '8bit' && $body =~ /[\x80-\xff]/;
	if ($coding eq 'base64')
	{
		push @$problems, 'not base64' if $body !~ m{\A[A-Za-z0-9+/\r\n]*=*[\r\n]*\z};
		$body = decode_base64($body);
	}
	elsif ($coding eq 'quoted-printable')
	{
		push @$problems, 'not quoted-printable' if $body =~ /=(?![0-9A-F]{2}|[ \t]*\r?\n)/ || $body =~ /^[^\r\n]{77}/m;
		$body = decode_qp($body);
	}
	my $text = eval { Encode::decode($charset // 'us-ascii', $body, Encode::FB_CROAK | Encode::LEAVE_SRC) };
	push @$problems, 'text that is not ' . ($charset // 'us-ascii') unless defined $text;
	return ($text // $body) =~ s/\r\n/\n/gr;
}

sub headers
{
	my ($head, $problems) = @_;
	my %headers;
	push @$problems, 'bytes over 127 in a header' if $head =~ /[\x80-\xff]/;
	$head =~ s/\r?\n(?=[ \t])//g;
	for (split /\r?\n/, $head)
	{
		my ($name, $value) = /^([!-9;-~]+):[ \t]*(.*?)[ \t]*$/;
		if (!defined $name) { push @$problems, "not a header: $_"; next }
		$name = lc $name;
		push @$problems, "$name twice" if exists $headers{$name};
		$headers{$name} = decode_words($value, $problems);
	}
	return \%headers;
}

# RFC 2047: =?charset?B?…?=; blanks between two encoded words are none.
sub decode_words
{
	my ($text, $problems) = @_;
	my $word = qr/=\?([\w-]+)(?:\*\w+)?\?([BbQq])\?([^?\s]*)\?=/;
	push @$problems, 'an encoded word of more than 75 characters' if grep { length > 75 } $text =~ /(=\?\S+?\?=)(?=\s|$)/g;
	utf8::decode($text);
	1 while $text =~ s/(=\?[\w-]+\?[BbQq]\?[^?\s]*\?=)\s+(?==\?[\w-]+\?[BbQq]\?)/$1/;
	$text =~ s{$word}{
		my ($charset, $how, $data) = ($1, uc $2, $3);
		my $bytes = $how eq 'B' ? decode_base64($data) : decode_qp($data =~ tr/_/ /r);
		my $decoded = eval { Encode::decode($charset, $bytes, Encode::FB_CROAK) };
		push @$problems, "an encoded word that is not $charset" unless defined $decoded;
		$decoded // $data;
	}ge;
	return $text;
}

sub parameters
{
	my ($value) = @_;
	my ($type, $rest) = split /\s*;\s*/, $value, 2;
	my %parameter;
	while (defined $rest && $rest =~ /([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;]+))/g)
	{
		$parameter{ lc $1 } = $2 // $3;
	}
	return (lc $type, %parameter);
}

1;
