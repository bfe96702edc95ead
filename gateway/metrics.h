/*
 * gateway/metrics.h
 *		Counters, and their text in Prometheus' format.
 */
#ifndef GW_METRICS_H
#define GW_METRICS_H

#include <stdint.h>

#include "gateway/buf.h"
#include "gateway/gateway.h"

/* lane GW_LANE_COUNT stands for what the gateway answers itself */
extern void gw_metrics_request(int lane, int status, uint64_t nanoseconds);
extern void gw_metrics_refused(GwRefusal refusal);
extern void gw_metrics_abandoned(void);
extern void gw_metrics_write(GwBuf *out, const GwGateway *gateway);

#endif
