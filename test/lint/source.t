# test/lint/source.t
#	What a person would have to remember about a source file, remembered by a program.
#
# A lint is a row of the table: the files it reads and a check that returns complaints.
# Each has a fixture in test/lint/fixtures/, named like the lint, that must be refused.
use strict;
use warnings;
use QuteCart;
use Test::More;

chdir $QuteCart::ROOT or die "cannot enter $QuteCart::ROOT: $!\n";

my @c       = glob('extension/*.[ch] extension/*/*.[ch] functions/*.[ch] triggers/*.[ch] gateway/*.[ch]');
my @server  = grep { !m{^gateway/} } @c;
my @sql     = grep { !m{^sql/seed/} } glob('functions/*.sql triggers/*.sql sql/*/*.sql sql/*/*/*.sql');
my @tracked = -e '.git' ? split(/\n/, `git -c safe.directory='*' ls-files`) : ();
my @texts   = grep { -f && -T _ && !m{^test/lint/|^test/fixtures/} } @tracked;

# Who may include whom: a folder knows those below it only.
my %below = (
	core     => [],
	tenant   => [qw(core outbox mail)],
	lint     => [qw(core)],
	outbox   => [qw(core)],
	mail     => [qw(core outbox)],
	webhook  => [qw(core outbox mail)],
	media    => [qw(core)],
	catalogue => [qw(core media webhook)],
	import   => [qw(core catalogue)],
	billing  => [qw(core tenant outbox mail webhook)],
	orders   => [qw(core tenant outbox billing media catalogue webhook)],
	install  => [qw(core)],
	stripe   => [qw(core billing outbox)],
	http     => [qw(core tenant outbox)],
	worker   => [qw(core tenant billing outbox mail webhook stripe install)],
	functions => [qw(core tenant lint catalogue import orders outbox mail webhook media billing install stripe http worker)],
	triggers => [qw(core tenant catalogue orders outbox mail webhook billing http worker)],
);
my %spi = map { $_ => 1 } qw(extension/core/db.c extension/core/db.h extension/core/trigger.c
  extension/install/install.c extension/install/roles.c);

