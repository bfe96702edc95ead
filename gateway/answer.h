/*
 * gateway/answer.h
 *		What the database answered to a call.
 */
#ifndef GW_ANSWER_H
#define GW_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include <libpq-fe.h>

#include "gateway/refusal.h"

/* The texts live until gw_answer_release of what holds them. */
typedef struct GwAnswer
{
	GwRefusal refusal; /* GW_OK, or why there is no answer */
	int status;
	const char *headers;
	size_t headers_len;
	const char *body;
	size_t body_len;
	PGresult *hold; /* owned by the receiver; NULL = none */
} GwAnswer;

/* Read the one row of a request; anything else is no answer. */
extern void gw_answer_read(GwAnswer *answer, PGresult *result, size_t max);
/* Read a row of GW_STATEMENT_AWAITED; false when there is no such row. */
extern bool gw_answer_read_awaited(GwAnswer *answer, const char **ticket,
								   const PGresult *result, int row, size_t max);
/* The one text of GW_STATEMENT_FLUSH; NULL for anything else. */
extern const char *gw_answer_word(const PGresult *result);
extern void gw_answer_release(PGresult *hold);

#endif
