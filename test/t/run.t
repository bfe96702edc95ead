# test/t/run.t
#	make run as its user meets it: the first start, the second, the end, and what may be
#	in its way.
use strict;
use warnings;
use IO::Socket::INET;
use POSIX ();
use QuteCart;
use QuteCart::Receiver;
use Test::More;

my $dir  = QuteCart::top() . '/run';
my $run  = "$QuteCart::ROOT/tools/run";
my $said = QuteCart::top() . '/said';
$ENV{RUN_DIR} = $dir;
delete @ENV{qw(PORT STORY_ONLY SMTP_URL RESEND_API_KEY RESEND_WEBHOOK_SECRET RESEND_URL MAIL_FROM MAIL_TO)};

# Run it to its end; returns (status, what it said).
sub run_to_end
{
	my (%env) = @_;
	local %ENV = (%ENV, %env);
	my $text = `$run 2>&1 </dev/null`;
	return ($? >> 8, $text);
}

# Start it like a terminal would: in a process group of its own.
sub start
{
	QuteCart::spew($said, "");
	my $pid = fork // die "cannot fork: $!\n";
	return $pid if $pid;
	POSIX::setpgid(0, 0);
	open STDIN,  '<',  '/dev/null' or POSIX::_exit(126);
	open STDOUT, '>',  $said       or POSIX::_exit(126);
	open STDERR, '>&', \*STDOUT    or POSIX::_exit(126);
	exec $run or POSIX::_exit(127);
}

sub wait_until_said
{
	my ($pattern, $what) = @_;
	return wait_for { QuteCart::slurp($said) =~ $pattern } $what, 120;
}

# Ctrl-C; returns the exit status.
sub interrupt
{
	my ($pid) = @_;
	kill 'INT', -$pid;
	waitpid $pid, 0;
	return $? >> 8;
}

# A file with the README's block that follows a sentence; what => by what in it.
sub shown
{
	my ($sentence, $language, %replace) = @_;
	my ($block) = QuteCart::slurp("$QuteCart::ROOT/README.md") =~ /^$sentence.*?^```$language\n(.*?)^```/ms
	  or die "the README does not say: $sentence\n";
	$block =~ s/\Q$_\E/$replace{$_}/g for keys %replace;
	my $file = QuteCart::top() . "/shown.$language";
	QuteCart::spew($file, $block);
	return $file;
}

my $pid = start();
wait_until_said(qr/making the database/, 'the first start makes its database');
isnt(interrupt($pid), 0, 'a first start that is interrupted fails');
ok(!-e $dir, 'and leaves nothing half-made');

my ($status, $text) = run_to_end(STORY_ONLY => 1);
is($status, 0, 'the story ends as it should') or diag $text;
like($text, qr/All replies were as expected/, 'every reply of it was the expected one');
ok(!-e "$dir/server/data/postmaster.pid", 'and everything has stopped after it');

my $receiver_port = 0 + QuteCart::slurp("$dir/receiver_port");
ok(!IO::Socket::INET->new("127.0.0.1:$receiver_port"), 'the receiver as well');

($status, $text) = run_to_end(RESEND_API_KEY => 're_none');
isnt($status, 0, 'a mail provider without a sender stops the start');
like($text, qr/\Arun: set MAIL_FROM [^\n]*\n\z/, 'with one clear line');

my $provider = QuteCart::Receiver->new(user => 'somebody', password => 'of his own');
$provider->smtp(starttls => 0);
($status, $text) = run_to_end(STORY_ONLY => 1, SMTP_URL => $provider->smtp_url =~ s/ /%20/gr,
	MAIL_FROM => 'My Shops <shops@my.example>', MAIL_TO => 'me@my.example');
is($status, 0, 'the story can be told with a mail provider of the environment') or diag $text;
my ($starter) = grep { $_->{subject} eq "Welcome to Starter \x{1f389}" } $provider->mails;
is($starter->{from}, '"My Shops" <shops@my.example>', 'which gets the mails, from that sender');
like($starter->{envelope}{to}[0], qr/^me\+vendor\.\d+\@my\.example$/, 'to that address');
($status, $text) = run_to_end(STORY_ONLY => 1, RESEND_API_KEY => $provider->resend_key, RESEND_URL => $provider->resend_url, MAIL_FROM => 'shops@my.example');
is($status, 0, 'so it can with a key of Resend') or diag $text;
my ($growth) = grep { $_->{via} eq 'resend' && $_->{subject} eq 'You Are Now on Growth' } $provider->mails;
like($growth->{to}, qr/\bdelivered\+vendor\.\d+\@resend\.dev\b/, 'whose mails go to an address that Resend has for tests');
unlike(QuteCart::slurp("$dir/server/log/server.log"), qr/of(?: |%20)his(?: |%20)own/, 'and its password is in no log');

