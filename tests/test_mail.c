/* SPDX-License-Identifier: Apache-2.0 */
/* What a message looks like, that no value can change its form, and how it is handed on. */
#include "mail.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "mail_directory.h"
#include "unit.h"

#define TOKEN "Tb3kLq8ZpXw0RnYc5VhG2dJs"
#define URL "https://tasks.example.com/api/auth/reset-password/" TOKEN "?callbackURL=%2Freset"
#define RESET "Subject: A new password for {{site}}\n\nHello {{name}},\n\n{{url}}\n"
#define VERIFY "Subject: Best\xc3\xa4tigen\n\n{{name}}, {{email}}, {{site}}, {{minutes}}, {{url}}\n"

/* Long enough for a shell on a busy machine; tests that wait for a limit have their own. */
enum { LIMIT_MS = 20000 };

struct scene {
	struct gp_arena *arena;
	struct gp_test_mail_directory directory;
	struct gp_mail_templates *templates;
	struct gp_mail_sender from;
	struct gp_mail_values values;
	struct gp_mail_message message;
	char command[5000];
	char said[256];
};

static void
set_up(struct scene *scene, const char *from)
{
	memset(scene, 0, sizeof(*scene));
	scene->arena = gp_arena_new();
	CU_ASSERT_FATAL(gp_test_mail_directory_make(&scene->directory, RESET, VERIFY));
	scene->templates =
	    gp_mail_templates_load(scene->directory.path, scene->said, sizeof(scene->said));
	CU_ASSERT_FATAL(scene->arena != NULL && scene->templates != NULL);
	CU_ASSERT_PTR_NULL_FATAL(gp_mail_sender_read(from, &scene->from));
	scene->values = (struct gp_mail_values){
		.from = &scene->from,
		.words = { .url = URL,
		    .name = "Ann",
		    .email = "ann@example.com",
		    .site = "tasks.example.com",
		    .minutes = 60 },
		.now_s = 1795242736,
		.id = "0123456789abcdefABCDEF01",
	};
}

static void
tear_down(struct scene *scene)
{
	gp_mail_templates_free(scene->templates);
	gp_test_mail_directory_remove(&scene->directory);
	gp_arena_free(scene->arena);
}

static enum gp_outcome
compose(struct scene *scene, enum gp_mail_kind kind)
{
	return gp_mail_compose(
	    scene->arena, scene->templates, kind, &scene->values, &scene->message);
}

/* The message as a text that ends with a NUL, and the decoded text of its body. */
static const char *
text_of(struct scene *scene)
{
	const char *text = gp_arena_copy(scene->arena, scene->message.bytes, scene->message.length);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_EQUAL(strlen(text), scene->message.length);
	return text;
}

static const char *
body_of(struct scene *scene)
{
	const char *body = strstr(text_of(scene), "\n\n") + 2;
	int length = (int)strlen(body), decoded, last;
	EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
	char *text = gp_arena_take(scene->arena, (size_t)length + 1);

	CU_ASSERT_FATAL(context != NULL && text != NULL);
	EVP_DecodeInit(context);
	CU_ASSERT_FATAL(EVP_DecodeUpdate(context, (unsigned char *)text, &decoded,
			    (const unsigned char *)body, length) >= 0);
	CU_ASSERT_EQUAL_FATAL(EVP_DecodeFinal(context, (unsigned char *)text + decoded, &last), 1);
	text[decoded + last] = '\0';
	EVP_ENCODE_CTX_free(context);
	return text;
}

static void
composes_a_message(void)
{
	struct scene scene;

	set_up(&scene, "Tasks <no-reply@example.com>");
	CU_ASSERT_EQUAL_FATAL(compose(&scene, GP_MAIL_RESET_PASSWORD), GP_OK);
	CU_ASSERT_PTR_NULL(scene.message.refused);
	CU_ASSERT_STRING_EQUAL(text_of(&scene),
	    "From: Tasks <no-reply@example.com>\n"
	    "To: ann@example.com\n"
	    "Subject: A new password for tasks.example.com\n"
	    "Date: Sat, 21 Nov 2026 06:32:16 +0000\n"
	    "Message-ID: <0123456789abcdefABCDEF01@example.com>\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: base64\n"
	    "Auto-Submitted: auto-generated\n"
	    "\n"
	    "SGVsbG8gQW5uLA0KDQpodHRwczovL3Rhc2tzLmV4YW1wbGUuY29tL2FwaS9hdXRoL3Jlc2V0LXBh\n"
	    "c3N3b3JkL1RiM2tMcThacFh3MFJuWWM1VmhHMmRKcz9jYWxsYmFja1VSTD0lMkZyZXNldA0K\n");
	CU_ASSERT_STRING_EQUAL(body_of(&scene), "Hello Ann,\r\n\r\n" URL "\r\n");
	tear_down(&scene);
}

