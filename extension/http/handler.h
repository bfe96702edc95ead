/*
 * extension/http/handler.h
 *		The function behind a route: what its arguments are and where they come from.
 */
#ifndef QC_HTTP_HANDLER_H
#define QC_HTTP_HANDLER_H

#include "postgres.h"

#include "fmgr.h"
#include "nodes/nodes.h"
#include "utils/jsonb.h"

/* Where the value of an argument comes from. */
typedef enum QcSource
{
	QC_FROM_FIELD,    /* query or body, by name */
	QC_FROM_PATH,     /* a segment of the path */
	QC_FROM_HEADER,   /* a request header */
	QC_FROM_RAW_BODY, /* the body as it came */
	QC_FROM_CONTEXT,  /* the shown shop's id; NULL = marketplace */
	QC_FROM_PEER,     /* the client's address */
	QC_FROM_BEARER    /* the token */
} QcSource;

/* What an argument wants; decides how text becomes a value. */
typedef enum QcKind
{
	QC_KIND_TEXT,
	QC_KIND_INTEGER, /* smallint, integer, bigint */
	QC_KIND_NUMBER,  /* numeric, real, double precision */
	QC_KIND_BOOLEAN,
	QC_KIND_BYTEA,
	QC_KIND_JSON,
	QC_KIND_OTHER /* the type's own input function decides */
} QcKind;

typedef struct QcType
{
	Oid oid;
	QcKind kind;
	int16 len;
	bool by_value;
	char align;
	Oid io_param;
	FmgrInfo input;
} QcType;

typedef struct QcParam
{
	char *name;  /* of the argument */
	char *field; /* field, header or path parameter it comes from */
	QcSource source;
	int segment; /* which parameter of the path, from 0 */
	bool is_array;
	bool is_trimmed;  /* passwords and raw bodies are taken as they are */
	bool is_required; /* has no DEFAULT */
	Oid type;
	QcType value;       /* of the argument, or of its elements */
	Node *default_expr; /* NULL when the default is a constant */
	Datum default_value;
	bool default_is_null;
} QcParam;

typedef enum QcResult
{
	QC_RESULT_JSON, /* json: its text is the body */
	QC_RESULT_JSONB,
	QC_RESULT_TEXT,
	QC_RESULT_VOID
} QcResult;

typedef struct QcHandler
{
	Oid oid;
	FmgrInfo function;
	QcResult result;
	bool is_strict;
	bool takes_raw_body;
	int nparams;
	QcParam *params;
} QcHandler;

/*
 * Look a handler up and describe it, in the current memory context.  The names of the
 * path's parameters and the bind object say where arguments come from.  Raises an
 * error when the function is missing, overloaded, returns something else, or an
 * argument, path parameter or bind entry has no counterpart.
 */
extern QcHandler *qc_handler_describe(const char *name, char *const *path_params,
									  int npath_params, Jsonb *bind);

#endif /* QC_HTTP_HANDLER_H */
