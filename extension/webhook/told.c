/*
 * extension/webhook/told.c
 *		Which messages this transaction has enqueued, by what they tell of.
 */
#include "postgres.h"

#include "access/xact.h"
#include "storage/proc.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "extension/core/compat.h"
#include "extension/webhook/told.h"

#define NAME_SIZE 96 /* bytes; a longer name is not remembered, and told again */

typedef struct Entry
{
	char name[NAME_SIZE]; /* "<shop>/<type>/<key>" */
	QcTold *told;
} Entry;

static HTAB *entries = NULL;
static LocalTransactionId entries_of = InvalidLocalTransactionId;

/* The table of this transaction; the one before died with its memory. */
static HTAB *
table(void)
{
	HASHCTL control = {.keysize = NAME_SIZE,
					   .entrysize = sizeof(Entry),
					   .hcxt = TopTransactionContext};

	if (entries_of == QC_MY_LXID)
		return entries;
	entries = hash_create("qutecart told", 64, &control,
						  HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	entries_of = QC_MY_LXID;
	return entries;
}

static bool
write_name(char *name, int64 shop_id, const char *type, const char *key)
{
	return snprintf(name, NAME_SIZE, INT64_FORMAT "/%s/%s", shop_id, type, key) <
		   NAME_SIZE;
}

bool
qc_told_is_any(void)
{
	return entries_of == QC_MY_LXID && entries_of != InvalidLocalTransactionId;
}

const QcTold *
qc_told_find(int64 shop_id, const char *type, const char *key)
{
	char name[NAME_SIZE];
	Entry *entry;

	if (entries_of != QC_MY_LXID || !write_name(name, shop_id, type, key))
		return NULL;
	entry = hash_search(entries, name, HASH_FIND, NULL);
	return entry ? entry->told : NULL;
}

void
qc_told_remember(int64 shop_id, const char *type, const char *key, const QcTold *told)
{
	size_t size = offsetof(QcTold, messages) + told->count * sizeof(int64);
	char name[NAME_SIZE];
	Entry *entry;

	if (!write_name(name, shop_id, type, key))
		return;
	entry = hash_search(table(), name, HASH_ENTER, NULL);
	entry->told = MemoryContextAlloc(TopTransactionContext, size);
	memcpy(entry->told, told, size);
}

void
qc_told_forget(int64 shop_id, const char *type, const char *key)
{
	char name[NAME_SIZE];

	if (entries_of == QC_MY_LXID && write_name(name, shop_id, type, key))
		(void) hash_search(entries, name, HASH_REMOVE, NULL);
}
