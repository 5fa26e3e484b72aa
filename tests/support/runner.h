/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs CUnit tests one by one and says of each whether it held, what failed, and how to run it
 * alone.
 */
#ifndef GP_TEST_RUNNER_H
#define GP_TEST_RUNNER_H

#include <CUnit/CUnit.h>
#include <stdbool.h>

/* Prints "ok - suite/test" or "not ok - suite/test" for each, and a last line of totals. */
struct gp_test {
	const char *name; /* the behaviour: rejects_alg_none; NULL ends a list */
	void (*run)(void);
};

struct gp_suite {
	const char *name; /* NULL ends a list */
	const struct gp_test *tests;
};

/* A row of a test list: the function's name is the test's. */
#define GP_TEST(function) \
	{ \
#function, function \
	}

/*
 * Run all tests, or those that the arguments name: `program suite` or `program suite/test`.
 * Returns the exit status: success when at least one test ran and none failed.
 */
int gp_test_main(int argc, char *const *argv, const struct gp_suite *suites);

/*
 * Put words to the row of a table that is being judged, printed when an assertion fails next.
 * printf-like; kept until the next call or the end of the test.
 */
void gp_test_row(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether two texts are the same, or both NULL; CU_ASSERT_STRING_EQUAL() reads through NULL. */
bool gp_test_same(const char *one, const char *other);

#endif
