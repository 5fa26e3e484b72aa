/* SPDX-License-Identifier: Apache-2.0 */
/* A query against its table: which parameter counts, what is decoded, and all faults at once. */
#include "query_read.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

enum field { LIMIT, OFFSET, COMPLETED, FIELD_COUNT };

static const struct gp_field fields[FIELD_COUNT] = {
	[LIMIT] = { .name = "limit", .type = GP_FIELD_INTEGER, .least = 1, .most = 100 },
	[OFFSET] = { .name = "offset", .type = GP_FIELD_INTEGER, .most = INT64_MAX },
	[COMPLETED] = { .name = "completed", .type = GP_FIELD_BOOL, .nullable = true },
};

static struct gp_arena *arena;
static struct gp_value values[FIELD_COUNT];
static struct gp_faults faults;

static void
read_query(const char *query)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	faults.count = 0;
	memset(values, 0xff, sizeof(values));
	gp_test_row("?%.200s", query);
	CU_ASSERT_EQUAL(gp_query_read(arena, query, fields, FIELD_COUNT, values, &faults), GP_OK);
}

static void
expect_value(enum field field, bool given, const char *text)
{
	CU_ASSERT_EQUAL(values[field].given, given);
	CU_ASSERT(gp_test_same(values[field].text, text));
}

/* A query that has a limit as this text alone; NULL: none at all. */
static void
expect_limit(const char *query, const char *limit)
{
	read_query(query);
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(LIMIT, limit != NULL, limit);
	CU_ASSERT_EQUAL(values[LIMIT].number, limit != NULL ? strtoll(limit, NULL, 10) : 0);
	expect_value(OFFSET, false, NULL);
	CU_ASSERT_EQUAL(values[OFFSET].number, 0);
	expect_value(COMPLETED, false, NULL);
	gp_arena_free(arena);
}

static void
reads_every_parameter(void)
{
	static const char *const queries[] = { "limit=5&offset=10&completed=true",
		"completed=True&offset=10&limit=5", "&limit=5&&offset=10&completed=1&",
		"x=y&limit=5&z&offset=10&=&completed=on&limits=7",
		"%6cimit=%35&offset=1%30&completed=%74" };

	for (size_t i = 0; i < GP_COUNT(queries); i++) {
		read_query(queries[i]);
		CU_ASSERT_EQUAL(faults.count, 0);
		expect_value(LIMIT, true, "5");
		expect_value(OFFSET, true, "10");
		expect_value(COMPLETED, true, "true");
		CU_ASSERT_EQUAL(values[LIMIT].number, 5);
		CU_ASSERT_EQUAL(values[OFFSET].number, 10);
		gp_arena_free(arena);
	}
}

static void
nothing_given_is_no_fault(void)
{
	static const char *const queries[] = { "", "&", "&&&", "=", "=5", "&=&", "==5", "x", "x=5",
		"x=limit=5", "x=%26limit=5", "x&%3Dlimit", "%00", "+", "?limit=5" };

	for (size_t i = 0; i < GP_COUNT(queries); i++)
		expect_limit(queries[i], NULL);
}

static void
takes_no_similar_name_for_its_own(void)
{
	static const char *const queries[] = { "Limit=5", "LIMIT=5", "limi=5", "limits=5",
		"limit%00=5", "%00limit=5", "limit%20=5", "+limit=5", "limit+=5", "limit[]=5",
		"limit;offset=5", "li%6dit%=5", "%256Cimit=5", "limit%3D5", "limit%3D5=6",
		"l\xc3\xadmit=5" };

	for (size_t i = 0; i < GP_COUNT(queries); i++)
		expect_limit(queries[i], NULL);
}

