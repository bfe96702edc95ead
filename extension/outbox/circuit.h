/*
 * extension/outbox/circuit.h
 *		Lanes that fail: when to leave a receiver alone.
 */
#ifndef QC_OUTBOX_CIRCUIT_H
#define QC_OUTBOX_CIRCUIT_H

#include "postgres.h"

#include "extension/outbox/settle.h"

/* Since when every attempt in a lane has failed; DT_NOEND = the last one did not. */
extern TimestampTz qc_outbox_failing_since(int64 lane);

/* For the worker: what settled messages say of their lanes. */
extern void qc_circuits_settle(const QcSettlement *settlements, int count);
extern void qc_circuit_hold(int64 lane);
extern void qc_circuit_open(int64 lane);

#endif /* QC_OUTBOX_CIRCUIT_H */
