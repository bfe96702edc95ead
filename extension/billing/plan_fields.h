/*
 * extension/billing/plan_fields.h
 *		What an operator may set of a plan: one table of fields, each with its rule.
 *
 * A value is kept as its canonical text ("29.00", "-1", "true", sorted names), so that
 * two plans differ exactly where their texts do.
 */
#ifndef QC_BILLING_PLAN_FIELDS_H
#define QC_BILLING_PLAN_FIELDS_H

#include "postgres.h"

#include "extension/core/args.h"

/* In the order in which files, differences and statements name them. */
typedef enum QcPlanField
{
	QC_PLAN_NAME,
	QC_PLAN_DESCRIPTION,
	QC_PLAN_PRICE,
	QC_PLAN_YEARLY_PRICE,
	QC_PLAN_CURRENCY,
	QC_PLAN_PRODUCTS_LIMIT,
	QC_PLAN_ORDERS_PER_MONTH,
	QC_PLAN_STORAGE_MB,
	QC_PLAN_STAFF_ACCOUNTS,
	QC_PLAN_TRIAL_DAYS,
	QC_PLAN_FEATURES,
	QC_PLAN_IS_FEATURED,
	QC_PLAN_SORT_ORDER,
	QC_PLAN_IS_ACTIVE,
	QC_PLAN_FIELD_COUNT
} QcPlanField;

typedef enum QcPlanKind
{
	QC_PLAN_KIND_TEXT,
	QC_PLAN_KIND_MONEY,
	QC_PLAN_KIND_INTEGER,
	QC_PLAN_KIND_BOOLEAN,
	QC_PLAN_KIND_NAMES /* separated by commas */
} QcPlanKind;

typedef struct QcPlan
{
	int64 id; /* 0 = not yet a row */
	char *slug;
	char *values[QC_PLAN_FIELD_COUNT]; /* canonical; NULL = none */
} QcPlan;

extern const char *qc_plan_field_name(QcPlanField field);
extern QcPlanKind qc_plan_field_kind(QcPlanField field);

/* The field of that name, or QC_PLAN_FIELD_COUNT. */
extern QcPlanField qc_plan_field_of(const char *name);

/*
 * Set a field from a text of its kind.  Returns NULL, or what is wrong with the text as
 * the end of a sentence ("must be at least 0."), and then changes nothing.
 */
extern const char *qc_plan_set(QcPlan *plan, QcPlanField field, const char *text);

/* A new plan's values before anything is said: prices and limits must be. */
extern void qc_plan_init(QcPlan *plan, const char *slug);

/*
 * Settle what follows from other fields: a year costs twelve months less 20 % unless a
 * yearly price was given, now or (then it differs from that) before.  before: the plan
 * as it was, NULL for a new one.
 */
extern void qc_plan_settle(QcPlan *plan, const QcPlan *before, bool has_yearly_price);

/* What no field can tell alone: what is required, what Free must be. */
extern void qc_plan_check(const QcPlan *plan, QcFieldErrors *errors);

/* Is a name fit for a slug? */
extern bool qc_plan_slug_is_valid(const char *slug);

#endif /* QC_BILLING_PLAN_FIELDS_H */
