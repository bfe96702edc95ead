# test/bench/lib/Bench.pm
#	Ratios measured honestly: A and B in turn, on one server, in one run.
#
# Absolute rates of a shared machine mean nothing, and drift within a run; the ratio of
# two neighbours drifts with both.  A row's value is the median over at least five such
# pairs.  A script of test/bench names its rows in a line "# rows: NAME …" and prints
# each with report().
#
#	my $qc = Bench::server();                       # durable, settings of a small machine
#	my $tps = Bench::pgbench($qc, script => $sql, user => 'qutecart_client', clients => 4);
#	Bench::report('name', Bench::ratio(sub { A }, sub { B }), '>=', 0.95);
package Bench;

use strict;
use warnings;
use POSIX ();
use QuteCart;

our $SECONDS = $ENV{BENCH_SECONDS} // 3;
our $PAIRS   = $ENV{BENCH_PAIRS}   // 5;
my $scripts = 0;

# Is this row asked for?  BENCH_ONLY is a name, or nothing for all.
sub wanted
{
	my ($name) = @_;
	my $only = $ENV{BENCH_ONLY} // '';
	return $only eq '' || $only eq $name;
}

# A server that syncs its commits, as in production.
sub server
{
	my (%conf) = @_;
	return QuteCart->new(
		durable => 1,
		conf    => {
			shared_buffers      => '512MB',
			max_wal_size        => '4GB',
			checkpoint_timeout  => '30min',
			autovacuum          => 'off',
			max_connections     => 200,
			%conf,
		});
}

# Shops of a plan, each with an owner, and products; the ids come out as (shop ids).
# Rows are written with counting off: what is measured comes after.
sub shops
{
	my ($qc, $shops, $products, $plan) = @_;
	$qc->sql(<<"SQL");
SET qutecart.restoring = on;
WITH u AS (
    INSERT INTO qutecart.users (name, email)
    SELECT 'Owner ' || n, 'owner' || n || '\@bench.example' FROM generate_series(1, $shops) n
    RETURNING id),
s AS (
    INSERT INTO qutecart.shops (name, plan_id, subscription_status)
    SELECT 'Shop ' || n, p.id, CASE p.slug WHEN 'free' THEN 'free' ELSE 'active' END
    FROM generate_series(1, $shops) n, qutecart.plans p WHERE p.slug = '$plan'
    RETURNING id)
INSERT INTO qutecart.shop_members (shop_id, user_id, role)
SELECT s.id, u.id, 'owner' FROM (SELECT id, row_number() OVER (ORDER BY id) AS r FROM s) s
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS r FROM u) u USING (r);
INSERT INTO qutecart.products (shop_id, name, handle, price, quantity, short_description, created_at)
SELECT s.id, 'Product ' || n, 'product-' || n, 10 + n, 100, 'A thing of many uses, number ' || n,
    now() - n * interval '1 minute'
FROM qutecart.shops s, generate_series(1, $products) n;
RESET qutecart.restoring;
SELECT qutecart.rebuild_catalogue();
SQL
	$qc->sql('VACUUM ANALYZE');
	return map { $_->[0] } $qc->rows('SELECT id FROM qutecart.shops ORDER BY id');
}

