/*
 * extension/http/bind.h
 *		From a request to the handler's named, typed arguments.
 */
#ifndef QC_HTTP_BIND_H
#define QC_HTTP_BIND_H

#include "postgres.h"

#include "extension/http/fields.h"
#include "extension/http/route.h"
#include "extension/http/state.h"

typedef struct QcBinding
{
	const QcRequest *request;
	const QcMatch *match;
	QcFields *fields;
	int64 shown_shop; /* 0 = marketplace */
} QcBinding;

/*
 * Fill in the arguments of the match's handler.  Missing and wrong fields, and fields
 * of the body that no argument asks for, raise one validation_failed that names them
 * all; a path parameter of the wrong type raises not_found, for nothing has that name;
 * a parameter given twice raises bad_request.
 */
extern void qc_bind(const QcBinding *binding, QcHandler *handler, NullableDatum *args);

#endif /* QC_HTTP_BIND_H */
