# test/t/quota_race.t
#	Limits under concurrency: never one row too many, never a false refusal in sequence,
#	and counters that agree with the rows, whatever happens in between (L01, L03, L07, L15).
use strict;
use warnings;
use QuteCart;
use Test::More;

my $CLIENTS = 64;
my $seed = $ENV{QUTECART_SEED} // time;
srand $seed;
note "QUTECART_SEED=$seed";

my $qc = QuteCart->new(conf => { max_connections => 120, max_prepared_transactions => 80 });
my $control = $qc->session;
my $names   = 0;

# A shop of the plan Free: 25 products.
sub shop { return $qc->sql("INSERT INTO qutecart.shops (name) VALUES ('race') RETURNING id") }

# The VALUES of so many new products of a shop.
sub products
{
	my ($shop, $n) = @_;
	return join ',', map { $names++; "($shop, 'p$names', 'p$names', 1)" } 1 .. $n;
}

my $into = 'INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES';

sub insert { return "$into " . products(@_) }

sub handles
{
	my ($shop) = @_;
	return "(SELECT id FROM qutecart.products WHERE shop_id = $shop AND deleted_at IS NULL"
	  . ' ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED)';
}

# What clients do, one line a way of writing.  $s is the shop, $id a name of one's own.
my @adding = (
	sub { my ($s) = @_; insert($s, 1) },
	sub { my ($s) = @_; insert($s, 1 + int rand 4) },
	sub { my ($s) = @_; 'BEGIN; ' . insert($s, 2) . '; ROLLBACK' },
	sub {
		my ($s) = @_;
		'BEGIN; ' . insert($s, 1) . '; SAVEPOINT a; ' . insert($s, 2) . '; SAVEPOINT b; '
		  . insert($s, 1) . '; ROLLBACK TO a; ' . insert($s, 1) . '; COMMIT';
	},
	sub {
		my ($s) = @_;
		'BEGIN; SAVEPOINT a; ' . insert($s, 1) . '; RELEASE a; SAVEPOINT b; ' . insert($s, 1)
		  . '; ROLLBACK TO b; COMMIT';
	},
	sub {
		my ($s) = @_;
		"DO \$\$BEGIN BEGIN " . insert($s, 2) . "; RAISE EXCEPTION 'no'; EXCEPTION WHEN OTHERS THEN NULL; END; "
		  . insert($s, 1) . "; END\$\$";
	},
	sub {
		my ($s) = @_;
		"$into ($s, 'same', 'same-" . int(rand 8) . "', 1) ON CONFLICT DO NOTHING";
	},
	sub {
		my ($s) = @_;
		"MERGE INTO qutecart.products p USING (VALUES (${s}::bigint, 'merged-" . int(rand 8) . "')) n (shop, handle)"
		  . ' ON p.shop_id = n.shop AND p.handle = n.handle WHEN MATCHED THEN UPDATE SET price = p.price + 1'
		  . " WHEN NOT MATCHED THEN INSERT (shop_id, name, handle, price) VALUES (n.shop, 'm', n.handle, 1)";
	},
	sub {
		my ($s) = @_;
		my @rows = map { $names++; "$s\\tc$names\\tc$names\\t1\\n" } 1 .. 2;
		"COPY qutecart.products (shop_id, name, handle, price) FROM PROGRAM 'printf \"$rows[0]$rows[1]\"'";
	},
	sub {
		my ($s, $id) = @_;
		my $end = rand() < 0.5 ? 'COMMIT' : 'ROLLBACK';
		'BEGIN; ' . insert($s, 1) . "; PREPARE TRANSACTION '$id'; $end PREPARED '$id'";
	},
	sub {
		my ($s) = @_;
		my $level = rand() < 0.5 ? 'REPEATABLE READ' : 'SERIALIZABLE';
		"BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM qutecart.plans; " . insert($s, 1) . '; COMMIT';
	},
);
my @taking = (
	sub { my ($s) = @_; "DELETE FROM qutecart.products WHERE shop_id = $s AND id = " . handles($s) },
	sub {
		my ($s) = @_;
		"UPDATE qutecart.products SET deleted_at = now() WHERE shop_id = $s AND id = " . handles($s);
	},
	sub {
		my ($s) = @_;
		"UPDATE qutecart.products SET deleted_at = NULL, handle = handle || 'r' WHERE shop_id = $s AND id ="
		  . " (SELECT id FROM qutecart.products WHERE shop_id = $s AND deleted_at IS NOT NULL LIMIT 1 FOR UPDATE SKIP LOCKED)";
	},
	sub {
		my ($s) = @_;
		"BEGIN; DELETE FROM qutecart.products WHERE shop_id = $s AND id = " . handles($s) . '; '
		  . insert($s, 1) . '; ' . (rand() < 0.5 ? 'COMMIT' : 'ROLLBACK');
	},
	sub {
		my ($s) = @_;
		"BEGIN; SAVEPOINT a; DELETE FROM qutecart.products WHERE shop_id = $s AND id = " . handles($s)
		  . '; ROLLBACK TO a; ' . insert($s, 1) . '; COMMIT';
	},
);

