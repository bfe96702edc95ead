/*
 * test/unit/gateway_text.c
 *		UTF-8 against a decoder written the slow way, tokens, JSON escapes, networks.
 *
 * link: gateway/text.c gateway/peers.c gateway/arena.c
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "gateway/arena.h"
#include "gateway/peers.h"
#include "gateway/text.h"
#include "tap.h"

/* Encode every code point of a range; true when all come out as wanted. */
static bool
range(unsigned first, unsigned last, bool wanted)
{
	for (unsigned code = first; code <= last; code++)
	{
		char bytes[12] = "aaaaaaaa";
		size_t n = 8;

		if (code < 0x80)
			bytes[n++] = (char) code;
		else if (code < 0x800)
			bytes[n++] = (char) (0xc0 | code >> 6);
		else if (code < 0x10000)
			bytes[n++] = (char) (0xe0 | code >> 12);
		else
			bytes[n++] = (char) (0xf0 | code >> 18);
		if (code >= 0x10000)
			bytes[n++] = (char) (0x80 | (code >> 12 & 0x3f));
		if (code >= 0x800)
			bytes[n++] = (char) (0x80 | (code >> 6 & 0x3f));
		if (code >= 0x80)
			bytes[n++] = (char) (0x80 | (code & 0x3f));
		if (gw_text_is_utf8(bytes, n) != wanted ||
			(code >= 0x80 && gw_text_is_utf8(bytes, n - 1)))
			return false;
	}
	return true;
}

static bool
trusts(const char *list, const char *address)
{
	GwPeers *peers = gw_peers_open(list, 1);
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	GwPeerKey key;
	bool trusted;

	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		gw_peers_key(&key, (struct sockaddr *) &v4);
	else if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1)
		gw_peers_key(&key, (struct sockaddr *) &v6);
	trusted = gw_peers_trusted(peers, &key);
	gw_peers_free(peers);
	return trusted;
}

static void
check_peers(void)
{
	static const char *const bad[] = {
		"x",      "10.0.0.0/33", "10.0.0.0/-1",        "10.0.0.0/",
		"::/129", "a,",          "10.0.0.1,,10.0.0.2", "10.0.0.0/8x"};

	ok(trusts("10.0.0.0/8", "10.255.0.1"), "an address within a network");
	ok(!trusts("10.0.0.0/8", "11.0.0.1"), "one outside");
	ok(trusts("192.168.1.1,10.0.0.0/9", "10.127.0.1"),
	   "a network that ends within a byte");
	ok(!trusts("10.0.0.0/9", "10.128.0.1"), "one outside of that");
	ok(trusts("10.0.0.1", "::ffff:10.0.0.1"), "IPv4 in the form of IPv6");
	ok(trusts("2001:db8::/32", "2001:db8:1::1"), "a network of IPv6");
	ok(!trusts("0.0.0.0/0", "2001:db8::1"), "all of IPv4 is not all of IPv6");
	ok(!trusts("", "127.0.0.1"), "an empty list trusts nobody");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		GwPeers *peers = gw_peers_open(bad[i], 1);

		ok(peers == NULL, bad[i]);
	}
}

static void
check_counting(void)
{
	GwPeers *peers = gw_peers_open("", 2);
	struct sockaddr_in6 address = {.sin6_family = AF_INET6};
	GwPeerKey key;
	GwPeerKey neighbour;

	inet_pton(AF_INET6, "2001:db8::1", &address.sin6_addr);
	gw_peers_key(&key, (struct sockaddr *) &address);
	inet_pton(AF_INET6, "2001:db8::2:3", &address.sin6_addr);
	gw_peers_key(&neighbour, (struct sockaddr *) &address);
	ok(gw_peers_enter(peers, &key) && gw_peers_enter(peers, &neighbour),
	   "two connections are two");
	ok(!gw_peers_enter(peers, &key), "a whole /64 is one client");
	gw_peers_leave(peers, &neighbour);
	ok(gw_peers_enter(peers, &key), "who leaves makes room");
	gw_peers_free(peers);
}

int
main(void)
{
	char out[64];
	size_t n;

	ok(range(0, 0xd7ff, true), "UTF-8: every character up to the surrogates");
	ok(range(0xd800, 0xdfff, false), "UTF-8: no surrogate");
	ok(range(0xe000, 0x10ffff, true), "UTF-8: every character above");
	ok(range(0x110000, 0x13ffff, false), "UTF-8: nothing beyond U+10FFFF");
	ok(!gw_text_is_utf8("\xc0\x80", 2) && !gw_text_is_utf8("\xe0\x80\x80", 3) &&
		   !gw_text_is_utf8("\xf0\x80\x80\x80", 4) && !gw_text_is_utf8("\xc1\xbf", 2),
	   "UTF-8: no overlong form");
	ok(!gw_text_is_utf8("\x80", 1) && !gw_text_is_utf8("a\xbf", 2),
	   "UTF-8: no lone continuation");
	n = 0;
	for (int c = 0; c < 256; c++)
		n += gw_text_is_token_char((unsigned char) c) ==
			 (c > 32 && c < 127 && strchr("\"(),/:;<=>?@[\\]{}", c) == NULL);
	is_int(n, 256, "a token character is any visible one but the delimiters");
	ok(!gw_text_is_token("", 0), "the empty string is no token");
	n = gw_text_json(out, sizeof(out), "a\"\\\n\x7f\xc3", 6);
	out[n] = '\0';
	is_str(out, "a\\u0022\\u005c\\u000a\\u007f\\u00c3",
		   "what could end a line of a log is escaped");
	is_int(gw_text_json(out, 10, "\n\n\n", 3), 6,
		   "what does not fit is left out whole");
	check_peers();
	check_counting();
	gw_arena_trim();
	return done();
}
