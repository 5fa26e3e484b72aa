/* SPDX-License-Identifier: Apache-2.0 */
/* Which patterns fit a path, which only seem to, and which of two decides. */
#include "path_fit.h"

#include <string.h>

#include "unit.h"

static void
tells_what_fits_from_what_seems_to(void)
{
	static const struct {
		const char *pattern;
		bool exact;
		const char *path;
		bool fits, alike;
	} rows[] = {
		{ "", false, "/", true, false },
		{ "", false, "/a/b", true, false },
		{ "/a", false, "/a", true, false },
		{ "/a", false, "/a/", true, false },
		{ "/a", false, "/a/b", true, false },
		{ "/a", false, "/ab", false, false },
		{ "/a/b", false, "/a", false, false },
		{ "/a", false, "/A", true, true },
		{ "/a", false, "/a;x/b", true, true },
		{ "/a", false, "/a.", true, true },
		{ "/a", false, "/a /b", true, true },
		{ "/a", false, "/a?x", true, true },
		{ "/a", false, "/a#x", true, true },
		{ "/a", false, "/;x/a", true, true },
		{ "/k", false, "/\xe2\x84\xaa", true, true },
		{ "/\xc3\xa9", false, "/\xc3\x89", true, true },
		{ "/\xc3\xa9", false, "/e\xcc\x81", true, true },
		{ "/\xc3\xa9", false, "/\xc3\xa9", true, false },
		{ "/e", false, "/\xc3\xa9", false, false },
		{ "/a", true, "/a", true, false },
		{ "/a", true, "/a/", true, true },
		{ "/a", true, "/a/b", false, false },
		{ "/", true, "/", true, false },
		{ "/", true, "/a", false, false },
		{ "/{user_id}", false, "/u/x", true, false },
		{ "/{user_id}", false, "/", false, false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_path_fit fit = { .alike = false };

		gp_test_row("%s%s: %s", rows[i].pattern, rows[i].exact ? "$" : "", rows[i].path);
		CU_ASSERT_EQUAL(
		    gp_path_fit(rows[i].pattern, rows[i].exact, rows[i].path, &fit), rows[i].fits);
		if (rows[i].fits)
			CU_ASSERT_EQUAL(fit.alike, rows[i].alike);
	}
}

/* Names longer than any file has are not folded: that takes longer than it is worth. */
static void
leaves_very_long_names_alone(void)
{
	struct gp_path_fit fit;
	char path[600] = "/";

	while (strlen(path) < 500)
		strcat(path, "\xcc\x81");
	CU_ASSERT_FALSE(gp_path_fit("/a", false, path, &fit));
}

static void
the_more_specific_decides(void)
{
	/* Of the two patterns the first. */
	static const struct {
		const char *pattern;
		bool exact;
		const char *other;
		bool other_exact;
		const char *path;
	} rows[] = {
		{ "/a", false, "", false, "/a" },
		{ "/a/b", false, "/a", false, "/a/b/c" },
		{ "/h/x", false, "/h/{user_id}", false, "/h/x" },
		{ "/h/{user_id}/x", false, "/h/u", false, "/h/u/x" },
		{ "/a", true, "/a", false, "/a" },
		{ "/a", false, "/a", true, "/a/" },
		{ "/a", false, "/A", false, "/a" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_path_fit fit, other;

		gp_test_row("%s and %s: %s", rows[i].pattern, rows[i].other, rows[i].path);
		CU_ASSERT_FATAL(
		    gp_path_fit(rows[i].pattern, rows[i].exact, rows[i].path, &fit) &&
		    gp_path_fit(rows[i].other, rows[i].other_exact, rows[i].path, &other));
		CU_ASSERT_TRUE(gp_path_fit_is_better(&fit, &other));
		CU_ASSERT_FALSE(gp_path_fit_is_better(&other, &fit));
		CU_ASSERT_FALSE(gp_path_fit_is_better(&fit, &fit));
	}
}

static void
finds_the_user_in_a_path(void)
{
	struct gp_path_fit fit;

	CU_ASSERT_FATAL(gp_path_fit("/h/{user_id}/x", false, "/h/u1/x/y", &fit));
	CU_ASSERT_EQUAL(fit.user_id.length, 2);
	CU_ASSERT(memcmp(fit.user_id.text, "u1", 2) == 0);
	CU_ASSERT_EQUAL(fit.user_id.name_length, strlen("user_id"));
	CU_ASSERT(memcmp(fit.user_id.name, "user_id", fit.user_id.name_length) == 0);
}

static void
knows_what_is_below(void)
{
	static const struct {
		const char *pattern, *path;
		bool below;
	} rows[] = {
		{ "/a/b", "/a", true },
		{ "/a/b", "/A/", true },
		{ "/a/b", "/", true },
		{ "/a/b", "/a/b", false },
		{ "/a/b", "/a/b/c", false },
		{ "/a/b", "/b", false },
		{ "/h/{user_id}/x", "/h/u", true },
		{ "", "/", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s below %s", rows[i].pattern, rows[i].path);
		CU_ASSERT_EQUAL(gp_path_is_below(rows[i].pattern, rows[i].path), rows[i].below);
	}
}

const struct gp_test gp_tests_path_fit[] = {
	GP_TEST(tells_what_fits_from_what_seems_to),
	GP_TEST(leaves_very_long_names_alone),
	GP_TEST(the_more_specific_decides),
	GP_TEST(finds_the_user_in_a_path),
	GP_TEST(knows_what_is_below),
	{ NULL, NULL },
};
