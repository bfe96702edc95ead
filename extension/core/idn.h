/*
 * extension/core/idn.h
 *		Names of hosts in any script: as DNS has them, and whether they may be.
 *
 * By ICU, which PostgreSQL is built with: UTS 46 for the form, UTS 39 for what deceives.
 * Pure otherwise: no PostgreSQL function is called.
 */
#ifndef QC_CORE_IDN_H
#define QC_CORE_IDN_H

#include <stdbool.h>
#include <stddef.h>

#define QC_IDN_ASCII_MAX   253
#define QC_IDN_UNICODE_MAX 1024 /* bytes */

typedef struct QcIdnName
{
	char ascii[QC_IDN_ASCII_MAX + 1];     /* lower case, "xn--…" for other scripts */
	char unicode[QC_IDN_UNICODE_MAX + 1]; /* as people read it, UTF-8 */
	int characters;                       /* of unicode */
} QcIdnName;

/*
 * Take a label or several with dots between, in UTF-8 or as "xn--…".  Returns NULL, or
 * what is wrong with it as the end of a sentence: not a name at all, scripts that are
 * not written together in one label, letters that pass for others.
 */
extern const char *qc_idn_read(const char *text, QcIdnName *name);

#endif /* QC_CORE_IDN_H */
