/*
 * extension/outbox/excerpt.h
 *		The beginning of an answer, fit to be stored as text.
 */
#ifndef QC_OUTBOX_EXCERPT_H
#define QC_OUTBOX_EXCERPT_H

#include <stddef.h>

#define QC_EXCERPT_MAX 1024 /* bytes */

/*
 * Write the first bytes of an answer to out, which holds QC_EXCERPT_MAX + 1, as valid
 * UTF-8 without zero bytes: what is not stands as U+FFFD.  Characters are never cut.
 * Returns the length.
 */
extern size_t qc_excerpt_make(const char *bytes, size_t len, char *out);

#endif /* QC_OUTBOX_EXCERPT_H */
