/*
 * functions/subdomain.c
 *		A shop's name under the base domain: look, ask, choose, give up.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/billing/subdomain_choice.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_read_subdomain);
PG_FUNCTION_INFO_V1(qc_fn_check_subdomain);
PG_FUNCTION_INFO_V1(qc_fn_choose_subdomain);
PG_FUNCTION_INFO_V1(qc_fn_release_subdomain);

static QcStmt read_tenant = {
	.sql = "SELECT t.subdomain, t.status, t.reserved_until FROM qutecart.tenants t"
		   " WHERE t.shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static int64
need_shop_and(const char *permission)
{
	int64 shop_id = qc_context_need_shop();

	qc_context_need(permission);
	return shop_id;
}

static void
write_name(QcJson *json, const char *label)
{
	QcIdnName name;
	bool is_named = label != NULL && qc_idn_read(label, &name) == NULL;

	qc_json_text(json, "subdomain", label);
	qc_json_text(json, "unicode", is_named ? name.unicode : label);
	qc_json_text(json, "url",
				 label ? psprintf("https://%s.%s", label, qc_guc_base_domain) : NULL);
}

static Datum
tenant_reply(const char *message, int64 shop_id)
{
	QcArgs args = {0};
	QcJson json;
	bool found;

	qc_json_reply_open(&json, message);
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	found = qc_db_run(&read_tenant, &args) > 0;
	write_name(&json, found ? qc_db_text(0, 1) : NULL);
	qc_json_text(&json, "status", found ? qc_db_text(0, 2) : "none");
	qc_json_time(&json, "reserved_until", found ? qc_db_time(0, 3) : DT_NOEND);
	qc_db_end();
	return qc_json_reply_close(&json);
}

static const char *
need_name(const char *name)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (name == NULL)
		qc_fields_add(&errors, "name", "The name field is required.");
	qc_fields_raise(&errors);
	return name;
}

Datum
qc_fn_read_subdomain(PG_FUNCTION_ARGS)
{
	return tenant_reply("Subdomain", need_shop_and("shop.profile.index"));
}

Datum
qc_fn_check_subdomain(PG_FUNCTION_ARGS)
{
	static const char *const words[] = {
		[QC_SUBDOMAIN_FREE] = "free",       [QC_SUBDOMAIN_YOURS] = "yours",
		[QC_SUBDOMAIN_INVALID] = "invalid", [QC_SUBDOMAIN_RESERVED] = "reserved",
		[QC_SUBDOMAIN_TAKEN] = "taken",
	};
	int64 shop_id = need_shop_and("shop.profile.index");
	const char *asked = need_name(qc_arg_text(0));
	const char *said;
	QcIdnName name;
	QcSubdomainVerdict verdict = qc_subdomain_judge(shop_id, asked, &name, &said);
	QcJson json;

	qc_json_reply_open(&json, said ? said : "The name is free.");
	qc_json_text(&json, "name", asked);
	write_name(&json, verdict == QC_SUBDOMAIN_INVALID ? NULL : name.ascii);
	qc_json_bool(&json, "available", verdict <= QC_SUBDOMAIN_YOURS);
	qc_json_text(&json, "verdict", words[verdict]);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_choose_subdomain(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.profile.edit");

	qc_subdomain_choose(shop_id, need_name(qc_arg_text(0)));
	return tenant_reply("Subdomain chosen successfully", shop_id);
}

Datum
qc_fn_release_subdomain(PG_FUNCTION_ARGS)
{
	qc_subdomain_give_up(need_shop_and("shop.profile.edit"));
	return qc_json_reply_message("Subdomain released successfully");
}
