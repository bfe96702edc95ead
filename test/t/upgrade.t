# test/t/upgrade.t
#	A database of an older version becomes, object by object, what a fresh one is.
#
# The older version is made here: 0.0.9 is this version without one table, without one
# column and with another text of a view.
use strict;
use warnings;
use QuteCart;
use Test::More;

my $qc   = QuteCart->new(bare => 1, stopped => 1);
my $link = $qc->dir . '/tree';
my $tree = $qc->dir . '/own-tree';
QuteCart::run('cp', '-a', readlink($link), $tree);
unlink $link;
symlink $tree, $link or die "cannot link $link: $!\n";
my ($extension) = glob "$tree/share/postgresql/*/extension";
my $files = "$extension/qutecart";
$qc->start;

sub put
{
	my ($name, $text) = @_;
	QuteCart::spew("$extension/$name", $text);
	chmod 0644, "$extension/$name";
	return;
}

sub get { return QuteCart::slurp("$extension/$_[0]") }

sub fresh
{
	my ($name) = @_;
	$qc->sql("CREATE DATABASE $name", database => 'postgres');
	$qc->{database} = $name;
	return;
}

# All that the catalogue says, without what the order of creation decides.
sub objects
{
	return join "\n", map { join '|', map { $_ // '' } @$_ } map { $qc->rows($_) } (
		q{SELECT c.oid::regclass::text, c.relkind, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, obj_description(c.oid),
			(SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) a)
			FROM pg_class c WHERE c.relnamespace = 'qutecart'::regnamespace ORDER BY 1},
		q{SELECT a.attrelid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)
			FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v') LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			WHERE c.relnamespace = 'qutecart'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2},
		q{SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'qutecart'::regnamespace ORDER BY 1, 2},
		q{SELECT indexdef FROM pg_indexes WHERE schemaname = 'qutecart' ORDER BY 1},
		q{SELECT viewname, definition FROM pg_views WHERE schemaname = 'qutecart' ORDER BY 1},
		q{SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'qutecart' ORDER BY 1, 2},
		q{SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2},
		q{SELECT oid::regprocedure::text, provolatile, proparallel, proleakproof, prosrc, obj_description(oid),
			(SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(proacl) a) FROM pg_proc WHERE pronamespace = 'qutecart'::regnamespace ORDER BY 1},
		q{SELECT r FROM qutecart.routes r ORDER BY r::text},
		q{SELECT name, CASE WHEN name ~ '^(views|grants)/' THEN checksum END FROM qutecart.migrations WHERE name !~ '^migrations/' ORDER BY 1});
}

# The lines that only one of two descriptions has.
sub differences
{
	my ($one, $other) = @_;
	my %left  = map { $_ => 1 } split /\n/, $one;
	my %right = map { $_ => 1 } split /\n/, $other;
	return join "\n", (map { "- $_" } grep { !$right{$_} } sort keys %left), (map { "+ $_" } grep { !$left{$_} } sort keys %right);
}

# What a fresh installation of this version is.
my ($version) = get('qutecart.control') =~ /default_version = '([^']+)'/;
fresh('today');
$qc->sql('CREATE EXTENSION qutecart; CALL qutecart.install()');
my $today = objects();

