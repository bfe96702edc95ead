/*
 * extension/billing/quota_use.c
 *		The own part of each entry, settled when the (sub)transaction ends.
 *
 * The callbacks of a transaction's end run after it has become visible and before its
 * locks are released; the protocol in quota.h rests on both.  Nothing may raise between
 * a change of shared memory and the note of it here.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "extension/billing/quota_use.h"

/* What a use was when a subtransaction first changed it. */
typedef struct QcQuotaMark
{
	QcQuotaUse *use;
	int level; /* nesting level of that subtransaction */
	int64 net;
	int64 reserved;
	bool wrote_warning;
	struct QcQuotaMark *older_of_use;
	struct QcQuotaMark *below; /* the stack of all marks, highest level on top */
} QcQuotaMark;

static HTAB *uses; /* lives as long as the backend, empty between transactions */
static QcQuotaUse *first_use;
static QcQuotaUse *last_used; /* bulk writes meet the same entry again and again */
static QcQuotaMark *marks;
static bool emptied[QC_METRIC_COUNT];
static bool emptied_any;

static void
make_uses(void)
{
	HASHCTL info = {.keysize = sizeof(QcQuotaKey),
					.entrysize = sizeof(QcQuotaUse),
					.hcxt = TopMemoryContext};

	uses = hash_create("qutecart quota uses", 16, &info,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
begin_use(QcQuotaUse *use)
{
	QcQuotaKey key = use->key;

	memset(use, 0, sizeof(*use));
	use->key = key;
	use->next = first_use;
	first_use = use;
}

QcQuotaUse *
qc_quota_use(const QcQuotaKey *key)
{
	QcQuotaUse *use = last_used;
	bool found;

	if (use != NULL && memcmp(&use->key, key, sizeof(*key)) == 0)
		return use;
	if (uses == NULL)
		make_uses();
	use = hash_search(uses, key, HASH_ENTER, &found);
	if (!found)
		begin_use(use);
	if (use->entry == NULL)
	{
		use->entry = qc_quota_entry_pin(key);
		SpinLockAcquire(&use->entry->mutex);
		use->counts_done = use->entry->counts_done;
		SpinLockRelease(&use->entry->mutex);
	}
	last_used = use;
	return use;
}

/* Before the first change by a subtransaction: note what its rollback restores. */
static void
mark(QcQuotaUse *use)
{
	int level = GetCurrentTransactionNestLevel();
	QcQuotaMark *new;

	if (level == 1 || (use->mark != NULL && use->mark->level == level))
		return;
	new = MemoryContextAlloc(TopTransactionContext, sizeof(QcQuotaMark));
	*new = (QcQuotaMark){.use = use,
						 .level = level,
						 .net = use->net,
						 .reserved = use->reserved,
						 .wrote_warning = use->wrote_warning,
						 .older_of_use = use->mark,
						 .below = marks};
	use->mark = new;
	marks = new;
}

/* The caller holds the mutex. */
static void
look(const QcQuotaUse *use, QcQuotaView *view)
{
	const QcQuotaEntry *entry = use->entry;

	view->is_counted = qc_quota_entry_is_counted(entry);
	view->is_uncertain = entry->is_uncertain;
	view->has_missed_warning = entry->has_missed_warning;
	view->counts_begun = entry->counts_begun;
	view->total = entry->base + entry->in_flight - use->reserved + use->net;
	view->limit = entry->limit;
	view->limit_generation = entry->limit_generation;
	view->valid_until = entry->valid_until;
}

void
qc_quota_use_view(QcQuotaUse *use, QcQuotaView *view)
{
	SpinLockAcquire(&use->entry->mutex);
	look(use, view);
	SpinLockRelease(&use->entry->mutex);
}

void
qc_quota_use_change(QcQuotaUse *use, int64 amount, QcQuotaView *view)
{
	mark(use);
	use->net += amount;
	SpinLockAcquire(&use->entry->mutex);
	if (use->net > use->reserved)
	{
		use->entry->in_flight += use->net - use->reserved;
		use->reserved = use->net;
	}
	if (view != NULL)
		look(use, view);
	SpinLockRelease(&use->entry->mutex);
}

void
qc_quota_use_note_warning(QcQuotaUse *use)
{
	mark(use);
	use->wrote_warning = true;
}

bool
qc_quota_use_claim_missed_warning(QcQuotaUse *use)
{
	bool is_missed;

	mark(use);
	SpinLockAcquire(&use->entry->mutex);
	is_missed = use->entry->has_missed_warning;
	use->entry->has_missed_warning = false;
	SpinLockRelease(&use->entry->mutex);
	use->wrote_warning |= is_missed;
	return is_missed;
}

void
qc_quota_use_empty(QcMetric metric)
{
	for (QcQuotaUse *use = first_use; use != NULL; use = use->next)
	{
		if (use->key.metric != metric || use->entry == NULL)
			continue;
		mark(use);
		use->net = 0;
	}
	emptied[metric] = true;
	emptied_any = true;
	qc_quota_epoch_advance(metric);
}

/* Between TRUNCATE and the end of its transaction, counts saw what may not come true. */
static void
advance_emptied(void)
{
	for (int i = 0; i < QC_METRIC_COUNT; i++)
		if (emptied[i])
			qc_quota_epoch_advance(i);
}

/* The rows are committed, or are prepared and may be: move them to base. */
static void
settle_done(const QcQuotaUse *use, QcQuotaEntry *entry, bool is_prepared)
{
	bool was_counted_meanwhile = entry->counts_done != use->counts_done;

	if (use->net > 0)
	{
		entry->base += use->net;
		entry->since += use->net;
	}
	else if (use->net < 0)
	{
		if (!was_counted_meanwhile && !is_prepared)
			entry->base += use->net;
		entry->had_decrease = true;
	}
	if (use->net != 0 && (was_counted_meanwhile || is_prepared))
		entry->is_uncertain = true;
}

static void
settle(const QcQuotaUse *use, XactEvent event)
{
	QcQuotaEntry *entry = use->entry;

	if (entry == NULL)
		return;
	SpinLockAcquire(&entry->mutex);
	entry->in_flight -= use->reserved;
	if (event != XACT_EVENT_ABORT)
		settle_done(use, entry, event == XACT_EVENT_PREPARE);
	else if (use->wrote_warning)
		entry->has_missed_warning = true;
	if (use->must_drop_at_end)
		entry->drops++;
	entry->pins--;
	SpinLockRelease(&entry->mutex);
}

static void
end_transaction(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT &&
		event != XACT_EVENT_PREPARE)
		return;
	if (emptied_any)
		advance_emptied();
	for (QcQuotaUse *use = first_use, *next; use != NULL; use = next)
	{
		next = use->next;
		settle(use, event);
		(void) hash_search(uses, &use->key, HASH_REMOVE, NULL);
	}
	first_use = NULL;
	last_used = NULL;
	marks = NULL;
	if (emptied_any)
		memset(emptied, 0, sizeof(emptied));
	emptied_any = false;
}

/* Back to the state of a mark; returns the mark below it. */
static QcQuotaMark *
restore(QcQuotaMark *from)
{
	QcQuotaUse *use = from->use;
	QcQuotaMark *below = from->below;

	SpinLockAcquire(&use->entry->mutex);
	use->entry->in_flight -= use->reserved - from->reserved;
	if (use->wrote_warning && !from->wrote_warning)
		use->entry->has_missed_warning = true;
	SpinLockRelease(&use->entry->mutex);
	use->net = from->net;
	use->reserved = from->reserved;
	use->wrote_warning = from->wrote_warning;
	use->mark = from->older_of_use;
	pfree(from);
	return below;
}

/* The marks of a committed subtransaction become its parent's, where that has none. */
static void
hand_to_parent(int level)
{
	QcQuotaMark **place = &marks;

	while (*place != NULL && (*place)->level >= level)
	{
		QcQuotaMark *moved = *place;
		QcQuotaMark *older = moved->older_of_use;
		bool is_known = level == 2 || (older != NULL && older->level == level - 1);

		if (is_known)
		{
			moved->use->mark = older;
			*place = moved->below;
			pfree(moved);
			continue;
		}
		moved->level = level - 1;
		place = &moved->below;
	}
}

static void
end_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent,
				   void *arg)
{
	int level = GetCurrentTransactionNestLevel();

	if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		if (emptied_any)
			advance_emptied();
		while (marks != NULL && marks->level >= level)
			marks = restore(marks);
	}
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
		hand_to_parent(level);
}

void
qc_quota_use_init(void)
{
	RegisterXactCallback(end_transaction, NULL);
	RegisterSubXactCallback(end_subtransaction, NULL);
}