# A token of a shop's owner.
sub token
{
	my ($qc, $shop) = @_;
	my $token = join '', map { ('a' .. 'z', 0 .. 9)[ rand 36 ] } 1 .. 40;
	$qc->sql("INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
		SELECT user_id, pg_catalog.sha256('$token'), now() + interval '1 day'
		FROM qutecart.shop_members WHERE shop_id = $shop AND role = 'owner'");
	return $token;
}

# Transactions per second of a script, prepared.
sub pgbench
{
	my ($qc, %o) = @_;
	my $file = $qc->dir . '/bench-' . ++$scripts . '.sql';
	QuteCart::spew($file, $o{script});
	local $ENV{PGPASSFILE} = QuteCart::top() . '/pgpass';
	my @command = (
		QuteCart::pg_bin() . '/pgbench', '-n', '-M', $o{mode} // 'prepared',
		'-h', $qc->socket, '-p', $qc->port, '-U', $o{user} // 'postgres',
		'-c', $o{clients} // 4, '-j', 1, '-T', $o{seconds} // $SECONDS, '-f', $file,
		(map { ('-D', "$_=$o{set}{$_}") } sort keys %{ $o{set} // {} }),
		$qc->database);
	open my $out, '-|', @command or die "cannot start pgbench: $!\n";
	my $text = do { local $/; <$out> };
	close $out or die "pgbench failed: $text\n";
	$text =~ /^tps = ([\d.]+)/m or die "pgbench printed no rate: $text\n";
	my $tps = $1;
	die "pgbench: transactions failed: $text\n" if $text =~ /number of failed transactions: [1-9]/;
	return $tps;
}

# The same page without us: a table under a policy that reads a setting of the request.
sub rival_catalogue
{
	my ($qc) = @_;
	$qc->sql(<<'SQL');
CREATE SCHEMA bench;
CREATE TABLE bench.catalogue AS SELECT c.*, s.name AS shop_name FROM qutecart.catalogue c
    JOIN qutecart.shops s ON s.id = c.shop_id;
CREATE INDEX ON bench.catalogue (shop_id, created_at DESC, product_id DESC);
ALTER TABLE bench.catalogue ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_shop ON bench.catalogue
    USING (shop_id = (SELECT current_setting('request.shop_id', true)::bigint));
GRANT USAGE ON SCHEMA bench TO qutecart_client;
GRANT SELECT ON bench.catalogue TO qutecart_client;
SQL
	$qc->sql('VACUUM ANALYZE bench.catalogue');
	return;
}

# Requests per second of wrk, the number of requests, and the time in ms that 99 of 100
# took at most; dies when one was not a 200.
sub wrk
{
	my ($url, %o) = @_;
	my @command = (
		'wrk', '--latency', '-t', 1, '-c', $o{connections} // 64, '-d', ($o{seconds} // $SECONDS) . 's',
		(defined $o{header} ? ('-H', $o{header}) : ()),
		(defined $o{script} ? ('-s', $o{script}) : ()), $url);
	open my $out, '-|', @command or die "cannot start wrk: $!\n";
	my $text = do { local $/; <$out> };
	close $out or die "wrk failed: $text\n";
	die "wrk saw errors: $text\n" if $text =~ /Non-2xx|Socket errors/;
	my ($rate)     = $text =~ m{^Requests/sec:\s+([\d.]+)}m or die "wrk printed no rate: $text\n";
	my ($requests) = $text =~ /^\s+(\d+) requests in/m;
	my ($p99, $unit) = $text =~ /^\s+99%\s+([\d.]+)(us|ms|s)\b/m or die "wrk printed no times: $text\n";
	$p99 *= { us => 0.001, ms => 1, s => 1000 }->{$unit};
	return wantarray ? ($rate, $requests, $p99) : $rate;
}

sub password
{
	my ($qc, $role) = @_;
	for (split /\n/, QuteCart::slurp(QuteCart::top() . '/pgpass'))
	{
		my @field = split /:/;
		return $field[4] if $field[3] eq $role;
	}
	die "no password of $role\n";
}

# User and system time of a process so far.
sub cpu_seconds
{
	my ($pid) = @_;
	my @field = split / /, (QuteCart::slurp("/proc/$pid/stat") =~ /\) (.*)/)[0];
	return ($field[11] + $field[12]) / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

sub resident_mb
{
	my ($pid) = @_;
	return (QuteCart::slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+)/m)[0] / 1024;
}

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return ($sorted[ $#sorted / 2 ] + $sorted[ @sorted / 2 ]) / 2;
}

# The median of A / B over interleaved pairs, after one of each that does not count.
sub ratio
{
	my ($a, $b, $pairs) = @_;
	my @ratios;
	$a->();
	$b->();
	for (1 .. $pairs // $PAIRS)
	{
		my $x = $a->();
		my $y = $b->();
		push @ratios, $x / $y;
	}
	return median(@ratios);
}

# One line a row; a row that falls short makes the script end with 1.
$| = 1;
my $short = 0;

sub report
{
	my ($name, $value, $direction, $goal, $unit) = @_;
	my $ok = $direction eq '>=' ? $value >= $goal : $value <= $goal;
	printf "bench %s %.3g%s goal %s%s%s %s\n", $name, $value, $unit // '', $direction, $goal,
	  $unit // '', $ok ? 'ok' : 'short';
	$short = 1 unless $ok;
	return $ok;
}

END { $? = 1 if $short && $? == 0 }

1;
