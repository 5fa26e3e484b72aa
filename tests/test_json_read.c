/* SPDX-License-Identifier: Apache-2.0 */
/* A body against its table: what is read, what is a fault, and that all faults come at once. */
#include "json_read.h"

#include <string.h>

#include "unit.h"

enum field { TITLE, NOTE, DONE, FIELD_COUNT };

static const struct gp_field fields[FIELD_COUNT] = {
	[TITLE] = { .name = "title",
	    .type = GP_FIELD_TEXT,
	    .required = true,
	    .least = 1,
	    .most = 5 },
	[NOTE] = { .name = "note",
	    .type = GP_FIELD_TEXT,
	    .nullable = true,
	    .least = 0,
	    .most = 10 },
	[DONE] = { .name = "done", .type = GP_FIELD_BOOL },
};

static struct gp_arena *arena;
static struct gp_value values[FIELD_COUNT];
static struct gp_faults faults;

static enum gp_outcome
read_bytes(const char *body, size_t length)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	enum gp_outcome outcome;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	faults.count = 0;
	memset(values, 0xff, sizeof(values));
	outcome = gp_json_read(arena, reader, body, length, fields, FIELD_COUNT, values, &faults);
	/* What was read must not depend on it. */
	gp_json_reader_free(reader);
	return outcome;
}

static void
read_body(const char *body)
{
	gp_test_row("%s", body);
	CU_ASSERT_EQUAL(read_bytes(body, strlen(body)), GP_OK);
}

static void
expect_value(enum field field, bool given, const char *text)
{
	CU_ASSERT_EQUAL(values[field].given, given);
	CU_ASSERT(gp_test_same(values[field].text, text));
}

static void
reads_every_member(void)
{
	read_body("{\"done\":true,\"note\":\"n\",\"title\":\"abc\"}");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(TITLE, true, "abc");
	expect_value(NOTE, true, "n");
	expect_value(DONE, true, "true");
	gp_arena_free(arena);
}

static void
tells_absent_null_and_empty_apart(void)
{
	read_body("{\"title\":\"a\",\"note\":null,\"done\":false}");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(NOTE, true, NULL);
	expect_value(DONE, true, "false");
	gp_arena_free(arena);
	read_body("{\"title\":\"a\",\"note\":\"\"}");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(NOTE, true, "");
	expect_value(DONE, false, NULL);
	gp_arena_free(arena);
	read_body("{\"title\":\"a\"}");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(NOTE, false, NULL);
	gp_arena_free(arena);
}

static void
ignores_members_it_does_not_know(void)
{
	read_body("{\"title\":\"a\",\"Title\":5,\"x\":{\"title\":[]},\"user_id\":\"eve\"}");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(TITLE, true, "a");
	gp_arena_free(arena);
}

/* The size of a number we ignore is nobody's business. */
static void
ignores_numbers_of_any_size(void)
{
	read_body("{\"title\":\"a\",\"x\":123456789012345678901234567890}");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(TITLE, true, "a");
	gp_arena_free(arena);
}

