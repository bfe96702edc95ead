/*
 * extension/catalogue/facets.c
 *		Number, brands and price range of the published products, counted once per edition.
 *
 * sum(edition) grows with each commit that adds or removes a row of the catalogue or
 * changes its brand or price, so two snapshots with the same sum see the same facets,
 * and what was counted under one holds for the other.  A transaction that has written
 * something is an exception: its own edition may never come to be.  It counts for
 * itself.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"

#include "extension/catalogue/facets.h"
#include "extension/core/db.h"
#include "extension/core/json.h"
#include "extension/core/money.h"

#define KEPT_SHOPS 64
#define MAX_BRANDS "100"

typedef struct Kept
{
	bool is_set;
	int64 shop_id; /* 0 = all shops */
	int64 edition;
	int64 total;
	char *filters; /* in TopMemoryContext */
} Kept;

static Kept kept[KEPT_SHOPS];

static QcStmt read_edition = {
	.sql = "SELECT coalesce(pg_catalog.sum(t.edition), 0)::bigint,"
		   " coalesce(pg_catalog.sum(t.products), 0)::bigint"
		   " FROM qutecart.catalogue_tallies t",
	.is_read = true,
};

/* A jump from brand to brand along the index, never a scan of all rows. */
static QcStmt read_brands = {
	.sql = "WITH RECURSIVE b (brand) AS ("
		   "(SELECT c.brand FROM qutecart.catalogue c WHERE c.brand IS NOT NULL"
		   " ORDER BY c.brand LIMIT 1)"
		   " UNION ALL SELECT (SELECT c.brand FROM qutecart.catalogue c"
		   " WHERE c.brand > b.brand ORDER BY c.brand LIMIT 1)"
		   " FROM b WHERE b.brand IS NOT NULL)"
		   " SELECT b.brand FROM b WHERE b.brand IS NOT NULL LIMIT " MAX_BRANDS,
	.is_read = true,
};

static QcStmt read_prices = {
	.sql = "SELECT min(c.effective_price), max(c.effective_price)"
		   " FROM qutecart.catalogue c",
	.is_read = true,
};

static QcStmt read_brands_of_shop = {
	.sql = "SELECT DISTINCT c.brand FROM qutecart.catalogue c"
		   " WHERE c.shop_id = $1 AND c.brand IS NOT NULL ORDER BY c.brand"
		   " LIMIT " MAX_BRANDS,
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

static QcStmt read_prices_of_shop = {
	.sql = "SELECT min(c.effective_price), max(c.effective_price), count(*)"
		   " FROM qutecart.catalogue c WHERE c.shop_id = $1",
	.nargs = 1,
	.argtypes = {INT8OID},
	.is_read = true,
};

static void count(Kept *facets, int64 products);

QcFacets
qc_facets(int64 shop_id)
{
	static Kept own; /* of a transaction that has written */
	Kept *slot = &kept[(uint64) shop_id % KEPT_SHOPS]; /* a client may send any id */
	int64 edition;

	qc_db_begin();
	(void) qc_db_system(&read_edition, NULL);
	edition = qc_db_int8(0, 1);
	if (TransactionIdIsValid(GetTopTransactionIdIfAny()))
		slot = &own;
	if (slot == &own || !slot->is_set || slot->shop_id != shop_id ||
		slot->edition != edition)
	{
		slot->is_set = false;
		slot->shop_id = shop_id;
		count(slot, qc_db_int8(0, 2));
		slot->edition = edition;
		slot->is_set = true;
	}
	qc_db_end();
	return (QcFacets){.total = slot->total, .filters = slot->filters};
}

/* A price in whole units, so that min_price and max_price enclose every product. */
static int64
whole_units(int column, bool is_rounded_up)
{
	bool is_null;
	Datum value = qc_db_datum(0, column, &is_null);
	int64 amount = 0;

	if (!is_null)
		(void) qc_money_from_numeric(value, &amount);
	return (amount + (is_rounded_up ? 99 : 0)) / 100;
}

static void
write_brands(QcJson *json, uint64 n)
{
	qc_json_open(json, "brands", '[');
	for (uint64 i = 0; i < n; i++)
	{
		qc_json_open(json, NULL, '{');
		qc_json_null(json, "id");
		qc_json_text(json, "name", qc_db_text(i, 1));
		qc_json_close(json, '}');
	}
	qc_json_close(json, ']');
}

/* Count anew; products is the number of all published products. */
static void
count(Kept *facets, int64 products)
{
	bool is_market = facets->shop_id == 0;
	QcArgs args = {0};
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_raw(&json, "sizes", "[]");
	qc_json_raw(&json, "colors", "[]");
	qc_args_int8(&args, facets->shop_id);
	write_brands(&json, is_market ? qc_db_system(&read_brands, NULL)
								  : qc_db_system(&read_brands_of_shop, &args));
	if (is_market)
		(void) qc_db_system(&read_prices, NULL);
	else
		(void) qc_db_system(&read_prices_of_shop, &args);
	facets->total = is_market ? products : qc_db_int8(0, 3);
	qc_json_int(&json, "min_price", whole_units(1, false));
	qc_json_int(&json, "max_price", whole_units(2, true));
	qc_json_close(&json, '}');
	if (facets->filters != NULL)
		pfree(facets->filters);
	facets->filters = NULL;
	facets->filters = MemoryContextStrdup(TopMemoryContext, json.out.data);
}
