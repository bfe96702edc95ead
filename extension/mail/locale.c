/*
 * extension/mail/locale.c
 *		How dates, numbers and amounts are written, and which plural a number takes.
 *
 * A pattern holds letters that stand for something (d, M, y; n, c) and what is between
 * them.  Another locale is another row of the table.
 */
#include "postgres.h"

#include "extension/mail/locale.h"

#define NBSP "\xc2\xa0"
#define RLM  "\xe2\x80\x8f"
#define LRM  "\xe2\x80\x8e"

typedef const char *(*PluralRule)(int64 n);

struct QcLocale
{
	const char *tag;
	bool is_rtl;
	bool has_lakhs; /* 12,34,567 */
	const char
		*digits[2]; /* what stands before and for "0": UTF-8 lead and last byte */
	const char *group;
	const char *point;
	const char *date;
	const char *month;
	const char *percent;
	const char *money;
	const char *dollar;
	PluralRule plural;
	const char *months[12];
};

static const char *plural_of_one(int64 n);
static const char *plural_bengali(int64 n);
static const char *plural_arabic(int64 n);

static const QcLocale locales[] = {
	{"en", .group = ",", .point = ".", .date = "M d, y", .month = "M y",
	 .percent = "n%", .money = "cn", .dollar = "$", .plural = plural_of_one,
	 .months = {"January", "February", "March", "April", "May", "June", "July",
				"August", "September", "October", "November", "December"}},
	{"de", .group = ".", .point = ",", .date = "d. M y", .month = "M y",
	 .percent = "n" NBSP "%", .money = "n" NBSP "c", .dollar = "$",
	 .plural = plural_of_one,
	 .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
				"September", "Oktober", "November", "Dezember"}},
	{"ar", .is_rtl = true, .group = ",", .point = ".", .date = "d M y", .month = "M y",
	 .percent = "n" LRM "%" LRM, .money = RLM "n" NBSP "c", .dollar = "US$",
	 .plural = plural_arabic,
	 .months = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس",
				"سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}},
	{"bn", .has_lakhs = true, .digits = {"\xe0\xa7", "\xa6"}, .group = ",",
	 .point = ".", .date = "d M, y", .month = "M y", .percent = "n%", .money = "nc",
	 .dollar = "$", .plural = plural_bengali,
	 .months = {"জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট",
				"সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর"}},
};

/* Signs that are written instead of the code. */
static const struct
{
	const char *code;
	const char *sign;
} signs[] = {
	{"BDT", "৳"}, {"EUR", "€"}, {"GBP", "£"}, {"INR", "₹"}, {"JPY", "¥"},
};

static const char *
plural_of_one(int64 n)
{
	return n == 1 ? "one" : "other";
}

static const char *
plural_bengali(int64 n)
{
	return n == 0 || n == 1 ? "one" : "other";
}

static const char *
plural_arabic(int64 n)
{
	if (n <= 2)
		return n == 0 ? "zero" : n == 1 ? "one" : n == 2 ? "two" : "other";
	if (n % 100 >= 3 && n % 100 <= 10)
		return "few";
	return n % 100 >= 11 ? "many" : "other";
}

static bool
is_tag_end(char c)
{
	return c == '\0' || c == '-' || c == '_';
}

const QcLocale *
qc_locale_find(const char *tag)
{
	for (int i = 0; tag != NULL && i < lengthof(locales); i++)
		if (pg_strncasecmp(tag, locales[i].tag, 2) == 0 && is_tag_end(tag[2]))
			return &locales[i];
	return &locales[0];
}

bool
qc_locale_is_rtl(const QcLocale *locale)
{
	return locale->is_rtl;
}

const char *
qc_locale_plural(const QcLocale *locale, int64 number)
{
	return locale->plural(number);
}

static void
append_digit(const QcLocale *locale, char digit, StringInfo out)
{
	if (locale->digits[0] == NULL)
		appendStringInfoChar(out, digit);
	else
		appendStringInfo(out, "%s%c", locale->digits[0],
						 locale->digits[1][0] + (digit - '0'));
}

