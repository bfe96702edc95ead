/*
 * extension/http/problem.h
 *		An error becomes a reply.
 */
#ifndef QC_HTTP_PROBLEM_H
#define QC_HTTP_PROBLEM_H

#include "postgres.h"

#include "extension/http/fields.h"
#include "extension/http/state.h"

/*
 * May the client repeat the whole call, or must the server's operator know?  Such an
 * error (class 40, 53, 57) is raised, not answered.
 */
extern bool qc_problem_is_for_caller(const ErrorData *error);

/*
 * Fill the reply with the problem body of an error.  fields: what the request sent;
 * a column is named only when the client sent a field of that name.  An error that is
 * not the client's is logged and answered with 500, without its text.
 */
extern void qc_problem_fill(QcReply *reply, const ErrorData *error,
							const QcFields *fields, const char *endpoint);

#endif /* QC_HTTP_PROBLEM_H */
