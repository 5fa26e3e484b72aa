/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered, until when, and that it is bounded. */
#include "token_memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

/* Of the youngest tokens, as many as this part of the size, hardly one has been pushed out. */
enum { TOKENS = 1024, RECENT = TOKENS / 8 };

static struct gp_token_memory *
memory_of(size_t tokens)
{
	struct gp_token_memory *memory = gp_token_memory_new(tokens);

	CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
	return memory;
}

static void
digest_of(struct gp_token_memory *memory, const char *text, const char *signature,
    unsigned char digest[GP_TOKEN_DIGEST_SIZE])
{
	CU_ASSERT_FATAL(gp_token_memory_digest(memory, text, strlen(text),
	    (const unsigned char *)signature, strlen(signature), digest));
}

static void
add(struct gp_token_memory *memory, const char *text, const char *signature, int64_t dies_s)
{
	unsigned char digest[GP_TOKEN_DIGEST_SIZE];

	digest_of(memory, text, signature, digest);
	gp_token_memory_add(memory, digest, dies_s);
}

static bool
knows(struct gp_token_memory *memory, const char *text, const char *signature, int64_t now_s)
{
	unsigned char digest[GP_TOKEN_DIGEST_SIZE];

	digest_of(memory, text, signature, digest);
	return gp_token_memory_knows(memory, digest, now_s);
}

static void
knows_what_was_added_and_nothing_else(void)
{
	struct gp_token_memory *memory = memory_of(16);

	CU_ASSERT_FALSE(knows(memory, "text", "signature", 0));
	add(memory, "text", "signature", INT64_MAX);
	CU_ASSERT(knows(memory, "text", "signature", 0));
	CU_ASSERT(knows(memory, "text", "signature", INT64_MAX - 1));
	CU_ASSERT_FALSE(knows(memory, "text", "Signature", 0));
	CU_ASSERT_FALSE(knows(memory, "Text", "signature", 0));
	CU_ASSERT_FALSE(knows(memory, "text", "", 0));
	CU_ASSERT_FALSE(knows(memory, "", "signature", 0));
	CU_ASSERT_FALSE(knows(memory, "", "", 0));
	gp_token_memory_free(memory);
}

/* One that was cut elsewhere is another token. */
static void
tells_text_and_signature_apart(void)
{
	static const struct {
		const char *text, *signature;
	} rows[] = { { "b", "a" }, { "", "ab" }, { "ab", "" }, { "a", "b" }, { "ba", "" },
		{ "", "ba" } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_token_memory *memory = memory_of(16);

		add(memory, rows[i].text, rows[i].signature, INT64_MAX);
		for (size_t j = 0; j < GP_COUNT(rows); j++) {
			gp_test_row("%zu and %zu", i, j);
			CU_ASSERT_EQUAL(knows(memory, rows[j].text, rows[j].signature, 0), i == j);
		}
		gp_token_memory_free(memory);
	}
}

static void
forgets_when_the_key_dies(void)
{
	struct gp_token_memory *memory = memory_of(16);

	add(memory, "text", "signature", 2000);
	CU_ASSERT(knows(memory, "text", "signature", 1999));
	CU_ASSERT_FALSE(knows(memory, "text", "signature", 2000));
	CU_ASSERT_FALSE(knows(memory, "text", "signature", 2001));
	gp_token_memory_free(memory);
}

static void
forgets_everything_when_cleared(void)
{
	struct gp_token_memory *memory = memory_of(16);

	add(memory, "one", "signature", INT64_MAX);
	add(memory, "two", "signature", INT64_MAX);
	gp_token_memory_clear(memory);
	CU_ASSERT_FALSE(knows(memory, "one", "signature", 0));
	CU_ASSERT_FALSE(knows(memory, "two", "signature", 0));
	add(memory, "two", "signature", INT64_MAX);
	CU_ASSERT(knows(memory, "two", "signature", 0));
	CU_ASSERT_FALSE(knows(memory, "one", "signature", 0));
	gp_token_memory_free(memory);
}

