/*
 * extension/core/compat.h
 *		Every difference between PostgreSQL 15, 16, 17 and 18, in one place.
 *
 * No other file of the project may ask for PG_VERSION_NUM.
 */
#ifndef QC_CORE_COMPAT_H
#define QC_CORE_COMPAT_H

#include "access/genam.h"
#include "catalog/namespace.h"
#include "catalog/pg_database.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/relcache.h"

#if PG_VERSION_NUM < 150000
#error "QuteCart needs PostgreSQL 15 or newer"
#endif

/* The local transaction id of this backend. */
#if PG_VERSION_NUM >= 170000
#define QC_MY_LXID (MyProc->vxid.lxid)
#else
#define QC_MY_LXID (MyProc->lxid)
#endif

/* The primary key's index, and a scan of an index without instrumentation. */
#if PG_VERSION_NUM >= 180000
#define qc_primary_key(table) RelationGetPrimaryKeyIndex((table), false)
#define qc_index_beginscan(table, index, snapshot, nkeys)                              \
	index_beginscan((table), (index), (snapshot), NULL, (nkeys), 0)
#else
#define qc_primary_key(table) RelationGetPrimaryKeyIndex(table)
#define qc_index_beginscan(table, index, snapshot, nkeys)                              \
	index_beginscan((table), (index), (snapshot), (nkeys), 0)
#endif

/* This process's place in ProcGlobal->allProcs. */
#if PG_VERSION_NUM >= 170000
#define QC_MY_PROC_INDEX GetNumberFromPGProc(MyProc)
#else
#define QC_MY_PROC_INDEX (MyProc->pgprocno)
#endif

/* Memory that a GUC check hook hands to the GUC machinery. */
#if PG_VERSION_NUM >= 160000
#define qc_guc_malloc(size) guc_malloc(LOG, (size))
#else
#define qc_guc_malloc(size) malloc(size)
#endif

/*
 * Resolve names in pg_catalog only until the matching pop.  An error in between
 * undoes the push with its subtransaction.
 */
#if PG_VERSION_NUM >= 170000
static inline int
qc_search_path_push(void)
{
	int level = NewGUCNestLevel();

	RestrictSearchPath();
	return level;
}

static inline void
qc_search_path_pop(int level)
{
	AtEOXact_GUC(false, level);
}
#else
static inline int
qc_search_path_push(void)
{
	OverrideSearchPath catalog_only = {
		.schemas = NIL, .addCatalog = true, .addTemp = false};

	PushOverrideSearchPath(&catalog_only);
	return 0;
}

static inline void
qc_search_path_pop(int level)
{
	PopOverrideSearchPath();
}
#endif

/* Callbacks of the JSON parser return nothing on 15. */
#if PG_VERSION_NUM >= 160000
#define QC_JSON_CALLBACK JsonParseErrorType
#define QC_JSON_GO_ON    return JSON_SUCCESS
#else
#define QC_JSON_CALLBACK void
#define QC_JSON_GO_ON    return
#endif

/* A lexer over a text in the database's encoding, with strings unescaped. */
#if PG_VERSION_NUM >= 170000
#define qc_json_lexer(text, len)                                                       \
	makeJsonLexContextCstringLen(NULL, (text), (len), PG_UTF8, true)
#else
#define qc_json_lexer(text, len)                                                       \
	makeJsonLexContextCstringLen((text), (len), PG_UTF8, true)
#endif

/* May a role execute a function? */
#if PG_VERSION_NUM >= 160000
#define qc_function_aclcheck(function, role)                                           \
	object_aclcheck(ProcedureRelationId, (function), (role), ACL_EXECUTE)
#else
#define qc_function_aclcheck(function, role)                                           \
	pg_proc_aclcheck((function), (role), ACL_EXECUTE)
#endif

/* Does a role own a database? */
#if PG_VERSION_NUM >= 160000
#define qc_database_ownercheck(database, role)                                         \
	object_ownercheck(DatabaseRelationId, (database), (role))
#else
#define qc_database_ownercheck(database, role) pg_database_ownercheck((database), (role))
#endif

/* A set of events that lives as long as its process. */
#if PG_VERSION_NUM >= 170000
#define qc_create_wait_event_set(context, size) CreateWaitEventSet(NULL, (size))
#else
#define qc_create_wait_event_set(context, size) CreateWaitEventSet((context), (size))
#endif

#endif /* QC_CORE_COMPAT_H */
