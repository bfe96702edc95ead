/*
 * extension/stripe/body.h
 *		Looking into Stripe's JSON by path.
 *
 * A path is names and list positions joined by dots: "items.data.0.price.id".  What is
 * absent, null or of another type reads as absent; nothing here raises an error.
 */
#ifndef QC_STRIPE_BODY_H
#define QC_STRIPE_BODY_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

/* The object or list at a path, or NULL. */
extern JsonbContainer *qc_body_part(JsonbContainer *in, const char *path);

/* The string, number or flag at a path as text, or NULL; palloc'd. */
extern char *qc_body_text(JsonbContainer *in, const char *path);

/* An id: a string, or the "id" of the object that was put in its place; or NULL. */
extern char *qc_body_id(JsonbContainer *in, const char *path);

extern int64 qc_body_int(JsonbContainer *in, const char *path, int64 absent);
extern bool qc_body_is_true(JsonbContainer *in, const char *path);

/* Seconds since 1970; DT_NOEND when absent. */
extern TimestampTz qc_body_time(JsonbContainer *in, const char *path);

/* The same of a text; NULL = absent. */
extern TimestampTz qc_body_seconds(const char *text);

#endif /* QC_STRIPE_BODY_H */
