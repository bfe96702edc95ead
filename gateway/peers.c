/*
 * gateway/peers.c
 *		A list of networks and a chained hash of counters.
 *
 * An IPv6 client owns a whole /64, so that is what is counted.  Trusted proxies
 * carry everybody's connections and are not counted.
 */
#include "gateway/peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "gateway/arena.h"

#define BUCKETS     1024
#define TEXT_MAX    64
#define MAPPED_BITS 96 /* of ::ffff:0:0 in front of an IPv4 address */

typedef struct Network
{
	GwPeerKey key;
	int bits;
} Network;

typedef struct Counter
{
	struct Counter *next;
	GwPeerKey key;
	int count;
} Counter;

struct GwPeers
{
	Network *trusted;
	int trusted_count;
	int max;
	uint64_t seed; /* so that nobody can aim at one bucket */
	Counter *buckets[BUCKETS];
};

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0,    0,
												0, 0, 0, 0, 0xff, 0xff};

static bool add_network(GwPeers *peers, const char *text, size_t len);
static bool same_bits(const GwPeerKey *left, const GwPeerKey *right, int bits);
static bool is_mapped(const GwPeerKey *key);
static GwPeerKey counted(const GwPeerKey *key);
static Counter **find(GwPeers *peers, const GwPeerKey *key);

GwPeers *
gw_peers_open(const char *trusted, int max_per_address)
{
	GwPeers *peers = gw_alloc(sizeof(*peers));

	*peers = (GwPeers){.max = max_per_address};
	if (getrandom(&peers->seed, sizeof(peers->seed), 0) != sizeof(peers->seed))
		peers->seed = (uint64_t) (uintptr_t) peers;
	while (*trusted != '\0')
	{
		size_t len = strcspn(trusted, ",");

		if (!add_network(peers, trusted, len))
		{
			gw_peers_free(peers);
			return NULL;
		}
		trusted += len + (trusted[len] == ',' ? 1 : 0);
	}
	return peers;
}

bool
gw_peers_key(GwPeerKey *key, const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6)
	{
		memcpy(key->bytes, &((const struct sockaddr_in6 *) address)->sin6_addr, 16);
		return true;
	}
	if (address->sa_family != AF_INET)
		return false;
	memcpy(key->bytes, mapped_prefix, sizeof(mapped_prefix));
	memcpy(key->bytes + sizeof(mapped_prefix),
		   &((const struct sockaddr_in *) address)->sin_addr, 4);
	return true;
}

void
gw_peers_print(const GwPeerKey *key, char *out)
{
	if (is_mapped(key))
		inet_ntop(AF_INET, key->bytes + sizeof(mapped_prefix), out, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, key->bytes, out, INET6_ADDRSTRLEN);
}

bool
gw_peers_trusted(const GwPeers *peers, const GwPeerKey *key)
{
	for (int i = 0; i < peers->trusted_count; i++)
	{
		if (same_bits(&peers->trusted[i].key, key, peers->trusted[i].bits))
			return true;
	}
	return false;
}

bool
gw_peers_enter(GwPeers *peers, const GwPeerKey *key)
{
	GwPeerKey short_key = counted(key);
	Counter **at = find(peers, &short_key);

	if (*at == NULL)
	{
		*at = gw_alloc(sizeof(Counter));
		**at = (Counter){.key = short_key};
	}
	if ((*at)->count >= peers->max)
		return false;
	(*at)->count++;
	return true;
}

void
gw_peers_leave(GwPeers *peers, const GwPeerKey *key)
{
	GwPeerKey short_key = counted(key);
	Counter **at = find(peers, &short_key);
	Counter *counter = *at;

	if (counter == NULL || --counter->count > 0)
		return;
	*at = counter->next;
	free(counter);
}

void
gw_peers_free(GwPeers *peers)
{
	for (int i = 0; i < BUCKETS; i++)
	{
		while (peers->buckets[i] != NULL)
		{
			Counter *counter = peers->buckets[i];

			peers->buckets[i] = counter->next;
			free(counter);
		}
	}
	free(peers->trusted);
	free(peers);
}

static bool
add_network(GwPeers *peers, const char *text, size_t len)
{
	char name[TEXT_MAX];
	char *slash;
	char *end = NULL;
	Network network = {.bits = 128};
	long bits = -1;
	int offset = 0;

	if (len == 0 || len >= sizeof(name))
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	slash = strchr(name, '/');
	if (slash != NULL)
	{
		*slash = '\0';
		bits = strtol(slash + 1, &end, 10);
		if (end == slash + 1 || *end != '\0' || bits < 0)
			return false;
	}
	if (inet_pton(AF_INET, name, network.key.bytes + sizeof(mapped_prefix)) == 1)
	{
		memcpy(network.key.bytes, mapped_prefix, sizeof(mapped_prefix));
		offset = MAPPED_BITS;
	}
	else if (inet_pton(AF_INET6, name, network.key.bytes) != 1)
		return false;
	if (slash != NULL)
		network.bits = offset + (int) bits;
	if (network.bits > 128)
		return false;
	peers->trusted = gw_realloc(peers->trusted,
								(size_t) (peers->trusted_count + 1) * sizeof(Network));
	peers->trusted[peers->trusted_count++] = network;
	return true;
}

static bool
same_bits(const GwPeerKey *left, const GwPeerKey *right, int bits)
{
	int whole = bits / 8;
	int mask = 0xff00 >> (bits % 8) & 0xff;

	if (memcmp(left->bytes, right->bytes, (size_t) whole) != 0)
		return false;
	return mask == 0 || ((left->bytes[whole] ^ right->bytes[whole]) & mask) == 0;
}

static bool
is_mapped(const GwPeerKey *key)
{
	return memcmp(key->bytes, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

static GwPeerKey
counted(const GwPeerKey *key)
{
	GwPeerKey out = *key;

	if (!is_mapped(key))
		memset(out.bytes + 8, 0, 8);
	return out;
}

static Counter **
find(GwPeers *peers, const GwPeerKey *key)
{
	uint64_t hash = peers->seed;
	Counter **at;

	for (size_t i = 0; i < sizeof(key->bytes); i++)
		hash = (hash ^ key->bytes[i]) * UINT64_C(1099511628211);
	at = &peers->buckets[(hash ^ hash >> 32) % BUCKETS];
	while (*at != NULL && memcmp((*at)->key.bytes, key->bytes, sizeof(key->bytes)) != 0)
		at = &(*at)->next;
	return at;
}
