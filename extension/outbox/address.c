/*
 * extension/outbox/address.c
 *		Where a URL that a user chose may lead.
 *
 * IPv4 is public unless a network below says otherwise; IPv6 only inside 2000::/3, less
 * the networks below.  That leaves out what no list could keep up with: unique local,
 * link-local, multicast, loopback, compatible and translated addresses, NAT64, SRv6.
 * An IPv4 address mapped into IPv6 is judged as the IPv4 address that it is.
 *
 * URLs are taken apart by libcurl alone: two parsers are two opinions.
 */
#include "extension/outbox/address.h"

#include <curl/curl.h>
#include <curl/urlapi.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "extension/core/network.h"

#define URL_MAX 2048

typedef struct Network
{
	unsigned char bytes[4]; /* the rest is zero */
	int bits;
} Network;

/* IANA's registry of special-purpose IPv4 addresses, and what is no unicast. */
static const Network private_4[] = {
	{{0}, 8},             /* this network */
	{{10}, 8},            /* private */
	{{100, 64}, 10},      /* shared by a carrier's customers */
	{{127}, 8},           /* loopback */
	{{169, 254}, 16},     /* link-local; the clouds' metadata */
	{{172, 16}, 12},      /* private */
	{{192, 0, 0}, 24},    /* protocol assignments */
	{{192, 0, 2}, 24},    /* documentation */
	{{192, 88, 99}, 24},  /* 6to4 relays */
	{{192, 168}, 16},     /* private */
	{{198, 18}, 15},      /* benchmarks */
	{{198, 51, 100}, 24}, /* documentation */
	{{203, 0, 113}, 24},  /* documentation */
	{{224}, 4},           /* multicast */
	{{240}, 4},           /* reserved; broadcast */
};

static const Network global_6 = {{0x20}, 3};

static const Network private_6[] = {
	{{0x20, 0x01, 0x00}, 23},       /* protocol assignments: Teredo, ORCHID, … */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
	{{0x20, 0x02}, 16},             /* 6to4 */
	{{0x3f, 0xfe}, 16},             /* the former 6bone */
	{{0x3f, 0xff, 0x00}, 20},       /* documentation */
};

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

/* The bytes of a socket address, mapped ones unwrapped; false for other families. */
static bool
read_address(const struct sockaddr *from, QcAddress *address)
{
	memset(address, 0, sizeof(*address));
	if (from->sa_family == AF_INET)
	{
		memcpy(address->bytes, &((const struct sockaddr_in *) from)->sin_addr, 4);
		address->bits = 32;
		return true;
	}
	if (from->sa_family != AF_INET6)
		return false;
	memcpy(address->bytes, &((const struct sockaddr_in6 *) from)->sin6_addr, 16);
	address->bits = 128;
	if (memcmp(address->bytes, mapped, sizeof(mapped)) == 0)
	{
		memmove(address->bytes, address->bytes + 12, 4);
		memset(address->bytes + 4, 0, 12);
		address->bits = 32;
	}
	return true;
}

static bool
is_in(const QcAddress *address, const Network *networks, int count)
{
	for (int i = 0; i < count; i++)
		if (qc_network_shares_bits(address->bytes, networks[i].bytes, networks[i].bits))
			return true;
	return false;
}

static bool
is_public(const QcAddress *address)
{
	if (address->bits == 32)
		return !is_in(address, private_4, sizeof(private_4) / sizeof(*private_4));
	return is_in(address, &global_6, 1) &&
		   !is_in(address, private_6, sizeof(private_6) / sizeof(*private_6));
}

bool
qc_address_is_public(const struct sockaddr *address)
{
	QcAddress parsed;

	return read_address(address, &parsed) && is_public(&parsed);
}

bool
qc_address_is_listed(const struct sockaddr *address, const char *networks)
{
	QcAddress parsed;

	return read_address(address, &parsed) && qc_network_is_listed(&parsed, networks);
}

