# test/t/stripe_crash.t
#	A crash between the receipt of an event and its effect loses nothing, doubles nothing.
use strict;
use warnings;
use QuteCart;
use QuteCart::Stripe;
use Test::More;

my $qc = QuteCart->new(durable => 1);
$qc->sql(q{UPDATE qutecart.plans SET stripe_price_id = 'price_' || slug WHERE slug <> 'free'});
my @shops = map { $_->[0] } $qc->rows(q{INSERT INTO qutecart.shops (name) SELECT 'Shop ' || n FROM generate_series(1, 3) n RETURNING id});

$qc->sql(q{WITH u AS (INSERT INTO qutecart.users (name, email) SELECT 'V', s.id || '@shop.example' FROM qutecart.shops s RETURNING id, email)
	INSERT INTO qutecart.shop_members (shop_id, user_id, role) SELECT split_part(email, '@', 1)::bigint, id, 'owner' FROM u});

sub event
{
	my ($shop, %o) = @_;
	return subscription_event("evt_$shop", shop => $shop, id => "sub_$shop", customer => "cus_$shop",
		price => 'price_starter', %o);
}

sub shown { return $qc->sql("SELECT subscription_status || ' ' || plan_id FROM qutecart.shops WHERE id = $_[0]") }

# As long as somebody holds a shop, its events cannot be applied.
sub held
{
	my ($shop) = @_;
	my $holder = $qc->session;
	$holder->query("BEGIN; SELECT FROM qutecart.shops WHERE id = $shop FOR UPDATE");
	return $holder;
}

# The server dies while the worker is about to apply what was answered with 200.
my $holder = held($shops[0]);
receive($qc, event($shops[0]));
wait_for { $qc->sql(q{SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
	WHERE a.backend_type = 'qutecart worker' AND NOT l.granted}) } 'the worker waits for the shop';
is(shown($shops[0]), 'free 1', 'an event is received while the worker is at it');
$qc->crash;
$qc->start;
ok($qc->sql('SELECT qutecart.worker_wait()'), 'after a crash the worker is back');
is(shown($shops[0]), 'active 2', 'and applies what was received before it');
is($qc->sql("SELECT status || ' ' || attempts FROM qutecart.stripe_events WHERE id = 'evt_$shops[0]'"),
	'applied 1', 'exactly once');
is($qc->sql("SELECT count(*) FROM qutecart.outbox WHERE shop_id = $shops[0] AND kind LIKE 'mail.%'"), 1, 'and mails once');

# A backend that applies by hand dies in the middle.
$qc->sql(q{ALTER SYSTEM SET qutecart.database = ''});
$qc->restart;
receive($qc, event($shops[1]));
my $applier = $qc->session;
$applier->query('BEGIN; SELECT qutecart.apply_stripe_events()');
$qc->kill_backend($applier->pid);
is(shown($shops[1]), 'free 1', 'what a killed backend had applied is undone');
is($qc->sql("SELECT status FROM qutecart.stripe_events WHERE id = 'evt_$shops[1]'"), 'pending', 'and due again');
is($qc->sql(q{SELECT qutecart.apply_stripe_events()::json ->> 'applied'}), 1, 'the next one applies it');
is(shown($shops[1]), 'active 2', 'in full');

# Two apply at the same time.
receive($qc, event($shops[2]));
receive($qc, subscription_event('evt_x', created => 1767225700, shop => $shops[1], id => "sub_$shops[1]", customer => "cus_$shops[1]",
		price => 'price_growth'));
my ($first, $second) = map { $qc->session } 1 .. 2;
$first->query(q{BEGIN; SELECT qutecart.apply_stripe_events(1)});
is($second->value(q{SELECT qutecart.apply_stripe_events()::json ->> 'applied'}), 1, 'what one session applies, another skips without waiting');
$first->query('COMMIT');
is(join(' | ', map { shown($_) } @shops[1, 2]), 'active 3 | active 2', 'and both are applied');
is($qc->sql(q{SELECT qutecart.apply_stripe_events()::json ->> 'applied'}), 0, 'once');

done_testing;
