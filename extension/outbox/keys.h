/*
 * extension/outbox/keys.h
 *		Whose turn it is among the messages of one key.
 */
#ifndef QC_OUTBOX_KEYS_H
#define QC_OUTBOX_KEYS_H

#include "postgres.h"

#include "extension/core/db.h"

/*
 * Messages of these lanes and keys have gone: let the next of each be taken.  Returns
 * how many of these a client holds; they are noted for later.
 */
extern int64 qc_keys_unpark(ArrayBuildState *lanes, ArrayBuildState *keys);

/* The same for all keys there are; reads the whole outbox. */
extern void qc_keys_unpark_all(void);

#endif /* QC_OUTBOX_KEYS_H */
