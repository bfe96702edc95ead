/*
 * gateway/answer.c
 *		Rows in binary form: int4 and text, in a fixed order for each statement.
 */
#include "gateway/answer.h"

#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>

static void read_row(GwAnswer *answer, const PGresult *result, int row, int column,
					 size_t max);

void
gw_answer_read(GwAnswer *answer, PGresult *result, size_t max)
{
	answer->hold = result;
	if (PQntuples(result) != 1 || PQnfields(result) != 3)
		answer->refusal = GW_BAD_REPLY;
	else
		read_row(answer, result, 0, 0, max);
}

bool
gw_answer_read_awaited(GwAnswer *answer, const char **ticket, const PGresult *result,
					   int row, size_t max)
{
	if (result == NULL || PQnfields(result) != 4 || row >= PQntuples(result))
		return false;
	*ticket = PQgetvalue(result, row, 0);
	read_row(answer, result, row, 1, max);
	return true;
}

const char *
gw_answer_word(const PGresult *result)
{
	return result != NULL && PQntuples(result) == 1 && PQnfields(result) == 1
			   ? PQgetvalue(result, 0, 0)
			   : NULL;
}

void
gw_answer_release(PGresult *hold)
{
	PQclear(hold);
}

/*
 * Status, headers and body, from that column on.
 */
static void
read_row(GwAnswer *answer, const PGresult *result, int row, int column, size_t max)
{
	uint32_t status;

	if (PQgetlength(result, row, column) != sizeof(status))
	{
		answer->refusal = GW_BAD_REPLY;
		return;
	}
	memcpy(&status, PQgetvalue(result, row, column), sizeof(status));
	answer->status = (int) ntohl(status);
	answer->headers = PQgetvalue(result, row, column + 1);
	answer->headers_len = (size_t) PQgetlength(result, row, column + 1);
	answer->body = PQgetvalue(result, row, column + 2);
	answer->body_len = (size_t) PQgetlength(result, row, column + 2);
	if (answer->status < 200 || answer->status > 599 || answer->body_len > max)
		answer->refusal = GW_BAD_REPLY;
}
