/*
 * extension/lint/keys.c
 *		Rules for keys and triggers: no key tells of, or points into, another shop, and
 *		what guards the rows is switched on.
 */
#include "postgres.h"

#include "extension/lint/lint.h"

QcLintRule qc_lint_keys[] = {
	{"key_of_shop", "Every unique key of a shop's table begins with the shop.",
	 QC_LINT_FIND(
		 "SELECT i.indexrelid::regclass::text, 'its first column must be ' || t.tenant"
		 " FROM" QC_LINT_TABLES " JOIN pg_catalog.pg_index i ON i.indrelid = t.oid"
		 " WHERE t.word IN ('shop', 'shop+customer')"
		 " AND (i.indisunique OR i.indisexclusion)"
		 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a"
		 "   WHERE a.attrelid = t.oid AND a.attname = t.tenant"
		 "   AND a.attnum = i.indkey[0])")},
	{"reference_of_shop", "A reference to a shop's row carries the shop.",
	 QC_LINT_FIND(
		 "SELECT k.conrelid::regclass || '.' || k.conname,"
		 " 'it must begin with shop_id and refer to ' || t.tenant"
		 " FROM" QC_LINT_TABLES
		 " JOIN pg_catalog.pg_constraint k ON k.confrelid = t.oid AND k.contype = 'f'"
		 " WHERE t.word IN ('shop', 'shop+customer') AND NOT ("
		 "   EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid"
		 "     AND a.attname = t.tenant AND a.attnum = k.confkey[1])"
		 "   AND EXISTS (SELECT FROM pg_catalog.pg_attribute a"
		 "     WHERE a.attrelid = k.conrelid AND a.attname = 'shop_id'"
		 "     AND a.attnum = k.conkey[1]))")},
	{"reference_index", "Every foreign key has an index.",
	 QC_LINT_FIND(
		 "SELECT t.label || '.' || k.conname, 'an index that begins with its columns is"
		 " missing' FROM" QC_LINT_TABLES
		 " JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'"
		 " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = t.oid"
		 "   AND i.indisvalid AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1]"
		 "   @> k.conkey AND (i.indpred IS NULL"
		 "     OR pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$'))")},
	{"trigger_function", "Triggers on our tables run our trigger functions only.",
	 QC_LINT_FIND(
		 "SELECT t.label || '.' || g.tgname, 'it runs ' || g.tgfoid::regprocedure"
		 " FROM" QC_LINT_TABLES " JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid"
		 " WHERE NOT g.tgisinternal AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc f"
		 "   WHERE f.oid = g.tgfoid AND f.pronamespace = 'qutecart'::regnamespace)")},
	{"trigger_elsewhere", "Our trigger functions serve our tables only.",
	 QC_LINT_FIND("SELECT g.tgrelid::regclass || '.' || g.tgname, 'it runs '"
				  " || g.tgfoid::regprocedure FROM pg_catalog.pg_trigger g"
				  " JOIN pg_catalog.pg_proc f ON f.oid = g.tgfoid"
				  "   AND f.pronamespace = 'qutecart'::regnamespace"
				  " JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid"
				  " WHERE c.relnamespace <> 'qutecart'::regnamespace")},
	{"trigger_off", "No trigger and no foreign key on our tables is switched off.",
	 QC_LINT_FIND(
		 "SELECT t.label || '.' || g.tgname, 'ALTER TABLE … ENABLE TRIGGER' FROM" QC_LINT_TABLES
		 " JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid"
		 " WHERE g.tgenabled IN ('D', 'R')")},
	{"trigger_always",
	 "What counts against a plan's limit also counts what replication"
	 " writes.",
	 QC_LINT_FIND(
		 "SELECT t.label || '.' || g.tgname, 'ALTER TABLE … ENABLE ALWAYS TRIGGER'"
		 " FROM" QC_LINT_TABLES " JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid"
		 " WHERE g.tgname ~ '^t2' AND g.tgenabled = 'O'")},
	{"trigger_quota",
	 "What a plan limits is counted, row by row and when it is truncated.",
	 QC_LINT_FIND(
		 "SELECT t.label, 'a trigger ' || n.name || ' that runs tg_quota() is missing'"
		 " FROM" QC_LINT_TABLES
		 " CROSS JOIN (VALUES ('t20_quota'), ('t21_quota'), ('t22_quota')) n (name)"
		 " WHERE t.relname IN ('products', 'orders', 'media', 'shop_members')"
		 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g"
		 "   WHERE g.tgrelid = t.oid AND g.tgname = n.name"
		 "   AND g.tgfoid = to_regprocedure('qutecart.tg_quota()'))")},
	{"trigger_shop", "A row stays with its shop, whoever changes it.",
	 QC_LINT_FIND(
		 "SELECT t.label, 'the trigger t10_shop_is_fixed is missing' FROM" QC_LINT_TABLES
		 " WHERE t.word IN ('shop', 'shop+customer') AND t.tenant = 'shop_id'"
		 " AND NOT t.oid IN (SELECT i.inhrelid FROM pg_catalog.pg_inherits i)"
		 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = t.oid"
		 "   AND g.tgfoid = to_regprocedure('qutecart.tg_shop_is_fixed()'))")},
	{NULL},
};
