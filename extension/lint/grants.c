/*
 * extension/lint/grants.c
 *		Rules for privileges on tables: who may touch what, and with which commands.
 */
#include "postgres.h"

#include "extension/lint/lint.h"

/* Every privilege on relations and columns but their owner's own. */
#define GRANTS                                                                         \
	" (SELECT c.oid, c.relkind, c.oid::regclass::text AS label, x.grantee,"            \
	" x.privilege_type AS privilege, x.attname,"                                       \
	" CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END AS role,"  \
	" split_part(obj_description(c.oid, 'pg_class'), ':', 1) AS word"                  \
	" FROM pg_catalog.pg_class c CROSS JOIN LATERAL ("                                 \
	"   SELECT a.*, NULL::name AS attname FROM aclexplode(c.relacl) a UNION ALL"       \
	"   SELECT a.*, k.attname FROM pg_catalog.pg_attribute k"                          \
	"   CROSS JOIN LATERAL aclexplode(k.attacl) a"                                     \
	"   WHERE k.attrelid = c.oid AND NOT k.attisdropped) x"                            \
	" WHERE c.relnamespace = 'qutecart'::regnamespace AND x.grantee <> c.relowner) g"

QcLintRule qc_lint_grants[] = {
	{"table_grantee", "Only qutecart_api and qutecart_bi are granted tables and views.",
	 QC_LINT_FIND("SELECT DISTINCT g.label, 'it is granted to ' || g.role FROM" GRANTS
				  " WHERE g.relkind <> 'S' AND g.role NOT IN ('qutecart_api',"
				  " 'qutecart_bi', 'qutecart_owner')")},
	{"table_privilege", "TRUNCATE, REFERENCES and TRIGGER are granted to nobody.",
	 QC_LINT_FIND(
		 "SELECT g.label, g.privilege || ' is granted to ' || g.role FROM" GRANTS
		 " WHERE g.privilege IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')")},
	{"sequence_grant", "Nobody reads a sequence: its value tells of all shops.",
	 QC_LINT_FIND("SELECT DISTINCT g.label, 'it is granted to ' || g.role FROM" GRANTS
				  " WHERE g.relkind = 'S'")},
	{"platform_grant", "Platform tables are reached through functions only.",
	 QC_LINT_FIND("SELECT DISTINCT g.label, 'it is granted to ' || g.role FROM" GRANTS
				  " WHERE g.word = 'platform' AND g.relkind IN ('r', 'p')")},
	{"read_only_grant", "BI logins, global tables and views are read, never written.",
	 QC_LINT_FIND(
		 "SELECT DISTINCT g.label, g.privilege || ' is granted to ' || g.role FROM" GRANTS
		 " WHERE g.privilege IN ('INSERT', 'UPDATE', 'DELETE')"
		 " AND (g.role = 'qutecart_bi' OR g.word = 'global' OR g.relkind = 'v')")},
	{"shop_id_update", "No row moves to another shop: nobody may update its shop_id.",
	 QC_LINT_FIND(
		 "SELECT DISTINCT g.label, g.role || ' may update '"
		 " || coalesce(g.attname, 'every column') FROM" GRANTS
		 " WHERE g.privilege = 'UPDATE' AND g.relkind IN ('r', 'p')"
		 " AND g.word IN ('shop', 'shop+customer', 'customer')"
		 " AND coalesce(g.attname, 'id') IN ('shop_id', 'customer_id', 'id')")},
	{NULL},
};
