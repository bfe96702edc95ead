/*
 * gateway/cors.c
 *		An allow-list of whole origins, compared byte by byte.
 */
#include "gateway/cors.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/arena.h"
#include "gateway/target.h"

struct GwCors
{
	bool any; /* the list is "*" */
	int count;
	char **origins;
};

static bool is_origin(const char *text);

GwCors *
gw_cors_parse(const char *list)
{
	GwCors *cors = gw_alloc(sizeof(*cors));
	bool ok = true;

	*cors = (GwCors){.any = strcmp(list, "*") == 0};
	while (!cors->any && ok && *list != '\0')
	{
		size_t len = strcspn(list, ",");
		char *origin = gw_alloc(len + 1);

		memcpy(origin, list, len);
		origin[len] = '\0';
		cors->origins =
			gw_realloc(cors->origins, (size_t) (cors->count + 1) * sizeof(char *));
		cors->origins[cors->count++] = origin;
		ok = is_origin(origin);
		list += len + (list[len] == ',' ? 1 : 0);
	}
	if (ok)
		return cors;
	gw_cors_free(cors);
	return NULL;
}

bool
gw_cors_enabled(const GwCors *cors)
{
	return cors->any || cors->count > 0;
}

const char *
gw_cors_grant(const GwCors *cors, const char *origin, size_t len)
{
	if (origin == NULL)
		return NULL;
	if (cors->any)
		return "*";
	for (int i = 0; i < cors->count; i++)
	{
		if (strlen(cors->origins[i]) == len &&
			memcmp(cors->origins[i], origin, len) == 0)
			return cors->origins[i];
	}
	return NULL;
}

void
gw_cors_free(GwCors *cors)
{
	for (int i = 0; i < cors->count; i++)
		free(cors->origins[i]);
	free(cors->origins);
	free(cors);
}

static bool
is_origin(const char *text)
{
	const char *host = strstr(text, "://");

	if (host == NULL ||
		strspn(text, "abcdefghijklmnopqrstuvwxyz") != (size_t) (host - text))
		return false;
	return gw_target_is_host(host + 3, strlen(host + 3));
}
