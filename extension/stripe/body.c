/*
 * extension/stripe/body.c
 *		Looking into Stripe's JSON by path.
 */
#include "postgres.h"

#include "common/string.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "extension/stripe/body.h"

#define MAX_SECONDS INT64CONST(253402300799) /* the end of the year 9999 */

/* One step down: a member of an object, or an element of a list. */
static JsonbValue *
step(JsonbContainer *in, const char *name, int len)
{
	if (JsonContainerIsObject(in))
		return getKeyJsonValueFromContainer(in, name, len, NULL);
	if (JsonContainerIsArray(in) && !JsonContainerIsScalar(in) && len == 1 &&
		*name >= '0' && *name <= '9')
		return getIthJsonbValueFromContainer(in, *name - '0');
	return NULL;
}

static JsonbValue *
find(JsonbContainer *in, const char *path)
{
	JsonbValue *value = NULL;

	while (in != NULL)
	{
		int len = strcspn(path, ".");

		value = step(in, path, len);
		if (value == NULL || path[len] == '\0')
			return value;
		in = value->type == jbvBinary ? value->val.binary.data : NULL;
		path += len + 1;
	}
	return NULL;
}

JsonbContainer *
qc_body_part(JsonbContainer *in, const char *path)
{
	JsonbValue *value = find(in, path);

	return value != NULL && value->type == jbvBinary ? value->val.binary.data : NULL;
}

char *
qc_body_text(JsonbContainer *in, const char *path)
{
	JsonbValue *value = find(in, path);

	if (value == NULL)
		return NULL;
	switch (value->type)
	{
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return numeric_normalize(value->val.numeric);
		case jbvBool:
			return pstrdup(value->val.boolean ? "true" : "false");
		default:
			return NULL;
	}
}

char *
qc_body_id(JsonbContainer *in, const char *path)
{
	JsonbContainer *whole = qc_body_part(in, path);
	char *id = whole ? qc_body_text(whole, "id") : qc_body_text(in, path);

	return id != NULL && *id != '\0' ? id : NULL;
}

static int64
read_int(const char *text, int64 absent)
{
	char *end;
	int64 number;

	if (text == NULL || *text == '\0')
		return absent;
	errno = 0;
	number = strtoi64(text, &end, 10);
	return errno == 0 && *end == '\0' ? number : absent;
}

int64
qc_body_int(JsonbContainer *in, const char *path, int64 absent)
{
	return read_int(qc_body_text(in, path), absent);
}

bool
qc_body_is_true(JsonbContainer *in, const char *path)
{
	JsonbValue *value = find(in, path);

	return value != NULL && value->type == jbvBool && value->val.boolean;
}

TimestampTz
qc_body_time(JsonbContainer *in, const char *path)
{
	return qc_body_seconds(qc_body_text(in, path));
}

TimestampTz
qc_body_seconds(const char *text)
{
	int64 seconds = read_int(text, -1);

	if (seconds < 0 || seconds > MAX_SECONDS)
		return DT_NOEND;
	return (seconds - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) *
		   USECS_PER_SEC;
}
