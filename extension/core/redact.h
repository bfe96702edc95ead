/*
 * extension/core/redact.h
 *		Keeping secret settings out of the server's log.
 */
#ifndef QC_CORE_REDACT_H
#define QC_CORE_REDACT_H

extern void qc_redact_init(void); /* in _PG_init */

#endif /* QC_CORE_REDACT_H */
