/*
 * extension/billing/subdomain_choice.c
 *		A subdomain that the shop chooses itself.
 *
 * Asking whether a name is free decides nothing: the key of qutecart.domains does, when
 * the row is inserted.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "extension/billing/subdomain.h"
#include "extension/billing/subdomain_choice.h"
#include "extension/billing/subscription.h"
#include "extension/billing/subscription_shown.h"
#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/guc.h"
#include "extension/core/json.h"
#include "extension/tenant/audit.h"

static QcStmt find_holder = {
	.sql = "SELECT d.shop_id FROM qutecart.domains d WHERE d.domain = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt drop_name = {
	.sql = "DELETE FROM qutecart.domains d WHERE d.shop_id = $1"
		   " AND d.kind = 'subdomain' RETURNING d.domain",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt take_name = {
	.sql = "INSERT INTO qutecart.domains (domain, shop_id, kind, verified_at)"
		   " VALUES ($1, $2, 'subdomain', pg_catalog.now())"
		   " ON CONFLICT (domain) DO NOTHING",
	.nargs = 2,
	.argtypes = {TEXTOID, INT8OID},
};

static QcStmt name_tenant = {
	.sql = "UPDATE qutecart.tenants t SET subdomain = $2,"
		   " updated_at = pg_catalog.now() WHERE t.shop_id = $1",
	.nargs = 2,
	.argtypes = {INT8OID, TEXTOID},
};

static const char *
judge_form(const char *text, QcIdnName *name)
{
	const char *complaint = qc_idn_read(text, name);

	if (complaint != NULL)
		return complaint;
	if (strchr(name->ascii, '.') != NULL)
		return "must be one name without dots.";
	if (name->characters < QC_SUBDOMAIN_MIN || name->characters > QC_SUBDOMAIN_MAX)
		return psprintf("must have %d to %d characters.", QC_SUBDOMAIN_MIN,
						QC_SUBDOMAIN_MAX);
	return NULL;
}

QcSubdomainVerdict
qc_subdomain_judge(int64 shop_id, const char *text, QcIdnName *name, const char **said)
{
	const char *complaint = judge_form(text, name);
	QcArgs args = {0};
	int64 holder;

	*said = NULL;
	if (complaint != NULL)
	{
		*said = psprintf("The name %s", complaint);
		return QC_SUBDOMAIN_INVALID;
	}
	if (qc_subdomain_is_reserved(name->ascii))
	{
		*said = "The name is reserved.";
		return QC_SUBDOMAIN_RESERVED;
	}
	qc_args_text(&args, psprintf("%s.%s", name->ascii, qc_guc_base_domain));
	qc_db_begin();
	holder = qc_db_system(&find_holder, &args) > 0 ? qc_db_int8(0, 1) : 0;
	qc_db_end();
	if (holder == 0)
		return QC_SUBDOMAIN_FREE;
	*said =
		holder == shop_id ? "The shop has this name." : "The name is taken already.";
	return holder == shop_id ? QC_SUBDOMAIN_YOURS : QC_SUBDOMAIN_TAKEN;
}

static void
pg_attribute_noreturn() refuse_taken(void)
{
	ereport(ERROR, qc_err(QC_ERR_CONFLICT), errmsg("the name is taken already"),
			errhint("Choose another one."));
}

static void
need_name(QcSubdomainVerdict verdict, const char *said)
{
	QcFieldErrors errors;

	if (verdict == QC_SUBDOMAIN_TAKEN)
		refuse_taken();
	if (verdict != QC_SUBDOMAIN_INVALID && verdict != QC_SUBDOMAIN_RESERVED)
		return;
	qc_fields_init(&errors);
	qc_fields_add(&errors, "name", "%s", said);
	qc_fields_raise(&errors);
}

/* With the shop locked, so that its plan stays what it is. */
static void
need_entitlement(int64 shop_id)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	bool is_entitled;

	(void) qc_subscription_lock_shop(shop_id);
	qc_db_begin();
	is_entitled = qc_subscription_shown(shop_id, now).is_entitled;
	qc_db_end();
	if (!is_entitled)
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("the shop's plan includes no subdomain"),
				errhint("Choose a plan that does."));
}

static char *
change_of(const char *from, const char *to)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "from", from);
	qc_json_text(&json, "to", to);
	qc_json_close(&json, '}');
	return json.out.data;
}

/* The shop's own name is gone; returns it, NULL when there was none. */
static char *
drop(int64 shop_id)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	return qc_db_system(&drop_name, &args) > 0 ? qc_db_text(0, 1) : NULL;
}

static void
write_name(int64 shop_id, const char *label)
{
	QcArgs args = {0};

	qc_args_int8(&args, shop_id);
	qc_args_text(&args, label);
	qc_db_expect(qc_db_system(&name_tenant, &args), 1, "naming a tenant");
}

void
qc_subdomain_choose(int64 shop_id, const char *text)
{
	const char *said;
	char *before;
	char *host;
	QcArgs args = {0};
	QcIdnName name;
	QcSubdomainVerdict verdict;

	need_entitlement(shop_id);
	verdict = qc_subdomain_judge(shop_id, text, &name, &said);
	need_name(verdict, said);
	if (verdict == QC_SUBDOMAIN_YOURS)
		return;
	qc_subdomain_open(shop_id);
	host = psprintf("%s.%s", name.ascii, qc_guc_base_domain);
	qc_args_text(&args, host);
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	before = drop(shop_id);
	if (qc_db_system(&take_name, &args) == 0)
		refuse_taken();
	write_name(shop_id, name.ascii);
	qc_audit("subdomain.choose", shop_id, host, change_of(before, host));
	qc_db_end();
}

void
qc_subdomain_give_up(int64 shop_id)
{
	char *before;

	(void) qc_subscription_lock_shop(shop_id);
	qc_db_begin();
	before = drop(shop_id);
	if (before == NULL)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("the shop has no subdomain"));
	write_name(shop_id, NULL);
	qc_audit("subdomain.release", shop_id, before, NULL);
	qc_db_end();
}
