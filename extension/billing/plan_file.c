/*
 * extension/billing/plan_file.c
 *		All plans as one file of TOML: written, compared, applied.
 *
 * Comparing and applying read the file by the same function into the same pairs of
 * plans, before and after; what one shows is what the other does.
 */
#include "postgres.h"

#include "extension/billing/plan_edit.h"
#include "extension/billing/plan_effect.h"
#include "extension/billing/plan_file.h"
#include "extension/core/toml.h"

#define TABLE "plan"

/* What the file makes of one plan. */
typedef struct Wanted
{
	QcPlan before; /* id 0 = it is new */
	QcPlan after;
	bool has_slug;
	bool is_given[QC_PLAN_FIELD_COUNT];
	int line; /* where the table begins */
} Wanted;

static void
pg_attribute_noreturn() refuse_at(int line, int column, const char *sentence)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_fields_add(&errors, "toml", "Line %d, column %d: %s", line, column, sentence);
	qc_fields_raise(&errors);
	pg_unreachable();
}

static void
pg_attribute_noreturn() refuse(const QcToml *toml, const char *sentence)
{
	refuse_at(toml->line, toml->column, sentence);
}

static QcTomlEvent
next(QcToml *toml)
{
	QcTomlEvent event = qc_toml_next(toml);

	if (event == QC_TOML_ERROR)
		refuse(toml, psprintf("%s.", toml->error));
	return event;
}

static void
write_string(StringInfo out, const char *value)
{
	appendStringInfoChar(out, '"');
	for (const char *c = value ? value : ""; *c != '\0'; c++)
	{
		if (*c == '"' || *c == '\\')
			appendStringInfo(out, "\\%c", *c);
		else if ((unsigned char) *c < 0x20 || *c == 0x7F)
			appendStringInfo(out, "\\u%04X", (unsigned char) *c);
		else
			appendStringInfoChar(out, *c);
	}
	appendStringInfoChar(out, '"');
}

static void
write_names(StringInfo out, const char *names)
{
	char *rest = pstrdup(names);
	const char *comma = "";

	appendStringInfoChar(out, '[');
	for (char *name; *names != '\0' && (name = strsep(&rest, ",")) != NULL;)
	{
		appendStringInfo(out, "%s\"%s\"", comma, name);
		comma = ", ";
	}
	appendStringInfoChar(out, ']');
}

static void
write_plan(StringInfo out, const QcPlan *plan)
{
	appendStringInfo(out, "\n[[" TABLE "]]\nslug = \"%s\"\n", plan->slug);
	for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
	{
		QcPlanKind kind = qc_plan_field_kind(i);

		if (plan->values[i] == NULL && kind != QC_PLAN_KIND_TEXT)
			continue;
		appendStringInfo(out, "%s = ", qc_plan_field_name(i));
		if (kind == QC_PLAN_KIND_TEXT)
			write_string(out, plan->values[i]);
		else if (kind == QC_PLAN_KIND_NAMES)
			write_names(out, plan->values[i]);
		else
			appendStringInfoString(out, plan->values[i]);
		appendStringInfoChar(out, '\n');
	}
}

char *
qc_plan_file_export(void)
{
	StringInfoData out;
	ListCell *cell;

	initStringInfo(&out);
	appendStringInfoString(
		&out, "# Plans.  Limits: -1 is unlimited, 0 is none; storage in MB of 2^20"
			  " bytes.\n# What is left out stays as it is.\n");
	foreach (cell, qc_plan_slugs())
	{
		QcPlan plan;

		if (qc_plan_find(&plan, lfirst(cell)))
			write_plan(&out, &plan);
	}
	return out.data;
}

/* The elements of an array as names, separated by commas. */
static char *
read_names(QcToml *toml)
{
	StringInfoData names;

	initStringInfo(&names);
	for (;;)
	{
		QcTomlEvent event = next(toml);

		if (event == QC_TOML_ARRAY_END)
			return names.data;
		if (event != QC_TOML_STRING || *toml->text == '\0' ||
			strchr(toml->text, ',') != NULL)
			refuse(toml, "features are names in quotes.");
		appendStringInfo(&names, "%s%s", names.len ? "," : "", toml->text);
	}
}

/* Does a value of this kind fit the field? */
static bool
fits(QcPlanKind kind, QcTomlEvent event)
{
	switch (kind)
	{
		case QC_PLAN_KIND_TEXT:
			return event == QC_TOML_STRING;
		case QC_PLAN_KIND_MONEY:
			return event == QC_TOML_INTEGER || event == QC_TOML_FLOAT;
		case QC_PLAN_KIND_INTEGER:
			return event == QC_TOML_INTEGER;
		case QC_PLAN_KIND_BOOLEAN:
			return event == QC_TOML_BOOLEAN;
		case QC_PLAN_KIND_NAMES:
			return event == QC_TOML_ARRAY;
	}
	pg_unreachable();
}

