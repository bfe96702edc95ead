/*
 * extension/billing/operator.c
 *		Who may look after plans and all shops.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/acl.h"

#include "extension/billing/operator.h"
#include "extension/core/db.h"
#include "extension/tenant/context.h"

#define PERMISSION "admin.subscription-plan.edit"

static bool
is_database_admin(void)
{
	return superuser() || has_privs_of_role(GetUserId(), qc_db_owner());
}

bool
qc_operator_is(void)
{
	return is_database_admin() || qc_context_may(PERMISSION);
}

void
qc_operator_need(void)
{
	qc_operator_need_to(PERMISSION);
}

void
qc_operator_need_to(const char *permission)
{
	if (!is_database_admin())
		qc_context_need(permission);
}
