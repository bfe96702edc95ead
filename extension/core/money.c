/*
 * extension/core/money.c
 *		Amounts as whole hundredths, numeric(14,2) in the tables.
 *
 * Nothing is rounded silently: an amount with a third decimal is refused.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "extension/core/money.h"

QcMoneyVerdict
qc_money_parse(const char *text, int64 *amount)
{
	bool is_negative = *text == '-';
	const char *c = text + (*text == '-' || *text == '+');
	int64 n = 0;
	int digits = 0;
	int decimals = 0;

	for (; *c >= '0' && *c <= '9'; c++, digits++)
		if ((n = n * 10 + (*c - '0')) > QC_MONEY_MAX / 100)
			return QC_MONEY_TOO_LARGE;
	if (*c == '.')
		c++;
	for (; *c >= '0' && *c <= '9'; c++, digits++)
	{
		if (decimals == 2 && *c != '0')
			return QC_MONEY_TOO_PRECISE;
		if (decimals == 2)
			continue;
		n = n * 10 + (*c - '0');
		decimals++;
	}
	if (*c != '\0' || digits == 0)
		return QC_MONEY_NOT_A_NUMBER;
	for (; decimals < 2; decimals++)
		n *= 10;
	*amount = is_negative ? -n : n;
	return QC_MONEY_OK;
}

char *
qc_money_text(int64 amount, char *out)
{
	uint64 magnitude = amount < 0 ? -(uint64) amount : (uint64) amount;

	snprintf(out, QC_MONEY_TEXT, "%s" UINT64_FORMAT ".%02d", amount < 0 ? "-" : "",
			 magnitude / 100, (int) (magnitude % 100));
	return out;
}

const char *
qc_money_complaint(QcMoneyVerdict verdict)
{
	switch (verdict)
	{
		case QC_MONEY_NOT_A_NUMBER:
			return "must be a number.";
		case QC_MONEY_TOO_PRECISE:
			return "must have at most 2 decimals.";
		case QC_MONEY_TOO_LARGE:
			return "must not be greater than 999999999999.99.";
		default:
			return NULL;
	}
}

/* NaN and infinity are no amounts. */
QcMoneyVerdict
qc_money_from_numeric(Datum value, int64 *amount)
{
	char *text = DatumGetCString(DirectFunctionCall1(numeric_out, value));
	QcMoneyVerdict verdict = qc_money_parse(text, amount);

	pfree(text);
	return verdict;
}

Datum
qc_money_numeric(int64 amount)
{
	return NumericGetDatum(int64_div_fast_to_numeric(amount, 2));
}

void
qc_json_money(QcJson *json, const char *key, int64 amount)
{
	char text[QC_MONEY_TEXT];

	qc_json_number(json, key, qc_money_text(amount, text));
}
