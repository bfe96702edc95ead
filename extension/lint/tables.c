/*
 * extension/lint/tables.c
 *		Rules for tables and views: whose rows they hold, and that the rows are guarded.
 */
#include "postgres.h"

#include "extension/lint/lint.h"

QcLintRule qc_lint_tables[] = {
	{"table_word",
	 "A table's comment begins with the word that says whose rows it holds.",
	 QC_LINT_FIND("SELECT t.label, 'its comment must begin with global:, platform:,"
				  " shop:, customer: or shop+customer:' FROM" QC_LINT_TABLES
				  " WHERE t.word IS NULL OR t.word NOT IN ('global', 'platform',"
				  " 'shop', 'customer', 'shop+customer')")},
	{"table_owner", "Tables, views and sequences belong to qutecart_owner.",
	 QC_LINT_FIND(
		 "SELECT c.oid::regclass::text, 'it belongs to ' || c.relowner::regrole"
		 " FROM pg_catalog.pg_class c"
		 " WHERE c.relnamespace = 'qutecart'::regnamespace"
		 " AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"
		 " AND c.relowner <> to_regrole('qutecart_owner')"
		 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
		 "   WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
		 "   AND d.deptype = 'e')")},
	{"tenant_column", "Every row of a shop or customer says whose it is.",
	 QC_LINT_FIND(
		 "SELECT t.label, n.name || ' must be bigint NOT NULL' FROM" QC_LINT_TABLES
		 " CROSS JOIN LATERAL (SELECT CASE WHEN t.word = 'customer'"
		 "   THEN 'customer_id' ELSE t.tenant END AS name) n"
		 " WHERE t.word IN ('shop', 'shop+customer', 'customer')"
		 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a"
		 "   WHERE a.attrelid = t.oid AND a.attname = n.name AND a.attnotnull"
		 "   AND a.atttypid = 'int8'::regtype)")},
	{"rls_enabled", "Row-level security is on wherever rows are somebody's.",
	 QC_LINT_FIND(
		 "SELECT t.label, 'ALTER TABLE … ENABLE ROW LEVEL SECURITY' FROM" QC_LINT_TABLES
		 " WHERE t.word <> 'global' AND NOT t.relrowsecurity")},
	{"rls_forced", "Row-level security holds for the tables' owner too.",
	 QC_LINT_FIND(
		 "SELECT t.label, 'ALTER TABLE … FORCE ROW LEVEL SECURITY' FROM" QC_LINT_TABLES
		 " WHERE t.word <> 'global' AND NOT t.relforcerowsecurity")},
	{"child_elsewhere", "Partitions and children live beside their parent.",
	 QC_LINT_FIND(
		 "SELECT i.inhrelid::regclass::text, 'its parent is ' || t.label FROM" QC_LINT_TABLES
		 " JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid"
		 " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid"
		 " WHERE c.relnamespace <> 'qutecart'::regnamespace")},
	{"child_grant", "Nobody is granted a partition or a child of a table.",
	 QC_LINT_FIND(
		 "SELECT DISTINCT c.oid::regclass::text, 'grant the parent only, not this to '"
		 " || a.grantee::regrole"
		 " FROM pg_catalog.pg_inherits i"
		 " JOIN pg_catalog.pg_class p ON p.oid = i.inhparent"
		 "   AND p.relnamespace = 'qutecart'::regnamespace"
		 " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('r', 'p')"
		 " CROSS JOIN LATERAL aclexplode(c.relacl) a"
		 " WHERE a.grantee <> c.relowner")},
	{"table_per_shop", "No object's name or size tells of one shop.",
	 QC_LINT_FIND(
		 "SELECT t.label, 'partition by hash or by time, not by list or range of '"
		 " || a.attname FROM" QC_LINT_TABLES
		 " JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = t.oid"
		 " JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid"
		 "   AND a.attname = t.tenant AND a.attnum = ANY (p.partattrs)"
		 " WHERE p.partstrat <> 'h'")},
	{"table_rule", "No rewrite rule changes what a statement on a table means.",
	 QC_LINT_FIND("SELECT t.label, 'DROP RULE ' || r.rulename FROM" QC_LINT_TABLES
				  " JOIN pg_catalog.pg_rewrite r ON r.ev_class = t.oid")},
	{"view_invoker",
	 "A view shows what the asking role may see, not what its owner may.",
	 QC_LINT_FIND(
		 "SELECT DISTINCT v.oid::regclass::text, 'set security_invoker = true'"
		 " FROM pg_catalog.pg_class v"
		 " LEFT JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid"
		 " LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass"
		 "   AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass"
		 " LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.oid <> v.oid"
		 "   AND t.relnamespace = 'qutecart'::regnamespace"
		 " WHERE v.relkind = 'v'"
		 " AND (v.relnamespace = 'qutecart'::regnamespace OR t.oid IS NOT NULL)"
		 " AND NOT coalesce((SELECT o.option_value::boolean"
		 "   FROM pg_options_to_table(v.reloptions) o"
		 "   WHERE o.option_name = 'security_invoker'), false)")},
	{"matview_grant", "No copy of shop rows without row-level security is granted.",
	 QC_LINT_FIND(
		 "SELECT DISTINCT v.oid::regclass::text, 'it is granted to '"
		 " || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END"
		 " FROM pg_catalog.pg_class v"
		 " JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid"
		 " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_rewrite'::regclass"
		 "   AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass"
		 " JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.oid <> v.oid"
		 "   AND t.relnamespace = 'qutecart'::regnamespace"
		 " CROSS JOIN LATERAL aclexplode(v.relacl) a"
		 " WHERE v.relkind = 'm' AND a.grantee <> v.relowner")},
	{"view_comment", "Every view says in its comment what it shows.",
	 QC_LINT_FIND("SELECT c.oid::regclass::text, 'COMMENT ON VIEW is missing'"
				  " FROM pg_catalog.pg_class c"
				  " WHERE c.relnamespace = 'qutecart'::regnamespace"
				  " AND c.relkind IN ('v', 'm')"
				  " AND obj_description(c.oid, 'pg_class') IS NULL")},
	{NULL},
};
