/*
 * gateway/peers.h
 *		Client addresses: who is a trusted proxy, how many connections each holds.
 */
#ifndef GW_PEERS_H
#define GW_PEERS_H

#include <stdbool.h>
#include <sys/socket.h>

typedef struct GwPeers GwPeers;

/* An address in the form of IPv6, IPv4 mapped into it. */
typedef struct GwPeerKey
{
	unsigned char bytes[16];
} GwPeerKey;

/* NULL when the list holds something that is no network. */
extern GwPeers *gw_peers_open(const char *trusted, int max_per_address);
extern bool gw_peers_key(GwPeerKey *key, const struct sockaddr *address);
/* Text of an address that PostgreSQL's inet reads; room for 46 bytes. */
extern void gw_peers_print(const GwPeerKey *key, char *out);
extern bool gw_peers_trusted(const GwPeers *peers, const GwPeerKey *key);
/* False when the address holds its share; else leave must follow. */
extern bool gw_peers_enter(GwPeers *peers, const GwPeerKey *key);
extern void gw_peers_leave(GwPeers *peers, const GwPeerKey *key);
extern void gw_peers_free(GwPeers *peers);

#endif
