/* SPDX-License-Identifier: Apache-2.0 */
/* What goes in comes out again, character by character. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "kept.h"
#include "suites.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* UTF-8 of one code point, and its JSON escapes. */
static const char *
utf8_of(unsigned code)
{
	if (code < 0x80)
		return gp_kept_text("%c", (int)code);
	if (code < 0x800)
		return gp_kept_text("%c%c", (int)(0xc0 | code >> 6), (int)(0x80 | (code & 0x3f)));
	if (code < 0x10000)
		return gp_kept_text("%c%c%c", (int)(0xe0 | code >> 12),
		    (int)(0x80 | (code >> 6 & 0x3f)), (int)(0x80 | (code & 0x3f)));
	return gp_kept_text("%c%c%c%c", (int)(0xf0 | code >> 18), (int)(0x80 | (code >> 12 & 0x3f)),
	    (int)(0x80 | (code >> 6 & 0x3f)), (int)(0x80 | (code & 0x3f)));
}

static const char *
escape_of(unsigned code)
{
	if (code < 0x10000)
		return gp_kept_text("\\u%04X", code);
	return gp_kept_text("\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
	    0xdc00 + ((code - 0x10000) & 0x3ff));
}

static void
expect_text(const struct gp_answer *answer, const char *name, const char *text)
{
	const char *given = gp_json_text(answer->json, name);

	GP_EXPECT(given != NULL && strcmp(given, text) == 0, "%s: %s became %s", answer->call, text,
	    given != NULL ? given : "nothing");
}

/* Create, read, list and change a task with this text; `body` is a JSON string of it. */
static void
expect_round_trip(const struct gp_user *user, const char *string, const char *text)
{
	const char *body = gp_kept_text("{\"text\":%s,\"description\":%s}", string, string);
	const struct gp_answer *answer =
	    GP_SEND(.method = "POST", .path = "/tasks", .token = user->token, .body = body);
	const char *id = gp_json_text(answer->json, "id");
	const char *path = gp_kept_text("/tasks/%s", id != NULL ? id : "none");

	if (!GP_EXPECT_ANSWER(answer, 201))
		return;
	expect_text(answer, "text", text);
	expect_text(answer, "description", text);
	answer = gp_user_reads(user, path);
	GP_EXPECT_ANSWER(answer, 200);
	expect_text(answer, "text", text);
	answer = GP_SEND(.method = "PUT", .path = path, .token = user->token,
	    .body = gp_kept_text("{\"text\":\"x\",\"description\":%s}", string));
	expect_text(answer, "description", text);
	GP_EXPECT_ANSWER(GP_SEND(.method = "DELETE", .path = path, .token = user->token), 200);
}

static void
characters_of_every_plane_come_back(void)
{
	static const unsigned codes[] = { 0x20, 0x7e, 0x7f, 0x80, 0x85, 0xa0, 0xad, 0xe9, 0xff,
		0x300, 0x3a9, 0x5d0, 0x627, 0x7ff, 0x800, 0xe01, 0x200b, 0x200d, 0x2028, 0x2029,
		0x202e, 0x20ac, 0x4e2d, 0xac00, 0xd7ff, 0xe000, 0xf8ff, 0xfb01, 0xfdd0, 0xfe0f,
		0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1d11e, 0x1f600, 0x1ffff, 0x20000,
		0x2a6d6, 0x30000, 0x3fffe, 0x40000, 0x50001, 0x60002, 0x70003, 0x80004, 0x90005,
		0xa0006, 0xb0007, 0xc0008, 0xd0009, 0xe0001, 0xe01ef, 0xf0000, 0xffffd, 0x100000,
		0x10fffd, 0x10ffff };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(codes); i++) {
		const char *text = gp_kept_text("a%sb", utf8_of(codes[i]));

		gp_test_row("U+%04X as it is", codes[i]);
		expect_round_trip(&user, gp_kept_text("\"%s\"", text), text);
		gp_test_row("U+%04X escaped", codes[i]);
		expect_round_trip(&user, gp_kept_text("\"a%sb\"", escape_of(codes[i])), text);
	}
}

static void
control_characters_come_back(void)
{
	struct gp_user user = gp_user_new();

	for (unsigned code = 1; code < 0x20; code++) {
		gp_test_row("U+%04X", code);
		expect_round_trip(&user, gp_kept_text("\"\\u%04x\"", code), utf8_of(code));
	}
	gp_test_row("short escapes");
	expect_round_trip(&user, "\"\\b\\f\\n\\r\\t\\/\\\\\\\"\"", "\b\f\n\r\t/\\\"");
}

/* As they stand: each is a JSON string once quotes and backslashes are escaped by json-c. */
static void
texts_that_look_like_code_come_back(void)
{
	static const char *const texts[] = { "'", "''", "\"", "`", "\\", "\\\\", "\\'", "'; --",
		"'; drop table gatepost.task; --", "' or '1'='1", "') or true --", "$1", "$$",
		"$a$ $a$", "E'\\x27'", "E'\\\\'", "U&'\\0027'", "%s%n%x", "{}", "[]", "null",
		"NULL", "\\N", "\\.", "true", "0", "1e3", "<script>alert(1)</script>", "</script>",
		"<!--", "&lt;", "&#39;", "${jndi:ldap://a}", "{{7*7}}", "../../etc/passwd", "%00",
		"%27", "\\u0000", "\\x00", " ", "  a  ", "\t", "\n", "\r\n", "a\nb",
		"a\r\nSet-Cookie: a=b\r\n\r\nb", "\"}", "\",\"x\":\"", "\xe2\x80\xae txt.exe",
		"e\xcc\x81", "\xc3\xa9",
		"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
		"\xef\xb7\xba", "Z\xcc\x91\xcd\x83\xcd\x95\xcc\x92", "\xd8\xa8\xd8\xb3\xd9\x85" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct json_object *string = json_object_new_string(texts[i]);

		gp_test_row("%s", texts[i]);
		expect_round_trip(&user,
		    gp_kept_text("%s",
			json_object_to_json_string_ext(string, JSON_C_TO_STRING_NOSLASHESCAPE)),
		    texts[i]);
		json_object_put(string);
	}
}

const struct gp_test gp_text_tests[] = {
	GP_TEST(characters_of_every_plane_come_back),
	GP_TEST(control_characters_come_back),
	GP_TEST(texts_that_look_like_code_come_back),
	{ NULL, NULL },
};
