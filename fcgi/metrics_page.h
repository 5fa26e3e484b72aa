/* SPDX-License-Identifier: Apache-2.0 */
/* What all workers have counted, for Prometheus; only to those who are allowed to read it. */
#ifndef GP_METRICS_PAGE_H
#define GP_METRICS_PAGE_H

#include "route.h"

extern const struct gp_operation gp_metrics_show;

#endif
