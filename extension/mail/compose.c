/*
 * extension/mail/compose.c
 *		From a kind of mail, a language and data to subject, HTML and text.
 *
 * A mail's own data come first; what every mail knows (the app's name and links,
 * styles) is put over them, so that no data can take the place of a link of ours.
 */
#include "postgres.h"

#include "pgtime.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/settings.h"
#include "extension/mail/compose.h"
#include "extension/mail/locale.h"
#include "extension/mail/localize.h"
#include "extension/mail/message.h"
#include "extension/mail/template.h"

#define SUBJECT_MAX 200 /* bytes */

static QcStmt read_words = {
	.sql =
		"SELECT t.locale, t.subject, t.preheader, t.html, t.text, l.html, l.text,"
		" l.styles::text, l.colours::text, k.fields::text,"
		" k.sample::text, k.colour, k.is_transactional"
		" FROM qutecart.mail_kinds k JOIN qutecart.mail_templates t ON t.name = k.name"
		" JOIN qutecart.mail_layouts l ON l.locale = t.locale JOIN pg_catalog.unnest("
		"  ARRAY[$2, pg_catalog.split_part($2, '-', 1), $3,"
		"  pg_catalog.split_part($3, '-', 1), 'en']) WITH ORDINALITY w (locale, rank)"
		"  ON w.locale = t.locale"
		" WHERE k.name = $1 ORDER BY w.rank LIMIT 1",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID},
};

bool
qc_mail_find_words(const char *name, const char *locale, QcMailWords *words)
{
	char *fallback = qc_setting_text("default_locale", "en");
	QcArgs args = {0};
	char **column[] = {
		&words->locale, &words->subject,     &words->preheader,   &words->html,
		&words->text,   &words->layout_html, &words->layout_text, &words->style,
		&words->colour, &words->fields,      &words->sample,      &words->colour_name,
	};
	bool found;

	qc_args_text(&args, name);
	qc_args_text(&args, locale);
	qc_args_text(&args, fallback);
	qc_db_begin();
	found = qc_db_system(&read_words, &args) == 1;
	for (int i = 0; found && i < lengthof(column); i++)
		*column[i] = qc_db_keep_text(qc_db_text(0, i + 1));
	words->is_transactional = found && qc_db_bool(0, lengthof(column) + 1);
	qc_db_end();
	return found;
}

char *
qc_mail_url(const char *path)
{
	const char *base = qc_guc_app_url && *qc_guc_app_url
						   ? qc_guc_app_url
						   : psprintf("https://%s", qc_guc_base_domain);
	size_t len = strlen(base);

	if (strncmp(path, "https://", 8) == 0 || strncmp(path, "http://", 7) == 0)
		return pstrdup(path);
	while (len > 0 && base[len - 1] == '/')
		len--;
	return psprintf("%s%s%s", pnstrdup(base, len), *path && *path != '/' ? "/" : "",
					path);
}

static void
put_text(QcValue *object, const char *name, const char *text)
{
	qc_value_put(object, name, qc_value_text(text));
}

/* "2026" */
static char *
year_of(TimestampTz at)
{
	struct pg_tm tm;
	fsec_t usec;

	if (timestamp2tm(at, NULL, &tm, &usec, NULL, NULL) != 0)
		elog(ERROR, "a mail is from outside the range of timestamps");
	return psprintf("%d", tm.tm_year);
}

