/*
 * test/unit/gateway_verdict.c
 *		Whether a write may have happened is never answered too kindly.
 *
 * link: gateway/verdict.c
 */
#include "gateway/verdict.h"
#include "tap.h"

static GwRefusal
of(GwFacts facts)
{
	if (facts.sqlstate == NULL)
		facts.sqlstate = "";
	return gw_verdict(&facts).refusal;
}

static bool
retried(GwFacts facts)
{
	return gw_verdict(&facts).retry;
}

int
main(void)
{
	is_int(of((GwFacts){.answered = true, .synced = true}), GW_OK,
		   "row and sync: done");
	is_int(of((GwFacts){.synced = true}), GW_DATABASE_ERROR,
		   "a sync without a row is an error");
	is_int(of((GwFacts){
			   .answered = true, .failed = true, .synced = true, .sqlstate = "23505"}),
		   GW_DATABASE_ERROR, "a commit that failed after its row is an error");
	is_int(of((GwFacts){.answered = true}), GW_OUTCOME_UNKNOWN,
		   "a write without its sync is unknown");
	is_int(of((GwFacts){0}), GW_OUTCOME_UNKNOWN,
		   "so is one of which nothing was heard");
	is_int(of((GwFacts){.answered = true, .failed = true, .sqlstate = "57P01"}),
		   GW_OUTCOME_UNKNOWN, "an error after the row decides nothing");
	is_int(of((GwFacts){.failed = true, .sqlstate = "57P01"}), GW_DATABASE_BUSY,
		   "an error before the row rolled back");
	is_int(of((GwFacts){.failed = true}), GW_OUTCOME_UNKNOWN,
		   "an error of libpq's own says nothing");
	is_int(of((GwFacts){.safe = true}), GW_DATABASE_DOWN,
		   "a read has no outcome to lose");
	is_int(of((GwFacts){.failed = true, .synced = true, .sqlstate = "40001"}),
		   GW_DATABASE_BUSY, "a serialization failure is busy");
	ok(retried((GwFacts){
		   .failed = true, .synced = true, .safe = true, .sqlstate = "40P01"}),
	   "a read is tried again");
	ok(!retried((GwFacts){.failed = true, .synced = true, .sqlstate = "40P01"}),
	   "a write is not");
	is_int(of((GwFacts){.failed = true, .synced = true, .sqlstate = "53300"}),
		   GW_DATABASE_BUSY, "out of resources is busy");
	is_int(of((GwFacts){.failed = true,
						.synced = true,
						.cancelled = true,
						.cancelling = true,
						.sqlstate = "57014"}),
		   GW_DATABASE_TIMEOUT, "a call we cancelled timed out");
	ok(retried((GwFacts){.failed = true,
						 .synced = true,
						 .safe = true,
						 .cancelling = true,
						 .sqlstate = "57014"}),
	   "a read hit by another's cancel is tried again");
	ok(!retried((GwFacts){
		   .failed = true, .synced = true, .safe = true, .sqlstate = "57014"}),
	   "a statement timeout is not");
	is_int(of((GwFacts){.failed = true, .synced = true, .sqlstate = "22012"}),
		   GW_DATABASE_ERROR, "any other error is ours to hide");
	return done();
}
