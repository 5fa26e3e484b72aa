/* SPDX-License-Identifier: Apache-2.0 */
/* One value from text, by its type: what is read, what is a fault, and which. */
#include "field.h"

#include <string.h>

#include "unit.h"

static struct gp_arena *arena;
static struct gp_value value;
static struct gp_faults faults;

static enum gp_outcome
read_bytes(const struct gp_field *field, enum gp_place place, const char *text, size_t length)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	faults.count = 0;
	memset(&value, 0xff, sizeof(value));
	return gp_field_read(arena, field, place, text, length, &value, &faults);
}

/* A text that is good. `expected` is NULL for a null. */
static void
expect_text(const struct gp_field *field, const char *text, const char *expected)
{
	gp_test_row("%.80s", text);
	CU_ASSERT_EQUAL(read_bytes(field, GP_IN_QUERY, text, strlen(text)), GP_OK);
	CU_ASSERT_EQUAL(faults.count, 0);
	CU_ASSERT(value.given);
	CU_ASSERT(gp_test_same(value.text, expected));
	gp_arena_free(arena);
}

/* Bytes that are at fault, named so and told once. */
static void
expect_fault_of(const struct gp_field *field, const char *text, size_t length,
    enum gp_fault_kind kind, int64_t number)
{
	gp_test_row("%.80s (%zu bytes)", text, length);
	CU_ASSERT_EQUAL(read_bytes(field, GP_IN_QUERY, text, length), GP_OK);
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_EQUAL(faults.faults[0].kind, kind);
	CU_ASSERT_EQUAL(faults.faults[0].number, number);
	CU_ASSERT_EQUAL(faults.faults[0].place, GP_IN_QUERY);
	CU_ASSERT_PTR_EQUAL(faults.faults[0].name, field->name);
	CU_ASSERT_PTR_NULL(faults.faults[0].message);
	CU_ASSERT(value.given);
	CU_ASSERT_PTR_NULL(value.text);
	gp_arena_free(arena);
}

static void
expect_fault(
    const struct gp_field *field, const char *text, enum gp_fault_kind kind, int64_t number)
{
	expect_fault_of(field, text, strlen(text), kind, number);
}

static void
expect_number(const struct gp_field *field, const char *text, int64_t number)
{
	expect_text(field, text, text);
	CU_ASSERT_EQUAL(value.number, number);
}

/* Texts that are no integer, whatever strtoll() and Python think of some. */
static const char *const no_integers[] = { "", "+", "-", "a", "1a", "a1", "1.0", "1.", ".1", "1e2",
	"0x10", "1 ", " 1", "\t1", "1\n", "1\r", "+-1", "--1", "++1", "- 1", "1-", "1_000", "1,000",
	"\xd9\xa1", "\xef\xbc\x91", "\xc2\xa0", "inf", "nan", "true", "null", "None", "%31", "1%",
	"\x80" };

