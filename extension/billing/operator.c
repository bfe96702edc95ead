/*
 * extension/billing/operator.c
 *		Who may look after all shops' limits.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/acl.h"

#include "extension/billing/operator.h"
#include "extension/core/db.h"
#include "extension/tenant/context.h"

#define PERMISSION "admin.subscription-plan.edit"

bool
qc_operator_is(void)
{
	return superuser() || has_privs_of_role(GetUserId(), qc_db_owner()) ||
		   qc_context_may(PERMISSION);
}

void
qc_operator_need(void)
{
	if (!qc_operator_is())
		qc_context_need(PERMISSION);
}
