/*
 * functions/install.c
 *		CALL qutecart.install(), seed() and adopt().
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "extension/install/install.h"
#include "extension/worker/wake.h"

PG_FUNCTION_INFO_V1(qc_fn_install);
PG_FUNCTION_INFO_V1(qc_fn_seed);
PG_FUNCTION_INFO_V1(qc_fn_adopt);

Datum
qc_fn_install(PG_FUNCTION_ARGS)
{
	qc_install_run();
	qc_wake_worker();
	PG_RETURN_VOID();
}

Datum
qc_fn_seed(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("argument \"what\" must not be null"),
				errhint("Use 'essential' or 'demo'."));
	qc_install_seed(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

Datum
qc_fn_adopt(PG_FUNCTION_ARGS)
{
	qc_install_adopt();
	qc_wake_worker();
	PG_RETURN_VOID();
}