static void
encodes_what_is_not_ascii(void)
{
	static const char begin[] = "From: =?UTF-8?B?QsO8Y2hlcg==?=\n <no-reply@mail.example.com>\n"
				    "To: ann@example.com\n"
				    "Subject: =?UTF-8?B?QmVzdMOkdGlnZW4=?=\n"
				    "Date: ";
	struct scene scene;
	const char *text;

	set_up(&scene, "B\xc3\xbc"
		       "cher <no-reply@mail.example.com>");
	scene.values.words.name = "Zo\xc3\xab \xf0\x9f\x98\x80\nhttps://evil.example";
	CU_ASSERT_EQUAL_FATAL(compose(&scene, GP_MAIL_VERIFY_EMAIL), GP_OK);
	text = text_of(&scene);
	CU_ASSERT_EQUAL(strncmp(text, begin, sizeof(begin) - 1), 0);
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(text, "\nMessage-ID: <0123456789abcdefABCDEF01@mail.example.com>\n"));
	for (; *text != '\0'; text++)
		CU_ASSERT((*text >= 0x20 && *text <= 0x7e) || *text == '\n');
	CU_ASSERT_STRING_EQUAL(body_of(&scene),
	    "Zo\xc3\xab \xf0\x9f\x98\x80 https://evil.example, ann@example.com, "
	    "tasks.example.com, 60, " URL "\r\n");
	tear_down(&scene);
}

static void
keeps_every_line_short(void)
{
	char url[4000] = "https://tasks.example.com/";
	struct scene scene;
	size_t length = 0;

	set_up(&scene, "no-reply@example.com");
	memset(url + strlen(url), 'a', sizeof(url) - strlen(url) - 1);
	url[sizeof(url) - 1] = '\0';
	scene.values.words.url = url;
	CU_ASSERT_EQUAL_FATAL(compose(&scene, GP_MAIL_VERIFY_EMAIL), GP_OK);
	for (const char *c = text_of(&scene); *c != '\0'; c++) {
		length = *c == '\n' ? 0 : length + 1;
		CU_ASSERT_FATAL(length <= 76);
	}
	CU_ASSERT_EQUAL(length, 0); /* the last line has its end */
	CU_ASSERT_PTR_NOT_NULL(strstr(body_of(&scene), url));
	tear_down(&scene);
}

static void
refuses_hostile_values(void)
{
	static const struct {
		const char *refused;
		const char *email, *url, *site, *name, *id; /* NULL: the good one */
	} rows[] = {
		{ .refused = "address", .email = "" },
		{ .refused = "address", .email = "ann" },
		{ .refused = "address", .email = "ann@example.com\nBcc: ben@example.com" },
		{ .refused = "address", .email = "ann@example.com\r\n\r\nhello" },
		{ .refused = "address", .email = "ann@example.com, ben@example.com" },
		{ .refused = "address", .email = "Ann <ann@example.com>" },
		{ .refused = "address", .email = "ann@example.com " },
		{ .refused = "address", .email = "\xc3\xa4nn@example.com" },
		{ .refused = "address", .email = "|cat@example.com" },
		{ .refused = "url", .url = "" },
		{ .refused = "url", .url = "javascript:alert(1)" },
		{ .refused = "url", .url = "//tasks.example.com/" },
		{ .refused = "url", .url = "https://tasks.example.com/ x" },
		{ .refused = "url", .url = "https://tasks.example.com/\nhello" },
		{ .refused = "url", .url = "https://tasks.example.com/\xc3\xa4" },
		{ .refused = "url", .url = "https://tasks.example.com/<b>" },
		{ .refused = "url", .url = "https://tasks.example.com/\x7f" },
		{ .refused = "site", .site = "" },
		{ .refused = "site", .site = "tasks.example.com\nBcc: ben@example.com" },
		{ .refused = "site", .site = "tasks example.com" },
		{ .refused = "site", .site = "tasks.example.com/path" },
		{ .refused = "site", .site = "=?UTF-8?B?QQ==?=" },
		{ .refused = "site", .site = "t\xc3\xa4sks.example.com" },
		{ .refused = "name", .name = "\xff" },
		{ .refused = "name", .name = "Ann\xc3" },
		{ .refused = "id", .id = "" },
		{ .refused = "id", .id = "0123456789abcde" },
		{ .refused = "id", .id = "0123456789abcdef>\nBcc: x" },
		{ .refused = "id", .id = "0123456789abcdef@x" },
		{ .refused = "id",
		    .id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0" },
	};
	struct scene scene;
	struct gp_mail_words good;

	set_up(&scene, "no-reply@example.com");
	good = scene.values.words;
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_mail_words *words = &scene.values.words;

		gp_test_row("row %zu, %s", i, rows[i].refused);
		*words = good;
		words->email = rows[i].email != NULL ? rows[i].email : good.email;
		words->url = rows[i].url != NULL ? rows[i].url : good.url;
		words->site = rows[i].site != NULL ? rows[i].site : good.site;
		words->name = rows[i].name != NULL ? rows[i].name : good.name;
		scene.values.id = rows[i].id != NULL ? rows[i].id : "0123456789abcdef";
		CU_ASSERT_EQUAL(compose(&scene, GP_MAIL_RESET_PASSWORD), GP_ERR_INTERNAL);
		CU_ASSERT(gp_test_same(scene.message.refused, rows[i].refused));
		CU_ASSERT_PTR_NULL(scene.message.bytes);
		CU_ASSERT_EQUAL(scene.message.length, 0);
	}
	tear_down(&scene);
}

