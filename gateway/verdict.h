/*
 * gateway/verdict.h
 *		What became of a call: from what libpq reported to what the client is told.
 *
 * Pure.  The one question that must never be answered too kindly is whether a
 * write may have happened.
 */
#ifndef GW_VERDICT_H
#define GW_VERDICT_H

#include <stdbool.h>

#include "gateway/refusal.h"

typedef struct GwFacts
{
	bool answered;        /* a row was received */
	bool failed;          /* an error was received */
	bool synced;          /* the end of the transaction was confirmed */
	bool safe;            /* the request changes nothing */
	bool cancelled;       /* we asked to cancel this very call */
	bool cancelling;      /* we asked to cancel some call of its connection */
	const char *sqlstate; /* five characters, or empty */
} GwFacts;

typedef struct GwVerdict
{
	GwRefusal refusal;
	bool retry; /* the call may be sent once more */
} GwVerdict;

extern GwVerdict gw_verdict(const GwFacts *facts);

#endif
