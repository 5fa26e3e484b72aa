/* SPDX-License-Identifier: Apache-2.0 */
/* Better Auth's text form of several secrets, and every way to get it wrong. */
#include "secret_list.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B32 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C32 "cccccccccccccccccccccccccccccccc"

static char text[16 * 1024];
static struct gp_secret_list list;

static const char *
read_list(const char *value)
{
	gp_test_row("%s", value);
	CU_ASSERT_FATAL(strlen(value) < sizeof(text));
	strcpy(text, value);
	memset(&list, 0xff, sizeof(list));
	return gp_secret_list_read(text, &list);
}

static void
expect_secret(size_t index, int64_t version, const char *secret)
{
	CU_ASSERT_FATAL(index < list.count);
	CU_ASSERT_STRING_EQUAL(list.secrets[index].bytes, secret);
	CU_ASSERT_EQUAL(list.secrets[index].length, strlen(secret));
	CU_ASSERT_EQUAL(list.secrets[index].version, version);
}

static void
reads_secrets_in_their_order(void)
{
	static const struct {
		const char *text;
		int64_t versions[3];
	} rows[] = {
		{ "2:" A32 ",1:" B32 ",0:" C32, { 2, 1, 0 } },
		/* Whatever their numbers: the first is the current one. */
		{ "0:" A32 ",7:" B32 ",3:" C32, { 0, 7, 3 } },
		{ "9223372036854775807:" A32 ",08:" B32 ",9:" C32, { INT64_MAX, 8, 9 } },
		/* Entries are trimmed. */
		{ " 2:" A32 " , 1:" B32 ",\t0:" C32 "\t ", { 2, 1, 0 } },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_PTR_NULL(read_list(rows[i].text));
		CU_ASSERT_EQUAL_FATAL(list.count, 3);
		expect_secret(0, rows[i].versions[0], A32);
		expect_secret(1, rows[i].versions[1], B32);
		expect_secret(2, rows[i].versions[2], C32);
	}
}

static void
reads_a_single_one(void)
{
	CU_ASSERT_PTR_NULL(read_list("1:" A32));
	CU_ASSERT_EQUAL_FATAL(list.count, 1);
	expect_secret(0, 1, A32);
}

/* Split at the first colon only. */
static void
a_secret_may_hold_anything_but_a_comma(void)
{
	static const char *const secrets[] = { ":" A32, A32 ":", "1:" A32, "a:b:c:" A32,
		"= # ' \" $HOME %41 \\n " A32,
		"pl\xc3\xa4tzchen-unter-\xe2\x82\xac-zeichen-und-mehr" };

	for (size_t i = 0; i < GP_COUNT(secrets); i++) {
		char value[256];

		snprintf(value, sizeof(value), "1:%s,2:" B32, secrets[i]);
		CU_ASSERT_PTR_NULL(read_list(value));
		CU_ASSERT_EQUAL_FATAL(list.count, 2);
		expect_secret(0, 1, secrets[i]);
		expect_secret(1, 2, B32);
	}
}

/* So Better Auth does; with a space more it would be another key. */
static void
trims_the_secret_behind_its_colon(void)
{
	CU_ASSERT_PTR_NULL(read_list("1: " A32 ",2:\t" B32 " "));
	CU_ASSERT_EQUAL_FATAL(list.count, 2);
	expect_secret(0, 1, A32);
	expect_secret(1, 2, B32);
	CU_ASSERT_PTR_NOT_NULL(read_list("1:                                    "));
}

static void
refuses_what_is_malformed_and_quotes_nothing_of_it(void)
{
	static const char *const texts[] = { "", " ", ",", A32, "hunter2", "hunter2:" A32, ":" A32,
		" :" A32, "1", "1:", "1: ", "1:short", "1:hunter2", "1" A32, "-1:" A32, "+1:" A32,
		"1.0:" A32, "1e3:" A32, "0x1:" A32, "v1:" A32, "1v:" A32,
		"9223372036854775808:" A32, "99999999999999999999999:" A32, "1:" A32 ",",
		","
		"1:" A32,
		"1:" A32 ",,2:" B32, "1:" A32 ",2", "1:" A32 ",2:", "1:" A32 "," B32,
		"1:" A32 ",2:hunter2", "1:" A32 ",x:" B32, "1:" A32 ",1:" B32, "1:" A32 ",01:" B32,
		"1:" A32 ",2:" B32 ",1:" A32, "1:" A32 ";2:" B32 ",", "1:" A32 "\n,2:x" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		const char *problem = read_list(texts[i]);

		CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
		CU_ASSERT(problem[0] != '\0');
		CU_ASSERT_PTR_NULL(strstr(problem, "hunter2"));
		CU_ASSERT_PTR_NULL(strstr(problem, A32));
		CU_ASSERT_PTR_NULL(strchr(problem, '\n'));
	}
}

