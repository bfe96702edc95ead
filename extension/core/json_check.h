/*
 * extension/core/json_check.h
 *		Is a text from outside JSON that can be read without surprises?
 */
#ifndef QC_CORE_JSON_CHECK_H
#define QC_CORE_JSON_CHECK_H

#include "postgres.h"

/*
 * Valid UTF-8 and JSON, without zero characters, nested no deeper than that?  Asked
 * before reading, so that nothing raises an error of its own.
 */
extern bool qc_json_is_sound(const char *text, int len, int max_depth);

/* The same without the JSON, for who parses it himself and meets what is wrong. */
extern bool qc_json_is_bounded(const char *text, int len, int max_depth);

#endif /* QC_CORE_JSON_CHECK_H */
