/*
 * extension/mail/localize.c
 *		From the data of a mail to what a person reads.  Pure.
 *
 * Each sort of field is a row of the table: its name and what makes it readable.
 */
#include "postgres.h"

#include "extension/mail/localize.h"

/* One value on its way. */
typedef struct Field
{
	QcValue *parent; /* the object it is a member of */
	const QcValue *value;
	const char *option; /* what stands behind the sort's colon, or "" */
	const QcLocale *locale;
	const char *missing; /* another field that it needs; set when that is not there */
} Field;

/* Makes the value readable; NULL = it does not fit. */
typedef QcValue *(*Sort)(Field *field);

typedef bool (*Writer)(const QcLocale *locale, const char *text, StringInfo out);

static QcValue *
written(const Field *field, Writer writer)
{
	StringInfoData out;

	if (field->value->text == NULL)
		return NULL;
	initStringInfo(&out);
	return writer(field->locale, field->value->text, &out) ? qc_value_text(out.data)
														   : NULL;
}

static QcValue *
date(Field *field)
{
	return written(field, qc_locale_date);
}

static QcValue *
month(Field *field)
{
	return written(field, qc_locale_month);
}

static QcValue *
number(Field *field)
{
	return written(field, qc_locale_number);
}

static QcValue *
money(Field *field)
{
	const char *currency = qc_value_get_text(field->parent, field->option);
	StringInfoData out;

	if (currency == NULL)
		field->missing = field->option;
	if (field->value->text == NULL || currency == NULL)
		return NULL;
	initStringInfo(&out);
	return qc_locale_money(field->locale, field->value->text, currency, &out)
			   ? qc_value_text(out.data)
			   : NULL;
}

/* A whole number of at most 18 digits. */
static bool
read_whole(const char *text, int64 *whole)
{
	bool is_negative = text != NULL && text[0] == '-';
	size_t len;

	if (text == NULL)
		return false;
	text += is_negative;
	len = strspn(text, "0123456789");
	if (len == 0 || len > 18 || text[len] != '\0')
		return false;
	*whole = 0;
	for (size_t i = 0; i < len; i++)
		*whole = *whole * 10 + (text[i] - '0');
	if (is_negative)
		*whole = -*whole;
	return true;
}

static QcValue *
percent(Field *field)
{
	QcValue *n = written(field, qc_locale_percent);
	QcValue *object = qc_value_new(QC_VALUE_OBJECT);
	int64 whole;

	if (n == NULL || !read_whole(field->value->text, &whole))
		return NULL;
	qc_value_put(object, "n", n);
	qc_value_put(object, "bar",
				 qc_value_text(psprintf("%d", (int) Max(Min(whole, 100), 1))));
	return object;
}

static QcValue *
count(Field *field)
{
	static const char *const plurals[] = {"zero", "one", "two", "few", "many", "other"};
	QcValue *n = written(field, qc_locale_number);
	QcValue *object = qc_value_new(QC_VALUE_OBJECT);
	const char *plural;
	int64 whole;

	if (n == NULL || !read_whole(field->value->text, &whole))
		return NULL;
	plural = qc_locale_plural(field->locale, whole < 0 ? -whole : whole);
	qc_value_put(object, "n", n);
	qc_value_put(object, "is_zero", qc_value_bool(whole == 0));
	qc_value_put(object, "is_unlimited", qc_value_bool(whole == -1));
	for (int i = 0; i < lengthof(plurals); i++)
		qc_value_put(object, plurals[i],
					 qc_value_bool(strcmp(plural, plurals[i]) == 0));
	return object;
}

static QcValue *
choice(Field *field)
{
	QcValue *object = qc_value_new(QC_VALUE_OBJECT);
	bool is_known = false;

	if (field->value->text == NULL)
		return NULL;
	for (const char *at = field->option; *at;)
	{
		size_t len = strcspn(at, ",");
		char *name = palloc(len + 1);
		bool is_this;

		memcpy(name, at, len);
		name[len] = '\0';
		is_this = strcmp(name, field->value->text) == 0;
		is_known |= is_this;
		qc_value_put(object, name, qc_value_bool(is_this));
		at += len + (at[len] == ',');
	}
	return is_known ? object : NULL;
}

static const struct
{
	const char *name;
	Sort make;
} sorts[] = {
	{"choice", choice}, {"count", count},   {"date", date},       {"money", money},
	{"month", month},   {"number", number}, {"percent", percent},
};

static bool
fail(QcTemplateProblem *problem, const char *path, const char *sentence)
{
	problem->sentence = sentence;
	problem->name = path;
	problem->line = 0;
	return false;
}

/* Make one member readable, by what its sort says. */
static bool
make_readable(Field *field, const char *path, const char *name, const char *sort,
			  QcTemplateProblem *problem)
{
	size_t len = strcspn(sort, ":");
	QcValue *readable = NULL;

	field->option = sort[len] == ':' ? sort + len + 1 : "";
	for (int i = 0; i < lengthof(sorts); i++)
		if (strlen(sorts[i].name) == len && memcmp(sorts[i].name, sort, len) == 0)
			readable = sorts[i].make(field);
	if (field->missing != NULL)
		return fail(problem, field->missing,
					psprintf("the value of \"%s\" is missing", field->missing));
	if (readable == NULL)
		return fail(problem, path,
					psprintf("the value of \"%s\" is no %s", path, sort));
	qc_value_put(field->parent, name, readable);
	return true;
}

/* Follow a path down to the members it names, through lists. */
static bool
descend(QcValue *at, const char *path, const char *rest, const char *sort,
		const QcLocale *locale, QcTemplateProblem *problem)
{
	size_t len = strcspn(rest, ".");
	QcValue *member;

	if (at->kind == QC_VALUE_LIST)
	{
		for (QcValue *element = at->first; element; element = element->next)
			if (!descend(element, path, rest, sort, locale, problem))
				return false;
		return true;
	}
	member = qc_value_get_len(at, rest, len);
	if (member == NULL || member->kind == QC_VALUE_NULL)
		return true;
	if (rest[len] == '.')
		return descend(member, path, rest + len + 1, sort, locale, problem);
	return make_readable(&(Field){.parent = at, .value = member, .locale = locale},
						 path, member->name, sort, problem);
}

bool
qc_localize_data(QcValue *data, const QcValue *fields, const QcLocale *locale,
				 QcTemplateProblem *problem)
{
	for (const QcValue *field = fields->first; field; field = field->next)
		if (!descend(data, field->name, field->name, field->text ? field->text : "text",
					 locale, problem))
			return false;
	return true;
}
