/*
 * functions/staff.c
 *		What a shop's owner, and who he lets, does about the staff.
 */
#include "postgres.h"

#include "fmgr.h"

#include "extension/core/args.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/tenant/context.h"
#include "extension/tenant/staff.h"

PG_FUNCTION_INFO_V1(qc_fn_accept_invitation);
PG_FUNCTION_INFO_V1(qc_fn_add_staff);
PG_FUNCTION_INFO_V1(qc_fn_list_staff);
PG_FUNCTION_INFO_V1(qc_fn_remove_staff);
PG_FUNCTION_INFO_V1(qc_fn_set_staff_permissions);
PG_FUNCTION_INFO_V1(qc_fn_toggle_staff);

/* The shop acted for, if the acting person may do this there. */
static int64
need_shop_and(const char *permission)
{
	int64 shop_id = qc_context_need_shop();

	qc_context_need(permission);
	return shop_id;
}

/* {"message", "data": {"employee": …}}; no data without a user. */
static Datum
reply(const char *message, int64 shop_id, int64 user_id)
{
	QcJson json;

	qc_json_init(&json);
	qc_json_open(&json, NULL, '{');
	qc_json_text(&json, "message", message);
	if (user_id != 0)
	{
		qc_json_open(&json, "data", '{');
		(void) qc_staff_write(&json, shop_id, user_id);
		qc_json_close(&json, '}');
	}
	qc_json_close(&json, '}');
	return qc_json_datum(&json);
}

Datum
qc_fn_add_staff(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.employee.create");
	QcRegistration person = {.email = qc_arg_text(0),
							 .name = qc_arg_text(1),
							 .name_field = "name",
							 .last_name = qc_arg_text(3),
							 .phone = qc_arg_text(4),
							 .password = qc_arg_text(5),
							 .is_active = true,
							 .may_lack_password = true};
	int64 user_id = qc_staff_add(shop_id, &person);

	if (!PG_ARGISNULL(2))
		qc_staff_set_permissions(shop_id, user_id, PG_GETARG_DATUM(2));
	return reply("employee added successfully", shop_id, user_id);
}

Datum
qc_fn_list_staff(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.employee.index");
	QcJson json;
	int64 total;

	qc_json_reply_open(&json, "employee list");
	qc_json_open(&json, "employees", '[');
	total = qc_staff_write(&json, shop_id, 0);
	qc_json_close(&json, ']');
	qc_json_int(&json, "total", total);
	return qc_json_reply_close(&json);
}

Datum
qc_fn_set_staff_permissions(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.employee.permission.update");

	qc_staff_set_permissions(shop_id, PG_GETARG_INT64(0), PG_GETARG_DATUM(1));
	return reply("permissions updated successfully", shop_id, PG_GETARG_INT64(0));
}

Datum
qc_fn_toggle_staff(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.employee.toggle");

	(void) qc_staff_toggle(shop_id, PG_GETARG_INT64(0));
	return reply("Status updated successfully", shop_id, PG_GETARG_INT64(0));
}

Datum
qc_fn_remove_staff(PG_FUNCTION_ARGS)
{
	int64 shop_id = need_shop_and("shop.employee.destroy");

	qc_staff_remove(shop_id, PG_GETARG_INT64(0));
	return reply("employee removed successfully", shop_id, 0);
}

Datum
qc_fn_accept_invitation(PG_FUNCTION_ARGS)
{
	qc_staff_accept(PG_GETARG_INT64(0), qc_context_need_user());
	return reply("invitation accepted", 0, 0);
}
