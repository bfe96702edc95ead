# test/t/dump_restore.t
#	What a dump keeps: rows, keys, policies, grants, usage – and what a restored copy may
#	not do before it is adopted.
use strict;
use warnings;
use QuteCart;
use Test::More;

my $qc = QuteCart->new;
$qc->sql(QuteCart::slurp("$QuteCart::ROOT/test/pgtap/world/two_shops.sql"));
my $bi_ann = $qc->sql("SELECT tests.role('bi_ann')");
$qc->sql("ALTER ROLE $bi_ann PASSWORD 'secret'");
$qc->sql(q{SELECT qutecart.route('GET /api/mine', 'public.mine')})
  if $qc->sql(q{CREATE FUNCTION public.mine() RETURNS json LANGUAGE sql AS 'SELECT ''{}''::json';
	GRANT EXECUTE ON FUNCTION public.mine() TO qutecart_api; SELECT to_regproc('qutecart.route') IS NOT NULL}) eq 't';

my @at   = ('-h', $qc->socket, '-p', $qc->port, '-U', 'postgres');
my $dump = QuteCart::pg_bin() . '/pg_dump';

# T46: whose dump is whole
is(system("$dump @at --role=qutecart_owner -f /dev/null qutecart >/dev/null 2>&1") != 0, 1, 'T46: a dump as the owner fails');
my $partial = QuteCart::run_out($dump, @at, '--role=qutecart_owner', '--enable-row-security', '--data-only', '-t', 'qutecart.products', 'qutecart');
unlike($partial, qr/lamp/, 'T46: with --enable-row-security it would leave rows out');
like(QuteCart::run_out($dump, @at, '--data-only', '-t', 'qutecart.products', 'qutecart'), qr/lamp/, 'T46: a dump as the superuser is whole');

my $copy = QuteCart->new(bare => 1);
my $file = $qc->dir . '/dump';
$qc->dump($file);
$copy->restore($file);

