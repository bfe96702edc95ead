/*
 * extension/lint/server.c
 *		Rules for the database and server around the tables.
 */
#include "postgres.h"

#include "extension/lint/lint.h"

/* May everybody execute a built-in function? */
#define FOR_EVERYBODY                                                                    \
	" EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a" \
	" WHERE a.grantee = 0 AND p.pronamespace = 'pg_catalog'::regnamespace)"

#define BUILT_INS                                                                      \
	" (SELECT f.*, f.oid::regprocedure::text AS label FROM pg_catalog.pg_proc f) p"

QcLintRule qc_lint_server[] = {
	{"schema_create", "Everybody may create in no schema.",
	 QC_LINT_FIND("SELECT n.nspname, 'REVOKE CREATE ON SCHEMA … FROM PUBLIC'"
				  " FROM pg_catalog.pg_namespace n,"
				  " aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
				  " WHERE a.grantee = 0 AND a.privilege_type = 'CREATE'")},
	{"schema_of_ours", "Only its owners create in schema qutecart.",
	 QC_LINT_FIND("SELECT 'qutecart', a.grantee::regrole || ' may create in it'"
				  " FROM pg_catalog.pg_namespace n, aclexplode(n.nspacl) a"
				  " WHERE n.nspname = 'qutecart' AND a.privilege_type = 'CREATE'"
				  " AND a.grantee NOT IN (0, n.nspowner, to_regrole('qutecart_owner'))"
				  " UNION ALL SELECT 'qutecart', r.rolname || ' owns it'"
				  " FROM pg_catalog.pg_namespace n"
				  " JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner"
				  " WHERE n.nspname = 'qutecart' AND NOT r.rolsuper"
				  " AND r.rolname <> 'qutecart_owner'")},
	{"database_grant",
	 "Everybody has no rights on this database; requests make no"
	 " temporary tables.",
	 QC_LINT_FIND(
		 "SELECT d.datname, a.privilege_type || ' is granted to '"
		 " || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END"
		 " FROM pg_catalog.pg_database d,"
		 " aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a"
		 " WHERE d.datname = current_database()"
		 " AND (a.grantee = 0 OR a.privilege_type <> 'CONNECT'"
		 "   AND a.grantee IN (SELECT r.oid FROM" QC_LINT_REQUEST_ROLES "))")},
	{"advisory_lock", "Advisory locks are not for everybody.",
	 QC_LINT_FIND("SELECT p.label, 'REVOKE EXECUTE … FROM PUBLIC' FROM" BUILT_INS
				  " WHERE p.proname ~ '^pg_(try_)?advisory_(xact_)?lock(_shared)?$'"
				  " AND" FOR_EVERYBODY)},
	{"large_object",
	 "Large objects, which have no row security, are not for everybody.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'REVOKE EXECUTE … FROM PUBLIC' FROM" BUILT_INS
		 " WHERE p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea',"
		 " 'lo_open', 'lo_get', 'lo_put', 'lo_unlink', 'loread', 'lowrite',"
		 " 'lo_truncate', 'lo_truncate64', 'lo_import', 'lo_export') AND" FOR_EVERYBODY)},
	{"other_sessions", "Nobody reads, ends or wakes other people's sessions.",
	 QC_LINT_FIND(
		 "SELECT p.label, 'REVOKE EXECUTE … FROM PUBLIC' FROM" BUILT_INS
		 " WHERE p.proname IN ('pg_stat_get_activity', 'pg_stat_get_backend_activity',"
		 " 'pg_cancel_backend', 'pg_terminate_backend', 'pg_notify') AND" FOR_EVERYBODY
		 " UNION ALL SELECT 'pg_stat_activity', 'REVOKE SELECT … FROM PUBLIC'"
		 " FROM pg_catalog.pg_class c, aclexplode(c.relacl) a"
		 " WHERE c.oid = 'pg_stat_activity'::regclass AND a.grantee = 0")},
	{"extension_loopback", "Nothing in this database connects back as somebody else.",
	 QC_LINT_FIND("SELECT e.extname, 'DROP EXTENSION, or use another database'"
				  " FROM pg_catalog.pg_extension e WHERE e.extname IN ('dblink',"
				  " 'postgres_fdw', 'file_fdw', 'plpython3u', 'plperlu', 'pltclu',"
				  " 'adminpack')")},
	{"cron_grant", "Jobs are seen and changed by their owner only.",
	 QC_LINT_FIND(
		 "SELECT 'schema cron', 'it is granted to PUBLIC or a role of requests'"
		 " FROM pg_catalog.pg_namespace n, aclexplode(n.nspacl) a"
		 " WHERE n.nspname = 'cron' AND (a.grantee = 0"
		 "   OR a.grantee IN (SELECT r.oid FROM" QC_LINT_REQUEST_ROLES "))"
		 " UNION ALL SELECT c.oid::regclass::text, a.privilege_type"
		 "   || ' is granted: whoever has it runs SQL as anybody'"
		 " FROM pg_catalog.pg_class c, aclexplode(c.relacl) a"
		 " WHERE c.oid = to_regclass('cron.job') AND a.grantee <> c.relowner"
		 " AND a.privilege_type IN ('INSERT', 'UPDATE')")},
	{"publication", "No publication sends rows past row security.",
	 QC_LINT_FIND("SELECT p.pubname, 'it sends ' || count(*) || ' tables of QuteCart'"
				  " FROM pg_catalog.pg_publication_tables p"
				  " WHERE p.schemaname = 'qutecart' GROUP BY p.pubname")},
	{"host_trust", "Nobody comes in over the network without proof.",
	 QC_LINT_FIND("SELECT 'pg_hba.conf line ' || h.line_number, 'it trusts '"
				  " || array_to_string(h.user_name, ', ')"
				  " FROM pg_catalog.pg_hba_file_rules h"
				  " WHERE h.auth_method = 'trust' AND h.type LIKE 'host%'")},
	{"plans_in_log", "No plan is written where a client can read it.",
	 QC_LINT_FIND("SELECT s.name, 'auto_explain writes to clients that ask for LOG'"
				  " FROM (VALUES ('auto_explain.log_min_duration')) s (name)"
				  " WHERE coalesce(current_setting(s.name, true), '-1') <> '-1'")},
	{"statements_utility",
	 "No secret of a utility statement is kept by"
	 " pg_stat_statements.",
	 QC_LINT_FIND("SELECT s.name, 'set it to off' FROM (VALUES"
				  " ('pg_stat_statements.track_utility')) s (name)"
				  " WHERE current_setting(s.name, true) = 'on'")},
	{"server_version", "The server has the fixes for row-level security.",
	 QC_LINT_FIND(
		 "SELECT 'PostgreSQL ' || s.now / 10000 || '.' || s.now % 10000, 'update to '"
		 " || v.least / 10000 || '.' || v.least % 10000 || ' or newer'"
		 " FROM (SELECT coalesce($2, current_setting('server_version_num')::integer))"
		 " s (now)"
		 " JOIN (VALUES (150019), (160015), (170011), (180005)) v (least)"
		 " ON v.least / 10000 = s.now / 10000 AND s.now < v.least")},
	{NULL},
};
