/*
 * extension/outbox/message.h
 *		One message on its way, and what is known of one attempt to send it.
 *
 * What sends a kind (mail, webhook, …) is a QcSender: it turns a claimed message into a
 * request, and the answer into a verdict.  It never waits and knows no network; the
 * worker does the waiting.
 */
#ifndef QC_OUTBOX_MESSAGE_H
#define QC_OUTBOX_MESSAGE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/uuid.h"

/* A claimed row of the outbox. */
typedef struct QcMessage
{
	int64 id;
	int16 slot; /* the partition it lies in */
	int64 lane; /* the queue it waits in: an endpoint's, or a shop's per channel */
	pg_uuid_t public_id; /* known to receivers; never changes, not at a replay either */
	const char *kind;    /* "mail.welcome", "webhook.order.created" */
	int64 shop_id;       /* 0 = the platform's own */
	int64 endpoint_id;   /* of a webhook; else 0 */
	const char *key; /* messages of one lane and key leave in order; "" = no order */
	const char *payload; /* a JSON object */
	int32 attempts;      /* made before this one */
	int64 lease_token;   /* of this claim; a settlement with another changes nothing */
	TimestampTz created_at;
} QcMessage;

typedef enum QcProtocol
{
	QC_PROTOCOL_HTTP,
	QC_PROTOCOL_SMTP
} QcProtocol;

/* What is to be sent; lives in the memory context that was current when it was made. */
typedef struct QcRequest
{
	QcProtocol protocol;
	const char *method; /* HTTP: "POST", … */
	const char *url;    /* absolute; never logged with its query */
	List *headers;      /* HTTP: of char *, "Name: value", without line breaks */
	const char *body;   /* HTTP: the body; SMTP: the message with its headers */
	size_t body_len;
	const char *user; /* HTTP basic or SMTP AUTH; NULL = none */
	const char *password;
	const char *mail_from; /* SMTP envelope, bare addresses */
	List *recipients;      /* SMTP: of char * */
	bool needs_tls;       /* SMTP: STARTTLS or nothing; else it is used where offered */
	bool is_user_address; /* a user chose the URL: see worker/address.h */
} QcRequest;

/* What came back. */
typedef struct QcResponse
{
	const QcRequest *request; /* what was sent */
	int32 status;             /* of HTTP or SMTP; 0 = there was no answer */
	const char *error; /* why there was none, without secrets; NULL = there was one */
	bool is_sent;      /* did the request leave in full, so that it may have worked? */
	int32 retry_after; /* seconds asked for by the receiver; -1 = nothing was said */
	const char
		*body; /* the first bytes of the answer (SMTP: its last lines), any bytes */
	size_t body_len;
	int32 duration; /* ms */
} QcResponse;

typedef enum QcOutcome
{
	QC_OUTCOME_DELIVERED,
	QC_OUTCOME_RETRY,    /* later, after the backoff of its number of attempts */
	QC_OUTCOME_DEAD,     /* never again by itself; can be replayed */
	QC_OUTCOME_POSTPONED /* was not tried: counts as no attempt and is not logged */
} QcOutcome;

typedef struct QcVerdict
{
	QcOutcome outcome;
	const char *reason;   /* one sentence for the log, NULL = none; no secrets */
	int32 retry_after;    /* seconds; -1 = as the backoff says */
	bool is_at_once;      /* a retry that need not wait: there is another way to try */
	bool counts_for_lane; /* a failure of the receiver, not of this message alone */
} QcVerdict;

/*
 * One prefix of kinds and who sends it.  prepare and settled run inside a transaction of
 * the worker and may raise; judge runs outside of any, may neither raise nor read the
 * database.
 */
typedef struct QcSender
{
	const char *prefix; /* "mail." */

	/* Make the request; false = nothing is to be sent, the verdict says why. */
	bool (*prepare)(const QcMessage *message, QcRequest *request, QcVerdict *verdict);

	/* What the answer means; NULL = 2xx is delivered, 408, 429, 5xx and no answer retry. */
	void (*judge)(const QcMessage *message, const QcResponse *response,
				  QcVerdict *verdict);

	/* Further effects, in the transaction that settles; NULL = none. */
	void (*settled)(const QcMessage *message, const QcResponse *response,
					const QcVerdict *verdict);

	/*
	 * Are payload and answer to be forgotten once it is settled?  NULL = they are kept.
	 * A kind that nobody sends counts as secret.
	 */
	bool (*is_secret)(const QcMessage *message);
} QcSender;

#endif /* QC_OUTBOX_MESSAGE_H */
