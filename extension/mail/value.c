/*
 * extension/mail/value.c
 *		The data of a mail as a tree.  Pure: reading JSON is in value_read.c.
 */
#include "postgres.h"

#include "extension/mail/value.h"

QcValue *
qc_value_new(QcValueKind kind)
{
	QcValue *value = palloc0(sizeof(QcValue));

	value->kind = kind;
	return value;
}

QcValue *
qc_value_text(const char *text)
{
	QcValue *value = qc_value_new(text ? QC_VALUE_TEXT : QC_VALUE_NULL);

	value->text = text;
	return value;
}

QcValue *
qc_value_bool(bool is_true)
{
	return qc_value_new(is_true ? QC_VALUE_TRUE : QC_VALUE_FALSE);
}

void
qc_value_append(QcValue *list, QcValue *element)
{
	if (list->last != NULL)
		list->last->next = element;
	else
		list->first = element;
	list->last = element;
}

void
qc_value_put(QcValue *object, const char *name, QcValue *member)
{
	QcValue *before = NULL;
	QcValue *old = object->first;

	member->name = name;
	while (old != NULL && strcmp(old->name, name) != 0)
	{
		before = old;
		old = old->next;
	}
	if (old == NULL)
	{
		qc_value_append(object, member);
		return;
	}
	member->next = old->next;
	if (before != NULL)
		before->next = member;
	else
		object->first = member;
	if (object->last == old)
		object->last = member;
}

QcValue *
qc_value_get_len(const QcValue *object, const char *name, size_t len)
{
	if (object == NULL || object->kind != QC_VALUE_OBJECT)
		return NULL;
	for (QcValue *member = object->first; member != NULL; member = member->next)
		if (strlen(member->name) == len && memcmp(member->name, name, len) == 0)
			return member;
	return NULL;
}

QcValue *
qc_value_get(const QcValue *object, const char *name)
{
	return qc_value_get_len(object, name, strlen(name));
}

const char *
qc_value_get_text(const QcValue *object, const char *name)
{
	QcValue *member = qc_value_get(object, name);

	return member ? member->text : NULL;
}

/* Zero in whatever spelling: 0, -0.00, 0e5. */
static bool
is_zero(const char *number)
{
	size_t mantissa = strcspn(number, "eE");

	return strcspn(number, "123456789") >= mantissa;
}

bool
qc_value_is_true(const QcValue *value)
{
	switch (value->kind)
	{
		case QC_VALUE_NULL:
		case QC_VALUE_FALSE:
			return false;
		case QC_VALUE_TRUE:
			return true;
		case QC_VALUE_TEXT:
			return value->text[0] != '\0';
		case QC_VALUE_NUMBER:
			return !is_zero(value->text);
		case QC_VALUE_LIST:
		case QC_VALUE_OBJECT:
			break;
	}
	return value->first != NULL;
}
