/*
 * test/unit/backoff_test.c
 *		How long to wait before the next attempt.
 */
#include "extension/outbox/backoff.c"

#include "tap.h"

#define ALMOST_ONE 0.999999

static const int64_t delays[] = {5000, 300000, 86400000};

static int64_t
delay(int attempts, int retry_after, double luck)
{
	return qc_backoff_delay(delays, 3, attempts, retry_after, luck);
}

int
main(void)
{
	/* O10 */
	is_int(delay(1, -1, 0), 0, "O10: the first delay may be nothing");
	is_int(delay(1, -1, 0.5), 2500, "O10: half of it by chance");
	ok(delay(1, -1, ALMOST_ONE) < 5000, "O10: and never more than the setting says");
	is_int(delay(2, -1, 0.5), 150000, "O10: each attempt has its own delay");
	is_int(delay(3, -1, 0.5), 43200000, "O10: up to the last");
	is_int(delay(4, -1, 0.5), -1, "O09: after which there is none");
	is_int(delay(0, -1, 0.5), -1, "what was not tried has none");
	is_int(qc_backoff_delay(delays, 0, 1, -1, 0.5), -1,
		   "O09: without delays there is one attempt");
	is_int(delay(1, 60, 0.5), 60000, "O10: what the receiver asks for is honoured");
	is_int(delay(2, 60, 0.5), 150000, "O10: where it is longer than the delay");
	is_int(delay(1, 0, 0.5), 2500, "O10: nothing asked for changes nothing");
	is_int(delay(1, 2000000000, 0.5), 86400000, "O10: and no more than 24 hours");

	is_int(qc_backoff_circuit(5, 0), 30000, "O10: a lane is closed for 30 seconds");
	is_int(qc_backoff_circuit(6, 0), 60000, "O10: then for twice as long");
	is_int(qc_backoff_circuit(11, 0), 1920000, "O10: and so on");
	is_int(qc_backoff_circuit(12, 0), 3600000, "O10: up to an hour");
	is_int(qc_backoff_circuit(2000000000, 0), 3600000, "O10: and never longer");
	ok(qc_backoff_circuit(5, ALMOST_ONE) > 37000 &&
		   qc_backoff_circuit(5, ALMOST_ONE) <= 37500,
	   "O10: but for a quarter, by chance");

	is_int(qc_backoff_count(0, 1, false), 1, "a failure is counted");
	is_int(qc_backoff_count(3, 8, false), 5, "eight at once close a lane, once");
	is_int(qc_backoff_count(5, 1, false), 6, "a probe that fails counts");
	is_int(qc_backoff_count(5, 8, false), 6, "as one");
	is_int(qc_backoff_count(5, 8, true), 5, "a closed lane counts nothing");
	is_int(qc_backoff_count(4, 0, false), 4, "nor does no failure");
	return done();
}
