/*
 * extension/catalogue/publish.c
 *		Keeps the public read model equal to products and shops.
 *
 * A product is published when it is active, approved, not deleted, and its shop is
 * active.  Each statement on products costs one or two set-based statements here.
 *
 * Whoever changes products holds their shops' lock in share mode until the end of his
 * transaction; whoever opens or closes a shop holds it alone.  Under that lock the
 * statements look at what is committed now (is_latest), in every isolation level, so
 * neither overlooks the other.  There are SHOP_LOCKS locks, not one per shop: a
 * statement over thousands of shops must not fill the lock table.
 *
 * Transition tables are joined to tables by key only, never to each other: the kept
 * plan may be made for one row and then meet a hundred thousand.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "extension/catalogue/publish.h"
#include "extension/core/db.h"

#define SHOP_LOCKS  64
#define TALLY_SLOTS 32
#define FOLD_EVERY  1000

#define COLUMNS                                                                        \
	"shop_id, product_id, name, handle, code, short_description, price,"               \
	" discount_price, effective_price, quantity, brand, product_type, tags,"           \
	" thumbnail, is_digital, is_featured, sold, created_at, search"

/* What the catalogue says of product p (with media m). */
#define VALUES_BUT_SOLD(sold)                                                          \
	"p.shop_id, p.id, p.name, p.handle, p.code, p.short_description, p.price,"         \
	" p.discount_price,"                                                               \
	" CASE WHEN p.discount_price > 0 THEN p.discount_price ELSE p.price END,"          \
	" p.quantity, p.brand, p.product_type, p.tags,"                                    \
	" COALESCE(p.thumbnail_url, m.object_key), p.is_digital, p.is_featured, " sold "," \
	" p.created_at, pg_catalog.to_tsvector('pg_catalog.simple',"                       \
	" pg_catalog.concat_ws(' ', p.name, p.brand, p.product_type, p.code,"              \
	" pg_catalog.left(pg_catalog.array_to_string(p.tags, ' '), 10000),"                \
	" p.short_description))"

#define SOLD                                                                           \
	"(SELECT COALESCE(pg_catalog.sum(l.quantity), 0) FROM qutecart.order_lines l"      \
	" WHERE l.shop_id = p.shop_id AND l.product_id = p.id)"

#define WITH_MEDIA                                                                     \
	" LEFT JOIN qutecart.media m ON m.shop_id = p.shop_id AND m.id = p.media_id"

#define IS_OFFERED " p.is_active AND p.is_approved AND p.deleted_at IS NULL"

#define IS_PUBLISHED                                                                   \
	IS_OFFERED " AND EXISTS (SELECT FROM qutecart.shops s"                             \
			   " WHERE s.id = p.shop_id AND s.is_active)"

/* A new product has no order lines yet. */
static QcStmt add_inserted = {
	.sql = "INSERT INTO qutecart.catalogue (" COLUMNS ") SELECT " VALUES_BUT_SOLD(
		"0") " FROM new_rows p" WITH_MEDIA " WHERE" IS_PUBLISHED,
	.is_latest = true,
};

static QcStmt drop_updated = {
	.sql =
		"DELETE FROM qutecart.catalogue c USING old_rows o"
		" WHERE c.shop_id = o.shop_id AND c.product_id = o.id"
		" AND NOT EXISTS (SELECT FROM qutecart.products p WHERE p.shop_id = c.shop_id"
		" AND p.id = c.product_id AND" IS_PUBLISHED ")",
	.is_latest = true,
};

static QcStmt put_updated = {
	.sql =
		"WITH put AS (INSERT INTO qutecart.catalogue AS c (" COLUMNS
		") SELECT " VALUES_BUT_SOLD(
			SOLD) " FROM new_rows p" WITH_MEDIA " WHERE" IS_PUBLISHED
				  " ON CONFLICT (shop_id, product_id) DO UPDATE SET name = excluded.name,"
				  " handle = excluded.handle, code = excluded.code,"
				  " short_description = excluded.short_description, price = excluded.price,"
				  " discount_price = excluded.discount_price,"
				  " effective_price = excluded.effective_price,"
				  " quantity = excluded.quantity, brand = excluded.brand,"
				  " product_type = excluded.product_type, tags = excluded.tags,"
				  " thumbnail = excluded.thumbnail, is_digital = excluded.is_digital,"
				  " is_featured = excluded.is_featured, created_at = excluded.created_at,"
				  " search = excluded.search"
				  " WHERE (c.name, c.handle, c.code, c.short_description, c.price,"
				  " c.discount_price, c.quantity, c.brand, c.product_type, c.tags,"
				  " c.thumbnail, c.is_digital, c.is_featured, c.created_at)"
				  " IS DISTINCT FROM (excluded.name, excluded.handle, excluded.code,"
				  " excluded.short_description, excluded.price, excluded.discount_price,"
				  " excluded.quantity, excluded.brand, excluded.product_type, excluded.tags,"
				  " excluded.thumbnail, excluded.is_digital, excluded.is_featured,"
				  " excluded.created_at)"
				  " RETURNING xmax = 0 AS is_new)"
				  " SELECT pg_catalog.count(*) FILTER (WHERE is_new) FROM put",
	.is_latest = true,
};