static void
read_field(QcToml *toml, QcTomlEvent event, Wanted *wanted)
{
	static const char *const wants[] = {
		[QC_PLAN_KIND_TEXT] = "a text in quotes",
		[QC_PLAN_KIND_MONEY] = "an amount",
		[QC_PLAN_KIND_INTEGER] = "a whole number",
		[QC_PLAN_KIND_BOOLEAN] = "true or false",
		[QC_PLAN_KIND_NAMES] = "a list of names",
	};
	QcPlanField field = qc_plan_field_of(toml->key);
	const char *key = toml->key;
	int line = toml->line;
	int column = toml->column;
	const char *complaint;

	if (field == QC_PLAN_FIELD_COUNT)
		refuse(toml, psprintf("a plan has no field \"%s\".", key));
	if (!fits(qc_plan_field_kind(field), event))
		refuse(toml, psprintf("%s must be %s.", key, wants[qc_plan_field_kind(field)]));
	complaint = qc_plan_set(&wanted->after, field,
							event == QC_TOML_ARRAY ? read_names(toml) : toml->text);
	if (complaint != NULL)
		refuse_at(line, column, psprintf("%s %s", key, complaint));
	wanted->is_given[field] = true;
}

static void
read_slug(QcToml *toml, QcTomlEvent event, Wanted *wanted, List *others)
{
	ListCell *cell;

	if (event != QC_TOML_STRING || !qc_plan_slug_is_valid(toml->text))
		refuse(toml, "slug must be of small letters, digits and hyphens, in quotes.");
	foreach (cell, others)
		if (strcmp(((Wanted *) lfirst(cell))->after.slug, toml->text) == 0)
			refuse(toml, psprintf("plan \"%s\" is there twice.", toml->text));
	wanted->has_slug = true;
	if (qc_plan_find(&wanted->before, toml->text))
		wanted->after = wanted->before;
	else
		qc_plan_init(&wanted->after, toml->text);
}

/* A table is complete. */
static void
settle(Wanted *wanted)
{
	const QcPlan *before = wanted->before.id ? &wanted->before : NULL;
	QcFieldErrors errors;

	qc_fields_init(&errors);
	qc_plan_check(&wanted->after, &errors);
	if (errors.n > 0)
		refuse_at(wanted->line, 1, errors.first);
	qc_plan_settle(&wanted->after, before, wanted->is_given[QC_PLAN_YEARLY_PRICE]);
}

/* The slug comes first, so that the other fields know what they change. */
static List *
read_file(const char *text)
{
	QcToml *toml = palloc(sizeof(QcToml));
	size_t len = strlen(text);
	Wanted *wanted = NULL;
	List *all = NIL;
	QcTomlEvent event;

	qc_toml_begin(toml, text, len, palloc(len + 1));
	while ((event = next(toml)) != QC_TOML_END)
	{
		if (event == QC_TOML_TABLE_ITEM && strcmp(toml->key, TABLE) == 0)
		{
			if (wanted != NULL)
				settle(wanted);
			wanted = palloc0(sizeof(Wanted));
			wanted->line = toml->line;
			if ((event = next(toml)) == QC_TOML_END || toml->key == NULL ||
				strcmp(toml->key, "slug") != 0)
				refuse_at(wanted->line, 1, "a plan begins with its slug.");
			read_slug(toml, event, wanted, all);
			all = lappend(all, wanted);
		}
		else if (event <= QC_TOML_TABLE_ITEM || wanted == NULL)
			refuse(toml, "only tables [[" TABLE "]] are known.");
		else
			read_field(toml, event, wanted);
	}
	if (wanted != NULL)
		settle(wanted);
	return all;
}

static bool
is_named(List *all, const char *slug)
{
	ListCell *cell;

	foreach (cell, all)
		if (strcmp(((Wanted *) lfirst(cell))->after.slug, slug) == 0)
			return true;
	return false;
}

/* Plans that are on offer and that the file does not name. */
static List *
add_missing(List *all)
{
	ListCell *cell;

	foreach (cell, qc_plan_slugs())
	{
		Wanted *wanted = palloc0(sizeof(Wanted));

		if (is_named(all, lfirst(cell)) || !qc_plan_find(&wanted->before, lfirst(cell)))
			continue;
		wanted->line = 1;
		wanted->after = wanted->before;
		(void) qc_plan_set(&wanted->after, QC_PLAN_IS_ACTIVE, "false");
		settle(wanted);
		all = lappend(all, wanted);
	}
	return all;
}

static List *
changes_of(List *all)
{
	List *changes = NIL;
	ListCell *cell;

	foreach (cell, all)
	{
		const Wanted *wanted = lfirst(cell);

		for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
		{
			const char *before = wanted->before.values[i];
			const char *after = wanted->after.values[i];
			QcPlanChange *change;

			if (before && after ? strcmp(before, after) == 0 : before == after)
				continue;
			change = palloc(sizeof(*change));
			*change = (QcPlanChange){
				.slug = wanted->after.slug,
				.field = qc_plan_field_name(i),
				.before = before,
				.after = after,
				.effect = qc_plan_effect(wanted->before.id, i, before, after)};
			changes = lappend(changes, change);
		}
	}
	return changes;
}

List *
qc_plan_file_compare(const char *toml, bool retires_missing)
{
	List *all = read_file(toml);

	return changes_of(retires_missing ? add_missing(all) : all);
}

List *
qc_plan_file_apply(const char *toml, bool retires_missing)
{
	List *all;
	List *changes;
	ListCell *cell;

	qc_plan_lock_all();
	all = read_file(toml);
	if (retires_missing)
		all = add_missing(all);
	changes = changes_of(all);
	foreach (cell, all)
	{
		Wanted *wanted = lfirst(cell);

		if (wanted->before.id == 0)
			qc_plan_create(&wanted->after);
		else
			(void) qc_plan_update(&wanted->after, &wanted->before);
	}
	return changes;
}
