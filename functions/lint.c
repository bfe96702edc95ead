/*
 * functions/lint.c
 *		qutecart.lint(): run every rule, one row per broken one.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "extension/core/args.h"
#include "extension/install/files.h"
#include "extension/lint/lint.h"

#define GRANTS_FILE "grants/functions.sql"

PG_FUNCTION_INFO_V1(qc_fn_lint);
PG_FUNCTION_INFO_V1(qc_fn_lint_rules);

static QcLintRule *const lists[] = {qc_lint_tables, qc_lint_grants,   qc_lint_policies,
									qc_lint_keys,   qc_lint_routines, qc_lint_roles,
									qc_lint_server};

/* Add one row per object that breaks a rule. */
static void
check_rule(QcLintRule *rule, const QcArgs *args, ReturnSetInfo *result)
{
	uint64 n;

	qc_db_begin();
	n = qc_db_run(&rule->find, args);
	for (uint64 i = 0; i < n; i++)
	{
		char *object = qc_db_output(i, 1);
		char *detail = qc_db_output(i, 2);
		Datum values[3];
		bool nulls[3] = {false, object == NULL, detail == NULL};

		values[0] = CStringGetTextDatum(rule->name);
		values[1] = object ? CStringGetTextDatum(object) : (Datum) 0;
		values[2] = detail ? CStringGetTextDatum(detail) : (Datum) 0;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	qc_db_end();
}

Datum
qc_fn_lint(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	QcArgs args = {0};

	if (!superuser())
		ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only a superuser may check the database"));
	InitMaterializedSRF(fcinfo, 0);
	qc_args_text(&args, qc_files_read(GRANTS_FILE));
	qc_args_datum(&args, qc_arg_datum(0), PG_ARGISNULL(0));
	for (int i = 0; i < lengthof(lists); i++)
		for (QcLintRule *rule = lists[i]; rule->name != NULL; rule++)
			check_rule(rule, &args, result);
	PG_RETURN_NULL();
}

Datum
qc_fn_lint_rules(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < lengthof(lists); i++)
		for (QcLintRule *rule = lists[i]; rule->name != NULL; rule++)
		{
			Datum values[2] = {CStringGetTextDatum(rule->name),
							   CStringGetTextDatum(rule->promise)};
			bool nulls[2] = {false, false};

			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	PG_RETURN_NULL();
}
