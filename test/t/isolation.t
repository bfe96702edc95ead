# test/t/isolation.t
#	Threats that take several sessions, a pool or a setting of the server.  The list is
#	test/THREATS.md; threats to be met in one session are in test/pgtap/threats_*.sql.
use strict;
use warnings;
use QuteCart;
use Test::More;

my $qc = QuteCart->new(
	conf => { shared_preload_libraries => 'pg_cron, qutecart, pg_stat_statements' });
$qc->sql(QuteCart::slurp("$QuteCart::ROOT/test/pgtap/world/two_shops.sql"));
my ($ann, $bob) = map { $qc->sql("SELECT tests.id('shop of $_')") } qw(ann bob);
my %token = map { $_ => "token of $_" } qw(ann bob carl);
my $count = 'SELECT count(*) FROM qutecart.products';

sub client { return $qc->session(user => 'qutecart_client', @_) }

# What a statement gives in a transaction of somebody's own.
sub as
{
	my ($session, $who, $sql) = @_;
	$session->query("BEGIN; DO \$\$BEGIN PERFORM qutecart.enter('$token{$who}'); END\$\$");
	my $result = $session->try($sql);
	$session->query('ROLLBACK');
	return $result->{sqlstate} ? "refused $result->{sqlstate}" : join ' ', map { @$_ } @{ $result->{rows} };
}

# T01: the context in the options of a connection
for my $user ('qutecart_client', 'postgres')
{
	my $result = $qc->try('SELECT 1', user => $user, options => '-c qutecart.context=o:1:1:0');
	isnt($result->{sqlstate}, '', "T01: $user cannot connect with a context");
}

# T04, T05: the context ends with its transaction
my $s = client();
for my $end ('COMMIT', 'ROLLBACK', 'COMMIT AND CHAIN', 'ROLLBACK AND CHAIN')
{
	$s->query("BEGIN; SELECT qutecart.enter('$token{ann}')");
	is($s->value($count), 3, "T04: somebody acts until $end");
	$s->query($end);
	is($s->value($count), 0, "T04: and not after $end");
	$s->query('COMMIT') if $end =~ /CHAIN/;
}
$s->query("BEGIN; SELECT qutecart.enter('$token{ann}')");
$s->try('SELECT 1/0');
$s->query('ROLLBACK');
is($s->value($count), 0, 'T04: an error ends it too');
is(as($s, 'bob', $count), 2, 'T04: the next transaction may be somebody else\'s');

$qc->sql(<<'SQL');
CREATE PROCEDURE public.act(token text) LANGUAGE plpgsql AS $$
DECLARE before bigint; after bigint;
BEGIN
	PERFORM qutecart.enter(token);
	SELECT count(*) INTO before FROM qutecart.products;
	COMMIT;
	SELECT count(*) INTO after FROM qutecart.products;
	RAISE NOTICE '% then %', before, after;
END $$
SQL
is($s->try("CALL public.act('$token{ann}')")->{notices}[-1], '00000: 3 then 0',
	'T05: after a COMMIT inside a procedure nobody acts, and nothing is shown');

