/* SPDX-License-Identifier: Apache-2.0 */
/* The words that FastAPI's clients read, exactly. */
#include "faults.h"

#include <json-c/json.h>
#include <string.h>

#include "unit.h"

static struct gp_arena *arena;

/* The list as a text, valid until the arena is freed. */
static const char *
written(const struct gp_faults *faults)
{
	struct gp_buffer buffer;

	gp_buffer_init(&buffer, arena);
	gp_faults_write(faults, &buffer);
	gp_buffer_add_byte(&buffer, '\0');
	CU_ASSERT_FATAL(gp_buffer_complete(&buffer));
	return buffer.bytes;
}

static void
expect_written(const struct gp_fault *list, size_t count, const char *text)
{
	struct gp_faults faults = { .count = 0 };

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < count; i++)
		gp_faults_add(&faults, list[i]);
	CU_ASSERT_STRING_EQUAL(written(&faults), text);
	gp_arena_free(arena);
}

static void
writes_an_empty_list(void)
{
	expect_written(NULL, 0, "[]");
}

static void
writes_every_kind(void)
{
	static const struct {
		struct gp_fault fault;
		const char *text;
	} rows[] = {
		{ { GP_IN_BODY, "title", GP_FAULT_MISSING, 0, NULL },
		    "[{\"loc\":[\"body\",\"title\"],\"msg\":\"field required\","
		    "\"type\":\"value_error.missing\"}]" },
		{ { GP_IN_BODY, NULL, GP_FAULT_MISSING, 0, NULL },
		    "[{\"loc\":[\"body\"],\"msg\":\"field required\","
		    "\"type\":\"value_error.missing\"}]" },
		{ { GP_IN_BODY, "title", GP_FAULT_NULL, 0, NULL },
		    "[{\"loc\":[\"body\",\"title\"],\"msg\":\"none is not an allowed value\","
		    "\"type\":\"type_error.none.not_allowed\"}]" },
		{ { GP_IN_BODY, "title", GP_FAULT_NOT_TEXT, 0, NULL },
		    "[{\"loc\":[\"body\",\"title\"],\"msg\":\"str type expected\","
		    "\"type\":\"type_error.str\"}]" },
		{ { GP_IN_BODY, "done", GP_FAULT_NOT_BOOL, 0, NULL },
		    "[{\"loc\":[\"body\",\"done\"],\"msg\":\"value could not be parsed to a boolean\","
		    "\"type\":\"type_error.bool\"}]" },
		{ { GP_IN_BODY, NULL, GP_FAULT_NOT_OBJECT, 0, NULL },
		    "[{\"loc\":[\"body\"],\"msg\":\"value is not a valid dict\","
		    "\"type\":\"type_error.dict\"}]" },
		{ { GP_IN_PATH, "task_id", GP_FAULT_NOT_UUID, 0, NULL },
		    "[{\"loc\":[\"path\",\"task_id\"],\"msg\":\"value is not a valid uuid\","
		    "\"type\":\"type_error.uuid\"}]" },
		{ { GP_IN_PATH, "task_id", GP_FAULT_NOT_INTEGER, 0, NULL },
		    "[{\"loc\":[\"path\",\"task_id\"],\"msg\":\"value is not a valid integer\","
		    "\"type\":\"type_error.integer\"}]" },
		{ { GP_IN_QUERY, "limit", GP_FAULT_TOO_SMALL, 1, NULL },
		    "[{\"loc\":[\"query\",\"limit\"],\"msg\":\"ensure this value is greater than or "
		    "equal to 1\",\"type\":\"value_error.number.not_ge\"}]" },
		{ { GP_IN_QUERY, "limit", GP_FAULT_TOO_GREAT, 100, NULL },
		    "[{\"loc\":[\"query\",\"limit\"],\"msg\":\"ensure this value is less than or equal "
		    "to 100\",\"type\":\"value_error.number.not_le\"}]" },
		{ { GP_IN_QUERY, "offset", GP_FAULT_TOO_SMALL, 0, NULL },
		    "[{\"loc\":[\"query\",\"offset\"],\"msg\":\"ensure this value is greater than or "
		    "equal to 0\",\"type\":\"value_error.number.not_ge\"}]" },
		{ { GP_IN_BODY, "n", GP_FAULT_TOO_SMALL, INT64_MIN, NULL },
		    "[{\"loc\":[\"body\",\"n\"],\"msg\":\"ensure this value is greater than or equal "
		    "to -9223372036854775808\",\"type\":\"value_error.number.not_ge\"}]" },
		{ { GP_IN_BODY, "n", GP_FAULT_TOO_GREAT, INT64_MAX, NULL },
		    "[{\"loc\":[\"body\",\"n\"],\"msg\":\"ensure this value is less than or equal to "
		    "9223372036854775807\",\"type\":\"value_error.number.not_le\"}]" },
		{ { GP_IN_BODY, "title", GP_FAULT_TOO_SHORT, 1, NULL },
		    "[{\"loc\":[\"body\",\"title\"],\"msg\":\"ensure this value has at least 1 "
		    "characters\",\"type\":\"value_error.any_str.min_length\"}]" },
		{ { GP_IN_BODY, "title", GP_FAULT_TOO_LONG, 10000, NULL },
		    "[{\"loc\":[\"body\",\"title\"],\"msg\":\"ensure this value has at most 10000 "
		    "characters\",\"type\":\"value_error.any_str.max_length\"}]" },
		{ { GP_IN_BODY, NULL, GP_FAULT_NOT_JSON, 17, "Invalid JSON" },
		    "[{\"loc\":[\"body\",17],\"msg\":\"Invalid JSON\","
		    "\"type\":\"value_error.jsondecode\"}]" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("kind %d", rows[i].fault.kind);
		expect_written(&rows[i].fault, 1, rows[i].text);
	}
}

/* A kind without words would be told as nothing at all. */
static void
no_kind_is_without_words(void)
{
	for (int kind = 0; kind < GP_FAULT_KIND_COUNT; kind++) {
		const struct gp_fault fault = { GP_IN_BODY, "x", (enum gp_fault_kind)kind, 7,
			kind == GP_FAULT_NOT_JSON ? "wrong" : NULL };
		struct gp_faults faults = { .count = 0 };
		const char *text;

		gp_test_row("kind %d", kind);
		arena = gp_arena_new();
		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		gp_faults_add(&faults, fault);
		text = written(&faults);
		CU_ASSERT_PTR_NULL(strstr(text, "\"msg\":\"\""));
		CU_ASSERT_PTR_NULL(strstr(text, "\"type\":\"\""));
		CU_ASSERT_PTR_NULL(strstr(text, "null"));
		gp_arena_free(arena);
	}
}

static void
names_every_place(void)
{
	static const struct {
		enum gp_place place;
		const char *text;
	} rows[] = {
		{ GP_IN_BODY, "[{\"loc\":[\"body\",\"limit\"],\"msg\":\"field required\","
			      "\"type\":\"value_error.missing\"}]" },
		{ GP_IN_PATH, "[{\"loc\":[\"path\",\"limit\"],\"msg\":\"field required\","
			      "\"type\":\"value_error.missing\"}]" },
		{ GP_IN_QUERY, "[{\"loc\":[\"query\",\"limit\"],\"msg\":\"field required\","
			       "\"type\":\"value_error.missing\"}]" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_fault fault = { rows[i].place, "limit", GP_FAULT_MISSING, 0, NULL };

		expect_written(&fault, 1, rows[i].text);
	}
}

static void
keeps_the_order(void)
{
	static const struct gp_fault list[] = {
		{ GP_IN_PATH, "b", GP_FAULT_NOT_UUID, 0, NULL },
		{ GP_IN_BODY, "a", GP_FAULT_MISSING, 0, NULL },
	};

	expect_written(list, GP_COUNT(list),
	    "[{\"loc\":[\"path\",\"b\"],\"msg\":\"value is not a valid uuid\","
	    "\"type\":\"type_error.uuid\"},"
	    "{\"loc\":[\"body\",\"a\"],\"msg\":\"field required\","
	    "\"type\":\"value_error.missing\"}]");
}

static void
escapes_names_and_messages(void)
{
	static const struct gp_fault list[] = {
		{ GP_IN_BODY, "a\"\n", GP_FAULT_MISSING, 0, NULL },
		{ GP_IN_BODY, NULL, GP_FAULT_NOT_JSON, 0, "\"quoted\"" },
	};

	expect_written(list, GP_COUNT(list),
	    "[{\"loc\":[\"body\",\"a\\\"\\n\"],\"msg\":\"field required\","
	    "\"type\":\"value_error.missing\"},"
	    "{\"loc\":[\"body\",0],\"msg\":\"\\\"quoted\\\"\","
	    "\"type\":\"value_error.jsondecode\"}]");
}

static void
keeps_no_more_than_it_has_room_for(void)
{
	struct gp_faults faults = { .count = 0 };
	struct json_object *list;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (int i = 0; i < 3 * GP_FAULTS_MAX; i++)
		gp_faults_add(&faults,
		    (struct gp_fault){ .place = GP_IN_BODY, .name = "a", .kind = GP_FAULT_NULL });
	list = json_tokener_parse(written(&faults));
	CU_ASSERT_PTR_NOT_NULL_FATAL(list);
	CU_ASSERT_EQUAL(json_object_array_length(list), GP_FAULTS_MAX);
	json_object_put(list);
	gp_arena_free(arena);
}

const struct gp_test gp_tests_faults[] = {
	GP_TEST(writes_an_empty_list),
	GP_TEST(writes_every_kind),
	GP_TEST(no_kind_is_without_words),
	GP_TEST(names_every_place),
	GP_TEST(keeps_the_order),
	GP_TEST(escapes_names_and_messages),
	GP_TEST(keeps_no_more_than_it_has_room_for),
	{ NULL, NULL },
};
