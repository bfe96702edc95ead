/*
 * functions/webhook_events.c
 *		What a shop's endpoints can be told: types and their JSON Schemas.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"

PG_FUNCTION_INFO_V1(qc_fn_list_webhook_event_types);
PG_FUNCTION_INFO_V1(qc_fn_list_webhook_schemas);
PG_FUNCTION_INFO_V1(qc_fn_read_webhook_schema);

static QcStmt read_types = {
	.sql = "SELECT t.type, t.description, t.schema ->> '$id', t.schema::text"
		   " FROM qutecart.webhook_event_types t"
		   " WHERE $1 IS NULL OR t.type = $1 ORDER BY t.type",
	.nargs = 1,
	.argtypes = {TEXTOID},
	.is_read = true,
};

/* Columns of read_types. */
enum
{
	TYPE = 1,
	DESCRIPTION,
	ADDRESS,
	SCHEMA
};

static uint64
find(const char *type)
{
	QcArgs args = {0};

	qc_args_text(&args, type);
	return qc_db_run(&read_types, &args);
}

Datum
qc_fn_list_webhook_event_types(PG_FUNCTION_ARGS)
{
	QcJson json;
	uint64 n;

	qc_json_reply_open(&json, "event types");
	qc_json_open(&json, "event_types", '[');
	qc_db_begin();
	n = find(NULL);
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(&json, NULL, '{');
		qc_json_text(&json, "type", qc_db_text(i, TYPE));
		qc_json_text(&json, "description", qc_db_text(i, DESCRIPTION));
		qc_json_text(&json, "schema", qc_db_text(i, ADDRESS));
		qc_json_close(&json, '}');
	}
	qc_db_end();
	qc_json_close(&json, ']');
	return qc_json_reply_close(&json);
}

Datum
qc_fn_list_webhook_schemas(PG_FUNCTION_ARGS)
{
	QcJson json;
	uint64 n;

	qc_json_reply_open(&json, "schemas");
	qc_json_open(&json, "schemas", '{');
	qc_db_begin();
	n = find(NULL);
	for (uint64 i = 0; i < n; i++)
		qc_json_raw(&json, qc_db_text(i, TYPE), qc_db_text(i, SCHEMA));
	qc_db_end();
	qc_json_close(&json, '}');
	return qc_json_reply_close(&json);
}

Datum
qc_fn_read_webhook_schema(PG_FUNCTION_ARGS)
{
	char *type = qc_arg_text(0);
	char *schema;

	qc_db_begin();
	if (type == NULL || find(type) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("event type not found"),
				errhint("GET /api/webhooks/event-types lists them."));
	schema = qc_db_keep_text(qc_db_text(0, SCHEMA));
	qc_db_end();
	PG_RETURN_TEXT_P(cstring_to_text(schema));
}
