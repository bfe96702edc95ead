#!/usr/bin/perl
# test/bench/quota.pl
#	What counting against a limit costs those who write: with and without its trigger.
# rows: quota_many_shops quota_hot_shop quota_bulk
use strict;
use warnings;
use Bench;
use Time::HiRes qw(time);

my $qc    = Bench::server(max_wal_size => '8GB');
my @shops = Bench::shops($qc, 1000, 1, 'growth');
$qc->sql("UPDATE qutecart.plans SET products_limit = 1000000000 WHERE slug = 'growth'");

my $insert = 'INSERT INTO qutecart.products (shop_id, name, handle, price)'
  . " VALUES (%s, 'bench', md5(random()::text), 1);\n";
one_by_one('quota_many_shops', "\\set shop random($shops[0], $shops[-1])\n" . sprintf($insert, ':shop'), 0.90)
  if Bench::wanted('quota_many_shops');
one_by_one('quota_hot_shop', sprintf($insert, $shops[7]), 0.85) if Bench::wanted('quota_hot_shop');
bulk() if Bench::wanted('quota_bulk');

sub counting
{
	my ($on) = @_;
	my $verb = $on ? 'ENABLE ALWAYS' : 'DISABLE';
	$qc->sql("ALTER TABLE qutecart.products $verb TRIGGER t20_quota");
	return;
}

# Durable single-row inserts of eight clients, at shops with a finite limit.
sub one_by_one
{
	my ($name, $script, $goal) = @_;
	my $rate = sub {
		counting(shift);
		return Bench::pgbench($qc, script => $script, user => 'postgres', clients => 8);
	};
	Bench::report($name, Bench::ratio(sub { $rate->(1) }, sub { $rate->(0) }), '>=', $goal);
	return;
}

# 100,000 rows in one statement; the value is a ratio of times.
sub bulk
{
	my $seconds = sub {
		counting(shift);
		$qc->sql('CHECKPOINT');
		my $begin = time;
		$qc->sql("INSERT INTO qutecart.products (shop_id, name, handle, price)
			SELECT $shops[3], 'bulk', md5(random()::text), 1 FROM generate_series(1, 100000)");
		return time - $begin;
	};
	Bench::report('quota_bulk', Bench::ratio(sub { $seconds->(1) }, sub { $seconds->(0) }), '<=', 1.25);
	return;
}
