/*
 * extension/outbox/address.h
 *		Where a URL that a user chose may lead.
 *
 * Two checks: of the URL's text, when an endpoint is made and before each attempt; and
 * of the address that is really connected to, for only that one cannot be disguised by
 * spelling or by a name server.  Pure: nothing is allocated by palloc, nothing raised.
 */
#ifndef QC_OUTBOX_ADDRESS_H
#define QC_OUTBOX_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct sockaddr;

#define QC_ADDRESS_HOST_MAX 300 /* bytes of "host:port" with the zero */

/*
 * What is wrong with a URL that a user chose: a sentence for him, NULL = nothing.
 * networks: qutecart.webhook_networks; only where there are any may it be http://.
 */
extern const char *qc_address_url_problem(const char *url, const char *networks);

/* "host:port" of a URL, the host in lower case; false when it cannot be read. */
extern bool qc_address_url_host(const char *url, char host[QC_ADDRESS_HOST_MAX]);

/* Is it an address of the public Internet? */
extern bool qc_address_is_public(const struct sockaddr *address);

/* Does it lie in one of the networks of a list? */
extern bool qc_address_is_listed(const struct sockaddr *address, const char *networks);

/* Is it an address of one of this machine's interfaces? */
extern bool qc_address_is_own(const struct sockaddr *address);

/* Its port; 0 = it has none. */
extern int qc_address_port(const struct sockaddr *address);

#endif /* QC_OUTBOX_ADDRESS_H */
