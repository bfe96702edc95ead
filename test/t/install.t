# test/t/install.t
#	What CREATE EXTENSION and CALL qutecart.install() promise an operator.
use strict;
use warnings;
use QuteCart;
use Test::More;

my $qc = QuteCart->new(bare => 1, stopped => 1);

# A private copy of the installation, so that a file of it can be broken.
my $link = $qc->dir . '/tree';
my $tree = $qc->dir . '/own-tree';
QuteCart::run('cp', '-a', readlink($link), $tree);
unlink $link;
symlink $tree, $link or die "cannot link $link: $!\n";
my ($files) = glob "$tree/share/postgresql/*/extension/qutecart";
$qc->start;

sub fresh
{
	my ($name) = @_;
	$qc->sql("CREATE DATABASE $name", database => 'postgres');
	$qc->{database} = $name =~ s/"//gr;
	return;
}

# The server's user must be able to read what we put there.
sub put
{
	my ($name, $text) = @_;
	QuteCart::spew("$files/$name", $text);
	chmod 0644, "$files/$name";
	return;
}

sub dumped
{
	my @at = ('-h', $qc->socket, '-p', $qc->port, '-U', 'postgres');
	return join "\n", map { ($_ // '') =~ s/^\\(?:un)?restrict .*\n//gmr }
	  QuteCart::run_out(QuteCart::pg_bin() . '/pg_dump', @at, $qc->database),
	  QuteCart::run_out(QuteCart::pg_bin() . '/pg_dumpall', @at, '--roles-only'),
	  $qc->sql('SELECT datacl::text FROM pg_database WHERE datname = current_database()'),
	  $qc->sql('SELECT string_agg(proacl::text, E\'\n\' ORDER BY oid) FROM pg_proc');
}

# A failure in the middle
fresh('broken');
$qc->sql('CREATE EXTENSION qutecart');
my $before = dumped();
my $orders = QuteCart::slurp("$files/tables/orders/orders.sql");
put('tables/orders/orders.sql', "$orders\nSELECT 1/0;\n");
my $failed = $qc->try('CALL qutecart.install()');
is($failed->{sqlstate}, '22012', 'a broken schema file stops the installation');
like($failed->{text}, qr{schema file "tables/orders/orders\.sql"}, 'and is named');
is(dumped(), $before, 'nothing of it is left: no table, no role, no right');
unlink "$files/tables/orders/orders.sql";
like($qc->try('CALL qutecart.install()')->{message}, qr{could not open schema file ".*orders\.sql"},
	'a missing schema file is named too');
is(dumped(), $before, 'and leaves nothing either');
put('tables/orders/orders.sql', $orders);
is($qc->try('CALL qutecart.install()')->{sqlstate}, '', 'once repaired, the installation goes through');
is($qc->sql("SELECT count(*) FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass
	AND classid = 'pg_class'::regclass AND objid = 'qutecart.products'::regclass"),
	0, 'the tables are ordinary ones, not members of the extension');
is_deeply([$qc->rows('SELECT * FROM qutecart.lint()')], [], 'lint() finds nothing on a fresh installation');

# Twice
$qc->sql("CALL qutecart.seed('essential')");
my $installed = dumped();
$qc->sql('CALL qutecart.install()');
is(dumped(), $installed, 'installing again changes nothing, no row and no right');
$qc->sql("CALL qutecart.seed('essential')");
is(dumped(), $installed, 'nor does seeding again');
is_deeply([$qc->rows('SELECT * FROM qutecart.lint()')], [], 'lint() finds nothing after seeding');

is($qc->sql(q{SELECT h.body::json ->> 'code' FROM qutecart.http('POST', '/api/webhooks/stripe', '', '{}', '127.0.0.1') h}),
	'not_configured', 'what needs a secret says that it is not configured');

# Another database of the same server, with a name that needs quotes
fresh(q{"Ann's shop"});
$qc->sql('CREATE EXTENSION qutecart; CALL qutecart.install()');
is_deeply([$qc->rows('SELECT * FROM qutecart.lint()')], [], 'a second database of the server gets the same');

# Who may
is($qc->try("SET ROLE qutecart_owner; CALL qutecart.$_")->{sqlstate}, '42501', "only a superuser may call $_")
  for 'install()', "seed('essential')", 'adopt()';
$qc->sql('CREATE ROLE builder CREATEROLE CREATEDB; CREATE DATABASE built OWNER builder');
is($qc->try('SET ROLE builder; CREATE EXTENSION qutecart', database => 'built')->{sqlstate}, '42501',
	'only a superuser may create the extension');

# Dropping it
is($qc->try('DROP EXTENSION qutecart')->{sqlstate}, '2BP01', 'the extension cannot be dropped while tables depend on it');
my $drop = $qc->try('DROP EXTENSION IF EXISTS qutecart CASCADE');
is($drop->{sqlstate}, 'QC403', 'T57: nor can it be dropped away from its tables, which would lose their policies');
like($drop->{hint}, qr/DROP SCHEMA qutecart CASCADE/, 'T57: and the hint names what removes both');
is($qc->try('DROP SCHEMA qutecart CASCADE')->{sqlstate}, '', 'which it does');
is($qc->sql("SELECT count(*) FROM pg_extension WHERE extname = 'qutecart'"), 0, 'completely');
is($qc->try('CREATE EXTENSION qutecart; CALL qutecart.install()')->{sqlstate}, '', 'so that it can be installed anew');

# T51: what somebody prepared beforehand
my %traps = (
	'a schema of his own'  => ['CREATE SCHEMA qutecart AUTHORIZATION builder', '55000'],
	'a function'           => ['CREATE SCHEMA qutecart; CREATE FUNCTION qutecart.current_shop_id() RETURNS bigint LANGUAGE sql AS \'SELECT 1\'', '42723'],
	'another function'     => ['CREATE SCHEMA qutecart; CREATE FUNCTION qutecart.has_permission(varchar) RETURNS boolean LANGUAGE sql AS \'SELECT true\'', '55000'],
	'a table'              => ['CREATE SCHEMA qutecart; CREATE TABLE qutecart.users (id bigint)', '55000'],
	'the table of routes'  => ['CREATE SCHEMA qutecart; CREATE TABLE qutecart.routes (method text)', '42P07'],
	'an operator'          => ['CREATE SCHEMA qutecart; CREATE OPERATOR qutecart.= (PROCEDURE = pg_catalog.int8eq, LEFTARG = bigint, RIGHTARG = bigint)', '55000'],
);
my $n = 0;
for my $trap (sort keys %traps)
{
	fresh('trap' . ++$n);
	my ($prepare, $sqlstate) = @{ $traps{$trap} };
	$qc->sql($prepare);
	is($qc->try('CREATE EXTENSION qutecart; CALL qutecart.install()')->{sqlstate}, $sqlstate, "T51: $trap that was there before is not taken over");
}
unlike(QuteCart::slurp($_), qr/^\s*CREATE OR REPLACE|IF NOT EXISTS/mi, 'T51: the script of the extension replaces nothing')
  for glob "$tree/share/postgresql/*/extension/qutecart--*.sql";
like(QuteCart::slurp("$files/../qutecart.control"), qr/^relocatable = false.*^schema = qutecart.*^trusted = false/ms,
	'T51: its schema is fixed and it is not trusted');

# Without the library at server start
$qc->conf(shared_preload_libraries => '');
$qc->restart;
$qc->sql('CREATE DATABASE late', database => 'postgres');
my $late = $qc->try('CREATE EXTENSION qutecart', database => 'late');
is($late->{sqlstate}, '55000', 'without the library at server start there is no extension');
like($late->{message}, qr/must be loaded at server start/, 'the message says why');
like($late->{hint}, qr/shared_preload_libraries/, 'and the hint what to do');

done_testing;
