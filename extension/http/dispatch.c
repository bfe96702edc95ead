/*
 * extension/http/dispatch.c
 *		The way of a request: route, shown shop, token, arguments, handler, reply.
 *
 * All of it happens in one subtransaction, so that a failure leaves nothing behind –
 * neither rows nor a context – and still has an answer.  The handler runs as
 * qutecart_api, whoever called; what a GET runs may not write.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/resowner.h"

#include "extension/core/compat.h"
#include "extension/core/errors.h"
#include "extension/core/json.h"
#include "extension/http/await.h"
#include "extension/http/bind.h"
#include "extension/http/caching.h"
#include "extension/http/dispatch.h"
#include "extension/http/durability.h"
#include "extension/http/fields.h"
#include "extension/http/idempotency.h"
#include "extension/http/options.h"
#include "extension/http/parse.h"
#include "extension/http/problem.h"
#include "extension/http/route.h"
#include "extension/tenant/context.h"
#include "extension/tenant/resolve.h"
#include "extension/tenant/token.h"

#define API_ROLE "qutecart_api"

typedef struct Call
{
	const QcRawRequest *raw;
	QcReply *reply;
	bool ignores_token; /* it turned out to be invalid, and the route needs none */
	bool is_entering;   /* the token is being verified */
	QcRequest request;
	QcFields fields;
	QcMatch match;
	QcShown shown;
} Call;

static void attempt(Call *call);
static void run(Call *call);
static void find_route(Call *call);
static QcHandler *handler_of(QcRoute *route);
static void read_fields(Call *call);
static void resolve_shown(Call *call);
static void enter(Call *call);
static void call_handler(Call *call);
static void take_result(QcReply *reply, const QcRoute *route, Datum result,
						bool is_null);
static void answer_error(Call *call, const ErrorData *error);

void
qc_http_answer(const QcRawRequest *raw, QcReply *reply)
{
	Call *call;

	if (qc_state_is_busy())
		ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				errmsg("a handler cannot call qutecart.http()"),
				errhint("Call the function that the route names."));
	call = palloc0(sizeof(Call));
	call->raw = raw;
	call->reply = reply;
	reply->memory = CurrentMemoryContext;
	qc_state_begin(&call->request, reply);
	PG_TRY();
	{
		attempt(call);
	}
	PG_FINALLY();
	{
		qc_state_end();
	}
	PG_END_TRY();
}

