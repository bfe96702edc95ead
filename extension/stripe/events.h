/*
 * extension/stripe/events.h
 *		What an event says, whatever API version wrote it; receiving one.
 */
#ifndef QC_STRIPE_EVENTS_H
#define QC_STRIPE_EVENTS_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

#include "extension/billing/subscription.h"

typedef enum QcStripeKind
{
	QC_STRIPE_IGNORED,   /* a type that changes nothing here */
	QC_STRIPE_STATE,     /* carries a whole subscription */
	QC_STRIPE_TRIAL_END, /* that, and the trial will end soon */
	QC_STRIPE_FAILED,    /* an invoice was not paid */
	QC_STRIPE_PAID,      /* an invoice was paid */
	QC_STRIPE_THIN       /* names an object without carrying it */
} QcStripeKind;

typedef struct QcStripeEvent
{
	const char *id;
	QcStripeKind kind;
	int rank;            /* among those of one second: created, others, deleted */
	TimestampTz created; /* when it happened, to the second */
	const char *subject; /* the subscription's id; NULL = none is meant */
	const char *customer;
	int64 shop_id;       /* as the metadata say; 0 = they say nothing */
	const char *problem; /* why it cannot be understood, or NULL */

	QcSubscription is;       /* what a whole subscription says; plan_id is not set */
	const char *plan;        /* metadata.plan_id, or NULL */
	const char *latest_bill; /* id of the subscription's latest invoice, or NULL */
	JsonbContainer *object;
	JsonbContainer *previous; /* what the object's members were before, or NULL */

	const char *invoice;
	TimestampTz invoice_created;
	int32 attempt;
	int64 amount; /* due, minor units */
	const char *currency;
	TimestampTz next_attempt_at;
} QcStripeEvent;

/* What a type of events is for; NULL = none is given. */
extern QcStripeKind qc_stripe_kind(const char *type);

/* Read an event's body; never raises, see problem. */
extern void qc_stripe_read(JsonbContainer *body, QcStripeEvent *event);

/*
 * Verify and store an event; false when it is there already.  Raises not_configured,
 * invalid_signature, payload_too_large, invalid_payload, bad_request (wrong mode).
 */
extern bool qc_stripe_receive(const char *payload, int len, const char *signature);

#endif /* QC_STRIPE_EVENTS_H */
