/*
 * extension/billing/plan_edit.c
 *		Writing plans: the rows, the prices that were, the log, what shops feel of it.
 *
 * Nothing here talks to Stripe: needs_sync says that what Stripe has is out of date.
 */
#include "postgres.h"

#include "nodes/pg_list.h"

#include "extension/billing/plan_edit.h"
#include "extension/billing/subscription.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/tenant/audit.h"

/* Features as the sorted names of those that are on. */
#define FEATURES_ON                                                                    \
	"(SELECT coalesce(pg_catalog.string_agg(f.key, ',' ORDER BY f.key COLLATE"         \
	" \"C\"), '') FROM pg_catalog.jsonb_each(p.features) f WHERE f.value = 'true')"

static QcStmt lock_all = {
	.sql = "LOCK TABLE qutecart.plans IN SHARE ROW EXCLUSIVE MODE",
};

/* Before a row is locked, so that two writers of plans wait in one order. */
static QcStmt lock_against_file = {
	.sql = "LOCK TABLE qutecart.plans IN ROW EXCLUSIVE MODE",
};

/* Columns from the third on are those of QcPlanField, in its order. */
#define PLAN                                                                           \
	"SELECT p.id, p.slug, p.name, p.description, p.price, p.yearly_price,"             \
	" p.currency, p.products_limit, p.orders_per_month, p.storage_mb,"                 \
	" p.staff_accounts, p.trial_days, " FEATURES_ON                                    \
	", p.is_featured::pg_catalog.text, p.sort_order, p.is_active::pg_catalog.text"     \
	" FROM qutecart.plans p WHERE "

static QcStmt lock_plan = {
	.sql = PLAN "p.id = $1 FOR NO KEY UPDATE",
	.nargs = 1,
	.argtypes = {INT8OID},
};

static QcStmt find_plan = {
	.sql = PLAN "p.slug = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static QcStmt read_slugs = {
	.sql = "SELECT p.slug FROM qutecart.plans p ORDER BY p.sort_order, p.id",
};

