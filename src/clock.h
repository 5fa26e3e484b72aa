/* SPDX-License-Identifier: Apache-2.0 */
/* What time it is, and how much has passed. What judges by the time of day is told it instead. */
#ifndef GP_CLOCK_H
#define GP_CLOCK_H

#include <stdint.h>

/* Of a clock that only goes forward, from any beginning: nanoseconds, and the same in whole
 * milliseconds. */
int64_t gp_clock_elapsed_ns(void);
int64_t gp_clock_elapsed_ms(void);

/* Milliseconds since the epoch (UTC), by the machine's clock. */
int64_t gp_clock_now_ms(void);

#endif
