/*
 * functions/imports.c
 *		Importing a catalogue: who may, and what is told.
 *
 * A file that could be read is answered with 200 and the report, also when the plan
 * refused some of it, or all: what went in stays in.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/json.h"
#include "extension/http/request.h"
#include "extension/import/import.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_import_products);
PG_FUNCTION_INFO_V1(qc_fn_import_product_file);

static Datum
import(const char *data, size_t len, bool overwrite)
{
	int64 shop_id = qc_context_need_shop();
	QcJson json;

	qc_context_need("shop.bulk-product-import.store");
	if (overwrite)
		qc_context_need("shop.product.edit");
	qc_json_reply_open(&json, "Import finished");
	qc_import_run(&json, shop_id, data, len, overwrite);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_import_products(PG_FUNCTION_ARGS)
{
	text *csv = PG_ARGISNULL(0) ? cstring_to_text("") : PG_GETARG_TEXT_PP(0);

	return import(VARDATA_ANY(csv), VARSIZE_ANY_EXHDR(csv), qc_arg_bool(1, false));
}

/* JSON or a form would be read as a strange file: say what is wanted instead. */
static void
need_csv(void)
{
	const char *type = qc_request_header("content-type");

	if (type != NULL && (pg_strncasecmp(type, "application/json", 16) == 0 ||
						 pg_strncasecmp(type, "multipart/", 10) == 0 ||
						 pg_strncasecmp(type, "application/x-www-form", 22) == 0))
		ereport(ERROR, qc_err(QC_ERR_UNSUPPORTED_MEDIA_TYPE),
				errmsg("this kind of body is not read here"),
				errhint("Send the file itself, as text/csv."));
}

Datum
qc_fn_import_product_file(PG_FUNCTION_ARGS)
{
	bytea *body =
		PG_ARGISNULL(0) ? (bytea *) cstring_to_text("") : PG_GETARG_BYTEA_PP(0);

	need_csv();
	return import(VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body), qc_arg_bool(1, false));
}
