/*
 * extension/mail/locale.h
 *		How dates, numbers and amounts are written, and which plural a number takes.
 *
 * Follows the Unicode CLDR for the locales that mails are shipped in; a locale that is
 * not known here writes as English does.  Pure.
 */
#ifndef QC_MAIL_LOCALE_H
#define QC_MAIL_LOCALE_H

#include "postgres.h"

#include "lib/stringinfo.h"

typedef struct QcLocale QcLocale;

/* The locale of a tag: "de", "de-AT" and "DE_at" are German. */
extern const QcLocale *qc_locale_find(const char *tag);

extern bool qc_locale_is_rtl(const QcLocale *locale);

/* A date from the first ten characters of ISO 8601; false when they are no date. */
extern bool qc_locale_date(const QcLocale *locale, const char *iso, StringInfo out);
extern bool qc_locale_month(const QcLocale *locale, const char *iso, StringInfo out);

/* A decimal ("-1234.50") with its separators; false when it is none. */
extern bool qc_locale_number(const QcLocale *locale, const char *decimal,
							 StringInfo out);
extern bool qc_locale_percent(const QcLocale *locale, const char *decimal,
							  StringInfo out);

/* A decimal with the sign of a currency (ISO 4217), or its code. */
extern bool qc_locale_money(const QcLocale *locale, const char *decimal,
							const char *currency, StringInfo out);

/* "zero", "one", "two", "few", "many" or "other". */
extern const char *qc_locale_plural(const QcLocale *locale, int64 number);

#endif /* QC_MAIL_LOCALE_H */
