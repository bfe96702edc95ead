/*
 * extension/core/network.h
 *		Network addresses, and lists of networks as settings write them.
 *
 * Pure: no PostgreSQL function is called, so a unit test and a fuzzer reach it all.
 */
#ifndef QC_CORE_NETWORK_H
#define QC_CORE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#define QC_ADDRESS_MAX 46 /* bytes of an address as text, with the zero */

typedef struct QcAddress
{
	unsigned char bytes[16]; /* network order; 4 are used where bits is 32 */
	int bits;                /* of the whole address: 32 or 128 */
} QcAddress;

/* Take the next piece off a list separated by commas; blanks around it are cut. */
extern bool qc_network_next_piece(const char **list, const char **piece, size_t *len);

/* Read an address in its usual spelling; false when it is none. */
extern bool qc_network_read(const char *text, size_t len, QcAddress *address);

/* Do the first bits of both agree? */
extern bool qc_network_shares_bits(const unsigned char *a, const unsigned char *b,
								   int bits);

/*
 * Does an address lie in one of the networks of a list ("10.0.0.0/8,::1")?  What cannot
 * be read in the list holds nobody.
 */
extern bool qc_network_is_listed(const QcAddress *address, const char *networks);

#endif /* QC_CORE_NETWORK_H */
