/*
 * functions/domains.c
 *		A shop's own domains: claim, publish a TXT record, have it verified.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "extension/billing/custom_domain.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/idn.h"
#include "extension/core/json.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_list_domains);
PG_FUNCTION_INFO_V1(qc_fn_add_domain);
PG_FUNCTION_INFO_V1(qc_fn_verify_domain);
PG_FUNCTION_INFO_V1(qc_fn_remove_domain);
PG_FUNCTION_INFO_V1(qc_fn_decide_domain);

/* $2: one domain, NULL = all. */
static QcStmt read_claims = {
	.sql = "SELECT c.domain, c.token, c.verified_at, c.checked_at, c.requested_at,"
		   " c.created_at, c.problem FROM qutecart.domain_claims c"
		   " WHERE c.shop_id = $1 AND ($2 IS NULL OR c.domain = $2)"
		   " ORDER BY c.created_at, c.domain",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static int64
need_shop_and(const char *permission)
{
	int64 shop_id = qc_context_need_shop();

	qc_context_need(permission);
	return shop_id;
}

static void
write_claim(QcJson *json, uint64 row)
{
	const char *domain = qc_db_text(row, 1);
	QcIdnName name;

	qc_json_text(json, "domain", domain);
	qc_json_text(json, "unicode",
				 qc_idn_read(domain, &name) == NULL ? name.unicode : domain);
	qc_json_text(json, "status", qc_db_is_null(row, 3) ? "pending" : "verified");
	qc_json_open(json, "record", '{');
	qc_json_text(json, "type", "TXT");
	qc_json_text(json, "name", psprintf(QC_DOMAIN_CHALLENGE ".%s", domain));
	qc_json_text(json, "value", qc_db_text(row, 2));
	qc_json_close(json, '}');
	qc_json_text(json, "problem", qc_db_text(row, 7));
	qc_json_time(json, "verified_at", qc_db_time(row, 3));
	qc_json_time(json, "checked_at", qc_db_time(row, 4));
	qc_json_time(json, "requested_at", qc_db_time(row, 5));
	qc_json_time(json, "created_at", qc_db_time(row, 6));
}

static uint64
read_rows(int64 shop_id, const char *domain)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, domain);
	return qc_db_system(&read_claims, &args);
}

static Datum
domain_reply(const char *message, int64 shop_id, const char *domain)
{
	QcJson json;

	qc_json_reply_open(&json, message);
	qc_json_open(&json, "domain", '{');
	qc_db_begin();
	if (read_rows(shop_id, domain) == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("domain not found"));
	write_claim(&json, 0);
	qc_db_end();
	qc_json_close(&json, '}');
	return qc_json_reply_close(&json);
}

Datum
qc_fn_list_domains(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.profile.index");
	QcJson json;
	uint64 n;

	qc_json_reply_open(&json, "Domain list");
	qc_json_open(&json, "domains", '[');
	qc_db_begin();
	n = read_rows(shop_id, NULL);
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(&json, NULL, '{');
		write_claim(&json, i);
		qc_json_close(&json, '}');
	}
	qc_db_end();
	qc_json_close(&json, ']');
	return qc_json_reply_close(&json);
}

/* The domain as DNS has it; what is no domain is nobody's. */
static char *
need_domain(const char *text)
{
	QcIdnName name;

	if (text == NULL || qc_idn_read(text, &name) != NULL)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("domain not found"));
	return pstrdup(name.ascii);
}

Datum
qc_fn_add_domain(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.profile.edit");
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (PG_ARGISNULL(0))
		qc_fields_add(&errors, "domain", "The domain field is required.");
	qc_fields_raise(&errors);
	return domain_reply("Domain added successfully", shop_id,
						qc_domain_add(shop_id, qc_arg_text(0)));
}

Datum
qc_fn_verify_domain(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.profile.edit");
	char *domain = need_domain(qc_arg_text(0));

	qc_domain_request(shop_id, domain);
	return domain_reply("The domain is being looked up", shop_id, domain);
}

Datum
qc_fn_remove_domain(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.profile.edit");

	qc_domain_remove(shop_id, need_domain(qc_arg_text(0)));
	return qc_json_reply_message("Domain removed successfully");
}

Datum
qc_fn_decide_domain(PG_FUNCTION_ARGS)
{
	List *texts = NIL;
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT,
					  &values, &nulls, &n);
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			texts = lappend(texts, TextDatumGetCString(values[i]));
	PG_RETURN_BOOL(qc_domain_decide(PG_GETARG_INT64(0),
									text_to_cstring(PG_GETARG_TEXT_PP(1)), texts));
}
