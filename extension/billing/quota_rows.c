/*
 * extension/billing/quota_rows.c
 *		Counting units, row by row for the triggers and by statement for a count.
 *
 * qc_quota_row() and the statement of the same metric say the same thing twice: once for
 * a tuple, once for a table.  Undecided rows of prepared transactions are invisible to
 * every snapshot, so they are looked for in the table itself.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/subtrans.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/twophase.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "miscadmin.h"
#include "storage/procarray.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

#include "extension/billing/quota.h"
#include "extension/billing/quota_rows.h"
#include "extension/core/compat.h"
#include "extension/core/db.h"

static const struct
{
	const char *table;
	const char *decides;
} tables[QC_METRIC_COUNT] = {
	[QC_METRIC_PRODUCTS] = {"products", "deleted_at"},
	[QC_METRIC_ORDERS] = {"orders", "created_at"},
	[QC_METRIC_STORAGE] = {"media", "bytes"},
	[QC_METRIC_STAFF] = {"shop_members", "role"},
};

static QcStmt counts[QC_METRIC_COUNT] = {
	[QC_METRIC_PRODUCTS] =
		{
			.sql = "SELECT count(*) FROM qutecart.products p"
				   " WHERE p.shop_id = $1 AND p.deleted_at IS NULL",
			.nargs = 1,
			.argtypes = {INT8OID},
			.is_read = true,
		},
	[QC_METRIC_ORDERS] =
		{
			.sql = "SELECT count(*) FROM qutecart.orders o WHERE o.shop_id = $1"
				   " AND o.created_at >= pg_catalog.timezone('UTC', $2::timestamp)"
				   " AND o.created_at < pg_catalog.timezone('UTC',"
				   " $2::timestamp + interval '1 month')",
			.nargs = 2,
			.argtypes = {INT8OID, DATEOID},
			.is_read = true,
		},
	[QC_METRIC_STORAGE] =
		{
			.sql = "SELECT coalesce(pg_catalog.sum(m.bytes), 0)::bigint"
				   " FROM qutecart.media m WHERE m.shop_id = $1",
			.nargs = 1,
			.argtypes = {INT8OID},
			.is_read = true,
		},
	[QC_METRIC_STAFF] =
		{
			.sql = "SELECT count(*) FROM qutecart.shop_members m"
				   " WHERE m.shop_id = $1 AND m.role = 'staff'",
			.nargs = 1,
			.argtypes = {INT8OID},
			.is_read = true,
		},
};

static QcStmt any_prepared = {
	.sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_prepared_xact() p"
		   " WHERE p.dbid = $1)",
	.nargs = 1,
	.argtypes = {OIDOID},
	.is_read = true,
	.is_latest = true,
};

/* Versions of one row in prepared transactions: what it will take minus what it took. */
typedef struct Undecided
{
	AttrNumber id; /* the primary key's second column */
	int64 sum;
	Datum row_id;
	int64 change; /* of row_id so far */
} Undecided;

void
qc_quota_columns(QcMetric metric, TupleDesc desc, QcQuotaColumns *columns)
{
	columns->metric = metric;
	columns->shop_id = SPI_fnumber(desc, "shop_id");
	columns->decides = SPI_fnumber(desc, tables[metric].decides);
	if (columns->shop_id <= 0 || columns->decides <= 0)
		elog(ERROR, "table of metric \"%s\" has not the columns expected",
			 qc_metric_name(metric));
}

static bool
is_staff(Datum role)
{
	text *word = DatumGetTextPP(role);

	return VARSIZE_ANY_EXHDR(word) == 5 && memcmp(VARDATA_ANY(word), "staff", 5) == 0;
}

QcQuotaUnits
qc_quota_row(const QcQuotaColumns *columns, HeapTuple row, TupleDesc desc)
{
	QcQuotaUnits units = {0};
	bool is_null;
	Datum value;

	units.shop_id = DatumGetInt64(heap_getattr(row, columns->shop_id, desc, &is_null));
	if (columns->metric == QC_METRIC_PRODUCTS)
	{
		units.units = heap_attisnull(row, columns->decides, desc) ? 1 : 0;
		return units;
	}
	value = heap_getattr(row, columns->decides, desc, &is_null);
	if (is_null)
		return units;
	switch (columns->metric)
	{
		case QC_METRIC_ORDERS:
			units.units = 1;
			units.at = DatumGetTimestampTz(value);
			break;
		case QC_METRIC_STORAGE:
			units.units = DatumGetInt64(value);
			break;
		default:
			units.units = is_staff(value) ? 1 : 0;
			break;
	}
	return units;
}