/* One try; a second one without the token when that was the only trouble. */
static void
attempt(Call *call)
{
	MemoryContext memory = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile error = NULL;

	qc_reply_reset(call->reply);
	qc_error_forget_members();
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(memory);
	PG_TRY();
	{
		run(call);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(memory);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(memory);
	CurrentResourceOwner = owner;
	if (error != NULL)
		answer_error(call, error);
}

/* Answer the request inside the subtransaction. */
static void
run(Call *call)
{
	QcRequest *request = &call->request;
	QcIdempotency idempotency;
	bool is_relaxed = false;

	call->fields = (QcFields){0};
	call->is_entering = false;
	memset(&call->match, 0, sizeof(call->match));
	memset(&call->shown, 0, sizeof(call->shown));
	qc_request_parse(request, call->raw);
	qc_route_refresh();
	if (request->method == QC_METHOD_OPTIONS)
	{
		qc_options_answer(request, call->reply);
		return;
	}
	find_route(call);
	if (call->match.route->method == QC_METHOD_GET)
		XactReadOnly = true;
	read_fields(call);
	resolve_shown(call);
	enter(call);
	if (call->match.route->is_group)
		is_relaxed = qc_durability_relax();
	if (!qc_idempotency_begin(&idempotency, request, call->shown.shop_id, call->reply))
	{
		call_handler(call);
		qc_caching_finish(call->reply, request, call->match.route, &call->shown);
		qc_idempotency_keep(&idempotency, call->reply);
	}
	else
		qc_await_settle(call->reply);
	if (is_relaxed)
		qc_durability_tell();
}

static void
find_route(Call *call)
{
	QcRequest *request = &call->request;

	if (request->path.nsegments > 0 && !request->is_asterisk)
		qc_route_find(&request->path, request->method, &call->match);
	if (call->match.route != NULL)
		return;
	if (call->match.methods == 0)
		ereport(ERROR, qc_err(QC_ERR_NOT_FOUND),
				errmsg("The route %s could not be found.", request->shown_path));
	ereport(
		ERROR, qc_err(QC_ERR_METHOD_NOT_ALLOWED),
		errmsg("The %s method is not supported for route %s. Supported methods: %s.",
			   request->method_name, request->shown_path,
			   qc_options_allow(call->match.methods)));
}

/* Looked up as qutecart_api, whose rights on the handler's schema are those that count. */
static QcHandler *
handler_of(QcRoute *route)
{
	QcHandler *handler;
	Oid user;
	int flags;

	GetUserIdAndSecContext(&user, &flags);
	SetUserIdAndSecContext(get_role_oid(API_ROLE, false),
						   flags | SECURITY_LOCAL_USERID_CHANGE);
	handler = qc_route_handler(route);
	SetUserIdAndSecContext(user, flags);
	return handler;
}

/* The query always; the body of a write, unless the handler takes it as it is. */
static void
read_fields(Call *call)
{
	QcRequest *request = &call->request;
	const QcRoute *route = call->match.route;

	if (route->actor != QC_ROUTE_ANYONE && request->token == NULL)
		ereport(ERROR, qc_err(QC_ERR_UNAUTHENTICATED), errmsg("nobody is signed in"),
				errhint("Send a token: Authorization: Bearer …"));
	if (request->query != NULL)
		qc_fields_read_pairs(&call->fields, request->query, false);
	if (request->body_len > (size_t) route->max_body)
		ereport(ERROR, qc_err(QC_ERR_PAYLOAD_TOO_LARGE),
				errmsg("the body is larger than %d bytes", route->max_body));
	if (request->body_len > 0 && route->method != QC_METHOD_GET &&
		!handler_of(call->match.route)->takes_raw_body)
		qc_fields_read_body(&call->fields, qc_request_get(request, "content-type"),
							request->body, request->body_len);
}

static void
resolve_shown(Call *call)
{
	const QcField *field = qc_fields_find_single(&call->fields, "shop_id");
	QcShownSources sources = {
		.host = call->request.host,
		.shop_header = qc_request_get(&call->request, "x-shop-id"),
		.shop_field = field ? field->text : NULL,
	};

	qc_resolve_shown(&sources, &call->shown);
}

/* Verify the token; without one, whoever acts in this transaction must not act here. */
static void
enter(Call *call)
{
	static const QcActAs act_as[] = {
		[QC_ROUTE_ANYONE] = QC_ACT_AS_ANY,        [QC_ROUTE_USER] = QC_ACT_AS_ANY,
		[QC_ROUTE_CUSTOMER] = QC_ACT_AS_CUSTOMER, [QC_ROUTE_MEMBER] = QC_ACT_AS_MEMBER,
		[QC_ROUTE_ADMIN] = QC_ACT_AS_ADMIN,
	};
	QcRouteActor actor = call->match.route->actor;

	if (call->request.token == NULL || call->ignores_token)
	{
		if (qc_context()->actor != QC_ACTOR_NONE)
			ereport(ERROR, qc_err(QC_ERR_CONTEXT_ALREADY_SET),
					errmsg("somebody acts in this transaction already"),
					errhint("Begin another transaction."));
		return;
	}
	call->is_entering = true;
	qc_token_enter(call->request.token,
				   actor == QC_ROUTE_MEMBER ? call->shown.shop_id : 0, act_as[actor]);
	call->is_entering = false;
	if (call->shown.by == QC_SHOWN_BY_NOTHING && qc_context_is_member())
	{
		call->shown.by = QC_SHOWN_BY_TOKEN;
		call->shown.shop_id = qc_context()->shop_id;
	}
}

/*
 * As qutecart_api, defaults and type conversions included.  An error restores the
 * caller's role with the subtransaction.
 */
static void
call_handler(Call *call)
{
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);
	QcRoute *route = call->match.route;
	QcBinding binding = {.request = &call->request,
						 .match = &call->match,
						 .fields = &call->fields,
						 .shown_shop = call->shown.shop_id};
	Oid api = get_role_oid(API_ROLE, false);
	QcHandler *handler;
	bool has_null = false;
	Datum result = (Datum) 0;
	Oid user;
	int flags;

	GetUserIdAndSecContext(&user, &flags);
	SetUserIdAndSecContext(api, flags | SECURITY_LOCAL_USERID_CHANGE);
	handler = qc_route_handler(route);
	if (qc_function_aclcheck(handler->oid, api) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FUNCTION, route->handler_name);
	InitFunctionCallInfoData(*fcinfo, &handler->function, handler->nparams,
							 DEFAULT_COLLATION_OID, NULL, NULL);
	qc_bind(&binding, handler, fcinfo->args);
	for (int i = 0; i < handler->nparams && handler->is_strict; i++)
		has_null |= fcinfo->args[i].isnull;
	if (!has_null)
		result = FunctionCallInvoke(fcinfo);
	take_result(call->reply, route, result, has_null || fcinfo->isnull);
	SetUserIdAndSecContext(user, flags);
}

static void
take_result(QcReply *reply, const QcRoute *route, Datum result, bool is_null)
{
	QcResult kind = route->handler->result;

	if (is_null || kind == QC_RESULT_VOID)
	{
		if (reply->status == 0)
			reply->status = 204;
		return;
	}
	if (reply->status == 0)
		reply->status = route->status;
	if (kind == QC_RESULT_JSONB)
		result = CStringGetTextDatum(
			DatumGetCString(DirectFunctionCall1(jsonb_out, result)));
	reply->text = (struct varlena *) PG_DETOAST_DATUM_PACKED(result);
	reply->body = VARDATA_ANY(reply->text);
	reply->body_len = VARSIZE_ANY_EXHDR(reply->text);
	if (qc_reply_get(reply, "Content-Type") == NULL)
		qc_reply_set(reply, "Content-Type",
					 kind == QC_RESULT_TEXT ? "text/plain; charset=utf-8"
											: "application/json");
}

/* A wrong token on a route that needs none is as good as no token. */
static bool
may_do_without_token(const Call *call, const ErrorData *error)
{
	return call->is_entering && !call->ignores_token &&
		   call->match.route->actor == QC_ROUTE_ANYONE &&
		   error->constraint_name != NULL &&
		   strcmp(error->constraint_name, qc_error_def(QC_ERR_UNAUTHENTICATED)->slug) ==
			   0;
}

static void
answer_error(Call *call, const ErrorData *error)
{
	const QcRoute *route = call->match.route;

	if (qc_problem_is_for_caller(error))
		ReThrowError((ErrorData *) error);
	if (may_do_without_token(call, error))
	{
		call->ignores_token = true;
		attempt(call);
		return;
	}
	qc_reply_reset(call->reply);
	qc_problem_fill(call->reply, error, &call->fields,
					route
						? psprintf("%s %s", qc_method_name(route->method), route->path)
						: "(no route)");
	if (call->reply->status == 405)
		qc_reply_set(call->reply, "Allow", qc_options_allow(call->match.methods));
	qc_caching_finish(call->reply, &call->request, route, &call->shown);
}
