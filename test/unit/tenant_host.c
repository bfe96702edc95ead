/*
 * test/unit/tenant_host.c
 *		Host names, networks, and who the client behind a proxy is.
 *
 * link: extension/core/network.c
 */
#include "tap.h"

#include "extension/tenant/host.c"

static char host[QC_HOST_MAX + 1];
static char client[46];

static const char *
normalised(const char *value)
{
	return qc_host_normalise(value, host) ? host : "(none)";
}

static void
test_hosts(void)
{
	is_str(normalised("Johns-Shop.QuteKart.COM"), "johns-shop.qutekart.com",
		   "a host is compared in lower case");
	is_str(normalised("a.qutekart.com:8080"), "a.qutekart.com",
		   "the port does not count");
	is_str(normalised("a.qutekart.com."), "a.qutekart.com",
		   "a final dot does not count");
	is_str(normalised("a.qutekart.com.:443"), "a.qutekart.com",
		   "a final dot before a port does not count");
	is_str(normalised("[::1]:80"), "[::1]", "an address in brackets passes");
	is_str(normalised("user@a.qutekart.com"), "(none)", "userinfo is refused");
	is_str(normalised("a.qutekart.com:80@evil"), "(none)",
		   "userinfo with a port is refused");
	is_str(normalised("a..b"), "(none)", "an empty label is refused");
	is_str(normalised(".a"), "(none)", "a leading dot is refused");
	is_str(normalised("a.."), "(none)", "two final dots are refused");
	is_str(normalised(""), "(none)", "an empty host is refused");
	is_str(normalised(":80"), "(none)", "a port without a host is refused");
	is_str(normalised("a:999999"), "(none)", "a port is no longer than five digits");
	is_str(normalised("a b"), "(none)", "a blank is refused");
	is_str(normalised("a/b"), "(none)", "a slash is refused");
	is_str(normalised("a,b"), "(none)", "two hosts are refused");
}

static void
test_labels(void)
{
	size_t len;

	ok(qc_host_label("shop.qutekart.com", "qutekart.com", &len) != NULL && len == 4,
	   "a label stands in front of the base domain");
	ok(qc_host_label("qutekart.com", "qutekart.com", &len) == NULL,
	   "the base domain itself has no label");
	ok(qc_host_label("evilqutekart.com", "qutekart.com", &len) == NULL,
	   "a name that only ends like the base domain is another's");
	ok(qc_host_is_listed("localhost", "127.0.0.1, LocalHost ,x"),
	   "a listed name is found");
	ok(!qc_host_is_listed("local", "127.0.0.1,localhost"), "a part of a name is not");
	ok(!qc_host_is_listed("x", ""), "an empty list holds nothing");
}

static void
test_networks(void)
{
	ok(qc_host_is_in_networks("10.1.2.3", "192.168.0.0/16, 10.0.0.0/8"),
	   "an address lies in its network");
	ok(!qc_host_is_in_networks("11.1.2.3", "10.0.0.0/8"), "another one does not");
	ok(qc_host_is_in_networks("10.0.0.129", "10.0.0.128/25"),
	   "odd prefixes count by bit");
	ok(!qc_host_is_in_networks("10.0.0.127", "10.0.0.128/25"), "and no further");
	ok(qc_host_is_in_networks("::1", "::1"), "an address without a prefix is itself");
	ok(qc_host_is_in_networks("2001:db8::5", "2001:db8::/32"), "IPv6 networks work");
	ok(!qc_host_is_in_networks("10.0.0.1", "::/0"), "families do not mix");
	ok(!qc_host_is_in_networks("10.0.0.1", "10.0.0.0/33"),
	   "an impossible prefix trusts nobody");
	ok(!qc_host_is_in_networks("10.0.0.1", "10.0.0.0/"),
	   "an empty prefix trusts nobody");
	ok(!qc_host_is_in_networks("10.0.0.1", "garbage"), "garbage trusts nobody");
	ok(!qc_host_is_in_networks("garbage", "0.0.0.0/0"), "garbage is trusted by nobody");
	ok(qc_host_is_in_networks("10.0.0.1", "0.0.0.0/0"), "a prefix of nought takes all");
}

static void
test_clients(void)
{
	ok(qc_host_client("203.0.113.9", "10.0.0.0/8", client) &&
		   !strcmp(client, "203.0.113.9"),
	   "a proxy says who the client is");
	ok(qc_host_client("1.1.1.1, 203.0.113.9, 10.0.0.5", "10.0.0.0/8", client) &&
		   !strcmp(client, "203.0.113.9"),
	   "what the client says of itself does not count");
	ok(qc_host_client("10.0.0.7, 10.0.0.5", "10.0.0.0/8", client) &&
		   !strcmp(client, "10.0.0.7"),
	   "a client inside our own network is the first");
	ok(!qc_host_client("unknown", "10.0.0.0/8", client), "a word is no address");
	ok(!qc_host_client("", "10.0.0.0/8", client), "nothing is no address");
}

int
main(void)
{
	test_hosts();
	test_labels();
	test_networks();
	test_clients();
	return done();
}
