/* SPDX-License-Identifier: Apache-2.0 */
/* Tags as they are made, and as clients send them back: lists, weak ones, and what servers put in.
 */
#include "entity_tag.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* Bytes of a digest's tag, with its quotes. */
enum { DIGEST_TAG_LENGTH = 24 };

static void
makes_tags_of_versions(void)
{
	static const struct {
		int64_t version;
		const char *tag;
	} rows[] = {
		{ 1, "\"1\"" },
		{ 0, "\"0\"" },
		{ 10, "\"10\"" },
		{ INT64_C(999999999999999999), "\"999999999999999999\"" },
		{ INT64_MAX, "\"9223372036854775807\"" },
		{ INT64_MIN, "\"-9223372036854775808\"" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char tag[GP_ENTITY_TAG_SIZE];

		memset(tag, 'x', sizeof(tag));
		gp_test_row("%s", rows[i].tag);
		gp_entity_tag_of_version(rows[i].version, tag);
		CU_ASSERT_STRING_EQUAL(tag, rows[i].tag);
	}
}

/* The first 16 bytes of what `printf … | openssl dgst -sha256 -binary | base64` says. */
static void
makes_tags_of_bytes(void)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *tag;
	} rows[] = {
		{ "", 0, "\"47DEQpj8HBSa-_TImW-5JA\"" },
		{ "[]", 2, "\"T1PNoYwrqgwDVLtfmj7L5Q\"" },
		{ "abc", 3, "\"ungWv48Bz-pBQUDeXa4iIw\"" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char tag[GP_ENTITY_TAG_SIZE];

		memset(tag, 'x', sizeof(tag));
		gp_test_row("\"%s\"", rows[i].bytes);
		CU_ASSERT(gp_entity_tag_of_bytes(rows[i].bytes, rows[i].length, tag));
		CU_ASSERT_STRING_EQUAL(tag, rows[i].tag);
	}
}

static void
other_bytes_have_other_tags(void)
{
	enum { COUNT = 64 };
	char tags[COUNT][GP_ENTITY_TAG_SIZE];
	char bytes[COUNT] = { 0 };

	for (size_t i = 0; i < COUNT; i++) {
		CU_ASSERT(gp_entity_tag_of_bytes(bytes, i, tags[i]));
		CU_ASSERT_EQUAL(strlen(tags[i]), DIGEST_TAG_LENGTH);
		for (size_t j = 0; j < i; j++)
			CU_ASSERT_STRING_NOT_EQUAL(tags[i], tags[j]);
	}
}

struct list_row {
	const char *field; /* NULL: not sent */
	bool is_in;
};

static void
expect_in(const char *tag, const struct list_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		gp_test_row("%s in %s", tag, rows[i].field != NULL ? rows[i].field : "no field");
		CU_ASSERT_EQUAL(gp_entity_tag_is_in(rows[i].field, tag), rows[i].is_in);
	}
}

static void
finds_a_tag_in_a_list(void)
{
	static const struct list_row rows[] = {
		{ "\"7\"", true },
		{ " \"7\" ", true },
		{ "\t\"7\"\t", true },
		{ "\"6\", \"7\"", true },
		{ "\"7\", \"8\"", true },
		{ "\"6\",\"7\",\"8\"", true },
		{ ",,\"6\" , ,\"7\",", true },
		{ "\"\", \"7\"", true },
		/* A comma inside of quotes parts nothing. */
		{ "\"a,b\", \"7\"", true },
		{ "\"6,7\"", false },
		{ "\"6,\"7\",\"8\"", false },
		{ "\"6\", \"8\"", false },
		{ "\"77\"", false },
		{ "\"17\"", false },
		{ "\"70\"", false },
		{ "\"07\"", false },
		{ "\" 7\"", false },
		{ "\"7 \"", false },
		{ "\"+7\"", false },
		{ "\"\"", false },
		{ "", false },
		{ " ", false },
		{ ",", false },
		{ NULL, false },
	};

	expect_in("\"7\"", rows, GP_COUNT(rows));
}

/* RFC 9110 section 13.1.2: weakly, W/ makes no difference. */
static void
compares_weakly(void)
{
	static const struct list_row rows[] = {
		{ "W/\"7\"", true },
		{ "W/\"6\", W/\"7\"", true },
		{ "\"6\",W/\"7\"", true },
		{ " W/\"7\"", true },
		{ "W/\"6\"", false },
		/* Case counts, and the three stand together. */
		{ "w/\"7\"", false },
		{ "W\"7\"", false },
		{ "W/ \"7\"", false },
		{ "W /\"7\"", false },
		{ "W/W/\"7\"", false },
		{ "W/", false },
		{ "W", false },
		{ "W/\"", false },
	};

	expect_in("\"7\"", rows, GP_COUNT(rows));
}

