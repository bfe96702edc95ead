/*
 * extension/core/durations.h
 *		Lists of durations as settings write them: "5s,30min,2h".
 */
#ifndef QC_CORE_DURATIONS_H
#define QC_CORE_DURATIONS_H

#include <stdint.h>

#define QC_DURATIONS_MAX 32

/*
 * Read a list into out, which holds QC_DURATIONS_MAX, in milliseconds; units are ms, s,
 * min, h and d.  Returns how many there are, 0 for an empty text, -1 when something is
 * not a duration, is longer than 30 days, or there are too many.
 */
extern int qc_durations_parse(const char *text, int64_t *out);

#endif /* QC_CORE_DURATIONS_H */