static QcStmt facets_have_changed = {
	.sql = "SELECT EXISTS (SELECT FROM old_rows o JOIN qutecart.products p"
		   " ON p.shop_id = o.shop_id AND p.id = o.id"
		   " WHERE (p.brand, p.price, p.discount_price)"
		   " IS DISTINCT FROM (o.brand, o.price, o.discount_price))",
};

static QcStmt drop_deleted = {
	.sql = "DELETE FROM qutecart.catalogue c USING old_rows o"
		   " WHERE c.shop_id = o.shop_id AND c.product_id = o.id",
	.is_latest = true,
};

static QcStmt add_sold = {
	.sql =
		"UPDATE qutecart.catalogue c SET sold = c.sold + l.quantity"
		" FROM (SELECT n.shop_id, n.product_id, pg_catalog.sum(n.quantity) AS quantity"
		" FROM new_rows n GROUP BY n.shop_id, n.product_id) l"
		" WHERE c.shop_id = l.shop_id AND c.product_id = l.product_id",
};

static QcStmt add_shop = {
	.sql = "INSERT INTO qutecart.catalogue (" COLUMNS ") SELECT " VALUES_BUT_SOLD(
		SOLD) " FROM qutecart.products p" WITH_MEDIA
			  " WHERE p.shop_id = $1 AND" IS_PUBLISHED
			  " ON CONFLICT (shop_id, product_id) DO NOTHING",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_latest = true,
};

static QcStmt drop_shop = {
	.sql = "DELETE FROM qutecart.catalogue WHERE shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_latest = true,
};

static QcStmt drop_all = {
	.sql = "DELETE FROM qutecart.catalogue",
	.is_latest = true,
};

static QcStmt add_all = {
	.sql = "INSERT INTO qutecart.catalogue (" COLUMNS ") SELECT " VALUES_BUT_SOLD(
		SOLD) " FROM qutecart.products p" WITH_MEDIA " WHERE" IS_PUBLISHED,
	.is_latest = true,
};

static QcStmt find_differences = {
	.sql = "WITH wanted (" COLUMNS ") AS MATERIALIZED (SELECT " VALUES_BUT_SOLD(
		SOLD) " FROM qutecart.products p" WITH_MEDIA " WHERE" IS_PUBLISHED ")"
			  " SELECT coalesce(w.shop_id, c.shop_id), coalesce(w.product_id, c.product_id),"
			  " CASE WHEN c.shop_id IS NULL THEN 'is missing'"
			  " WHEN w.shop_id IS NULL THEN 'is not to be seen'"
			  " ELSE 'is out of date' END FROM wanted w"
			  " FULL JOIN (SELECT " COLUMNS " FROM qutecart.catalogue) c"
			  " ON c.shop_id = w.shop_id AND c.product_id = w.product_id"
			  " WHERE (w.*)::pg_catalog.text IS DISTINCT FROM (c.*)::pg_catalog.text"
			  " UNION ALL SELECT NULL, NULL, pg_catalog.format("
			  " 'the tallies say %s, there are %s', t.n, c.n)"
			  " FROM (SELECT coalesce(pg_catalog.sum(products), 0) AS n"
			  "  FROM qutecart.catalogue_tallies) t,"
			  " (SELECT count(*) AS n FROM qutecart.catalogue) c WHERE t.n <> c.n",
	.is_read = true,
};

static QcStmt change_tally = {
	.sql = "UPDATE qutecart.catalogue_tallies t"
		   " SET products = t.products + $2, edition = t.edition + 1"
		   " WHERE t.id = (SELECT f.id FROM qutecart.catalogue_tallies f"
		   " WHERE f.slot = $1 LIMIT 1 FOR UPDATE SKIP LOCKED)",
	.nargs = 2,
	.argtypes = {INT4OID, INT8OID},
	.is_latest = true,
};

static QcStmt add_tally = {
	.sql = "INSERT INTO qutecart.catalogue_tallies (slot, products, edition)"
		   " VALUES ($1, $2, 1)",
	.nargs = 2,
	.argtypes = {INT4OID, INT8OID},
};

/* The edition goes on from where it was. */
static QcStmt clear_tallies = {
	.sql = "UPDATE qutecart.catalogue_tallies SET products = 0",
	.is_latest = true,
};

/* Parts that were made while another of the slot was held. */
static QcStmt fold_tallies = {
	.sql =
		"WITH gone AS (DELETE FROM qutecart.catalogue_tallies t WHERE t.id IN"
		" (SELECT f.id FROM qutecart.catalogue_tallies f WHERE f.slot = $1"
		" FOR UPDATE SKIP LOCKED) RETURNING t.products, t.edition)"
		" INSERT INTO qutecart.catalogue_tallies (slot, products, edition)"
		" SELECT $1, pg_catalog.sum(g.products), pg_catalog.sum(g.edition) FROM gone g"
		" HAVING pg_catalog.count(*) > 0",
	.nargs = 1,
	.argtypes = {INT4OID},
	.is_latest = true,
};

