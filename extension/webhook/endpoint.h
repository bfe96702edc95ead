/*
 * extension/webhook/endpoint.h
 *		A shop's endpoints: where its events are sent, and the keys they are signed with.
 *
 * Every function names the shop; another shop's endpoint is none.  Whoever calls has
 * asked whether the acting person may.
 */
#ifndef QC_WEBHOOK_ENDPOINT_H
#define QC_WEBHOOK_ENDPOINT_H

#include "postgres.h"

#include "extension/core/json.h"
#include "extension/webhook/sign.h"

#define QC_ENDPOINTS_MAX      20    /* of one shop */
#define QC_ENDPOINT_GRACE     86400 /* seconds for which an old key signs as well */
#define QC_ENDPOINT_GRACE_MAX 604800

/* What to write; a NULL (or 0) leaves what is there. */
typedef struct QcEndpointChange
{
	const char *url;
	const char *description;
	Datum event_types; /* text[] */
	bool sets_enabled;
	bool is_enabled;
} QcEndpointChange;

/* Why an endpoint is off: words of the column disabled_reason. */
#define QC_ENDPOINT_BY_MEMBER "by_member"
#define QC_ENDPOINT_GONE      "gone"
#define QC_ENDPOINT_FAILING   "failing"

/*
 * Create an endpoint with a new key of that scheme; the key is shown once and the caller
 * wipes it.  Raises conflict when the shop has QC_ENDPOINTS_MAX, not_configured when
 * there is nothing to seal with.
 */
extern int64 qc_endpoint_create(int64 shop_id, const QcEndpointChange *change,
								QcSignScheme scheme, QcSignKey *key);

/* Each raises not_found when the shop has no such endpoint. */
extern void qc_endpoint_update(int64 shop_id, int64 id, const QcEndpointChange *change);
extern void qc_endpoint_delete(int64 shop_id, int64 id);

/*
 * Replace the key; the old one signs as well for so many seconds.  scheme: NULL keeps the
 * endpoint's.  The caller wipes the key.
 */
extern void qc_endpoint_rotate(int64 shop_id, int64 id, const QcSignScheme *scheme,
							   int32 grace, QcSignKey *key);

/* Switch it off, unless it is; true when this did it.  What waits for it is given up. */
extern bool qc_endpoint_disable(int64 shop_id, int64 id, const char *reason);

/* Raise conflict when the shop has as many as it may; holds others off until commit. */
extern void qc_endpoint_need_room(int64 shop_id);

/* Write one endpoint as "key", or all as a list (id 0); returns how many. */
extern int64 qc_endpoint_write(QcJson *json, const char *key, int64 shop_id, int64 id);

/* Raise not_found when there is none. */
extern void qc_endpoint_need(int64 shop_id, int64 id);

/* Raise conflict when it is switched off, not_found when there is none. */
extern void qc_endpoint_need_enabled(int64 shop_id, int64 id);

/* Seal every secret with the key that seals now; returns how many were resealed. */
extern int64 qc_endpoint_reseal(void);

/* Where an endpoint's secrets stand, for seal.h; palloc'd. */
extern char *qc_endpoint_place(int64 shop_id, int64 id);

#endif /* QC_WEBHOOK_ENDPOINT_H */
