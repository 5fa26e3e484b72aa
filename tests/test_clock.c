/* SPDX-License-Identifier: Apache-2.0 */
/* The clocks go forward, in the units they say. */
#include "clock.h"

#include <time.h>

#include "unit.h"

static void
what_has_passed_only_grows(void)
{
	const struct timespec pause = { 0, 3000000 };
	int64_t before_ns = gp_clock_elapsed_ns(), before_ms = gp_clock_elapsed_ms();

	nanosleep(&pause, NULL);
	CU_ASSERT(gp_clock_elapsed_ns() - before_ns >= 3000000);
	CU_ASSERT(gp_clock_elapsed_ms() - before_ms >= 2);
	CU_ASSERT(gp_clock_elapsed_ms() - before_ns / 1000000 < 60000);
}

static void
the_time_of_day_is_the_machines(void)
{
	int64_t difference_ms = gp_clock_now_ms() - (int64_t)time(NULL) * 1000;

	CU_ASSERT(difference_ms > -2000 && difference_ms < 2000);
}

const struct gp_test gp_tests_clock[] = {
	GP_TEST(what_has_passed_only_grows),
	GP_TEST(the_time_of_day_is_the_machines),
	{ NULL, NULL },
};
