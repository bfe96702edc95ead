# test/lint/scripts.t
#	Every script of the repository is accepted by the tool that knows its language.
use strict;
use warnings;
use File::Temp ();
use QuteCart;
use Test::More;

chdir $QuteCart::ROOT or die "cannot enter $QuteCart::ROOT: $!\n";
my (@shell, @perl);
for my $file (glob('tools/* test/*/* test/*/*/* test/*/*/*/* .ci/*'))
{
	next unless -f $file && -T _;
	my ($first) = split /\n/, QuteCart::slurp($file);
	push @shell, $file if $first =~ /^#!.*\bbash|^# shellcheck shell=bash/;
	push @perl,  $file if $first =~ /^#!.*\bperl/ || $file =~ /\.(?:pl|pm|t)$/;
}

for my $file (@shell)
{
	my $said = `shellcheck -x $file 2>&1`;
	ok($? == 0, "shellcheck accepts $file") or diag $said;
}
for my $file (@perl)
{
	my $said = `perl -Itest/lib -Itest/bench/lib -Itest/fake -c $file 2>&1`;
	ok($? == 0 && $said !~ /possible typo|masks earlier/, "perl accepts $file") or diag $said;
}

my $bad = File::Temp->new;
print {$bad} "#!/bin/bash\nrm -rf \$1/*\n";
$bad->flush;
isnt(system("shellcheck $bad >/dev/null"), 0, 'shellcheck refuses an unquoted path');

done_testing;