static size_t
count_known(struct gp_token_memory *memory, size_t from, size_t to)
{
	size_t known = 0;

	for (size_t i = from; i < to; i++) {
		char text[32];

		snprintf(text, sizeof(text), "token %zu", i);
		known += knows(memory, text, "signature", 0);
	}
	return known;
}

/* Old ones make room for new ones: what is known never exceeds the size that was asked for. */
static void
stays_within_its_size(void)
{
	struct gp_token_memory *memory = memory_of(TOKENS);
	size_t known;

	for (size_t i = 0; i < 10 * TOKENS; i++) {
		char text[32];

		snprintf(text, sizeof(text), "token %zu", i);
		add(memory, text, "signature", INT64_MAX);
		CU_ASSERT(knows(memory, text, "signature", 0));
	}
	CU_ASSERT(count_known(memory, 0, 10 * TOKENS) <= TOKENS);
	known = count_known(memory, 10 * TOKENS - RECENT, 10 * TOKENS);
	gp_test_row("%zu of the last %d", known, RECENT);
	CU_ASSERT(known >= RECENT * 9 / 10);
	gp_token_memory_free(memory);
}

static void
works_at_the_smallest_sizes(void)
{
	for (size_t tokens = 1; tokens <= 5; tokens++) {
		struct gp_token_memory *memory = memory_of(tokens);

		gp_test_row("%zu tokens", tokens);
		for (int i = 0; i < 20; i++) {
			char text[32];

			snprintf(text, sizeof(text), "token %d", i);
			add(memory, text, "signature", INT64_MAX);
			CU_ASSERT(knows(memory, text, "signature", 0));
		}
		CU_ASSERT(count_known(memory, 0, 20) <= 8);
		gp_token_memory_free(memory);
	}
}

/* Once it has been forgotten, it is verified and added again. */
static void
takes_the_same_token_twice(void)
{
	struct gp_token_memory *memory = memory_of(2);

	add(memory, "one", "signature", INT64_MAX);
	add(memory, "two", "signature", INT64_MAX);
	CU_ASSERT(knows(memory, "one", "signature", 0));
	CU_ASSERT(knows(memory, "two", "signature", 0));
	add(memory, "two", "signature", 5000);
	CU_ASSERT(knows(memory, "two", "signature", 4999));
	gp_token_memory_free(memory);
}

/* Whether it ends as it should, and not by a signal, in a process of its own. */
static bool
ends_well(void (*run)(void))
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		run();
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

static void
use_none(void)
{
	unsigned char digest[GP_TOKEN_DIGEST_SIZE] = { 0 };

	gp_token_memory_add(NULL, digest, INT64_MAX);
	if (gp_token_memory_knows(NULL, digest, 0))
		_exit(1);
}

static void
none_remembers_nothing(void)
{
	unsigned char digest[GP_TOKEN_DIGEST_SIZE] = { 0 };

	CU_ASSERT_PTR_NULL(gp_token_memory_new(0));
	CU_ASSERT_FALSE(
	    gp_token_memory_digest(NULL, "text", 4, (const unsigned char *)"signature", 9, digest));
	gp_token_memory_clear(NULL);
	gp_token_memory_free(NULL);
	CU_ASSERT(ends_well(use_none));
}

const struct gp_test gp_tests_token_memory[] = {
	GP_TEST(knows_what_was_added_and_nothing_else),
	GP_TEST(tells_text_and_signature_apart),
	GP_TEST(forgets_when_the_key_dies),
	GP_TEST(forgets_everything_when_cleared),
	GP_TEST(stays_within_its_size),
	GP_TEST(works_at_the_smallest_sizes),
	GP_TEST(takes_the_same_token_twice),
	GP_TEST(none_remembers_nothing),
	{ NULL, NULL },
};
