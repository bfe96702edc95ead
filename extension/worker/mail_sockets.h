/*
 * extension/worker/mail_sockets.h
 *		Which sockets belong to mail connections.
 */
#ifndef QC_WORKER_MAIL_SOCKETS_H
#define QC_WORKER_MAIL_SOCKETS_H

#include "postgres.h"

extern bool qc_mail_socket_note(int fd); /* false = no memory */
extern void qc_mail_socket_forget(int fd);

/* Saying goodbye then fails at once, instead of waiting for the server's answer. */
extern void qc_mail_sockets_cut(void);

#endif /* QC_WORKER_MAIL_SOCKETS_H */
