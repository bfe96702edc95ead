/*
 * extension/http/route.c
 *		The table of routes as a trie, one per backend.
 *
 * The table is read past all grants, for it is the same for everybody, and with the
 * newest snapshot: a trie built under an old one would stay stale after the message
 * that told of the change is gone.  A trigger on the table sends that message.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "extension/http/route.h"

typedef struct TrieNode
{
	const char *segment; /* NULL for a parameter, and at the root */
	struct TrieNode *literals;
	struct TrieNode *parameter;
	struct TrieNode *next; /* literal beside this one */
	QcRoute *routes[QC_METHOD_COUNT];
} TrieNode;

typedef struct Trie
{
	MemoryContext memory;
	TrieNode root;
	int n;
	int capacity;
	QcRoute **list;
} Trie;

static const char *const actors[] = {
	[QC_ROUTE_ANYONE] = "anyone",     [QC_ROUTE_USER] = "user",
	[QC_ROUTE_CUSTOMER] = "customer", [QC_ROUTE_MEMBER] = "member",
	[QC_ROUTE_ADMIN] = "admin",
};

static Trie *trie = NULL;
static bool is_current = false;
static uint64 generation = 0;
static Oid table_oid = InvalidOid;

static void on_relation_change(Datum arg, Oid relation);
static void on_function_change(Datum arg, int cache, uint32 hash);
static Trie *build(void);
static void read_table(Trie *new_trie, Oid relation);
static QcRoute *read_route(Relation table, HeapTuple tuple);
static void add(Trie *new_trie, QcRoute *route);
static TrieNode *child(TrieNode *node, const char *segment);

void
qc_route_init(void)
{
	static bool is_registered = false;

	if (is_registered)
		return;
	CacheRegisterRelcacheCallback(on_relation_change, (Datum) 0);
	CacheRegisterSyscacheCallback(PROCOID, on_function_change, (Datum) 0);
	is_registered = true;
}

static void
on_relation_change(Datum arg, Oid relation)
{
	if (relation == table_oid || relation == InvalidOid)
		is_current = false;
}

static void
on_function_change(Datum arg, int cache, uint32 hash)
{
	is_current = false;
}

bool
qc_route_is_table(Oid relation)
{
	return relation ==
		   get_relname_relid("routes", get_namespace_oid("qutecart", false));
}

uint64
qc_route_generation(void)
{
	return generation;
}

/* A change that comes while the table is read makes it stale again at once. */
void
qc_route_refresh(void)
{
	Trie *new_trie;

	qc_route_init();
	if (is_current)
		return;
	is_current = true;
	PG_TRY();
	{
		new_trie = build();
	}
	PG_CATCH();
	{
		is_current = false;
		PG_RE_THROW();
	}
	PG_END_TRY();
	if (trie != NULL)
		MemoryContextDelete(trie->memory);
	MemoryContextSetParent(new_trie->memory, TopMemoryContext);
	trie = new_trie;
	generation++;
}

static int
compare_routes(const void *a, const void *b)
{
	const QcRoute *left = *(QcRoute *const *) a;
	const QcRoute *right = *(QcRoute *const *) b;
	int order = strcmp(left->path, right->path);

	return order ? order : (int) left->method - (int) right->method;
}

