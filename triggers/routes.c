/*
 * triggers/routes.c
 *		Tell every backend that the table of routes has changed.
 *
 * Changed rows alone send no message; without one, a backend would go on answering by
 * the routes it knows, whether qutecart.route() changed them, an operator's own
 * statement, or a restore.
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/inval.h"
#include "utils/rel.h"

#include "extension/http/route.h"

PG_FUNCTION_INFO_V1(qc_tg_routes);

Datum
qc_tg_routes(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!qc_route_is_table(RelationGetRelid(data->tg_relation)))
		ereport(ERROR, errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				errmsg("trigger function belongs to the table of routes"));
	CacheInvalidateRelcache(data->tg_relation);
	PG_RETURN_POINTER(NULL);
}
