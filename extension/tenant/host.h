/*
 * extension/tenant/host.h
 *		Host names and network addresses as text, normalised once.
 *
 * Pure: no PostgreSQL function is called, so a unit test and a fuzzer reach it all.
 */
#ifndef QC_TENANT_HOST_H
#define QC_TENANT_HOST_H

#include <stdbool.h>
#include <stddef.h>

#define QC_HOST_MAX 253

/*
 * Normalise the value of a Host header: lower case, without port and final dot.  False
 * when it is no host name: empty, too long, with userinfo, blanks, empty labels or
 * other characters than letters, digits, "-", "_" and ".".  Addresses pass.
 */
extern bool qc_host_normalise(const char *value, char host[QC_HOST_MAX + 1]);

/* Is the host one of a list separated by commas? */
extern bool qc_host_is_listed(const char *host, const char *list);

/*
 * The part in front of ".base"; NULL when the host does not lie below it.  Its length
 * is put into *len.
 */
extern const char *qc_host_label(const char *host, const char *base, size_t *len);

/* Does an address lie in one of the networks of a list ("10.0.0.0/8,::1")? */
extern bool qc_host_is_in_networks(const char *address, const char *networks);

/*
 * The client behind our own proxies: the last address of X-Forwarded-For that is not
 * one of theirs, else the first.  Copies it into out (46 bytes); false when the header
 * holds something that is no address.
 */
extern bool qc_host_client(const char *forwarded_for, const char *networks,
						   char out[46]);

#endif /* QC_TENANT_HOST_H */
