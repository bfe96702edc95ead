/*
 * extension/core/toml_text.h
 *		The words, strings and comments of TOML; for the reader alone.
 */
#ifndef QC_CORE_TOML_TEXT_H
#define QC_CORE_TOML_TEXT_H

#include "extension/core/toml.h"

/* An event, or an error, begins where the reader is. */
extern void qc_toml_mark(QcToml *t);

/* Note what is wrong, here; false. */
extern bool qc_toml_refuse(QcToml *t, const char *fmt, ...)
	__attribute__((format(gnu_printf, 2, 3)));

/* The character so far ahead, or 0 at the end; a NUL byte fits nowhere either. */
extern char qc_toml_peek(const QcToml *t, int ahead);

/* May the character stand in a name without quotes? */
extern bool qc_toml_is_bare(char c);

/* A number or a boolean, into the buffer. */
extern QcTomlEvent qc_toml_read_word(QcToml *t);

/* "with escapes" or 'as it is', on one line; into the buffer. */
extern bool qc_toml_read_string(QcToml *t);

/* False when there is a comment that is no text. */
extern bool qc_toml_skip_comment(QcToml *t);

#endif /* QC_CORE_TOML_TEXT_H */