static void
refuses_impossible_times_and_senders(void)
{
	struct scene scene;

	set_up(&scene, "no-reply@example.com");
	scene.values.words.minutes = 0;
	CU_ASSERT_EQUAL(compose(&scene, GP_MAIL_RESET_PASSWORD), GP_ERR_INTERNAL);
	CU_ASSERT(gp_test_same(scene.message.refused, "minutes"));
	scene.values.words.minutes = 1;
	scene.values.now_s = INT64_MAX;
	CU_ASSERT_EQUAL(compose(&scene, GP_MAIL_RESET_PASSWORD), GP_ERR_INTERNAL);
	CU_ASSERT(gp_test_same(scene.message.refused, "time"));
	scene.values.now_s = 0;
	CU_ASSERT_EQUAL(compose(&scene, GP_MAIL_RESET_PASSWORD), GP_OK);
	scene.from.address = NULL;
	CU_ASSERT_EQUAL(compose(&scene, GP_MAIL_RESET_PASSWORD), GP_ERR_INTERNAL);
	CU_ASSERT(gp_test_same(scene.message.refused, "sender"));
	scene.from.address = "no-reply@example.com\nBcc: x";
	scene.from.address_length = strlen(scene.from.address);
	CU_ASSERT_EQUAL(compose(&scene, GP_MAIL_RESET_PASSWORD), GP_ERR_INTERNAL);
	CU_ASSERT(gp_test_same(scene.message.refused, "sender"));
	tear_down(&scene);
}

/* A message, and a shell script in place of sendmail; its command has `arguments` behind it. */
static void
set_up_program(struct scene *scene, const char *script, const char *arguments)
{
	set_up(scene, "Tasks <no-reply@example.com>");
	CU_ASSERT_EQUAL_FATAL(compose(scene, GP_MAIL_RESET_PASSWORD), GP_OK);
	CU_ASSERT_FATAL(
	    gp_test_mail_directory_write(&scene->directory, "sendmail", script, strlen(script)));
	snprintf(scene->command, sizeof(scene->command), "%s/sendmail%s", scene->directory.path,
	    arguments);
	gp_test_row("%s", script);
}

static bool
send_within(struct scene *scene, int64_t limit_ms)
{
	return gp_mail_send(scene->arena, scene->command, &scene->message, limit_ms, scene->said,
	    sizeof(scene->said));
}

/* The bytes of a file that the program made. */
static const char *
kept(struct scene *scene, const char *name)
{
	char path[5000];
	char *text = gp_arena_take(scene->arena, 20000);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", scene->directory.path, name);
	file = fopen(path, "rb");
	CU_ASSERT_FATAL(file != NULL && text != NULL);
	text[fread(text, 1, 19999, file)] = '\0';
	fclose(file);
	return text;
}

static void
hands_the_message_to_a_program(void)
{
	struct scene scene;

	set_up_program(&scene,
	    "#!/bin/sh\ncat >\"${0%/*}/message\"\n"
	    "for argument; do echo \"[$argument]\"; done >\"${0%/*}/arguments\"\n",
	    " -t  -i $(id) 'a b' ;>*| ");
	CU_ASSERT_TRUE(send_within(&scene, LIMIT_MS));
	CU_ASSERT_STRING_EQUAL(scene.said, "");
	CU_ASSERT_STRING_EQUAL(kept(&scene, "message"), text_of(&scene));
	CU_ASSERT_STRING_EQUAL(
	    kept(&scene, "arguments"), "[-t]\n[-i]\n[$(id)]\n['a]\n[b']\n[;>*|]\n");
	tear_down(&scene);
}

