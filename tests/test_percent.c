/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a query decoded, and what goes into a path encoded. */
#include "percent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* Decoded in room of exactly as many bytes, so that one too many is seen. */
static void
expect_decoded(const char *text, size_t length, const char *expected, size_t expected_length)
{
	char *room = malloc(length > 0 ? length : 1);
	char *copy = malloc(length > 0 ? length : 1);

	CU_ASSERT_FATAL(room != NULL && copy != NULL);
	gp_test_row("\"%.*s\" (%zu bytes)", (int)length, text, length);
	memcpy(copy, text, length);
	CU_ASSERT_EQUAL(gp_percent_decode_query(copy, length, room), expected_length);
	CU_ASSERT_EQUAL(memcmp(room, expected, expected_length), 0);
	free(copy);
	free(room);
}

#define TEXT(literal) literal, sizeof(literal) - 1

static void
decodes_names_and_values(void)
{
	static const struct {
		const char *text;
		size_t length;
		const char *expected;
		size_t expected_length;
	} rows[] = {
		{ TEXT(""), TEXT("") },
		{ TEXT("a"), TEXT("a") },
		{ TEXT("limit"), TEXT("limit") },
		{ TEXT("%41"), TEXT("A") },
		{ TEXT("%6C%69mit"), TEXT("limit") },
		{ TEXT("%6c%69mit"), TEXT("limit") },
		{ TEXT("%C3%A4"), TEXT("\xc3\xa4") },
		{ TEXT("%c3%a4"), TEXT("\xc3\xa4") },
		{ TEXT("%fF%Ff"), TEXT("\xff\xff") },
		{ TEXT("%00"), TEXT("\0") },
		{ TEXT("a%00b"), TEXT("a\0b") },
		{ TEXT("%0a%0D%7f"), TEXT("\n\r\x7f") },
		{ TEXT("+"), TEXT(" ") },
		{ TEXT("a+b+"), TEXT("a b ") },
		{ TEXT("%2B"), TEXT("+") },
		{ TEXT("%20"), TEXT(" ") },
		{ TEXT("%26%3D%3d"), TEXT("&==") },
		{ TEXT("a=b"), TEXT("a=b") },
		/* Once: what comes out is not decoded again. */
		{ TEXT("%2541"), TEXT("%41") },
		{ TEXT("%25"), TEXT("%") },
		{ TEXT("%252B"), TEXT("%2B") },
		{ TEXT("\xc3\xa4\x01\xff"), TEXT("\xc3\xa4\x01\xff") },
		{ TEXT("a\0b"), TEXT("a\0b") },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_decoded(
		    rows[i].text, rows[i].length, rows[i].expected, rows[i].expected_length);
}

/* As the Python that these APIs' clients know does it. */
static void
a_percent_sign_without_digits_stands_for_itself(void)
{
	static const struct {
		const char *text;
		size_t length;
		const char *expected;
		size_t expected_length;
	} rows[] = {
		{ TEXT("%"), TEXT("%") },
		{ TEXT("a%"), TEXT("a%") },
		{ TEXT("%4"), TEXT("%4") },
		{ TEXT("a%4"), TEXT("a%4") },
		{ TEXT("%%"), TEXT("%%") },
		{ TEXT("%%41"), TEXT("%A") },
		{ TEXT("%4%41"), TEXT("%4A") },
		{ TEXT("%g1"), TEXT("%g1") },
		{ TEXT("%1g"), TEXT("%1g") },
		{ TEXT("%G1%1G"), TEXT("%G1%1G") },
		{ TEXT("% 41"), TEXT("% 41") },
		{ TEXT("%+41"), TEXT("% 41") },
		{ TEXT("%-1"), TEXT("%-1") },
		{ TEXT("%0x"), TEXT("%0x") },
		{ TEXT("%/0"), TEXT("%/0") },
		{ TEXT("%:0"), TEXT("%:0") },
		{ TEXT("%@0"), TEXT("%@0") },
		{ TEXT("%`0"), TEXT("%`0") },
		{ TEXT("%\xff\xff"), TEXT("%\xff\xff") },
		{ TEXT("%\0"
		       "41"),
		    TEXT("%\0"
			 "41") },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_decoded(
		    rows[i].text, rows[i].length, rows[i].expected, rows[i].expected_length);
}

/* What stands behind the length is not looked at, were it the digits that are missing. */
static void
decodes_no_further_than_the_length(void)
{
	char room[4];

	CU_ASSERT_EQUAL(gp_percent_decode_query("%41", 1, room), 1);
	CU_ASSERT_EQUAL(room[0], '%');
	CU_ASSERT_EQUAL(gp_percent_decode_query("%41", 2, room), 2);
	CU_ASSERT_EQUAL(memcmp(room, "%4", 2), 0);
	CU_ASSERT_EQUAL(gp_percent_decode_query("%41", 3, room), 1);
	CU_ASSERT_EQUAL(room[0], 'A');
	CU_ASSERT_EQUAL(gp_percent_decode_query("%41", 0, room), 0);
}

static void
decodes_every_byte(void)
{
	for (int c = 0; c < 0x100; c++) {
		char upper[4], lower[4];
		const char byte = (char)c;

		snprintf(upper, sizeof(upper), "%%%02X", (unsigned)c);
		snprintf(lower, sizeof(lower), "%%%02x", (unsigned)c);
		expect_decoded(upper, 3, &byte, 1);
		expect_decoded(lower, 3, &byte, 1);
	}
}

/* In memory of exactly that size; NULL where it is to be refused. */
static void
expect_decoded_in_place(const char *text, const char *expected)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);
	bool decoded;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	gp_test_row("%s", text);
	memcpy(copy, text, size);
	decoded = gp_percent_decode(copy);
	CU_ASSERT_EQUAL(decoded, expected != NULL);
	if (decoded)
		CU_ASSERT(gp_test_same(copy, expected));
	free(copy);
}