/* What every mail knows. */
static void
put_surroundings(QcValue *data, const QcMailDraft *draft, const QcMailWords *words)
{
	bool is_rtl = qc_locale_is_rtl(qc_locale_find(words->locale));

	put_text(data, "app_name", qc_setting_text("app_name", "QuteCart"));
	put_text(data, "app_url", qc_mail_url(""));
	put_text(data, "billing_url",
			 qc_mail_url(qc_setting_text("billing_page", "/seller/billing")));
	put_text(data, "contact_url", qc_mail_url("/contact"));
	put_text(data, "dir", is_rtl ? "rtl" : "ltr");
	put_text(data, "help_url", qc_mail_url("/help"));
	qc_value_put(data, "is_for_shop", qc_value_bool(draft->shop_id != 0));
	put_text(data, "locale", words->locale);
	put_text(data, "plans_url",
			 qc_mail_url(qc_setting_text("plans_page", "/seller/plans")));
	qc_value_put(data, "style", qc_value_read(words->style));
	if (draft->to_name != NULL || qc_value_get(data, "to_name") == NULL)
		put_text(data, "to_name", draft->to_name);
	put_text(data, "unsubscribe_url",
			 words->is_transactional          ? NULL
			 : draft->unsubscribe_url != NULL ? draft->unsubscribe_url
											  : qc_mail_url("/api/unsubscribe"));
	put_text(data, "year", year_of(draft->at));
}

static void
pg_attribute_noreturn()
	refuse(const char *name, const char *part, const QcTemplateProblem *problem)
{
	QcFieldErrors errors;
	const char *place = "";

	if (problem->line > 0)
		place = psprintf(", line %d", problem->line);
	qc_fields_init(&errors);
	qc_fields_add(&errors, problem->name ? problem->name : part,
				  "The mail \"%s\" cannot be written (%s%s): %s.", name, part, place,
				  problem->sentence);
	qc_fields_raise(&errors);
	pg_unreachable();
}

static char *
render(const QcMailDraft *draft, const char *part, const char *template_text,
	   QcTemplateMode mode, const QcValue *data)
{
	QcTemplateProblem problem;
	StringInfoData out;

	initStringInfo(&out);
	if (!qc_template_render(template_text, mode, data, &out, &problem))
		refuse(draft->name, part, &problem);
	return out.data;
}

/* The colours that the kind, and perhaps its data, ask for. */
static void
put_colour(QcValue *data, const QcMailDraft *draft, const QcMailWords *words)
{
	char *name = render(draft, "colour", words->colour_name, QC_TEMPLATE_TEXT, data);
	QcValue *colour = qc_value_get(qc_value_read(words->colour), name);

	if (colour == NULL)
		refuse(draft->name, "colour",
			   &(QcTemplateProblem){
				   .sentence = psprintf("the layout has no colour \"%s\"", name)});
	qc_value_put(data, "colour", colour);
}

QcMailText
qc_mail_compose_words(const QcMailDraft *draft, const QcMailWords *words)
{
	QcValue *data = draft->data ? draft->data : qc_value_read(words->sample);
	const QcLocale *locale = qc_locale_find(words->locale);
	QcMailText mail = {.locale = words->locale,
					   .is_rtl = qc_locale_is_rtl(locale),
					   .is_transactional = words->is_transactional};
	QcTemplateProblem problem;

	if (!qc_localize_data(data, qc_value_read(words->fields), locale, &problem))
		refuse(draft->name, "data", &problem);
	put_surroundings(data, draft, words);
	put_colour(data, draft, words);
	mail.subject = qc_message_line(
		render(draft, "subject", words->subject, QC_TEMPLATE_TEXT, data), SUBJECT_MAX);
	put_text(data, "subject", mail.subject);
	put_text(data, "preheader",
			 render(draft, "preheader", words->preheader, QC_TEMPLATE_TEXT, data));
	put_text(data, "content",
			 render(draft, "html", words->html, QC_TEMPLATE_HTML, data));
	mail.html = render(draft, "layout", words->layout_html, QC_TEMPLATE_LAYOUT, data);
	put_text(data, "content",
			 render(draft, "text", words->text, QC_TEMPLATE_TEXT, data));
	mail.text = render(draft, "layout", words->layout_text, QC_TEMPLATE_TEXT, data);
	return mail;
}

QcMailText
qc_mail_compose(const QcMailDraft *draft)
{
	QcMailWords words;

	if (!qc_mail_find_words(draft->name, draft->locale, &words))
		ereport(
			ERROR, qc_err(QC_ERR_NOT_FOUND),
			errmsg("mail template \"%s\" not found", draft->name),
			errhint("CALL qutecart.seed('essential') brings back the shipped ones."));
	return qc_mail_compose_words(draft, &words);
}
