# test/t/webhooks.t
#	Vendors' webhooks from end to end: events arrive signed; failures are seen, mended and
#	replayed; an endpoint that is gone, or has failed for days, is switched off; keys come
#	and go.
use strict;
use warnings;
use JSON::PP qw(decode_json encode_json);
use MIME::Base64 qw(encode_base64);
use QuteCart;
use QuteCart::Receiver qw(verify);
use QuteCart::Vendors;
use Test::More;

my $receiver = QuteCart::Receiver->new;
my $qc       = QuteCart->new(conf => { $receiver->conf, 'qutecart.retry_delays' => '24h' });    # one more attempt, when the test says so
my $ann      = vendor($qc, 'ann');
my %key      = map { $_ => encode_base64($_ x 32, '') } qw(a b);

sub http
{
	my ($endpoint, $body) = @_;
	my ($method, $target) = split / /, $endpoint;
	my $json = encode_json($body // {});
	my ($row) = ask($qc, "SELECT status, body FROM qutecart.http('$method', '$target',"
		  . " E'authorization: Bearer $ann->{token}\\ncontent-type: application/json\\n', convert_to(\$json\$$json\$json\$, 'UTF8'))");
	return ($row->[0], decode_json($row->[1]));
}

sub api        { my (undef, $reply) = http(@_); return $reply->{data} // $reply }
sub product    { my ($name) = @_; return api('POST /api/seller/products', { name => $name, price => 5 })->{product}{id} }
sub deliveries { my ($hook, $query) = @_; return @{ api("GET /api/seller/webhooks/$hook->{id}/deliveries" . ($query // ''))->{deliveries} } }
sub outcomes   { return join ' ', map { $_->{outcome} . ($_->{status} // '') } deliveries(@_) }
sub state_of   { my ($hook) = @_; my $w = api("GET /api/seller/webhooks/$hook->{id}")->{webhook}; return "$w->{status} " . ($w->{disabled_reason} // '') }

# Let what waits for its next attempt have it now.
sub hurry
{
	ask($qc, q{UPDATE qutecart.outbox SET state = 'ready', due_at = now() WHERE state = 'waiting'});
	ask($qc, 'SELECT qutecart.worker_wait()');
	return 1;
}

# A webhook of its own path; more fields of the request.
sub hook
{
	my ($path, %more) = @_;
	my $data = api('POST /api/seller/webhooks', { url => $receiver->url($path), %more });
	return { %{ $data->{webhook} }, secret => $data->{secret}, path => $path };
}

# Without a key
my ($status, $refused) = http('POST /api/seller/webhooks', { url => $receiver->url('/none') });
is("$status $refused->{code}", '503 not_configured', 'O33: without a key no webhook is made');
like($refused->{hint}, qr/openssl rand -base64 32/, 'O33: and the answer says how to make one');
$qc->conf('qutecart.secret_keys' => 'hunter2hunter2');
$qc->sql('SELECT pg_reload_conf()');
wait_for { $qc->log =~ /has a key that is not 32 bytes/ } 'the server says that the key is none';
unlike($qc->log, qr/hunter2/, 'O26: without showing it');
$qc->reload('qutecart.secret_keys' => $key{a});
wait_for { (http('GET /api/seller/webhooks'))[0] == 200 && value($qc, q{SELECT current_setting('qutecart.secret_keys') <> ''}) eq 't' } 'the key is there';

# An event arrives
my $till = hook('/till', event_types => ['product.created', 'product.updated']);
my $jug  = product('Jug ☕');
my ($event) = $receiver->wait_for_requests(1, '/till');
ok(verify($event, $till->{secret}), 'O11: a registered endpoint gets signed events');
is($event->{headers}{'content-type'}, 'application/json', 'as JSON');
my $body = decode_json($event->{body});
is("$body->{type} $body->{data}{product}{id} $body->{data}{product}{name}", "product.created $jug Jug ☕", 'that say what happened');
wait_for { outcomes($till) eq 'delivered200' } 'the delivery is in the log';
my ($delivery) = deliveries($till);
is($delivery->{message_id}, $event->{headers}{'webhook-id'}, 'the log knows it by the id that was sent');
ok(!verify({ %$event, body => "$event->{body} " }, $till->{secret}), 'another body does not verify');

# A test
my $ping = api("POST /api/seller/webhooks/$till->{id}/test")->{message_id};
(undef, $event) = $receiver->wait_for_requests(2, '/till');
is($event->{headers}{'webhook-id'} . ' ' . decode_json($event->{body})->{type}, "$ping test.ping", 'a test message arrives under the id that was answered');

# It breaks, is seen, is mended, and is sent what it missed
$receiver->behave('/till', status => 500, body => 'out of order');
api("PUT /api/seller/products/$jug", { price => 6 });
wait_for { hurry() && outcomes($till, '?outcome=dead') eq 'dead500' } 'the message is given up';
like(outcomes($till), qr/^dead500 retry500 /, 'O09: each failure is in the log');
is((deliveries($till, '?outcome=dead'))[0]{response}, 'out of order', 'with the answer');
my ($first, @again) = grep { decode_json($_->{body})->{type} eq 'product.updated' } $receiver->requests('/till');
is_deeply([map { $_->{headers}{'webhook-id'} } @again], [$first->{headers}{'webhook-id'}], 'O11: the id is the same at each attempt');
is($again[0]{body}, $first->{body}, 'so is the body');
$receiver->behave('/till');
my $found = api("POST /api/seller/webhooks/$till->{id}/replay", { dry_run => JSON::PP::true });
is("$found->{count} $found->{message_ids}[0]", "1 $first->{headers}{'webhook-id'}", 'a dry run finds what it missed');
api("POST /api/seller/webhooks/$till->{id}/replay");
wait_for { (deliveries($till))[0]{outcome} eq 'delivered' } 'it is delivered';
my $last = ($receiver->requests('/till'))[-1];
is("$last->{headers}{'webhook-id'} $last->{body}", "$first->{headers}{'webhook-id'} $first->{body}", 'O11: sent again it is the same message');
ok(verify($last, $till->{secret}), 'signed anew');

# Time and signature are made anew at each attempt: here with another key
$receiver->behave('/till', [status => 503], [status => 200]);
api("PUT /api/seller/products/$jug", { price => 7 });
wait_for { outcomes($till, '?per_page=1') eq 'retry503' } 'the first attempt has failed';
my $old = ($receiver->requests('/till'))[-1];
my $fresh = api("POST /api/seller/webhooks/$till->{id}/rotate-secret", { grace_seconds => 0 })->{secret};
wait_for { time > $old->{headers}{'webhook-timestamp'} } 'a second is over';
hurry();
wait_for { outcomes($till, '?per_page=1') eq 'delivered200' } 'the second attempt has not';
my $new = ($receiver->requests('/till'))[-1];
is($new->{headers}{'webhook-id'}, $old->{headers}{'webhook-id'}, 'O11: the id stays');
cmp_ok($new->{headers}{'webhook-timestamp'}, '>', $old->{headers}{'webhook-timestamp'}, 'O11: the time does not');
ok(verify($new, $fresh) && !verify($new, $till->{secret}), 'O11: nor does the signature: the new key signs at once, the old one no more');

# Rotation with a time of grace
my $newer = api("POST /api/seller/webhooks/$till->{id}/rotate-secret")->{secret};
api("PUT /api/seller/products/$jug", { price => 8 });
wait_for { ($receiver->requests('/till'))[-1]{body} =~ /"price": 8.00/ } 'another event';
my $both = ($receiver->requests('/till'))[-1];
is(scalar(my @signatures = split / /, $both->{headers}{'webhook-signature'}), 2, 'O11: while a key is replaced there are two signatures');
ok(verify($both, $fresh) && verify($both, $newer), 'O11: of the old key and of the new one');
$qc->sql(q{UPDATE qutecart.webhook_endpoints SET previous_until = now()});
api("PUT /api/seller/products/$jug", { price => 9 });
wait_for { ($receiver->requests('/till'))[-1]{body} =~ /"price": 9.00/ } 'another event';
my $one = ($receiver->requests('/till'))[-1];
ok(verify($one, $newer) && !verify($one, $fresh), 'O11: after that time only the new key signs');

# Keys at rest
$qc->reload('qutecart.secret_keys' => "$key{b},$key{a}");
wait_for { eval { $qc->sql('SELECT qutecart.reseal_secrets()') } // 0 } 'the secret is resealed with the key that was put first';
$qc->reload('qutecart.secret_keys' => $key{b});
api("PUT /api/seller/products/$jug", { price => 10 });
wait_for { ($receiver->requests('/till'))[-1]{body} =~ /"price": 10.00/ } 'another event';
ok(verify(($receiver->requests('/till'))[-1], $newer), 'O33: a resealed secret signs when the old key is gone');
$qc->reload('qutecart.secret_keys' => $key{a});
$qc->restart;
$qc->wait_ready;
my $count = $receiver->count('/till');
api("PUT /api/seller/products/$jug", { price => 11 });
wait_for { value($qc, q{SELECT count(*) FROM qutecart.outbox WHERE state = 'waiting' AND attempts = 0}) == 1 } 'the message is put off';
is($receiver->count('/till'), $count, 'O33: without its key nothing is sent');
$qc->reload('qutecart.secret_keys' => $key{b});
wait_for { hurry() && $receiver->count('/till') > $count } 'the message leaves';
is((deliveries($till))[0]{attempt}, 1, 'O33: and nothing is lost: that was no attempt');

# A secret moved to another row
my $thief = hook('/thief', event_types => ['product.updated']);
$qc->sql("UPDATE qutecart.webhook_endpoints SET secret = (SELECT secret FROM qutecart.webhook_endpoints WHERE id = $till->{id}) WHERE id = $thief->{id}");
api("PUT /api/seller/products/$jug", { price => 12 });
wait_for { outcomes($thief) eq 'dead' } 'the message is given up';
is((deliveries($thief))[0]{reason}, 'Its secret cannot be opened.', 'O33: a secret that was moved to another row signs nothing');
is($receiver->count('/thief'), 0, 'O33: and nothing leaves');
http("DELETE /api/seller/webhooks/$thief->{id}");

# Order per key with failures
$receiver->behave('/order', [status => 500], [status => 200], [status => 500], [status => 200]);
my $ordered = hook('/order', event_types => ['product.updated']);
api("PUT /api/seller/products/$jug", { price => $_ }) for 20 .. 24;
wait_for { hurry() && scalar(() = outcomes($ordered, '?outcome=delivered') =~ /delivered/g) == 5 } 'all have arrived';
is(join(' ', map { /"price": (\d+)/ } map { $_->{body} } grep { $_->{status} == 200 } $receiver->requests('/order')), '20 21 22 23 24',
	'O12: events of one product arrive in order, whatever fails');

# An endpoint that cannot be read is not a deleted one
my $unread = hook('/unread', event_types => ['product.updated']);
my @two = ($jug, product('Can'));
$qc->sql('ALTER TABLE qutecart.webhook_endpoints RENAME COLUMN url TO elsewhere');
api("PUT /api/seller/products/$_", { price => 25 }) for @two;
wait_for { outcomes($unread) =~ / / } 'its messages are tried';
is(outcomes($unread), 'retry retry', 'O08: while an endpoint cannot be read its messages wait');
is(scalar(grep { ($_->{reason} // '') =~ /deleted/ } deliveries($till)), 0, 'O08: those of who is read first, too');
$qc->sql('ALTER TABLE qutecart.webhook_endpoints RENAME COLUMN elsewhere TO url');
wait_for { hurry() && $receiver->count('/unread') == 2 } 'then they leave';
http("DELETE /api/seller/webhooks/$unread->{id}");

# Gone
$receiver->behave('/gone', status => 410);
my $gone = hook('/gone', event_types => ['product.updated']);
api("PUT /api/seller/products/$jug", { price => 30 });
wait_for { state_of($gone) eq 'disabled gone' } 'it is switched off';
is(outcomes($gone), 'dead410', 'O10: an endpoint that answers 410 is switched off at once');
api("PUT /api/seller/products/$jug", { price => 31 });
wait_for { ($receiver->requests('/till'))[-1]{body} =~ /"price": 31.00/ } 'another event';
is($receiver->count('/gone'), 1, 'O10: and is sent nothing more');
is(value($qc, "SELECT count(*) FROM qutecart.outbox WHERE endpoint_id = $gone->{id}"), 0, 'nor does anything wait for it');
$receiver->behave('/gone');
api("PUT /api/seller/webhooks/$gone->{id}", { is_enabled => JSON::PP::true });
api("POST /api/seller/webhooks/$gone->{id}/replay");
wait_for { $receiver->count('/gone') == 2 } 'switched on again it is sent what it refused';
pass('switched on again it is sent what it refused');

# Failing for days
$receiver->behave('/failing', status => 503);
my $failing = hook('/failing?token=t0k3n', event_types => ['product.updated']);
my $mails = () = $receiver->mails;
$qc->sql("UPDATE qutecart.users SET locale = 'de' WHERE email = 'ann\@vendor.example'");
api("PUT /api/seller/products/$jug", { price => 40 });
wait_for { hurry() && outcomes($failing) =~ /dead503/ } 'it fails';
is(state_of($failing), 'enabled ', 'O10: an endpoint that fails for a while stays on');
$qc->sql("UPDATE qutecart.outbox_circuits SET failing_since = now() - interval '4 days 23 hours', closed_until = NULL WHERE lane = ($failing->{id} << 3) | 1");
api("PUT /api/seller/products/$jug", { price => 41 });
wait_for { hurry() && scalar(() = outcomes($failing) =~ /dead503/g) == 2 } 'it fails again';
is(state_of($failing), 'enabled ', 'O10: also after four days');
$qc->sql("UPDATE qutecart.outbox_circuits SET failing_since = now() - interval '5 days 1 minute', closed_until = NULL WHERE lane = ($failing->{id} << 3) | 1");
api("PUT /api/seller/products/$jug", { price => 42 });
wait_for { state_of($failing) eq 'disabled failing' } 'it is switched off';
pass('O10: after five days it is switched off');
my @mails = $receiver->wait_for_mails($mails + 1);
is_deeply($mails[-1]{envelope}{to} // [map { $_->{address} } @{ $mails[-1]{to} }], ['ann@vendor.example'], 'and its owner is written to');
like($mails[-1]{subject}, qr/abgeschaltet/, 'in his language');
like($mails[-1]{text}, qr{/failing\b}, 'which endpoint it is');
unlike($mails[-1]{text}, qr/t0k3n/, 'O26: without the token in its URL');
like($mails[-1]{text}, qr/answered 503/, 'and what it answered');
is(scalar(my @all = $receiver->mails), $mails + 1, 'once');

# Late, but in time
$receiver->behave('/late', delay => 17);
my $late = hook('/late', event_types => ['product.updated']);
api("PUT /api/seller/products/$jug", { price => 43 });
wait_for { outcomes($late) } 'its answer has come', 30;
is(outcomes($late), 'delivered200', 'O24: an answer that comes after 17 seconds of silence counts');

unlike($qc->log, qr/whsec_|t0k3n|webhook-signature/, 'O26: the log names no secret, token or signature');
unlike($qc->log, qr/\Q$key{a}\E|\Q$key{b}\E/, 'O26, O33: nor a key, when the setting is read again');
done_testing;
