/*
 * gateway/verdict.c
 *		An error before the row means rolled back; silence after the row means
 *		unknown.
 */
#include "gateway/verdict.h"

#include <string.h>

static GwVerdict of_error(const GwFacts *facts);
static bool in_class(const char *sqlstate, const char *class);

GwVerdict
gw_verdict(const GwFacts *facts)
{
	if (facts->synced && facts->answered && !facts->failed)
		return (GwVerdict){GW_OK, false};
	if (facts->synced)
		return of_error(facts);
	if (facts->safe)
		return (GwVerdict){GW_DATABASE_DOWN, false};
	/* an error that came first rolled the transaction back for certain */
	if (facts->failed && !facts->answered && facts->sqlstate[0] != '\0')
		return (GwVerdict){GW_DATABASE_BUSY, false};
	return (GwVerdict){GW_OUTCOME_UNKNOWN, false};
}

static GwVerdict
of_error(const GwFacts *facts)
{
	if (strcmp(facts->sqlstate, "57014") == 0)
	{
		if (facts->cancelling && !facts->cancelled)
			return (GwVerdict){GW_DATABASE_BUSY, facts->safe};
		return (GwVerdict){GW_DATABASE_TIMEOUT, false};
	}
	if (in_class(facts->sqlstate, "40"))
		return (GwVerdict){GW_DATABASE_BUSY, facts->safe};
	if (in_class(facts->sqlstate, "53") || in_class(facts->sqlstate, "57"))
		return (GwVerdict){GW_DATABASE_BUSY, false};
	return (GwVerdict){GW_DATABASE_ERROR, false};
}

static bool
in_class(const char *sqlstate, const char *class)
{
	return strncmp(sqlstate, class, 2) == 0;
}
