/* SPDX-License-Identifier: Apache-2.0 */
/* Both clocks are there on every POSIX system, so asking them does not fail. */
#include "clock.h"

#include <time.h>

static int64_t
read_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t
gp_clock_elapsed_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

int64_t
gp_clock_elapsed_ms(void)
{
	return gp_clock_elapsed_ns() / 1000000;
}

int64_t
gp_clock_now_ms(void)
{
	return read_ns(CLOCK_REALTIME) / 1000000;
}
