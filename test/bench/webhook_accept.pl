#!/usr/bin/perl
# test/bench/webhook_accept.pl
#	Stripe's events accepted per second over HTTP, each verified and durable when it is
#	answered, against pgbench's own durable INSERT of such a row, at the number of clients
#	that suits it best; and how long an answer takes under that load.
# rows: webhook_accept webhook_accept_p99
use strict;
use warnings;
use Bench;
use Digest::SHA qw(hmac_sha256_hex);
use QuteCart::Stripe;

my $PER_SECOND = 15_000;    # more than can be accepted: each event is sent once

my $qc      = Bench::server('qutecart.stripe_webhook_secrets' => $QuteCart::Stripe::SECRET);
my $gateway = $qc->gateway('--access-log=off', '--queue-wait=5000');
my $script  = $qc->dir . '/events.lua';
my $signed  = $qc->dir . '/events.txt';
my $sent    = 0;
my @p99;

# An event of a type that changes nothing here, for what is measured is the accepting.
my ($head, $tail) = split /EVENT/, (signed(subscription_event('EVENT', type => 'charge.succeeded')))[0], 2;
QuteCart::spew($script, lua());

# The same row in the same table, with a commit of its own.
my $insert = sprintf "INSERT INTO qutecart.stripe_events (id, type, api_version, is_live, object_id, created_at, payload, status,"
  . " finished_at) VALUES (gen_random_uuid()::text, 'charge.succeeded', '2025-09-30.clover', false, 'sub_bench', now(),"
  . " '\\x%s', 'ignored', now());\n", unpack 'H*', "${head}evt_bench$tail";
my ($clients) = map { $_->[0] } sort { $b->[1] <=> $a->[1] } map { [$_, single_rows($_)] } 8, 16, 32, 64;
my $ratio = Bench::ratio(\&events, sub { single_rows($clients) });
my ($stored) = $qc->sql('SELECT count(*) FROM qutecart.stripe_events');
die "$stored events are stored, $sent were answered\n" if $stored < $sent;
Bench::report('webhook_accept', $ratio, '>=', 0.70) if Bench::wanted('webhook_accept');
shift @p99;
Bench::report('webhook_accept_p99', Bench::median(@p99), '<=', 25, 'ms') if Bench::wanted('webhook_accept_p99');

sub single_rows
{
	my ($n) = @_;
	return Bench::pgbench($qc, script => $insert, clients => $n);
}

# Accepted per second.  Bodies differ in the event's id alone, so that the file that is
# read by wrk holds ids and signatures only.
sub events
{
	my $time = time;
	my $run  = "$$-" . @p99;
	my $max  = $PER_SECOND * $Bench::SECONDS;
	open my $out, '>', $signed or die "cannot write $signed: $!\n";
	for my $n (1 .. $max)
	{
		my $id = "evt_bench_${run}_$n";
		print $out "$id t=$time,v1=", hmac_sha256_hex("$time.$head$id$tail", $QuteCart::Stripe::SECRET), "\n";
	}
	close $out or die "cannot write $signed: $!\n";
	my ($rate, $requests, $p99) = Bench::wrk($gateway->url . '/api/webhooks/stripe', connections => 32, script => $script);
	die "the events did not suffice\n" if $requests >= $max;
	$sent += $requests;
	push @p99, $p99;
	return $rate;
}

sub lua
{
	return <<"LUA";
local head, tail = [==[$head]==], [==[$tail]==]
local ids, signatures, n = {}, {}, 0
for line in io.lines("$signed") do
	local id, signature = line:match("^(%S+) (%S+)\$")
	ids[#ids + 1], signatures[#signatures + 1] = id, signature
end
local line = "POST /api/webhooks/stripe HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: "
request = function()
	n = n + 1
	return line .. #head + #tail + #ids[n] .. "\\r\\nStripe-Signature: " .. signatures[n] .. "\\r\\n\\r\\n" .. head .. ids[n] .. tail
end
LUA
}