static void
reads_integers_within_their_bounds(void)
{
	static const struct gp_field limit = {
		.name = "limit", .type = GP_FIELD_INTEGER, .least = 1, .most = 100
	};
	static const struct {
		const char *text;
		int64_t number;
	} rows[] = {
		{ "1", 1 },
		{ "2", 2 },
		{ "99", 99 },
		{ "100", 100 },
		{ "+50", 50 },
		{ "007", 7 },
		{ "+0000000000000000000000000000000000000001", 1 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_number(&limit, rows[i].text, rows[i].number);
	expect_fault(&limit, "0", GP_FAULT_TOO_SMALL, 1);
	expect_fault(&limit, "-0", GP_FAULT_TOO_SMALL, 1);
	expect_fault(&limit, "-1", GP_FAULT_TOO_SMALL, 1);
	expect_fault(&limit, "101", GP_FAULT_TOO_GREAT, 100);
	expect_fault(&limit, "9223372036854775807", GP_FAULT_TOO_GREAT, 100);
	expect_fault(&limit, "9223372036854775808", GP_FAULT_TOO_GREAT, 100);
	expect_fault(&limit, "99999999999999999999999999999999999999", GP_FAULT_TOO_GREAT, 100);
	expect_fault(&limit, "-9223372036854775809", GP_FAULT_TOO_SMALL, 1);
	expect_fault(&limit, "-99999999999999999999999999999999999999", GP_FAULT_TOO_SMALL, 1);
}

static void
refuses_what_is_no_integer(void)
{
	static const struct gp_field limit = {
		.name = "limit", .type = GP_FIELD_INTEGER, .least = INT64_MIN, .most = INT64_MAX
	};
	static const struct gp_field id = { .name = "id", .type = GP_FIELD_ID };

	for (size_t i = 0; i < GP_COUNT(no_integers); i++) {
		expect_fault(&limit, no_integers[i], GP_FAULT_NOT_INTEGER, 0);
		expect_fault(&id, no_integers[i], GP_FAULT_NOT_INTEGER, 0);
	}
}

static void
reads_the_greatest_and_the_least_integer(void)
{
	static const struct gp_field any = {
		.name = "n", .type = GP_FIELD_INTEGER, .least = INT64_MIN, .most = INT64_MAX
	};
	static const struct gp_field offset = {
		.name = "offset", .type = GP_FIELD_INTEGER, .most = INT64_MAX
	};

	expect_number(&any, "9223372036854775807", INT64_MAX);
	expect_number(&any, "-9223372036854775808", INT64_MIN);
	expect_number(&any, "-0", 0);
	expect_number(&offset, "0", 0);
	expect_number(&offset, "9223372036854775807", INT64_MAX);
	expect_fault(&offset, "-1", GP_FAULT_TOO_SMALL, 0);
	expect_fault(&offset, "-9223372036854775808", GP_FAULT_TOO_SMALL, 0);
}

/* Beyond int64_t there is no row either way: not a fault, but nobody's task. */
static void
reads_ids_of_any_size(void)
{
	static const struct gp_field id = { .name = "task_id", .type = GP_FIELD_ID };
	static const struct {
		const char *text, *kept;
		int64_t number;
	} rows[] = {
		{ "1", "1", 1 },
		{ "0", "0", 0 },
		{ "-1", "-1", -1 },
		{ "+1", "+1", 1 },
		{ "007", "007", 7 },
		{ "9223372036854775807", "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", "-9223372036854775808", INT64_MIN },
		{ "9223372036854775808", "0", 0 },
		{ "-9223372036854775809", "0", 0 },
		{ "+9223372036854775808", "0", 0 },
		{ "18446744073709551617", "0", 0 },
		{ "100000000000000000000000000000000000000000000000000000000000", "0", 0 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		expect_text(&id, rows[i].text, rows[i].kept);
		CU_ASSERT_EQUAL(value.number, rows[i].number);
	}
}

/* The bounds of an id are not looked at. */
static void
bounds_no_ids(void)
{
	static const struct gp_field id = {
		.name = "task_id", .type = GP_FIELD_ID, .least = 5, .most = 6
	};

	expect_number(&id, "7", 7);
	expect_number(&id, "-7", -7);
}

/* One error of the range must not be taken for the next value's. */
static void
judges_each_number_for_itself(void)
{
	static const struct gp_field id = { .name = "task_id", .type = GP_FIELD_ID };

	expect_text(&id, "99999999999999999999", "0");
	expect_number(&id, "7", 7);
}

static void
reads_every_word_for_a_bool(void)
{
	static const struct gp_field completed = { .name = "completed", .type = GP_FIELD_BOOL };
	static const char *const words[][2] = {
		{ "true", "true" },
		{ "True", "true" },
		{ "TRUE", "true" },
		{ "tRuE", "true" },
		{ "1", "true" },
		{ "on", "true" },
		{ "On", "true" },
		{ "t", "true" },
		{ "T", "true" },
		{ "yes", "true" },
		{ "YES", "true" },
		{ "y", "true" },
		{ "Y", "true" },
		{ "false", "false" },
		{ "False", "false" },
		{ "FALSE", "false" },
		{ "0", "false" },
		{ "off", "false" },
		{ "OFF", "false" },
		{ "f", "false" },
		{ "F", "false" },
		{ "no", "false" },
		{ "No", "false" },
		{ "n", "false" },
		{ "N", "false" },
	};
	static const char *const others[] = { "", "2", "-1", "00", "01", "1.0", "tru", "truee",
		"true ", " true", "yess", "ye", "of", "o", "none", "null", "wahr", "\xc3\x9e",
		"+1" };

	for (size_t i = 0; i < GP_COUNT(words); i++)
		expect_text(&completed, words[i][0], words[i][1]);
	for (size_t i = 0; i < GP_COUNT(others); i++)
		expect_fault(&completed, others[i], GP_FAULT_NOT_BOOL, 0);
}

static void
reads_uuids_in_lower_case(void)
{
	static const struct gp_field id = { .name = "task_id", .type = GP_FIELD_UUID };

	expect_text(
	    &id, "01234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef");
	expect_text(
	    &id, "01234567-89AB-CDEF-0123-456789ABCDEF", "01234567-89ab-cdef-0123-456789abcdef");
	expect_text(
	    &id, "ffffFFFF-ffff-FFFF-0000-000000000000", "ffffffff-ffff-ffff-0000-000000000000");
}

static void
refuses_what_is_no_uuid(void)
{
	static const struct gp_field id = { .name = "task_id", .type = GP_FIELD_UUID };
	static const char *const texts[] = { "", "1", "01234567-89ab-cdef-0123-456789abcde",
		"01234567-89ab-cdef-0123-456789abcdef0", "0123456789abcdef0123456789abcdef",
		"{01234567-89ab-cdef-0123-456789abcdef}",
		"urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
		"01234567_89ab-cdef-0123-456789abcdef", "012345678-9ab-cdef-0123-456789abcdef",
		"01234567-89ab-cdef-0123456789abcdef--", "g1234567-89ab-cdef-0123-456789abcdef",
		"01234567-89ab-cdef-0123-456789abcdeG", "01234567-89ab-cdef-0123-456789abcde ",
		"01234567-89ab-cdef-0123-456789abcd\xc3\xa4",
		"------------------------------------", "01234567:89ab:cdef:0123:456789abcdef",
		"`1234567-89ab-cdef-0123-456789abcdef", "@1234567-89ab-cdef-0123-456789abcdef",
		"/1234567-89ab-cdef-0123-456789abcdef", ":1234567-89ab-cdef-0123-456789abcdef" };

	for (size_t i = 0; i < GP_COUNT(texts); i++)
		expect_fault(&id, texts[i], GP_FAULT_NOT_UUID, 0);
}

/* The text is cut out of a longer one, which has no NUL behind it. */
static void
reads_no_further_than_the_length(void)
{
	static const struct gp_field limit = {
		.name = "limit", .type = GP_FIELD_INTEGER, .least = 1, .most = 100
	};
	static const struct gp_field completed = { .name = "completed", .type = GP_FIELD_BOOL };

	CU_ASSERT_EQUAL(read_bytes(&limit, GP_IN_PATH, "50/complete", 2), GP_OK);
	CU_ASSERT_EQUAL(faults.count, 0);
	CU_ASSERT_EQUAL(value.number, 50);
	CU_ASSERT(gp_test_same(value.text, "50"));
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(read_bytes(&completed, GP_IN_QUERY, "true&x", 4), GP_OK);
	CU_ASSERT(gp_test_same(value.text, "true"));
	gp_arena_free(arena);
}

/* What is behind a NUL was sent, too: "7" with more behind it is not 7. */
static void
a_nul_inside_is_a_fault(void)
{
	static const struct gp_field fields[] = {
		{ .name = "a", .type = GP_FIELD_INTEGER, .least = 0, .most = 100 },
		{ .name = "b", .type = GP_FIELD_ID },
		{ .name = "c", .type = GP_FIELD_BOOL },
		{ .name = "d", .type = GP_FIELD_BOOL, .nullable = true },
		{ .name = "e", .type = GP_FIELD_UUID },
	};
	static const enum gp_fault_kind kinds[] = { GP_FAULT_NOT_INTEGER, GP_FAULT_NOT_INTEGER,
		GP_FAULT_NOT_BOOL, GP_FAULT_NOT_BOOL, GP_FAULT_NOT_UUID };

	for (size_t i = 0; i < GP_COUNT(fields); i++) {
		expect_fault_of(&fields[i], "1\0", 2, kinds[i], 0);
		expect_fault_of(&fields[i], "1\0001", 3, kinds[i], 0);
		expect_fault_of(&fields[i], "\0", 1, kinds[i], 0);
		expect_fault_of(&fields[i], "\0001", 2, kinds[i], 0);
		expect_fault_of(
		    &fields[i], "01234567-89ab-cdef-0123-456789abcde\0", 36, kinds[i], 0);
	}
}

static void
nothing_is_null_where_that_is_allowed(void)
{
	static const struct gp_field fields[] = {
		{ .name = "a", .type = GP_FIELD_INTEGER, .nullable = true, .least = 1, .most = 9 },
		{ .name = "b", .type = GP_FIELD_ID, .nullable = true },
		{ .name = "c", .type = GP_FIELD_BOOL, .nullable = true },
		{ .name = "d", .type = GP_FIELD_UUID, .nullable = true },
		{ .name = "e", .type = GP_FIELD_TEXT, .nullable = true },
	};

	for (size_t i = 0; i < GP_COUNT(fields); i++) {
		expect_text(&fields[i], "", NULL);
		CU_ASSERT_EQUAL(value.number, 0);
	}
	expect_fault(&fields[0], " ", GP_FAULT_NOT_INTEGER, 0);
	expect_fault(&fields[2], "null", GP_FAULT_NOT_BOOL, 0);
}

static void
names_the_place_it_was_told(void)
{
	static const struct gp_field id = { .name = "task_id", .type = GP_FIELD_ID };
	static const enum gp_place places[] = { GP_IN_BODY, GP_IN_PATH, GP_IN_QUERY };

	for (size_t i = 0; i < GP_COUNT(places); i++) {
		CU_ASSERT_EQUAL(read_bytes(&id, places[i], "x", 1), GP_OK);
		CU_ASSERT_EQUAL_FATAL(faults.count, 1);
		CU_ASSERT_EQUAL(faults.faults[0].place, places[i]);
		CU_ASSERT_PTR_EQUAL(faults.faults[0].name, id.name);
		gp_arena_free(arena);
	}
}

/* Faults that are there already stay. */
static void
adds_to_the_faults(void)
{
	static const struct gp_field id = { .name = "task_id", .type = GP_FIELD_ID };

	CU_ASSERT_EQUAL(read_bytes(&id, GP_IN_PATH, "x", 1), GP_OK);
	CU_ASSERT_EQUAL(gp_field_read(arena, &id, GP_IN_QUERY, "y", 1, &value, &faults), GP_OK);
	CU_ASSERT_EQUAL(faults.count, 2);
	CU_ASSERT_EQUAL(faults.faults[0].place, GP_IN_PATH);
	CU_ASSERT_EQUAL(faults.faults[1].place, GP_IN_QUERY);
	gp_arena_free(arena);
}

/* A text needs the care of gp_json_read(): a path or query with one is a mistake of ours. */
static void
reads_no_text(void)
{
	static const struct gp_field title = { .name = "title", .type = GP_FIELD_TEXT, .most = 9 };

	CU_ASSERT_EQUAL(read_bytes(&title, GP_IN_QUERY, "a", 1), GP_ERR_INTERNAL);
	CU_ASSERT_PTR_NULL(value.text);
	CU_ASSERT_EQUAL(faults.count, 0);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_field[] = {
	GP_TEST(reads_integers_within_their_bounds),
	GP_TEST(refuses_what_is_no_integer),
	GP_TEST(reads_the_greatest_and_the_least_integer),
	GP_TEST(reads_ids_of_any_size),
	GP_TEST(bounds_no_ids),
	GP_TEST(judges_each_number_for_itself),
	GP_TEST(reads_every_word_for_a_bool),
	GP_TEST(reads_uuids_in_lower_case),
	GP_TEST(refuses_what_is_no_uuid),
	GP_TEST(reads_no_further_than_the_length),
	GP_TEST(a_nul_inside_is_a_fault),
	GP_TEST(nothing_is_null_where_that_is_allowed),
	GP_TEST(names_the_place_it_was_told),
	GP_TEST(adds_to_the_faults),
	GP_TEST(reads_no_text),
	{ NULL, NULL },
};
