/*
 * extension/lint/policies.c
 *		Rules for policies: one shape per ownership word, and nothing that opens it.
 */
#include "postgres.h"

#include "extension/lint/lint.h"

/* The one restrictive policy that each ownership word asks for. */
#define SHAPES                                                                         \
	" (VALUES ('shop', 'id', '(id = qutecart.current_shop_id())'),"                    \
	" ('shop', 'shop_id', '(shop_id = qutecart.current_shop_id())'),"                  \
	" ('customer', 'shop_id', '(customer_id = qutecart.current_customer_id())'),"      \
	" ('shop+customer', 'shop_id', '((shop_id = qutecart.current_shop_id())"           \
	" OR (customer_id = qutecart.current_customer_id()))'))"                           \
	" s (word, tenant, condition)"

#define POLICIES                                                                       \
	" (SELECT p.*, p.polrelid::regclass || '.' || p.polname AS label,"                 \
	" pg_get_expr(p.polqual, p.polrelid) AS visible,"                                  \
	" pg_get_expr(p.polwithcheck, p.polrelid) AS accepted"                             \
	" FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid"    \
	" WHERE c.relnamespace = 'qutecart'::regnamespace) p"

QcLintRule qc_lint_policies[] = {
	{"tenant_policy",
	 "Exactly one restrictive policy stands between shops, on each table.",
	 QC_LINT_FIND(
		 "SELECT t.label, 'it needs one restrictive policy, ' || t.relname || '_of_shop,"
		 " for all commands and roles' FROM" QC_LINT_TABLES
		 " WHERE t.word IN ('shop', 'shop+customer', 'customer') AND"
		 " (SELECT array_agg(p.polname || p.polcmd::text || p.polroles::text)"
		 "   FROM pg_catalog.pg_policy p WHERE p.polrelid = t.oid"
		 "   AND NOT p.polpermissive)"
		 " IS DISTINCT FROM ARRAY[t.relname || CASE t.word WHEN 'customer'"
		 "   THEN '_of_customer*{0}' ELSE '_of_shop*{0}' END]")},
	{"tenant_policy_shape",
	 "The tenant policy compares the tenant with the context, both"
	 " for reading and for writing.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'USING and WITH CHECK must both be ' || s.condition FROM" QC_LINT_TABLES
		 " JOIN" POLICIES " ON p.polrelid = t.oid AND NOT p.polpermissive"
		 " JOIN" SHAPES " ON s.word = t.word AND s.tenant = t.tenant"
		 " WHERE (p.visible, p.accepted) IS DISTINCT FROM (s.condition, s.condition)")},
	{"policy_role", "Permissive policies open a table to our own roles only.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'name qutecart_api or qutecart_bi after TO' FROM" POLICIES
		 " WHERE p.polpermissive AND EXISTS ("
		 "   SELECT FROM unnest(p.polroles) o (role)"
		 "   WHERE o.role = 0 OR o.role::regrole::text NOT IN"
		 "   ('qutecart_api', 'qutecart_bi'))")},
	{"policy_write_true", "A permissive policy never lets everybody write.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'a condition that asks for a permission is missing' FROM" POLICIES
		 " WHERE p.polpermissive AND p.polcmd <> 'r'"
		 " AND (coalesce(p.visible, p.accepted, 'true') = 'true'"
		 "   OR coalesce(p.accepted, p.visible, 'true') = 'true')")},
	{"policy_subselect",
	 "Policies contain no sub-select: it would race with revocation.",
	 QC_LINT_FIND("SELECT p.label, 'resolve it into the context instead' FROM" POLICIES
				  " WHERE p.polqual::text ~ '\\{SUBLINK'"
				  " OR p.polwithcheck::text ~ '\\{SUBLINK'")},
	{"policy_function", "Policies call the reviewed accessors and nothing else.",
	 QC_LINT_FIND(
		 "SELECT DISTINCT p.label, 'it calls ' || f.id[1]::regprocedure FROM" POLICIES
		 " CROSS JOIN LATERAL regexp_matches(coalesce(p.polqual::text, '')"
		 "   || coalesce(p.polwithcheck::text, ''), ':funcid (\\d+)', 'g')"
		 " WITH ORDINALITY m (id, n)"
		 " CROSS JOIN LATERAL (SELECT m.id::oid[] AS id) f"
		 " WHERE f.id[1] NOT IN ('qutecart.current_shop_id()'::regprocedure,"
		 " 'qutecart.current_user_id()'::regprocedure,"
		 " 'qutecart.current_customer_id()'::regprocedure,"
		 " 'qutecart.has_permission(text)'::regprocedure)")},
	{"platform_policy", "Platform and global tables have no policies.",
	 QC_LINT_FIND("SELECT p.label, 'DROP POLICY' FROM" QC_LINT_TABLES " JOIN" POLICIES
				  " ON p.polrelid = t.oid WHERE t.word IN ('platform', 'global')")},
	{NULL},
};