# Everything that makes the database what it is, one query per kind.  A condition that
# was read back has fewer brackets around its ORs, and means the same.
my %kinds = (
	'tables'      => q{SELECT c.oid::regclass::text, c.relkind, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relacl::text, obj_description(c.oid)
		FROM pg_class c WHERE c.relnamespace = 'qutecart'::regnamespace ORDER BY 1},
	'columns'     => q{SELECT a.attrelid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attacl::text, pg_get_expr(d.adbin, d.adrelid)
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v') LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE c.relnamespace = 'qutecart'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2},
	'constraints' => q{SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'qutecart'::regnamespace ORDER BY 1, 2},
	'indexes'     => q{SELECT indexdef FROM pg_indexes WHERE schemaname = 'qutecart' ORDER BY 1},
	'policies'    => q{SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'qutecart' ORDER BY 1, 2},
	'triggers'    => q{SELECT tgrelid::regclass::text, tgname, tgenabled, translate(pg_get_triggerdef(oid), '()', '') FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2},
	'functions'   => q{SELECT oid::regprocedure::text, provolatile, proparallel, proleakproof, prosecdef, proacl::text, obj_description(oid) FROM pg_proc WHERE pronamespace = 'qutecart'::regnamespace ORDER BY 1},
	'routes'      => q{SELECT * FROM qutecart.routes ORDER BY 1, 2},
	'rights on what comes with PostgreSQL' => q{SELECT p.oid::regprocedure::text, p.proacl::text FROM pg_proc p JOIN pg_init_privs i ON i.objoid = p.oid UNION ALL
		SELECT p.oid::regprocedure::text, p.proacl::text FROM pg_proc p WHERE p.proname ~ '^(pg_(try_)?advisory|lo_|pg_notify|pg_cancel_backend|pg_terminate_backend|pg_stat_get_activity)' ORDER BY 1, 2},
	'rights on the database' => q{SELECT datacl::text FROM pg_database WHERE datname = current_database()},
	'roles'       => q{SELECT rolname, rolcanlogin, rolinherit, rolconnlimit, rolconfig FROM pg_roles WHERE oid >= 16384 ORDER BY 1},
	'memberships' => q{SELECT roleid::regrole::text, member::regrole::text, admin_option FROM pg_auth_members WHERE member >= 16384 ORDER BY 1, 2},
	'sequences'   => q{SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'qutecart' ORDER BY 1},
);
for my $kind (sort keys %kinds)
{
	is_deeply([$copy->rows($kinds{$kind})], [$qc->rows($kinds{$kind})], "a dump keeps the $kind");
}
for ($qc->rows(q{SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'qutecart'::regnamespace AND c.relkind = 'r' ORDER BY 1}))
{
	my $rows = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM $_->[0] t";
	is_deeply([$copy->rows($rows)], [$qc->rows($rows)], "a dump keeps every row of $_->[0]");
}
is_deeply([$copy->rows('SELECT * FROM qutecart.lint()')], [], 'lint() finds nothing in the restored copy');

# The story goes on
my $count = 'SELECT count(*) FROM qutecart.products';
is($copy->sql($count, user => $bi_ann, password => 'secret'), 3, 'an analyst signs in with the old password and sees his shop');
my $s = $copy->session(user => 'qutecart_client');
$s->query("BEGIN; SELECT qutecart.enter('token of ann')");
is($s->value($count), 3, 'a token of before is good');
$s->query("INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (qutecart.current_shop_id(), 'new', 'new', 1)");
is($s->value($count), 4, 'and a product can be added');
$s->query('COMMIT');
is($copy->sql("SELECT id FROM qutecart.products WHERE name = 'new'"),
	$qc->sql('SELECT max(id) + 1 FROM qutecart.products'), 'with the number after the last one');

# What the copy may not do yet
my $home = q{SELECT i.system_identifier = c.system_identifier AND i.database_oid = d.oid
	FROM qutecart.installation i, pg_control_system() c, pg_database d WHERE d.datname = current_database()};
is($qc->sql($home), 't', 'the original is at home');
is($copy->sql($home), 'f', 'a restored copy is not: nothing leaves it');
$copy->sql('CALL qutecart.install()');
is($copy->sql($home), 'f', 'installing again does not change that');
$copy->sql('CALL qutecart.adopt()');
is($copy->sql($home), 't', 'until it is adopted');
is_deeply([$copy->rows('SELECT * FROM qutecart.lint()')], [], 'lint() finds nothing after that');

# Rows alone, into an installed database: nothing is counted while they come in, and all
# is counted after it.
my $rows = QuteCart->new;
my $data = $qc->dir . '/rows.sql';
$qc->sql("INSERT INTO qutecart.products (shop_id, name, handle, price)
	SELECT tests.id('shop of ann'), 'n' || n, 'n' || n, 1 FROM generate_series(1, 20) n");
QuteCart::run($dump, @at, '--data-only', '-n', 'qutecart', '-T', 'qutecart.migrations', '-T', 'qutecart.installation', '-f', $data, 'qutecart');
$rows->sql('SET session_replication_role = replica; SET client_min_messages = error; TRUNCATE ' . join ', ',
	map { $_->[0] } $rows->rows(q{SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'qutecart'::regnamespace AND c.relkind = 'r'
		AND c.relname NOT IN ('migrations', 'installation', 'routes')}));
my $text = QuteCart::slurp($data);
my $restored = $rows->try("SET qutecart.restoring = on; SET session_replication_role = replica;\n" . $text =~ s/^\\(?:un)?restrict .*\n//mgr, timeout => 120);
is($restored->{sqlstate}, '', 'rows alone go into an installed database with qutecart.restoring');
my $used = q{SELECT count(*) FROM qutecart.products p WHERE p.deleted_at IS NULL};
is($rows->sql($used), $qc->sql($used), 'all of them');
is_deeply([$rows->rows('SELECT * FROM qutecart.usage_audit()')], [], 'and the counters agree with the rows after it');
my $last = $rows->session(user => 'qutecart_client');
$last->query("BEGIN; SELECT qutecart.enter('token of ann')");
my @made = map { $last->try("INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (qutecart.current_shop_id(), 'm$_', 'm$_', 1)")->{sqlstate} } 1 .. 2;
is("@made", ' ', 'the shop may use what its plan has left');
is($last->try("INSERT INTO qutecart.products (shop_id, name, handle, price) VALUES (qutecart.current_shop_id(), 'm3', 'm3', 1)")->{sqlstate},
	'QC403', 'and no more');
$last->query('ROLLBACK');

done_testing;
