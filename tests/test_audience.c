/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in it, while one thread changes it and another one asks. */
#include "audience.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

static struct gp_audience *
new_audience(void)
{
	struct gp_audience *audience = gp_audience_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(audience);
	return audience;
}

static void
knows_who_is_in_it(void)
{
	struct gp_audience *audience = new_audience();

	CU_ASSERT_FALSE(gp_audience_has(audience, "ann"));
	CU_ASSERT_TRUE(gp_audience_add(audience, "ann"));
	CU_ASSERT_TRUE(gp_audience_has(audience, "ann"));
	CU_ASSERT_FALSE(gp_audience_has(audience, "ben"));
	CU_ASSERT_TRUE(gp_audience_add(audience, "ben"));
	gp_audience_remove(audience, "ann");
	CU_ASSERT_FALSE(gp_audience_has(audience, "ann"));
	CU_ASSERT_TRUE(gp_audience_has(audience, "ben"));
	CU_ASSERT_TRUE(gp_audience_add(audience, "ann"));
	CU_ASSERT_TRUE(gp_audience_has(audience, "ann"));
	gp_audience_free(audience);
	gp_audience_free(NULL);
}

static void
compares_whole_ids(void)
{
	static const char *const others[] = { "", "an", "annn", "Ann", " ann", "ann ", "ann\n",
		"\xc3\xa4nn" };
	struct gp_audience *audience = new_audience();

	CU_ASSERT_TRUE(gp_audience_add(audience, "ann"));
	for (size_t i = 0; i < GP_COUNT(others); i++) {
		gp_test_row("\"%s\"", others[i]);
		CU_ASSERT_FALSE(gp_audience_has(audience, others[i]));
		gp_audience_remove(audience, others[i]);
		CU_ASSERT_TRUE(gp_audience_has(audience, "ann"));
	}
	gp_audience_free(audience);
}

static void
keeps_a_copy(void)
{
	struct gp_audience *audience = new_audience();
	char id[] = "ann";

	CU_ASSERT_TRUE(gp_audience_add(audience, id));
	memset(id, 'x', strlen(id));
	CU_ASSERT_TRUE(gp_audience_has(audience, "ann"));
	CU_ASSERT_FALSE(gp_audience_has(audience, id));
	gp_audience_free(audience);
}

static void
name_user(char name[32], int number)
{
	snprintf(name, 32, "user-%d", number);
}

/* Many come, and many more come and go. */
static void
takes_many(void)
{
	enum { MANY = 2000, ROUNDS = 20 };
	struct gp_audience *audience = new_audience();
	char name[32];
	int wrong = 0;

	for (int i = 0; i < MANY; i++) {
		name_user(name, i);
		wrong += !gp_audience_add(audience, name);
	}
	for (int i = 0; i < MANY * ROUNDS; i++) {
		name_user(name, i);
		wrong += !gp_audience_has(audience, name);
		gp_audience_remove(audience, name);
		wrong += gp_audience_has(audience, name);
		name_user(name, i + MANY);
		wrong += !gp_audience_add(audience, name);
	}
	for (int i = 0; i < MANY * (ROUNDS + 1); i++) {
		name_user(name, i);
		wrong += gp_audience_has(audience, name) != (i >= MANY * ROUNDS);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	gp_audience_free(audience);
}

struct asker {
	struct gp_audience *audience;
	atomic_bool ends;
	long wrong;
};

static void *
ask_again_and_again(void *context)
{
	struct asker *asker = context;

	while (!atomic_load(&asker->ends))
		asker->wrong += !gp_audience_has(asker->audience, "who stays") ||
				gp_audience_has(asker->audience, "who was never here");
	return NULL;
}

static void
is_asked_while_others_come_and_go(void)
{
	struct asker asker = { .audience = new_audience() };
	pthread_t thread;
	char name[32];

	atomic_store(&asker.ends, false);
	CU_ASSERT_TRUE(gp_audience_add(asker.audience, "who stays"));
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, ask_again_and_again, &asker), 0);
	for (int i = 0; i < 5000; i++) {
		name_user(name, i);
		CU_ASSERT_TRUE(gp_audience_add(asker.audience, name));
		name_user(name, i - 100);
		gp_audience_remove(asker.audience, name);
	}
	atomic_store(&asker.ends, true);
	CU_ASSERT_EQUAL(pthread_join(thread, NULL), 0);
	CU_ASSERT_EQUAL(asker.wrong, 0);
	gp_audience_free(asker.audience);
}

const struct gp_test gp_tests_audience[] = {
	GP_TEST(knows_who_is_in_it),
	GP_TEST(compares_whole_ids),
	GP_TEST(keeps_a_copy),
	GP_TEST(takes_many),
	GP_TEST(is_asked_while_others_come_and_go),
	{ NULL, NULL },
};
