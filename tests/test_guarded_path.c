/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that mean one path to everybody, and those that do not. */
#include "guarded_path.h"

#include <string.h>

#include "unit.h"

static void
decodes_the_path_of_an_address_once(void)
{
	static const struct {
		const char *target, *path;
	} rows[] = {
		{ "/", "/" },
		{ "/files/a.txt", "/files/a.txt" },
		{ "/files/", "/files/" },
		{ "/files?x=/../y#", NULL },
		{ "/files?x=/../y", "/files" },
		{ "/?", "/" },
		{ "/a%20b/%41", "/a b/A" },
		{ "/b%C3%BCcher", "/b\xc3\xbc"
				  "cher" },
		{ "/a+b", "/a+b" },
		{ "/100%25", "/100%" },
		{ "/100%25-x", "/100%-x" },
		{ "/.well-known/x", "/.well-known/x" },
		{ "/a..b/c.", "/a..b/c." },
		{ "/a;v=1/b", "/a;v=1/b" },
		{ "/%231.mp3", "/#1.mp3" },
		{ "/a/%3fb%3f", "/a/?b?" },
		{ "http://host/a", "/a" },
		{ "HTTPS://host:1/a?b", "/a" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_arena *arena = gp_arena_new();
		const char *path = NULL;
		enum gp_outcome outcome;

		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		gp_test_row("%s", rows[i].target);
		outcome = gp_guarded_path(rows[i].target, arena, &path);
		CU_ASSERT_EQUAL(outcome, rows[i].path != NULL ? GP_OK : GP_BAD_PATH);
		if (rows[i].path != NULL && outcome == GP_OK)
			CU_ASSERT_STRING_EQUAL(path, rows[i].path);
		gp_arena_free(arena);
	}
}

static void
refuses_what_could_be_read_as_another_path(void)
{
	static const char *const rows[] = {
		NULL,
		"",
		"*",
		"files",
		"?/files",
		"host:443",
		"http://host",
		"http://host?/a",
		"ftp://host/a",
		"//host/a",
		"/a//b",
		"/a//",
		"/..",
		"/../a",
		"/a/..",
		"/a/../b",
		"/a/./b",
		"/.",
		"/a/.",
		"/%2e%2e/a",
		"/%2E%2e/a",
		"/.%2e/a",
		"/a/%2e/b",
		"/a/..%3f/b",
		"/a/..%3Fx/b",
		"/a/.%23",
		"/a/..;/b",
		"/a/..;x=1/b",
		"/a/.;/b",
		"/a/;/b",
		"/;x/b",
		"/a/.../b",
		"/a/.. /b",
		"/a/%20/b",
		"/a/..%20/b",
		"/a%2fb",
		"/a%2Fb",
		"/a%5cb",
		"/a%5Cb",
		"/a\\b",
		"/..\\a",
		"/a%00",
		"/a%00.txt",
		"/a%0ab",
		"/a%0d%0aX: y",
		"/a%7f",
		"/a\tb",
		"/a%09b",
		"/a\x7f",
		"/a%c2%85",
		"/%zz",
		"/%4",
		"/a%",
		"/%252e%252e/a",
		"/a%252fb",
		"/%2561",
		"/%25%36%31",
		"/%c0%ae%c0%ae/a",
		"/%c0%afa",
		"/%ff",
		"/%ed%a0%80",
		"/a\xff",
		"/a b",
		"/a, /b",
		"/a?b c",
		"/a#b",
		"/a#b?c",
		"/a%23b#",
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_arena *arena = gp_arena_new();
		const char *path;

		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		gp_test_row("%s", rows[i] != NULL ? rows[i] : "no target");
		CU_ASSERT_EQUAL(gp_guarded_path(rows[i], arena, &path), GP_BAD_PATH);
		gp_arena_free(arena);
	}
}

static void
finds_where_the_path_begins(void)
{
	CU_ASSERT_STRING_EQUAL(gp_guarded_path_start("/a?b"), "/a?b");
	CU_ASSERT_STRING_EQUAL(gp_guarded_path_start("http://host:8080/a?b"), "/a?b");
	CU_ASSERT_PTR_NULL(gp_guarded_path_start("http://host#/a"));
	CU_ASSERT_PTR_NULL(gp_guarded_path_start(NULL));
}

const struct gp_test gp_tests_guarded_path[] = {
	GP_TEST(decodes_the_path_of_an_address_once),
	GP_TEST(refuses_what_could_be_read_as_another_path),
	GP_TEST(finds_where_the_path_begins),
	{ NULL, NULL },
};
