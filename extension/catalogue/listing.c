/*
 * extension/catalogue/listing.c
 *		The public list of products.
 *
 * The two hot pages, newest first of everything and of one shop, have statements of
 * their own that walk an index.  Any other combination is planned for its values.
 */
#include "postgres.h"

#include "tsearch/ts_type.h"

#include "extension/catalogue/card.h"
#include "extension/catalogue/facets.h"
#include "extension/catalogue/listing.h"
#include "extension/core/db.h"

#define NEWEST "c.created_at DESC, c.product_id DESC"

/*
 * A page of rows first, their shops after: twenty look-ups, never a join of all.  A
 * plan made for any LIMIT takes it for a tenth of the table; OFFSET 0 keeps it from
 * turning the look-ups into a hash of all shops.
 */
#define PAGE_ROWS(filter, order, limit, offset)                                        \
	"SELECT " QC_CARD_COLUMNS " FROM (SELECT * FROM qutecart.catalogue c" filter       \
	" ORDER BY " order " LIMIT " limit " OFFSET " offset ") c"

#define PAGE(filter, order, limit, offset)                                             \
	PAGE_ROWS(filter, order, limit, offset)                                            \
	" CROSS JOIN LATERAL (SELECT * FROM qutecart.shops h WHERE h.id = c.shop_id"       \
	" OFFSET 0) s ORDER BY " order

#define FILTER                                                                         \
	" WHERE ($1 IS NULL OR c.shop_id = $1) AND ($2 IS NULL OR c.search @@ $2)"         \
	" AND ($3 IS NULL OR c.brand = $3) AND (NOT $4 OR c.is_digital)"                   \
	" AND ($5 IS NULL OR c.effective_price >= $5)"                                     \
	" AND ($6 IS NULL OR c.effective_price <= $6)"

#define FILTER_TYPES INT8OID, TSQUERYOID, TEXTOID, BOOLOID, NUMERICOID, NUMERICOID

#define FILTERED_PAGE(order)                                                           \
	{                                                                                  \
		.sql = PAGE(FILTER, order, "$7", "$8"), .nargs = 8,                            \
		.argtypes = {FILTER_TYPES, INT8OID, INT8OID}, .is_read = true,                 \
		.is_custom = true,                                                             \
	}

static QcStmt newest_of_all = {
	.sql = PAGE("", NEWEST, "$1", "$2"),
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt newest_of_shop = {
	.sql = PAGE_ROWS(
		" WHERE c.shop_id = $3", "c.shop_id, c.created_at DESC, c.product_id DESC",
		"$1", "$2") " CROSS JOIN qutecart.shops s WHERE s.id = $3 ORDER BY " NEWEST,
	.nargs = 3,
	.argtypes = {INT8OID, INT8OID, INT8OID},
	.is_read = true,
};

static QcStmt filtered[QC_LIST_NORDERS] = {
	[QC_LIST_NEWEST] = FILTERED_PAGE(NEWEST),
	[QC_LIST_CHEAPEST] = FILTERED_PAGE("c.effective_price, c.product_id"),
	[QC_LIST_DEAREST] = FILTERED_PAGE("c.effective_price DESC, c.product_id DESC"),
	[QC_LIST_TOP_SELLING] = FILTERED_PAGE("c.sold DESC, " NEWEST),
};

static QcStmt count_filtered = {
	.sql = "SELECT count(*) FROM qutecart.catalogue c" FILTER,
	.nargs = 6,
	.argtypes = {FILTER_TYPES},
	.is_read = true,
	.is_custom = true,
};

/* Each word as the beginning of a word; no row for a text without any. */
static QcStmt read_search = {
	.sql =
		"SELECT pg_catalog.string_agg('''' || pg_catalog.replace(pg_catalog.replace("
		" t.lexeme, '\\', '\\\\'), '''', '''''') || ''':*', ' & ')::pg_catalog.tsquery"
		" FROM pg_catalog.unnest(pg_catalog.to_tsvector('pg_catalog.simple', $1)) t",
	.nargs = 1,
	.argtypes = {TEXTOID},
	.is_read = true,
};

static bool is_plain(const QcListing *listing);
static uint64 run_plain(const QcListing *listing, int64 total);
static void filter_args(QcArgs *args, const QcListing *listing);

void
qc_listing_write(QcJson *json, const QcListing *listing)
{
	QcFacets facets = qc_facets(listing->shop_id);
	QcArgs args = {0};
	int64 total = facets.total;
	uint64 n;

	qc_db_begin();
	if (is_plain(listing))
		n = run_plain(listing, total);
	else
	{
		filter_args(&args, listing);
		(void) qc_db_system(&count_filtered, &args);
		total = qc_db_int8(0, 1);
		qc_args_int8(&args, listing->page.limit);
		qc_args_int8(&args, listing->page.offset);
		n = listing->page.offset < total
				? qc_db_system(&filtered[listing->order], &args)
				: 0;
	}
	qc_json_int(json, "total", total);
	qc_card_list(json, "products", n);
	qc_json_raw(json, "filters", facets.filters);
	qc_db_end();
}

static bool
is_plain(const QcListing *listing)
{
	return listing->order == QC_LIST_NEWEST && listing->search == NULL &&
		   listing->brand == NULL && !listing->is_digital && !listing->has_min_price &&
		   !listing->has_max_price;
}

/* A page behind the end is empty without walking there. */
static uint64
run_plain(const QcListing *listing, int64 total)
{
	QcArgs args = {0};

	if (listing->page.offset >= total)
		return 0;
	qc_args_int8(&args, listing->page.limit);
	qc_args_int8(&args, listing->page.offset);
	if (listing->shop_id == 0)
		return qc_db_system(&newest_of_all, &args);
	qc_args_int8(&args, listing->shop_id);
	return qc_db_system(&newest_of_shop, &args);
}

/* A search without a word in it finds nothing: the empty query matches no row. */
static void
filter_args(QcArgs *args, const QcListing *listing)
{
	QcArgs words = {0};
	Datum query = (Datum) 0;
	bool is_null = false;

	if (listing->search != NULL)
	{
		qc_args_text(&words, listing->search);
		(void) qc_db_system(&read_search, &words);
		query = qc_db_datum(0, 1, &is_null);
		if (is_null)
		{
			TSQuery empty = palloc(HDRSIZETQ);

			SET_VARSIZE(empty, HDRSIZETQ);
			empty->size = 0;
			query = TSQueryGetDatum(empty);
		}
	}
	qc_args_id(args, listing->shop_id);
	qc_args_datum(args, query, listing->search == NULL);
	qc_args_text(args, listing->brand);
	qc_args_bool(args, listing->is_digital);
	qc_args_datum(args, listing->min_price, !listing->has_min_price);
	qc_args_datum(args, listing->max_price, !listing->has_max_price);
}
