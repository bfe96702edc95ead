/*
 * triggers/mail_template.c
 *		Before a mail's words are stored: are they well-formed, and can they be filled?
 *
 * A template is written once with its kind's sample, so that a misspelt name is found
 * by who edits it, not by the next customer.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "access/xact.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/trigger.h"
#include "extension/mail/compose.h"
#include "extension/mail/template.h"

PG_FUNCTION_INFO_V1(qc_tg_mail_template);

static QcStmt read_surroundings = {
	.sql = "SELECT l.html, l.text, l.styles::text, l.colours::text,"
		   " k.fields::text, k.sample::text, k.colour, k.is_transactional"
		   " FROM qutecart.mail_kinds k, qutecart.mail_layouts l"
		   " WHERE k.name = $1 AND l.locale = $2",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID},
};

static const struct
{
	const char *column;
	QcTemplateMode mode;
} layout_parts[] = {{"html", QC_TEMPLATE_LAYOUT}, {"text", QC_TEMPLATE_TEXT}},
  template_parts[] = {{"subject", QC_TEMPLATE_TEXT},
					  {"preheader", QC_TEMPLATE_TEXT},
					  {"html", QC_TEMPLATE_HTML},
					  {"text", QC_TEMPLATE_TEXT}};

/* A column's text; "" for a NULL, which the column's constraint refuses. */
static char *
column(TriggerData *data, HeapTuple row, const char *name)
{
	bool is_null;
	Datum value = qc_trigger_column(data, row, name, &is_null);

	return is_null ? pstrdup("") : TextDatumGetCString(value);
}

static void
check_part(TriggerData *data, HeapTuple row, const char *name, QcTemplateMode mode)
{
	QcTemplateProblem problem;
	QcFieldErrors errors;

	if (qc_template_check(column(data, row, name), mode, &problem))
		return;
	qc_fields_init(&errors);
	qc_fields_add(&errors, name, "The %s template is malformed, line %d: %s.", name,
				  problem.line, problem.sentence);
	qc_fields_raise(&errors);
}

/* Write it with the sample; without kind or layout its foreign keys refuse the row. */
static void
try_sample(TriggerData *data, HeapTuple row)
{
	QcMailWords words = {.locale = column(data, row, "locale"),
						 .subject = column(data, row, "subject"),
						 .preheader = column(data, row, "preheader"),
						 .html = column(data, row, "html"),
						 .text = column(data, row, "text")};
	QcMailDraft draft = {.name = column(data, row, "name"),
						 .shop_id = 1,
						 .at = GetCurrentTransactionStartTimestamp()};
	char **loaded[] = {
		&words.layout_html, &words.layout_text, &words.style,       &words.colour,
		&words.fields,      &words.sample,      &words.colour_name,
	};
	QcArgs args = {0};

	qc_args_text(&args, draft.name);
	qc_args_text(&args, words.locale);
	qc_db_begin();
	if (qc_db_system(&read_surroundings, &args) == 1)
	{
		for (int i = 0; i < lengthof(loaded); i++)
			*loaded[i] = qc_db_text(0, i + 1);
		words.is_transactional = qc_db_bool(0, lengthof(loaded) + 1);
		(void) qc_mail_compose_words(&draft, &words);
	}
	qc_db_end();
}

Datum
qc_tg_mail_template(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple row = qc_trigger_result(data);

	if (strcmp(qc_trigger_arg(data, 0), "layout") == 0)
	{
		for (int i = 0; i < lengthof(layout_parts); i++)
			check_part(data, row, layout_parts[i].column, layout_parts[i].mode);
		return PointerGetDatum(row);
	}
	for (int i = 0; i < lengthof(template_parts); i++)
		check_part(data, row, template_parts[i].column, template_parts[i].mode);
	try_sample(data, row);
	return PointerGetDatum(row);
}
