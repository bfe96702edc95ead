/*
 * extension/core/errors.h
 *		The failures a client can meet, each with one slug, one status, one title.
 *
 * SQLSTATE is "QC" + the HTTP status; the slug travels in the error's constraint
 * field, so a SQL client reads the same machine word as an HTTP client.
 */
#ifndef QC_CORE_ERRORS_H
#define QC_CORE_ERRORS_H

#include "postgres.h"

typedef enum QcError
{
	QC_ERR_BAD_REQUEST,
	QC_ERR_INVALID_SIGNATURE,
	QC_ERR_INVALID_PAYLOAD,
	QC_ERR_INVALID_CREDENTIALS,
	QC_ERR_ACCOUNT_INACTIVE,
	QC_ERR_CONTEXT_ALREADY_SET,
	QC_ERR_UNAUTHENTICATED,
	QC_ERR_FORBIDDEN,
	QC_ERR_PLAN_LIMIT_REACHED,
	QC_ERR_FEATURE_NOT_IN_PLAN,
	QC_ERR_NOT_FOUND,
	QC_ERR_NO_SHOP,
	QC_ERR_METHOD_NOT_ALLOWED,
	QC_ERR_CONFLICT,
	QC_ERR_OUT_OF_STOCK,
	QC_ERR_STATE_CHANGE_REFUSED,
	QC_ERR_IDEMPOTENCY_IN_FLIGHT,
	QC_ERR_PAYLOAD_TOO_LARGE,
	QC_ERR_UNSUPPORTED_MEDIA_TYPE,
	QC_ERR_VALIDATION_FAILED,
	QC_ERR_IDEMPOTENCY_MISMATCH,
	QC_ERR_TOO_MANY_REQUESTS,
	QC_ERR_NOT_CONFIGURED,
	QC_ERR_COUNT
} QcError;

typedef struct QcErrorDef
{
	const char *slug;  /* machine word, stable */
	int status;        /* HTTP status */
	const char *title; /* what a problem body says it is */
} QcErrorDef;

extern const QcErrorDef *qc_error_def(QcError error);
extern const QcErrorDef *qc_error_find(const char *slug);

/* The plainest failure with that HTTP status, or one called "error". */
extern const QcErrorDef *qc_error_of_status(int status);

/*
 * ereport field: errcode and slug of one failure, which keeps its statement out of
 * the server's log.
 *
 *		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND), errmsg("shop not found"));
 */
extern int qc_err(QcError error);

/*
 * ereport field: further members for the problem body, as JSON text without the
 * outer braces ("\"limit_type\":\"products\",…").  Lives until the next request.
 */
extern int qc_err_members(const char *json);
extern const char *qc_error_members(void);
extern void qc_error_forget_members(void);

#endif /* QC_CORE_ERRORS_H */
