/*
 * extension/outbox/backoff.h
 *		How long to wait before the next attempt.
 */
#ifndef QC_OUTBOX_BACKOFF_H
#define QC_OUTBOX_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define QC_RETRY_AFTER_MAX (24 * 3600) /* seconds */

/*
 * Milliseconds to wait after so many attempts failed: anything from 0 to the delay of
 * that number (full jitter), but not less than the receiver asked for in seconds, 24
 * hours at most; -1 = it said nothing.  luck is a random number from 0 to below 1.
 * Returns -1 when the delays are used up.
 */
extern int64_t qc_backoff_delay(const int64_t *delays, int count, int attempts,
								int retry_after, double luck);

/*
 * Milliseconds for which nothing leaves a lane after so many failures in a row: 30
 * seconds after the fifth, twice as long after each further one, an hour at most, and up
 * to a quarter more by luck.
 */
extern int64_t qc_backoff_circuit(int failures, double luck);

#define QC_CIRCUIT_FAILURES 5 /* in a row, that close a lane */

/*
 * What so many more failures make of so many failures of a lane.  What was in flight
 * together when the lane failed counts up to the fifth only, and while it is closed
 * nothing counts.
 */
extern int qc_backoff_count(int failures, int more, bool is_closed);

#endif /* QC_OUTBOX_BACKOFF_H */