static void
counts_characters_not_bytes(void)
{
	read_body("{\"title\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa4\xc3\xa4\"}");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(TITLE, true, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa4\xc3\xa4");
	gp_arena_free(arena);
	read_body("{\"title\":\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\u00e4\\u0041\"}");
	CU_ASSERT_EQUAL(faults.count, 0);
	gp_arena_free(arena);
	read_body("{\"title\":\"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\"}");
	CU_ASSERT_EQUAL(faults.count, 1);
	gp_arena_free(arena);
}

static void
reports_one_fault_each(void)
{
	static const struct {
		const char *body;
		const char *name; /* NULL: the whole body */
		enum gp_fault_kind kind;
		int64_t number;
	} rows[] = {
		{ "{}", "title", GP_FAULT_MISSING, 0 },
		{ "{\"title\":null}", "title", GP_FAULT_NULL, 0 },
		{ "{\"title\":5}", "title", GP_FAULT_NOT_TEXT, 0 },
		{ "{\"title\":true}", "title", GP_FAULT_NOT_TEXT, 0 },
		{ "{\"title\":[\"a\"]}", "title", GP_FAULT_NOT_TEXT, 0 },
		{ "{\"title\":{}}", "title", GP_FAULT_NOT_TEXT, 0 },
		{ "{\"title\":\"\"}", "title", GP_FAULT_TOO_SHORT, 1 },
		{ "{\"title\":\"abcdef\"}", "title", GP_FAULT_TOO_LONG, 5 },
		{ "{\"title\":\"a\",\"note\":5}", "note", GP_FAULT_NOT_TEXT, 0 },
		{ "{\"title\":\"a\",\"note\":\"12345678901\"}", "note", GP_FAULT_TOO_LONG, 10 },
		{ "{\"title\":\"a\",\"done\":null}", "done", GP_FAULT_NULL, 0 },
		{ "{\"title\":\"a\",\"done\":1}", "done", GP_FAULT_NOT_BOOL, 0 },
		{ "{\"title\":\"a\",\"done\":\"true\"}", "done", GP_FAULT_NOT_BOOL, 0 },
		{ "{\"title\":\"a\",\"done\":[]}", "done", GP_FAULT_NOT_BOOL, 0 },
		{ "", NULL, GP_FAULT_MISSING, 0 },
		{ "[]", NULL, GP_FAULT_NOT_OBJECT, 0 },
		{ "null", NULL, GP_FAULT_NOT_OBJECT, 0 },
		{ "\"title\"", NULL, GP_FAULT_NOT_OBJECT, 0 },
		{ "5", NULL, GP_FAULT_NOT_OBJECT, 0 },
		{ "{\"title\":\"a\"", NULL, GP_FAULT_NOT_JSON, 12 },
		{ "{\"title\":a}", NULL, GP_FAULT_NOT_JSON, 9 },
		{ "{\"title\":\"a\xff\"}", NULL, GP_FAULT_NOT_JSON, 11 },
		{ "title=a", NULL, GP_FAULT_NOT_JSON, 0 },
		{ " ", NULL, GP_FAULT_NOT_JSON, 1 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_fault *fault = &faults.faults[0];

		read_body(rows[i].body);
		CU_ASSERT_EQUAL_FATAL(faults.count, 1);
		CU_ASSERT_EQUAL(fault->place, GP_IN_BODY);
		CU_ASSERT_EQUAL(fault->kind, rows[i].kind);
		CU_ASSERT_EQUAL(fault->number, rows[i].number);
		CU_ASSERT(gp_test_same(fault->name, rows[i].name));
		CU_ASSERT_EQUAL(fault->message != NULL, fault->kind == GP_FAULT_NOT_JSON);
		gp_arena_free(arena);
	}
}

static void
reports_every_fault_at_once_in_the_tables_order(void)
{
	read_body("{\"done\":0,\"note\":[],\"title\":\"\"}");
	CU_ASSERT_EQUAL_FATAL(faults.count, 3);
	CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_TOO_SHORT);
	CU_ASSERT_EQUAL(faults.faults[1].kind, GP_FAULT_NOT_TEXT);
	CU_ASSERT_EQUAL(faults.faults[2].kind, GP_FAULT_NOT_BOOL);
	gp_arena_free(arena);
}

static void
gives_no_text_for_a_value_at_fault(void)
{
	read_body("{\"title\":\"abcdef\",\"note\":5,\"done\":\"true\"}");
	CU_ASSERT_EQUAL(faults.count, 3);
	CU_ASSERT_PTR_NULL(values[TITLE].text);
	CU_ASSERT_PTR_NULL(values[NOTE].text);
	CU_ASSERT_PTR_NULL(values[DONE].text);
	gp_arena_free(arena);
	read_body("not JSON");
	CU_ASSERT_PTR_NULL(values[TITLE].text);
	CU_ASSERT_FALSE(values[TITLE].given);
	gp_arena_free(arena);
}

/* Clients that send one of these have lost control of what they send. */
static void
refuses_nul_and_doubles(void)
{
	static const char real_nul[] = "{\"title\":\"a\0b\"}";

	read_body("{\"title\":\"a\\u0000b\"}");
	CU_ASSERT_EQUAL(faults.count, 1);
	CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_NOT_JSON);
	gp_arena_free(arena);
	read_body("{\"title\":\"a\",\"title\":\"b\"}");
	CU_ASSERT_EQUAL(faults.count, 1);
	CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_NOT_JSON);
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(read_bytes(real_nul, sizeof(real_nul) - 1), GP_OK);
	CU_ASSERT_EQUAL(faults.count, 1);
	CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_NOT_JSON);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_json_read[] = {
	GP_TEST(reads_every_member),
	GP_TEST(tells_absent_null_and_empty_apart),
	GP_TEST(ignores_members_it_does_not_know),
	GP_TEST(ignores_numbers_of_any_size),
	GP_TEST(counts_characters_not_bytes),
	GP_TEST(reports_one_fault_each),
	GP_TEST(reports_every_fault_at_once_in_the_tables_order),
	GP_TEST(gives_no_text_for_a_value_at_fault),
	GP_TEST(refuses_nul_and_doubles),
	{ NULL, NULL },
};
