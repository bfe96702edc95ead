# test/t/receiver.t
#	The fake receivers do what they claim, asked by curl: webhooks, mails, Resend's API.
use strict;
use utf8;
use warnings;
use Encode qw(decode_utf8);
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);

use QuteCart;
use QuteCart::Receiver qw(resend_event);

my $json = JSON::PP->new->utf8->canonical;
my $r = QuteCart::Receiver->new(user => 'quteuser', password => 'pass word');
my $scratch = $r->dir;

# curl's standard output; its exit status is in $?.
sub curl
{
	my (@arguments) = @_;
	open my $out, '-|', 'curl', '-sS', '--noproxy', '*', '--max-time', '10', @arguments or die "cannot run curl: $!\n";
	binmode $out, ':raw';
	my $text = do { local $/; <$out> } // '';
	close $out;
	return $text;
}

sub status { return curl('-o', '/dev/null', '-w', '%{http_code}', @_) }

# What curl says when it fails: its exit status.
sub curl_fails
{
	open my $keep, '>&', \*STDERR or die "no STDERR: $!\n";
	open STDERR, '>', '/dev/null' or die "no /dev/null: $!\n";
	curl('-o', '/dev/null', @_);
	my $code = $? >> 8;
	open STDERR, '>&', $keep or die "no STDERR: $!\n";
	return $code;
}

# --- webhooks ---

my $before = time;
is(status('-d', 'one=1', $r->url('/hook?a=1'), '-H', 'X-Ä: "ö"'), 200, 'a webhook is answered with 200');
my ($request) = $r->wait_for_requests(1, '/hook');
is("$request->{method} $request->{path} $request->{body}", 'POST /hook?a=1 one=1', 'and recorded');
is($request->{headers}{'content-type'}, 'application/x-www-form-urlencoded', 'with its headers');
ok($request->{at} >= $before && $request->{at} <= time, 'and the time of its first byte');
QuteCart::spew("$scratch/bytes", "\x00\xff\xfe\r\n\r\n");
status('--data-binary', "\@$scratch/bytes", $r->url('/bytes'));
is(($r->requests('/bytes'))[0]{body}, "\x00\xff\xfe\r\n\r\n", 'a body of any bytes is kept as it is');
status('-H', 'Transfer-Encoding: chunked', '-d', 'in chunks', $r->url('/chunked'));
is(($r->requests('/chunked'))[0]{body}, 'in chunks', 'so is one in chunks');
curl('-o', '/dev/null', '-d', 'x', $r->url('/kept'), '-o', '/dev/null', $r->url('/kept'));
my @connections = map { $_->{connection} } $r->requests('/kept');
ok(@connections == 2 && $connections[0] == $connections[1], 'a connection is kept alive');
is(status('--cacert', $r->ca_file, $r->https_url('/tls')), 200, 'HTTPS is verified with its own authority');
ok(($r->requests('/tls'))[0]{tls}, 'and recorded as such');
is(curl_fails('--cacert', $r->ca_file, $r->untrusted_url('/tls')), 60, 'a stranger\'s certificate is not');

my %told = (
	'a status'            => [[status => 204],                    204],
	'an answer with 410'  => [[status => 410],                    410],
	'a redirect'          => [[location => 'http://127.0.0.1:1/'], 302],
	'an endless body'     => [[endless => 1],                     [28, '--max-time', '0.3']],
	'a body byte by byte' => [[slow => 0.05],                     [28, '--max-time', '0.3']],
	'no answer'           => [[hang => 1],                        [28, '--max-time', '0.3']],
	'an early end'        => [[drop => 0],                        [52]],
	'an end in its first line' => [[drop => 5],                    [52]],
	'an end in the body'  => [[drop => 150, body => 'x' x 1000],  [18]],
	'too many headers'    => [[many_headers => 10000],            [56]],
);
for my $what (sort keys %told)
{
	my ($behaviour, $expected) = @{ $told{$what} };
	$r->behave('/told', @$behaviour);
	my ($code, @options) = ref $expected ? @$expected : ();
	if   (ref $expected) { is(curl_fails(@options, '-d', 'x', $r->url('/told')), $code, "a path behaves as told: $what"); }
	else                 { is(status('-d', 'x', $r->url('/told')), $expected, "a path behaves as told: $what"); }
}
is(curl_fails('--max-time', '0.3', $r->black_hole_url('/')), 28, 'the black hole never answers');
$r->behave('/told', status => 429, retry_after => 7);
like(curl('-D-', $r->url('/told')), qr/ 429 .*^Retry-After: 7\r$/ms, 'Retry-After is said');
$r->behave('/told', gzip_bomb => 1 << 20);
cmp_ok(length curl('--compressed', $r->url('/told')), '==', 1 << 20, 'a small body unpacks to a large one');
cmp_ok(length curl($r->url('/told')), '<', 5000, 'which was small on its way');
$r->behave('/told', body_hex => 'fffe00', status => 500);
is(curl($r->url('/told')), "\xff\xfe\x00", 'an answer may be no UTF-8');
$r->behave('/told', status => [500, 503, 200]);
is(join(' ', map { status($r->url('/told')) } 1 .. 4), '500 503 200 200', 'statuses come in turn, the last stays');
$r->behave('*', fail => 0.3, seed => 42);
my @statuses = split /,/, curl(map({ ('-o', '/dev/null') } 1 .. 50), '-w', '%{http_code},', map { $r->url("/chance") } 1 .. 50);
my $failed = grep { $_ == 500 } @statuses;
ok(@statuses == 50 && $failed > 5 && $failed < 25, 'some fail by chance') or diag "@statuses";
$r->behave('*');

