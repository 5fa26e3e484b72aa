/* SPDX-License-Identifier: Apache-2.0 */
/* The .env syntax as Next.js and python-dotenv read it, and the number of the line that is wrong.
 */
#include "environment_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include "unit.h"

#define TEXT(literal) (literal), sizeof(literal) - 1

/* One text and one of its names. */
struct row {
	const char *text;
	const char *name;
	const char *value; /* NULL: the file has no such name */
};

static void
expect_values(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned line = 99;
		struct gp_environment_file *file =
		    gp_environment_file_parse(rows[i].text, strlen(rows[i].text), &line);

		gp_test_row("%s", rows[i].text);
		CU_ASSERT_PTR_NOT_NULL(file);
		if (file != NULL)
			CU_ASSERT(gp_test_same(
			    gp_environment_file_get(file, rows[i].name), rows[i].value));
		gp_environment_file_free(file);
	}
}

static void
reads_bare_values(void)
{
	static const struct row rows[] = {
		{ "A=b", "A", "b" },
		{ "A=b\n", "A", "b" },
		{ "A=b\nC=d\n", "C", "d" },
		{ "A=\n", "A", "" },
		{ "A=", "A", "" },
		{ "A= \t\n", "A", "" },
		{ "A=\nB=c\n", "B", "c" },
		{ "  A  =  b c  \n", "A", "b c" },
		{ "\tA\t=\tb\t\n", "A", "b" },
		{ "A=b=c==\n", "A", "b=c==" },
		{ "A=b\\nc\n", "A", "b\\nc" },
		{ "A=$B ${C}\n", "A", "$B ${C}" },
		{ "A=it's \"so\"\n", "A", "it's \"so\"" },
		{ "A=postgresql://u:p%23@h:5432/d?ssl=require&x=y\n", "A",
		    "postgresql://u:p%23@h:5432/d?ssl=require&x=y" },
		{ "a_B.c-9=d\n", "a_B.c-9", "d" },
		{ "A=\xc3\xa4\xe2\x82\xac\n", "A", "\xc3\xa4\xe2\x82\xac" },
		{ "A=b\n", "a", NULL },
		{ "A=b\n", "", NULL },
		{ "A=b\n", "A=b", NULL },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
reads_comments(void)
{
	static const struct row rows[] = {
		{ "# A=b\n", "A", NULL },
		{ "#\n#\n  # A\nA=b", "A", "b" },
		{ "A=b # comment\n", "A", "b" },
		{ "A=b\t# comment\n", "A", "b" },
		{ "A=b#c\n", "A", "b#c" },
		{ "A=#c\n", "A", "" },
		{ "A= # c\nB=d\n", "B", "d" },
		{ "A= # c\nB=d\n", "A", "" },
		{ "A='b#c' # 'd'\n", "A", "b#c" },
		{ "A=\"b\"#c\n", "A", "b" },
		{ "A=b # \"\nC=d\n", "C", "d" },
		{ "# it's\nA=b\n", "A", "b" },
		{ "A=b\n#", "A", "b" },
		{ "A=b #", "A", "b" },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
reads_quoted_values(void)
{
	static const struct row rows[] = {
		{ "A='b'\n", "A", "b" },
		{ "A=\"b\"\n", "A", "b" },
		{ "A=`b`\n", "A", "b" },
		{ "A='b'", "A", "b" },
		{ "A=''\nB=c\n", "A", "" },
		{ "A=''\nB=c\n", "B", "c" },
		{ "A=\"\"", "A", "" },
		{ "A = ' b ' \n", "A", " b " },
		{ "A='b\"`c'\n", "A", "b\"`c" },
		{ "A=`it's \"so\"`\n", "A", "it's \"so\"" },
		{ "A='b\\nc\\'\n", "A", "b\\nc\\" },
		{ "A=`b\\nc`\n", "A", "b\\nc" },
		{ "A=\"b\\nc\\rd\\te\"\n", "A", "b\nc\rd\te" },
		{ "A=\"\\\"b\\\" \\\\ \\$C\"\n", "A", "\"b\" \\ $C" },
		{ "A=\"\\x\\u0041\\'\"\n", "A", "\\x\\u0041\\'" },
		{ "A=\"b\\\\\"\nC=d\n", "A", "b\\" },
		{ "A=\"b\\\\\"\nC=d\n", "C", "d" },
		{ "A=\"#b\"\n", "A", "#b" },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
reads_values_of_several_lines(void)
{
	static const struct row rows[] = {
		{ "A=\"one\ntwo\n\"\nB=c\n", "A", "one\ntwo\n" },
		{ "A=\"one\ntwo\n\"\nB=c\n", "B", "c" },
		{ "A='one\n# two\nB=no'\nB=c\n", "A", "one\n# two\nB=no" },
		{ "A='one\n# two\nB=no'\nB=c\n", "B", "c" },
		{ "A=`-----BEGIN KEY-----\nabc=\n-----END KEY-----`\n", "A",
		    "-----BEGIN KEY-----\nabc=\n-----END KEY-----" },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
reads_export(void)
{
	static const struct row rows[] = {
		{ "export A=b\n", "A", "b" },
		{ "export\tA='b'\n", "A", "b" },
		{ "  export   A = b\n", "A", "b" },
		{ "export A=b\n", "export", NULL },
		{ "export=b\n", "export", "b" },
		{ "export = b\n", "export", "b" },
		{ "exportA=b\n", "exportA", "b" },
		{ "export export=b\n", "export", "b" },
		{ "exports=b\n", "exports", "b" },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
reads_what_windows_writes(void)
{
	static const struct row rows[] = {
		{ "A=b\r\nC=d\r\n", "A", "b" },
		{ "A=b\r\nC=d\r\n", "C", "d" },
		{ "A=\r\nC=d\r\n", "A", "" },
		{ "A='b'\r\nC=d", "A", "b" },
		{ "A='b' # c\r\nC=d", "C", "d" },
		{ "\r\n# c\r\n\r\nA=b\r\n", "A", "b" },
		{ "\xef\xbb\xbf"
		  "A=b\r\n",
		    "A", "b" },
		{ "\xef\xbb\xbf# c\nA=b", "A", "b" },
		{ "\xef\xbb\xbf", "A", NULL },
		{ "A=\xef\xbb\xbf\n", "A", "\xef\xbb\xbf" },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
the_last_of_several_counts(void)
{
	static const struct row rows[] = {
		{ "A=b\nA=c\n", "A", "c" },
		{ "A=b\nB=x\nexport A='c'\n", "A", "c" },
		{ "A=b\nA=\n", "A", "" },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
accepts_files_without_a_setting(void)
{
	static const struct row rows[] = {
		{ "", "A", NULL },
		{ "\n", "A", NULL },
		{ "\n\n \t\n", "A", NULL },
		{ " ", "A", NULL },
		{ "#", "A", NULL },
	};

	expect_values(rows, GP_COUNT(rows));
}

static void
reads_no_further_than_it_is_told(void)
{
	const char text[] = { 'A', '=', 'b', 'c', '\n' };
	unsigned line;
	struct gp_environment_file *file = gp_environment_file_parse(text, 3, &line);

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT(gp_test_same(gp_environment_file_get(file, "A"), "b"));
	gp_environment_file_free(file);
	file = gp_environment_file_parse(text, 0, &line);
	CU_ASSERT_PTR_NOT_NULL(file);
	gp_environment_file_free(file);
	gp_environment_file_free(NULL);
}

static void
names_the_line_that_is_wrong(void)
{
	static const struct {
		const char *text;
		size_t length;
		unsigned line;
	} rows[] = {
		{ TEXT("A"), 1 },
		{ TEXT("A\n"), 1 },
		{ TEXT("A b\n"), 1 },
		{ TEXT("A b=c\n"), 1 },
		{ TEXT("=b\n"), 1 },
		{ TEXT("A: b\n"), 1 },
		{ TEXT("A+=b\n"), 1 },
		{ TEXT("\xc3\xa4=b\n"), 1 },
		{ TEXT("export\n"), 1 },
		{ TEXT("export A\n"), 1 },
		{ TEXT("export \nA=b\n"), 1 },
		{ TEXT("\"A\"=b\n"), 1 },
		{ TEXT("{\"A\":\"b\"}"), 1 },
		{ TEXT("\xef\xbb\xbf\xef\xbb\xbf"
		       "A=b\n"),
		    1 },
		{ TEXT("A=b\nC\n"), 2 },
		{ TEXT("A=b\n\n# c\n\nC\nD=e\n"), 5 },
		{ TEXT("A=b\r\n\r\nC\r\n"), 3 },
		{ TEXT("A='one\ntwo\n'\nB=c\nD\n"), 5 },
		{ TEXT("A=\"b\\\n\"\nC\n"), 3 },
		{ TEXT("A='b' c\n"), 1 },
		{ TEXT("A=b\nC=\"d\"e\n"), 2 },
		{ TEXT("A='b'c'\n"), 1 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		unsigned line = 99;
		struct gp_environment_file *file =
		    gp_environment_file_parse(rows[i].text, rows[i].length, &line);

		gp_test_row("%s", rows[i].text);
		CU_ASSERT_PTR_NULL(file);
		CU_ASSERT_EQUAL(line, rows[i].line);
		gp_environment_file_free(file);
	}
}

/* A quote that never ends is wrong where it begins: the end of the file helps nobody. */
static void
names_the_line_where_an_open_quote_begins(void)
{
	static const struct {
		const char *text;
		unsigned line;
	} rows[] = {
		{ "A='b", 1 },
		{ "A=\"b\\\"", 1 },
		{ "A=`", 1 },
		{ "A='b\n", 1 },
		{ "A=b\nC='d\nE=f\n\n\n", 2 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		unsigned line = 99;

		gp_test_row("%s", rows[i].text);
		CU_ASSERT_PTR_NULL(
		    gp_environment_file_parse(rows[i].text, strlen(rows[i].text), &line));
		CU_ASSERT_EQUAL(line, rows[i].line);
	}
}

static void
refuses_nul_and_names_its_line(void)
{
	static const struct {
		const char *text;
		size_t length;
		unsigned line;
	} rows[] = {
		{ TEXT("\0"), 1 },
		{ TEXT("A=b\0c\n"), 1 },
		{ TEXT("A=b\0"), 1 },
		{ TEXT("A=b\nC='d\0'\nE=f\n"), 2 },
		{ TEXT("A=b\n\n# c\0\n"), 3 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		unsigned line = 99;

		gp_test_row("row %zu", i);
		CU_ASSERT_PTR_NULL(gp_environment_file_parse(rows[i].text, rows[i].length, &line));
		CU_ASSERT_EQUAL(line, rows[i].line);
	}
}

static void
reads_files(void)
{
	struct gp_test_file scratch;
	struct gp_environment_file *file;
	char problem[4200] = "";

	CU_ASSERT_FATAL(gp_test_file_make(&scratch, TEXT("A=b\n")));
	file = gp_environment_file_read(scratch.path, true, problem, sizeof(problem));
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT(gp_test_same(gp_environment_file_get(file, "A"), "b"));
	gp_environment_file_free(file);
	gp_test_file_remove(&scratch);
}

static void
a_missing_file_counts_as_empty_unless_it_must_exist(void)
{
	static const char path[] = "/nonexistent/gatepost.env";
	char problem[200] = "";
	struct gp_environment_file *file =
	    gp_environment_file_read(path, false, problem, sizeof(problem));

	CU_ASSERT_PTR_NOT_NULL(file);
	CU_ASSERT_STRING_EQUAL(problem, "");
	gp_environment_file_free(file);
	CU_ASSERT_PTR_NULL(gp_environment_file_read(path, true, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, path));
}

static void
refuses_what_is_no_settings_file(void)
{
	static const char *const paths[] = { "/", "/dev/null", "/dev/zero" };

	for (size_t i = 0; i < GP_COUNT(paths); i++) {
		char problem[200] = "";

		gp_test_row("%s", paths[i]);
		CU_ASSERT_PTR_NULL(
		    gp_environment_file_read(paths[i], false, problem, sizeof(problem)));
		CU_ASSERT_PTR_NOT_NULL(strstr(problem, paths[i]));
	}
}

static void
refuses_files_that_are_too_long(void)
{
	const size_t size = (size_t)1024 * 1024 + 1;
	struct gp_test_file scratch;
	struct gp_environment_file *file;
	char problem[4200] = "";
	char *bytes = malloc(size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	memset(bytes, '\n', size);
	CU_ASSERT_FATAL(gp_test_file_make(&scratch, bytes, size));
	file = gp_environment_file_read(scratch.path, true, problem, sizeof(problem));
	CU_ASSERT_PTR_NULL(file);
	CU_ASSERT(problem[0] != '\0');
	gp_test_file_remove(&scratch);
	CU_ASSERT_FATAL(gp_test_file_make(&scratch, bytes, size - 1));
	file = gp_environment_file_read(scratch.path, true, problem, sizeof(problem));
	CU_ASSERT_PTR_NOT_NULL(file);
	gp_environment_file_free(file);
	gp_test_file_remove(&scratch);
	free(bytes);
}

/* The problem names file and line, in one line, and nothing that the file holds. */
static void
tells_no_value_of_a_file_that_is_wrong(void)
{
	struct gp_test_file scratch;
	char problem[4200] = "";

	CU_ASSERT_FATAL(gp_test_file_make(
	    &scratch, TEXT("BETTER_AUTH_SECRET=hunter2hunter2\nhunter3 hunter4\n")));
	CU_ASSERT_PTR_NULL(gp_environment_file_read(scratch.path, true, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, scratch.path));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "line 2"));
	CU_ASSERT_PTR_NULL(strstr(problem, "hunter"));
	CU_ASSERT_PTR_NULL(strchr(problem, '\n'));
	gp_test_file_remove(&scratch);
}

const struct gp_test gp_tests_environment_file[] = {
	GP_TEST(reads_bare_values),
	GP_TEST(reads_comments),
	GP_TEST(reads_quoted_values),
	GP_TEST(reads_values_of_several_lines),
	GP_TEST(reads_export),
	GP_TEST(reads_what_windows_writes),
	GP_TEST(the_last_of_several_counts),
	GP_TEST(accepts_files_without_a_setting),
	GP_TEST(reads_no_further_than_it_is_told),
	GP_TEST(names_the_line_that_is_wrong),
	GP_TEST(names_the_line_where_an_open_quote_begins),
	GP_TEST(refuses_nul_and_names_its_line),
	GP_TEST(reads_files),
	GP_TEST(a_missing_file_counts_as_empty_unless_it_must_exist),
	GP_TEST(refuses_what_is_no_settings_file),
	GP_TEST(refuses_files_that_are_too_long),
	GP_TEST(tells_no_value_of_a_file_that_is_wrong),
	{ NULL, NULL },
};
