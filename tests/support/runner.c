/* SPDX-License-Identifier: Apache-2.0 */
/* CUnit registers and judges; the output is ours, because its own does not say how to run one test.
 */
#include "runner.h"

#include <CUnit/TestRun.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Failures keep the row they were judged by; of a table that fails everywhere so many are shown. */
enum { ROWS_KEPT = 20 };

static char current_row[256];

static struct {
	char text[sizeof(current_row)];
} failed_rows[ROWS_KEPT];
static size_t failed_row_count;
static unsigned failures_seen;

/* CUnit's list of failures grows during a test: note the row at which it did. */
static void
note_failures(void)
{
	unsigned failures = CU_get_number_of_failures();

	while (failures_seen < failures) {
		failures_seen++;
		if (failed_row_count < ROWS_KEPT)
			memcpy(
			    failed_rows[failed_row_count++].text, current_row, sizeof(current_row));
	}
}

void
gp_test_row(const char *format, ...)
{
	va_list arguments;

	note_failures();
	va_start(arguments, format);
	vsnprintf(current_row, sizeof(current_row), format, arguments);
	va_end(arguments);
	for (char *c = current_row; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20)
			*c = '?'; /* a row is one line of a report */
	}
}

bool
gp_test_same(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static bool
is_wanted(int argc, char *const *argv, const char *suite, const char *test)
{
	size_t length = strlen(suite);

	if (argc < 2)
		return true;
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], suite, length) != 0)
			continue;
		if (argv[i][length] == '\0' ||
		    (argv[i][length] == '/' && strcmp(argv[i] + length + 1, test) == 0))
			return true;
	}
	return false;
}

static void
print_failures(const char *program, const char *suite, const char *test)
{
	const CU_FailureRecord *failure = CU_get_failure_list();

	for (size_t i = 0; failure != NULL; failure = failure->pNext, i++) {
		if (i == ROWS_KEPT) {
			printf("#   and %u more\n", CU_get_number_of_failures() - ROWS_KEPT);
			break;
		}
		printf("#   %s:%u: %s\n", failure->strFileName != NULL ? failure->strFileName : "?",
		    failure->uiLineNumber,
		    failure->strCondition != NULL ? failure->strCondition : "?");
		if (i < failed_row_count && failed_rows[i].text[0] != '\0')
			printf("#     at row: %s\n", failed_rows[i].text);
	}
	printf("#   run it alone: %s %s/%s\n", program, suite, test);
}

static bool
run_one(const char *program, const struct gp_suite *suite, CU_pSuite registered,
    const struct gp_test *test)
{
	CU_pTest entry = CU_add_test(registered, test->name, test->run);
	bool held;

	failed_row_count = 0;
	failures_seen = 0;
	current_row[0] = '\0';
	held = entry != NULL && CU_run_test(registered, entry) == CUE_SUCCESS;
	note_failures();
	held = held && CU_get_number_of_failures() == 0 && CU_get_number_of_asserts() > 0;
	printf("%s - %s/%s\n", held ? "ok" : "not ok", suite->name, test->name);
	if (!held)
		print_failures(program, suite->name, test->name);
	if (!held && CU_get_number_of_asserts() == 0)
		printf("#   it asserted nothing\n");
	fflush(stdout);
	return held;
}

int
gp_test_main(int argc, char *const *argv, const struct gp_suite *suites)
{
	unsigned passed = 0, failed = 0;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
	for (const struct gp_suite *suite = suites; suite->name != NULL; suite++) {
		CU_pSuite registered = CU_add_suite(suite->name, NULL, NULL);

		if (registered == NULL)
			return EXIT_FAILURE;
		for (const struct gp_test *test = suite->tests; test->name != NULL; test++) {
			if (!is_wanted(argc, argv, suite->name, test->name))
				continue;
			if (run_one(argv[0], suite, registered, test))
				passed++;
			else
				failed++;
		}
	}
	CU_cleanup_registry();
	printf("%u passed, %u failed\n", passed, failed);
	return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
