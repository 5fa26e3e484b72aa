/* SPDX-License-Identifier: Apache-2.0 */
/* A worker leaves after enough requests, not too young, and not together with the others. */
#include "retirement.h"

#include "unit.h"

static void
is_due_after_enough_requests_and_seconds(void)
{
	static const struct {
		int64_t most;
		uint64_t served;
		int64_t age_s;
		uint64_t lot;
		bool due;
	} rows[] = {
		{ 0, UINT64_MAX, INT64_MAX, 0, false },
		{ 1, 0, 3600, 0, false },
		{ 1, 1, 3600, 0, true },
		{ 1, 1, 3600, UINT64_MAX, true },
		{ 100, 99, 3600, 0, false },
		{ 100, 100, 3600, 0, true },
		{ 100, 100, 14, 0, false },
		{ 100, 100, 15, 0, true },
		{ 100, 1000000, 14, 0, false },
		{ 100, 1000000, 0, 0, false },
		/* Up to a tenth more. */
		{ 100, 109, 3600, 10, false },
		{ 100, 110, 3600, 10, true },
		{ 100, 100, 3600, 11, true },
		{ 100, 103, 3600, 11 * 7 + 4, false },
		{ 100, 104, 3600, 11 * 7 + 4, true },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%lld, %llu after %lld s, lot %llu", (long long)rows[i].most,
		    (unsigned long long)rows[i].served, (long long)rows[i].age_s,
		    (unsigned long long)rows[i].lot);
		CU_ASSERT_EQUAL(
		    gp_retirement_is_due(rows[i].most, rows[i].served, rows[i].age_s, rows[i].lot),
		    rows[i].due);
	}
}

static void
spreads_over_a_tenth(void)
{
	const uint64_t most = 1000;
	unsigned leavers[101] = { 0 };

	for (uint64_t lot = 0; lot < 101 * 3; lot++) {
		uint64_t served = most;

		while (!gp_retirement_is_due((int64_t)most, served, 60, lot))
			served++;
		CU_ASSERT_FATAL(served <= most + most / 10);
		leavers[served - most]++;
	}
	for (size_t i = 0; i < GP_COUNT(leavers); i++)
		CU_ASSERT_EQUAL(leavers[i], 3);
}

const struct gp_test gp_tests_retirement[] = {
	GP_TEST(is_due_after_enough_requests_and_seconds),
	GP_TEST(spreads_over_a_tenth),
	{ NULL, NULL },
};
