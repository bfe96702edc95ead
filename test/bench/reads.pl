#!/usr/bin/perl
# test/bench/reads.pl
#	What row-level security and the one-call request cost, against doing it by hand.
# rows: rls_page http_call
use strict;
use warnings;
use Bench;

my $qc    = Bench::server();
my @shops = Bench::shops($qc, 1000, 100, 'enterprise');
my $shop  = $shops[500];
my $token = Bench::token($qc, $shop);

rls_page()  if Bench::wanted('rls_page');
http_call() if Bench::wanted('http_call');

# A page of 20 products: the policy finds the shop's rows, or a WHERE clause of a role
# that no policy binds.  Ten pages a transaction, since entering is not what is measured.
sub rls_page
{
	my $page = sub {
		my ($from) = @_;
		return "SELECT p.id, p.name, p.price, p.quantity FROM $from AND p.deleted_at IS NULL"
		  . " ORDER BY p.created_at DESC, p.id DESC LIMIT 20;\n";
	};
	my $enter = "BEGIN;\nSELECT qutecart.enter('$token');\n";
	my $rls   = $enter . $page->('qutecart.products p WHERE true') x 10 . "COMMIT;\n";
	my $plain = $enter . $page->("qutecart.products p WHERE p.shop_id = $shop") x 10 . "COMMIT;\n";
	Bench::report('rls_page', Bench::ratio(
		sub { Bench::pgbench($qc, script => $rls,   user => 'qutecart_client') },
		sub { Bench::pgbench($qc, script => $plain, user => 'postgres') }), '>=', 0.95);
	return;
}

# The public page of one shop with a token, as one call; and as the usual four round
# trips: begin, set the claims, the query under a policy that reads them, commit.  The
# query builds the same JSON as the call answers.
sub http_call
{
	Bench::rival_catalogue($qc);
	my $reply = $qc->sql("SELECT body FROM qutecart.http('GET', '/api/products?page=1&per_page=20',
		'authorization: Bearer $token')");
	my $call = "SELECT status, headers, body FROM qutecart.http('GET',"
	  . " '/api/products?page=1&per_page=20', 'authorization: Bearer $token', NULL, NULL);\n";
	my $trips = <<"SQL";
BEGIN;
SELECT set_config('request.shop_id', '$shop', true), set_config('request.token', '$token', true);
SELECT json_build_object('message', 'products', 'data', json_build_object('total',
    (SELECT count(*) FROM bench.catalogue), 'products', (SELECT json_agg(row_to_json(p)) FROM (
    SELECT c.product_id AS id, c.is_digital, c.name, c.thumbnail, c.price, c.discount_price,
        0.0 AS discount_percentage, 0.0 AS rating, '0' AS total_reviews, '0' AS total_sold, c.quantity,
        false AS is_favorite, '[]'::json AS sizes, '[]'::json AS colors, NULL::text AS unit, c.brand,
        json_build_object('id', c.shop_id, 'name', 'Shop ' || c.shop_id, 'logo', '', 'rating', 5.0,
            'estimated_delivery_time', '2-3 days', 'delivery_charge', 0.0, 'last_online', false) AS shop
    FROM bench.catalogue c ORDER BY c.created_at DESC, c.product_id DESC LIMIT 20) p),
    'filters', json_build_object('sizes', '[]'::json, 'colors', '[]'::json,
        'brands', (SELECT coalesce(json_agg(DISTINCT brand), '[]') FROM bench.catalogue WHERE brand IS NOT NULL),
        'min_price', (SELECT min(price) FROM bench.catalogue),
        'max_price', (SELECT max(price) FROM bench.catalogue))));
COMMIT;
SQL
	die "the call does not answer the page: $reply\n" if $reply !~ /"products":\[\{/;
	Bench::report('http_call', Bench::ratio(
		sub { Bench::pgbench($qc, script => $call,  user => 'qutecart_client') },
		sub { Bench::pgbench($qc, script => $trips, user => 'qutecart_client') }), '>=', 2.2);
	return;
}
