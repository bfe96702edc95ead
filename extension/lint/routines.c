/*
 * extension/lint/routines.c
 *		Rules for functions and routes: who may call them, and what they promise.
 */
#include "postgres.h"

#include "extension/lint/lint.h"

#define ROUTINES                                                                       \
	" (SELECT p.*, p.oid::regprocedure::text AS label FROM pg_catalog.pg_proc p"       \
	" WHERE p.pronamespace = 'qutecart'::regnamespace) p"

QcLintRule qc_lint_routines[] = {
	{"routine_public", "No function of ours is for everybody.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'REVOKE ALL … FROM PUBLIC' FROM" ROUTINES
		 " WHERE p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a"
		 "   WHERE a.grantee = 0)")},
	{"routine_grant",
	 "Roles may call the routes' handlers and what grants/functions.sql"
	 " lists, nothing else.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'it is granted to ' || a.grantee::regrole FROM" ROUTINES
		 " CROSS JOIN LATERAL aclexplode(p.proacl) a"
		 " WHERE a.grantee NOT IN (0, p.proowner, to_regrole('qutecart_owner'))"
		 " AND NOT (a.grantee = to_regrole('qutecart_api') AND EXISTS ("
		 "   SELECT FROM qutecart.routes r WHERE to_regproc(r.handler) = p.oid))"
		 " AND NOT EXISTS (SELECT FROM regexp_split_to_table($1, ';') s (text)"
		 "   WHERE s.text ~ ('\\mqutecart\\.' || p.proname || '\\(')"
		 "   AND s.text ~ ('\\mTO\\s[^;]*\\m' || a.grantee::regrole || '\\M'))")},
	{"routine_foreign", "Every function in our schema came with the extension.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'move it to a schema of its own' FROM" ROUTINES
		 " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
		 "   WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid"
		 "   AND d.deptype = 'e' AND d.refobjid = (SELECT e.oid"
		 "     FROM pg_catalog.pg_extension e WHERE e.extname = 'qutecart'))")},
	{"routine_definer", "A SECURITY DEFINER function pins its search_path.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'SET search_path = pg_catalog, pg_temp' FROM" ROUTINES
		 " WHERE p.prosecdef AND NOT coalesce(p.proconfig"
		 "   @> ARRAY['search_path=pg_catalog, pg_temp'], false)")},
	{"routine_language", "Our functions are written in C or SQL.",
	 QC_LINT_FIND("SELECT p.label, 'it is written in ' || l.lanname FROM" ROUTINES
				  " JOIN pg_catalog.pg_language l ON l.oid = p.prolang"
				  " WHERE l.lanname NOT IN ('c', 'sql')")},
	{"routine_immutable",
	 "Nothing is IMMUTABLE: a plan made for one shop would serve the"
	 " next.",
	 QC_LINT_FIND("SELECT p.label, 'mark it STABLE' FROM" ROUTINES
				  " WHERE p.provolatile = 'i'")},
	{"routine_leakproof", "Only the reviewed accessors are LEAKPROOF.",
	 QC_LINT_FIND("SELECT p.label, 'ALTER FUNCTION … NOT LEAKPROOF' FROM" ROUTINES
				  " WHERE p.proleakproof AND p.proname NOT IN ('current_shop_id',"
				  " 'current_user_id', 'current_customer_id')")},
	{"accessor_marking", "The accessors are C, STABLE, LEAKPROOF and PARALLEL SAFE.",
	 QC_LINT_FIND(
		 "SELECT 'qutecart.' || n.name || '()', 'it must be LANGUAGE c STABLE LEAKPROOF"
		 " PARALLEL SAFE' FROM (VALUES ('current_shop_id'), ('current_user_id'),"
		 " ('current_customer_id')) n (name)"
		 " LEFT JOIN" ROUTINES " ON p.proname = n.name AND p.pronargs = 0"
		 " LEFT JOIN pg_catalog.pg_language l ON l.oid = p.prolang"
		 " WHERE (p.provolatile, p.proleakproof, p.proparallel, l.lanname)"
		 " IS DISTINCT FROM ('s', true, 's', 'c')")},
	{"routine_comment", "Every function says in its comment what it promises.",
	 QC_LINT_FIND("SELECT p.label, 'COMMENT ON is missing' FROM" ROUTINES
				  " WHERE obj_description(p.oid, 'pg_proc') IS NULL")},
	{"routine_secret", "No secret stands in the catalogue, which everybody can read.",
	 QC_LINT_FIND(
		 "SELECT s.label, 'move it to a setting or a file' FROM ("
		 " SELECT p.oid::regprocedure::text, p.prosrc FROM pg_catalog.pg_proc p"
		 "   WHERE p.oid >= 16384 UNION ALL"
		 " SELECT d.classoid::regclass || ' ' || d.objoid, d.description"
		 "   FROM pg_catalog.pg_description d WHERE d.objoid >= 16384) s (label, text)"
		 " WHERE s.text ~ '(sk_live_|sk_test_|whsec_)[A-Za-z0-9]{8}"
		 "|BEGIN [A-Z ]*PRIVATE KEY'")},
	{"route_handler", "Every route has a handler.",
	 QC_LINT_FIND("SELECT r.method || ' ' || r.path, 'no function, or several, named '"
				  " || r.handler FROM qutecart.routes r"
				  " WHERE to_regproc(r.handler) IS NULL")},
	{"route_grant", "The role that requests run as may call every route's handler.",
	 QC_LINT_FIND("SELECT r.method || ' ' || r.path, 'GRANT EXECUTE ON FUNCTION '"
				  " || r.handler || ' TO qutecart_api' FROM qutecart.routes r"
				  " WHERE NOT has_function_privilege('qutecart_api',"
				  "   to_regproc(r.handler), 'EXECUTE')")},
	{NULL},
};
