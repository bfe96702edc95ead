/*
 * extension/mail/localize.h
 *		From the data of a mail to what a person reads: dates, amounts, counts.
 *
 * Data are the same in every language; each kind of mail says of what sort its fields
 * are, as {"trial_days": "count", "usage.used": "count", "amount": "money:currency"}:
 *
 *	date, month   an ISO 8601 time -> "November 24, 2026", "November 2026"
 *	number        2048 -> "2,048"
 *	money:F       a decimal -> "$29.00", in the currency of the field F beside it
 *	percent       80 -> {n: "80%", bar: "80"}; bar is a width, from 1 to 100
 *	count         14 -> {n: "14", is_zero, is_unlimited (-1), and the plural's name:
 *	              zero, one, two, few, many, other – one of them true}
 *	choice:A,B    "A" -> {A: true, B: false}
 *
 * A field that is absent or null stays so.  Pure.
 */
#ifndef QC_MAIL_LOCALIZE_H
#define QC_MAIL_LOCALIZE_H

#include "postgres.h"

#include "extension/mail/locale.h"
#include "extension/mail/template.h"

/* Change data in place; false when a field's value does not fit its sort. */
extern bool qc_localize_data(QcValue *data, const QcValue *fields,
							 const QcLocale *locale, QcTemplateProblem *problem);

#endif /* QC_MAIL_LOCALIZE_H */
