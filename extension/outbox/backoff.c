/*
 * extension/outbox/backoff.c
 *		How long to wait before the next attempt.
 *
 * Full jitter spreads what failed together over the whole delay, so that a receiver
 * that comes back is not met by all of it at once.
 */
#include "extension/outbox/backoff.h"

#define SECOND          INT64_C(1000)
#define CIRCUIT_FIRST   (30 * SECOND)
#define CIRCUIT_LONGEST (3600 * SECOND)

int64_t
qc_backoff_delay(const int64_t *delays, int count, int attempts, int retry_after,
				 double luck)
{
	int64_t delay;
	int64_t asked;

	if (attempts < 1 || attempts > count)
		return -1;
	delay = (int64_t) ((double) delays[attempts - 1] * luck);
	if (retry_after > QC_RETRY_AFTER_MAX)
		retry_after = QC_RETRY_AFTER_MAX;
	asked = retry_after * SECOND;
	return delay < asked ? asked : delay;
}

int64_t
qc_backoff_circuit(int failures, double luck)
{
	int64_t time = CIRCUIT_FIRST;

	for (int i = QC_CIRCUIT_FAILURES; i < failures && time < CIRCUIT_LONGEST; i++)
		time *= 2;
	if (time > CIRCUIT_LONGEST)
		time = CIRCUIT_LONGEST;
	return time + (int64_t) ((double) time / 4 * luck);
}

int
qc_backoff_count(int failures, int more, bool is_closed)
{
	if (is_closed || more == 0)
		return failures;
	if (failures >= QC_CIRCUIT_FAILURES)
		return failures + 1;
	return failures + more < QC_CIRCUIT_FAILURES ? failures + more
												 : QC_CIRCUIT_FAILURES;
}
