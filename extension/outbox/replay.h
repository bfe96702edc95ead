/*
 * extension/outbox/replay.h
 *		Sending again what was given up, and giving up what waits.
 */
#ifndef QC_OUTBOX_REPLAY_H
#define QC_OUTBOX_REPLAY_H

#include "postgres.h"

#include "utils/uuid.h"

#include "extension/outbox/message.h"

#define QC_ANY_SHOP (-1)

/* Which messages; 0 or NULL = any, but for shop_id. */
typedef struct QcMessageFilter
{
	int64 shop_id;       /* QC_ANY_SHOP = any, 0 = the platform's own */
	int64 log_id;        /* row of the log; for a replay */
	int64 message_id;    /* number in the outbox */
	const char *kind;    /* "mail.welcome", or a channel: "mail" */
	int64 endpoint_id;   /* of a webhook */
	const char *outcome; /* "dead", "delivered"; for a replay */
	TimestampTz since;   /* it ended then or later; of one that waits: enqueued */
	TimestampTz until;   /* or before this */
	bool is_dry_run;     /* find them, change nothing */
} QcMessageFilter;

/* A message that was found. */
typedef struct QcFoundMessage
{
	int64 message_id;
	int64 new_id; /* of a replay; 0 = none: it has no payload, or it was a dry run */
	pg_uuid_t public_id;
	const char *kind;
	int64 shop_id;
	int64 endpoint_id;
	bool has_payload;
} QcFoundMessage;

typedef void (*QcFoundVisitor)(const QcFoundMessage *found, void *arg);

/*
 * Enqueue again, under their old public ids, messages that have ended; each end once.
 * Returns how many were, or would be, enqueued; visit (NULL = nobody) is called for these
 * and for those whose payload is not kept.
 */
extern int64 qc_outbox_replay(const QcMessageFilter *filter, QcFoundVisitor visit,
							  void *arg);

/*
 * Give up messages that wait; those on lease stay.  They go to the log as dead, with
 * the reason, and with their payload unless forgets (NULL = no kind) says so of their
 * kind.  Returns how many.
 */
extern int64 qc_outbox_discard(const QcMessageFilter *filter, const char *reason,
							   bool (*forgets)(const char *kind), QcFoundVisitor visit,
							   void *arg);

#endif /* QC_OUTBOX_REPLAY_H */
