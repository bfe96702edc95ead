/*
 * extension/http/problem.c
 *		Problem bodies (RFC 9457) with the members that existing clients read.
 *
 * The words of our own failures (SQLSTATE QCnnn) are written for clients and go out.
 * Of PostgreSQL's own errors nothing goes out: their text names tables, columns and
 * values of others.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/http/constraints.h"
#include "extension/http/problem.h"

#define PROBLEM_TYPE "urn:qutecart:problem:"

typedef struct Problem
{
	int status;
	const char *slug;
	const char *title;
	const char *message; /* what clients show */
	const char *detail;
	const char *hint;
	const char *field; /* the field to blame, with the message; NULL = none */
	const char *members;
} Problem;

static void from_own(Problem *problem, const ErrorData *error);
static void from_constraint(Problem *problem, const ErrorData *error,
							const QcFields *fields);
static void from_code(Problem *problem, QcError code, const char *message);
static void log_failure(const ErrorData *error, const char *endpoint);
static void write_body(QcReply *reply, const Problem *problem);

bool
qc_problem_is_for_caller(const ErrorData *error)
{
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case MAKE_SQLSTATE('4', '0', '0', '0', '0'):
		case MAKE_SQLSTATE('5', '3', '0', '0', '0'):
		case MAKE_SQLSTATE('5', '7', '0', '0', '0'):
			return true;
		default:
			return false;
	}
}

/* "QCnnn" with a status of failure. */
static bool
is_own(int code)
{
	const char *state = unpack_sql_state(code);

	return state[0] == 'Q' && state[1] == 'C' && (state[2] == '4' || state[2] == '5') &&
		   state[3] >= '0' && state[3] <= '9' && state[4] >= '0' && state[4] <= '9';
}

void
qc_problem_fill(QcReply *reply, const ErrorData *error, const QcFields *fields,
				const char *endpoint)
{
	Problem problem = {0};

	if (is_own(error->sqlerrcode))
		from_own(&problem, error);
	else if (ERRCODE_TO_CATEGORY(error->sqlerrcode) ==
			 ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION)
		from_constraint(&problem, error, fields);
	else if (ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_DATA_EXCEPTION)
		from_code(&problem, QC_ERR_VALIDATION_FAILED, "A value is not acceptable.");
	else if (error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE)
		from_code(&problem, QC_ERR_FORBIDDEN, "This action is unauthorized.");
	else
		problem = (Problem){.status = 500,
							.slug = "server_error",
							.title = "Server Error",
							.message = "Server Error"};
	if (problem.status >= 500 || (!is_own(error->sqlerrcode) && problem.field == NULL))
		log_failure(error, endpoint);
	write_body(reply, &problem);
}

/* A sentence as clients show it: error texts begin with a small letter. */
static const char *
capitalised(const char *text)
{
	char *copy;

	if (text == NULL)
		return NULL;
	copy = pstrdup(text);
	*copy = pg_toupper((unsigned char) *copy);
	return copy;
}

/* NULL for what RAISE was given as an empty string. */
static const char *
present(const char *text)
{
	return text != NULL && *text != '\0' ? text : NULL;
}

static void
from_own(Problem *problem, const ErrorData *error)
{
	const char *state = unpack_sql_state(error->sqlerrcode);
	const char *slug = present(error->constraint_name);
	const QcErrorDef *def = slug ? qc_error_find(slug) : NULL;

	problem->status = pg_strtoint32(state + 2);
	if (def == NULL)
		def = qc_error_of_status(problem->status);
	problem->slug = slug ? slug : def->slug;
	problem->title = def->title;
	problem->message = capitalised(error->message);
	problem->detail = present(error->detail);
	if (problem->detail == NULL)
		problem->detail = problem->message;
	problem->hint = present(error->hint);
	problem->members = qc_error_members();
	if (problem->status == 401)
		problem->message = "Unauthenticated.";
}

/* Did the client send a field of that name? */
static bool
was_sent(const QcFields *fields, const char *name)
{
	for (int i = 0; i < fields->n; i++)
		if (strcmp(fields->list[i].name, name) == 0)
			return true;
	return false;
}

/* The column of a constraint without a name of its own: "<table>_<column>_check". */
static char *
column_of(const ErrorData *error)
{
	size_t prefix = error->table_name ? strlen(error->table_name) + 1 : 0;
	size_t len = error->constraint_name ? strlen(error->constraint_name) : 0;

	if (error->column_name != NULL)
		return error->column_name;
	if (prefix == 0 || len < prefix + 7 ||
		strncmp(error->constraint_name, error->table_name, prefix - 1) != 0 ||
		strcmp(error->constraint_name + len - 6, "_check") != 0)
		return NULL;
	return pnstrdup(error->constraint_name + prefix, len - prefix - 6);
}

static void
from_constraint(Problem *problem, const ErrorData *error, const QcFields *fields)
{
	const QcConstraintText *text = NULL;
	char *column = column_of(error);

	if (error->constraint_name != NULL)
		text = qc_constraint_text(error->constraint_name);
	from_code(problem,
			  error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION ? QC_ERR_CONFLICT
															: QC_ERR_VALIDATION_FAILED,
			  error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION
				  ? "The value has already been taken."
				  : "A value is not acceptable.");
	if (text != NULL)
	{
		problem->message = problem->detail = text->text;
		problem->field = text->field;
	}
	else if (column != NULL && was_sent(fields, column))
	{
		problem->field = column;
		problem->message = problem->detail =
			psprintf("The %s field is invalid.", column);
	}
}

static void
from_code(Problem *problem, QcError code, const char *message)
{
	const QcErrorDef *def = qc_error_def(code);

	problem->status = def->status;
	problem->slug = def->slug;
	problem->title = def->title;
	problem->message = problem->detail = message;
}

/* In full, for the operator alone. */
static void
log_failure(const ErrorData *error, const char *endpoint)
{
	ereport(LOG_SERVER_ONLY, errcode(error->sqlerrcode),
			errmsg("request \"%s\" failed: %s", endpoint, error->message),
			error->detail ? errdetail_internal("%s", error->detail) : 0,
			error->hint ? errhint("%s", error->hint) : 0,
			error->context ? errcontext("%s", error->context) : 0);
}

static void
write_body(QcReply *reply, const Problem *problem)
{
	QcJson body;

	qc_json_init(&body);
	qc_json_open(&body, NULL, '{');
	qc_json_text(&body, "type", psprintf(PROBLEM_TYPE "%s", problem->slug));
	qc_json_text(&body, "title", problem->title);
	qc_json_int(&body, "status", problem->status);
	if (problem->detail != NULL)
		qc_json_text(&body, "detail", problem->detail);
	qc_json_text(&body, "code", problem->slug);
	if (problem->hint != NULL)
		qc_json_text(&body, "hint", problem->hint);
	qc_json_text(&body, "message", problem->message);
	if (problem->members != NULL && *problem->members != '\0')
		appendStringInfo(&body.out, ",%s", problem->members);
	else if (problem->field != NULL)
	{
		qc_json_open(&body, "errors", '{');
		qc_json_open(&body, problem->field, '[');
		qc_json_text(&body, NULL, problem->message);
		qc_json_close(&body, ']');
		qc_json_close(&body, '}');
	}
	qc_json_close(&body, '}');
	reply->status = problem->status;
	reply->body = body.out.data;
	reply->body_len = body.out.len;
	qc_reply_set(reply, "Content-Type", "application/problem+json");
	if (problem->status == 401)
		qc_reply_set(reply, "WWW-Authenticate", "Bearer");
}
