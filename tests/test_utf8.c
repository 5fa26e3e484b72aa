/* SPDX-License-Identifier: Apache-2.0 */
/* Every character there is, and what is none, against an encoder of the test's own. */
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* A code point in as few bytes as it takes, surrogates too (RFC 3629 section 3, its table alone).
 */
static size_t
encode(unsigned long code, char bytes[4])
{
	if (code < 0x80) {
		bytes[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | code >> 18);
	bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

static bool
is_surrogate(unsigned long code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

/* Counted, because an assertion for each would take longer than all else. */
static void
knows_every_character(void)
{
	unsigned long wrong = 0;

	for (unsigned long code = 0; code <= 0x1fffff; code++) {
		bool is_one = code <= 0x10ffff && !is_surrogate(code);
		char bytes[5] = "";
		size_t length = encode(code, bytes);

		wrong += gp_utf8_character(bytes, length) != (is_one ? length : 0);
		wrong += gp_utf8_character(bytes, 5) != (is_one ? length : 0);
		wrong += gp_utf8_is_valid(bytes, length) != is_one;
		wrong += is_one && gp_utf8_count(bytes, length) != 1;
		wrong += is_one && gp_utf8_utf16_length(bytes, length) != (code > 0xffff ? 2 : 1);
		for (size_t left = 0; left < length; left++)
			wrong += gp_utf8_character(bytes, left) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

/* The code point that bytes would stand for, were there no rules; and how many of them. */
static unsigned long
decode(const unsigned char *bytes, size_t *length)
{
	unsigned long code;

	*length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	code = bytes[0] & (0xffU >> (*length + 1));
	for (size_t i = 1; i < *length; i++)
		code = code << 6 | (bytes[i] & 0x3f);
	return code;
}

/* What four bytes begin with is a character exactly when it is how one is encoded. */
static size_t
expected_length(const char *bytes)
{
	const unsigned char first = (unsigned char)bytes[0];
	unsigned long code;
	char again[4];
	size_t length;

	if (first < 0x80)
		return 1;
	if (first < 0xc0 || first > 0xf7)
		return 0;
	code = decode((const unsigned char *)bytes, &length);
	if (code > 0x10ffff || is_surrogate(code) || encode(code, again) != length)
		return 0;
	return memcmp(bytes, again, length) == 0 ? length : 0;
}

/* All leads with all second bytes, and with those behind them that are at a border. */
static void
knows_what_is_no_character(void)
{
	static const unsigned char borders[] = { 0x00, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xff };
	unsigned long wrong = 0;

	for (unsigned two = 0; two < 0x10000; two++) {
		for (size_t i = 0; i < GP_COUNT(borders); i++) {
			for (size_t j = 0; j < GP_COUNT(borders); j++) {
				const char bytes[] = { (char)(two >> 8), (char)two,
					(char)borders[i], (char)borders[j] };

				wrong += gp_utf8_character(bytes, 4) != expected_length(bytes);
			}
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

#define TEXT(literal) literal, sizeof(literal) - 1

/* The best known ways to be no UTF-8, by name. */
static void
judges_whole_texts(void)
{
	static const struct {
		const char *bytes;
		size_t length;
		bool valid;
	} rows[] = {
		{ TEXT(""), true },
		{ TEXT("plain"), true },
		{ TEXT("a\0b"), true },
		{ TEXT("\x01\x7f"), true },
		{ TEXT("\xc2\x80\xdf\xbf"), true },
		{ TEXT("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"), true },
		{ TEXT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), true },
		{ TEXT("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"), true },
		{ TEXT("\xef\xbb\xbf"), true },
		{ TEXT("\x80"), false },
		{ TEXT("\xbf"), false },
		{ TEXT("\xc0\x80"), false },
		{ TEXT("\xc1\xbf"), false },
		{ TEXT("\xc0\xaf"), false },
		{ TEXT("\xe0\x80\xaf"), false },
		{ TEXT("\xe0\x9f\xbf"), false },
		{ TEXT("\xed\xa0\x80"), false },
		{ TEXT("\xed\xbf\xbf"), false },
		{ TEXT("\xed\xa0\xbd\xed\xb8\x80"), false },
		{ TEXT("\xf0\x80\x80\x80"), false },
		{ TEXT("\xf0\x8f\xbf\xbf"), false },
		{ TEXT("\xf4\x90\x80\x80"), false },
		{ TEXT("\xf5\x80\x80\x80"), false },
		{ TEXT("\xf8\x88\x80\x80\x80"), false },
		{ TEXT("\xfe\xff"), false },
		{ TEXT("\xff"), false },
		{ TEXT("\xc3"), false },
		{ TEXT("\xe2\x82"), false },
		{ TEXT("\xf0\x9f\x98"), false },
		{ TEXT("\xc3\xa4\xc3"), false },
		{ TEXT("\xc3\x28"), false },
		{ TEXT("\xe2\x28\xa1"), false },
		{ TEXT("\xf0\x28\x8c\xbc"), false },
		{ TEXT("\xc3\xa4\xa4"), false },
		{ TEXT("plain\xff"), false },
		{ TEXT("\xffplain"), false },
		{ TEXT("a\0\xff"), false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("row %zu, %zu bytes", i, rows[i].length);
		CU_ASSERT_EQUAL(gp_utf8_is_valid(rows[i].bytes, rows[i].length), rows[i].valid);
	}
}

/* In memory of exactly that size, where a read past the end is seen. */
static void
reads_no_further_than_the_length(void)
{
	static const char text[] = "\xf0\x9f\x98\x80";

	for (size_t length = 1; length < sizeof(text) - 1; length++) {
		char *bytes = malloc(length);

		CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
		memcpy(bytes, text, length);
		CU_ASSERT_EQUAL(gp_utf8_character(bytes, length), 0);
		CU_ASSERT_FALSE(gp_utf8_is_valid(bytes, length));
		free(bytes);
	}
	CU_ASSERT_EQUAL(gp_utf8_character(text, 0), 0);
	CU_ASSERT(gp_utf8_is_valid("\xff", 0));
	CU_ASSERT_EQUAL(gp_utf8_count("\xff", 0), 0);
	CU_ASSERT_EQUAL(gp_utf8_utf16_length("\xff", 0), 0);
}

static void
counts_characters(void)
{
	static const struct {
		const char *bytes;
		size_t length;
		int64_t count;
	} rows[] = {
		{ TEXT(""), 0 },
		{ TEXT("a"), 1 },
		{ TEXT("a\0b"), 3 },
		{ TEXT("\xc3\xa4"), 1 },
		{ TEXT("\xe2\x82\xac"), 1 },
		{ TEXT("\xf0\x9f\x98\x80"), 1 },
		{ TEXT("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"), 5 },
		/* Code points, not what is seen: a letter and its accent are two. */
		{ TEXT("e\xcc\x81"), 2 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("row %zu, %zu bytes", i, rows[i].length);
		CU_ASSERT_EQUAL(gp_utf8_count(rows[i].bytes, rows[i].length), rows[i].count);
	}
}

static void
counts_utf16_code_units(void)
{
	static const struct {
		const char *bytes;
		size_t length;
		int64_t units;
	} rows[] = {
		{ TEXT(""), 0 },
		{ TEXT("password"), 8 },
		{ TEXT("a\0b"), 3 },
		{ TEXT("\xc3\xa4"), 1 },
		{ TEXT("\xe2\x82\xac"), 1 },
		{ TEXT("\xef\xbf\xbf"), 1 },
		{ TEXT("\xf0\x90\x80\x80"), 2 },
		/* Four ligatures are four, four emoji eight. */
		{ TEXT("\xef\xac\x83\xef\xac\x83\xef\xac\x83\xef\xac\x83"), 4 },
		{ TEXT("\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"), 8 },
		{ TEXT("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"), 6 },
		{ TEXT("e\xcc\x81"), 2 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("row %zu, %zu bytes", i, rows[i].length);
		CU_ASSERT_EQUAL(gp_utf8_utf16_length(rows[i].bytes, rows[i].length), rows[i].units);
	}
}

const struct gp_test gp_tests_utf8[] = {
	GP_TEST(knows_every_character),
	GP_TEST(knows_what_is_no_character),
	GP_TEST(judges_whole_texts),
	GP_TEST(reads_no_further_than_the_length),
	GP_TEST(counts_characters),
	GP_TEST(counts_utf16_code_units),
	{ NULL, NULL },
};