# All clients wait at one gate, then each does its steps; answers are not looked at.
sub race
{
	my ($clients, $shop, $steps, @ways) = @_;
	$control->query('SELECT pg_advisory_lock(1)');
	for my $i (0 .. $#$clients)
	{
		my @script = map { $ways[ rand @ways ]->($shop, "race-$i-$_") } 1 .. $steps;
		# A statement that failed inside BEGIN leaves the transaction open.
		$clients->[$i]->send(join "\n", 'SELECT pg_advisory_lock_shared(1);',
			'SELECT pg_advisory_unlock_shared(1);', map { "$_;\nROLLBACK;" } @script);
	}
	wait_for(sub {
		$qc->sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") >= @$clients
	}, 'all clients are at the gate', 60);
	$control->query('SELECT pg_advisory_unlock(1)');
	return;
}

sub finish { $_->receive(120) for @_; return }

sub used { return $qc->sql("SELECT count(*) FROM qutecart.products WHERE shop_id = $_[0] AND deleted_at IS NULL") }

sub audit
{
	return join ', ', map { join '/', map { $_ // '-' } @$_ } $qc->rows('SELECT * FROM qutecart.usage_audit()');
}

# One after the other there is room for exactly what the plan allows.
sub fills_exactly
{
	my ($shop, $limit, $when) = @_;
	my $room = $limit - used($shop);
	my @states = map { $qc->try(insert($shop, 1))->{sqlstate} } 1 .. $room;
	is(join(',', grep { $_ } @states), '', "$when: none of the $room units left is refused");
	is($qc->try(insert($shop, 1))->{sqlstate}, 'QC403', "$when: the unit after the last is refused");
	is(used($shop), $limit, "$when: the shop has as many products as its plan allows");
	return;
}

my @clients = map { $qc->session } 1 .. $CLIENTS;

# Without deletions an excess would stay.
for my $round (1 .. 4)
{
	my $shop = shop();
	$qc->sql(insert($shop, 25 - $round));
	race(\@clients, $shop, 2, $adding[0]);
	finish(@clients);
	is(used($shop), 25, "round $round: $CLIENTS clients get the last $round units and no more");
	is(audit(), '', "round $round: the counters agree with the rows");
}
for my $round (5 .. 8)
{
	my $shop = shop();
	race(\@clients, $shop, 3, @adding);
	finish(@clients);
	cmp_ok(used($shop), '<=', 25, "round $round: every way of writing stays within the limit");
	is(audit(), '', "round $round: the counters agree with the rows");
	fills_exactly($shop, 25, "round $round");
}

# With deletions an excess could pass unseen: somebody looks all the time.
for my $round (9 .. 11)
{
	my $shop = shop();
	$qc->sql(insert($shop, 25));
	my $watcher = $qc->session->send(<<"SQL");
CREATE TEMP TABLE seen (most bigint);
DO \$\$DECLARE most bigint := 0; n bigint;
BEGIN
	LOOP
		SELECT count(*) INTO n FROM qutecart.products WHERE shop_id = $shop AND deleted_at IS NULL;
		most := greatest(most, n);
		EXIT WHEN (SELECT name FROM qutecart.shops WHERE id = $shop) = 'over';
	END LOOP;
	INSERT INTO seen VALUES (most);
END\$\$;
SELECT most FROM seen;
SQL
	race(\@clients, $shop, 5, @adding, @taking);
	finish(@clients);
	$qc->sql("UPDATE qutecart.shops SET name = 'over' WHERE id = $shop");
	my $most = $watcher->receive->{rows}[0][0];
	$watcher->close;
	cmp_ok($most, '<=', 25, "round $round: with deletions and restores nobody ever sees one too many (most: $most)");
	is(audit(), '', "round $round: the counters agree with the rows");
	fills_exactly($shop, 25, "round $round");
	is($qc->sql('SELECT count(*) FROM qutecart.quota_entries() WHERE in_flight <> 0'), 0,
		"round $round: nothing is left in flight");
}

# The longer a count takes, the more is committed while it runs.
{
	my $shop = shop();
	my $limit = 20_040;
	$qc->sql("SET qutecart.restoring = on; INSERT INTO qutecart.products (shop_id, name, handle, price, is_active)
		SELECT $shop, 'many', 'many-' || n, 1, false FROM generate_series(1, $limit - 40) n");
	$qc->sql("SELECT qutecart.set_limit_override($shop, 'products', $limit, 'race')");
	race(\@clients, $shop, 3, $adding[0]);
	finish(@clients);
	cmp_ok(used($shop), '<=', $limit, 'a big shop: what is committed while rows are counted is not forgotten');
	is(audit(), '', 'a big shop: the counters agree with the rows');
	fills_exactly($shop, $limit, 'a big shop');
}

# Warnings: 64 clients cross all thresholds.
my $warned = shop();
$qc->sql("WITH u AS (INSERT INTO qutecart.users (name, email) VALUES ('V', 'v\@shop.example') RETURNING id)
	INSERT INTO qutecart.shop_members (shop_id, user_id, role) SELECT $warned, id, 'owner' FROM u");
race(\@clients, $warned, 2, $adding[0], $adding[1], $adding[2]);
finish(@clients);
fills_exactly($warned, 25, 'warnings');
is($qc->sql("SELECT string_agg(threshold::text, ',' ORDER BY threshold) FROM qutecart.usage_warnings WHERE shop_id = $warned"),
	'80,90,100', 'L14: each threshold is warned of once, however many cross it');
is($qc->sql("SELECT count(*) FROM qutecart.outbox WHERE shop_id = $warned AND kind = 'mail.limit_warning'"), 3,
	'L14: with one mail each');

# A backend that is told to go gives back.
{
	my $shop = shop();
	my $holder = $qc->session;
	$holder->query('BEGIN; ' . insert($shop, 25));
	is($qc->try(insert($shop, 1))->{sqlstate}, 'QC403', 'L03: while somebody holds the last units another one is refused');
	$qc->kill_backend($holder->pid, 'TERM');
	fills_exactly($shop, 25, 'L03: after a backend was terminated');
}

# A backend dies: the server starts anew, from empty counters.
for my $round (12 .. 13)
{
	my $shop = shop();
	$qc->sql(insert($shop, 10));
	race(\@clients, $shop, 20, @adding, @taking);
	wait_for(sub { used($shop) > 12 }, 'the race is on');
	$qc->kill_backend($clients[7]->pid);
	$_->close for @clients;
	$control->close;
	$control = $qc->session;
	cmp_ok(used($shop), '<=', 25, "round $round: after kill -9 the shop is within its limit");
	is(audit(), '', "round $round: the counters agree with the rows");
	$_->[1] % 2 ? $qc->sql("COMMIT PREPARED '$_->[0]'") : $qc->sql("ROLLBACK PREPARED '$_->[0]'")
	  for $qc->rows('SELECT gid, row_number() OVER () FROM pg_prepared_xacts');
	cmp_ok(used($shop), '<=', 25, "round $round: and so when its prepared transactions are decided");
	fills_exactly($shop, 25, "round $round");
	is(audit(), '', "round $round: the counters agree with the rows again");
	@clients = map { $qc->session } 1 .. $CLIENTS;
}

# Prepared transactions survive what shared memory does not.
{
	my $shop = shop();
	$qc->sql(insert($shop, 20));
	$qc->session->query('BEGIN; ' . insert($shop, 5) . "; PREPARE TRANSACTION 'survivor'");
	$_->close for @clients, $control;
	$qc->crash;
	$qc->start;
	is($qc->try(insert($shop, 1))->{sqlstate}, 'QC403', 'L03: units of a prepared transaction are held after a restart');
	$qc->sql("COMMIT PREPARED 'survivor'");
	is(used($shop), 25, 'L03: so that it can be committed');
	is(audit(), '', 'L03: and the counters agree with the rows');
	is($qc->try(insert($shop, 1))->{sqlstate}, 'QC403', 'L03: and the limit holds');
}

done_testing();
