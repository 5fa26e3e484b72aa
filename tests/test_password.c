/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes that Better Auth and Node's scrypt made, and that no way to be wrong is quicker. */
#include "password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#define TEXT(literal) literal, sizeof(literal) - 1

#define SALT "000102030405060708090a0b0c0d0e0f"

static const unsigned char salt[GP_PASSWORD_SALT_SIZE] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	13, 14, 15 };

/* Stored by Better Auth for a text with a ligature, full-width letters and a circled digit. */
static const char recorded_text[] =
    "\xef\xac\x81rst \xef\xbd\x90\xef\xbd\x81\xef\xbd\x93\xef\xbd\x93\xe2\x91\xa0";
static const char recorded_hash[] =
    "b29d595596364e56985847d34367ac2f:"
    "e2ab9c01a7f71d1bb71e8fdcdfbbb3fcc6bd2c1f2fcd0f39d820a365305d16ce"
    "7206f82f520e80143462356253afc2245e9b2ec51a786e238e0e5567e2a739a6";

static bool
matches(const char *password, size_t length, const char *stored)
{
	bool result = true;

	CU_ASSERT_EQUAL(gp_password_verify(password, length, stored, &result), GP_OK);
	return result;
}

static void
verifies_what_better_auth_stored(void)
{
	CU_ASSERT(matches(recorded_text, sizeof(recorded_text) - 1, recorded_hash));
	CU_ASSERT(matches(TEXT("first pass1"), recorded_hash)); /* its normal form */
	CU_ASSERT_FALSE(matches(TEXT("first pass2"), recorded_hash));
	CU_ASSERT_FALSE(matches(TEXT("First pass1"), recorded_hash));
	CU_ASSERT_FALSE(matches(TEXT("first pass1 "), recorded_hash));
	CU_ASSERT_FALSE(matches(TEXT(""), recorded_hash));
}

#define EMPTY_HASH \
	SALT ":bd2943f2e2f698320d2a6eeb07aedfc9651625a5c30aa57ff731c6019bf6f5b9" \
	     "149150061f4a885d0b8cba91757a1e9d5cf4fec9c5bf04722dd30d55be76bdb3"

/* What Node's scrypt makes of the normal form that its ICU finds. */
static void
hashes_as_node_does(void)
{
	static const struct {
		const char *password;
		size_t length;
		const char *stored;
	} rows[] = {
		{ TEXT("correct horse battery staple"),
		    SALT ":7034425e783148ac6ce2c4521177f6fc8ba611950b64145053bf3c4fbf264578"
			 "65bbf1ea8164754187636d431114bca7374e96cf91409d23fbc0b086580d2442" },
		{ TEXT(""), EMPTY_HASH },
		{ TEXT("a\0b"),
		    SALT ":3c93759c746ad98ea45a93be294978172816d54861948dba7df29adc870452be"
			 "f2c12c3382b96f0762e5d317fee8fe518c11567e4a49f217701f52efae348f10" },
		/* A letter and its accent, an Arabic phrase in one character, three jamo. */
		{ TEXT("pa\xcc\x88ss \xef\xb7\xba \xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"),
		    SALT ":5dffb5b8a76de962015f7c50178947d20ff826c5dacffc5f927d0328d86b027b"
			 "5e83b9a41b6895fb01ebd5c4167aaa0295b82626ed54dcdea5a32f85d72f6659" },
		/* A mathematical letter, an emoji, the replacement character. */
		{ TEXT("\xf0\x9d\x95\x8f\xf0\x9f\x98\x80\xef\xbf\xbd"),
		    SALT ":d0fe758c368ba8e5895fda1fd432c54c8adafda9edc379904411de74d5136465"
			 "568de35f63876de3435eecfd8d24d47300d230615eca764ef45524447790bef4" },
		/* Marks without a letter, in the wrong order. */
		{ TEXT("\xcd\x84\xcc\xa3\xcd\x84\xcc\xa3"),
		    SALT ":6d5d8d85b277b16aaa605f16f8f1dd91c54a7788d7d222d2a8149fa909b4bc24"
			 "1637cb94279a7169cccc0d17ea3b246c4dfa9d2c68ce3512e362dc43ecf56444" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char stored[GP_PASSWORD_HASH_SIZE];

		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(
		    gp_password_hash(rows[i].password, rows[i].length, salt, stored), GP_OK);
		CU_ASSERT_STRING_EQUAL(stored, rows[i].stored);
	}
}

/* `count` copies of a character, in memory of exactly that size. */
static char *
repeat(const char *character, size_t count)
{
	size_t length = strlen(character);
	char *text = malloc(length * count);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i < count; i++)
		memcpy(text + i * length, character, length);
	return text;
}

