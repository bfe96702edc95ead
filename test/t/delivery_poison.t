# test/t/delivery_poison.t
#	A message that cannot even be prepared costs itself only.
use strict;
use warnings;
use QuteCart;
use QuteCart::Receiver;
use QuteCart::Vendors;
use Test::More;

my $receiver = QuteCart::Receiver->new;
my $qc = QuteCart->new(conf => { $receiver->conf, secret_keys(), 'qutecart.retry_delays' => '10ms,10ms',
	'qutecart.smtp_url' => $receiver->smtp_url, 'qutecart.mail_from' => 'QuteCart <hello@qutecart.example>' });
my $ann = vendor($qc, 'ann');
my $hook = webhook($qc, $ann, $receiver->url('/good'));
my $pid  = worker_pid($qc);

# A mail without its data, between messages of the same claim.
sub good { return "INSERT INTO qutecart.outbox (kind, shop_id, endpoint_id, lane, payload) SELECT 'webhook.test.ping', $hook->{shop}, $hook->{id}, $hook->{lane}, '{}' FROM generate_series(1, 4)" }
my $bad = qq{INSERT INTO qutecart.outbox (kind, shop_id, lane, payload) VALUES ('mail.welcome', $ann->{shop}, $ann->{shop} << 3 | 2, '{"to": "jo\@x.example"}')};
$qc->sql(join ';', good(), $bad, good());
my ($poison) = map { $_->[0] } $qc->rows("SELECT id FROM qutecart.outbox WHERE kind = 'mail.welcome'");
my @good = map { $_->[0] } $qc->rows("SELECT id FROM qutecart.outbox WHERE kind <> 'mail.welcome'");
is(scalar @good, 8, 'messages wait');
value($qc, 'SELECT qutecart.worker_wait()');
wait_until_settled($qc);

my @ends = map { (attempts($qc, $_))[-1] } @good;
is(join(' ', map { "$_->{outcome}/$_->{attempt}" } @ends), join(' ', ('delivered/1') x 8), 'O08: what was claimed beside a poisonous message is delivered at once');
my @tries = attempts($qc, $poison);
is(join(' ', map { $_->{outcome} } @tries), 'retry retry dead', 'O08: which alone is tried again, and given up');
like($tries[-1]{reason}, qr/Given up after 3 attempts/, 'O08: with its reason');
is(worker_pid($qc), $pid, 'O08: the worker lives');

done_testing;
