/*
 * extension/stripe/glance.h
 *		The little of an event that is stored beside its body.
 *
 * Receiving has to be quick: the text is read once and no tree is made of it.  Whoever
 * applies the event reads it whole (events.h).
 */
#ifndef QC_STRIPE_GLANCE_H
#define QC_STRIPE_GLANCE_H

#include "postgres.h"

#include "datatype/timestamp.h"

/* Texts are palloc'd; NULL = absent, null or empty. */
typedef struct QcStripeGlance
{
	const char *id;
	const char *type;
	const char *api_version;
	const char *account;
	const char
		*object_id; /* of what the event is about: of an invoice its subscription */
	TimestampTz created; /* DT_NOEND when it does not say */
	bool is_live;
	bool is_ignored; /* changes nothing here */
} QcStripeGlance;

/* Read an event's text; false when it is no JSON object, or nests too deeply. */
extern bool qc_stripe_glance(const char *text, int len, QcStripeGlance *event);

#endif /* QC_STRIPE_GLANCE_H */
