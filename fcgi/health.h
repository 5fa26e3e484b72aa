/* SPDX-License-Identifier: Apache-2.0 */
/* Two questions that need no caller: does the program run, and could it serve. */
#ifndef GP_HEALTH_H
#define GP_HEALTH_H

#include "route.h"

/*
 * Live: 200 as soon as a request is answered at all; asks nobody. Ready: 200 when the database
 * answers and the keys are loaded (a worker without keys does not start).
 */
extern const struct gp_operation gp_health_live, gp_health_ready;

#endif
