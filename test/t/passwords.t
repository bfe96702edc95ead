# test/t/passwords.t
#	T56: an unknown account costs as much as a known one: the stand-in for its hash is a
#	hash like those that are stored, so that the same work is done for it.
#	T24: what is refused does not put a password or token into the log.
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

# T24: the log tells that somebody was refused, not with which words.
$qc->try(q{SELECT qutecart.login('ann@test.example', 'correct mule')}, user => 'qutecart_client');
$qc->try(q{SELECT qutecart.enter('forgotten token')}, user => 'qutecart_client');
wait_for { $qc->log =~ /token is not valid/ } 'the refusals in the log';
like($qc->log, qr/ERROR:  Credential is invalid/, 'T24: a refusal stands in the log');
unlike($qc->log, qr/correct mule|forgotten token/, 'T24: without the password or token that was sent');
done_testing;
