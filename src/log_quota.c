/* SPDX-License-Identifier: Apache-2.0 */
/* Counts within seconds of the clock. */
#include "log_quota.h"

bool
gp_log_quota_take(struct gp_log_quota *quota, enum gp_outcome outcome, int64_t per_second,
    int64_t now_ms, uint64_t *omitted)
{
	int64_t second = now_ms / 1000;

	if (quota->outcomes[outcome].second != second) {
		quota->outcomes[outcome].second = second;
		quota->outcomes[outcome].written = 0;
	}
	if (per_second > 0 && quota->outcomes[outcome].written >= per_second) {
		quota->outcomes[outcome].omitted++;
		return false;
	}
	quota->outcomes[outcome].written++;
	*omitted = quota->outcomes[outcome].omitted;
	quota->outcomes[outcome].omitted = 0;
	return true;
}
