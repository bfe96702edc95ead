# test/t/setup.t
#	Setting a machine up: quick when nothing is missing, clear when something is.
use strict;
use warnings;
use QuteCart;
use Test::More;
use Time::HiRes qw(time);

my $tools = "$QuteCart::ROOT/tools";

my $start = time;
is(system("$tools/setup", 'build', 'run', 'test'), 0, 'all packages are there');
cmp_ok(time - $start, '<', 2, 'and it does not take long to see that');

# Copies with a package list of our own, called by somebody who may not install.
my $copy = QuteCart::top() . '/tools';
mkdir $copy or die "cannot make $copy: $!\n";
QuteCart::spew("$copy/$_", QuteCart::slurp("$tools/$_")) for qw(setup lib.sh);
QuteCart::spew("$copy/packages", "run bash the shell\nrun qutecart-no-such a test\n");
QuteCart::spew("$copy/sudo", "#!/bin/sh\nexit 1\n");
chmod 0755, glob("$copy/*");
my $said = `$tools/server as env PATH=$copy:\$PATH $copy/setup run 2>&1`;
isnt($?, 0, 'a missing package that may not be installed is an error');
like($said, qr/\Asetup: [^\n]*: apt-get install qutecart-no-such\n\z/,
	'one line names the package and the command');


done_testing;
