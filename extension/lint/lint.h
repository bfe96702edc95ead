/*
 * extension/lint/lint.h
 *		The rules that qutecart.lint() checks, as rows of tables.
 *
 * A rule is a name, the promise it keeps, and one statement that returns a row
 * (object, detail) for each object that breaks it.  Statements see the catalogue only;
 * each takes the same two arguments: $1 the text of grants/functions.sql, $2 the
 * server's version number, NULL = the one it has.
 */
#ifndef QC_LINT_LINT_H
#define QC_LINT_LINT_H

#include "postgres.h"

#include "extension/core/db.h"

typedef struct QcLintRule
{
	const char *name;
	const char *promise;
	QcStmt find;
} QcLintRule;

#define QC_LINT_FIND(text)                                                             \
	{                                                                                  \
		.sql = (text), .nargs = 2, .argtypes = {TEXTOID, INT4OID}, .is_read = true     \
	}

/* The tables of QuteCart: whose rows (word), the column that names the shop (tenant). */
#define QC_LINT_TABLES                                                                 \
	" (SELECT c.oid, c.relname, c.relowner, c.relkind, c.relrowsecurity,"              \
	" c.relforcerowsecurity, c.oid::regclass::text AS label,"                          \
	" split_part(obj_description(coalesce(pg_partition_root(c.oid), c.oid),"           \
	"   'pg_class'), ':', 1) AS word,"                                                 \
	" CASE c.relname WHEN 'shops' THEN 'id' ELSE 'shop_id' END::name AS tenant"        \
	" FROM pg_catalog.pg_class c WHERE c.relnamespace = 'qutecart'::regnamespace"      \
	" AND c.relkind IN ('r', 'p')) t"

/* Roles that requests run as: the groups, and every login that is in one of them. */
#define QC_LINT_REQUEST_ROLES                                                           \
	" (SELECT r.* FROM pg_catalog.pg_roles r WHERE NOT r.rolname = 'qutecart_owner'"    \
	" AND EXISTS (SELECT FROM pg_catalog.pg_roles g"                                    \
	"   WHERE g.rolname IN ('qutecart_api', 'qutecart_bi', 'qutecart_gateway')"         \
	"   AND (r.oid = g.oid OR NOT r.rolsuper AND pg_has_role(r.oid, g.oid, 'MEMBER')))" \
	" ) r"

/* The lists; each ends with a rule without a name. */
extern QcLintRule qc_lint_tables[];
extern QcLintRule qc_lint_grants[];
extern QcLintRule qc_lint_policies[];
extern QcLintRule qc_lint_keys[];
extern QcLintRule qc_lint_routines[];
extern QcLintRule qc_lint_roles[];
extern QcLintRule qc_lint_server[];

#endif /* QC_LINT_LINT_H */
