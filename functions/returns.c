/*
 * functions/returns.c
 *		Returns: asked for by a customer, decided by the shop.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"

#include "extension/core/args.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/core/page.h"
#include "extension/orders/returning.h"
#include "extension/tenant/context.h"

PG_FUNCTION_INFO_V1(qc_fn_decide_return);
PG_FUNCTION_INFO_V1(qc_fn_list_returns);
PG_FUNCTION_INFO_V1(qc_fn_list_shop_returns);
PG_FUNCTION_INFO_V1(qc_fn_read_return);
PG_FUNCTION_INFO_V1(qc_fn_read_shop_return);
PG_FUNCTION_INFO_V1(qc_fn_return_order);

static int64
need_customer(void)
{
	int64 user_id = qc_context_need_user();

	if (qc_context()->actor != QC_ACTOR_CUSTOMER)
		ereport(ERROR, qc_err(QC_ERR_FORBIDDEN),
				errmsg("only a customer has returns of his own"),
				errhint("Enter with act_as => 'customer'."));
	return user_id;
}

static int64
need_shop_and(const char *permission)
{
	int64 shop_id = qc_context_need_shop();

	qc_context_need(permission);
	return shop_id;
}

/* Words for a person: the field's name without underscores. */
static void
need_text(QcFieldErrors *errors, const char *field, const char *words,
		  const char *value, int most)
{
	if (value == NULL || *value == '\0')
		qc_fields_add(errors, field, "The %s field is required.", words);
	else if (pg_mbstrlen(value) > most)
		qc_fields_add(errors, field,
					  "The %s field must not be greater than %d characters.", words,
					  most);
}

static void
need_fields(FunctionCallInfo fcinfo, const QcReturn *wish)
{
	QcFieldErrors errors;

	qc_fields_init(&errors);
	if (PG_ARGISNULL(0))
		qc_fields_add(&errors, "order_id", "The order id field is required.");
	need_text(&errors, "reason", "reason", wish->reason, 2000);
	if (wish->product_ids == (Datum) 0 ||
		ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(wish->product_ids)),
					   ARR_DIMS(DatumGetArrayTypeP(wish->product_ids))) == 0)
		qc_fields_add(&errors, "product_ids", "The product ids field is required.");
	need_text(&errors, "bank_account_number", "bank account number",
			  wish->bank_account_number, 100);
	need_text(&errors, "return_address", "return address", wish->return_address, 1000);
	if (wish->bank_name != NULL && *wish->bank_name != '\0')
		need_text(&errors, "bank_name", "bank name", wish->bank_name, 200);
	qc_fields_raise(&errors);
}

static Datum
reply_one(const char *message, const char *key, const QcReturnsOf *of, int64 id)
{
	QcJson json;

	qc_json_reply_open(&json, message);
	qc_returning_write_one(&json, key, of, id);
	return qc_json_reply_close(&json);
}

static Datum
reply_page(const QcReturnsOf *of, QcPage page)
{
	QcJson json;

	qc_json_reply_open(&json, "return orders");
	qc_returning_write_page(&json, of, page);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_return_order(PG_FUNCTION_ARGS)
{
	QcReturn wish = {.customer_id = need_customer(),
					 .order_id = qc_arg_int8(0, 0),
					 .reason = qc_arg_text(1),
					 .product_ids = qc_arg_datum(2),
					 .bank_account_number = qc_arg_text(3),
					 .return_address = qc_arg_text(4),
					 .bank_name = qc_arg_text(5)};
	QcReturnsOf of = {.customer_id = wish.customer_id};
	int64 id;

	need_fields(fcinfo, &wish);
	id = qc_returning_ask(&wish, &of.shop_id);
	return reply_one("Order return successfully done", "returnOrder", &of, id);
}

Datum
qc_fn_list_returns(PG_FUNCTION_ARGS)
{
	return reply_page(&(QcReturnsOf){.customer_id = need_customer()},
					  qc_page(qc_arg_int4(0, 0), qc_arg_int4(1, 0)));
}

Datum
qc_fn_read_return(PG_FUNCTION_ARGS)
{
	return reply_one("return order details", "returnOrders",
					 &(QcReturnsOf){.customer_id = need_customer()}, qc_arg_int8(0, 0));
}

Datum
qc_fn_list_shop_returns(PG_FUNCTION_ARGS)
{
	return reply_page(
		&(QcReturnsOf){.shop_id = need_shop_and("shop.returnOrder.index")},
		qc_page(qc_arg_int4(0, 0), qc_arg_int4(1, 0)));
}

Datum
qc_fn_read_shop_return(PG_FUNCTION_ARGS)
{
	return reply_one("return order details", "returnOrders",
					 &(QcReturnsOf){.shop_id = need_shop_and("shop.returnOrder.show")},
					 qc_arg_int8(0, 0));
}

Datum
qc_fn_decide_return(PG_FUNCTION_ARGS)
{
	QcReturnsOf of = {.shop_id = need_shop_and("shop.returnOrder.status.change")};

	qc_returning_decide(of.shop_id, qc_arg_int8(0, 0), qc_arg_text(1));
	return reply_one("Status updated successfully", "returnOrders", &of,
					 qc_arg_int8(0, 0));
}
