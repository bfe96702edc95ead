#!/usr/bin/perl
# test/t/names.t
#	Names that the server's settings give to the marketplace: no shop can have them.
use strict;
use warnings;
use Test::More;
use lib 'test/lib';
use QuteCart;

my $qc = QuteCart->new(conf => {
	'qutecart.base_domain'     => 'market.example',
	'qutecart.central_domains' => '127.0.0.1,status.market.example,other.example',
});
$qc->sql(<<'SQL');
INSERT INTO qutecart.users (name, email) VALUES ('Vera', 'vera@x.example');
INSERT INTO qutecart.shops (name) VALUES ('Status');
INSERT INTO qutecart.shop_members (shop_id, user_id, role) SELECT s.id, u.id, 'owner' FROM qutecart.shops s, qutecart.users u;
INSERT INTO qutecart.sessions (user_id, token_hash, expires_at)
    SELECT id, sha256('token of Vera'), now() + interval '1 day' FROM qutecart.users;
SELECT qutecart.set_subscription(id, 'growth') FROM qutecart.shops;
SQL

sub asks
{
	my ($method, $path, $body) = @_;
	my ($row) = $qc->rows("SELECT r.status || ' ' || coalesce(r.body::json #>> '{data,url}', r.body::json ->> 'message') FROM qutecart.http('$method',
		'/api/seller/$path', E'authorization: Bearer token of Vera\\ncontent-type: application/json\\n', convert_to('$body', 'UTF8')) r");
	return $row->[0];
}

is(asks('GET', 'subdomain', '{}'), '200 https://status-1.market.example', 'a shop that is called like one gets another');
is(asks('PUT', 'subdomain', '{"name": "status"}'), '422 The name is reserved.', 'and cannot choose it');
is(asks('PUT', 'subdomain', '{"name": "teas"}'), '200 https://teas.market.example', 'others it can');
is(asks('POST', 'domains', "{\"domain\": \"$_\"}"), '422 The domain belongs to the marketplace: choose a subdomain instead.', "$_ is no shop's")
  for qw(other.example market.example teas.market.example);
is(asks('POST', 'domains', '{"domain": "qutekart.com"}'), '201 Domain added successfully', 'another domain is');

done_testing;
