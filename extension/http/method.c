/*
 * extension/http/method.c
 *		The names of request methods.
 */
#include "postgres.h"

#include "extension/http/method.h"

static const char *const names[QC_METHOD_OTHER] = {
	[QC_METHOD_GET] = "GET",         [QC_METHOD_POST] = "POST",
	[QC_METHOD_PUT] = "PUT",         [QC_METHOD_PATCH] = "PATCH",
	[QC_METHOD_DELETE] = "DELETE",   [QC_METHOD_HEAD] = "HEAD",
	[QC_METHOD_OPTIONS] = "OPTIONS",
};

QcMethod
qc_method_find(const char *name)
{
	for (int i = 0; i < QC_METHOD_OTHER; i++)
		if (strcmp(names[i], name) == 0)
			return (QcMethod) i;
	return QC_METHOD_OTHER;
}

const char *
qc_method_name(QcMethod method)
{
	return names[method];
}
