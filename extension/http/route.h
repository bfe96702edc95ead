/*
 * extension/http/route.h
 *		Which route answers a request.
 *
 * Each backend keeps the table of routes as a trie and builds it anew when the table or
 * a function has changed.
 */
#ifndef QC_HTTP_ROUTE_H
#define QC_HTTP_ROUTE_H

#include "postgres.h"

#include "extension/http/handler.h"
#include "extension/http/method.h"
#include "extension/http/path.h"

typedef enum QcRouteActor
{
	QC_ROUTE_ANYONE,
	QC_ROUTE_USER,
	QC_ROUTE_CUSTOMER,
	QC_ROUTE_MEMBER,
	QC_ROUTE_ADMIN
} QcRouteActor;

typedef struct QcRoute
{
	QcMethod method;
	char *path; /* as declared */
	QcPathPattern pattern;
	char *handler_name;
	QcRouteActor actor;
	int status;
	int max_body; /* bytes */
	char *lane;
	bool is_group; /* its commits may share a flush */
	Jsonb *bind;
	QcHandler *handler; /* NULL until first asked for */
} QcRoute;

typedef struct QcMatch
{
	QcRoute *route;                           /* NULL = none for this method */
	unsigned methods;                         /* bits of those the path has */
	const char *params[QC_PATH_MAX_SEGMENTS]; /* of the path, in order */
} QcMatch;

/* Register for changes of functions and tables; once per process. */
extern void qc_route_init(void);

/* Take note of what changed.  Pointers to routes are good until the next call. */
extern void qc_route_refresh(void);

/* A literal segment is preferred to a parameter. */
extern void qc_route_find(const QcPath *path, QcMethod method, QcMatch *match);

/* The route's handler, described when first asked for. */
extern QcHandler *qc_route_handler(QcRoute *route);

/* All routes, sorted by path and method. */
extern QcRoute *const *qc_route_list(int *n);

/* Grows whenever routes may have changed: what was made of an older one is stale. */
extern uint64 qc_route_generation(void);

/* Is this the table of routes? */
extern bool qc_route_is_table(Oid relation);

#endif /* QC_HTTP_ROUTE_H */
