/*
 * extension/http/publish.c
 *		Checking a route and writing it to the table.
 *
 * The same call serves the extension's own script, where the roles need not exist yet,
 * and an operator.  An operator's route never replaces one that came with the
 * extension, and the extension's never silently replaces his.
 */
#include "postgres.h"

#include "catalog/objectaddress.h"
#include "commands/extension.h"
#include "utils/acl.h"
#include "utils/regproc.h"

#include "extension/core/db.h"
#include "extension/http/handler.h"
#include "extension/http/method.h"
#include "extension/http/path.h"
#include "extension/http/publish.h"

#define API_ROLE "qutecart_api"

static QcStmt write_route = {
	.sql = "INSERT INTO qutecart.routes AS r"
		   " (method, path, handler, actor, status, lane, max_body, bind, is_builtin,"
		   " durability) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
		   " ON CONFLICT (method, path) DO UPDATE SET handler = excluded.handler,"
		   " actor = excluded.actor, status = excluded.status, lane = excluded.lane,"
		   " max_body = excluded.max_body, bind = excluded.bind,"
		   " durability = excluded.durability"
		   " WHERE r.is_builtin = excluded.is_builtin",
	.nargs = 10,
	.argtypes = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT4OID, TEXTOID, INT4OID,
				 JSONBOID, BOOLOID, TEXTOID},
};

/* Another route whose path differs in the names of its parameters only. */
static QcStmt find_twin = {
	.sql = "SELECT r.path FROM qutecart.routes r WHERE r.method = $1 AND r.path <> $2"
		   " AND pg_catalog.regexp_replace(r.path, '\\{[^}]*\\}', '{}', 'g')"
		   " = pg_catalog.regexp_replace($2, '\\{[^}]*\\}', '{}', 'g')",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID},
};

static void complain_about_endpoint(const char *endpoint) pg_attribute_noreturn();
static void check_words(const QcRouteDeclaration *route);
static void check_twin(const char *method, const char *path);
static void save(const QcRouteDeclaration *route, const char *method, const char *path);
static void grant_handler(const char *handler);

void
qc_route_publish(QcRouteDeclaration *route)
{
	char *method = pstrdup(route->endpoint);
	char *path = strchr(method, ' ');
	QcPathPattern pattern;

	if (path == NULL)
		complain_about_endpoint(route->endpoint);
	*path++ = '\0';
	if (qc_method_find(method) >= QC_METHOD_COUNT ||
		!qc_path_pattern_parse(&pattern, pstrdup(path)))
		complain_about_endpoint(route->endpoint);
	if (route->actor == NULL)
		route->actor = "anyone";
	if (route->lane == NULL)
		route->lane = strcmp(method, "GET") == 0 ? "fast" : "write";
	if (route->durability == NULL)
		route->durability = "commit";
	check_words(route);
	(void) qc_handler_describe(route->handler, pattern.params, pattern.nparams,
							   route->bind);
	qc_db_begin();
	check_twin(method, path);
	save(route, method, path);
	qc_db_end();
	if (!creating_extension)
		grant_handler(route->handler);
}

static void
complain_about_endpoint(const char *endpoint)
{
	ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("endpoint \"%s\" is not of the form \"METHOD /path\"", endpoint),
			errdetail("Methods are GET, POST, PUT, PATCH and DELETE; a path has at most"
					  " %d segments of letters, digits and \"._~-\", or {parameter}.",
					  QC_PATH_MAX_SEGMENTS));
}

static bool
is_one_of(const char *word, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static void
check_words(const QcRouteDeclaration *route)
{
	static const char *const actors[] = {"anyone", "user", "customer", "member",
										 "admin"};
	static const char *const lanes[] = {"fast", "slow", "write"};
	static const char *const durabilities[] = {"commit", "group"};

	if (!is_one_of(route->actor, actors, lengthof(actors)))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("unrecognized actor: \"%s\"", route->actor),
				errhint("Use anyone, user, customer, member or admin."));
	if (!is_one_of(route->lane, lanes, lengthof(lanes)))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("unrecognized lane: \"%s\"", route->lane),
				errhint("Use fast, slow or write."));
	if (!is_one_of(route->durability, durabilities, lengthof(durabilities)))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("unrecognized durability: \"%s\"", route->durability),
				errhint("Use commit or group."));
	if (route->status < 200 || route->status > 299)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("status %d is not one of success", route->status),
				errhint("Use 200 to 299."));
	if (route->max_body < 0)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("max_body must not be negative"));
}

static void
check_twin(const char *method, const char *path)
{
	QcArgs args = {0};

	qc_args_text(&args, method);
	qc_args_text(&args, path);
	if (qc_db_run(&find_twin, &args) > 0)
		ereport(ERROR, errcode(ERRCODE_DUPLICATE_OBJECT),
				errmsg("endpoint \"%s %s\" is the same as \"%s %s\"", method, path,
					   method, qc_db_text(0, 1)));
}

static void
save(const QcRouteDeclaration *route, const char *method, const char *path)
{
	QcArgs args = {0};

	qc_args_text(&args, method);
	qc_args_text(&args, path);
	qc_args_text(&args, route->handler);
	qc_args_text(&args, route->actor);
	qc_args_int4(&args, route->status);
	qc_args_text(&args, route->lane);
	qc_args_int4(&args, route->max_body);
	qc_args_datum(&args,
				  route->bind ? JsonbPGetDatum(route->bind)
							  : DirectFunctionCall1(jsonb_in, CStringGetDatum("{}")),
				  false);
	qc_args_bool(&args, route->is_builtin);
	qc_args_text(&args, route->durability);
	if (qc_db_run(&write_route, &args) == 0)
		ereport(ERROR, errcode(ERRCODE_DUPLICATE_OBJECT),
				errmsg("endpoint \"%s %s\" is taken already", method, path),
				errhint("Routes of the extension cannot be replaced; use another"
						" path."));
}

/* As the caller, who must be allowed to: publishing a function lets clients run it. */
static void
grant_handler(const char *handler)
{
	GrantStmt *grant = makeNode(GrantStmt);
	ObjectWithArgs *function = makeNode(ObjectWithArgs);
	AccessPriv *execute = makeNode(AccessPriv);
	RoleSpec *role = makeNode(RoleSpec);

	if (!OidIsValid(get_role_oid(API_ROLE, true)))
		return;
	function->objname = stringToQualifiedNameList(handler);
	function->args_unspecified = true;
	execute->priv_name = "execute";
	role->roletype = ROLESPEC_CSTRING;
	role->rolename = API_ROLE;
	role->location = -1;
	grant->is_grant = true;
	grant->targtype = ACL_TARGET_OBJECT;
	grant->objtype = OBJECT_FUNCTION;
	grant->objects = list_make1(function);
	grant->privileges = list_make1(execute);
	grant->grantees = list_make1(role);
	grant->behavior = DROP_RESTRICT;
	ExecuteGrantStmt(grant);
}