/* Asked anew each time: interfaces come and go.  What cannot be asked is our own. */
bool
qc_address_is_own(const struct sockaddr *address)
{
	QcAddress wanted;
	struct ifaddrs *list;
	bool is_own = false;

	if (!read_address(address, &wanted) || getifaddrs(&list) != 0)
		return true;
	for (struct ifaddrs *one = list; one != NULL && !is_own; one = one->ifa_next)
	{
		QcAddress own;

		is_own = one->ifa_addr != NULL && read_address(one->ifa_addr, &own) &&
				 own.bits == wanted.bits &&
				 memcmp(own.bytes, wanted.bytes, sizeof(own.bytes)) == 0;
	}
	freeifaddrs(list);
	return is_own;
}

int
qc_address_port(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return ntohs(((const struct sockaddr_in *) address)->sin_port);
	if (address->sa_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *) address)->sin6_port);
	return 0;
}

/* A part of a URL, copied; false when there is none or it does not fit. */
static bool
get_part(CURLU *url, CURLUPart part, unsigned flags, char *out, size_t size)
{
	char *value = NULL;
	bool fits;

	if (curl_url_get(url, part, &value, flags) != CURLUE_OK)
		return false;
	fits = strlen(value) < size;
	if (fits)
		strcpy(out, value); /* NOLINT: measured one line above */
	curl_free(value);
	return fits;
}

/* A host that is written as an address; names are looked at when they are resolved. */
static const char *
host_problem(char *host, const char *networks)
{
	QcAddress address;
	size_t len = strlen(host);

	if (host[0] == '[')
	{
		memmove(host, host + 1, len);
		host[strcspn(host, "]%")] = '\0';
	}
	else if (len > 0 && host[len - 1] == '.')
		host[len - 1] = '\0';
	if (!qc_network_read(host, strlen(host), &address))
		return NULL;
	if (address.bits == 128 && memcmp(address.bytes, mapped, sizeof(mapped)) == 0)
	{
		memmove(address.bytes, address.bytes + 12, 4);
		address.bits = 32;
	}
	if (is_public(&address) || qc_network_is_listed(&address, networks))
		return NULL;
	return "The URL leads to an address that is not public.";
}

static const char *
parsed_problem(CURLU *url, const char *networks)
{
	char scheme[16];
	char host[QC_ADDRESS_HOST_MAX];

	if (!get_part(url, CURLUPART_SCHEME, 0, scheme, sizeof(scheme)) ||
		!get_part(url, CURLUPART_HOST, 0, host, sizeof(host)))
		return "This is no absolute URL.";
	if (strcmp(scheme, "https") != 0 &&
		(strcmp(scheme, "http") != 0 || networks[strspn(networks, ", \t")] == '\0'))
		return "The URL must begin with https://.";
	return host_problem(host, networks);
}

const char *
qc_address_url_problem(const char *url, const char *networks)
{
	CURLU *parsed;
	CURLUcode code;
	const char *problem;

	if (strlen(url) > URL_MAX)
		return "The URL is longer than 2048 bytes.";
	for (const char *c = url; *c != '\0'; c++)
		if ((unsigned char) *c <= ' ' || *c == 0x7f || *c == '\\')
			return "The URL must not hold blanks, control characters or backslashes.";
	parsed = curl_url();
	if (parsed == NULL)
		return "The URL could not be read.";
	code = curl_url_set(parsed, CURLUPART_URL, url,
						CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER);
	if (code == CURLUE_USER_NOT_ALLOWED)
		problem = "The URL must not hold a user name or a password.";
	else if (code != CURLUE_OK)
		problem = "This is no absolute URL.";
	else
		problem = parsed_problem(parsed, networks);
	curl_url_cleanup(parsed);
	return problem;
}

bool
qc_address_url_host(const char *url, char host[QC_ADDRESS_HOST_MAX])
{
	CURLU *parsed = curl_url();
	char port[8];
	bool is_read =
		parsed != NULL &&
		curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) ==
			CURLUE_OK &&
		get_part(parsed, CURLUPART_HOST, 0, host, QC_ADDRESS_HOST_MAX - sizeof(port)) &&
		get_part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof(port));

	curl_url_cleanup(parsed);
	if (!is_read)
		return false;
	for (char *c = host; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c |= 0x20;
	strcat(strcat(host, ":"), port); /* NOLINT: room was kept for both */
	return true;
}
