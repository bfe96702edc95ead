# test/lint/compilers.t
#	gcc and clang accept every C file with more warnings than the build asks for, and the
#	library exports our names only.
use strict;
use warnings;
use File::Temp qw(tempdir);
use QuteCart;
use Test::More;

chdir $QuteCart::ROOT or die "cannot enter $QuteCart::ROOT: $!\n";
my $config = $ENV{PG_CONFIG} // '/usr/lib/postgresql/15/bin/pg_config';
my @flags  = (qw(-std=gnu11 -Wall -Wextra -Werror -Wvla -Wformat=2 -Wimplicit-fallthrough
	  -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Wno-declaration-after-statement
	  -Wno-unknown-warning-option -Wno-format-nonliteral -D_GNU_SOURCE -I.),
	'-isystem', QuteCart::run_out($config, '--includedir-server'), '-I' . QuteCart::run_out($config, '--includedir'));
# The build writes these where it builds; the system has the gateway's parser's header.
push @flags, map { "-I$_" } grep { -d } '/usr/share/include/llhttp', '/usr/include/llhttp', '.build/gateway';
# gcc looks for cases that fall through only when it makes code.
my %own = (
	gcc   => ['-n 1 gcc -c -o /dev/null -Wshadow=compatible-local'],
	clang => ['-n 8 clang -fsyntax-only -Wno-ignored-attributes'],
);

my $dir = tempdir(CLEANUP => 1);
sub refused
{
	my ($compiler, @files) = @_;
	my $said = qx{printf '%s\\n' @files | xargs -P 2 @{ $own{$compiler} } @flags 2>&1};
	return $? ? $said : '';
}

my @files = glob('extension/*.c extension/*/*.c functions/*.c triggers/*.c gateway/*.c');
for my $compiler (sort keys %own)
{
	is(refused($compiler, @files), '', "$compiler accepts every file");
	QuteCart::spew("$dir/bad.c", "#include <stdio.h>\nint f(int x);\nint f(int x) { switch (x) { case 1: x++; case 2: return x; } return 0; }\n");
	isnt(refused($compiler, "$dir/bad.c"), '', "$compiler refuses a case that falls through");
}

sub foreign_names
{
	my ($library) = @_;
	return grep { !/^(?:qc_|pg_finfo_qc_|_PG_init$|_PG_fini$|Pg_magic_func$)/ }
	  map { (split)[2] // () } split /\n/, QuteCart::run_out('nm', '-D', '--defined-only', $library);
}
is_deeply([foreign_names('qutecart.so')], [], 'the library exports names that begin with qc_ and what PostgreSQL asks for');
QuteCart::spew("$dir/loud.c", "int loud(void) { return 1; }\n");
QuteCart::run('cc', '-shared', '-fPIC', '-o', "$dir/loud.so", "$dir/loud.c");
is_deeply([foreign_names("$dir/loud.so")], ['loud'], 'another name is found');

done_testing;
