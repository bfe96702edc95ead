/*
 * extension/billing/plan_fields.c
 *		What an operator may set of a plan: one table of fields, each with its rule.
 *
 * The only list of them: the API, the file of plans, differences and the audit log all
 * read it.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "extension/billing/plan_fields.h"
#include "extension/core/money.h"

#define MAX_COUNT      INT64CONST(1000000000000)
#define MAX_STORAGE_MB INT64CONST(8796093022207) /* as many bytes as fit into int64 */
#define MAX_SLUG       63
#define MAX_FEATURES   64
#define FREE           "free"

typedef struct Def
{
	const char *name;
	QcPlanKind kind;
	int64 min; /* of an integer, or characters of a text */
	int64 max;
	bool is_required;
	const char *initial; /* of a new plan; NULL = none */
} Def;

static const Def defs[QC_PLAN_FIELD_COUNT] = {
	[QC_PLAN_NAME] = {"name", QC_PLAN_KIND_TEXT, 1, 100, true, NULL},
	[QC_PLAN_DESCRIPTION] = {"description", QC_PLAN_KIND_TEXT, 0, 2000, false, NULL},
	[QC_PLAN_PRICE] = {"price", QC_PLAN_KIND_MONEY, 0, 0, true, NULL},
	[QC_PLAN_YEARLY_PRICE] = {"yearly_price", QC_PLAN_KIND_MONEY, 0, 0, false, NULL},
	[QC_PLAN_CURRENCY] = {"currency", QC_PLAN_KIND_TEXT, 3, 3, true, "USD"},
	[QC_PLAN_PRODUCTS_LIMIT] = {"products_limit", QC_PLAN_KIND_INTEGER, -1, MAX_COUNT,
								true, NULL},
	[QC_PLAN_ORDERS_PER_MONTH] = {"orders_per_month", QC_PLAN_KIND_INTEGER, -1,
								  MAX_COUNT, true, NULL},
	[QC_PLAN_STORAGE_MB] = {"storage_mb", QC_PLAN_KIND_INTEGER, -1, MAX_STORAGE_MB,
							true, NULL},
	[QC_PLAN_STAFF_ACCOUNTS] = {"staff_accounts", QC_PLAN_KIND_INTEGER, -1, MAX_COUNT,
								true, NULL},
	[QC_PLAN_TRIAL_DAYS] = {"trial_days", QC_PLAN_KIND_INTEGER, 0, 730, true, "0"},
	[QC_PLAN_FEATURES] = {"features", QC_PLAN_KIND_NAMES, 0, MAX_FEATURES, true, ""},
	[QC_PLAN_IS_FEATURED] = {"is_featured", QC_PLAN_KIND_BOOLEAN, 0, 0, true, "false"},
	[QC_PLAN_SORT_ORDER] = {"sort_order", QC_PLAN_KIND_INTEGER, -1000000, 1000000, true,
							"0"},
	[QC_PLAN_IS_ACTIVE] = {"is_active", QC_PLAN_KIND_BOOLEAN, 0, 0, true, "true"},
};

static const char *take_text(const Def *def, const char *text, char **value);
static const char *take_money(const char *text, char **value);
static const char *take_integer(const Def *def, const char *text, char **value);
static const char *take_boolean(const char *text, char **value);
static const char *take_names(const char *text, char **value);
static bool is_word(const char *text, const char *others, size_t max);

const char *
qc_plan_field_name(QcPlanField field)
{
	return defs[field].name;
}

QcPlanKind
qc_plan_field_kind(QcPlanField field)
{
	return defs[field].kind;
}

QcPlanField
qc_plan_field_of(const char *name)
{
	for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
		if (strcmp(defs[i].name, name) == 0)
			return (QcPlanField) i;
	return QC_PLAN_FIELD_COUNT;
}

const char *
qc_plan_set(QcPlan *plan, QcPlanField field, const char *text)
{
	const Def *def = &defs[field];
	char **value = &plan->values[field];

	switch (def->kind)
	{
		case QC_PLAN_KIND_TEXT:
			return take_text(def, text, value);
		case QC_PLAN_KIND_MONEY:
			return take_money(text, value);
		case QC_PLAN_KIND_INTEGER:
			return take_integer(def, text, value);
		case QC_PLAN_KIND_BOOLEAN:
			return take_boolean(text, value);
		case QC_PLAN_KIND_NAMES:
			return take_names(text, value);
	}
	pg_unreachable();
}

void
qc_plan_init(QcPlan *plan, const char *slug)
{
	*plan = (QcPlan){.slug = pstrdup(slug)};
	for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
		if (defs[i].initial != NULL)
			plan->values[i] = pstrdup(defs[i].initial);
}

