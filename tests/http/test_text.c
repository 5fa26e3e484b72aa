/* SPDX-License-Identifier: Apache-2.0 */
/* What goes in comes out again, character by character. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "token.h"
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
expect_text(const char *call, struct json_object *task, const char *name, const char *text)
{
	const char *given = gp_json_text(task, name);

	GP_EXPECT(given != NULL && strcmp(given, text) == 0, "%s: %s became %s", call, text,
	    given != NULL ? given : "nothing");
}

static void
expect_texts(const struct gp_answer *answer, struct json_object *task, const struct gp_api *api,
    const char *text)
{
	expect_text(answer->call, task, api->title, text);
	if (strstr(api->members, "description") != NULL)
		expect_text(answer->call, task, "description", text);
}

/* Create a task with this text and write it once more; `string` is a JSON string of the text. */
static void
expect_written(
    const struct gp_user *user, const struct gp_api *api, const char *string, const char *text)
{
	const char *tasks = gp_api_list(api, user->id);
	const char *body =
	    gp_kept_text("{\"%s\":%s,\"description\":%s}", api->title, string, string);
	const struct gp_answer *answer =
	    GP_SEND(.method = "POST", .path = tasks, .token = user->token, .body = body);
	struct json_object *task = gp_api_task_in(api, answer), *id = NULL;

	if (!GP_EXPECT_ANSWER(answer, api->created))
		return;
	expect_texts(answer, task, api, text);
	if (api->deeds->method == NULL || !json_object_object_get_ex(task, "id", &id))
		return;
	answer = GP_SEND(.method = "PUT", .token = user->token, .body = body,
	    .path = gp_kept_text("%s/%s", tasks, json_object_get_string(id)));
	GP_EXPECT_ANSWER(answer, 200);
	expect_texts(answer, answer->json, api, text);
}

/* Through each API; what they wrote is then read back through one that shows all of it. */
static void
expect_round_trip(const struct gp_user *user, const char *string, const char *text)
{
	const struct gp_api *reader = &gp_apis[GP_API_D];
	const struct gp_answer *answer;
	struct json_object *tasks;

	for (size_t i = 0; i < GP_API_COUNT; i++)
		expect_written(user, &gp_apis[i], string, text);
	answer = gp_user_reads(
	    user, gp_kept_text("%s?limit=%d", gp_api_list(reader, user->id), (int)GP_API_COUNT));
	tasks = gp_api_tasks_in(reader, answer);
	if (!GP_EXPECT(tasks != NULL && json_object_array_length(tasks) == GP_API_COUNT, "%s",
		answer->body))
		return;
	for (size_t i = 0; i < json_object_array_length(tasks); i++)
		expect_texts(answer, json_object_array_get_idx(tasks, i), reader, text);
}

static const unsigned codes[] = { 0x20, 0x7e, 0x7f, 0x80, 0x85, 0xa0, 0xad, 0xe9, 0xff, 0x300,
	0x3a9, 0x5d0, 0x627, 0x7ff, 0x800, 0xe01, 0x200b, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029,
	0x202e, 0x2066, 0x20ac, 0x4e2d, 0xac00, 0xd7ff, 0xe000, 0xf8ff, 0xfb01, 0xfdd0, 0xfe0f,
	0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1d11e, 0x1f600, 0x1ffff, 0x20000, 0x2a6d6,
	0x30000, 0x3fffe, 0x40000, 0x50001, 0x60002, 0x70003, 0x80004, 0x90005, 0xa0006, 0xb0007,
	0xc0008, 0xd0009, 0xe0001, 0xe01ef, 0xf0000, 0xffffd, 0x100000, 0x10fffd, 0x10ffff };

static void
characters_of_every_plane_come_back(void)
{
	struct gp_user user = gp_person_new();

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
	struct gp_user user = gp_person_new();

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
	struct gp_user user = gp_person_new();

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

/* --- users whose ids are such texts --- */

/* Where the path names the user, this one makes a task, and nobody else gets there. */
static void
expect_known(const struct gp_api *api, const struct gp_user *user)
{
	const struct gp_answer *answer = gp_api_creates(api, user, "a");
	const char *tasks = gp_api_list(api, user->id);

	expect_text(answer->call, gp_api_task_in(api, answer), "user_id", user->id);
	GP_EXPECT_ANSWER(gp_user_reads(user, tasks), 200);
	GP_EXPECT_DETAIL(
	    GP_SEND(.path = tasks, .token = gp_token_for("somebody else")), 403, api->other_user);
}

static void
expect_user_of(const char *text)
{
	const char *id = gp_kept_text("%s%s-", gp_instance_new_user(), text);
	struct gp_user user = { .id = id, .token = gp_token_for(id) };
	const struct gp_answer *profile = gp_user_reads(&user, "/api/v1/me/profile");

	GP_EXPECT_ANSWER(profile, 200);
	expect_text(profile->call, profile->json, "id", id);
	expect_known(&gp_apis[GP_API_C], &user);
	expect_known(&gp_apis[GP_API_D], &user);
}

static void
user_ids_of_every_plane_are_known(void)
{
	for (size_t i = 0; i < COUNT(codes); i++) {
		/* No id has control characters. */
		if (codes[i] == 0x7f || codes[i] == 0x80 || codes[i] == 0x85)
			continue;
		gp_test_row("U+%04X", codes[i]);
		expect_user_of(utf8_of(codes[i]));
	}
}

/* Also two that are the same text to a reader, and not to a program. */
static void
user_ids_that_look_like_code_are_known(void)
{
	static const char *const texts[] = { "'", "''", "\"", "`", "\\", "\\'", "'; --", "--",
		"' or '1'='1", "$1", "$$", "%", "%%", "%41", "%2e%2e", "%s%n", "_", "{}", "{1,2}",
		"[]", "null", "\\N", ";a=b", "?limit=0", "#x", "&", "+", "a b", " ", "..", ":", "@",
		"|", "*", "<script>", "${jndi:ldap:a}", "e\xcc\x81", "\xc3\xa9", "\xe2\x80\xae.exe",
		"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9" };

	for (size_t i = 0; i < COUNT(texts); i++) {
		gp_test_row("%s", texts[i]);
		expect_user_of(texts[i]);
	}
}

const struct gp_test gp_text_tests[] = {
	GP_TEST(characters_of_every_plane_come_back),
	GP_TEST(control_characters_come_back),
	GP_TEST(texts_that_look_like_code_come_back),
	GP_TEST(user_ids_of_every_plane_are_known),
	GP_TEST(user_ids_that_look_like_code_are_known),
	{ NULL, NULL },
};
