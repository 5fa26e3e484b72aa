/* SPDX-License-Identifier: Apache-2.0 */
/* Lines in a second, seconds that follow, and outcomes beside each other. */
#include "log_quota.h"

#include "unit.h"

static const int64_t now_ms = INT64_C(1795308703000);

static void
writes_so_many_lines_a_second(void)
{
	static const struct {
		int64_t after_ms;
		bool written;
		uint64_t omitted;
	} lines[] = {
		{ 0, true, 0 }, { 1, true, 0 }, { 1, true, 0 }, { 2, false, 0 }, { 999, false, 0 },
		{ 1000, true, 2 }, /* which were left out */
		{ 1000, true, 0 }, { 1001, true, 0 }, { 1999, false, 0 }, { 60000, true, 1 },
		{ 60000, true, 0 }, { 60000, true, 0 }, { 60000, false, 0 },
		{ 1500, true, 1 }, /* the clock was set back */
	};
	struct gp_log_quota quota = { .outcomes = { { .second = 0 } } };

	for (size_t i = 0; i < GP_COUNT(lines); i++) {
		uint64_t omitted = 0;

		gp_test_row("line %zu, after %d ms", i, (int)lines[i].after_ms);
		CU_ASSERT_EQUAL(gp_log_quota_take(&quota, GP_DENY_SIGNATURE, 3,
				    now_ms + lines[i].after_ms, &omitted),
		    lines[i].written);
		CU_ASSERT_EQUAL(omitted, lines[i].omitted);
	}
}

static void
counts_each_outcome_for_itself(void)
{
	struct gp_log_quota quota = { .outcomes = { { .second = 0 } } };
	uint64_t omitted;

	CU_ASSERT(gp_log_quota_take(&quota, GP_DENY_SIGNATURE, 1, now_ms, &omitted));
	CU_ASSERT_FALSE(gp_log_quota_take(&quota, GP_DENY_SIGNATURE, 1, now_ms, &omitted));
	CU_ASSERT(gp_log_quota_take(&quota, GP_DENY_EXPIRED, 1, now_ms, &omitted));
	CU_ASSERT_EQUAL(omitted, 0);
}

static void
without_a_quota_writes_every_line(void)
{
	struct gp_log_quota quota = { .outcomes = { { .second = 0 } } };
	uint64_t omitted;

	for (int i = 0; i < 100000; i++)
		CU_ASSERT(gp_log_quota_take(&quota, GP_DENY_SIGNATURE, 0, now_ms, &omitted));
}

const struct gp_test gp_tests_log_quota[] = {
	GP_TEST(writes_so_many_lines_a_second),
	GP_TEST(counts_each_outcome_for_itself),
	GP_TEST(without_a_quota_writes_every_line),
	{ NULL, NULL },
};
