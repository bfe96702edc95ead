/*
 * extension/worker/state.h
 *		What all processes know of the worker: shared memory, no pointers in it.
 */
#ifndef QC_WORKER_STATE_H
#define QC_WORKER_STATE_H

#include "postgres.h"

#include "datatype/timestamp.h"

typedef enum QcWorkerMode
{
	QC_WORKER_DOWN,          /* no process */
	QC_WORKER_NO_DATABASE,   /* waits for the database to exist, or to be let free */
	QC_WORKER_NO_SCHEMA,     /* waits for the extension and its tables */
	QC_WORKER_NOT_HOME,      /* a restored or cloned database: keeps still */
	QC_WORKER_NOT_ALONE,     /* somebody else delivers its messages */
	QC_WORKER_OTHER_VERSION, /* of the extension than of this library: keeps still */
	QC_WORKER_WORKING,
	QC_WORKER_RESTARTING /* no process, but there was one a moment ago */
} QcWorkerMode;

/* What became of messages; all since the server started. */
typedef struct QcWorkerCounts
{
	uint64 delivered;
	uint64 failed;  /* attempts */
	uint64 batches; /* transactions that settled some */
} QcWorkerCounts;

typedef struct QcWorkerReport
{
	QcWorkerMode mode;
	int pid;              /* 0 = none */
	bool is_ours;         /* does it serve this database? */
	uint64 rounds;        /* finished since the server started */
	TimestampTz round_at; /* end of the last one; DT_NOBEGIN = none yet */
	int in_flight;        /* messages on their way */
	int held;             /* claimed, waiting for their host */
	QcWorkerCounts counts;
} QcWorkerReport;

extern void qc_worker_state_init(void); /* in _PG_init */
extern QcWorkerReport qc_worker_report(void);
extern const char *qc_worker_mode_name(QcWorkerMode mode);

/* Set the latch of this database's worker, if it is not awake already. */
extern void qc_worker_wake(void);

/*
 * Wait until the worker has finished a round that begins after this call; false when
 * the time (milliseconds) is over first.
 */
extern bool qc_worker_wait(int timeout);

/*
 * Wait until the worker has done something, or the time (milliseconds) is over.  Between
 * watch and unwatch nothing that it does is missed.
 */
extern void qc_worker_watch(void);
extern void qc_worker_wait_for_news(int timeout);
extern void qc_worker_unwatch(void);

/*
 * Ask the worker to disconnect from its database until this process, or its end, says
 * that it may come back.
 */
extern void qc_worker_ask_to_leave(void);
extern void qc_worker_let_return(void);

/* For the worker itself. */
extern void qc_worker_attach(Oid database);
extern void qc_worker_set_mode(QcWorkerMode mode);
extern bool qc_worker_is_asked_to_leave(void);

/* Has somebody woken us since the last time this was asked? */
extern bool qc_worker_take_wake(void);

extern void qc_worker_set_load(int in_flight, int held);
extern void qc_worker_count(const QcWorkerCounts *more);
extern void qc_worker_begin_round(void);
extern void qc_worker_end_round(void);

/* Did the last process find the database?  Survives it. */
extern bool qc_worker_expects_database(void);
extern void qc_worker_expect_database(bool expected);

#endif /* QC_WORKER_STATE_H */