/* Until it is complete it lives below the current context, so an error frees it. */
static Trie *
build(void)
{
	MemoryContext memory = AllocSetContextCreate(
		CurrentMemoryContext, "qutecart routes", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Trie *new_trie = palloc0(sizeof(Trie));

	new_trie->memory = memory;
	table_oid = get_relname_relid("routes", get_namespace_oid("qutecart", false));
	read_table(new_trie, table_oid);
	qsort(new_trie->list, new_trie->n, sizeof(QcRoute *), compare_routes);
	MemoryContextSwitchTo(old);
	return new_trie;
}

static void
read_table(Trie *new_trie, Oid relation)
{
	Relation table = table_open(relation, AccessShareLock);
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	SysScanDesc scan = systable_beginscan(table, InvalidOid, false, snapshot, 0, NULL);
	HeapTuple tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		QcRoute *route = read_route(table, tuple);

		if (route != NULL)
			add(new_trie, route);
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(table, AccessShareLock);
}

/* No column of the table may be NULL. */
static Datum
column(Relation table, HeapTuple tuple, const char *name)
{
	bool is_null;

	return heap_getattr(tuple, get_attnum(RelationGetRelid(table), name),
						RelationGetDescr(table), &is_null);
}

/* NULL for a row that cannot be a route: somebody wrote to the table himself. */
static QcRoute *
read_route(Relation table, HeapTuple tuple)
{
	QcRoute *route = palloc0(sizeof(QcRoute));
	char *actor = TextDatumGetCString(column(table, tuple, "actor"));

	route->method = qc_method_find(TextDatumGetCString(column(table, tuple, "method")));
	route->path = TextDatumGetCString(column(table, tuple, "path"));
	route->handler_name = TextDatumGetCString(column(table, tuple, "handler"));
	route->lane = TextDatumGetCString(column(table, tuple, "lane"));
	route->is_group =
		strcmp(TextDatumGetCString(column(table, tuple, "durability")), "group") == 0;
	route->status = DatumGetInt32(column(table, tuple, "status"));
	route->max_body = DatumGetInt32(column(table, tuple, "max_body"));
	route->bind = DatumGetJsonbPCopy(column(table, tuple, "bind"));
	for (int i = 0; i < lengthof(actors); i++)
		if (strcmp(actors[i], actor) == 0)
			route->actor = (QcRouteActor) i;
	if (route->method >= QC_METHOD_COUNT ||
		!qc_path_pattern_parse(&route->pattern, pstrdup(route->path)))
	{
		ereport(LOG_SERVER_ONLY,
				errmsg("ignoring route \"%s\", which has no valid path", route->path),
				errhint("Declare routes with qutecart.route()."));
		return NULL;
	}
	return route;
}

static void
add(Trie *new_trie, QcRoute *route)
{
	TrieNode *node = &new_trie->root;

	if (new_trie->n == new_trie->capacity)
	{
		new_trie->capacity = new_trie->capacity ? new_trie->capacity * 2 : 64;
		new_trie->list =
			new_trie->list
				? repalloc(new_trie->list, sizeof(QcRoute *) * new_trie->capacity)
				: palloc(sizeof(QcRoute *) * new_trie->capacity);
	}
	new_trie->list[new_trie->n++] = route;
	for (int i = 0; i < route->pattern.nsegments; i++)
		node = child(node, route->pattern.segments[i]);
	node->routes[route->method] = route;
}

/* The node below this one for a segment, made when it is not there. */
static TrieNode *
child(TrieNode *node, const char *segment)
{
	TrieNode *found = segment ? node->literals : node->parameter;

	while (segment != NULL && found != NULL && strcmp(found->segment, segment) != 0)
		found = found->next;
	if (found != NULL)
		return found;
	found = palloc0(sizeof(TrieNode));
	found->segment = segment;
	if (segment == NULL)
		node->parameter = found;
	else
	{
		found->next = node->literals;
		node->literals = found;
	}
	return found;
}

/* A parameter takes any segment but an empty one. */
static bool
descend(const TrieNode *node, const QcPath *path, int depth, int nparams,
		QcMethod method, QcMatch *match)
{
	const char *segment;

	if (depth == path->nsegments)
	{
		for (int i = 0; i < QC_METHOD_COUNT; i++)
			if (node->routes[i] != NULL)
				match->methods |= QC_METHOD_BIT(i);
		match->route = method < QC_METHOD_COUNT ? node->routes[method] : NULL;
		return match->route != NULL;
	}
	segment = path->segments[depth];
	for (const TrieNode *next = node->literals; next != NULL; next = next->next)
		if (strcmp(next->segment, segment) == 0 &&
			descend(next, path, depth + 1, nparams, method, match))
			return true;
	if (node->parameter == NULL || *segment == '\0')
		return false;
	match->params[nparams] = segment;
	return descend(node->parameter, path, depth + 1, nparams + 1, method, match);
}

void
qc_route_find(const QcPath *path, QcMethod method, QcMatch *match)
{
	memset(match, 0, sizeof(*match));
	(void) descend(&trie->root, path, 0, 0,
				   method == QC_METHOD_HEAD ? QC_METHOD_GET : method, match);
	if (match->methods & QC_METHOD_BIT(QC_METHOD_GET))
		match->methods |= QC_METHOD_BIT(QC_METHOD_HEAD);
}

/* Described in a context of its own, which joins the trie when it is complete. */
QcHandler *
qc_route_handler(QcRoute *route)
{
	MemoryContext memory;
	MemoryContext old;

	if (route->handler != NULL)
		return route->handler;
	memory = AllocSetContextCreate(CurrentMemoryContext, "qutecart handler",
								   ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(memory);
	route->handler = qc_handler_describe(route->handler_name, route->pattern.params,
										 route->pattern.nparams, route->bind);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(memory, trie->memory);
	return route->handler;
}

QcRoute *const *
qc_route_list(int *n)
{
	*n = trie->n;
	return trie->list;
}
