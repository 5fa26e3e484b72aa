/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of notifications, good and bad; messages without a row, which only the database makes. */
#include "event_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define UUID "0f8fad5b-d9cb-469f-a165-70867728950e"
#define TEXT(literal) literal, sizeof(literal) - 1

/* Reads a copy of exactly that length, so that reads past it are seen. */
static bool
read_exactly(const char *line, size_t length, struct gp_change *change, char **copy)
{
	*copy = malloc(length > 0 ? length : 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*copy);
	memcpy(*copy, line, length);
	return gp_change_read(*copy, length, change);
}

static void
reads_lines(void)
{
	static const struct {
		const char *line;
		size_t length;
		char kind;
		int64_t id;
		const char *user_id;
	} rows[] = {
		{ TEXT("c 1 " UUID " ann"), 'c', 1, "ann" },
		{ TEXT("u 42 " UUID " ann"), 'u', 42, "ann" },
		{ TEXT("f 42 " UUID " ann"), 'f', 42, "ann" },
		{ TEXT("d 42 " UUID " ann"), 'd', 42, "ann" },
		{ TEXT("c 0 " UUID " a"), 'c', 0, "a" },
		{ TEXT("c -7 " UUID " a"), 'c', -7, "a" },
		{ TEXT("c 9223372036854775807 " UUID " a"), 'c', INT64_MAX, "a" },
		{ TEXT("c -9223372036854775808 " UUID " a"), 'c', INT64_MIN, "a" },
		/* The user is all that is left. */
		{ TEXT("c 1 " UUID " ann lee "), 'c', 1, "ann lee " },
		{ TEXT("c 1 " UUID "  ann"), 'c', 1, " ann" },
		{ TEXT("c 1 " UUID "  "), 'c', 1, " " },
		{ TEXT("c 1 " UUID " \xc3\xa4\"\\"), 'c', 1, "\xc3\xa4\"\\" },
		{ TEXT("c 1 " UUID " d 2 " UUID " ben"), 'c', 1, "d 2 " UUID " ben" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_change change;
		char *copy;

		gp_test_row("\"%s\"", rows[i].line);
		CU_ASSERT_TRUE(read_exactly(rows[i].line, rows[i].length, &change, &copy));
		CU_ASSERT_EQUAL(change.kind, rows[i].kind);
		CU_ASSERT_EQUAL(change.id, rows[i].id);
		CU_ASSERT_STRING_EQUAL(change.uuid, UUID);
		CU_ASSERT_EQUAL_FATAL(change.user_length, strlen(rows[i].user_id));
		CU_ASSERT_EQUAL(memcmp(change.user_id, rows[i].user_id, change.user_length), 0);
		CU_ASSERT_PTR_EQUAL(change.user_id + change.user_length, copy + rows[i].length);
		free(copy);
	}
}

static void
refuses_everything_else(void)
{
	static const struct {
		const char *line;
		size_t length;
	} rows[] = {
		{ TEXT("") },
		{ TEXT(" ") },
		{ TEXT("resync") },
		{ TEXT("c") },
		{ TEXT("c ") },
		{ TEXT("c 1") },
		{ TEXT("c 1 ") },
		{ TEXT("c 1 " UUID) },
		{ TEXT("c 1 " UUID " ") },
		{ TEXT("c 1  ann") },
		/* Kinds. */
		{ TEXT("x 1 " UUID " ann") },
		{ TEXT("C 1 " UUID " ann") },
		{ TEXT("cc 1 " UUID " ann") },
		{ TEXT("created 1 " UUID " ann") },
		{ TEXT(" 1 " UUID " ann") },
		{ TEXT("\0 1 " UUID " ann") },
		{ TEXT(" c 1 " UUID " ann") },
		{ TEXT("c\t1\t" UUID "\tann") },
		{ TEXT("c  1 " UUID " ann") },
		/* Numbers. */
		{ TEXT("c x " UUID " ann") },
		{ TEXT("c - " UUID " ann") },
		{ TEXT("c 1x " UUID " ann") },
		{ TEXT("c 1.0 " UUID " ann") },
		{ TEXT("c +1 " UUID " ann") },
		{ TEXT("c 0x1 " UUID " ann") },
		{ TEXT("c \t1 " UUID " ann") },
		{ TEXT("c --1 " UUID " ann") },
		{ TEXT("c 1-1 " UUID " ann") },
		{ TEXT("c 9223372036854775808 " UUID " ann") },
		{ TEXT("c -9223372036854775809 " UUID " ann") },
		{ TEXT("c 99999999999999999999 " UUID " ann") },
		{ TEXT("c 000000000000000000000000000001 " UUID " ann") },
		/* Lengths of the uuid. */
		{ TEXT("c 1 x ann") },
		{ TEXT("c 1 0f8fad5b-d9cb-469f-a165-70867728950 ann") },
		{ TEXT("c 1 " UUID "0 ann") },
		{ TEXT("c 1 0f8fad5b-d9cb-469f-a165-7086772895\0e ann") },
		{ TEXT("c 1 0f8fad5b d9cb-469f-a165-70867728950e ann") },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_change change;
		char *copy;

		gp_test_row("row %zu, \"%s\"", i, rows[i].line);
		CU_ASSERT_FALSE(read_exactly(rows[i].line, rows[i].length, &change, &copy));
		free(copy);
	}
}

/* Of every beginning of a line only those are good that have some of the user. */
static void
refuses_lines_that_are_cut(void)
{
	static const char line[] = "f 42 " UUID " ann";
	const size_t first = strlen("f 42 " UUID " a");

	for (size_t length = 0; length < sizeof(line); length++) {
		struct gp_change change;
		char *copy;

		gp_test_row("%zu bytes", length);
		CU_ASSERT_EQUAL(read_exactly(line, length, &change, &copy), length >= first);
		free(copy);
	}
}

/* --- messages --- */

static struct gp_arena *arena;
static struct gp_buffer buffer;

static void
set_up(void)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_buffer_init(&buffer, arena);
}

