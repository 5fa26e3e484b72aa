/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows: nothing is lost on the way, and running out of memory is remembered. */
#include "buffer.h"

#include "unit.h"

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
expect_text(const char *text)
{
	CU_ASSERT(gp_buffer_complete(&buffer));
	CU_ASSERT_EQUAL(buffer.length, strlen(text));
	CU_ASSERT(buffer.length == strlen(text) && memcmp(buffer.bytes, text, buffer.length) == 0);
}

static void
starts_empty_and_complete(void)
{
	set_up();
	CU_ASSERT_EQUAL(buffer.length, 0);
	CU_ASSERT(gp_buffer_complete(&buffer));
	gp_buffer_add_text(&buffer, "");
	gp_buffer_add(&buffer, NULL, 0);
	CU_ASSERT_EQUAL(buffer.length, 0);
	CU_ASSERT(gp_buffer_complete(&buffer));
	gp_arena_free(arena);
}

static void
appends_in_order(void)
{
	set_up();
	gp_buffer_add_text(&buffer, "one");
	gp_buffer_add_byte(&buffer, ',');
	gp_buffer_add(&buffer, "two, three", 3);
	gp_buffer_add_integer(&buffer, 4);
	expect_text("one,two4");
	gp_arena_free(arena);
}

static void
keeps_every_byte_while_it_grows(void)
{
	enum { COUNT = 100000 };
	size_t wrong = 0;

	set_up();
	for (int i = 0; i < COUNT; i++)
		gp_buffer_add_byte(&buffer, (char)(i % 127));
	CU_ASSERT(gp_buffer_complete(&buffer));
	CU_ASSERT_EQUAL_FATAL(buffer.length, COUNT);
	for (int i = 0; i < COUNT; i++)
		wrong += buffer.bytes[i] != (char)(i % 127);
	CU_ASSERT_EQUAL(wrong, 0);
	gp_arena_free(arena);
}

/* n bytes cost n copies at the most, so what was taken stays in proportion. */
static void
takes_memory_in_proportion(void)
{
	enum { COUNT = 1024 * 1024 };
	size_t held;

	set_up();
	held = gp_arena_held(arena);
	for (int i = 0; i < COUNT / 64; i++)
		gp_buffer_add(&buffer,
		    "0123456789012345678901234567890123456789012345678901234567890123", 64);
	CU_ASSERT_EQUAL(buffer.length, COUNT);
	CU_ASSERT(gp_arena_held(arena) - held < (size_t)4 * COUNT);
	gp_arena_free(arena);
}

static void
writes_numbers_of_every_size(void)
{
	static const struct {
		int64_t number;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ -7, "-7" },
		{ 10, "10" },
		{ -1000000, "-1000000" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
		{ INT64_MIN + 1, "-9223372036854775807" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i].text);
		set_up();
		gp_buffer_add_integer(&buffer, rows[i].number);
		expect_text(rows[i].text);
		gp_arena_free(arena);
	}
}

static void
gives_room_that_the_caller_fills(void)
{
	char *room;

	set_up();
	gp_buffer_add_text(&buffer, "ab");
	room = gp_buffer_room(&buffer, 5000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(room);
	memset(room, 'x', 5000);
	CU_ASSERT_EQUAL(buffer.length, 2);
	buffer.length += 3;
	gp_buffer_add_text(&buffer, "c");
	expect_text("abxxxc");
	gp_arena_free(arena);
}

static void
remembers_that_memory_ran_out(void)
{
	set_up();
	gp_buffer_add_text(&buffer, "ab");
	CU_ASSERT_PTR_NULL(gp_buffer_room(&buffer, SIZE_MAX));
	CU_ASSERT_FALSE(gp_buffer_complete(&buffer));
	gp_buffer_add_text(&buffer, "cd");
	CU_ASSERT_PTR_NULL(gp_buffer_room(&buffer, 1));
	CU_ASSERT_FALSE(gp_buffer_complete(&buffer));
	CU_ASSERT_EQUAL(buffer.length, 2);
	gp_arena_free(arena);
}

static void
refuses_lengths_that_would_wrap(void)
{
	set_up();
	CU_ASSERT_PTR_NULL(gp_buffer_room(&buffer, SIZE_MAX / 2 + 1));
	CU_ASSERT_FALSE(gp_buffer_complete(&buffer));
	gp_arena_free(arena);
}

const struct gp_test gp_tests_buffer[] = {
	GP_TEST(starts_empty_and_complete),
	GP_TEST(appends_in_order),
	GP_TEST(keeps_every_byte_while_it_grows),
	GP_TEST(takes_memory_in_proportion),
	GP_TEST(writes_numbers_of_every_size),
	GP_TEST(gives_room_that_the_caller_fills),
	GP_TEST(remembers_that_memory_ran_out),
	GP_TEST(refuses_lengths_that_would_wrap),
	{ NULL, NULL },
};
