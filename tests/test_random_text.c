/* SPDX-License-Identifier: Apache-2.0 */
/* What the text is made of, that no character is likelier than another, and that none repeats. */
#include "random_text.h"

#include <string.h>

#include "unit.h"

static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

enum { CHARACTERS = sizeof(characters) - 1 };

static void
fills_the_length_and_no_more(void)
{
	static const size_t lengths[] = { 0, 1, 2, GP_RESET_TOKEN_LENGTH, 31, GP_ID_LENGTH, 33, 64,
		200 };
	char text[256];

	for (size_t i = 0; i < GP_COUNT(lengths); i++) {
		memset(text, '#', sizeof(text));
		gp_test_row("%zu characters", lengths[i]);
		CU_ASSERT_EQUAL(gp_random_text(text, lengths[i]), GP_OK);
		CU_ASSERT_EQUAL(strlen(text), lengths[i]);
		CU_ASSERT_EQUAL(strspn(text, characters), lengths[i]);
		CU_ASSERT_EQUAL(text[lengths[i] + 1], '#');
	}
}

/*
 * Pearson's statistic for 62 values is 61 on average, with a standard deviation of 11. Fair texts
 * reach 200 less than once in 10^15 runs; remainders of whole bytes would reach thousands.
 */
static void
favours_no_character(void)
{
	enum { TEXTS = 20000 };
	const double expected = (double)TEXTS * GP_ID_LENGTH / CHARACTERS;
	unsigned counts[CHARACTERS] = { 0 };
	double statistic = 0;

	for (int i = 0; i < TEXTS; i++) {
		char text[GP_ID_LENGTH + 1];

		CU_ASSERT_EQUAL_FATAL(gp_random_text(text, GP_ID_LENGTH), GP_OK);
		for (size_t j = 0; j < GP_ID_LENGTH; j++)
			counts[strchr(characters, text[j]) - characters]++;
	}
	for (size_t i = 0; i < CHARACTERS; i++) {
		double difference = counts[i] - expected;

		statistic += difference * difference / expected;
	}
	gp_test_row("statistic %f", statistic);
	CU_ASSERT(statistic < 200);
}

static void
is_another_text_each_time(void)
{
	enum { TEXTS = 200 };
	char texts[TEXTS][GP_ID_LENGTH + 1];

	for (size_t i = 0; i < TEXTS; i++) {
		CU_ASSERT_EQUAL_FATAL(gp_random_text(texts[i], GP_ID_LENGTH), GP_OK);
		for (size_t j = 0; j < i; j++)
			CU_ASSERT_STRING_NOT_EQUAL(texts[i], texts[j]);
	}
}

const struct gp_test gp_tests_random_text[] = {
	GP_TEST(fills_the_length_and_no_more),
	GP_TEST(favours_no_character),
	GP_TEST(is_another_text_each_time),
	{ NULL, NULL },
};
