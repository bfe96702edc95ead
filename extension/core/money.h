/*
 * extension/core/money.h
 *		Amounts as whole hundredths, numeric(14,2) in the tables.
 *
 * The text half is pure: no PostgreSQL function is called.
 */
#ifndef QC_CORE_MONEY_H
#define QC_CORE_MONEY_H

#include "postgres.h"

#include "extension/core/json.h"

#define QC_MONEY_MAX  INT64CONST(99999999999999) /* 999999999999.99 */
#define QC_MONEY_TEXT 24                         /* bytes that any amount fits in */

typedef enum QcMoneyVerdict
{
	QC_MONEY_OK,
	QC_MONEY_NOT_A_NUMBER,
	QC_MONEY_TOO_PRECISE, /* more than two decimals that count */
	QC_MONEY_TOO_LARGE
} QcMoneyVerdict;

/* "-12", "12.5", "12.50", "12.500" -> hundredths; no blanks, no thousands separators. */
extern QcMoneyVerdict qc_money_parse(const char *text, int64 *amount);

/* "12.50"; out holds QC_MONEY_TEXT. */
extern char *qc_money_text(int64 amount, char *out);

/* What is wrong with an amount, as the end of a sentence; NULL for QC_MONEY_OK. */
extern const char *qc_money_complaint(QcMoneyVerdict verdict);

extern QcMoneyVerdict qc_money_from_numeric(Datum value, int64 *amount);
extern Datum qc_money_numeric(int64 amount);

/* A JSON number that keeps a fraction: 12.5, 12.0. */
extern void qc_json_money(QcJson *json, const char *key, int64 amount);

#endif /* QC_CORE_MONEY_H */
