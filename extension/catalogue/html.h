/*
 * extension/catalogue/html.h
 *		Descriptions of vendors, made safe to show.
 *
 * Pure: no PostgreSQL function is called, so a unit test and a fuzzer reach it all.
 */
#ifndef QC_CATALOGUE_HTML_H
#define QC_CATALOGUE_HTML_H

#include <stddef.h>

/* Takes the next piece of the result. */
typedef void (*QcHtmlSink)(void *state, const char *piece, size_t len);

/*
 * Keep text and the allowed elements and attributes, drop the rest; scripts, styles and
 * embedded things go with what is in them.  The result is balanced, its attributes are
 * quoted, its links lead to http, https, mailto or a path.  What came out once comes out
 * unchanged again.
 */
extern void qc_html_clean(const char *html, size_t len, QcHtmlSink sink, void *state);

#endif /* QC_CATALOGUE_HTML_H */
