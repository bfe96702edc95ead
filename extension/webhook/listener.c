/*
 * extension/webhook/listener.c
 *		A small table of shops without endpoints, emptied by relation cache messages.
 *
 * Whoever writes an endpoint sends such a message with his commit; PostgreSQL delivers it
 * to all backends after the row is visible, also for a prepared transaction, and to
 * ourselves at a rollback.  A shop is remembered only when no message came while it was
 * looked up, and it is looked up among what is committed now: an old snapshot of this
 * transaction must not decide for the next one.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/webhook/listener.h"

#define SLOTS   1024
#define FEATURE "api_access"

static QcStmt find_any = {
	.sql = "SELECT EXISTS (SELECT FROM qutecart.webhook_endpoints w"
		   " WHERE w.shop_id = $1 AND w.is_enabled)",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
	.is_latest = true,
};

static QcStmt read_plan = {
	.sql = "SELECT coalesce((e.features ->> '" FEATURE "')::boolean, false),"
		   " e.plan_name FROM qutecart.effective_limits e WHERE e.shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_latest = true,
};

static int64 deaf[SLOTS]; /* shop ids without an endpoint, each in its slot; 0 = none */
static Oid endpoints_id = InvalidOid;
static uint64 changes = 0;

static void
forget(Datum arg, Oid relation)
{
	if (OidIsValid(relation) && relation != endpoints_id)
		return;
	changes++;
	endpoints_id = InvalidOid;
	memset(deaf, 0, sizeof(deaf));
}

static void
watch(void)
{
	static bool is_watching = false;

	if (!is_watching)
		CacheRegisterRelcacheCallback(forget, (Datum) 0);
	is_watching = true;
	if (!OidIsValid(endpoints_id))
		endpoints_id = get_relname_relid("webhook_endpoints",
										 get_namespace_oid("qutecart", false));
}

bool
qc_listener_may_exist(int64 shop_id)
{
	int64 *slot = &deaf[(uint64) shop_id % SLOTS];
	QcArgs args = {0};
	uint64 before;
	bool exists;

	if (*slot == shop_id && shop_id != 0)
		return false;
	watch();
	before = changes;
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	(void) qc_db_system(&find_any, &args);
	exists = qc_db_bool(0, 1);
	qc_db_end();
	if (!exists && before == changes)
		*slot = shop_id;
	return exists;
}

void
qc_listener_changed(Relation endpoints)
{
	CacheInvalidateRelcache(endpoints);
}

/* Reads the plan's name as well, for who is refused. */
static bool
is_paid_for(int64 shop_id, char **plan_name)
{
	QcArgs args = {0};
	bool is_paid;

	qc_args_int8(&args, shop_id);
	qc_db_begin();
	is_paid = qc_db_system(&read_plan, &args) == 1 && qc_db_bool(0, 1);
	if (plan_name != NULL)
		*plan_name = qc_db_keep_text(qc_db_text(0, 2));
	qc_db_end();
	return is_paid;
}

bool
qc_listener_is_paid_for(int64 shop_id)
{
	return is_paid_for(shop_id, NULL);
}

static char *
members(const char *plan_name)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out,
						   "\"error\":\"Feature not in plan\",\"feature\":\"" FEATURE
						   "\",\"current_plan\":");
	qc_json_string(&out, plan_name);
	return out.data;
}

void
qc_listener_need_paid(int64 shop_id)
{
	char *plan_name;

	if (!is_paid_for(shop_id, &plan_name))
		ereport(ERROR, qc_err(QC_ERR_FEATURE_NOT_IN_PLAN),
				errmsg("the plan \"%s\" has no webhooks", plan_name),
				errhint("Upgrade to a plan with API access."),
				qc_err_members(members(plan_name)));
}
