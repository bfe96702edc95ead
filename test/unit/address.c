/*
 * test/unit/address.c
 *		Where a URL that a user chose may lead: every range at its edges (O19), and URLs.
 *
 * link: extension/core/network.c
 * libs: -lcurl
 */
#include "extension/outbox/address.c"

#include <arpa/inet.h>
#include <stdlib.h>

#include "tap.h"

static struct sockaddr_storage storage;

static const struct sockaddr *
socket_address(const char *text, int port)
{
	struct sockaddr_in *four = (struct sockaddr_in *) &storage;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *) &storage;

	memset(&storage, 0, sizeof(storage));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1)
	{
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t) port);
	}
	else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1)
	{
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t) port);
	}
	else
		abort();
	return (const struct sockaddr *) &storage;
}

/* A range: the last public address before it, its first, its last, the next public. */
typedef struct Range
{
	const char *what;
	const char *before; /* NULL = none, or not public either */
	const char *first;
	const char *last;
	const char *after;
} Range;

static const Range ranges[] = {
	{"this network", NULL, "0.0.0.0", "0.255.255.255", "1.0.0.0"},
	{"private 10/8", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
	{"carrier-grade NAT", "100.63.255.255", "100.64.0.0", "100.127.255.255",
	 "100.128.0.0"},
	{"loopback", "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
	{"link-local", "169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
	{"a cloud's metadata", NULL, "169.254.169.254", "169.254.169.254", NULL},
	{"private 172.16/12", "172.15.255.255", "172.16.0.0", "172.31.255.255",
	 "172.32.0.0"},
	{"protocol assignments", "191.255.255.255", "192.0.0.0", "192.0.0.255",
	 "192.0.1.0"},
	{"TEST-NET-1", "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
	{"6to4 relays", "192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
	{"private 192.168/16", "192.167.255.255", "192.168.0.0", "192.168.255.255",
	 "192.169.0.0"},
	{"benchmarks", "198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
	{"TEST-NET-2", "198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
	{"TEST-NET-3", "203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
	{"multicast", "223.255.255.255", "224.0.0.0", "239.255.255.255", NULL},
	{"reserved and broadcast", NULL, "240.0.0.0", "255.255.255.255", NULL},
	{"unspecified", NULL, "::", "::", NULL},
	{"IPv6 loopback", NULL, "::1", "::1", NULL},
	{"IPv4-compatible", NULL, "::1.1.1.1", "::255.255.255.255", NULL},
	{"mapped loopback", "::ffff:126.255.255.255", "::ffff:127.0.0.0",
	 "::ffff:127.255.255.255", "::ffff:128.0.0.0"},
	{"mapped private", "::ffff:9.255.255.255", "::ffff:10.0.0.0",
	 "::ffff:10.255.255.255", "::ffff:11.0.0.0"},
	{"mapped metadata", NULL, "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", NULL},
	{"translated IPv4", NULL, "::ffff:0:0:0", "::ffff:0:255.255.255.255", NULL},
	{"NAT64", NULL, "64:ff9b::", "64:ff9b::255.255.255.255", NULL},
	{"local NAT64", NULL, "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", NULL},
	{"discard", NULL, "100::", "100::ffff:ffff:ffff:ffff", NULL},
	{"below 2000::/3", NULL, "100:0:0:1::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2000::"},
	{"Teredo and its like", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
	{"ORCHIDv2", NULL, "2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"documentation", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
	{"6to4", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
	{"6bone", "3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "3ffe::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"documentation 3fff::/20", NULL,
	 "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"},
	{"above 2000::/3", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"SRv6", NULL, "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"unique local", NULL, "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"IPv6 link-local", NULL, "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 NULL},
	{"site-local", NULL, "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"IPv6 multicast", NULL, "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
};

static bool
is_public_text(const char *text)
{
	return qc_address_is_public(socket_address(text, 443));
}

static void
test_ranges(void)
{
	char text[200];

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
	{
		const Range *range = &ranges[i];

		snprintf(text, sizeof(text), "O19: %s, %s to %s, is not public", range->what,
				 range->first, range->last);
		ok(!is_public_text(range->first) && !is_public_text(range->last), text);
		snprintf(text, sizeof(text), "and what surrounds %s is as it was", range->what);
		if (range->before != NULL || range->after != NULL)
			ok((range->before == NULL || is_public_text(range->before)) &&
				   (range->after == NULL || is_public_text(range->after)),
			   text);
	}
	ok(is_public_text("93.184.216.34") && is_public_text("2606:2800:220:1::1"),
	   "what is public is let through");
	storage.ss_family = AF_UNIX;
	ok(!qc_address_is_public((const struct sockaddr *) &storage),
	   "O22: a Unix socket is no public address");
}

static void
test_networks(void)
{
	ok(qc_address_is_listed(socket_address("127.0.0.1", 1), "10.0.0.0/8, 127.0.0.0/8"),
	   "a network of the setting holds its addresses");
	ok(qc_address_is_listed(socket_address("::ffff:127.0.0.1", 1), "127.0.0.0/8"),
	   "and those that are mapped into IPv6");
	ok(!qc_address_is_listed(socket_address("128.0.0.1", 1), "127.0.0.0/8"),
	   "but no others");
	ok(qc_address_is_listed(socket_address("fd00::7", 1), "fd00::/8"),
	   "a network may be one of IPv6");
	ok(!qc_address_is_listed(socket_address("127.0.0.1", 1), ""), "none holds nobody");
	ok(!qc_address_is_listed(socket_address("127.0.0.1", 1), "127.0.0.0/x,localhost"),
	   "what cannot be read holds nobody");
	ok(qc_address_is_own(socket_address("127.0.0.1", 1)),
	   "O19: an interface's address is our own");
	ok(!qc_address_is_own(socket_address("93.184.216.34", 1)), "another is not");
	is_int(qc_address_port(socket_address("127.0.0.1", 5432)), 5432,
		   "the port of IPv4 is known");
	is_int(qc_address_port(socket_address("::1", 5432)), 5432,
		   "the port of IPv6 is known");
}

static const char *
problem(const char *url)
{
	return qc_address_url_problem(url, "");
}

static bool
is_private_problem(const char *url)
{
	const char *said = problem(url);

	return said && strcmp(said, "The URL leads to an address that is not public.") == 0;
}

static void
test_urls(void)
{
	static const char *const private_urls[] = {
		"https://127.0.0.1/",
		"https://2130706433/",
		"https://0x7f.1/",
		"https://0177.0.0.1/",
		"https://127.1/",
		"https://0/",
		"https://[::ffff:7f00:1]/",
		"https://[::1]:8443/x",
		"https://169.254.169.254/",
		"https://10.1.2.3/",
		"https://[fe80::1%25eth0]/",
		"https://0xA9FEA9FE/",
		"https://017700000001/hook",
		"https://192.168.0.1./",
		"https://[64:ff9b::a00:1]/",
		"https://[fd12::1]/",
	};
	char text[120];
	char longest[2100] = "https://example.com/";

	for (size_t i = 0; i < sizeof(private_urls) / sizeof(*private_urls); i++)
	{
		snprintf(text, sizeof(text), "O19: %s is refused at once", private_urls[i]);
		ok(is_private_problem(private_urls[i]), text);
	}
	ok(problem("https://example.com/hook?a=b") == NULL, "a good URL has no problem");
	ok(problem("https://93.184.216.34:8443/") == NULL, "nor has a public address");
	is_str(problem("http://example.com/"), "The URL must begin with https://.",
		   "O19: plain HTTP is refused");
	ok(qc_address_url_problem("http://127.0.0.1:80/", "127.0.0.0/8") == NULL,
	   "unless networks are open to webhooks");
	ok(qc_address_url_problem("https://127.0.0.1/", "10.0.0.0/8") != NULL,
	   "which opens no other network");
	is_str(problem("ftp://example.com/"), "The URL must begin with https://.",
		   "O22: other protocols are refused");
	is_str(problem("file:///etc/passwd"), "This is no absolute URL.",
		   "O22: a file is refused");
	is_str(problem("https://user:pass@example.com/"),
		   "The URL must not hold a user name or a password.",
		   "O25: a password is refused");
	is_str(problem("https://@example.com/"),
		   "The URL must not hold a user name or a password.",
		   "O25: an empty user name too");
	ok(problem("https://example.invalid\\@127.0.0.1/") != NULL,
	   "O19: a backslash is refused");
	ok(problem("https://a.example/\r\nX: y") != NULL, "O25: a line break is refused");
	ok(problem("https://a.example/ b") != NULL, "a blank is refused");
	ok(problem("example.com") != NULL, "a URL without scheme is refused");
	ok(problem("") != NULL, "an empty one too");
	memset(longest + 20, 'a', 2079);
	ok(problem(longest) != NULL, "a URL of more than 2048 bytes is refused");
}

static const char *
host_of(const char *url)
{
	static char host[QC_ADDRESS_HOST_MAX];

	return qc_address_url_host(url, host) ? host : "(none)";
}

static void
test_hosts(void)
{
	is_str(host_of("https://Example.COM/x"), "example.com:443",
		   "a host is known by name and port");
	is_str(host_of("http://example.com"), "example.com:80", "whatever the protocol");
	is_str(host_of("https://example.com:8443/"), "example.com:8443",
		   "with its own port");
	is_str(host_of("smtp://mail.example:2525"), "mail.example:2525",
		   "a mail server too");
	is_str(host_of("smtps://mail.example"), "mail.example:465", "on its usual port");
	is_str(host_of("https://[::1]:9/"), "[::1]:9", "an address of IPv6 in brackets");
	is_str(host_of("nonsense"), "(none)", "what is no URL has no host");
}

int
main(void)
{
	test_ranges();
	test_networks();
	test_urls();
	test_hosts();
	return done();
}