/* Twelve months less 20 %, to the next cent; NULL without a price. */
static char *
year_of(const char *price)
{
	int64 amount;
	char text[QC_MONEY_TEXT];

	if (price == NULL || qc_money_parse(price, &amount) != QC_MONEY_OK)
		return NULL;
	amount = Min((amount * 96 + 5) / 10, QC_MONEY_MAX);
	return pstrdup(qc_money_text(amount, text));
}

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

void
qc_plan_settle(QcPlan *plan, const QcPlan *before, bool has_yearly_price)
{
	const char *year = before ? before->values[QC_PLAN_YEARLY_PRICE] : NULL;

	if (has_yearly_price)
		return;
	if (year == NULL || is_same(year, year_of(before->values[QC_PLAN_PRICE])))
		plan->values[QC_PLAN_YEARLY_PRICE] = year_of(plan->values[QC_PLAN_PRICE]);
}

static void
check_free(const QcPlan *plan, QcFieldErrors *errors)
{
	if (!is_same(plan->values[QC_PLAN_PRICE], "0.00"))
		qc_fields_add(errors, "price", "The plan Free costs nothing.");
	if (!is_same(plan->values[QC_PLAN_IS_ACTIVE], "true"))
		qc_fields_add(
			errors, "is_active",
			"The plan Free cannot be retired: shops without another are on it.");
}

void
qc_plan_check(const QcPlan *plan, QcFieldErrors *errors)
{
	for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
		if (defs[i].is_required && plan->values[i] == NULL)
			qc_fields_add(errors, defs[i].name, "The %s field is required.",
						  defs[i].name);
	if (plan->values[QC_PLAN_PRICE] != NULL && strcmp(plan->slug, FREE) == 0)
		check_free(plan, errors);
}

bool
qc_plan_slug_is_valid(const char *slug)
{
	return is_word(slug, "-", MAX_SLUG) && slug[strlen(slug) - 1] != '-';
}

/* A lower-case letter, then letters, digits and what else is allowed. */
static bool
is_word(const char *text, const char *others, size_t max)
{
	if (*text < 'a' || *text > 'z' || strlen(text) > max)
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') &&
			strchr(others, *c) == NULL)
			return false;
	return true;
}

static const char *
take_text(const Def *def, const char *text, char **value)
{
	int len = pg_mbstrlen(text);

	if (len == 0 && def->min > 0)
		return "is required.";
	if (def->min == def->max && len != def->max)
		return psprintf("must have %d characters.", (int) def->max);
	if (len > def->max)
		return psprintf("must not be greater than %d characters.", (int) def->max);
	*value = len > 0 ? pstrdup(text) : NULL;
	return NULL;
}

static const char *
take_money(const char *text, char **value)
{
	int64 amount;
	char out[QC_MONEY_TEXT];
	QcMoneyVerdict verdict = qc_money_parse(text, &amount);

	if (verdict != QC_MONEY_OK)
		return qc_money_complaint(verdict);
	if (amount < 0)
		return "must be at least 0.";
	*value = pstrdup(qc_money_text(amount, out));
	return NULL;
}

static const char *
take_integer(const Def *def, const char *text, char **value)
{
	char *end;
	int64 n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (end == text || *end != '\0')
		return "must be an integer.";
	if (errno != 0 || n < def->min || n > def->max)
		return psprintf("must be between %lld and %lld.%s", (long long) def->min,
						(long long) def->max,
						def->min == -1 ? " -1 is unlimited, 0 is none." : "");
	*value = psprintf("%lld", (long long) n);
	return NULL;
}

static const char *
take_boolean(const char *text, char **value)
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return "must be true or false.";
	*value = pstrdup(text);
	return NULL;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Sorted, each once. */
static const char *
take_names(const char *text, char **value)
{
	char *names[MAX_FEATURES];
	char *rest = pstrdup(text);
	StringInfoData out;
	int n = 0;

	for (char *name; (name = strsep(&rest, ",")) != NULL;)
	{
		if (*name == '\0' && n == 0 && rest == NULL)
			break;
		if (!is_word(name, "_", MAX_SLUG))
			return psprintf("has \"%s\", which is no name of a feature.", name);
		if (n == MAX_FEATURES)
			return "has too many names.";
		names[n++] = name;
	}
	qsort(names, n, sizeof(*names), compare_names);
	initStringInfo(&out);
	for (int i = 0; i < n; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			appendStringInfo(&out, "%s%s", out.len ? "," : "", names[i]);
	*value = out.data;
	return NULL;
}
