/*
 * extension/core/settings.c
 *		Values of the table settings, read anew in every transaction.
 *
 * The table is small and an operator's change counts at once; nothing is cached.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "extension/core/db.h"
#include "extension/core/settings.h"

static QcStmt read_setting = {
	.sql = "SELECT s.value #>> '{}', pg_catalog.jsonb_typeof(s.value)"
		   " FROM qutecart.settings s WHERE s.key = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

/* The value's text if it is of the wanted JSON type, else NULL; palloc'd. */
static char *
read_value(const char *key, const char *type)
{
	QcArgs args = {0};
	char *value = NULL;

	qc_args_text(&args, key);
	qc_db_begin();
	if (qc_db_system(&read_setting, &args) == 1 && strcmp(qc_db_text(0, 2), type) == 0)
		value = qc_db_keep_text(qc_db_text(0, 1));
	qc_db_end();
	return value;
}

bool
qc_setting_bool(const char *key, bool fallback)
{
	char *value = read_value(key, "boolean");

	return value ? strcmp(value, "true") == 0 : fallback;
}

/* A number with a fraction loses it. */
int64
qc_setting_int(const char *key, int64 fallback)
{
	char *value = read_value(key, "number");

	return value ? strtoll(value, NULL, 10) : fallback;
}

char *
qc_setting_text(const char *key, const char *fallback)
{
	char *value = read_value(key, "string");

	return value ? value : pstrdup(fallback);
}