static void
hashes_the_longest_as_node_does(void)
{
	static const struct {
		const char *character;
		size_t count;
		const char *stored;
	} rows[] = {
		{ "x", GP_PASSWORD_MAX,
		    SALT ":2c963de14f8828c940c63a5f8cbce4fe81fd2558565e643644b4143af53eed3d"
			 "1abc4264a8c485661cf1401ae0b548e3591a33e2b30e6e552b4813bb8011fc5f" },
		/* The character whose normal form is longest: 33 bytes. */
		{ "\xef\xb7\xba", 1024,
		    SALT ":2d2e6d99d013cb85df049a1db2133669da273e7beaa5336be44791791d7fbac5"
			 "80be87628a5742657f0567661ec6cbdc433e855ae35579b0585b80dc214ddb4f" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char *text = repeat(rows[i].character, rows[i].count);
		char stored[GP_PASSWORD_HASH_SIZE];
		size_t length = strlen(rows[i].character) * rows[i].count;

		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(gp_password_hash(text, length, salt, stored), GP_OK);
		CU_ASSERT_STRING_EQUAL(stored, rows[i].stored);
		free(text);
	}
}

static void
nul_is_a_character(void)
{
	char stored[GP_PASSWORD_HASH_SIZE];

	CU_ASSERT_EQUAL(gp_password_hash(TEXT("pass\0word"), salt, stored), GP_OK);
	CU_ASSERT(matches(TEXT("pass\0word"), stored));
	CU_ASSERT_FALSE(matches(TEXT("pass"), stored));
	CU_ASSERT_FALSE(matches(TEXT("pass\0"), stored));
	CU_ASSERT_FALSE(matches(TEXT("pass\0w"), stored));
	CU_ASSERT_FALSE(matches(TEXT("pass\0wore"), stored));
	CU_ASSERT_FALSE(matches(TEXT("password"), stored));
	/* Not at the end, where HMAC fills its key up with zeros; Better Auth is no different. */
	CU_ASSERT(matches(TEXT("pass\0word\0"), stored));
	CU_ASSERT(matches(TEXT("\0"), EMPTY_HASH));
}

/* Each is a small change to a hash that the password matches. */
static void
matches_nothing_that_has_another_form(void)
{
	static const char key[] = "bd2943f2e2f698320d2a6eeb07aedfc9651625a5c30aa57ff731c6019bf6f5b9"
				  "149150061f4a885d0b8cba91757a1e9d5cf4fec9c5bf04722dd30d55be76bd";
	static const struct {
		const char *before, *after; /* the key's last digits */
		bool expected;
	} rows[] = {
		{ SALT ":", "b3", true },
		{ SALT, "b3", false },
		{ " " SALT ":", "b3", false },
		{ "000102030405060708090a0b0c0d0e0:", "b3", false },
		{ SALT "0:", "b3", false },
		{ "000102030405060708090A0B0C0D0E0F:", "b3", false },
		{ "g00102030405060708090a0b0c0d0e0f:", "b3", false },
		{ ":", "b3", false },
		{ SALT ":", "B3", false },
		{ SALT ":", "b", false },
		{ SALT ":", "b30", false },
		{ SALT ":", "b3\n", false },
		{ SALT ":", "b3:", false },
		{ SALT ":", "bg", false },
		{ SALT ":", "b2", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char stored[256];

		snprintf(stored, sizeof(stored), "%s%s%s", rows[i].before, key, rows[i].after);
		gp_test_row("row %zu: %s", i, stored);
		CU_ASSERT_EQUAL(matches("", 0, stored), rows[i].expected);
	}
	CU_ASSERT_FALSE(matches("", 0, NULL));
	CU_ASSERT_FALSE(matches("", 0, ""));
	CU_ASSERT_FALSE(matches("", 0, ":"));
}

/* Not even the hash of the empty text, which is made in their place. */
static void
what_cannot_be_hashed_is_refused_and_matches_nothing(void)
{
	static const char *const no_utf8[] = { "\xff", "passw\xc3", "\xed\xa0\x80", "\xc0\x80" };
	char *text = repeat("x", GP_PASSWORD_MAX + 1);
	char stored[GP_PASSWORD_HASH_SIZE];

	CU_ASSERT_EQUAL(gp_password_hash(text, GP_PASSWORD_MAX + 1, salt, stored), GP_ERR_INTERNAL);
	CU_ASSERT_STRING_EQUAL(stored, "");
	CU_ASSERT_FALSE(matches(text, GP_PASSWORD_MAX + 1, EMPTY_HASH));
	for (size_t i = 0; i < GP_COUNT(no_utf8); i++) {
		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(gp_password_hash(no_utf8[i], strlen(no_utf8[i]), salt, stored),
		    GP_ERR_INTERNAL);
		CU_ASSERT_STRING_EQUAL(stored, "");
		CU_ASSERT_FALSE(matches(no_utf8[i], strlen(no_utf8[i]), EMPTY_HASH));
	}
	free(text);
}

/* Of the processor, so that what else runs on the machine does not count. */
static double
time_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
compare(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

/*
 * The medians, one run of each after the other, against the first: a wrong password. A run takes
 * most of a tenth of a second, under valgrind more than one.
 */
static void
each_way_to_be_wrong_takes_the_same_time(void)
{
	enum { RUNS = 5, LONG = 1024 * 1024 };
	char *longer = repeat("\xcc\x81\xcc\xa3", LONG / 4);
	const struct {
		const char *password;
		size_t length;
		const char *stored;
	} rows[] = {
		{ TEXT("wrong password"), recorded_hash },
		{ TEXT("wrong password"), NULL },
		{ TEXT("wrong password"), "no hash" },
		{ TEXT("\xff"), recorded_hash },
		{ longer, LONG, recorded_hash },
		{ longer, GP_PASSWORD_MAX, recorded_hash },
	};
	double times[GP_COUNT(rows)][RUNS], normal;

	for (int run = 0; run < RUNS; run++) {
		for (size_t i = 0; i < GP_COUNT(rows); i++) {
			double began = time_s();

			matches(rows[i].password, rows[i].length, rows[i].stored);
			times[i][run] = time_s() - began;
		}
	}
	for (size_t i = 0; i < GP_COUNT(rows); i++)
		qsort(times[i], RUNS, sizeof(times[i][0]), compare);
	normal = times[0][RUNS / 2];
	for (size_t i = 1; i < GP_COUNT(rows); i++) {
		gp_test_row("row %zu: %f s, not %f s", i, times[i][RUNS / 2], normal);
		CU_ASSERT(times[i][RUNS / 2] < normal * 1.5);
		CU_ASSERT(times[i][RUNS / 2] > normal / 1.5);
	}
	free(longer);
}

const struct gp_test gp_tests_password[] = {
	GP_TEST(verifies_what_better_auth_stored),
	GP_TEST(hashes_as_node_does),
	GP_TEST(hashes_the_longest_as_node_does),
	GP_TEST(nul_is_a_character),
	GP_TEST(matches_nothing_that_has_another_form),
	GP_TEST(what_cannot_be_hashed_is_refused_and_matches_nothing),
	GP_TEST(each_way_to_be_wrong_takes_the_same_time),
	{ NULL, NULL },
};
