/*
 * extension/webhook/listener.h
 *		Which shops have somebody listening to their events, known without asking.
 *
 * Most shops have no endpoint, and every product and order written asks: the answer "no"
 * is kept per backend until somebody, anywhere, changes an endpoint.
 */
#ifndef QC_WEBHOOK_LISTENER_H
#define QC_WEBHOOK_LISTENER_H

#include "postgres.h"

#include "utils/relcache.h"

/* Has the shop an enabled endpoint for any event at all? */
extern bool qc_listener_may_exist(int64 shop_id);

/* An endpoint was written: when that is committed, every backend looks anew. */
extern void qc_listener_changed(Relation endpoints);

/* Does the shop's effective plan have the feature api_access? */
extern bool qc_listener_is_paid_for(int64 shop_id);

/* Raise feature_not_in_plan unless it has. */
extern void qc_listener_need_paid(int64 shop_id);

#endif /* QC_WEBHOOK_LISTENER_H */
