/*
 * extension/http/publish.h
 *		Declaring a route: what is checked once, so that requests need not.
 */
#ifndef QC_HTTP_PUBLISH_H
#define QC_HTTP_PUBLISH_H

#include "postgres.h"

#include "utils/jsonb.h"

typedef struct QcRouteDeclaration
{
	char *endpoint;   /* "METHOD /path/{parameter}" */
	char *handler;    /* "schema.function" */
	char *actor;      /* NULL = anyone */
	int status;       /* 200 … 299 */
	char *lane;       /* NULL = fast for GET, else write */
	int max_body;     /* bytes */
	Jsonb *bind;      /* NULL = none */
	char *durability; /* NULL = commit */
	bool is_builtin;
} QcRouteDeclaration;

/*
 * Check a declaration against its handler and write it to qutecart.routes.  Raises an
 * error that says what to write instead.
 */
extern void qc_route_publish(QcRouteDeclaration *route);

#endif /* QC_HTTP_PUBLISH_H */
