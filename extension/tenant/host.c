/*
 * extension/tenant/host.c
 *		One spelling per host; an address that cannot be read is trusted by nobody.
 */
#include "extension/tenant/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define ADDRESS_MAX 46

static bool
is_host_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
		   c == '.';
}

/* "[::1]", as it stands; everything else of the name is checked by the caller. */
static bool
is_bracketed(const char *host, size_t len)
{
	if (len < 4 || host[0] != '[' || host[len - 1] != ']')
		return false;
	return strspn(host + 1, "0123456789abcdefABCDEF:.") == len - 2;
}

/* The length of the name in front of ":port"; 0 when the port is no number. */
static size_t
cut_port(const char *value)
{
	size_t len = strlen(value);
	size_t digits = 0;

	while (digits < len && value[len - digits - 1] >= '0' &&
		   value[len - digits - 1] <= '9')
		digits++;
	if (digits < len && value[len - digits - 1] == ':')
		return digits <= 5 ? len - digits - 1 : 0;
	return len;
}

bool
qc_host_normalise(const char *value, char host[QC_HOST_MAX + 1])
{
	size_t len = cut_port(value);

	if (len > 0 && value[len - 1] == '.')
		len--;
	if (len == 0 || len > QC_HOST_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		host[i] =
			value[i] >= 'A' && value[i] <= 'Z' ? (char) (value[i] | 0x20) : value[i];
	host[len] = '\0';
	if (is_bracketed(host, len))
		return true;
	if (host[0] == '.' || host[len - 1] == '.' || strstr(host, "..") != NULL)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_host_character(host[i]))
			return false;
	return true;
}

/* Take the next piece off a list separated by commas; blanks around it are cut. */
static bool
next_piece(const char **list, const char **piece, size_t *len)
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
qc_host_is_listed(const char *host, const char *list)
{
	const char *piece;
	size_t len;

	while (next_piece(&list, &piece, &len))
		if (strlen(host) == len && strncasecmp(host, piece, len) == 0)
			return true;
	return false;
}

const char *
qc_host_label(const char *host, const char *base, size_t *len)
{
	size_t host_len = strlen(host);
	size_t base_len = strlen(base);

	if (base_len == 0 || host_len <= base_len + 1 ||
		host[host_len - base_len - 1] != '.' ||
		strcasecmp(host + host_len - base_len, base) != 0)
		return NULL;
	*len = host_len - base_len - 1;
	return host;
}

typedef struct Address
{
	unsigned char bytes[16];
	int bits; /* of the whole address: 32 or 128 */
} Address;

static bool
read_address(const char *text, size_t len, Address *address)
{
	char copy[ADDRESS_MAX];

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

static bool
shares_bits(const Address *a, const Address *b, int bits)
{
	int rest = bits % 8;

	if (memcmp(a->bytes, b->bytes, (size_t) (bits / 8)) != 0)
		return false;
	return rest == 0 || (a->bytes[bits / 8] ^ b->bytes[bits / 8]) >> (8 - rest) == 0;
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
is_in_network(const Address *address, const char *piece, size_t len)
{
	const char *slash = memchr(piece, '/', len);
	Address network;
	int bits;

	if (!read_address(piece, slash ? (size_t) (slash - piece) : len, &network) ||
		network.bits != address->bits)
		return false;
	bits = slash ? prefix_length(slash, piece + len, network.bits) : network.bits;
	return bits >= 0 && shares_bits(address, &network, bits);
}

bool
qc_host_is_in_networks(const char *address, const char *networks)
{
	Address parsed;
	const char *piece;
	size_t len;

	if (!read_address(address, strlen(address), &parsed))
		return false;
	while (next_piece(&networks, &piece, &len))
		if (is_in_network(&parsed, piece, len))
			return true;
	return false;
}

bool
qc_host_client(const char *forwarded_for, const char *networks, char out[46])
{
	const char *piece;
	size_t len;
	bool is_found = false;

	while (next_piece(&forwarded_for, &piece, &len))
	{
		char text[ADDRESS_MAX];
		Address address;

		if (!read_address(piece, len, &address))
			return false;
		memcpy(text, piece, len);
		text[len] = '\0';
		if (!is_found || !qc_host_is_in_networks(text, networks))
			memcpy(out, text, len + 1);
		is_found = true;
	}
	return is_found;
}
