/*
 * extension/webhook/told.c
 *		What this transaction has told already, and as of which of its commands.
 *
 * A row's change carries the number of the command that made it.  One that was made
 * before the thing was read is included in what was told; a later one is not.  After a
 * rollback to a savepoint nothing is taken for told: twice is better than never.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "storage/proc.h"
#include "utils/combocid.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "extension/core/compat.h"
#include "extension/webhook/told.h"

typedef struct Thing
{
	int64 shop_id;
	int64 id;
} Thing;

typedef struct Told
{
	Thing thing;
	CommandId as_of; /* commands below it are included */
} Told;

static HTAB *told = NULL;
static LocalTransactionId told_in = InvalidLocalTransactionId;

static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent,
				  void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		told_in = InvalidLocalTransactionId;
}

/* The table of this transaction; the one before died with its memory. */
static HTAB *
table(void)
{
	static bool is_watching = false;
	HASHCTL control = {.keysize = sizeof(Thing),
					   .entrysize = sizeof(Told),
					   .hcxt = TopTransactionContext};

	if (told_in == QC_MY_LXID)
		return told;
	if (!is_watching)
		RegisterSubXactCallback(at_subtransaction, NULL);
	is_watching = true;
	told = hash_create("qutecart told", 64, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	told_in = QC_MY_LXID;
	return told;
}

static CommandId
command_of(TriggerData *data)
{
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		return HeapTupleHeaderGetCmin(data->tg_newtuple->t_data);
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
		return HeapTupleHeaderGetCmin(data->tg_trigtuple->t_data);
	return HeapTupleHeaderGetCmax(data->tg_trigtuple->t_data);
}

bool
qc_told_includes(TriggerData *data, int64 shop_id, int64 id)
{
	Thing thing = {.shop_id = shop_id, .id = id};
	Told *entry = hash_search(table(), &thing, HASH_FIND, NULL);

	return entry != NULL && command_of(data) < entry->as_of;
}

void
qc_told_remember(int64 shop_id, int64 id)
{
	Thing thing = {.shop_id = shop_id, .id = id};
	Told *entry = hash_search(table(), &thing, HASH_ENTER, NULL);

	entry->as_of = GetCurrentCommandId(false);
}
