/* SPDX-License-Identifier: Apache-2.0 */
/* Which files are accepted, what is told of the others, and what the placeholders become. */
#include "mail_template.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mail_directory.h"
#include "unit.h"

#define GOOD "Subject: s\n\n{{url}}\n"

static const struct gp_mail_words words = {
	.url = "https://tasks.example.com/u",
	.name = "Ann",
	.email = "ann@example.com",
	.site = "tasks.example.com",
	.minutes = 60,
};

static char problem[512];

/* Templates with this text of a reset; NULL with the problem when it is refused. */
static struct gp_mail_templates *
load(const char *reset)
{
	struct gp_test_mail_directory directory;
	struct gp_mail_templates *templates;

	gp_test_row("%s", reset != NULL ? reset : "no file");
	CU_ASSERT_FATAL(gp_test_mail_directory_make(&directory, reset, GOOD));
	problem[0] = '\0';
	templates = gp_mail_templates_load(directory.path, problem, sizeof(problem));
	if (templates == NULL) {
		CU_ASSERT_EQUAL(strncmp(problem, directory.path, strlen(directory.path)), 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(problem, "/reset-password.txt: "));
		CU_ASSERT_PTR_NULL(strchr(problem, '\n'));
	} else {
		CU_ASSERT_STRING_EQUAL(problem, "");
	}
	gp_test_mail_directory_remove(&directory);
	return templates;
}

/* Subject and text as they become with these words; both in `arena`. */
static const char *
filled(struct gp_arena *arena, const struct gp_mail_templates *templates, enum gp_mail_kind kind,
    const struct gp_mail_words *with)
{
	struct gp_buffer buffer;

	gp_buffer_init(&buffer, arena);
	gp_mail_template_add_subject(templates, kind, with, &buffer);
	gp_buffer_add_byte(&buffer, '|');
	gp_mail_template_add_text(templates, kind, with, &buffer);
	gp_buffer_add_byte(&buffer, '\0');
	CU_ASSERT_FATAL(gp_buffer_complete(&buffer));
	return buffer.bytes;
}

static void
fills_placeholders(void)
{
	static const struct {
		const char *file, *filled;
	} rows[] = {
		{ "Subject: s\n\n{{url}}", "s|https://tasks.example.com/u" },
		{ "Subject: s\n\n{{url}}\n", "s|https://tasks.example.com/u\r\n" },
		{ "Subject:s\n\n{{url}}{{url}}",
		    "s|https://tasks.example.com/uhttps://tasks.example.com/u" },
		{ "Subject:   s t  \n\n{{url}}", "s t|https://tasks.example.com/u" },
		{ "Subject: {{site}}, {{minutes}}\n\n{{name}} {{email}} {{site}} {{minutes}} {{url}}\n",
		    "tasks.example.com, 60|Ann ann@example.com tasks.example.com 60 "
		    "https://tasks.example.com/u\r\n" },
		{ "Subject: s\r\n\r\na\r\n{{url}}\r\n", "s|a\r\nhttps://tasks.example.com/u\r\n" },
		{ "Subject: s\n\n\n\ta\n\n{{url}}",
		    "s|\r\n\ta\r\n\r\nhttps://tasks.example.com/u" },
		{ "Subject: \xc3\xa4\n\n\xe2\x82\xac {{url}} }} { { }",
		    "\xc3\xa4|\xe2\x82\xac https://tasks.example.com/u }} { { }" },
		{ "Subject: s\n\n{{{url}}", NULL },
		{ "Subject: s\n\n{ {{url}}}", "s|{ https://tasks.example.com/u}" },
		{ "Subject: Subject: t\n\n{{url}}\n.\nFrom x\n",
		    "Subject: t|https://tasks.example.com/u\r\n.\r\nFrom x\r\n" },
	};
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_mail_templates *templates = load(rows[i].file);

		CU_ASSERT_EQUAL(templates != NULL, rows[i].filled != NULL);
		if (templates == NULL || rows[i].filled == NULL)
			continue;
		CU_ASSERT_STRING_EQUAL(
		    filled(arena, templates, GP_MAIL_RESET_PASSWORD, &words), rows[i].filled);
		CU_ASSERT_STRING_EQUAL(filled(arena, templates, GP_MAIL_VERIFY_EMAIL, &words),
		    "s|https://tasks.example.com/u\r\n");
		gp_mail_templates_free(templates);
	}
	gp_arena_free(arena);
	gp_mail_templates_free(NULL);
}

