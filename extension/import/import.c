/*
 * extension/import/import.c
 *		A product file goes into a shop, product by product.
 *
 * What a product meets – a limit, a constraint, a bad value – ends that product alone
 * and stands in the report.  After the plan's first refusal new products are not tried
 * any more, known ones still are.  What the client may retry as a whole, what an
 * administrator ordered, and what must not happen at all ends the import.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "extension/catalogue/product.h"
#include "extension/core/errors.h"
#include "extension/import/import.h"
#include "extension/import/rows.h"

typedef struct Run
{
	QcImport import;
	int64 shop_id;
	bool overwrite;
	QcImportComplaint *limit; /* the plan's refusal, once it was met */
	char *limit_members;      /* and what its body says besides, as JSON */
	MemoryContext memory;     /* of the report */
	MemoryContext scratch;    /* of one product */
} Run;

/* Keep a complaint in the report's memory. */
static QcImportComplaint *
keep_complaint(Run *run, const char *message, const char *code, const char *field)
{
	MemoryContext before = MemoryContextSwitchTo(run->memory);
	QcImportComplaint *complaint = qc_import_complaint(message, code, field);

	MemoryContextSwitchTo(before);
	return complaint;
}

/* Read the product's rows into p; false when a row or the product is not right. */
static bool
build(Run *run, QcImportProduct *entry, QcShopifyProduct *p)
{
	QcFieldErrors errors;
	bool is_right = true;

	for (int row = entry->first; row >= 0; row = run->import.rows[row].next)
	{
		qc_fields_init(&errors);
		qc_import_seek(&run->import, row);
		qc_shopify_take_row(p, &run->import.header, &run->import.csv, &errors);
		if (errors.n == 0)
			continue;
		run->import.rows[row].complaint =
			keep_complaint(run, errors.first, "validation_failed", errors.first_field);
		is_right = false;
	}
	if (!is_right)
		return false;
	qc_shopify_end(p);
	qc_fields_init(&errors);
	qc_product_check(&p->product, &errors, run->shop_id);
	if (errors.n > 0)
		entry->complaint =
			keep_complaint(run, errors.first, "validation_failed", errors.first_field);
	return errors.n == 0;
}

static QcImportStatus
update_known(Run *run, QcImportProduct *entry, int64 product_id)
{
	QcShopifyProduct p;
	QcProduct known;

	if (!qc_product_lock(&known, run->shop_id, product_id))
		return QC_IMPORT_UNCHANGED; /* deleted a moment ago */
	qc_shopify_begin(&p, &known);
	if (!build(run, entry, &p))
		return QC_IMPORT_FAILED;
	qc_product_update(&p.product, run->shop_id, product_id);
	return QC_IMPORT_UPDATED;
}

static QcImportStatus
create_new(Run *run, QcImportProduct *entry)
{
	QcShopifyProduct p;

	qc_shopify_begin(&p, NULL);
	p.product.handle = entry->handle;
	if (!build(run, entry, &p))
		return QC_IMPORT_FAILED;
	if (run->limit != NULL)
	{
		entry->complaint = run->limit;
		return QC_IMPORT_REFUSED;
	}
	(void) qc_product_create(&p.product, run->shop_id);
	return QC_IMPORT_CREATED;
}

static QcImportStatus
import_product(Run *run, QcImportProduct *entry)
{
	int64 product_id = qc_product_find(run->shop_id, entry->handle);

	if (product_id == 0)
		return create_new(run, entry);
	if (run->overwrite)
		return update_known(run, entry, product_id);
	return QC_IMPORT_UNCHANGED;
}

/* May the import go on after this error? */
static bool
concerns_product_only(const ErrorData *error)
{
	static const int classes[] = {
		ERRCODE_DATA_EXCEPTION, ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION,
		ERRCODE_CARDINALITY_VIOLATION, ERRCODE_PROGRAM_LIMIT_EXCEEDED};

	if (error->constraint_name != NULL && qc_error_find(error->constraint_name) != NULL)
		return true;
	for (int i = 0; i < lengthof(classes); i++)
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_TO_CATEGORY(classes[i]))
			return true;
	return false;
}

/* What the error means for the product; called outside the error context. */
static QcImportStatus
judge(Run *run, QcImportProduct *entry, const ErrorData *error)
{
	const char *slug = error->constraint_name;
	const QcErrorDef *def = slug ? qc_error_find(slug) : NULL;
	QcImportComplaint *complaint = keep_complaint(
		run,
		error->detail && def ? psprintf("%s. %s", error->message, error->detail)
							 : error->message,
		def ? slug : "validation_failed", NULL);

	complaint->message[0] = pg_toupper((unsigned char) complaint->message[0]);
	entry->complaint = complaint;
	if (def != qc_error_def(QC_ERR_PLAN_LIMIT_REACHED))
		return QC_IMPORT_FAILED;
	run->limit = complaint;
	if (qc_error_members() != NULL)
		run->limit_members = MemoryContextStrdup(run->memory, qc_error_members());
	return QC_IMPORT_REFUSED;
}

static void
import_in_subtransaction(Run *run, QcImportProduct *entry)
{
	ResourceOwner owner = CurrentResourceOwner;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(run->scratch);
	PG_TRY();
	{
		entry->status = import_product(run, entry);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(run->scratch);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		CurrentResourceOwner = owner;
		MemoryContextSwitchTo(run->scratch);
		if (!concerns_product_only(error))
			ReThrowError(error);
		entry->status = judge(run, entry, error);
		qc_error_forget_members();
	}
	PG_END_TRY();
	CurrentResourceOwner = owner;
	MemoryContextSwitchTo(run->memory);
	MemoryContextReset(run->scratch);
}

void
qc_import_run(QcJson *json, int64 shop_id, const char *data, size_t len, bool overwrite)
{
	Run run = {
		.shop_id = shop_id, .overwrite = overwrite, .memory = CurrentMemoryContext};

	qc_import_read(&run.import, data, len);
	run.scratch = AllocSetContextCreate(CurrentMemoryContext, "imported product",
										ALLOCSET_DEFAULT_SIZES);
	for (int i = 0; i < run.import.nproducts; i++)
	{
		CHECK_FOR_INTERRUPTS();
		import_in_subtransaction(&run, &run.import.products[i]);
	}
	qc_import_write_report(json, &run.import);
	if (run.limit_members == NULL)
		qc_json_null(json, "limit");
	else
		qc_json_raw(json, "limit", psprintf("{%s}", run.limit_members));
	MemoryContextDelete(run.scratch);
}
