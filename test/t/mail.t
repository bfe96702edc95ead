# test/t/mail.t
#	Mails on their way: over SMTP and Resend, one standing in for the other, to people who
#	want them.
use strict;
use warnings;
use utf8;
use QuteCart;
use QuteCart::Receiver qw(resend_event);
use QuteCart::Vendors;
use Test::More;

binmode $_, ':encoding(UTF-8)' for map { Test::More->builder->$_ } qw(output failure_output todo_output);

my $receiver = QuteCart::Receiver->new;
my $guarded  = QuteCart::Receiver->new(user => 'us@er', password => 'p:ss/w%rd');
my $qc       = QuteCart->new(conf => {
	$receiver->conf,
	'qutecart.retry_delays'  => join(',', ('20ms') x 12),
	'qutecart.mail_reply_to' => 'Desk <desk@qutecart.example>',
	'qutecart.resend_webhook_secrets' => 'whsec_ZnJvbSByZXNlbmQgdG8gdGhlIHRlc3RzIQ==',
	'qutecart.resend_url'    => $receiver->resend_url,
	'qutecart.worker_connect_timeout' => '2s',
});
my $n = 0;

# Change settings, and wait until the worker has them.
sub set
{
	my (%conf) = @_;
	$qc->reload(%conf);
	$qc->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'qutecart worker'");
	ok($qc->sql('SELECT qutecart.worker_wait()'), 'the worker is there again');
	return;
}

# Statements are bytes to the session.
sub do_sql { my ($sql) = @_; utf8::encode($sql); return $qc->sql($sql) }

