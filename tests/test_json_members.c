/* SPDX-License-Identifier: Apache-2.0 */
/* What members are read as, and that the same texts are taken as by gp_json_parse(). */
#include "json_members.h"

#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

struct taken {
	const char *text;
	enum gp_json_kind kind; /* of the member "sub" */
	const char *value;
	double number;
};

static enum gp_json_reading
read_member(struct gp_arena *arena, const char *text, struct gp_json_member *member)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	enum gp_json_reading outcome;

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	*member = (struct gp_json_member){ .name = "sub", .kind = GP_JSON_OBJECT, .text = "old" };
	outcome = gp_json_read_members(reader, arena, text, strlen(text), member, 1);
	gp_json_reader_free(reader);
	return outcome;
}

static void
reads_a_member_of_each_kind(void)
{
	static const struct taken rows[] = {
		{ "{}", GP_JSON_ABSENT, NULL, 0 },
		{ "{\"su\":1,\"subs\":2,\"Sub\":3,\"\":4}", GP_JSON_ABSENT, NULL, 0 },
		{ "{\"sub\":\"ann\"}", GP_JSON_STRING, "ann", 0 },
		{ " {\t\"sub\" :\r\n \"ann\" , \"x\":[1] } ", GP_JSON_STRING, "ann", 0 },
		{ "{\"sub\":\"\"}", GP_JSON_STRING, "", 0 },
		{ "{\"sub\":\" \\t \"}", GP_JSON_STRING, " \t ", 0 },
		{ "{\"sub\":\"\\u0061\\\"\\\\\\ud83d\\ude00\"}", GP_JSON_STRING,
		    "a\"\\\xf0\x9f\x98\x80", 0 },
		{ "{\"sub\":\"J\xc3\xbcrgen\"}", GP_JSON_STRING, "J\xc3\xbcrgen", 0 },
		{ "{\"s\\u0075b\":\"ann\"}", GP_JSON_STRING, "ann", 0 },
		{ "{\"x\":{\"sub\":\"bob\"},\"sub\":\"ann\"}", GP_JSON_STRING, "ann", 0 },
		{ "{\"x\":{\"sub\":\"bob\"}}", GP_JSON_ABSENT, NULL, 0 },
		{ "{\"x\":\"\\\"sub\\\":1\",\"sub\":2}", GP_JSON_NUMBER, "2", 2 },
		{ "{\"sub\":0}", GP_JSON_NUMBER, "0", 0 },
		{ "{\"sub\":1795308703}", GP_JSON_NUMBER, "1795308703", 1795308703 },
		{ "{\"sub\":999999999999999 }", GP_JSON_NUMBER, "999999999999999",
		    999999999999999 },
		{ "{\"sub\":9007199254740993}", GP_JSON_NUMBER, "9007199254740993",
		    9007199254740992 },
		{ "{\"sub\":-5}", GP_JSON_NUMBER, "-5", -5 },
		{ "{\"sub\":1.5}", GP_JSON_NUMBER, "1.5", 1.5 },
		{ "{\"sub\":1e3}", GP_JSON_NUMBER, "1e3", 1000 },
		{ "{\"sub\":1e999}", GP_JSON_NUMBER, "1e999", INFINITY },
		{ "{\"sub\":null}", GP_JSON_NULL, "null", 0 },
		{ "{\"sub\":true}", GP_JSON_BOOL, "true", 0 },
		{ "{\"sub\":false}", GP_JSON_BOOL, "false", 0 },
		{ "{\"sub\":[\"a\", \"b\"] }", GP_JSON_ARRAY, "[\"a\", \"b\"]", 0 },
		{ "{\"sub\":{\"sub\":{}}}", GP_JSON_OBJECT, "{\"sub\":{}}", 0 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_arena *arena = gp_arena_new();
		struct gp_json_member member;

		gp_test_row("%s", rows[i].text);
		CU_ASSERT_EQUAL(read_member(arena, rows[i].text, &member), GP_JSON_READ);
		CU_ASSERT_EQUAL(member.kind, rows[i].kind);
		CU_ASSERT_EQUAL(member.number, rows[i].number);
		if (rows[i].value == NULL) {
			CU_ASSERT_PTR_NULL(member.text);
		} else {
			CU_ASSERT_PTR_NOT_NULL_FATAL(member.text);
			CU_ASSERT_STRING_EQUAL(member.text, rows[i].value);
			CU_ASSERT_EQUAL(member.length, strlen(rows[i].value));
		}
		gp_arena_free(arena);
	}
}

static void
refuses_what_is_no_object_without_doubles(void)
{
	static const char *const texts[] = {
		"",
		" ",
		"{",
		"}",
		"null",
		"1",
		"\"sub\"",
		"[]",
		"[{\"sub\":1}]",
		"{} {}",
		"{},",
		"{}x",
		"{\"sub\"}",
		"{\"sub\":}",
		"{\"sub\" 1}",
		"{\"sub\":1,}",
		"{,}",
		"{\"sub\":1 \"x\":2}",
		"{sub:1}",
		"{'sub':1}",
		"{\"sub\":'a'}",
		"{\"sub\":NaN}",
		"{\"sub\":01}",
		"{\"sub\":1.}",
		"{\"sub\":+1}",
		"{\"sub\":\"a\nb\"}",
		"{\"sub\":\"\\u0000\"}",
		"{\"a\\u0000\":1}",
		"{\"sub\":\"\\ud800\"}",
		"{\"sub\":\"\xc0\x80\"}",
		"{\"sub\":\"a",
		"{\"sub\":[}",
		"{\"sub\":tru}",
		"{\"sub\":1,\"sub\":1}",
		"{\"sub\":1,\"s\\u0075b\":1}",
		"{\"x\":1,\"x\":1}",
		"{\"\":1,\"\":1}",
		"{\"x\":1,\"\\u0078\":1}",
		"{\"x\":{\"y\":1,\"y\":1}}",
		"{\"sub\":[{\"y\":1,\"\\u0079\":1}]}",
	};

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		struct gp_arena *arena = gp_arena_new();
		struct gp_json_member member;

		gp_test_row("%s", texts[i]);
		CU_ASSERT_EQUAL(read_member(arena, texts[i], &member), GP_JSON_NO_OBJECT);
		gp_arena_free(arena);
	}
}

