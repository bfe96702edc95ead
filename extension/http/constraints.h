/*
 * extension/http/constraints.h
 *		What a client reads when a constraint of the schema refuses his data.
 */
#ifndef QC_HTTP_CONSTRAINTS_H
#define QC_HTTP_CONSTRAINTS_H

typedef struct QcConstraintText
{
	const char *constraint;
	const char *field; /* which a client sends; NULL = none in particular */
	const char *text;
} QcConstraintText;

/* NULL for a constraint that no client should meet. */
extern const QcConstraintText *qc_constraint_text(const char *constraint);

#endif /* QC_HTTP_CONSTRAINTS_H */