static void
a_star_is_any_tag(void)
{
	static const struct list_row rows[] = {
		{ "*", true },
		{ " *", true },
		{ "*\t", true },
		{ " \t* \t", true },
		/* With company it is no star any more, and no list either. */
		{ "*, \"6\"", false },
		{ "\"6\", *", false },
		{ "**", false },
		{ "*x", false },
		{ "\"*\"", false },
		{ "W/*", false },
	};

	expect_in("\"7\"", rows, GP_COUNT(rows));
	expect_in("\"47DEQpj8HBSa-_TImW-5JA\"", rows, GP_COUNT(rows));
}

/* What was read before a list breaks off counts; what follows does not. */
static void
stops_where_a_list_is_none_any_more(void)
{
	static const struct list_row rows[] = {
		{ "7", false },
		{ "'7'", false },
		{ "\"7", false },
		{ "7\"", false },
		{ "\"6\", 7", false },
		{ "6, \"7\"", false },
		{ "\"6\" x, \"7\"", false },
		{ "\"6\"; \"7\"", false },
		{ "\"6\", \"7", false },
		{ "\"7\", \"6", true },
		{ "\"7\" x", true },
		{ "\"7\"x", true },
		{ "\"6\"\"7\"", true },
		{ "\\\"7\\\"", false },
		{ "<\"7\">", false },
	};

	expect_in("\"7\"", rows, GP_COUNT(rows));
}

/* Apache's mod_deflate and lighttpd's compression say so inside the tag. */
static void
overlooks_the_mark_of_a_coding(void)
{
	static const struct list_row rows[] = {
		{ "\"7-gzip\"", true },
		{ "\"7-br\"", true },
		{ "\"7-zstd\"", true },
		{ "\"7-deflate\"", true },
		{ "\"7-bzip2\"", true },
		{ "W/\"7-gzip\"", true },
		{ "\"6-gzip\", \"7-gzip\"", true },
		{ "\"17-gzip\"", false },
		{ "\"-gzip\"", false },
		{ "\"7-gzip-gzip\"", false },
		{ "\"7-GZIP\"", false },
		{ "\"7-gzi\"", false },
		{ "\"7gzip\"", false },
		{ "\"7-gzip \"", false },
		{ "\"7-lzma\"", false },
		{ "\"7-\"", false },
		{ "\"7;gzip\"", false },
	};

	expect_in("\"7\"", rows, GP_COUNT(rows));
}

/* A digest may end in what looks like a mark; it is compared as a whole first. */
static void
takes_no_part_of_a_digest_for_a_mark(void)
{
	static const struct list_row rows[] = {
		{ "\"abcdefghijklmnopqrs-br\"", true },
		{ "\"abcdefghijklmnopqrs-br-br\"", true },
		{ "\"abcdefghijklmnopqrs-br-gzip\"", true },
		{ "\"abcdefghijklmnopqrs\"", false },
		{ "\"abcdefghijklmnopqrs-gzip\"", false },
	};
	static const struct list_row shorter[] = {
		{ "\"abcdefghijklmnopqrs-br\"", true },
		{ "\"abcdefghijklmnopqrs\"", true },
	};

	expect_in("\"abcdefghijklmnopqrs-br\"", rows, GP_COUNT(rows));
	expect_in("\"abcdefghijklmnopqrs\"", shorter, GP_COUNT(shorter));
}

/* The array that a field gives; "*" where it is left empty. */
static void
expect_versions(const char *field, const char *array)
{
	struct gp_arena *arena = gp_arena_new();
	struct gp_buffer text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_test_row("%.200s", field);
	gp_buffer_init(&text, arena);
	gp_entity_tag_versions(field, &text);
	CU_ASSERT(gp_buffer_complete(&text));
	if (strcmp(array, "*") == 0) {
		CU_ASSERT_EQUAL(text.length, 0);
	} else {
		CU_ASSERT_EQUAL_FATAL(text.length, strlen(array) + 1);
		CU_ASSERT_STRING_EQUAL(text.bytes, array);
	}
	gp_arena_free(arena);
}