static void
decodes_names_and_values(void)
{
	static const struct {
		const char *query, *limit;
	} rows[] = {
		{ "limit=%35", "5" },
		{ "%6C%69%6D%69%74=5", "5" },
		{ "%6c%69%6d%69%74=%35%30", "50" },
		{ "limit=%2B5", "+5" },
		{ "x=%26&limit=5", "5" },
		{ "x%3D1&limit=5", "5" },
		{ "x=%&limit=5", "5" },
		{ "%&limit=5", "5" },
		{ "x=%2&limit=5", "5" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_limit(rows[i].query, rows[i].limit);
}

/* As with FastAPI; also where the last one is wrong and an earlier one is not. */
static void
the_last_of_several_counts(void)
{
	expect_limit("limit=5&limit=6", "6");
	expect_limit("limit=x&limit=6", "6");
	expect_limit("limit&limit=6", "6");
	expect_limit("limit=5&%6Cimit=6", "6");
	expect_limit("%6Cimit=6&limit=5", "5");
	expect_limit("limit=1&limit=2&limit=3&x=4", "3");
	read_query("limit=5&limit=x");
	CU_ASSERT_EQUAL(faults.count, 1);
	expect_value(LIMIT, true, NULL);
	gp_arena_free(arena);
	read_query("limit=5&limit");
	CU_ASSERT_EQUAL(faults.count, 1);
	expect_value(LIMIT, true, NULL);
	gp_arena_free(arena);
	read_query("completed=true&completed=");
	CU_ASSERT_EQUAL(faults.count, 0);
	expect_value(COMPLETED, true, NULL);
	gp_arena_free(arena);
}

static void
empty_values_count_as_their_type_says(void)
{
	static const char *const queries[] = { "completed=", "completed", "completed&x=1",
		"x=1&completed=&y", "%63ompleted" };

	for (size_t i = 0; i < GP_COUNT(queries); i++) {
		read_query(queries[i]);
		CU_ASSERT_EQUAL(faults.count, 0);
		expect_value(COMPLETED, true, NULL);
		gp_arena_free(arena);
	}
	read_query("limit=");
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_NOT_INTEGER);
	gp_arena_free(arena);
}

static void
reports_one_fault_each(void)
{
	static const struct {
		const char *query, *name;
		enum gp_fault_kind kind;
		int64_t number;
	} rows[] = {
		{ "limit=x", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit==5", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=5=6", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=5+", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=+5", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=5%00", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=5%", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=5%3", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=5;offset=1", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=5%26offset=1", "limit", GP_FAULT_NOT_INTEGER, 0 },
		{ "limit=0", "limit", GP_FAULT_TOO_SMALL, 1 },
		{ "limit=101", "limit", GP_FAULT_TOO_GREAT, 100 },
		{ "limit=99999999999999999999", "limit", GP_FAULT_TOO_GREAT, 100 },
		{ "offset=-1", "offset", GP_FAULT_TOO_SMALL, 0 },
		{ "completed=2", "completed", GP_FAULT_NOT_BOOL, 0 },
		{ "completed=%00", "completed", GP_FAULT_NOT_BOOL, 0 },
		{ "completed=+", "completed", GP_FAULT_NOT_BOOL, 0 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		read_query(rows[i].query);
		CU_ASSERT_EQUAL_FATAL(faults.count, 1);
		CU_ASSERT_EQUAL(faults.faults[0].place, GP_IN_QUERY);
		CU_ASSERT_EQUAL(faults.faults[0].kind, rows[i].kind);
		CU_ASSERT_EQUAL(faults.faults[0].number, rows[i].number);
		CU_ASSERT(gp_test_same(faults.faults[0].name, rows[i].name));
		gp_arena_free(arena);
	}
}

static void
reports_every_fault_at_once_in_the_tables_order(void)
{
	read_query("completed=maybe&offset=-1&limit=1000");
	CU_ASSERT_EQUAL_FATAL(faults.count, 3);
	CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_TOO_GREAT);
	CU_ASSERT_EQUAL(faults.faults[1].kind, GP_FAULT_TOO_SMALL);
	CU_ASSERT_EQUAL(faults.faults[2].kind, GP_FAULT_NOT_BOOL);
	for (enum field field = LIMIT; field < FIELD_COUNT; field++)
		expect_value(field, true, NULL);
	gp_arena_free(arena);
}

/* A fault of one leaves the others as they are. */
static void
reads_on_behind_a_fault(void)
{
	read_query("limit=x&offset=7&completed=n");
	CU_ASSERT_EQUAL(faults.count, 1);
	expect_value(LIMIT, true, NULL);
	expect_value(OFFSET, true, "7");
	expect_value(COMPLETED, true, "false");
	gp_arena_free(arena);
}

static void
asks_for_what_is_required(void)
{
	static const struct gp_field required = {
		.name = "q", .type = GP_FIELD_BOOL, .required = true, .nullable = true
	};
	static const struct {
		const char *query;
		size_t faults;
	} rows[] = { { "", 1 }, { "Q=1", 1 }, { "q", 0 }, { "q=", 0 }, { "q=1", 0 } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		arena = gp_arena_new();
		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		faults.count = 0;
		gp_test_row("?%s", rows[i].query);
		CU_ASSERT_EQUAL(
		    gp_query_read(arena, rows[i].query, &required, 1, values, &faults), GP_OK);
		CU_ASSERT_EQUAL_FATAL(faults.count, rows[i].faults);
		CU_ASSERT_EQUAL(values[0].given, rows[i].faults == 0);
		if (faults.count > 0) {
			CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_MISSING);
			CU_ASSERT_EQUAL(faults.faults[0].place, GP_IN_QUERY);
			CU_ASSERT_PTR_EQUAL(faults.faults[0].name, required.name);
		}
		gp_arena_free(arena);
	}
}

static void
reads_no_text(void)
{
	static const struct gp_field mixed[] = {
		{ .name = "q", .type = GP_FIELD_TEXT, .most = 9 },
		{ .name = "limit", .type = GP_FIELD_INTEGER, .least = 1, .most = 9 },
	};
	enum gp_outcome outcome;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	faults.count = 0;
	outcome = gp_query_read(arena, "q=a&limit=5", mixed, GP_COUNT(mixed), values, &faults);
	CU_ASSERT_EQUAL(outcome, GP_ERR_INTERNAL);
	/* One that is not given does no harm. */
	outcome = gp_query_read(arena, "limit=5", mixed, GP_COUNT(mixed), values, &faults);
	CU_ASSERT_EQUAL(outcome, GP_OK);
	CU_ASSERT_EQUAL(values[1].number, 5);
	gp_arena_free(arena);
}

/* More than any web server passes on: its end counts like its beginning. */
static void
reads_queries_of_any_length(void)
{
	enum { COUNT = 100000, SIZE = COUNT * 10 + 64 };
	char *query = malloc(SIZE);

	CU_ASSERT_PTR_NOT_NULL_FATAL(query);
	for (size_t i = 0; i < COUNT; i++)
		memcpy(query + i * 10, "%6Cimit=9&", 10);
	strcpy(query + COUNT * 10, "limit=5");
	expect_limit(query, "5");
	memset(query, 'y', COUNT * 10);
	strcpy(query + COUNT * 10, "&x=5");
	expect_limit(query, NULL);
	memset(query, '&', COUNT * 10);
	expect_limit(query, NULL);
	memset(query, '%', COUNT * 10);
	strcpy(query + COUNT * 10, "&limit=5");
	expect_limit(query, "5");
	/* A number without end is one too great. */
	memset(query, '9', COUNT * 10);
	memcpy(query, "limit=", 6);
	query[COUNT * 10] = '\0';
	read_query(query);
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_EQUAL(faults.faults[0].kind, GP_FAULT_TOO_GREAT);
	gp_arena_free(arena);
	free(query);
}

const struct gp_test gp_tests_query_read[] = {
	GP_TEST(reads_every_parameter),
	GP_TEST(nothing_given_is_no_fault),
	GP_TEST(takes_no_similar_name_for_its_own),
	GP_TEST(decodes_names_and_values),
	GP_TEST(the_last_of_several_counts),
	GP_TEST(empty_values_count_as_their_type_says),
	GP_TEST(reports_one_fault_each),
	GP_TEST(reports_every_fault_at_once_in_the_tables_order),
	GP_TEST(reads_on_behind_a_fault),
	GP_TEST(asks_for_what_is_required),
	GP_TEST(reads_no_text),
	GP_TEST(reads_queries_of_any_length),
	{ NULL, NULL },
};
