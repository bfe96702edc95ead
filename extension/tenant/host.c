/*
 * extension/tenant/host.c
 *		One spelling per host; an address that cannot be read is trusted by nobody.
 */
#include "extension/tenant/host.h"

#include <string.h>
#include <strings.h>

#include "extension/core/network.h"

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

bool
qc_host_is_listed(const char *host, const char *list)
{
	const char *piece;
	size_t len;

	while (qc_network_next_piece(&list, &piece, &len))
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

bool
qc_host_is_in_networks(const char *address, const char *networks)
{
	QcAddress parsed;

	return qc_network_read(address, strlen(address), &parsed) &&
		   qc_network_is_listed(&parsed, networks);
}

bool
qc_host_client(const char *forwarded_for, const char *networks, char out[46])
{
	const char *piece;
	size_t len;
	bool is_found = false;

	while (qc_network_next_piece(&forwarded_for, &piece, &len))
	{
		QcAddress address;

		if (!qc_network_read(piece, len, &address))
			return false;
		if (!is_found || !qc_network_is_listed(&address, networks))
		{
			memcpy(out, piece, len);
			out[len] = '\0';
		}
		is_found = true;
	}
	return is_found;
}