static void
decodes_whole_texts_in_place(void)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "" },
		{ "a", "a" },
		{ "%41", "A" },
		{ "%41%42%43", "ABC" },
		{ "a%2Bb%3d", "a+b=" },
		{ "%c3%A4", "\xc3\xa4" },
		{ "%01%fF", "\x01\xff" },
		{ "\xff\x01", "\xff\x01" },
		/* A plus is none but in queries, and nothing is decoded twice. */
		{ "a+b", "a+b" },
		{ "%2541", "%41" },
		{ "%25%30%30", "%00" },
		/* Neither broken sequences nor an end inside of the text. */
		{ "%", NULL },
		{ "a%", NULL },
		{ "%4", NULL },
		{ "a%4", NULL },
		{ "%%", NULL },
		{ "%%41", NULL },
		{ "%4g", NULL },
		{ "%g4", NULL },
		{ "% 4", NULL },
		{ "%+4", NULL },
		{ "%0x", NULL },
		{ "%\xff\xff", NULL },
		{ "%00", NULL },
		{ "a%00b", NULL },
		{ "%41%0", NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_decoded_in_place(rows[i].text, rows[i].expected);
}

static void
expect_encoded(const char *path, const char *expected)
{
	struct gp_arena *arena = gp_arena_new();
	struct gp_buffer buffer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_test_row("\"%s\"", path);
	gp_buffer_init(&buffer, arena);
	gp_percent_encode_path(&buffer, path);
	gp_buffer_add_byte(&buffer, '\0');
	CU_ASSERT(gp_buffer_complete(&buffer));
	CU_ASSERT_STRING_EQUAL(buffer.bytes, expected);
	gp_arena_free(arena);
}

