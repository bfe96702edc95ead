/*
 * extension/core/network.c
 *		Network addresses; one that cannot be read lies in no network.
 */
#include "extension/core/network.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

bool
qc_network_next_piece(const char **list, const char **piece, size_t *len)
{
	*list += strspn(*list, ", \t");
	if (**list == '\0')
		return false;
	*piece = *list;
	*len = strcspn(*list, ",");
	*list += *len;
	while (*len > 0 && ((*piece)[*len - 1] == ' ' || (*piece)[*len - 1] == '\t'))
		(*len)--;
	return true;
}

bool
qc_network_read(const char *text, size_t len, QcAddress *address)
{
	char copy[QC_ADDRESS_MAX];

	if (len == 0 || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (inet_pton(AF_INET, copy, address->bytes) == 1)
		address->bits = 32;
	else if (inet_pton(AF_INET6, copy, address->bytes) == 1)
		address->bits = 128;
	else
		return false;
	return true;
}

bool
qc_network_shares_bits(const unsigned char *a, const unsigned char *b, int bits)
{
	int rest = bits % 8;

	if (memcmp(a, b, (size_t) (bits / 8)) != 0)
		return false;
	return rest == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0;
}

/* The number behind the slash; -1 when it is none, or too large. */
static int
prefix_length(const char *slash, const char *end, int most)
{
	int bits = 0;

	if (++slash == end)
		return -1;
	for (; slash < end; slash++)
	{
		if (*slash < '0' || *slash > '9' || bits > most)
			return -1;
		bits = bits * 10 + (*slash - '0');
	}
	return bits > most ? -1 : bits;
}

static bool
is_in_network(const QcAddress *address, const char *piece, size_t len)
{
	const char *slash = memchr(piece, '/', len);
	QcAddress network;
	int bits;

	if (!qc_network_read(piece, slash ? (size_t) (slash - piece) : len, &network) ||
		network.bits != address->bits)
		return false;
	bits = slash ? prefix_length(slash, piece + len, network.bits) : network.bits;
	return bits >= 0 && qc_network_shares_bits(address->bytes, network.bytes, bits);
}

bool
qc_network_is_listed(const QcAddress *address, const char *networks)
{
	const char *piece;
	size_t len;

	while (qc_network_next_piece(&networks, &piece, &len))
		if (is_in_network(address, piece, len))
			return true;
	return false;
}