static void
names_what_is_wrong_with_a_file(void)
{
	static const struct {
		const char *file; /* NULL: none */
		const char *told; /* at the problem's end */
	} rows[] = {
		{ NULL, ": No such file or directory" },
		{ "", ": line 1: must be \"Subject: ...\"" },
		{ "\n", ": line 1: must be \"Subject: ...\"" },
		{ "Subject: s", ": line 1: must be \"Subject: ...\"" },
		{ "Hello {{url}}\n", ": line 1: must be \"Subject: ...\"" },
		{ "\nSubject: s\n\n{{url}}", ": line 1: must be \"Subject: ...\"" },
		{ "\xef\xbb\xbfSubject: s\n\n{{url}}", ": line 1: must be \"Subject: ...\"" },
		{ "Subject:\n\n{{url}}", ": line 1: the subject must be text without tabs" },
		{ "Subject:   \n\n{{url}}", ": line 1: the subject must be text without tabs" },
		{ "Subject: a\tb\n\n{{url}}", ": line 1: the subject must be text without tabs" },
		{ "Subject: s\n", ": line 2: must be empty, with the text below it" },
		{ "Subject: s\n{{url}}\n", ": line 2: must be empty, with the text below it" },
		{ "Subject: s\n \n{{url}}\n", ": line 2: must be empty, with the text below it" },
		{ "Subject: s\nBcc: x@example.com\n\n{{url}}",
		    ": line 2: must be empty, with the text below it" },
		{ "Subject: s\n\n", ": {{url}} is not in the text" },
		{ "Subject: s\n\nhello {{name}}\n", ": {{url}} is not in the text" },
		{ "Subject: s\n\n{{url}}\n{{nmae}}", ": line 4: unknown placeholder {{nmae}}" },
		{ "Subject: s\n\n{{ url }}", ": line 3: unknown placeholder {{ url }}" },
		{ "Subject: s\n\n{{URL}}", ": line 3: unknown placeholder {{URL}}" },
		{ "Subject: s\n\n{{}}", ": line 3: unknown placeholder {{}}" },
		{ "Subject: s\n\n{{{url}}}", ": line 3: unknown placeholder {{{url}}" },
		{ "Subject: s\n\n{{url}} {{name",
		    ": line 3: {{ without a placeholder's name and }}" },
		{ "Subject: s\n\n{{url}} {{", ": line 3: {{ without a placeholder's name and }}" },
		{ "Subject: s\n\n{{url}}\n{{\nname}}",
		    ": line 4: {{ without a placeholder's name and }}" },
		{ "Subject: s\n\n{{url}} {{\xc3\xa4}}",
		    ": line 3: {{ without a placeholder's name and }}" },
		{ "Subject: {{x}}\n\n{{url}}", ": line 1: unknown placeholder {{x}}" },
		{ "Subject: {{name}}\n\n{{url}}", ": line 1: {{name}} is not for a subject" },
		{ "Subject: {{email}}\n\n{{url}}", ": line 1: {{email}} is not for a subject" },
		{ "Subject: {{url}}\n\n{{url}}", ": line 1: {{url}} is not for a subject" },
		{ "Subject: s\n\n{{url}}\n\n\xe4", ": line 5: is not UTF-8" },
		{ "Subject: \xff\n\n{{url}}", ": line 1: is not UTF-8" },
		{ "Subject: s\n\n{{url}}\x1b[31m", ": line 3: holds a control character" },
		{ "Subject: s\rBcc: x@example.com\n\n{{url}}",
		    ": line 1: holds a control character" },
		{ "Subject: s\n\n{{url}}\r", ": line 3: holds a control character" },
		{ "Subject: s\xc2\x85\n\n{{url}}", ": line 1: holds a control character" },
		{ "Subject: s\n\n\xe2\x80\xae{{url}}", ": line 3: holds a control character" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_mail_templates *templates = load(rows[i].file);
		size_t length = strlen(problem), end = strlen(rows[i].told);

		CU_ASSERT_PTR_NULL(templates);
		CU_ASSERT_FATAL(length >= end);
		CU_ASSERT_STRING_EQUAL(problem + length - end, rows[i].told);
		gp_mail_templates_free(templates);
	}
}

static void
refuses_what_is_no_text_file(void)
{
	struct gp_test_mail_directory directory;
	char path[5000];
	char *large = malloc(64 * 1024 + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(large);
	CU_ASSERT_FATAL(gp_test_mail_directory_make(&directory, NULL, GOOD));
	snprintf(path, sizeof(path), "%s/reset-password.txt", directory.path);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	CU_ASSERT_PTR_NULL(gp_mail_templates_load(directory.path, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "not the text of a message"));
	gp_test_mail_directory_remove(&directory);

	CU_ASSERT_FATAL(gp_test_mail_directory_make(&directory, NULL, GOOD));
	snprintf(path, sizeof(path), "%s/reset-password.txt", directory.path);
	CU_ASSERT_EQUAL(mkfifo(path, 0700), 0); /* nobody is waited for */
	CU_ASSERT_PTR_NULL(gp_mail_templates_load(directory.path, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "not the text of a message"));
	gp_test_mail_directory_remove(&directory);

	CU_ASSERT_FATAL(gp_test_mail_directory_make(&directory, NULL, GOOD));
	memset(large, 'a', 64 * 1024 + 1);
	memcpy(large, GOOD, strlen(GOOD));
	CU_ASSERT(
	    gp_test_mail_directory_write(&directory, "reset-password.txt", large, 64 * 1024 + 1));
	CU_ASSERT_PTR_NULL(gp_mail_templates_load(directory.path, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "not the text of a message"));
	CU_ASSERT(gp_test_mail_directory_write(&directory, "reset-password.txt", large, 64 * 1024));
	gp_mail_templates_free(gp_mail_templates_load(directory.path, problem, sizeof(problem)));
	CU_ASSERT(gp_test_mail_directory_write(
	    &directory, "reset-password.txt", "Subject: s\n\n{{url}}\0", 20));
	CU_ASSERT_PTR_NULL(gp_mail_templates_load(directory.path, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "line 3: holds a control character"));
	gp_test_mail_directory_remove(&directory);

	CU_ASSERT_PTR_NULL(gp_mail_templates_load("/nonexistent", problem, sizeof(problem)));
	CU_ASSERT_STRING_EQUAL(
	    problem, "/nonexistent/reset-password.txt: No such file or directory");
	free(large);
}

#define TEN "aaaaaaaaaa"
#define SIXTY TEN TEN TEN TEN TEN TEN

/* A name is what its owner chose, or whoever signed up with somebody else's address. */
static void
keeps_a_name_on_its_line(void)
{
	static const struct {
		const char *name, *written;
	} rows[] = {
		{ "Ann", "Ann" },
		{ "Ann O'Hara, \"the\" <b>first</b> & last",
		    "Ann O'Hara, \"the\" <b>first</b> & last" },
		{ "\xc3\x84nn \xf0\x9f\x98\x80", "\xc3\x84nn \xf0\x9f\x98\x80" },
		{ "Ann\nhttps://evil.example", "Ann https://evil.example" },
		{ "Ann\r\n\r\nhi", "Ann    hi" },
		{ "\tAnn\x01\x1b[31m\x7f", " Ann  [31m " },
		{ "Ann\xc2\x85\xe2\x80\xa8\xe2\x80\xae!", "Ann   !" },
		{ "{{url}}", "{{url}}" },
		{ "{{name}}{{x", "{{name}}{{x" },
		{ "\n.\n", " . " },
		{ "", "ann@example.com" },
		{ "   ", "ann@example.com" },
		{ SIXTY "bbbb", SIXTY "bbbb" },
		{ SIXTY "bbbbc", SIXTY "bbbb" },
		{ SIXTY "bbb\xf0\x9f\x98\x80\xf0\x9f\x98\x80", SIXTY "bbb\xf0\x9f\x98\x80" },
	};
	struct gp_mail_templates *templates = load("Subject: s\n\n[{{name}}]\n{{url}}");
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_FATAL(templates != NULL && arena != NULL);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_mail_words with = words;
		char expected[256];

		gp_test_row("%s", rows[i].name);
		with.name = rows[i].name;
		snprintf(expected, sizeof(expected), "s|[%s]\r\nhttps://tasks.example.com/u",
		    rows[i].written);
		CU_ASSERT_STRING_EQUAL(
		    filled(arena, templates, GP_MAIL_RESET_PASSWORD, &with), expected);
	}
	gp_arena_free(arena);
	gp_mail_templates_free(templates);
}

static void
accepts_the_files_that_are_installed(void)
{
	struct gp_mail_templates *templates =
	    gp_mail_templates_load(GATEPOST_TEST_DATA "/../../mail", problem, sizeof(problem));
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_FATAL(templates != NULL && arena != NULL);
	for (unsigned kind = 0; kind < GP_MAIL_KIND_COUNT; kind++) {
		const char *text = filled(arena, templates, (enum gp_mail_kind)kind, &words);

		CU_ASSERT_PTR_NULL(strstr(text, "{{"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "\r\n\r\nhttps://tasks.example.com/u\r\n"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "Hello Ann,\r\n"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "60 minutes"));
	}
	gp_arena_free(arena);
	gp_mail_templates_free(templates);
}

const struct gp_test gp_tests_mail_template[] = {
	GP_TEST(fills_placeholders),
	GP_TEST(names_what_is_wrong_with_a_file),
	GP_TEST(refuses_what_is_no_text_file),
	GP_TEST(keeps_a_name_on_its_line),
	GP_TEST(accepts_the_files_that_are_installed),
	{ NULL, NULL },
};
