/*
 * triggers/product_description.c
 *		Before a product is written: its description becomes safe to show.
 *
 * Here and not in the functions, so that it holds for SQL clients as well.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "extension/catalogue/html.h"
#include "extension/core/trigger.h"

PG_FUNCTION_INFO_V1(qc_tg_product_description);

static void
append(void *state, const char *piece, size_t len)
{
	appendBinaryStringInfo(state, piece, (int) len);
}

Datum
qc_tg_product_description(PG_FUNCTION_ARGS)
{
	TriggerData *data = qc_trigger_begin(fcinfo);
	HeapTuple row = qc_trigger_result(data);
	TupleDesc desc = RelationGetDescr(data->tg_relation);
	int column = SPI_fnumber(desc, "description");
	bool is_null;
	Datum value = qc_trigger_column(data, row, "description", &is_null);
	StringInfoData clean;
	text *html;

	if (is_null)
		return PointerGetDatum(row);
	html = DatumGetTextPP(value);
	initStringInfo(&clean);
	qc_html_clean(VARDATA_ANY(html), VARSIZE_ANY_EXHDR(html), append, &clean);
	value = PointerGetDatum(cstring_to_text_with_len(clean.data, clean.len));
	return PointerGetDatum(
		heap_modify_tuple_by_cols(row, desc, 1, &column, &value, &is_null));
}
