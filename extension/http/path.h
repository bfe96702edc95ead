/*
 * extension/http/path.h
 *		Paths of requests and patterns of routes, as segments.
 *
 * Pure: no PostgreSQL function is called, so a unit test and a fuzzer reach it all.
 */
#ifndef QC_HTTP_PATH_H
#define QC_HTTP_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define QC_PATH_MAX_SEGMENTS 16

/* "/products/{id}": segments in order; a parameter's segment is NULL. */
typedef struct QcPathPattern
{
	int nsegments;
	int nparams;
	char *segments[QC_PATH_MAX_SEGMENTS];
	char *params[QC_PATH_MAX_SEGMENTS];
} QcPathPattern;

/*
 * Split a route's path; false when it is not of that form.  The pieces point into
 * text, which is changed.
 */
extern bool qc_path_pattern_parse(QcPathPattern *pattern, char *text);

/* A request's path; segments are decoded and point into its text. */
typedef struct QcPath
{
	int nsegments;
	const char *segments[QC_PATH_MAX_SEGMENTS];
} QcPath;

typedef enum QcPathVerdict
{
	QC_PATH_OK,
	QC_PATH_TOO_LONG, /* more segments than any route has */
	QC_PATH_BAD       /* two readers could read it differently */
} QcPathVerdict;

/*
 * Split at "/", then decode each segment once, in place.  Refused: an encoded slash,
 * backslash, percent sign or control character, a bad escape, "." and "..", ";" and
 * "\", bytes that are not UTF-8.
 */
extern QcPathVerdict qc_path_parse(QcPath *path, char *text);

#endif /* QC_HTTP_PATH_H */