static void lock_shop(int64 shop_id, LOCKMODE mode);
static void lock_shops_of(TriggerData *data, Tuplestorestate *rows);
static void count_rows(int64 delta);
static void tally(int64 delta);

void
qc_publish_inserted(TriggerData *data)
{
	lock_shops_of(data, data->tg_newtable);
	qc_db_begin();
	qc_db_show_transition(data);
	count_rows((int64) qc_db_system(&add_inserted, NULL));
	qc_db_end();
}

void
qc_publish_updated(TriggerData *data)
{
	int64 gone;
	int64 come;
	bool facets_changed;

	lock_shops_of(data, data->tg_oldtable);
	lock_shops_of(data, data->tg_newtable);
	qc_db_begin();
	qc_db_show_transition(data);
	gone = (int64) qc_db_system(&drop_updated, NULL);
	(void) qc_db_system(&put_updated, NULL);
	come = qc_db_int8(0, 1);
	(void) qc_db_system(&facets_have_changed, NULL);
	facets_changed = qc_db_bool(0, 1);
	if (gone > 0 || come > 0 || facets_changed)
		tally(come - gone);
	qc_db_end();
}

void
qc_publish_deleted(TriggerData *data)
{
	lock_shops_of(data, data->tg_oldtable);
	qc_db_begin();
	qc_db_show_transition(data);
	count_rows(-(int64) qc_db_system(&drop_deleted, NULL));
	qc_db_end();
}

void
qc_publish_nothing(void)
{
	qc_db_begin();
	count_rows(-(int64) qc_db_system(&drop_all, NULL));
	qc_db_end();
}

void
qc_publish_shop(int64 shop_id, bool is_active)
{
	QcArgs args = {0};

	lock_shop(shop_id, ExclusiveLock);
	qc_args_int8(&args, shop_id);
	qc_db_begin();
	if (is_active)
		count_rows((int64) qc_db_system(&add_shop, &args));
	else
		count_rows(-(int64) qc_db_system(&drop_shop, &args));
	qc_db_end();
}

/*
 * The rows of the products were locked when their stock was taken, so two orders meet
 * there and not here.
 */
void
qc_publish_sold(TriggerData *data)
{
	qc_db_begin();
	qc_db_show_transition(data);
	(void) qc_db_system(&add_sold, NULL);
	qc_db_end();
}

/* Everybody who changes products waits meanwhile, so nobody holds a tally. */
int64
qc_publish_all(void)
{
	int64 come;

	for (int i = 0; i < SHOP_LOCKS; i++)
		lock_shop(i, ExclusiveLock);
	qc_db_begin();
	(void) qc_db_system(&drop_all, NULL);
	come = (int64) qc_db_system(&add_all, NULL);
	(void) qc_db_system(&clear_tallies, NULL);
	tally(come);
	qc_db_end();
	return come;
}

uint64
qc_publish_differences(void)
{
	return qc_db_system(&find_differences, NULL);
}

static void
lock_shop(int64 shop_id, LOCKMODE mode)
{
	Oid catalogue =
		get_relname_relid("catalogue", get_namespace_oid("qutecart", false));
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, catalogue, (Oid) (shop_id % SHOP_LOCKS), 1);
	(void) LockAcquire(&tag, mode, false, false);
}

/* Share the locks of all shops in a transition table. */
static void
lock_shops_of(TriggerData *data, Tuplestorestate *rows)
{
	TupleDesc desc = RelationGetDescr(data->tg_relation);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	int column = SPI_fnumber(desc, "shop_id");
	int reader = tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND);
	uint64 held = 0; /* one bit per lock */

	StaticAssertStmt(SHOP_LOCKS <= 64, "one bit per lock");
	tuplestore_select_read_pointer(rows, reader);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool is_null;
		int64 shop_id = DatumGetInt64(slot_getattr(slot, column, &is_null));
		uint64 bit = UINT64CONST(1) << (shop_id % SHOP_LOCKS);

		if ((held & bit) == 0)
			lock_shop(shop_id, ShareLock);
		held |= bit;
	}
	ExecDropSingleTupleTableSlot(slot);
}

static void
count_rows(int64 delta)
{
	if (delta != 0)
		tally(delta);
}

/* Say that so many rows came (went, if negative), or that their brands or prices changed. */
static void
tally(int64 delta)
{
	static uint64 calls = 0;
	int32 slot = MyProcPid % TALLY_SLOTS;
	QcArgs args = {0};

	qc_args_int4(&args, slot);
	if (++calls % FOLD_EVERY == 0)
		(void) qc_db_system(&fold_tallies, &args);
	qc_args_int8(&args, delta);
	if (qc_db_system(&change_tally, &args) == 0)
		(void) qc_db_system(&add_tally, &args);
}
