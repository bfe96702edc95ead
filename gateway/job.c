/*
 * gateway/job.c
 *		First in, first out; removal from the middle when a client goes.
 */
#include "gateway/job.h"

#include <stdlib.h>

#include "gateway/arena.h"

#define SPARE_MAX 256

static GwJob *spare;
static int spare_count;

void
gw_job_append(GwQueue *queue, GwJob *job)
{
	job->next = NULL;
	if (queue->first == NULL)
		queue->first = job;
	else
		queue->last->next = job;
	queue->last = job;
	queue->length++;
}

/*
 * The queue must not be empty.
 */
GwJob *
gw_job_shift(GwQueue *queue)
{
	GwJob *job = queue->first;

	queue->first = job->next;
	if (queue->first == NULL)
		queue->last = NULL;
	queue->length--;
	return job;
}

/*
 * The job must be in the queue.
 */
void
gw_job_remove(GwQueue *queue, GwJob *job)
{
	GwJob *before = NULL;
	GwJob *at = queue->first;

	while (at != job)
	{
		before = at;
		at = at->next;
	}
	if (before == NULL)
		queue->first = job->next;
	else
		before->next = job->next;
	if (queue->last == job)
		queue->last = before;
	queue->length--;
}

GwJob *
gw_job_take(void)
{
	GwJob *job = spare;

	if (job == NULL)
		job = gw_alloc(sizeof(*job));
	else
	{
		spare = job->next;
		spare_count--;
	}
	*job = (GwJob){0};
	return job;
}

void
gw_job_give(GwJob *job)
{
	if (spare_count >= SPARE_MAX)
	{
		free(job);
		return;
	}
	job->next = spare;
	spare = job;
	spare_count++;
}

/*
 * Free the spare ones, so that a leak checker sees only leaks.
 */
void
gw_job_trim(void)
{
	while (spare != NULL)
	{
		GwJob *job = spare;

		spare = job->next;
		free(job);
	}
	spare_count = 0;
}
