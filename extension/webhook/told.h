/*
 * extension/webhook/told.h
 *		Several changes of one thing in one transaction are told once, as they ended.
 */
#ifndef QC_WEBHOOK_TOLD_H
#define QC_WEBHOOK_TOLD_H

#include "postgres.h"

#include "commands/trigger.h"

/* Was the change that fired this trigger part of what was told of the thing already? */
extern bool qc_told_includes(TriggerData *data, int64 shop_id, int64 id);

/* The thing is about to be read and told. */
extern void qc_told_remember(int64 shop_id, int64 id);

#endif /* QC_WEBHOOK_TOLD_H */