static void
counts_characters_and_not_bytes(void)
{
	static const struct {
		const char *text;
		bool fits;
	} rows[] = {
		{ "", false },
		{ "1234567890123456789012345678901", false },
		{ "12345678901234567890123456789012", true },
		{ "123456789012345678901234567890\xe2\x82\xac", false },
		{ "1234567890123456789012345678901\xe2\x82\xac", true },
		{ "1234567890123456789012345678901\xf0\x9f\x98\x80", true },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char value[64];

		gp_test_row("%s", rows[i].text);
		CU_ASSERT_EQUAL(gp_secret_fits(rows[i].text), rows[i].fits);
		snprintf(value, sizeof(value), "1:%s", rows[i].text);
		CU_ASSERT_EQUAL(read_list(value) == NULL, rows[i].fits);
	}
}

static void
limits_length_and_number(void)
{
	char value[2048] = "1:";
	char many[1024] = "";

	memset(value + 2, 's', GP_SECRET_CHARACTERS_MAX + 1);
	value[2 + GP_SECRET_CHARACTERS_MAX + 1] = '\0';
	CU_ASSERT_PTR_NOT_NULL(read_list(value));
	CU_ASSERT_FALSE(gp_secret_fits(value + 2));
	value[2 + GP_SECRET_CHARACTERS_MAX] = '\0';
	CU_ASSERT_PTR_NULL(read_list(value));
	CU_ASSERT(gp_secret_fits(value + 2));
	for (int i = 0; i < GP_SECRET_ENTRIES_MAX; i++) {
		size_t length = strlen(many);

		snprintf(many + length, sizeof(many) - length, "%s%d:" A32, i > 0 ? "," : "", i);
	}
	CU_ASSERT_PTR_NULL(read_list(many));
	CU_ASSERT_EQUAL(list.count, GP_SECRET_ENTRIES_MAX);
	strcat(many, ",99:" A32);
	CU_ASSERT_PTR_NOT_NULL(read_list(many));
}

static void
knows_what_could_be_guessed(void)
{
	static const struct {
		const char *text;
		bool guessable;
	} rows[] = {
		{ "", true },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    true },
		{ "passwordpasswordpasswordpassword", true }, /* 32 of seven: 89.8 bits */
		{ GP_SECRET_OF_EXAMPLES, true }, { GP_SECRET_OF_EXAMPLES "x", false },
		/* 40 of eight are 120 bits, one fewer are not. */
		{ "abcdefghabcdefghabcdefghabcdefghabcdefgh", false },
		{ "abcdefghabcdefghabcdefghabcdefghabcdefg", true },
		/* The same in characters of two, three and four bytes; of the last each counts for
		 * two. */
		{ "\xc3\xa4"
		  "bcdefgh\xc3\xa4"
		  "bcdefgh\xc3\xa4"
		  "bcdefgh\xc3\xa4"
		  "bcdefgh\xc3\xa4"
		  "bcdefg",
		    true },
		{ "\xe2\x82\xac"
		  "bcdefghabcdefghabcdefghabcdefghabcdefg",
		    false },
		{ "\xf0\x9f\x8c\xb1"
		  "bcdefgh\xf0\x9f\x8c\xb1"
		  "bcdefgh"
		  "bcdefghbcdefghbcdefgh",
		    true },
		{ "3f9d0c1be2a74586f10d9c8b7a6e5f43", false }, /* openssl rand -hex 16: 128 bits */
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].text);
		CU_ASSERT_EQUAL(gp_secret_is_guessable(rows[i].text), rows[i].guessable);
	}
}

const struct gp_test gp_tests_secret_list[] = {
	GP_TEST(reads_secrets_in_their_order),
	GP_TEST(reads_a_single_one),
	GP_TEST(a_secret_may_hold_anything_but_a_comma),
	GP_TEST(trims_the_secret_behind_its_colon),
	GP_TEST(refuses_what_is_malformed_and_quotes_nothing_of_it),
	GP_TEST(counts_characters_and_not_bytes),
	GP_TEST(limits_length_and_number),
	GP_TEST(knows_what_could_be_guessed),
	{ NULL, NULL },
};
