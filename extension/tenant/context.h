/*
 * extension/tenant/context.h
 *		Who acts in this transaction, for which shop, and which shop is shown.
 */
#ifndef QC_TENANT_CONTEXT_H
#define QC_TENANT_CONTEXT_H

#include "postgres.h"

typedef enum QcActor
{
	QC_ACTOR_NONE = 'n',     /* nobody signed in */
	QC_ACTOR_CUSTOMER = 'c', /* a person who buys */
	QC_ACTOR_RIDER = 'r',    /* a person who delivers */
	QC_ACTOR_OWNER = 'o',    /* the owner of shop_id */
	QC_ACTOR_STAFF = 's',    /* staff of shop_id */
	QC_ACTOR_ADMIN = 'a',    /* runs the platform, with granted permissions */
	QC_ACTOR_ROOT = 'R',     /* runs the platform, with all permissions */
	QC_ACTOR_BI = 'b'        /* a read-only login bound to shop_id */
} QcActor;

typedef struct QcContext
{
	QcActor actor;
	int64 user_id;    /* 0 = nobody */
	int64 shop_id;    /* the shop acted for; 0 = none */
	int64 session_id; /* the token's session; 0 = none */
} QcContext;

extern void qc_context_init(void);

/* The context in force; never NULL.  actor is QC_ACTOR_NONE when there is none. */
extern const QcContext *qc_context(void);

/*
 * Set the context until the end of the transaction.  A second call with the same
 * content is a no-op, with another one raises context_already_set.
 */
extern void qc_context_set(const QcContext *context);

/* Is a person acting for a shop (owner or staff)? */
extern bool qc_context_is_member(void);

/* The shop acted for; raises no_shop (member routes) when there is none. */
extern int64 qc_context_need_shop(void);

/* The same, for the shop's owner alone; raises forbidden for its staff. */
extern int64 qc_context_need_owned_shop(void);

/* The signed-in user; raises unauthenticated when there is none. */
extern int64 qc_context_need_user(void);

/* May the acting person do this?  Names are those of the permissions table. */
extern bool qc_context_may(const char *permission);

/* Raise forbidden, naming the permission, unless the acting person may do this. */
extern void qc_context_need(const char *permission);

#endif /* QC_TENANT_CONTEXT_H */