static void
append_digits(const QcLocale *locale, const char *digits, size_t len, StringInfo out)
{
	for (size_t i = 0; i < len; i++)
		append_digit(locale, digits[i], out);
}

/* Does a separator stand before the digit that has so many from it to the point? */
static bool
begins_group(const QcLocale *locale, size_t left)
{
	if (locale->has_lakhs && left > 3)
		return left % 2 == 1;
	return left % 3 == 0;
}

bool
qc_locale_number(const QcLocale *locale, const char *decimal, StringInfo out)
{
	const char *whole = decimal[0] == '-' ? decimal + 1 : decimal;
	size_t len = strspn(whole, "0123456789");
	const char *fraction = whole[len] == '.' ? whole + len + 1 : "";
	size_t fraction_len = strspn(fraction, "0123456789");

	if (len == 0 || (whole[len] != '\0' && whole[len] != '.') ||
		fraction[fraction_len] != '\0' || (whole[len] == '.' && fraction_len == 0))
		return false;
	if (whole != decimal)
		appendStringInfoChar(out, '-');
	for (size_t i = 0; i < len; i++)
	{
		if (i > 0 && begins_group(locale, len - i))
			appendStringInfoString(out, locale->group);
		append_digit(locale, whole[i], out);
	}
	if (fraction_len > 0)
		appendStringInfoString(out, locale->point);
	append_digits(locale, fraction, fraction_len, out);
	return true;
}

/* A pattern of "n" (the number) and "c" (the currency). */
static bool
append_amount(const QcLocale *locale, const char *pattern, const char *decimal,
			  const char *currency, StringInfo out)
{
	bool is_good = true;

	for (const char *c = pattern; *c; c++)
	{
		if (*c == 'n')
			is_good &= qc_locale_number(locale, decimal, out);
		else if (*c == 'c')
			appendStringInfoString(out, currency);
		else
			appendStringInfoChar(out, *c);
	}
	return is_good;
}

bool
qc_locale_percent(const QcLocale *locale, const char *decimal, StringInfo out)
{
	return append_amount(locale, locale->percent, decimal, "", out);
}

bool
qc_locale_money(const QcLocale *locale, const char *decimal, const char *currency,
				StringInfo out)
{
	bool is_negative = decimal[0] == '-';
	const char *sign = NULL;

	if (strcmp(currency, "USD") == 0)
		sign = locale->dollar;
	for (int i = 0; i < lengthof(signs); i++)
		if (strcmp(currency, signs[i].code) == 0)
			sign = signs[i].sign;
	if (sign == NULL)
		return append_amount(locale, "c" NBSP "n", decimal, currency, out);
	if (is_negative)
		appendStringInfoChar(out, '-');
	return append_amount(locale, locale->money, decimal + is_negative, sign, out);
}

/* Two or four digits as a number; -1 when they are none. */
static int
number_at(const char *text, int digits)
{
	int value = 0;

	for (int i = 0; i < digits; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* A pattern of "y", "M" and "d". */
static bool
append_date(const QcLocale *locale, const char *pattern, const char *iso,
			StringInfo out)
{
	int month;
	int day;

	if (strlen(iso) < 10 || iso[4] != '-' || iso[7] != '-' || number_at(iso, 4) < 0)
		return false;
	month = number_at(iso + 5, 2);
	day = number_at(iso + 8, 2);
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	for (const char *c = pattern; *c; c++)
	{
		if (*c == 'y')
			append_digits(locale, iso, 4, out);
		else if (*c == 'M')
			appendStringInfoString(out, locale->months[month - 1]);
		else if (*c == 'd')
			append_digits(locale, day < 10 ? iso + 9 : iso + 8, day < 10 ? 1 : 2, out);
		else
			appendStringInfoChar(out, *c);
	}
	return true;
}

bool
qc_locale_date(const QcLocale *locale, const char *iso, StringInfo out)
{
	return append_date(locale, locale->date, iso, out);
}

bool
qc_locale_month(const QcLocale *locale, const char *iso, StringInfo out)
{
	return append_date(locale, locale->month, iso, out);
}