# A mail to somebody new, or to an address: its row, once it is settled.
sub send_to
{
	my ($to, %o) = @_;
	$n++;
	my $name = $o{name} // 'Somebody';
	do_sql("SELECT qutecart.register_customer('$name', NULL, '$to', 'correct horse', 'US', locale => '" . ($o{locale} // 'en') . "')");
	return settled($to);
}

# What became of the last mail to an address: its rows in the log, oldest first.
sub settled
{
	my ($to) = @_;
	wait_for { !$qc->sql("SELECT count(*) FROM qutecart.outbox WHERE payload ->> 'to' = '$to'") } "the mail to $to is settled";
	return map { { outcome => $_->[0], status => $_->[1], reason => $_->[2], id => $_->[3], attempt => $_->[4], payload => $_->[5] } }
	  $qc->rows("SELECT l.outcome, l.status, l.reason, replace(l.public_id::text, '-', ''), l.attempt, l.payload::text FROM qutecart.outbox_log l
	     WHERE l.message_id = (SELECT max(k.message_id) FROM qutecart.outbox_log k WHERE k.payload ->> 'to' = '$to') ORDER BY l.attempt, l.id");
}

sub mails_to { my ($to, $from) = @_; return grep { $_->{envelope}{to}[0] eq $to } ($from // $receiver)->mails }

# By SMTP
my ($row) = send_to('sara@shop.example', name => 'سارة 🎉', locale => 'ar');
is($row->{outcome}, 'delivered', 'a mail is delivered');
my ($mail) = mails_to('sara@shop.example');
is_deeply($mail->{problems}, [], 'in a form that strict readers take');
is($mail->{via}, 'smtp', 'over SMTP');
is($mail->{envelope}{from}, 'hello@qutecart.example', 'from the marketplace');
is($mail->{from}, '"QuteCart" <hello@qutecart.example>', 'by its name');
is($mail->{to}, 'سارة 🎉 <sara@shop.example>', 'to a person with an Arabic name');
is($mail->{headers}{'reply-to'}, '"Desk" <desk@qutecart.example>', 'who may answer');
is($mail->{subject}, 'مرحبًا بك في QuteCart', 'with a subject in his language');
like($mail->{text}, qr/مرحبًا سارة 🎉،/, 'text');
like($mail->{html}, qr/dir="rtl".*مرحبًا سارة 🎉،/s, 'and HTML from the right');
is($mail->{headers}{'message-id'}, "<$row->{id}\@qutecart.example>", 'an id that is the row\'s');
is($mail->{headers}{'auto-submitted'}, 'auto-generated', 'no machine answers it');
ok(!exists $mail->{headers}{'list-unsubscribe'}, 'one that he needs has no way to end it');
my @lines = split /\r\n/, $mail->{raw};
is(scalar(grep { length > 78 } @lines), 0, 'no line is long');

# Data that want more than to be shown
send_to('eve@shop.example', name => "Eve\r\nBcc: all\@evil.example\r\n\r\n.\r\nMAIL FROM:<x>");
($mail) = mails_to('eve@shop.example');
is_deeply([$mail->{headers}{bcc}, $mail->{envelope}{to}], [undef, ['eve@shop.example']], 'O25 O34: a name adds no header and no recipient');
like($mail->{text}, qr/Bcc: all/, 'O25: it stands in the text');
is(scalar(my @all = $receiver->mails), 2, 'O25: and makes no second mail');

# A shop's mails that one may do without
my $ann = vendor($qc, 'ann');
do_sql("UPDATE qutecart.shops SET name = 'Чай & <Tea> 🍵' WHERE id = $ann->{shop}");
sub warn_ann
{
	$qc->sql("DELETE FROM qutecart.usage_warnings; DELETE FROM qutecart.products; INSERT INTO qutecart.limit_overrides (shop_id, metric, limit_value)
		VALUES ($ann->{shop}, 'products', 100) ON CONFLICT DO NOTHING;
		INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT $ann->{shop}, n, n, 1 FROM generate_series(1, 80) n");
	return settled('ann@vendor.example');
}
is((warn_ann())[-1]{outcome}, 'delivered', 'a warning is delivered');
($mail) = mails_to('ann@vendor.example');
my ($link) = ($mail->{headers}{'list-unsubscribe'} // '') =~ m{^<https://qutekart\.com(/api/unsubscribe/[0-9a-f-]{36})>$};
ok($link, 'with a link to unsubscribe');
is($mail->{headers}{'list-unsubscribe-post'}, 'List-Unsubscribe=One-Click', 'by one click');
like($mail->{html}, qr{\Q$link\E}, 'which the reader sees as well');
like($mail->{html}, qr/Чай &amp; &lt;Tea&gt; 🍵/, 'a shop\'s name is text');
is($qc->sql("SELECT status FROM qutecart.http('POST', '$link', 'content-type: application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click')"), 200, 'he clicks');
is($qc->sql("SELECT count(*) FROM qutecart.mail_suppressions WHERE address = 'ann\@vendor.example' AND reason = 'unsubscribe'"), 1, 'and is unsubscribed');
$qc->sql("SELECT qutecart.forgot_password('ann\@vendor.example')");
$receiver->wait_for_mails(4);
like((mails_to('ann@vendor.example'))[-1]{text}, qr/Enter this code to go on: \d{6}/, 'O34: a code reaches him all the same');
is($qc->sql("SELECT count(*) FROM qutecart.outbox_log WHERE kind = 'mail.password_reset' AND payload IS NULL AND response IS NULL"), 1, 'O26: and is not kept in the log');
$qc->sql("SELECT qutecart.unsuppress('ann\@vendor.example')");

# A warning that was in the outbox when he unsubscribed
$receiver->smtp(mail => ['451 4.3.0 later', undef], slow => 0.2);
$qc->sql("DELETE FROM qutecart.usage_warnings; DELETE FROM qutecart.products;
	INSERT INTO qutecart.products (shop_id, name, handle, price) SELECT $ann->{shop}, n, n, 1 FROM generate_series(1, 80) n;
	INSERT INTO qutecart.mail_suppressions (address, reason) VALUES ('ann\@vendor.example', 'unsubscribe')");
is((settled('ann@vendor.example'))[-1]{reason}, 'The address is suppressed (unsubscribe).', 'O34: a warning on its way is not sent any more');
$receiver->smtp();

# Refused, and to be tried again
$receiver->smtp('rcpt gone@shop.example' => '550 5.1.1 no such user');
my @rows = send_to('gone@shop.example');
is(join(' ', map { "$_->{outcome} $_->{status} $_->{reason}" } @rows), 'dead 550 The address was refused.', 'O34: an address that is refused is given up at once');
is($qc->sql(q{SELECT reason FROM qutecart.mail_suppressions WHERE address = 'gone@shop.example'}), 'bounce', 'O34: and never written to again');
$receiver->smtp();
$qc->sql(q{SELECT qutecart.send_code('gone@shop.example')});
wait_for { $qc->sql(q{SELECT count(*) FROM qutecart.outbox_log WHERE kind = 'mail.verification_code'}) == 1 } 'the code is settled';
is($qc->sql(q{SELECT outcome || ' ' || reason FROM qutecart.outbox_log WHERE kind = 'mail.verification_code'}), 'dead The address is suppressed (bounce).', 'O34: not even what he needs');
is(scalar(mails_to('gone@shop.example')), 0, 'O34: nothing has reached him');
my ($headers, $body) = resend_event('email.complained', secret => 'whsec_ZnJvbSByZXNlbmQgdG8gdGhlIHRlc3RzIQ==', to => 'sara@shop.example');
is($qc->sql(sprintf q{SELECT status FROM qutecart.http('POST', '/api/webhooks/resend', $h$%s$h$, $b$%s$b$)}, join("\n", map { "$_: $headers->{$_}" } keys %$headers), $body), 200, 'Resend reports a complaint');
is($qc->sql(q{SELECT reason FROM qutecart.mail_suppressions WHERE address = 'sara@shop.example'}), 'complaint', 'O34: who complained is not written to either');

$receiver->smtp(greylist => 1);
@rows = send_to('grey@shop.example');
is(join(' ', map { "$_->{outcome} $_->{status}" } @rows), 'retry 451 delivered 250', 'a server that asks to come again is asked again');
$receiver->smtp(dot => ['drop', undef]);
@rows = send_to('twice@shop.example');
my @twice = mails_to('twice@shop.example');
is(scalar @twice, 2, 'an answer that is lost makes a mail arrive twice');
is($twice[0]{headers}{'message-id'}, $twice[1]{headers}{'message-id'}, 'O04: with one id, by which programs show it once');
is($twice[0]{raw} =~ s/^Received.*?\r\n//mr, $twice[1]{raw} =~ s/^Received.*?\r\n//mr, 'O04: and the same to the last byte');
$receiver->smtp();

# With a password, inside TLS
for my $way (['smtp_url', 'STARTTLS', starttls => 1], ['smtps_url', 'TLS'])
{
	my ($url, $what) = @$way;
	my ($encoded) = $guarded->$url =~ s{us\@er:p:ss/w%rd}{us%40er:p%3Ass%2Fw%25rd}r;
	set('qutecart.smtp_url' => $encoded, 'qutecart.tls_ca_file' => $guarded->ca_file);
	$guarded->smtp(require_tls => 1) if $what eq 'STARTTLS';
	is((send_to("$what\@shop.example"))[-1]{outcome}, 'delivered', "$what: a mail is delivered to a server that wants a password");
	($mail) = mails_to("$what\@shop.example", $guarded);
	like($mail->{received}, qr/with ESMTPSA/, "$what: signed in, inside TLS");
	$guarded->smtp();
}
set('qutecart.tls_ca_file' => $receiver->ca_file, 'qutecart.retry_delays' => '20ms');
@rows = send_to('stranger@shop.example');
is($rows[-1]{outcome}, 'dead', 'O23: a server whose certificate nobody vouches for gets no mail');
is(scalar(mails_to('stranger@shop.example', $guarded)), 0, 'O23: none at all');
like($rows[-1]{reason}, qr/^Given up after 2 attempts\./, 'O23: it is given up after its attempts');
set('qutecart.smtp_url' => $guarded->smtp_url =~ s{us.*\@}{us%40er:wrong\@}r, 'qutecart.tls_ca_file' => $guarded->ca_file);
@rows = send_to('wrong@shop.example');
is($rows[0]{status}, 535, 'a wrong password is the server\'s business, not the reader\'s');
is($qc->sql(q{SELECT count(*) FROM qutecart.mail_suppressions WHERE address = 'wrong@shop.example'}), 0, 'he is not suppressed for it');
# PostgreSQL itself tells of a setting that was changed in its file.
my $log = join "\n", grep { !/parameter "qutecart\.\w+" changed to/ } split /\n/, $qc->log;
unlike($log, qr/p:ss|p%3Ass|us%40er|us\@er|\bwrong\b/, 'O26: no password comes into the log');

# Resend
set('qutecart.mail_providers' => 'resend,smtp', 'qutecart.resend_api_key' => $receiver->resend_key, 'qutecart.smtp_url' => $receiver->smtp_url,
	'qutecart.tls_ca_file' => $receiver->ca_file, 'qutecart.retry_delays' => join(',', ('20ms') x 12));
($row) = send_to('bina@shop.example', name => 'বীণা 🎉', locale => 'bn');
($mail) = mails_to('bina@shop.example');
is("$row->{outcome} $mail->{via}", 'delivered resend', 'a mail is delivered by Resend');
is($mail->{to}, '"বীণা 🎉" <bina@shop.example>', 'to a person with a Bengali name');
is($mail->{subject}, 'QuteCart-এ স্বাগতম', 'with its subject');
is($mail->{idempotency_key} =~ tr/-//dr, $row->{id}, 'and a key that is the row\'s');
is($mail->{reply_to}, '"Desk" <desk@qutecart.example>', 'answers go where they should') if !ref $mail->{reply_to};
like($mail->{html}, qr/lang="bn"/, 'as HTML');
like($mail->{text}, qr/বীণা/, 'and text');
$qc->sql(q{SELECT qutecart.unsuppress('ann@vendor.example')});
is((warn_ann())[-1]{outcome}, 'delivered', 'a warning');
($mail) = (mails_to('ann@vendor.example'))[-1];
like($mail->{headers}{'list-unsubscribe'}, qr{^<https://qutekart\.com/api/unsubscribe/}, 'has its link there, too');

# Failing over, both ways
for my $broken (['a failure of its own', 1, status => 500], ['an unknown key', 1, status => 403], ['no answer', 3, drop => 1])
{
	my ($what, $tries, @how) = @$broken;
	set('qutecart.mail_providers' => 'resend,smtp');
	$receiver->behave('/emails', @how);
	my $to = "over$n\@shop.example";
	@rows = send_to($to);
	$mail = (mails_to($to))[-1];
	is(join(' ', map { $_->{outcome} } @rows) . " $mail->{via}", 'retry ' x $tries . 'delivered smtp', "Resend has $what: the mail server stands in");
	my $before = $receiver->count('/emails');
	send_to("after$n\@shop.example");
	is($receiver->count('/emails'), $before, 'and Resend is left alone for a while');
	$receiver->behave('/emails');
}
for my $broken (['cannot be reached', 'qutecart.smtp_url' => 'smtp://127.0.0.1:1'], ['is not there today', smtp => [greeting => '421 4.3.2 closed']], ['refuses us', smtp => [mail => '550 5.7.1 not from you']])
{
	my ($what, $kind, $how) = @$broken;
	set('qutecart.mail_providers' => 'smtp,resend', 'qutecart.smtp_url' => $kind eq 'smtp' ? $receiver->smtp_url : $how);
	$receiver->smtp(@$how) if $kind eq 'smtp';
	my $to = "back$n\@shop.example";
	@rows = send_to($to);
	($mail) = mails_to($to);
	is(join(' ', map { $_->{outcome} } @rows) . " $mail->{via}", 'retry delivered resend', "the mail server $what: Resend stands in at once");
	$receiver->smtp();
}

# Not configured: it waits, and counts as no attempt
set('qutecart.smtp_url' => '', 'qutecart.resend_api_key' => '');
$qc->sql(q{SELECT qutecart.register_customer('Wendy', NULL, 'wendy@shop.example', 'correct horse', 'US')});
$qc->sql(q{SELECT qutecart.forgot_password('wendy@shop.example')});
wait_for { $qc->sql(q{SELECT count(*) FROM qutecart.outbox WHERE due_at > now() + interval '4 minutes' AND leased_until IS NULL}) == 2 } 'two mails wait';
is($qc->sql(q{SELECT sum(attempts) FROM qutecart.outbox}), 0, 'without a provider mails wait, untried');
is($qc->sql(q{SELECT count(*) FROM qutecart.outbox_log WHERE payload ->> 'to' = 'wendy@shop.example'}), 0, 'and nothing is logged of them');
$qc->sql(q{UPDATE qutecart.outbox SET created_at = now() - interval '11 minutes', due_at = now()});
set('qutecart.smtp_url' => $receiver->smtp_url);
is((settled('wendy@shop.example'))[-1]{outcome}, 'delivered', 'as soon as there is one, they are sent');
is($qc->sql(q{SELECT outcome || ' ' || reason FROM qutecart.outbox_log WHERE kind = 'mail.password_reset' ORDER BY id DESC LIMIT 1}), 'dead Its code is no longer valid.', 'but not a code that is over');

# What is mended counts for what waits
$qc->sql(q{UPDATE qutecart.mail_templates SET subject = 'Come in, {{to_name}}' WHERE name = 'welcome' AND locale = 'en'});
send_to('zoe@shop.example', name => 'Zoë');
is((mails_to('zoe@shop.example'))[0]{subject}, 'Come in, Zoë', 'a template is the operator\'s');

done_testing;