# The older version: no notices, a shorter table of settings, an older view.
my %now = map { $_ => get($_) } 'qutecart/install.list', 'qutecart.control', 'qutecart/tables/platform/settings.sql', 'qutecart/views/granted_permissions.sql';
my $notices = 'tables/billing/notices.sql';
put('qutecart/install.list', $now{'qutecart/install.list'} =~ s/^once \Q$notices\E\n//mr);
put('qutecart/tables/platform/settings.sql', $now{'qutecart/tables/platform/settings.sql'} =~ s/^    is_public .*\n//mr);
put('qutecart/views/granted_permissions.sql', $now{'qutecart/views/granted_permissions.sql'} =~ s/admins \(shop_id null\)/others/r);
put('qutecart.control', $now{'qutecart.control'} =~ s/'\Q$version\E'/'0.0.9'/r);
put('qutecart--0.0.9.sql', get("qutecart--$version.sql") =~ s/^CREATE FUNCTION qutecart\.lint_rules.*?;\n.*?^COMMENT ON FUNCTION qutecart\.lint_rules.*?;\n//msr);
put("qutecart--0.0.9--$version.sql", join '', get("qutecart--$version.sql") =~ /^(CREATE FUNCTION qutecart\.lint_rules.*?;\n.*?^COMMENT ON FUNCTION qutecart\.lint_rules.*?;\n)/ms,
	"REVOKE ALL ON FUNCTION qutecart.lint_rules() FROM PUBLIC;\n");
fresh('yesterday');
$qc->sql('CREATE EXTENSION qutecart; CALL qutecart.install()');
isnt(differences(objects(), $today), '', 'the older version is another one');
$qc->sql(q{INSERT INTO qutecart.settings (key, value, description) VALUES ('kept', '1', 'a row of before')});
$qc->sql(q{ALTER ROLE qutecart_client CONNECTION LIMIT 7});

# The new version comes: a new table, a migration for the column, a new text of the view.
put($_, $now{$_}) for grep { $_ ne 'qutecart/install.list' } keys %now;
mkdir "$files/migrations";
chmod 0755, "$files/migrations";
put('qutecart/migrations/0001_public_settings.sql', "-- Settings that clients may see.\nALTER TABLE qutecart.settings ADD is_public boolean NOT NULL DEFAULT false;\n");
put('qutecart/install.list', $now{'qutecart/install.list'} . "migration migrations/0001_public_settings.sql\n");

$qc->sql("ALTER EXTENSION qutecart UPDATE; CALL qutecart.install()");
is($qc->sql(q{SELECT extversion FROM pg_extension WHERE extname = 'qutecart'}), $version, 'ALTER EXTENSION brings the new code');
is(differences(objects(), $today), '', 'install() makes of the older database what a fresh one is, object by object');
is($qc->sql(q{SELECT value FROM qutecart.settings WHERE key = 'kept' AND NOT is_public}), 1, 'with the rows it had');
is($qc->sql(q{SELECT rolconnlimit FROM pg_roles WHERE rolname = 'qutecart_client'}), 7, 'and what the operator set for its roles');
is($qc->sql(q{SELECT count(*) FROM qutecart.migrations WHERE name ~ '^migrations/'}), 1, 'the migration is recorded');
is_deeply([$qc->rows('SELECT * FROM qutecart.lint()')], [], 'lint() finds nothing after an upgrade');

# Once more, and on a fresh database
my $applied = 'SELECT name, applied_at FROM qutecart.migrations ORDER BY 1';
my @before  = $qc->rows($applied);
$qc->sql('CALL qutecart.install()');
is_deeply([$qc->rows($applied)], \@before, 'a second run applies nothing');
put('qutecart/views/granted_permissions.sql', $now{'qutecart/views/granted_permissions.sql'} . "-- changed\n");
$qc->sql('CALL qutecart.install()');
is_deeply([map { $_->[0] } grep { my $row = $_; !grep { "@$_" eq "@$row" } @before } $qc->rows($applied)], ['views/granted_permissions.sql'],
	'a view runs again when its text has changed, and nothing else does');
put('qutecart/views/granted_permissions.sql', $now{'qutecart/views/granted_permissions.sql'});
fresh('tomorrow');
$qc->sql('CREATE EXTENSION qutecart; CALL qutecart.install()');
is(differences(objects(), $today), '', 'a fresh database does not run the migration, and records it as done');
is($qc->sql(q{SELECT count(*) FROM qutecart.migrations WHERE name ~ '^migrations/'}), 1, 'so that it never will');

done_testing;
