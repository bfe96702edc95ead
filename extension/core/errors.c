/*
 * extension/core/errors.c
 *		The table of failures: slug, HTTP status, title.
 *
 * One wording per failure.  A missing row and somebody else's row are the same
 * failure (not_found), so nobody learns of what is not his.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "extension/core/errors.h"

static const QcErrorDef defs[QC_ERR_COUNT] = {
	[QC_ERR_BAD_REQUEST] = {"bad_request", 400, "Bad request"},
	[QC_ERR_INVALID_SIGNATURE] = {"invalid_signature", 400, "Invalid signature"},
	[QC_ERR_INVALID_PAYLOAD] = {"invalid_payload", 400, "Invalid payload"},
	[QC_ERR_INVALID_CREDENTIALS] = {"invalid_credentials", 400,
									"Credential is invalid"},
	[QC_ERR_ACCOUNT_INACTIVE] = {"account_inactive", 400, "Account is not active"},
	[QC_ERR_CONTEXT_ALREADY_SET] = {"context_already_set", 400, "Context already set"},
	[QC_ERR_UNAUTHENTICATED] = {"unauthenticated", 401, "Unauthenticated"},
	[QC_ERR_FORBIDDEN] = {"forbidden", 403, "Forbidden"},
	[QC_ERR_PLAN_LIMIT_REACHED] = {"plan_limit_reached", 403, "Plan limit reached"},
	[QC_ERR_FEATURE_NOT_IN_PLAN] = {"feature_not_in_plan", 403, "Feature not in plan"},
	[QC_ERR_NOT_FOUND] = {"not_found", 404, "Not found"},
	[QC_ERR_NO_SHOP] = {"no_shop", 404, "No shop associated with this user"},
	[QC_ERR_METHOD_NOT_ALLOWED] = {"method_not_allowed", 405, "Method not allowed"},
	[QC_ERR_CONFLICT] = {"conflict", 409, "Conflict"},
	[QC_ERR_OUT_OF_STOCK] = {"out_of_stock", 422, "Out of stock"},
	[QC_ERR_STATE_CHANGE_REFUSED] = {"state_change_refused", 409,
									 "State change refused"},
	[QC_ERR_IDEMPOTENCY_IN_FLIGHT] = {"idempotency_in_flight", 409,
									  "Request in flight"},
	[QC_ERR_PAYLOAD_TOO_LARGE] = {"payload_too_large", 413, "Payload too large"},
	[QC_ERR_UNSUPPORTED_MEDIA_TYPE] = {"unsupported_media_type", 415,
									   "Unsupported media type"},
	[QC_ERR_VALIDATION_FAILED] = {"validation_failed", 422, "Validation failed"},
	[QC_ERR_IDEMPOTENCY_MISMATCH] = {"idempotency_mismatch", 422,
									 "Idempotency key used for another request"},
	[QC_ERR_TOO_MANY_REQUESTS] = {"too_many_requests", 429, "Too many requests"},
	[QC_ERR_NOT_CONFIGURED] = {"not_configured", 503, "Not configured"},
};

static char *members = NULL;

const QcErrorDef *
qc_error_def(QcError error)
{
	Assert(error < QC_ERR_COUNT);
	return &defs[error];
}

/* Find a failure by its slug; NULL when no failure has it. */
const QcErrorDef *
qc_error_find(const char *slug)
{
	for (int i = 0; i < QC_ERR_COUNT; i++)
		if (strcmp(defs[i].slug, slug) == 0)
			return &defs[i];
	return NULL;
}

const QcErrorDef *
qc_error_of_status(int status)
{
	static const QcErrorDef other = {"error", 0, "Error"};

	for (int i = 0; i < QC_ERR_COUNT; i++)
		if (defs[i].status == status)
			return &defs[i];
	return &other;
}

int
qc_err(QcError error)
{
	const QcErrorDef *def = qc_error_def(error);

	errhidestmt(true); /* it may hold a password or a token; logs are read by many */
	errcode(MAKE_SQLSTATE('Q', 'C', '0' + def->status / 100,
						  '0' + def->status / 10 % 10, '0' + def->status % 10));
	return err_generic_string(PG_DIAG_CONSTRAINT_NAME, def->slug);
}

int
qc_err_members(const char *json)
{
	qc_error_forget_members();
	members = MemoryContextStrdup(TopMemoryContext, json);
	return 0;
}

/* The members of the last failure, or NULL. */
const char *
qc_error_members(void)
{
	return members;
}

void
qc_error_forget_members(void)
{
	if (members != NULL)
		pfree(members);
	members = NULL;
}
