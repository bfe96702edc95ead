# test/t/lint.t
#	Rules of qutecart.lint() that can only be broken on a server of one's own.
use strict;
use warnings;
use QuteCart;
use Test::More;

my $qc  = QuteCart->new;
my $hba = $qc->dir . '/data/pg_hba.conf';
is_deeply([$qc->rows('SELECT * FROM qutecart.lint()')], [], 'nothing is broken');
my $rules = QuteCart::slurp($hba);
QuteCart::spew($hba, $rules, "host all all 127.0.0.1/32 trust\n");
is_deeply([map { $_->[0] } $qc->rows('SELECT * FROM qutecart.lint()')], ['host_trust'], 'host_trust: a line that trusts the network is found');
QuteCart::spew($hba, $rules, "local all all trust\n");
is_deeply([$qc->rows('SELECT * FROM qutecart.lint()')], [], 'one that trusts the local socket is left to the operator');

done_testing;