static void
encodes_what_may_not_stand_in_a_path(void)
{
	static const struct {
		const char *path, *encoded;
	} rows[] = {
		{ "", "" },
		{ "/", "/" },
		{ "/api/ada/tasks", "/api/ada/tasks" },
		{ "/api/a b/tasks", "/api/a%20b/tasks" },
		{ "/api/a+b/tasks", "/api/a%2Bb/tasks" },
		{ "/api/100%/tasks", "/api/100%25/tasks" },
		{ "/api/%41/tasks", "/api/%2541/tasks" },
		{ "/api/\xc3\xa4\xe2\x82\xac/tasks", "/api/%C3%A4%E2%82%AC/tasks" },
		{ "/a?b#c", "/a%3Fb%23c" },
		/* Neither may end the <...> of a Link field, nor the field. */
		{ "/a>; rel=\"evil\"", "/a%3E;%20rel=%22evil%22" },
		{ "/<a>", "/%3Ca%3E" },
		{ "/a\r\nb", "/a%0D%0Ab" },
		{ "\x01\x7f\x80\xff", "%01%7F%80%FF" },
		{ "%", "%25" },
		{ " ", "%20" },
		{ "a ", "a%20" },
		{ "  ", "%20%20" },
		{ "-._~/:@!$&()*,;=", "-._~/:@!$&()*,;=" },
		{ "'[]{}|\\^`", "%27%5B%5D%7B%7D%7C%5C%5E%60" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_encoded(rows[i].path, rows[i].encoded);
}

/* A path that is sent back as it was encoded is the same path. */
static void
what_is_encoded_decodes_to_itself(void)
{
	char path[0x100], room[3 * 0x100];
	struct gp_arena *arena = gp_arena_new();
	struct gp_buffer buffer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (int c = 1; c < 0x100; c++)
		path[c - 1] = (char)c;
	path[0xff] = '\0';
	gp_buffer_init(&buffer, arena);
	gp_percent_encode_path(&buffer, path);
	CU_ASSERT_FATAL(buffer.length <= sizeof(room));
	CU_ASSERT_EQUAL(gp_percent_decode_query(buffer.bytes, buffer.length, room), 0xff);
	CU_ASSERT_EQUAL(memcmp(room, path, 0xff), 0);
	for (size_t i = 0; i < buffer.length; i++)
		CU_ASSERT(buffer.bytes[i] > 0x20 && buffer.bytes[i] < 0x7f);
	gp_arena_free(arena);
}

static void
encodes_behind_what_is_there(void)
{
	struct gp_arena *arena = gp_arena_new();
	struct gp_buffer buffer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_buffer_init(&buffer, arena);
	gp_buffer_add_byte(&buffer, '<');
	gp_percent_encode_path(&buffer, "/a b");
	gp_percent_encode_path(&buffer, "");
	gp_percent_encode_path(&buffer, "/c");
	gp_buffer_add(&buffer, ">", 2);
	CU_ASSERT_STRING_EQUAL(buffer.bytes, "</a%20b/c>");
	gp_arena_free(arena);
}

/* Every byte, of which those of encodeURIComponent() stay, and a NUL counts like any other. */
static void
encodes_components_as_javascript_does(void)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "-_.!~*'()";
	struct gp_arena *arena = gp_arena_new();
	struct gp_buffer buffer;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (int c = 0; c < 0x100; c++) {
		const char text[2] = { (char)c, 'a' };
		char expected[8];

		if (c != 0 && strchr(plain, c) != NULL)
			snprintf(expected, sizeof(expected), "%ca", c);
		else
			snprintf(expected, sizeof(expected), "%%%02Xa", (unsigned)c);
		gp_test_row("byte %d", c);
		gp_buffer_init(&buffer, arena);
		gp_percent_encode_component(&buffer, text, 2);
		CU_ASSERT_EQUAL_FATAL(buffer.length, strlen(expected));
		CU_ASSERT_EQUAL(memcmp(buffer.bytes, expected, buffer.length), 0);
	}
	gp_buffer_init(&buffer, arena);
	gp_percent_encode_component(&buffer, "", 0);
	CU_ASSERT_EQUAL(buffer.length, 0);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_percent[] = {
	GP_TEST(decodes_names_and_values),
	GP_TEST(a_percent_sign_without_digits_stands_for_itself),
	GP_TEST(decodes_no_further_than_the_length),
	GP_TEST(decodes_every_byte),
	GP_TEST(decodes_whole_texts_in_place),
	GP_TEST(encodes_what_may_not_stand_in_a_path),
	GP_TEST(what_is_encoded_decodes_to_itself),
	GP_TEST(encodes_behind_what_is_there),
	GP_TEST(encodes_components_as_javascript_does),
	{ NULL, NULL },
};
