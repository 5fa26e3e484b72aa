/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many lines a second are logged for each outcome, so that a flood of refused requests neither
 * fills a disk nor keeps the worker busy with writing. Each outcome has a quota of its own: a flood
 * of one does not hide another.
 */
#ifndef GP_LOG_QUOTA_H
#define GP_LOG_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "outcome.h"

/* Begins as all zeros. */
struct gp_log_quota {
	struct {
		int64_t second; /* since the epoch, in which the lines were written */
		int64_t written;
		uint64_t omitted; /* lines since the last one that was written */
	} outcomes[GP_OUTCOME_COUNT];
};

/*
 * Whether one more line may be written.
 *
 *   per_second   lines of one outcome; 0: any number
 *   now_ms       milliseconds since the epoch (UTC); a clock that is set back begins a new second
 *   omitted      when true is returned, how many lines of this outcome were left out before this
 * one
 */
bool gp_log_quota_take(struct gp_log_quota *quota, enum gp_outcome outcome, int64_t per_second,
    int64_t now_ms, uint64_t *omitted);

#endif
