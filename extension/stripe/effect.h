/*
 * extension/stripe/effect.h
 *		What one event does: it finds its shop, and the subscription is folded anew.
 */
#ifndef QC_STRIPE_EFFECT_H
#define QC_STRIPE_EFFECT_H

#include "postgres.h"

/* What became of an event; exactly one of the three, or none of them = applied. */
typedef struct QcStripeEffect
{
	bool is_ignored;
	const char *waits_for; /* why it cannot be applied yet */
	int64 shop_id;         /* 0 = unknown */
	char *subscription;    /* Stripe's id */
} QcStripeEffect;

/*
 * Let an event take effect.  payload: its body as stored (bytea).  Raises what cannot
 * be applied: a body that cannot be understood, a shop that disagrees, a refused
 * change.
 */
extern void qc_stripe_effect(Datum payload, QcStripeEffect *effect);

#endif /* QC_STRIPE_EFFECT_H */
