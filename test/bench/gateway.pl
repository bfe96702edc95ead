#!/usr/bin/perl
# test/bench/gateway.pl
#	What the gateway costs: against the database alone, against a server in node, in CPU,
#	in memory, and what slow requests take from fast ones.
# rows: gateway_throughput gateway_against_node gateway_cpu gateway_memory gateway_slow
use strict;
use warnings;
use Bench;
use POSIX ();

my $PAGE = '/api/products?page=1&per_page=20';

my $qc    = Bench::server();
my @shops = Bench::shops($qc, 1000, 100, 'enterprise');
my $shop  = $shops[500];
my $token = Bench::token($qc, $shop);
Bench::rival_catalogue($qc);
$qc->sql(<<'SQL');
CREATE FUNCTION bench.sleepy() RETURNS json LANGUAGE sql
    AS $$ SELECT json_build_object('slept', pg_sleep(0.02) IS NOT NULL) $$;
GRANT USAGE ON SCHEMA bench TO qutecart_api;
GRANT EXECUTE ON FUNCTION bench.sleepy() TO qutecart_api;
SELECT qutecart.route('GET /api/bench/sleepy', 'bench.sleepy', lane => 'slow');
SQL
# Nobody is refused here: the waiting is what is measured.
my $gateway = $qc->gateway('--access-log=off', '--queue-wait=5000');

throughput()   if Bench::wanted('gateway_throughput');
against_node() if Bench::wanted('gateway_against_node');
cpu()          if Bench::wanted('gateway_cpu');
memory()       if Bench::wanted('gateway_memory');
slow()         if Bench::wanted('gateway_slow');

sub page_over_http
{
	return Bench::wrk($gateway->url . $PAGE, header => "Authorization: Bearer $token", @_);
}

sub throughput
{
	my $call = "SELECT status, headers, body FROM qutecart.http('GET', '$PAGE',"
	  . " 'authorization: Bearer $token', NULL, NULL);\n";
	Bench::report('gateway_throughput', Bench::ratio(
		\&page_over_http,
		sub { Bench::pgbench($qc, script => $call, user => 'qutecart_client') }), '>=', 0.80);
	return;
}

sub against_node
{
	my $port = QuteCart::free_port();
	my $pid  = open my $out, '-|', 'node', "$QuteCart::ROOT/test/bench/node_server.js", $port,
	  $qc->socket, $qc->database, 'qutecart_client', Bench::password($qc, 'qutecart_client'), $shop
	  or die "cannot start node: $!\n";
	(<$out> // '') =~ /ready/ or die "the node server did not start\n";
	my $node = sub { Bench::wrk("http://127.0.0.1:$port$PAGE") };
	Bench::report('gateway_against_node', Bench::ratio(\&page_over_http, $node), '>=', 8);
	kill 'TERM', $pid;
	close $out;
	return;
}

# Processor time of the gateway per request, in microseconds: the median of several runs.
sub cpu
{
	my @costs;
	page_over_http();
	for (1 .. $Bench::PAIRS)
	{
		my $before = Bench::cpu_seconds($gateway->pid);
		my ($rate, $requests) = page_over_http();
		push @costs, (Bench::cpu_seconds($gateway->pid) - $before) / $requests * 1e6;
	}
	Bench::report('gateway_cpu', Bench::median(@costs), '<=', 18, 'us');
	return;
}

# Resident memory while 256 connections have been at work.
sub memory
{
	page_over_http(connections => 256);
	Bench::report('gateway_memory', Bench::resident_mb($gateway->pid), '<=', 14, 'MB');
	return;
}

# One request in a hundred sleeps 20 ms in the database; the others must not feel it.
sub slow
{
	my $script = $qc->dir . '/mix.lua';
	QuteCart::spew($script, <<"LUA");
local n = 0
request = function()
	n = n + 1
	if n % 100 == 0 then return wrk.format("GET", "/api/bench/sleepy") end
	return wrk.format("GET", "$PAGE")
end
LUA
	Bench::report('gateway_slow', Bench::ratio(
		sub { page_over_http(script => $script) }, \&page_over_http), '>=', 0.88);
	return;
}