$r->behave('/wait', hang => 1);
my @waiting = map { open my $out, '-|', 'curl', '-s', '-w', '%{http_code}', $r->url('/wait') or die; $out } 1 .. 3;
wait_for { ($r->state->{hanging}{'/wait'} // 0) == 3 } 'three hang';
is($r->state->{peak}{'/wait'}, 3, 'how many were there at once is known');
is($r->release('/wait', status => 202, body => ''), 3, 'what hangs can be let go');
is(join(' ', map { my $fh = $_; <$fh> } @waiting), '202 202 202', 'with an answer');

# --- mails by SMTP ---

my $mail = <<'MAIL' =~ s/\n/\r\n/gr;
From: =?UTF-8?Q?Qute_C=C3=A4rt?= <hello@qutecart.example>
To: =?UTF-8?B?2YXYsdit2KjYpw==?= <carl@example.com>
Subject: =?UTF-8?B?8J+Oi==?=
 =?UTF-8?Q?iW_Welc?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_b"

--=_b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

.Gr=C3=BC=C3=9Fe, a long=
 line
--=_b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PGI+R3LDvMOfZTwvYj4K
--=_b--
MAIL
$mail =~ s/^Subject: .*?\r\n .*?\r\n/Subject: =?UTF-8?B?8J+OiSA=?=\r\n =?UTF-8?Q?Welc=C3=B6me?=\r\n/m;
QuteCart::spew("$scratch/mail", $mail);
my @sign_in = ('--user', 'quteuser:pass word');

# One mail by curl; returns its exit status.
sub send_mail
{
	my ($url, @options) = @_;
	return curl_fails('--url', $url, '--mail-from', 'bounce@qutecart.example', '--mail-rcpt', 'carl@example.com',
		'--upload-file', "$scratch/mail", @options);
}

my $plain = 'smtp://127.0.0.1:' . $r->port('smtp');
my $tls   = 'smtps://127.0.0.1:' . $r->port('smtps');
is(send_mail($plain), 55, 'nobody sends a mail unless he signs in');
is(send_mail($plain, '--user', 'quteuser:wrong'), 67, 'with the right password');
is(send_mail($plain, @sign_in, '--login-options', 'AUTH=PLAIN'), 0, 'AUTH PLAIN is enough');
is(send_mail($plain, @sign_in, '--login-options', 'AUTH=LOGIN', '--ssl-reqd', '--cacert', $r->ca_file), 0, 'and AUTH LOGIN over STARTTLS');
is(send_mail($tls, @sign_in, '--cacert', $r->ca_file), 0, 'and implicit TLS');
my @mails = $r->wait_for_mails(3);
is(scalar @mails, 3, 'three mails were kept');
is(join(' ', map { $_->{received} =~ / with (\w+);/ } @mails), 'ESMTPA ESMTPSA ESMTPSA', 'each says how it came');
my $got = $mails[2];
is($got->{subject}, '🎉 Welcöme', 'a subject of encoded words is read');
is($got->{from}, 'Qute Cärt <hello@qutecart.example>', 'so is a name');
is($got->{to}, 'مرحبا <carl@example.com>', 'in any script');
is_deeply($got->{envelope}, { from => 'bounce@qutecart.example', to => ['carl@example.com'] }, 'the envelope is kept');
is($got->{text}, ".Grüße, a long line", 'quoted-printable is read, with a dot at the beginning of a line');
is($got->{html}, "<b>Grüße</b>\n", 'and Base64');
is_deeply($got->{problems}, [], 'a mail that is right has no problems');
is_deeply(Fake::Mail::parse("Subject: a\nSubject: \xc3\xa4\n\n" . 'x' x 999)->{problems},
	['a line break that is not CRLF', 'a line of more than 998 bytes', 'bytes over 127 in a header', 'subject twice'],
	'one that is wrong has each named');

my %refusing = (
	'a recipient is refused'     => [55, rcpt => '550 5.1.1 no such user'],
	'one recipient is refused'   => [55, 'rcpt carl@example.com' => '550 5.1.1 no such user'],
	'the greeting is a refusal'  => [8,  greeting => '421 4.3.2 too busy'],
	'no reply to a message'      => [56, dot => 'drop'],
	'a message is refused'       => [8,  dot => '554 5.7.1 spam'],
	'STARTTLS is not offered'    => [64, starttls => 0],
	'all of it is slow'          => [28, slow => 0.2],
);
for my $what (sort keys %refusing)
{
	my ($code, %smtp) = @{ $refusing{$what} };
	$r->smtp(%smtp);
	is(send_mail($plain, @sign_in, '--max-time', '1', '--ssl-reqd', '--cacert', $r->ca_file), $code, "the mail server behaves as told: $what");
}
$r->smtp(drop_after => 100);
# curl notices it while it sends, or while it waits.
like(send_mail($plain, @sign_in), qr/^5[56]$/, 'the mail server behaves as told: an end within a message');
is(scalar(my @kept = $r->mails), 4, 'a message whose reply was lost is kept, refused ones are not');
$r->smtp(greylist => 1);
is(send_mail($plain, @sign_in), 55, 'a greylisted mail is refused');
is(send_mail($plain, @sign_in), 0,  'and taken the second time');
$r->smtp();

# --- Resend ---

my $file = "$scratch/resend.json";
my %mail = (from => 'QuteCart <hello@qutecart.example>', to => ['carl@example.com'], subject => 'Grüße', text => 'Hi', html => '<p>Hi</p>');

sub resend
{
	my ($mail, @headers) = @_;
	QuteCart::spew($file, $json->encode($mail));
	my $text = curl('-w', "\n%{http_code}", '-H', 'Content-Type: application/json', map({ ('-H', $_) } @headers), '--data-binary', "\@$file", $r->resend_url . '/emails');
	my ($body, $status) = $text =~ /^(.*)\n(\d+)$/s;
	return ($status, $json->decode($body));
}

my $key = 'Authorization: Bearer ' . $r->resend_key;
my ($status, $reply) = resend(\%mail);
is("$status $reply->{name}", '401 missing_api_key', 'Resend wants a key');
($status, $reply) = resend(\%mail, 'Authorization: Bearer re_other');
is("$status $reply->{name}", '403 invalid_api_key', 'and the right one');
($status, $reply) = resend({ %mail, to => undef }, $key);
is("$status $reply->{name} $reply->{statusCode}", '422 missing_required_field 422', 'and every field');
($status, $reply) = resend({ %mail, from => 'nobody' }, $key);
is("$status $reply->{name}", '422 invalid_from_address', 'and a sender with an address');
($status, my $first) = resend(\%mail, $key, 'Idempotency-Key: one');
is($status, 200, 'then it takes a mail');
like($first->{id}, qr/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'and gives it an id');
(undef, my $second) = resend(\%mail, $key, 'Idempotency-Key: one');
is($second->{id}, $first->{id}, 'the same for the same key');
($status, $reply) = resend({ %mail, text => 'other' }, $key, 'Idempotency-Key: one');
is("$status $reply->{name}", '409 invalid_idempotent_request', 'which is good for one mail only');
my @by_resend = grep { $_->{via} eq 'resend' } $r->mails;
is(scalar @by_resend, 1, 'kept once');
is("$by_resend[0]{subject} $by_resend[0]{envelope}{to}[0]", 'Grüße carl@example.com', 'with its fields');
$r->behave('/emails', status => 500);
is((resend(\%mail, $key))[0], 500, 'its API can fail');
$r->behave('/emails');
my ($headers, $body) = resend_event('email.bounced', secret => 'whsec_c2VjcmV0', to => 'carl@example.com');
my %signed = (headers => { map { s/^svix-/webhook-/r => $headers->{$_} } keys %$headers }, body => $body);
ok(QuteCart::Receiver::verify(\%signed, 'whsec_c2VjcmV0'), 'its webhooks are signed');
ok(!QuteCart::Receiver::verify({ %signed, body => "$body " }, 'whsec_c2VjcmV0'), 'so that a change is noticed');

# --- for people ---

like(curl($r->url('/mails')), qr/carl\@example\.com/, 'the mails are listed');
like(decode_utf8(curl($r->url('/mails/3'))), qr/^Subject: 🎉 Welcöme\n.*Grüße, a long line/ms, 'one can be read');
like(curl('-H', 'Accept: text/html', $r->url('/mails/3')), qr/<iframe src="\/mails\/3\/html" sandbox/, 'in a browser as well');
like(curl('-D-', $r->url('/mails/3/html')), qr/Content-Security-Policy: sandbox/, 'where it may not run anything');
like(curl($r->url('/requests')), qr{200 POST /hook\?a=1 one=1}, 'the webhooks are listed');

my $pid = $r->pid;
$r->stop;
ok(!kill(0, $pid), 'it ends when it is told to');
is(curl_fails($r->url('/hook')), 7, 'then nobody answers');
$r->start;
is(status($r->url('/hook')), 200, 'started again it has its old port');
is(($r->requests)[-1]{n}, $r->count, 'and counts on');

done_testing;
