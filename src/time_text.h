/* SPDX-License-Identifier: Apache-2.0 */
/* Times in texts from outside, in the one form that JavaScript prints a Date in. */
#ifndef GP_TIME_TEXT_H
#define GP_TIME_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "attributes.h"

/*
 * Read "2026-11-21T05:36:00.000Z": three digits of a fraction, UTC, a day that the calendar has,
 * years 1 to 9999, no leap second.
 *
 *   text      NUL-terminated
 *   time_us   set only on success: microseconds since 1970-01-01T00:00:00Z
 *
 * Returns whether the text is exactly that. gp_json_write_time_ms() writes it.
 *
 * Source: ECMA-262, section 21.4.1.32 (Date Time String Format).
 */
GP_MUST_USE bool gp_time_read(const char *text, int64_t *time_us);

#endif
