/*
 * extension/http/json_limits.h
 *		How large JSON from outside may be, checked before it is parsed.
 *
 * Pure: no PostgreSQL function is called, so a unit test and a fuzzer reach it all.
 */
#ifndef QC_HTTP_JSON_LIMITS_H
#define QC_HTTP_JSON_LIMITS_H

#include <stddef.h>

#define QC_JSON_MAX_DEPTH  32
#define QC_JSON_MAX_VALUES 10000
#define QC_JSON_MAX_DIGITS 40

/*
 * What is too much in a JSON text, as the end of a sentence; NULL when nothing is.
 * Says nothing about syntax: the parser does that, on a text known to be small.
 */
extern const char *qc_json_limits_broken(const char *text, size_t len);

#endif /* QC_HTTP_JSON_LIMITS_H */
