/*
 * extension/billing/plan_effect.h
 *		What a changed field of a plan does to the shops on it, in words.
 */
#ifndef QC_BILLING_PLAN_EFFECT_H
#define QC_BILLING_PLAN_EFFECT_H

#include "postgres.h"

#include "extension/billing/plan_fields.h"

/* plan_id 0 = a new plan; before and after as QcPlan has them; palloc'd. */
extern const char *qc_plan_effect(int64 plan_id, QcPlanField field, const char *before,
								  const char *after);

#endif /* QC_BILLING_PLAN_EFFECT_H */