/* As many names as tokens have, one more, and many more: the last one twice, or not. */
static void
finds_doubles_among_many_names(void)
{
	static const int counts[] = { 2, 31, 32, 33, 34, 500 };

	for (size_t i = 0; i < GP_COUNT(counts); i++) {
		for (int last = counts[i] - 1; last <= counts[i]; last++) {
			struct gp_arena *arena = gp_arena_new();
			struct gp_json_member member;
			char text[8192] = "{";
			size_t length = 1;

			for (int name = 1; name <= counts[i]; name++)
				length += (size_t)snprintf(text + length, sizeof(text) - length,
				    "\"n%d\":1,", name < counts[i] ? name : last);
			text[length - 1] = '}';
			gp_test_row("%d names, the last one n%d", counts[i], last);
			CU_ASSERT_EQUAL(read_member(arena, text, &member),
			    last == counts[i] ? GP_JSON_READ : GP_JSON_NO_OBJECT);
			gp_arena_free(arena);
		}
	}
}

static void
is_as_deep_as_other_json(void)
{
	for (int depth = GP_JSON_DEPTH - 1; depth <= GP_JSON_DEPTH + 1; depth++) {
		struct gp_arena *arena = gp_arena_new();
		struct gp_json_member member;
		char text[128] = "{\"sub\":";

		for (int i = 1; i < depth; i++)
			strcat(text, "[");
		for (int i = 1; i < depth; i++)
			strcat(text, "]");
		strcat(text, "}");
		gp_test_row("%d levels", depth);
		CU_ASSERT_EQUAL(read_member(arena, text, &member),
		    depth <= GP_JSON_DEPTH ? GP_JSON_READ : GP_JSON_NO_OBJECT);
		gp_arena_free(arena);
	}
}

const struct gp_test gp_tests_json_members[] = {
	GP_TEST(reads_a_member_of_each_kind),
	GP_TEST(refuses_what_is_no_object_without_doubles),
	GP_TEST(finds_doubles_among_many_names),
	GP_TEST(is_as_deep_as_other_json),
	{ NULL, NULL },
};
