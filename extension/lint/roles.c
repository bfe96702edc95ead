/*
 * extension/lint/roles.c
 *		Rules for roles: what they are, and which others they may become.
 */
#include "postgres.h"

#include "extension/lint/lint.h"

QcLintRule qc_lint_roles[] = {
	{"role_missing", "The roles of QuteCart exist.",
	 QC_LINT_FIND("SELECT n.name, 'CALL qutecart.install()' FROM (VALUES"
				  " ('qutecart_owner'), ('qutecart_api'), ('qutecart_bi'),"
				  " ('qutecart_gateway'), ('qutecart_client'), ('qutecart_cron'))"
				  " n (name)"
				  " WHERE to_regrole(n.name) IS NULL")},
	{"role_login", "Owner and groups cannot log in; the gateway inherits nothing.",
	 QC_LINT_FIND(
		 "SELECT r.rolname, CASE WHEN r.rolcanlogin AND r.rolname"
		 "   <> 'qutecart_gateway' THEN 'NOLOGIN' ELSE 'NOINHERIT' END"
		 " FROM pg_catalog.pg_roles r"
		 " WHERE r.rolname IN ('qutecart_owner', 'qutecart_api', 'qutecart_bi')"
		 "   AND r.rolcanlogin"
		 " OR r.rolname = 'qutecart_gateway' AND r.rolinherit")},
	{"role_attribute",
	 "No role of ours is superuser, bypasses row security, replicates or"
	 " makes roles or databases.",
	 QC_LINT_FIND(
		 "SELECT r.rolname, 'it has SUPERUSER, BYPASSRLS, REPLICATION, CREATEROLE"
		 " or CREATEDB' FROM (SELECT r.* FROM" QC_LINT_REQUEST_ROLES
		 " UNION SELECT o.* FROM pg_catalog.pg_roles o"
		 "   WHERE o.rolname LIKE 'qutecart\\_%') r"
		 " WHERE r.rolsuper OR r.rolbypassrls OR r.rolreplication"
		 " OR r.rolcreaterole OR r.rolcreatedb")},
	{"role_owner_member", "Nobody is a member of qutecart_owner.",
	 QC_LINT_FIND("SELECT m.member::regrole::text, 'REVOKE qutecart_owner FROM it'"
				  " FROM pg_catalog.pg_auth_members m"
				  " WHERE m.roleid = to_regrole('qutecart_owner')")},
	{"role_member_of",
	 "Request roles are members of the API or BI group and of no role that"
	 " opens more.",
	 QC_LINT_FIND(
		 "SELECT r.rolname, 'it is a member of ' || g.rolname FROM" QC_LINT_REQUEST_ROLES
		 " JOIN pg_catalog.pg_roles g ON g.oid <> r.oid"
		 "   AND pg_has_role(r.oid, g.oid, 'MEMBER') AND NOT r.rolsuper"
		 " WHERE g.oid < 16384 OR g.rolsuper OR g.rolbypassrls OR g.rolreplication"
		 " OR g.rolcreaterole"
		 " OR g.rolname = 'qutecart_gateway'"
		 " OR r.rolname IN ('qutecart_gateway', 'qutecart_api', 'qutecart_bi')")},
	{"role_mixed",
	 "A login acts for one shop's reports or for the API, never for both.",
	 QC_LINT_FIND(
		 "SELECT r.rolname, 'it is in qutecart_api and in qutecart_bi' FROM" QC_LINT_REQUEST_ROLES
		 " WHERE pg_has_role(r.oid, 'qutecart_api', 'MEMBER')"
		 " AND pg_has_role(r.oid, 'qutecart_bi', 'MEMBER')")},
	{"bi_login", "Every BI login is bound to one shop and has its limits.",
	 QC_LINT_FIND(
		 "SELECT coalesce(r.rolname, b.role_name), CASE"
		 " WHEN r.oid IS NULL THEN 'no such login in qutecart_bi'"
		 " WHEN b.role_name IS NULL THEN 'it is bound to no shop'"
		 " WHEN r.rolconnlimit < 0 THEN 'it has no CONNECTION LIMIT'"
		 " ELSE 'it has no statement_timeout' END"
		 " FROM (SELECT l.* FROM pg_catalog.pg_roles l WHERE l.rolcanlogin"
		 "   AND NOT l.rolsuper AND pg_has_role(l.oid, 'qutecart_bi', 'MEMBER')) r"
		 " FULL JOIN qutecart.bi_logins b ON b.role_name = r.rolname"
		 " WHERE r.oid IS NULL OR b.role_name IS NULL OR r.rolconnlimit < 0"
		 " OR NOT EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s,"
		 "   unnest(s.setconfig) v (setting) WHERE s.setrole = r.oid"
		 "   AND v.setting ~ '^statement_timeout=[1-9]')")},
	{"parameter_grant", "Nobody but superusers may set what QuteCart reads.",
	 QC_LINT_FIND("SELECT p.parname, 'REVOKE … ON PARAMETER'"
				  " FROM pg_catalog.pg_parameter_acl p"
				  " WHERE p.parname LIKE 'qutecart.%'")},
	{"role_setting",
	 "No setting of QuteCart, and nothing that opens row security, hangs on"
	 " a role or database.",
	 QC_LINT_FIND(
		 "SELECT coalesce(nullif(s.setrole, 0)::regrole::text,"
		 "   (SELECT d.datname FROM pg_catalog.pg_database d WHERE d.oid = s.setdatabase)),"
		 " 'RESET ' || split_part(v.setting, '=', 1)"
		 " FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) v (setting)"
		 " WHERE v.setting ~* '^(qutecart\\.|session_replication_role=)'")},
	{NULL},
};
