/*
 * functions/payouts.c
 *		Money that the platform sends to shops, for operators.
 *
 * Nobody is granted these functions; a shop reads its payouts from the table.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/db.h"
#include "extension/core/errors.h"
#include "extension/core/money.h"

PG_FUNCTION_INFO_V1(qc_fn_create_payout);
PG_FUNCTION_INFO_V1(qc_fn_settle_payout);

static QcStmt insert_payout = {
	.sql = "INSERT INTO qutecart.payouts (shop_id, amount, currency, reference)"
		   " SELECT s.id, $2, coalesce($3, s.currency), $4 FROM qutecart.shops s"
		   " WHERE s.id = $1 RETURNING id",
	.nargs = 4,
	.argtypes = {INT8OID, NUMERICOID, TEXTOID, TEXTOID},
};

static QcStmt settle_pending = {
	.sql = "UPDATE qutecart.payouts p SET status = $3, reason = $4,"
		   " reference = coalesce($5, p.reference), settled_at = pg_catalog.now()"
		   " WHERE p.shop_id = $1 AND p.id = $2 AND p.status = 'pending'",
	.nargs = 5,
	.argtypes = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID},
};

static QcStmt find_payout = {
	.sql = "SELECT p.status FROM qutecart.payouts p"
		   " WHERE p.shop_id = $1 AND p.id = $2",
	.nargs = 2,
	.argtypes = {INT8OID, INT8OID},
};

static void
check_amount(FunctionCallInfo fcinfo)
{
	QcMoneyVerdict verdict = QC_MONEY_NOT_A_NUMBER;
	QcFieldErrors errors;
	int64 amount = 0;

	qc_fields_init(&errors);
	if (!PG_ARGISNULL(1))
		verdict = qc_money_from_numeric(PG_GETARG_DATUM(1), &amount);
	if (verdict != QC_MONEY_OK)
		qc_fields_add(&errors, "amount", "The amount field %s",
					  qc_money_complaint(verdict));
	else if (amount <= 0)
		qc_fields_add(&errors, "amount", "The amount field must be greater than 0.");
	qc_fields_raise(&errors);
}

Datum
qc_fn_create_payout(PG_FUNCTION_ARGS)
{
	QcArgs args = {0};
	int64 id;

	check_amount(fcinfo);
	qc_args_int8(&args, qc_arg_int8(0, 0));
	qc_args_datum(&args, PG_GETARG_DATUM(1), false);
	qc_args_text(&args, qc_arg_text(2));
	qc_args_text(&args, qc_arg_text(3));
	qc_db_begin();
	if (qc_db_system(&insert_payout, &args) != 1)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
	id = qc_db_int8(0, 1);
	qc_db_end();
	PG_RETURN_INT64(id);
}

static void
check_status(const char *status)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (status == NULL ||
		(strcmp(status, "paid") != 0 && strcmp(status, "failed") != 0))
		qc_fields_add(&errors, "status", "The status must be paid or failed.");
	qc_fields_raise(&errors);
}

Datum
qc_fn_settle_payout(PG_FUNCTION_ARGS)
{
	char *status = qc_arg_text(2);
	QcArgs which = {0};
	QcArgs args;

	check_status(status);
	qc_args_int8(&which, qc_arg_int8(0, 0));
	qc_args_int8(&which, qc_arg_int8(1, 0));
	args = which;
	qc_args_text(&args, status);
	qc_args_text(&args, qc_arg_text(3));
	qc_args_text(&args, qc_arg_text(4));
	qc_db_begin();
	if (qc_db_system(&settle_pending, &args) != 1)
	{
		if (qc_db_system(&find_payout, &which) != 1)
			ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("payout not found"));
		ereport(ERROR, qc_err(QC_ERR_CONFLICT),
				errmsg("the payout is %s already", qc_db_text(0, 1)));
	}
	qc_db_end();
	PG_RETURN_VOID();
}
