/* SPDX-License-Identifier: Apache-2.0 */
/* What json-c's table looks like inside, after much has come and gone. */
#include "tidy_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

enum { KEYS = 40 };

struct scene {
	struct lh_table *table;
	size_t removed;
};

static void
free_key(struct lh_entry *entry)
{
	free(lh_entry_k(entry));
}

static void
set_up(struct scene *scene)
{
	scene->removed = 0;
	scene->table = lh_kchar_table_new(64, free_key);
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene->table);
}

static void
add(struct scene *scene, int number)
{
	char key[16];

	snprintf(key, sizeof(key), "%d", number);
	CU_ASSERT_EQUAL_FATAL(lh_table_insert(scene->table, strdup(key), NULL), 0);
}

static void
take_out(struct scene *scene, int number)
{
	char key[16];

	snprintf(key, sizeof(key), "%d", number);
	CU_ASSERT_EQUAL(lh_table_delete(scene->table, key), 0);
	scene->removed++;
}

static int
count_marks(const struct scene *scene)
{
	int marks = 0;

	for (int i = 0; i < scene->table->size; i++)
		marks += scene->table->table[i].k == LH_FREED;
	return marks;
}

static void
keeps_marks_few(void)
{
	struct scene scene;

	set_up(&scene);
	for (int i = 0; i < KEYS; i++)
		add(&scene, i);
	for (int i = 0; i < 10000; i++) {
		take_out(&scene, i);
		add(&scene, i + KEYS);
		gp_table_tidy(scene.table, &scene.removed);
		if (count_marks(&scene) > 16 || scene.table->size != 64)
			CU_FAIL_FATAL("there are too many marks, or the table has grown");
	}
	CU_ASSERT_EQUAL(lh_table_length(scene.table), KEYS);
	lh_table_free(scene.table);
}

static void
keeps_entries_and_their_order(void)
{
	struct scene scene;
	struct lh_entry *entry;
	int next = 20;

	set_up(&scene);
	for (int i = 0; i < KEYS; i++)
		add(&scene, i);
	for (int i = 0; i < 20; i++)
		take_out(&scene, i);
	CU_ASSERT_EQUAL(count_marks(&scene), 20);
	gp_table_tidy(scene.table, &scene.removed);
	CU_ASSERT_EQUAL(scene.removed, 0);
	CU_ASSERT_EQUAL(count_marks(&scene), 0);
	CU_ASSERT_EQUAL(lh_table_length(scene.table), KEYS - 20);
	lh_foreach(scene.table, entry)
	{
		char key[16];

		snprintf(key, sizeof(key), "%d", next++);
		CU_ASSERT_STRING_EQUAL((const char *)lh_entry_k(entry), key);
		CU_ASSERT_PTR_EQUAL(lh_table_lookup_entry(scene.table, key), entry);
	}
	CU_ASSERT_EQUAL(next, KEYS);
	lh_table_free(scene.table);
}

static void
waits_until_it_pays(void)
{
	struct scene scene;

	set_up(&scene);
	for (int i = 0; i < KEYS; i++)
		add(&scene, i);
	for (int i = 0; i < 15; i++)
		take_out(&scene, i);
	gp_table_tidy(scene.table, &scene.removed);
	CU_ASSERT_EQUAL(scene.removed, 15);
	take_out(&scene, 15);
	gp_table_tidy(scene.table, &scene.removed);
	CU_ASSERT_EQUAL(scene.removed, 0);
	lh_table_free(scene.table);
}

const struct gp_test gp_tests_tidy_table[] = {
	GP_TEST(keeps_marks_few),
	GP_TEST(keeps_entries_and_their_order),
	GP_TEST(waits_until_it_pays),
	{ NULL, NULL },
};
