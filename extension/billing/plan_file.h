/*
 * extension/billing/plan_file.h
 *		All plans as one file of TOML: written, compared, applied.
 *
 *		[[plan]]
 *		slug = "starter"
 *		price = 29.00
 *		products_limit = 100            # -1 is unlimited
 *		features = ["premium_subdomain"]
 *
 * A field that the file leaves out stays as it is; so does a plan.
 */
#ifndef QC_BILLING_PLAN_FILE_H
#define QC_BILLING_PLAN_FILE_H

#include "postgres.h"

#include "nodes/pg_list.h"

/* One field of one plan that is, or would be, another. */
typedef struct QcPlanChange
{
	const char *slug;
	const char *field;
	const char *before; /* NULL = none */
	const char *after;
	const char *effect; /* on shops, in words */
} QcPlanChange;

/* The file that says what the plans are; palloc'd. */
extern char *qc_plan_file_export(void);

/*
 * What the file would change, as a list of QcPlanChange; nothing is written.
 * retires_missing: plans that the file does not name are retired.  Raises
 * validation_failed with line and column for what is no such file.
 */
extern List *qc_plan_file_compare(const char *toml, bool retires_missing);

/* Change it, all or nothing; returns what was changed. */
extern List *qc_plan_file_apply(const char *toml, bool retires_missing);

#endif /* QC_BILLING_PLAN_FILE_H */
