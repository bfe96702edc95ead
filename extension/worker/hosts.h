/*
 * extension/worker/hosts.h
 *		How many messages are on their way to each host, and may be.
 */
#ifndef QC_WORKER_HOSTS_H
#define QC_WORKER_HOSTS_H

#include "postgres.h"

typedef struct QcHost QcHost;

/* The host of a URL; it lives as long as somebody counts on it. */
extern QcHost *qc_hosts_enter(const char *url);
extern void qc_hosts_leave(QcHost *host);

/* May one more message go there now? */
extern bool qc_hosts_is_free(const QcHost *host);

/* Is it worth holding back what is held for it? */
extern bool qc_hosts_keeps_up(const QcHost *host);

extern void qc_hosts_start(QcHost *host);  /* one is on its way */
extern void qc_hosts_finish(QcHost *host); /* it has ended */
extern void qc_hosts_hold(QcHost *host);   /* one is held back */
extern void qc_hosts_unhold(QcHost *host);

#endif /* QC_WORKER_HOSTS_H */