# T14: COPY out
like($s->try("BEGIN; SELECT qutecart.enter('$token{ann}'); COPY (SELECT name FROM qutecart.products) TO STDOUT; ROLLBACK")->{rows}[0][0]
	// '', qr/^\s*lamp\ndesk\nsofa\n?$/, 'T14: COPY TO gives the own rows');

# T23, T24: texts
$qc->sql('CREATE EXTENSION pg_stat_statements SCHEMA public');
as($s, 'ann', 'SELECT 1');
$s->query("BEGIN; SELECT qutecart.enter('$token{ann}'); COMMIT");
is($qc->sql("SELECT count(*) FROM public.pg_stat_statements WHERE query LIKE '%SELECT qutecart.enter(%'") > 0, 1,
	'T24: the statement that signs in is kept');
is($qc->sql("SELECT count(*) FROM public.pg_stat_statements WHERE query LIKE 'SELECT qutecart.enter(%token of%'"), 0,
	'T24: without the token');

# T34: revocation and running work
$qc->sql("INSERT INTO qutecart.shop_members (shop_id, user_id, role) VALUES ($ann, tests.id('carl'), 'staff')");
$s->query("BEGIN; SELECT qutecart.enter('$token{carl}', $ann)");
is($s->value($count), 3, 'T34: staff sees the shop');
my $revoker = $qc->session;
$revoker->send("DELETE FROM qutecart.shop_members WHERE user_id = tests.id('carl')");
$qc->wait_until_blocked($revoker);
is($s->value($count), 3, 'T34: a withdrawal waits for the transaction that runs');
$s->query('COMMIT');
$revoker->receive;
is($s->try("BEGIN; SELECT qutecart.enter('$token{carl}', $ann)")->{sqlstate}, 'QC404', 'T34: and the next one is no member');
$s->query('ROLLBACK');

# T37, T38: cached plans
$qc->sql(<<'SQL');
CREATE FUNCTION public.names() RETURNS text LANGUAGE plpgsql STABLE AS
	$$BEGIN RETURN (SELECT string_agg(p.name, ',' ORDER BY p.name) FROM qutecart.products p); END$$
SQL
sub plans
{
	my ($mode) = @_;
	my $session = client();
	$session->query("SET plan_cache_mode = $mode; PREPARE q AS SELECT string_agg(p.name, ',' ORDER BY p.name) FROM qutecart.products p");
	my @seen;
	for my $who ('ann', 'bob', 'ann')
	{
		push @seen, map { as($session, $who, $_) } 'EXECUTE q', 'SELECT public.names()';
	}
	push @seen, $session->value('EXECUTE q') // 'none';
	$session->close;
	return join ' ', @seen;
}
my ($anns, $bobs) = ('desk,lamp,sofa', 'hose,rake');
for my $mode (qw(force_generic_plan force_custom_plan auto))
{
	is(plans($mode), "$anns $anns $bobs $bobs $anns $anns none", "T37: cached plans follow the context ($mode)");
}
$qc->sql('ALTER FUNCTION qutecart.current_shop_id() IMMUTABLE');
isnt(plans('force_generic_plan'), "$anns $anns $bobs $bobs $anns $anns none", 'T38 goes red after: current_shop_id() IMMUTABLE');
$qc->sql('ALTER FUNCTION qutecart.current_shop_id() STABLE');

my $super = $qc->session;
$super->query('PREPARE q AS SELECT count(*) FROM qutecart.products');
is($super->value('EXECUTE q'), 5, 'T37: a superuser sees all');
$super->query('SET ROLE qutecart_api');
is($super->value('EXECUTE q'), 0, 'T37: the same prepared statement, under a request\'s role, nothing');
is($super->value('RESET ROLE; EXECUTE q'), 5, 'T37: and all again');
my $guest = $qc->session(user => 'qutecart_client');
$guest->query("PREPARE q AS $count");
is($guest->value('EXECUTE q'), 0, 'T37: a member of the API role may read');
$qc->sql('REVOKE qutecart_api FROM qutecart_client');
is($guest->try('EXECUTE q')->{sqlstate}, '42501', 'T37: a withdrawn membership counts from the next EXECUTE');
$qc->sql('GRANT qutecart_api TO qutecart_client');

# T39: parallel workers
my $bi_ann = $qc->sql("SELECT tests.role('bi_ann')");
$qc->sql("ALTER ROLE $bi_ann PASSWORD 'secret'");
$qc->sql(<<"SQL");
INSERT INTO qutecart.usage_history (shop_id, metric, period, used, limit_value, plan_slug)
	SELECT s, 'orders', '1900-01-01'::date + make_interval(months => n), 1, 100, 'free'
	FROM unnest(ARRAY[$ann, $bob]) s, generate_series(1, 1000) n;
ANALYZE qutecart.usage_history
SQL
my $parallel = join '; ', 'SET force_parallel_mode = on', 'SET parallel_setup_cost = 0', 'SET parallel_tuple_cost = 0',
	'SET min_parallel_table_scan_size = 0', 'SET enable_indexscan = off', 'SET enable_bitmapscan = off', 'SET enable_indexonlyscan = off';
my $history = "SELECT count(*) FROM qutecart.usage_history WHERE metric = 'orders'";
$s->query($parallel);
like(as($s, 'ann', "EXPLAIN (COSTS OFF) $history"), qr/Gather/, 'T39: a query is shared out to workers');
is(as($s, 'ann', $history), 1000, 'T39: who all know for whom they work');
is($s->value($history), 0, 'T39: or that they work for nobody');
my $bi = $qc->session(user => $bi_ann, password => 'secret');
$bi->query($parallel);
is($bi->value($history), 1000, 'T39: workers of a BI login find its shop');
$qc->sql('ALTER FUNCTION qutecart.current_shop_id() PARALLEL UNSAFE');
unlike(as($s, 'ann', "EXPLAIN (COSTS OFF) $history"), qr/Gather/, 'T39: an accessor that is not PARALLEL SAFE would switch that off');
$qc->sql('ALTER FUNCTION qutecart.current_shop_id() PARALLEL SAFE');
$s->query('RESET ALL');

# What an analyst reads costs what his shop has, not what all have
$qc->sql(<<'SQL');
SET qutecart.restoring = on;
INSERT INTO qutecart.shops (name) SELECT 'shop ' || n FROM generate_series(1, 100) n;
INSERT INTO qutecart.orders (shop_id, customer_id, order_code, prefix, total_amount, payable_amount)
	SELECT s.id, tests.id('dora'), 'X' || n, 'RC', 1, 1 FROM qutecart.shops s, generate_series(1, 100) n;
ANALYZE qutecart.orders
SQL
my $plan = join "\n", map { $_->[0] } $qc->rows('EXPLAIN (COSTS OFF) SELECT * FROM qutecart.orders', user => $bi_ann, password => 'secret');
like($plan, qr/Index Cond: \(shop_id = qutecart\.current_shop_id\(\)\)/, 'SELECT * FROM orders uses the index that begins with the shop');
unlike($plan, qr/Seq Scan/, 'and reads no other');

# T40: nothing stays behind a transaction
is($s->try("BEGIN; SELECT 1; PREPARE TRANSACTION 'left'")->{sqlstate}, 'QC403', 'T40: a client leaves no prepared transaction');
$s->query('ROLLBACK');
is($s->try("COMMIT PREPARED 'left'")->{sqlstate}, 'QC403', 'T40: and ends nobody else\'s');

# T45: the replication protocol
is($s->try("SELECT pg_create_physical_replication_slot('x')")->{sqlstate}, '42501', 'T45: a client makes no replication slot');

# T47: BI logins
$bi->query('RESET ALL');
is($bi->try($_)->{sqlstate}, 'QC403', "T47: an analyst cannot free himself with $_")
  for 'SET statement_timeout = 0', "SET LOCAL statement_timeout = '1h'", "ALTER ROLE $bi_ann SET statement_timeout = 0", "ALTER ROLE $bi_ann RESET ALL";
is($bi->try("SELECT set_config('statement_timeout', '0', false)")->{sqlstate}, '', 'T47: where it cannot be refused at once');
is($bi->try($count)->{sqlstate}, 'QC403', 'T47: the next statement is');
is($bi->try('DO $$BEGIN LOOP END LOOP; END$$')->{sqlstate}, 'QC403', 'T47: a block of code too');
is($bi->value("SET statement_timeout = '5s'; $count"), 3, 'T47: less is his to choose');
like($qc->try($count, user => $bi_ann, password => 'secret', options => '-c statement_timeout=0')->{message},
	qr/"statement_timeout" may be/, 'T47: the options of a connection do not help');
$bi->close;
$qc->sql("ALTER ROLE $bi_ann SET statement_timeout = '100ms'; ALTER ROLE $bi_ann CONNECTION LIMIT 1");
$bi = $qc->session(user => $bi_ann, password => 'secret');
is($bi->try('SELECT pg_sleep(20)')->{sqlstate}, '57014', 'T47: his statements end in time');
isnt($qc->try('SELECT 1', user => $bi_ann, password => 'secret')->{sqlstate}, '', 'T47: and so do his connections');
is($bi->try("INSERT INTO qutecart.bi_logins VALUES (current_user, $bob, 'x')")->{sqlstate}, '42501', 'T47: he does not choose his shop');
is($bi->value($count), 3, 'T47: which is found by his login alone');
is($bi->try("SELECT qutecart.enter('$token{bob}')")->{sqlstate}, '42501', 'T47: not by a token either');

# T35, T36: PgBouncer in transaction mode, one server connection for all
sub pooled
{
	my (%options) = @_;
	my $pool = $qc->pgbouncer(default_pool_size => 1, ignore_startup_parameters => 'options', %options);
	return map { client(via => $pool) } 1 .. 2;
}
my ($one, $two) = pooled(database => "connect_query='PREPARE shared AS $count'");
is($one->value('SELECT pg_backend_pid()'), $two->value('SELECT pg_backend_pid()'), 'T35: two clients share a server connection');
is(as($one, 'ann', 'EXECUTE shared'), 3, 'T36: one prepared statement serves one client');
is(as($two, 'bob', 'EXECUTE shared'), 2, 'T36: and another, each with his rows');
is($two->value('EXECUTE shared'), 0, 'T36: and none to whom nobody is');
$one->query("BEGIN; SELECT qutecart.enter('$token{ann}'); COMMIT");
is($two->value($count), 0, 'T35: no context reaches the next client');
$one->close;
$two->close;
($one, $two) = pooled(server_reset_query_always => 1);
$one->query('SET search_path = evil; SET statement_timeout = 12345');
isnt($two->value('SHOW statement_timeout'), '12345ms', 'T35: with server_reset_query_always no setting does');
$_->close for $one, $two;
($one, $two) = pooled();
$one->query('SET statement_timeout = 12345');
is($two->value('SHOW statement_timeout'), '12345ms', 'T35 goes red after: server_reset_query_always = 0');

# T58: any number may be a shop's; outside a transaction that writes, lists are remembered
my $stray = client();
is($stray->value("SELECT count(DISTINCT qutecart.list_products(shop_id => -n)::text) FROM generate_series(0, 9999) n WHERE n > 0"), 1,
	'T58: the list of a shop with a negative number is an empty one, whichever it is');
is($stray->value('SELECT 1'), 1, 'T58: and the session lives');
unlike($qc->log, qr/terminated by signal/, 'T58: no server process ended by a signal in all of this test');

done_testing;