static void
gives_the_program_three_variables(void)
{
	char *path = getenv("PATH"), *lang = getenv("LANG"), *zone = getenv("TZ");
	char *lang_before = lang != NULL ? strdup(lang) : NULL;
	char *zone_before = zone != NULL ? strdup(zone) : NULL;
	char expected[8192];
	struct scene scene;

	CU_ASSERT_PTR_NOT_NULL_FATAL(path);
	CU_ASSERT_EQUAL(setenv("LANG", "de_DE.UTF-8", 1), 0);
	CU_ASSERT_EQUAL(setenv("TZ", "Asia/Tokyo", 1), 0);
	CU_ASSERT_EQUAL(setenv("BETTER_AUTH_SECRET", "not for a mail program", 1), 0);
	set_up_program(&scene,
	    "#!/bin/sh\nenv | grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD= | sort "
	    ">\"${0%/*}/variables\"\n",
	    "");
	CU_ASSERT_TRUE(send_within(&scene, LIMIT_MS));
	snprintf(expected, sizeof(expected), "LANG=de_DE.UTF-8\nPATH=%s\nTZ=Asia/Tokyo\n", path);
	CU_ASSERT_STRING_EQUAL(kept(&scene, "variables"), expected);
	unsetenv("BETTER_AUTH_SECRET");
	if (lang_before == NULL || setenv("LANG", lang_before, 1) != 0)
		unsetenv("LANG");
	if (zone_before == NULL || setenv("TZ", zone_before, 1) != 0)
		unsetenv("TZ");
	free(lang_before);
	free(zone_before);
	tear_down(&scene);
}

static void
says_why_a_message_was_not_taken(void)
{
	static const struct {
		const char *script;
		bool taken;
		const char *said;
	} rows[] = {
		{ "#!/bin/sh\nexit 0\n", true, "" },
		{ "#!/bin/sh\ncat >/dev/null; exit 75\n", false, "ended with status 75" },
		{ "#!/bin/sh\necho 'sendmail: no such user' >&2; exit 67\n", false,
		    "sendmail: no such user" },
		{ "#!/bin/sh\ncat >/dev/null; echo 'queued as 4AB12C9F01D' >&2\n", true,
		    "queued as 4AB12C9F01D" },
		/* what the program has from the message */
		{ "#!/bin/sh\necho 'bad link: " URL "' >&2; exit 1\n", false,
		    "bad link: https://tasks.example.com/api/auth/reset-password/"
		    "************************?callbackURL=%2Freset" },
		{ "#!/bin/sh\necho 'eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFubkBleGFtcGxlLmNvbSJ9."
		  "Yk0_a-9eyJlbWFpbCI6ImFu' >&2; exit 1\n",
		    false,
		    "********************.************************************."
		    "***********************" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct scene scene;

		set_up_program(&scene, rows[i].script, " -t");
		CU_ASSERT_EQUAL(send_within(&scene, LIMIT_MS), rows[i].taken);
		CU_ASSERT_STRING_EQUAL(scene.said, rows[i].said);
		tear_down(&scene);
	}
}

static void
waits_no_longer_than_its_limit(void)
{
	struct scene scene;

	set_up_program(&scene, "#!/bin/sh\nsleep 60\n", "");
	CU_ASSERT_FALSE(send_within(&scene, 200));
	CU_ASSERT_STRING_EQUAL(scene.said, "killed after 200 ms");
	tear_down(&scene);
}

static void
runs_nothing_but_a_program_with_a_path(void)
{
	static const char *const commands[] = { "", " ", "sendmail -t", "|/bin/sh" };
	struct scene scene;

	set_up_program(&scene, "#!/bin/sh\n", "");
	for (size_t i = 0; i < GP_COUNT(commands); i++) {
		gp_test_row("%s", commands[i]);
		strcpy(scene.command, commands[i]);
		CU_ASSERT_FALSE(send_within(&scene, LIMIT_MS));
		CU_ASSERT_STRING_EQUAL(scene.said, "the program's path does not begin with /");
	}
	strcpy(scene.command, "/nonexistent/sendmail -t");
	CU_ASSERT_FALSE(send_within(&scene, LIMIT_MS));
	CU_ASSERT_STRING_EQUAL(scene.said, "/nonexistent/sendmail: No such file or directory");
	tear_down(&scene);
}

const struct gp_test gp_tests_mail[] = {
	GP_TEST(composes_a_message),
	GP_TEST(encodes_what_is_not_ascii),
	GP_TEST(keeps_every_line_short),
	GP_TEST(refuses_hostile_values),
	GP_TEST(refuses_impossible_times_and_senders),
	GP_TEST(hands_the_message_to_a_program),
	GP_TEST(gives_the_program_three_variables),
	GP_TEST(says_why_a_message_was_not_taken),
	GP_TEST(waits_no_longer_than_its_limit),
	GP_TEST(runs_nothing_but_a_program_with_a_path),
	{ NULL, NULL },
};
