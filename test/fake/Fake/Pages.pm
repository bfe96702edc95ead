# test/fake/Fake/Pages.pm
#	What has arrived, for a person: HTML for a browser, text for curl.
#
#	/               what there is
#	/mails          the last mails; /mails/3 one of them, /mails/3/html its HTML part,
#	                /mails/3/raw as it came
#	/requests       the last webhooks; /requests/17 one of them
package Fake::Pages;

use strict;
use warnings;
use JSON::PP ();

use Fake::Mail;

my $json = JSON::PP->new->utf8->canonical;
my $shown = 100;

# mails: a directory; requests: the file of Fake::Http.
sub new
{
	my ($class, %o) = @_;
	return bless {%o}, $class;
}

# The answer to a request, as a behaviour of Fake::Http; nothing when it is no page.
sub answer
{
	my ($self, $request) = @_;
	return unless $request->{method} =~ /^(?:GET|HEAD)$/;
	my $html = ($request->{headers}{accept} // '') =~ m{text/html};
	my ($what, $number, $part) = $request->{path} =~ m{^/(?:(mails|requests)(?:/(\d+)(?:/(html|raw))?)?)?$}
	  or return;
	return $self->index_page($html) unless defined $what;
	return $what eq 'mails' ? $self->mail_list($html) : $self->request_list($html) unless defined $number;
	return $self->one_request($number) if $what eq 'requests';
	return $self->one_mail($number, $part, $html);
}

sub index_page
{
	my ($self, $html) = @_;
	my @lines = (['/mails', 'mails that were sent here'], ['/requests', 'webhooks that were sent here']);
	return page('The receivers', map { link_to(@$_) } @lines) if $html;
	return text(map { "$_->[0]  $_->[1]\n" } @lines);
}

sub mail_list
{
	my ($self, $html) = @_;
	my @files = Fake::Mail::files($self->{mails});
	splice @files, 0, @files - $shown if @files > $shown;
	my @lines;
	for my $file (reverse @files)
	{
		my ($number) = $file =~ /(\d+)\.\w+$/;
		my $mail = Fake::Mail::load($file);
		push @lines, [0 + $number, $mail->{to} // '', $mail->{subject} // ''];
	}
	return page('Mails', map { link_to("/mails/$_->[0]", "$_->[2] – $_->[1]") } @lines) if $html;
	return text(map { sprintf "%-5d %-40s %s\n", @$_ } @lines);
}

sub one_mail
{
	my ($self, $number, $part, $html) = @_;
	my ($file) = grep { -e } map { sprintf '%s/%06d.%s', $self->{mails}, $number, $_ } qw(eml json);
	return not_found() unless $file;
	my $mail = Fake::Mail::load($file);
	$part //= '';
	return html($mail->{html} // '') if $part eq 'html';
	return text($mail->{raw}) if $part eq 'raw';
	my @head = map { ucfirst($_) . ': ' . ($mail->{$_} // '') . "\n" } qw(from to subject);
	return text(@head, "\n", $mail->{text} // '') unless $html;
	return page($mail->{subject} // 'Mail', '<pre>' . escaped(join '', @head) . '</pre>',
		qq{<iframe src="/mails/$number/html" sandbox width="100%" height="700"></iframe>},
		'<pre>' . escaped($mail->{text} // '') . '</pre>');
}

# The last lines of the file of requests; it may be long.
sub lines
{
	my ($self) = @_;
	open my $in, '<:raw', $self->{requests} or return;
	my $from = (-s $in) - (1 << 20);
	seek $in, $from, 0 if $from > 0;
	<$in> if $from > 0;
	my @lines = <$in>;
	splice @lines, 0, @lines - $shown if @lines > $shown;
	return reverse @lines;
}

sub request_list
{
	my ($self, $html) = @_;
	my @lines;
	for my $line ($self->lines)
	{
		my $r = $json->decode($line);
		my $body = $r->{body} // $r->{body_hex};
		push @lines, [@{$r}{qw(n status method path)}, substr $body, 0, 120];
	}
	return page('Requests', map { link_to("/requests/$_->[0]", join ' ', @$_) } @lines) if $html;
	return text(map { sprintf "%-5d %-3s %s %s %s\n", @$_ } @lines);
}

sub one_request
{
	my ($self, $number) = @_;
	open my $in, '<:raw', $self->{requests} or return not_found();
	while (my $line = <$in>)
	{
		return text($json->pretty->encode($json->decode($line))) if $line =~ /^\{"n":$number,/;
	}
	return not_found();
}

sub not_found { return { status => 404, body => "there is no such thing\n" } }

sub text { return answer_of('text/plain', join '', @_) }

# A mail's HTML is a stranger's: it may not run anything here.
sub html { return answer_of('text/html', $_[0]) }

sub answer_of
{
	my ($type, $body) = @_;
	utf8::encode($body) if utf8::is_utf8($body);
	return {
		status => 200, body => $body,
		headers => {
			'Content-Type' => "$type; charset=utf-8", 'Cache-Control' => 'no-store',
			'Content-Security-Policy' => "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
		},
	};
}

sub escaped
{
	my ($text) = @_;
	my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;');
	return $text =~ s/([&<>"])/$entity{$1}/gr;
}

sub link_to { return qq{<p><a href="$_[0]">} . escaped($_[1]) . '</a></p>' }

sub page
{
	my ($title, @parts) = @_;
	$title = escaped($title);
	return html("<!doctype html><meta charset=\"utf-8\"><title>$title</title>"
		  . '<body style="font-family: sans-serif; max-width: 60em; margin: 2em auto; overflow-wrap: anywhere">'
		  . "<h1>$title</h1>" . join("\n", @parts));
}

1;