my $taken = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1);
($status, $text) = run_to_end(PORT => $taken->sockport);
isnt($status, 0, 'a port that is taken stops the start');
like($text, qr/\Arun: port \d+ is taken; [^\n]*\n\z/, 'with one clear line');

$pid = start();
wait_until_said(qr/stop +Ctrl-C/, 'the second start serves');
my $second = QuteCart::slurp($said);
unlike($second, qr/making the database/, 'the second start keeps the data');
like($second, qr/All replies were as expected/, 'and the story can be told again on it');
my ($port) = $second =~ m{serves at +http://127\.0\.0\.1:(\d+)};
ok(IO::Socket::INET->new("127.0.0.1:$port"), 'the gateway serves at the URL it printed');
my ($mails) = $second =~ m{^mails arrive at +(http://\S+)$}m;
is($mails, "http://127.0.0.1:$receiver_port/mails", 'the receiver has the port that it had');
like(`curl -s $mails`, qr/^\d+ +"Vera Example" .* Welcome to Starter/m, 'and shows the mails that have arrived');
my ($webhooks) = $second =~ m{^webhooks arrive at +(http://\S+)}m;
is(`curl -s -o /dev/null -w '%{http_code}' $_`, 200, "and answers: $_") for $mails, $webhooks;
my $secrets = join '|', map { quotemeta } split ' ', QuteCart::slurp("$dir/secrets");
is(join("\n", grep { /$secrets/ } map { eval { QuteCart::slurp($_) } // '' } glob '/proc/[0-9]*/cmdline'), '', 'no secret is on a command line');
my %psql;
for my $line (grep { /psql/ } split /\n/, $second)
{
	my ($what, $command) = $line =~ /^\s*(\S.*?)  +(.*)$/;
	$command =~ s{psql}{QuteCart::pg_bin() . '/psql -X -v ON_ERROR_STOP=1'}e;
	is(`$command -Atc 'SELECT 1' 2>&1`, "1\n", "the psql line works: $what");
	$psql{$what} = $command;
}

# What the README shows, pasted.
my $requests = shown('The first requests', 'sh', '127.0.0.1:8080' => "127.0.0.1:$port");
my $replies  = `bash -c '. $requests; echo; echo "token: \$TOKEN"' 2>&1`;
unlike($replies, qr/urn:qutecart:problem/, "none of the README's first requests is refused");
like($replies, qr/"products":\{"current":1,"limit":25,/, 'and the last one counts the product');
my ($token) = $replies =~ /^token: (\w{40})$/m;
my $by_sql = shown('The same through SQL', 'sql', '<token>' => $token // 'none');
like(`$psql{$_} -Atf $by_sql 2>&1`, qr/First Flush\|12\.50\n\{"shop".*^200\|\{"message":"products"/ms, "nor its SQL, $_")
  for 'SQL, through PgBouncer', 'SQL, directly';
my $greet = shown('An operator publishes', 'sql');
is(system("$psql{'as superuser'} -qf $greet >$greet.out 2>&1"), 0, "the README's own function is published") or diag QuteCart::slurp("$greet.out");
like(`curl -s http://127.0.0.1:$port/api/greet/Ada`, qr/"hello" : "Ada"/, 'and answers');
my ($bi) = QuteCart::slurp("$QuteCart::ROOT/README.md") =~ /`(CALL qutecart\.create_bi_login[^`]*)`/;
my ($login, $password) = split /[|\n]/, `$psql{'as superuser'} -Atqc "$bi" 2>&1`;
my ($analyst) = $psql{'SQL, directly'} =~ /(\S*psql .*-p \d+)/;
like(`PGPASSWORD='$password' $analyst -U '$login' -Atc 'SELECT DISTINCT shop_id FROM qutecart.orders' qutecart 2>&1`,
	qr/\A\d+\n\z/, "and the README's analyst reads the orders of one shop");

($status, $text) = run_to_end();
like($text, qr/^run: QuteCart runs already from this clone \(process $pid\)\n\z/m,
	'a second one beside it is refused with one clear line');
is(interrupt($pid), 0, 'Ctrl-C ends it in peace');
ok(!-e "$dir/server/data/postmaster.pid", 'with the server stopped');
ok(!IO::Socket::INET->new("127.0.0.1:$port"), 'and the port free');
ok(!IO::Socket::INET->new("127.0.0.1:$receiver_port"), 'the receiver\'s as well');

my $file    = "$dir/server/data/PG_VERSION";
my $version = QuteCart::slurp($file);
QuteCart::spew($file, "9\n");
($status, $text) = run_to_end();
isnt($status, 0, 'the data of another PostgreSQL stops the start');
like($text, qr/^run: [^\n]*holds data of PostgreSQL 9[^\n]*\n\z/m, 'with one clear line');
is(QuteCart::slurp($file), "9\n", 'and is left alone');
QuteCart::spew($file, $version);

is(system($run, '--clean'), 0, 'make clean-run succeeds');
ok(!-e $dir, 'and removes all of it');

done_testing;