static void
expect_written(const char *text)
{
	CU_ASSERT_TRUE(gp_buffer_complete(&buffer));
	CU_ASSERT_EQUAL_FATAL(buffer.length, strlen(text));
	CU_ASSERT_EQUAL(memcmp(buffer.bytes, text, buffer.length), 0);
	gp_arena_free(arena);
}

static void
writes_changes_of_tasks_that_are_gone(void)
{
	static const struct {
		const char *line, *text;
	} rows[] = {
		{ "c 1 " UUID " ann",
		    "{\"type\":\"task.created\",\"id\":1,\"uuid\":\"" UUID "\",\"task\":null}" },
		{ "u 2 " UUID " ann",
		    "{\"type\":\"task.updated\",\"id\":2,\"uuid\":\"" UUID "\",\"task\":null}" },
		{ "f 3 " UUID " ann",
		    "{\"type\":\"task.completed\",\"id\":3,\"uuid\":\"" UUID "\",\"task\":null}" },
		{ "d 9223372036854775807 " UUID " ann",
		    "{\"type\":\"task.deleted\",\"id\":9223372036854775807,\"uuid\":\"" UUID
		    "\",\"task\":null}" },
		/* Whoever notifies us may write anything, and stays within its quotes. */
		{ "d -1 \"\\\"}{-d9cb-469f-a165-70867728950e123 ann",
		    "{\"type\":\"task.deleted\",\"id\":-1,\"uuid\":"
		    "\"\\\"\\\\\\\"}{-d9cb-469f-a165-70867728950e123\",\"task\":null}" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_change change;

		gp_test_row("\"%s\"", rows[i].line);
		CU_ASSERT_TRUE_FATAL(gp_change_read(rows[i].line, strlen(rows[i].line), &change));
		set_up();
		gp_event_write(&buffer, &change, NULL, -1);
		expect_written(rows[i].text);
	}
}

static void
writes_the_first_message(void)
{
	static const struct {
		const char *user_id, *text;
	} rows[] = {
		{ "ann", "{\"type\":\"ready\",\"user_id\":\"ann\"}" },
		{ "", "{\"type\":\"ready\",\"user_id\":\"\"}" },
		{ "a \"b\" \\ \n\x01",
		    "{\"type\":\"ready\",\"user_id\":\"a \\\"b\\\" \\\\ \\n\\u0001\"}" },
		{ "\xc3\xa4", "{\"type\":\"ready\",\"user_id\":\"\xc3\xa4\"}" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("\"%s\"", rows[i].user_id);
		set_up();
		gp_event_write_ready(&buffer, rows[i].user_id);
		expect_written(rows[i].text);
	}
}

static void
has_a_message_to_read_anew(void)
{
	CU_ASSERT_STRING_EQUAL(gp_event_resync, "{\"type\":\"resync\"}");
}

const struct gp_test gp_tests_event_text[] = {
	GP_TEST(reads_lines),
	GP_TEST(refuses_everything_else),
	GP_TEST(refuses_lines_that_are_cut),
	GP_TEST(writes_changes_of_tasks_that_are_gone),
	GP_TEST(writes_the_first_message),
	GP_TEST(has_a_message_to_read_anew),
	{ NULL, NULL },
};