static void
reads_the_versions_of_a_condition(void)
{
	static const struct {
		const char *field, *array;
	} rows[] = {
		{ "\"7\"", "{7}" },
		{ "\"7\",\"9\"", "{7,9}" },
		{ " \"7\" ,\t\"9\" ", "{7,9}" },
		{ ",,\"7\",,\"9\",", "{7,9}" },
		{ "\"9\",\"7\",\"9\"", "{9,7,9}" },
		{ "\"0\"", "{0}" },
		{ "\"7-gzip\", \"9-br\", \"11-zstd\"", "{7,9,11}" },
		/* The same number in other characters is another tag. */
		{ "\"07\", \"00\", \"000000000000000009\", \"7\"", "{7}" },
		/* Ours are numbers; others may stand between them. */
		{ "\"x\", \"7\"", "{7}" },
		{ "\"7\", \"47DEQpj8HBSa-_TImW-5JA\", \"9\"", "{7,9}" },
		{ "\"\", \"7\"", "{7}" },
		{ "\"7,9\", \"1\"", "{1}" },
		{ "\"a,\", \"1\"", "{1}" },
		{ "\"7}\"", "{}" },
		{ "\"{7}\"", "{}" },
		{ "\"7\", \"1){drop\"", "{7}" },
		{ "\"NULL\"", "{}" },
		{ "\"-7\", \"+7\", \" 7\", \"7 \", \"0x7\", \"7.0\", \"7e0\", \"1_0\"", "{}" },
		{ "\"7-gzip-gzip\"", "{}" },
		{ "\"-gzip\"", "{}" },
		{ "\"\xd9\xa7\"", "{}" },
		/* None of ours: no version satisfies that. */
		{ "", "{}" },
		{ " ", "{}" },
		{ "7", "{}" },
		{ "\"7", "{}" },
		{ "'7'", "{}" },
		{ "\"7\", \"9", "{7}" },
		{ "\"7\" 9 \"11\"", "{7}" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_versions(rows[i].field, rows[i].array);
}

/* RFC 9110 section 13.1.1: strongly, a weak tag is like no other. */
static void
counts_no_weak_tags_in_a_condition(void)
{
	static const struct {
		const char *field, *array;
	} rows[] = {
		{ "W/\"7\"", "{}" },
		{ "W/\"7\", \"9\"", "{9}" },
		{ "\"7\", W/\"9\", \"11\"", "{7,11}" },
		{ "W/\"7-gzip\"", "{}" },
		{ "w/\"7\", \"9\"", "{}" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_versions(rows[i].field, rows[i].array);
}

static void
a_star_is_any_version(void)
{
	static const struct {
		const char *field, *array;
	} rows[] = {
		{ "*", "*" },
		{ " * ", "*" },
		{ "*,\"7\"", "{}" },
		{ "\"7\",*", "{7}" },
		{ "\"*\"", "{}" },
		{ "**", "{}" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_versions(rows[i].field, rows[i].array);
}

/* PostgreSQL refuses a whole array for one number that fits no bigint. */
static void
leaves_out_numbers_that_no_version_has(void)
{
	static const struct {
		const char *field, *array;
	} rows[] = {
		{ "\"999999999999999999\"", "{999999999999999999}" },
		{ "\"1000000000000000000\"", "{}" },
		{ "\"9223372036854775807\"", "{}" },
		{ "\"9223372036854775808\"", "{}" },
		{ "\"99999999999999999999999999999999\", \"7\"", "{7}" },
		{ "\"999999999999999999-gzip\"", "{999999999999999999}" },
		{ "\"1000000000000000000-gzip\"", "{}" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_versions(rows[i].field, rows[i].array);
}

/* As long as any web server lets a head be, and longer. */
static void
reads_lists_of_any_length(void)
{
	enum { COUNT = 20000 };
	char *field = malloc(COUNT * 4 + 1);
	char *array = malloc(COUNT * 2 + 2);

	CU_ASSERT_FATAL(field != NULL && array != NULL);
	for (size_t i = 0; i < COUNT; i++) {
		memcpy(field + i * 4, "\"7\",", 4);
		memcpy(array + i * 2, i == 0 ? "{7" : ",7", 2);
	}
	field[COUNT * 4] = '\0';
	memcpy(array + COUNT * 2, "}", 2);
	expect_versions(field, array);
	CU_ASSERT(gp_entity_tag_is_in(field, "\"7\""));
	CU_ASSERT_FALSE(gp_entity_tag_is_in(field, "\"8\""));
	free(field);
	free(array);
}

const struct gp_test gp_tests_entity_tag[] = {
	GP_TEST(makes_tags_of_versions),
	GP_TEST(makes_tags_of_bytes),
	GP_TEST(other_bytes_have_other_tags),
	GP_TEST(finds_a_tag_in_a_list),
	GP_TEST(compares_weakly),
	GP_TEST(a_star_is_any_tag),
	GP_TEST(stops_where_a_list_is_none_any_more),
	GP_TEST(overlooks_the_mark_of_a_coding),
	GP_TEST(takes_no_part_of_a_digest_for_a_mark),
	GP_TEST(reads_the_versions_of_a_condition),
	GP_TEST(counts_no_weak_tags_in_a_condition),
	GP_TEST(a_star_is_any_version),
	GP_TEST(leaves_out_numbers_that_no_version_has),
	GP_TEST(reads_lists_of_any_length),
	{ NULL, NULL },
};
