/*
 * extension/core/settings.h
 *		Values of the table settings, read anew in every transaction.
 */
#ifndef QC_CORE_SETTINGS_H
#define QC_CORE_SETTINGS_H

#include "postgres.h"

/* What a setting holds; the fallback when there is no such row or another type. */
extern bool qc_setting_bool(const char *key, bool fallback);
extern int64 qc_setting_int(const char *key, int64 fallback);
extern char *qc_setting_text(const char *key, const char *fallback); /* palloc'd */

#endif /* QC_CORE_SETTINGS_H */
