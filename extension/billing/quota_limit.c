/*
 * extension/billing/quota_limit.c
 *		Limits kept in entries, by generation.
 *
 * A transaction that changes a plan, a shop's plan or an override advances the shop's
 * generation when it commits, and only then; an entry with an older one reads its limit
 * again.  The generation is read before the snapshot that reads the limit, so a change
 * in between makes the entry stale rather than wrong.  The changer itself works with
 * what it sees and keeps that to itself.
 */
#include "postgres.h"

#include "access/xact.h"
#include "tcop/utility.h"

#include "extension/billing/quota.h"
#include "extension/billing/quota_limit.h"

#define MANY 16

static int64 changed[MANY]; /* shops whose limits this transaction changed */
static int n_changed;       /* MANY = all shops */
static uint64 own_changes;  /* grows with each change, 0 = none in this transaction */
static ProcessUtility_hook_type next_utility;

void
qc_quota_limits_changed(int64 shop_id)
{
	own_changes++;
	for (int i = 0; i < n_changed && n_changed < MANY; i++)
		if (changed[i] == shop_id)
			return;
	if (shop_id == 0 || n_changed >= MANY - 1)
		n_changed = MANY;
	else
		changed[n_changed++] = shop_id;
}

static void
advance_changed(void)
{
	if (n_changed == MANY)
		qc_quota_limit_generation_advance(0);
	else
		for (int i = 0; i < n_changed; i++)
			qc_quota_limit_generation_advance(changed[i]);
}

/* At PREPARE too: an entry that is read again once too often is still right. */
static void
end_transaction(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT &&
		event != XACT_EVENT_PREPARE)
		return;
	if (event != XACT_EVENT_ABORT)
		advance_changed();
	n_changed = 0;
	own_changes = 0;
}

/* What was undone counts as one more change of what this transaction sees. */
static void
end_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent,
				   void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB && own_changes > 0)
		own_changes++;
}

static bool
decides_prepared(const Node *statement)
{
	const TransactionStmt *stmt = (const TransactionStmt *) statement;

	return IsA(statement, TransactionStmt) &&
		   (stmt->kind == TRANS_STMT_COMMIT_PREPARED ||
			stmt->kind == TRANS_STMT_ROLLBACK_PREPARED);
}

/*
 * Nobody knows any more what a prepared transaction has changed: after its end all
 * limits are read again and all rows counted again, when they are needed.
 */
static void
utility(PlannedStmt *planned, const char *text, bool is_read_only,
		ProcessUtilityContext context, ParamListInfo params,
		QueryEnvironment *environment, DestReceiver *receiver,
		QueryCompletion *completion)
{
	ProcessUtility_hook_type run =
		next_utility ? next_utility : standard_ProcessUtility;
	bool decides = decides_prepared(planned->utilityStmt);

	run(planned, text, is_read_only, context, params, environment, receiver,
		completion);
	if (!decides)
		return;
	qc_quota_limit_generation_advance(0);
	for (int i = 0; i < QC_METRIC_COUNT; i++)
		qc_quota_epoch_advance(i);
}

void
qc_quota_limit_init(void)
{
	RegisterXactCallback(end_transaction, NULL);
	RegisterSubXactCallback(end_subtransaction, NULL);
	next_utility = ProcessUtility_hook;
	ProcessUtility_hook = utility;
}

int64
qc_quota_limit_read(QcQuotaUse *use)
{
	QcQuotaEntry *entry = use->entry;
	uint64 generation = qc_quota_limit_generation(use->key.shop_id);
	TimestampTz valid_until;
	int64 limit = qc_plan_limit(use->key.shop_id, use->key.metric, &valid_until);

	if (own_changes > 0)
	{
		use->own_limit = limit;
		use->own_limit_of = own_changes;
		return limit;
	}
	SpinLockAcquire(&entry->mutex);
	if (generation >= entry->limit_generation)
	{
		entry->limit = limit;
		entry->limit_generation = generation;
		entry->valid_until = valid_until;
	}
	SpinLockRelease(&entry->mutex);
	return limit;
}

int64
qc_quota_limit(QcQuotaUse *use, const QcQuotaView *view)
{
	if (own_changes > 0)
		return use->own_limit_of == own_changes ? use->own_limit
												: qc_quota_limit_read(use);
	if (view->limit_generation == qc_quota_limit_generation(use->key.shop_id) &&
		(view->valid_until == DT_NOEND ||
		 GetCurrentTransactionStartTimestamp() < view->valid_until))
		return view->limit;
	return qc_quota_limit_read(use);
}
