/*
 * extension/http/decode.h
 *		Percent-decoding, UTF-8, queries and header blocks: bytes from outside.
 *
 * Pure: no PostgreSQL function is called, so a unit test and a fuzzer reach it all.
 * Everything is decoded in place; results point into the text they were made from.
 */
#ifndef QC_HTTP_DECODE_H
#define QC_HTTP_DECODE_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of text: len bytes, followed by a NUL that is not counted. */
typedef struct QcPiece
{
	char *at;
	size_t len;
} QcPiece;

/*
 * Decode %XX, and "+" as a blank when told to, in place; the new length, or -1 for a
 * bad escape.
 */
extern long qc_decode_percent(char *text, size_t len, bool plus_is_blank);

/* Well-formed UTF-8 without NUL: no overlong forms, surrogates or stray bytes. */
extern bool qc_decode_is_utf8(const char *text, size_t len);

/*
 * Take the next name=value of a query or form off *rest, decoded; false when there is
 * none left.  *bad is set when an escape is bad or the bytes are not UTF-8.  A bare name
 * has an empty value.
 */
extern bool qc_decode_pair(char **rest, QcPiece *name, QcPiece *value, bool *bad);

/*
 * Take the next "name: value" line off *rest; false when there is none left.  The name
 * comes in lower case, the value without blanks around it.  *bad is set for a line
 * without a colon or with an impossible name.
 */
extern bool qc_decode_header(char **rest, QcPiece *name, QcPiece *value, bool *bad);

#endif /* QC_HTTP_DECODE_H */
