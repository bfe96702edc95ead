# test/t/passwords.t
#	T56: an unknown account costs as much as a known one: the stand-in for its hash is a
#	hash like those that are stored, so that the same work is done for it.
use strict;
use warnings;
use Test::More;
use QuteCart;

my $source = do { local (@ARGV, $/) = "$QuteCart::ROOT/extension/core/crypto.c"; <> };
my ($stand_in) = $source =~ /define UNKNOWN_ACCOUNT_HASH\s*\\\s*"([^"]+)"/ or die 'no stand-in';
my $qc = QuteCart->new;
$qc->sql(q{SELECT qutecart.register_customer('Ann', NULL, 'ann@test.example', 'correct horse', 'US') IS NULL});
my $stored = $qc->sql('SELECT password_hash FROM qutecart.users');

like($stand_in, qr/^\$y\$/, 'the stand-in is of the method that new passwords get');
is(join('$', (split /\$/, $stand_in)[1, 2]), join('$', (split /\$/, $stored)[1, 2]), 'and of the same cost');
for my $hash ($stand_in, $stored)
{
	my $computed = crypt('some password', $hash) // '';
	my $setting = join '$', (split /\$/, $hash)[0 .. 3];
	is(length $computed, length $stored, 'hashing against it gives a whole hash');
	is(index($computed, $setting), 0, 'of its own salt');
	isnt($computed, $hash, 'which does not fit');
}
is($qc->try(qq{SELECT qutecart.login('nobody\@test.example', '$_')})->{sqlstate}, 'QC400', 'no password opens an unknown account')
	for '', 'correct horse', $stand_in;
done_testing;
