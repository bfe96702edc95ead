/*
 * extension/http/method.h
 *		Request methods as small numbers and bits.
 */
#ifndef QC_HTTP_METHOD_H
#define QC_HTTP_METHOD_H

typedef enum QcMethod
{
	QC_METHOD_GET,
	QC_METHOD_POST,
	QC_METHOD_PUT,
	QC_METHOD_PATCH,
	QC_METHOD_DELETE,
	QC_METHOD_COUNT, /* what routes can have ends here */
	QC_METHOD_HEAD = QC_METHOD_COUNT,
	QC_METHOD_OPTIONS,
	QC_METHOD_OTHER
} QcMethod;

#define QC_METHOD_BIT(method) (1u << (method))

/* By its name in capitals; QC_METHOD_OTHER when it is none of ours. */
extern QcMethod qc_method_find(const char *name);
extern const char *qc_method_name(QcMethod method);

#endif /* QC_HTTP_METHOD_H */
