/*
 * gateway/job.h
 *		A call on its way through a lane, and the queue it waits in.
 *
 * Only pool.c includes it.
 */
#ifndef GW_JOB_H
#define GW_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/pool.h"

typedef struct GwQueue
{
	GwJob *first;
	GwJob *last;
	int length;
	int max;
} GwQueue;

struct GwJob
{
	GwJob *next;
	void *lane;
	GwCall call;
	uint64_t since; /* loop time: queued, then sent */
	bool sent;
	bool orphan; /* abandoned while in flight */
	bool retried;
};

extern void gw_job_append(GwQueue *queue, GwJob *job);
extern GwJob *gw_job_shift(GwQueue *queue);
extern void gw_job_remove(GwQueue *queue, GwJob *job);
/* Jobs are recycled through a bounded list. */
extern GwJob *gw_job_take(void);
extern void gw_job_give(GwJob *job);
extern void gw_job_trim(void);

#endif
