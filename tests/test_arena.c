/* SPDX-License-Identifier: Apache-2.0 */
/* Request-lived memory: where it lies, and that a worker does not grow. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

static void
aligns_every_size(void)
{
	struct gp_arena *arena = gp_arena_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t size = 1; size < 200; size++) {
		void *taken = gp_arena_take(arena, size);

		CU_ASSERT_PTR_NOT_NULL_FATAL(taken);
		CU_ASSERT_EQUAL((uintptr_t)taken % alignof(max_align_t), 0);
	}
	gp_arena_free(arena);
}

static void
gives_no_byte_twice(void)
{
	enum { COUNT = 400, SIZE = 700 };
	struct gp_arena *arena = gp_arena_new();
	unsigned char *taken[COUNT];

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (int i = 0; i < COUNT; i++) {
		taken[i] = gp_arena_take(arena, SIZE);
		CU_ASSERT_PTR_NOT_NULL_FATAL(taken[i]);
		memset(taken[i], i % 251, SIZE);
	}
	for (int i = 0; i < COUNT; i++) {
		for (int j = 0; j < SIZE; j++)
			CU_ASSERT_EQUAL(taken[i][j], i % 251);
	}
	gp_arena_free(arena);
}

static void
copies_bytes_and_ends_them(void)
{
	struct gp_arena *arena = gp_arena_new();
	char source[] = "ab\0cd";
	char *copy;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	copy = gp_arena_copy(arena, source, 5);
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	source[0] = 'x';
	CU_ASSERT_EQUAL(memcmp(copy, "ab\0cd", 6), 0);
	copy = gp_arena_copy(arena, "", 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	CU_ASSERT_EQUAL(copy[0], '\0');
	gp_arena_free(arena);
}

/* As many small pieces as a request may take, and a few that need blocks of their own. */
static void
take_like_a_request(struct gp_arena *arena, unsigned seed)
{
	for (unsigned i = 0; i < 300; i++)
		CU_ASSERT_PTR_NOT_NULL(gp_arena_take(arena, (seed * 31 + i * 17) % 900));
	if (seed % 3 == 0)
		CU_ASSERT_PTR_NOT_NULL(gp_arena_take(arena, 1024 * 1024));
}

static void
holds_no_more_after_any_number_of_requests(void)
{
	struct gp_arena *arena = gp_arena_new();
	size_t held;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	held = gp_arena_held(arena);
	for (unsigned i = 0; i < 300; i++) {
		take_like_a_request(arena, i);
		CU_ASSERT(gp_arena_held(arena) > held);
		gp_arena_reset(arena);
		CU_ASSERT_EQUAL(gp_arena_held(arena), held);
	}
	gp_arena_free(arena);
}

static void
small_requests_take_nothing_from_the_c_library(void)
{
	struct gp_arena *arena = gp_arena_new();
	size_t held;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	held = gp_arena_held(arena);
	for (int request = 0; request < 100; request++) {
		for (int i = 0; i < 60; i++)
			CU_ASSERT_PTR_NOT_NULL(gp_arena_take(arena, 1024));
		CU_ASSERT_EQUAL(gp_arena_held(arena), held);
		gp_arena_reset(arena);
	}
	gp_arena_free(arena);
}

static void
counts_and_returns_big_blocks(void)
{
	const size_t big = (size_t)8 * 1024 * 1024;
	struct gp_arena *arena = gp_arena_new();
	unsigned char *bytes;
	size_t held;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	held = gp_arena_held(arena);
	bytes = gp_arena_take(arena, big);
	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	bytes[0] = bytes[big - 1] = 1;
	CU_ASSERT(gp_arena_held(arena) >= held + big);
	CU_ASSERT_PTR_NOT_NULL(gp_arena_take(arena, 16));
	gp_arena_reset(arena);
	CU_ASSERT_EQUAL(gp_arena_held(arena), held);
	gp_arena_free(arena);
}

static void
refuses_sizes_that_would_wrap(void)
{
	struct gp_arena *arena = gp_arena_new();
	size_t held;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	held = gp_arena_held(arena);
	CU_ASSERT_PTR_NULL(gp_arena_take(arena, SIZE_MAX));
	CU_ASSERT_PTR_NULL(gp_arena_take(arena, SIZE_MAX - alignof(max_align_t)));
	CU_ASSERT_PTR_NULL(gp_arena_copy(arena, "", SIZE_MAX));
	CU_ASSERT_EQUAL(gp_arena_held(arena), held);
	CU_ASSERT_PTR_NOT_NULL(gp_arena_take(arena, 16));
	gp_arena_free(arena);
}

static void
frees_nothing_at_all(void)
{
	gp_arena_free(NULL);
	CU_PASS("no crash");
}

const struct gp_test gp_tests_arena[] = {
	GP_TEST(aligns_every_size),
	GP_TEST(gives_no_byte_twice),
	GP_TEST(copies_bytes_and_ends_them),
	GP_TEST(holds_no_more_after_any_number_of_requests),
	GP_TEST(small_requests_take_nothing_from_the_c_library),
	GP_TEST(counts_and_returns_big_blocks),
	GP_TEST(refuses_sizes_that_would_wrap),
	GP_TEST(frees_nothing_at_all),
	{ NULL, NULL },
};
