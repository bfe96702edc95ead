# test/t/harness.t
#	What the test library promises to all other tests.
use strict;
use warnings;
use File::Spec;
use QuteCart;
use Test::More;

my $qc = QuteCart->new(durable => 1);

is($qc->sql('SELECT 1;'), 1, 'a statement may end with a semicolon');
is_deeply(
	[$qc->rows("SELECT NULL, '', E'a\nb' UNION ALL SELECT 'x', 'y', 'z'")],
	[[undef, '', "a\nb"], ['x', 'y', 'z']],
	'rows keep NULL, empty strings and line ends apart');
is_deeply([$qc->rows("SELECT ''")], [['']], 'one empty string is one row');
is_deeply([$qc->rows('SELECT 1 WHERE false')], [], 'no row is no row');

my $failed = $qc->try('BEGIN; SELECT 1/0; SELECT 2; COMMIT;');
is($failed->{sqlstate}, '22012',            'the first error of several statements counts');
is($failed->{message},  'division by zero', 'and its message');

is($qc->sql('SELECT session_user', user => 'qutecart_client'),
	'qutecart_client', 'the SQL client signs in with its password');
like($qc->try('SELECT 1', user => 'qutecart_client', password => 'wrong')->{message},
	qr/password authentication failed/, 'a wrong password is refused');
like($qc->try('SELECT 1', user => 'nobody')->{message},
	qr/no password supplied/, 'an unknown role is refused');
is($qc->sql(q{SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'}),
	0, 'the server trusts nobody');

my ($first, $second) = map { $qc->session } 1 .. 2;
$qc->sql('CREATE TABLE public.notes AS SELECT 1 AS id, text \'x\' AS note');
$first->query("BEGIN; UPDATE public.notes SET note = 'a'");
$second->send("UPDATE public.notes SET note = note || 'b' RETURNING note");
$qc->wait_until_blocked($second);
ok($second->busy, 'a session can wait for another one');
$first->query('COMMIT');
is_deeply($second->receive->{rows}, [['ab']], 'and goes on when that one commits');

my $pool = $qc->pgbouncer;
is($qc->sql('SELECT session_user', user => 'qutecart_client', via => $pool),
	'qutecart_client', 'PgBouncer lets the SQL client through');

$qc->kill_backend($first->pid);
is($second->try('SELECT 1')->{sqlstate},
	'08006', 'a killed backend takes all other sessions with it');
is($qc->sql('SELECT note FROM public.notes'), 'ab', 'and no committed row');
$qc->crash;
$qc->start;
is($qc->sql('SELECT note FROM public.notes'), 'ab', 'nor does a crash of the whole server');

my $copy = QuteCart->new(bare => 1);
my $file = $qc->dir . '/dump';
$qc->dump($file);
$copy->restore($file);
is($copy->sql('SELECT note FROM public.notes'), 'ab', 'a dump is restored into a bare server');
is($copy->sql('SELECT 1', user => 'qutecart_client'), 1, 'with the roles and their passwords');

# What is left behind
is(File::Spec->tmpdir, QuteCart::top(), 'temporary files lie in the directory that goes at the end');
my $test = open(my $out, '-|', $^X, "-I$QuteCart::ROOT/test/lib", '-MQuteCart::FakeStripe', '-e', <<'PERL') or die "cannot run $^X: $!\n";
$| = 1;
my $stripe = QuteCart::FakeStripe->new;
print $stripe->pid, " $stripe->{dir}\n";
sleep 60;
PERL
my ($pid, $dir) = split /\s/, <$out>;
ok(kill(0, $pid) && -d $dir, 'a test has its stand-in for Stripe');
kill 'TERM', $test;
close $out;
ok(!kill(0, $pid) && !-e $dir, 'which ends with it, also when it is told to stop');

done_testing;
