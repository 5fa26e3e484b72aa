/* SPDX-License-Identifier: Apache-2.0 */
/* Knows how many requests are enough, and how early is too early. */
#include "retirement.h"

bool
gp_retirement_is_due(int64_t most, uint64_t served, int64_t age_s, uint64_t lot)
{
	uint64_t enough;

	if (most <= 0 || age_s < GP_RETIREMENT_AGE_LEAST_S)
		return false;
	enough = (uint64_t)most;
	return served >= enough + lot % (enough / 10 + 1);
}