static QcStmt find_currency = {
	.sql = "SELECT FROM qutecart.currencies c WHERE c.code = $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

/* $11 as an object; of a plan that is there what was said before is off. */
#define FEATURES_NAMED                                                                 \
	"(SELECT coalesce(pg_catalog.jsonb_object_agg(k, true), '{}')"                     \
	" FROM pg_catalog.unnest(pg_catalog.string_to_array($11, ',')) k WHERE k <> '')"

#define FEATURES_BEFORE                                                                \
	"(SELECT coalesce(pg_catalog.jsonb_object_agg(k, false), '{}')"                    \
	" FROM pg_catalog.jsonb_object_keys(p.features) k)"

#define VALUE_TYPES                                                                    \
	TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,   \
		TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID

static QcStmt insert_plan = {
	.sql =
		"INSERT INTO qutecart.plans (name, description, price, yearly_price,"
		" currency, products_limit, orders_per_month, storage_mb, staff_accounts,"
		" trial_days, features, is_featured, sort_order, is_active, slug, needs_sync)"
		" VALUES ($1, $2, $3::numeric, $4::numeric, $5, $6::bigint, $7::bigint,"
		" $8::bigint, $9::bigint, $10::int, " FEATURES_NAMED ","
		" $12::bool, $13::int, $14::bool, $15, $3::numeric > 0)"
		" ON CONFLICT (slug) DO NOTHING RETURNING id",
	.nargs = 15,
	.argtypes = {VALUE_TYPES, TEXTOID},
};

/* What Stripe knows of the plan is the trigger's, whoever changes it. */
static QcStmt update_plan = {
	.sql =
		"UPDATE qutecart.plans p SET name = $1, description = $2, price = $3::numeric,"
		" yearly_price = $4::numeric, currency = $5, products_limit = $6::bigint,"
		" orders_per_month = $7::bigint, storage_mb = $8::bigint,"
		" staff_accounts = $9::bigint, trial_days = $10::int,"
		" features = " FEATURES_BEFORE " || " FEATURES_NAMED
		", is_featured = $12::bool,"
		" sort_order = $13::int, is_active = $14::bool,"
		" updated_at = pg_catalog.now() WHERE p.id = $15",
	.nargs = 15,
	.argtypes = {VALUE_TYPES, INT8OID},
};

static void
lock_table(QcStmt *stmt)
{
	qc_db_begin();
	(void) qc_db_system(stmt, NULL);
	qc_db_end();
}

void
qc_plan_lock_all(void)
{
	lock_table(&lock_all);
}

static bool
read_row(QcPlan *plan, QcStmt *stmt, const QcArgs *args)
{
	bool found;

	qc_db_begin();
	found = qc_db_system(stmt, args) == 1;
	if (found)
	{
		plan->id = qc_db_int8(0, 1);
		plan->slug = qc_db_keep_text(qc_db_text(0, 2));
		for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
			plan->values[i] = qc_db_keep_text(qc_db_output(0, i + 3));
	}
	qc_db_end();
	return found;
}

bool
qc_plan_lock(QcPlan *plan, int64 id)
{
	QcArgs args = {0};

	qc_args_int8(&args, id);
	lock_table(&lock_against_file);
	return read_row(plan, &lock_plan, &args);
}

bool
qc_plan_find(QcPlan *plan, const char *slug)
{
	QcArgs args = {0};

	qc_args_text(&args, slug);
	return read_row(plan, &find_plan, &args);
}

List *
qc_plan_slugs(void)
{
	List *slugs = NIL;
	MemoryContext outer = CurrentMemoryContext;
	uint64 n;

	qc_db_begin();
	n = qc_db_system(&read_slugs, NULL);
	for (uint64 i = 0; i < n; i++)
	{
		MemoryContext inner = MemoryContextSwitchTo(outer);

		slugs = lappend(slugs, qc_db_text(i, 1));
		MemoryContextSwitchTo(inner);
	}
	qc_db_end();
	return slugs;
}

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

static void
need_currency(const char *code)
{
	QcArgs args = {0};
	QcFieldErrors errors;

	qc_args_text(&args, code);
	if (qc_db_system(&find_currency, &args) > 0)
		return;
	qc_fields_init(&errors);
	qc_fields_add(&errors, "currency", "The selected currency is invalid.");
	qc_fields_raise(&errors);
}

/* {"price": ["29.00", "35.00"], …} */
static char *
changes(const QcPlan *plan, const QcPlan *before)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
	{
		const char *was = before ? before->values[i] : NULL;

		if (is_same(was, plan->values[i]))
			continue;
		qc_json_open(&json, qc_plan_field_name(i), '[');
		qc_json_text(&json, NULL, was);
		qc_json_text(&json, NULL, plan->values[i]);
		qc_json_close(&json, ']');
	}
	qc_json_close(&json, '}');
	return json.out.data;
}

static void
args_of(QcArgs *args, const QcPlan *plan)
{
	for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
		qc_args_text(args, plan->values[i]);
}

void
qc_plan_create(QcPlan *plan)
{
	QcArgs args = {0};

	args_of(&args, plan);
	qc_args_text(&args, plan->slug);
	qc_db_begin();
	need_currency(plan->values[QC_PLAN_CURRENCY]);
	if (qc_db_system(&insert_plan, &args) == 0)
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("there is a plan \"%s\" already", plan->slug),
				errhint("A retired plan can be restored."));
	plan->id = qc_db_int8(0, 1);
	qc_audit("plan.create", 0, plan->slug, changes(plan, NULL));
	qc_db_end();
}

/* A plan that is retired or restored is logged as such. */
static const char *
action_of(const QcPlan *plan, const QcPlan *before)
{
	const char *is_active = plan->values[QC_PLAN_IS_ACTIVE];

	if (is_same(is_active, before->values[QC_PLAN_IS_ACTIVE]))
		return "plan.change";
	return strcmp(is_active, "true") == 0 ? "plan.restore" : "plan.retire";
}

bool
qc_plan_update(const QcPlan *plan, const QcPlan *before)
{
	QcArgs args = {0};
	bool is_changed = false;

	for (int i = 0; i < QC_PLAN_FIELD_COUNT; i++)
		is_changed |= !is_same(plan->values[i], before->values[i]);
	if (!is_changed)
		return false;
	args_of(&args, plan);
	qc_args_int8(&args, plan->id);
	qc_db_begin();
	need_currency(plan->values[QC_PLAN_CURRENCY]);
	qc_db_expect(qc_db_system(&update_plan, &args), 1, "changing a plan");
	qc_audit(action_of(plan, before), 0, plan->slug, changes(plan, before));
	if (!is_same(plan->values[QC_PLAN_FEATURES], before->values[QC_PLAN_FEATURES]))
		qc_subscription_review(plan->id);
	qc_db_end();
	return true;
}