my %lints = (
	'header' => [\@c, sub {
		my ($file, $text) = @_;
		return $text =~ m{\A/\*\n \* \Q$file\E\n \*\t\t\S} ? () : 'must begin with its path and its rule';
	}],
	'file_length' => [\@c, sub {
		my $lines = $_[1] =~ tr/\n//;
		return $lines > 500 ? "has $lines lines, 500 at most" : ();
	}],
	'function_length' => [[grep { /\.c$/ } @c], sub {
		my ($file, $text) = @_;
		my ($n, $start, @said) = (0);
		for (split /\n/, $text)
		{
			$n++;
			$start = $n if /^\{/;
			push @said, "the function at line $start has " . ($n - $start - 1) . ' lines, 60 at most'
			  if defined $start && /^\}/ && $n - $start - 1 > 60;
			undef $start if /^\}/;
		}
		return @said;
	}],
	# clang-format aims at 88 columns; what it cannot break may be longer.
	'line_length' => [\@c, sub {
		my ($n, @said) = (0);
		for (split /\n/, $_[1])
		{
			$n++;
			(my $line = $_) =~ s/\t/    /g;
			push @said, "line $n is longer than 100 columns" if length($line) - ($line =~ tr/\x80-\xbf//) > 100;
		}
		return @said;
	}],
	'errcode' => [\@server, sub {
		my @calls = $_[1] =~ /\bereport\((?:ERROR|FATAL|PANIC)\b(.*?)\);\n/sg;
		return map { 'an ereport without an errcode: ' . substr($_, 0, 60) } grep { !/\bqc_err\(|\berrcode(?:_\w+)?\(/ } @calls;
	}],
	'includes' => [\@server, sub {
		my ($file, $text) = @_;
		my ($folder) = $file =~ m{^extension/(\w+)/} ? $1 : $file =~ m{^(\w+)/\w+\.};
		$text =~ s{^#include "extension/worker/wake\.h"\n}{}mg;    # one flag; it knows nobody
		my @said;
		for my $header ($text =~ /^#include "((?:extension|functions|triggers|gateway)[^"]*)"/mg)
		{
			my ($other) = $header =~ m{^extension/(\w+)/} ? $1 : $header;
			next if $folder eq 'extension' || $other eq $folder;
			push @said, "$folder does not know $header" unless grep { $_ eq $other } @{ $below{$folder} };
		}
		push @said, map { "include $_ from the root" } $text =~ /^#include "(\.[^"]*)"/mg;
		return @said;
	}],
	'gateway_includes' => [[grep { m{^gateway/} } @c], sub {
		return map { "the gateway knows nothing of $_" } $_[1] =~ /^#include [<"]((?:extension|functions|triggers|executor|utils)\/[^>"]*|postgres\.h)/mg;
	}],
	'spi' => [\@server, sub {
		my ($file, $text) = @_;
		return () if $spi{$file};
		return map { "$_ belongs into extension/core/db.c" } $text =~ /\b(SPI_(?:connect|finish|execute\w*|prepare\w*|keepplan|cursor\w*|exec))\b\s*\(/g;
	}],
	'version' => [\@c, sub {
		my ($file, $text) = @_;
		return () if $file eq 'extension/core/compat.h';
		return $text =~ /\bPG_VERSION_NUM\b/ ? 'ask for PG_VERSION_NUM in extension/core/compat.h' : ();
	}],
	'banned' => [\@c, sub {
		return map { "$_ is banned" } map { /\b(sprintf|vsprintf|strcpy|strcat|strtok|atoi|atol|gets|system|popen|setenv|alloca)\s*\(/ && !/NOLINT/ && !m{^\s*(?:/?\*|")} ? $1 : () } split /\n/, $_[1];
	}],
	'unfinished' => [[@c, @sql], sub {
		return map { "$_ is not finished work" } $_[1] =~ /\b(TODO|FIXME|XXX|HACK)\b/g;
	}],
	'sorted_settings' => [['extension/core/guc.c'], sub {
		my @said;
		for my $table ($_[1] =~ /\[\] = \{\n(.*?)\n\};/sg)
		{
			my @names = $table =~ /\{"(qutecart\.\w+)"/g;
			my @sorted = sort @names;
			push @said, "settings are not in alphabetical order near $names[$_]" for grep { $names[$_] ne $sorted[$_] } 0 .. $#names;
		}
		return @said;
	}],
	'sql_header' => [\@sql, sub {
		my ($file, $text) = @_;
		return $text =~ /\A-- \Q$file\E\n/ ? () : 'must begin with its path';
	}],
	'sql_keywords' => [\@sql, sub {
		return map { "keywords are upper case: $_" } $_[1] =~ /^((?:create|alter|drop|grant|revoke|comment on|insert|update|delete|select|call|with) .{0,30})/mg;
	}],
	'sql_qualified' => [\@sql, sub {
		return map { "name its schema: $_" } grep { !/(?:qutecart|pg_catalog|cron)\.|ROLE|EXTENSION|SCHEMA|POLICY|INDEX|TRIGGER/ }
		  $_[1] =~ /^(CREATE (?:OR REPLACE )?(?:TABLE|VIEW|FUNCTION|PROCEDURE|TYPE|SEQUENCE) \S+)/mg;
	}],
	'sql_comment' => [\@sql, sub {
		my ($file, $text) = @_;
		return map { "COMMENT ON $_->[0] $_->[1] is missing" } grep { $text !~ /COMMENT ON \Q$_->[0]\E \Q$_->[1]\E\b/ }
		  map { [split / /] } $text =~ /^CREATE (?:OR REPLACE )?((?:TABLE|VIEW|FUNCTION|PROCEDURE) [\w.]+)/mg;
	}],
	'machine_path' => [\@texts, sub {
		return map { "names \"$_\", a path of one machine" } $_[1] =~ m{((?:/home/|/Users/|/root/)\w+)}g;
	}],
);

for my $name (sort keys %lints)
{
	my ($files, $check) = @{ $lints{$name} };
	my @said;
	for my $file (@$files)
	{
		push @said, map { "$file: $_" } $check->($file, QuteCart::slurp($file));
	}
	is(join("\n", @said), '', "$name: every file is as it should be");

	my ($fixture) = glob "test/lint/fixtures/$name.*";
	my @refused = $fixture ? $check->($fixture, QuteCart::slurp($fixture)) : ();
	cmp_ok(scalar @refused, '>', 0, "$name: its fixture is refused");
}

# Pairs and lists
my %sources = map { $_ => 1 } glob('functions/*.c triggers/*.c');
is_deeply([grep { !$sources{ s/\.sql$/.c/r } } glob('functions/*.sql triggers/*.sql')], [], 'every function declared in SQL has its C beside it');
my %listed = map { $_ => 1 } QuteCart::slurp('sql/install.list') =~ /^(?:once|always|migration|essential|demo) (\S+)/mg;
is_deeply([grep { !$listed{ s{^sql/}{}r } } glob('sql/tables/*/*.sql sql/views/*.sql sql/grants/*.sql sql/migrations/*.sql sql/seed/*.sql')],
	['sql/tables/platform/migrations.sql'], 'every schema file is in install.list, but the one that install() begins with');
is_deeply([grep { !-e "sql/$_" && !-e "tools/iso-" . s{.*/}{}r =~ s/sql$/pl/r } sort keys %listed], [], 'install.list names files that exist');
is_deeply([grep { /\.(?:o|d|so|bc|log|pid)$/ } @tracked], [], 'nothing that was built is in the repository');

# README repeats the settings and the codes of failures
my $readme = QuteCart::slurp('README.md');
sub in_readme { my ($name) = @_; return map { s/\s+$//r } $readme =~ /^## \Q$name\E\n(.*?)(?=^## |\z)/ms }
is_deeply([sort +(in_readme('Settings'))[0] =~ /^\| `(qutecart\.\w+)` \|/mg],
	[sort +(QuteCart::slurp('extension/core/guc.c') =~ /\{"(qutecart\.\w+)"/g)], 'README lists every setting and no other');
my %code = reverse map { /"(\w+)", (\d+)/ ? ("$2 $1", $1) : () } QuteCart::slurp('extension/core/errors.c') =~ /\[QC_ERR_\w+\] = \{(.*?)\}/sg;
my @rows = (in_readme('Errors'))[0] =~ /^\| ([0-9, ]+?) \| (.*?) \|$/mg;
my %said;
while (my ($statuses, $codes) = splice @rows, 0, 2)
{
	$said{$_} = $statuses for $codes =~ /`(\w+)`/g;
}
delete @said{qw(error limit_type details feature current_plan)};
is_deeply([sort keys %said], [sort keys %code], 'README lists every code of a failure and no other');
is_deeply([grep { index($said{$_} // '', substr($code{$_}, 0, 3)) < 0 } sort keys %code], [], 'each with its status');
my $tests = join "\n", map { QuteCart::slurp($_) } grep { !m{^test/lint/} } glob('test/pgtap/*.sql test/t/*.t test/gateway/*.t test/specs/*.spec test/specs/expected/*.out');
is_deeply([grep { $tests !~ /\b$_\b/ } sort keys %code], [], 'and a test meets each by name');

# The list of threats: complete, and each proven by files that name it
my %threat;
for (split /\n/, QuteCart::slurp('test/THREATS.md'))
{
	my (undef, $id, $promise, $tests, $red) = split /\s*\|\s*/ or next;
	$threat{$id} = [$tests, $red] if ($id // '') =~ /^[OT]\d\d$/;
}
is_deeply([sort keys %threat], [(map { sprintf 'O%02d', $_ } 1 .. 27, 31 .. 34), map { sprintf 'T%02d', $_ } 1 .. 58],
	'test/THREATS.md lists every threat');
my @unproven;
for my $id (sort keys %threat)
{
	my @named = $threat{$id}[0] =~ m{((?:pgtap|t)/\w+\.(?:sql|t))(?! \()}g;
	push @unproven, "$id: no test" unless @named;
	push @unproven, map { "$id: $_ does not name it" } grep { !-e "test/$_" || QuteCart::slurp("test/$_") !~ /\b$id\b/ } @named;
	for my $rules ($threat{$id}[0] =~ m{pgtap/lint\.sql \(([^)]*)\)})
	{
		push @unproven, map { "$id: no rule $_" } grep { QuteCart::slurp('test/pgtap/lint.sql') !~ /^\('$_'/m } split /, /, $rules;
	}
	push @unproven, "$id: nothing turns it red" unless $threat{$id}[1];
}
is_deeply(\@unproven, [], 'and the tests it names are about it');

done_testing;