int64
qc_quota_count_committed(const QcQuotaKey *key)
{
	QcStmt *stmt = &counts[key->metric];
	QcArgs args = {0};
	int64 count;

	qc_args_int8(&args, key->shop_id);
	if (stmt->nargs == 2)
		qc_args_datum(&args, DateADTGetDatum(key->period), false);
	qc_db_begin();
	(void) qc_db_system_committed(stmt, &args);
	count = qc_db_int8(0, 1);
	qc_db_end();
	return count;
}

static bool
has_prepared_transactions(void)
{
	QcArgs args = {0};
	bool has_any;

	if (max_prepared_xacts == 0)
		return false;
	qc_args_datum(&args, ObjectIdGetDatum(MyDatabaseId), false);
	qc_db_begin();
	(void) qc_db_system(&any_prepared, &args);
	has_any = qc_db_bool(0, 1);
	qc_db_end();
	return has_any;
}

/* A transaction in progress that no process runs is a prepared one. */
static bool
is_prepared(TransactionId xid)
{
	return TransactionIdIsValid(xid) &&
		   BackendXidGetPid(SubTransGetTopmostTransaction(xid)) == 0;
}

/* Was a version that a prepared transaction made also ended by it? */
static bool
is_ended(HeapTuple row)
{
	HeapTupleHeader header = row->t_data;

	if ((header->t_infomask & HEAP_XMAX_INVALID) != 0 ||
		HEAP_XMAX_IS_LOCKED_ONLY(header->t_infomask))
		return false;
	return TransactionIdIsInProgress(HeapTupleHeaderGetUpdateXid(header));
}

/* Was it replaced by a newer version, and not deleted? */
static bool
is_replaced(HeapTuple row)
{
	return !ItemPointerEquals(&row->t_self, &row->t_data->t_ctid);
}

/* Forget about a row: what it may add counts, what it may free does not. */
static void
finish_row(Undecided *undecided)
{
	if (undecided->change > 0)
		undecided->sum += undecided->change;
	undecided->change = 0;
}

static void
add_version(Undecided *undecided, const QcQuotaKey *key, const QcQuotaColumns *columns,
			TupleTableSlot *slot, SnapshotData *dirty)
{
	TupleDesc desc = slot->tts_tupleDescriptor;
	bool must_free;
	bool is_null;
	HeapTuple row = ExecFetchSlotHeapTuple(slot, false, &must_free);
	QcQuotaUnits units = qc_quota_row(columns, row, desc);
	Datum row_id = heap_getattr(row, undecided->id, desc, &is_null);

	if (row_id != undecided->row_id)
		finish_row(undecided);
	undecided->row_id = row_id;
	if (key->period != QC_QUOTA_NO_PERIOD && qc_quota_month(units.at) != key->period)
		units.units = 0;
	if (is_prepared(dirty->xmin) && !is_ended(row))
		undecided->change += units.units;
	else if (is_prepared(dirty->xmax) && is_replaced(row))
		undecided->change -= units.units;
}

/*
 * The scan follows the primary key (shop_id, and a bigint beside it), so the versions of
 * one row come one after the other.  What prepared transactions wrote stands still until
 * they are decided; one that is decided meanwhile is seen by the count that follows.
 */
int64
qc_quota_count_prepared(const QcQuotaKey *key)
{
	QcQuotaColumns columns;
	Undecided undecided = {0};
	SnapshotData dirty;
	ScanKeyData of_shop;
	Relation table;
	Relation index;
	IndexScanDesc scan;
	TupleTableSlot *slot;

	if (!has_prepared_transactions())
		return 0;
	table = table_open(get_relname_relid(tables[key->metric].table,
										 get_namespace_oid("qutecart", false)),
					   AccessShareLock);
	qc_quota_columns(key->metric, RelationGetDescr(table), &columns);
	index = index_open(qc_primary_key(table), AccessShareLock);
	undecided.id = index->rd_index->indkey.values[1];
	InitDirtySnapshot(dirty);
	ScanKeyInit(&of_shop, 1, BTEqualStrategyNumber, F_INT8EQ,
				Int64GetDatum(key->shop_id));
	slot = table_slot_create(table, NULL);
	scan = qc_index_beginscan(table, index, &dirty, 1);
	index_rescan(scan, &of_shop, 1, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, slot))
		add_version(&undecided, key, &columns, slot, &dirty);
	finish_row(&undecided);
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, AccessShareLock);
	table_close(table, AccessShareLock);
	return undecided.sum;
}
