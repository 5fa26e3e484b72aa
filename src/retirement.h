/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a worker has answered enough and makes room for a new one: memory that a library lost, or
 * that is in pieces, goes with it.
 */
#ifndef GP_RETIREMENT_H
#define GP_RETIREMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "attributes.h"

/*
 * Seconds that a worker stays whatever it has answered. multiwatch gives a place up for good when
 * those in it end four times in a row within ten seconds of their start.
 */
#define GP_RETIREMENT_AGE_LEAST_S 15

/*
 * Whether a worker is to end before its next request.
 *
 *   most     MAX_REQUESTS; 0 for never
 *   served   requests it has answered
 *   age_s    seconds since it started
 *   lot      any number, its own and always the same: up to a tenth of `most` is added by it, so
 * that workers who started together do not leave together
 */
GP_MUST_USE bool gp_retirement_is_due(int64_t most, uint64_t served, int64_t age_s, uint64_t lot);

#endif
