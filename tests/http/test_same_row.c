/* SPDX-License-Identifier: Apache-2.0 */
/* One task, seen, changed and deleted through each of the four APIs. */
#include <json-c/json.h>
#include <string.h>

#include "api.h"
#include "client.h"
#include "expect.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "task.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The path of the user's only task. */
static const char *
path_of_only_task(const struct gp_api *api, const struct gp_user *user)
{
	struct json_object *id = NULL;

	if (!json_object_object_get_ex(gp_api_only_task(api, user), "id", &id))
		return "/none";
	return gp_api_single(api, user->id, json_object_get_string(id));
}

static void
expect_same_member(struct json_object *one, struct json_object *other, const char *name)
{
	struct json_object *first = NULL, *second = NULL;

	json_object_object_get_ex(one, name, &first);
	json_object_object_get_ex(other, name, &second);
	GP_EXPECT(json_object_equal(first, second), "%s: %s and %s", name,
	    json_object_to_json_string(first), json_object_to_json_string(second));
}

/* What the four lists show is one and the same task. */
static void
expect_seen_everywhere(
    const struct gp_user *user, const char *title, const char *description, bool completed)
{
	struct json_object *seen[GP_API_COUNT];

	for (size_t i = 0; i < GP_API_COUNT; i++) {
		seen[i] = gp_api_only_task(&gp_apis[i], user);
		GP_EXPECT_TASK(&gp_apis[i], seen[i], user->id, title, description, completed);
	}
	expect_same_member(seen[GP_API_B], seen[GP_API_D], "id");
	expect_same_member(seen[GP_API_A], seen[GP_API_D], "created_at");
	expect_same_member(seen[GP_API_A], seen[GP_API_D], "updated_at");
	GP_EXPECT(json_object_equal(seen[GP_API_C], seen[GP_API_D]), "C and D differ");
}

static void
task_made_by_one_is_seen_by_all(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		struct gp_user user = gp_person_new();
		const char *body = gp_kept_text("{\"%s\":\"\xc3\xa9 %zu\",\"description\":\"d\","
						"\"completed\":true}",
		    gp_apis[i].title, i);

		gp_test_row("made by %s", gp_apis[i].name);
		GP_EXPECT_ANSWER(
		    GP_SEND(.method = "POST", .path = gp_api_list(&gp_apis[i], user.id),
			.token = user.token, .body = body),
		    gp_apis[i].created);
		expect_seen_everywhere(&user, gp_kept_text("\xc3\xa9 %zu", i), "d", true);
	}
}

static void
change_by_one_is_seen_by_all(void)
{
	static const struct {
		int api;
		const char *method, *suffix, *body;
		const char *title, *description; /* afterwards */
		bool completed;
	} rows[] = {
		{ GP_API_A, "PUT", "", "{\"text\":\"b\"}", "b", NULL, false },
		{ GP_API_B, "PATCH", "", "{\"completed\":true}", "b", NULL, true },
		{ GP_API_D, "PUT", "", "{\"description\":\"d\"}", "b", "d", true },
		{ GP_API_A, "PATCH", "", "{\"completed\":false}", "b", "d", false },
		{ GP_API_D, "PATCH", "/complete", NULL, "b", "d", true },
		{ GP_API_B, "PUT", "", "{\"title\":\"c\",\"description\":null}", "c", NULL, true },
		{ GP_API_D, "PATCH", "/complete", NULL, "c", NULL, false },
	};
	struct gp_user user = gp_person_new();

	gp_api_adds(&gp_apis[GP_API_C], &user, "a");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct gp_api *api = &gp_apis[rows[i].api];

		gp_test_row("%s, %s %s", api->name, rows[i].method, rows[i].body);
		GP_EXPECT_ANSWER(
		    GP_SEND(.method = rows[i].method,
			.path = gp_kept_text("%s%s", path_of_only_task(api, &user), rows[i].suffix),
			.token = user.token, .body = rows[i].body),
		    200);
		expect_seen_everywhere(
		    &user, rows[i].title, rows[i].description, rows[i].completed);
	}
}

static void
task_deleted_by_one_is_gone_for_all(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		struct gp_user user = gp_person_new();
		const char *paths[GP_API_COUNT];

		if (gp_apis[i].deeds->method == NULL)
			continue;
		gp_test_row("deleted by %s", gp_apis[i].name);
		gp_api_adds(&gp_apis[GP_API_C], &user, "a");
		for (size_t j = 0; j < GP_API_COUNT; j++)
			paths[j] = path_of_only_task(&gp_apis[j], &user);
		GP_SEND(.method = "DELETE", .path = paths[i], .token = user.token);
		for (size_t j = 0; j < GP_API_COUNT; j++) {
			GP_EXPECT(gp_api_counts(&gp_apis[j], &user) == 0, "%s still has it",
			    gp_apis[j].name);
			if (gp_apis[j].deeds->method != NULL)
				GP_EXPECT_DETAIL(
				    gp_user_reads(&user, paths[j]), 404, gp_apis[j].absent);
		}
	}
}

/* Somebody else's stays so, whichever API asks, and each in its own words. */
static void
foreign_task_is_foreign_to_all(void)
{
	struct gp_user owner = gp_person_new(), thief = gp_person_new();

	gp_api_adds(&gp_apis[GP_API_C], &owner, "private");
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		const char *path = path_of_only_task(api, &owner);
		const char *id = strrchr(path, '/') + 1;

		gp_test_row("%s", api->name);
		GP_EXPECT(gp_api_counts(api, &thief) == 0, "the thief sees a task");
		for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
			struct gp_call call = gp_api_call(api, deed, thief.id, id, thief.token);

			GP_EXPECT_ANSWER(gp_send(&call), 403);
		}
	}
	expect_seen_everywhere(&owner, "private", NULL, false);
}

/* A uuid is no id of the others, nor a number one of A: 422, and no 404 that would look like one.
 */
static void
ids_of_one_kind_are_no_ids_of_the_other(void)
{
	struct gp_user user = gp_person_new();
	const char *uuid = gp_api_adds(&gp_apis[GP_API_A], &user, "a");
	struct json_object *id = NULL;

	json_object_object_get_ex(gp_api_only_task(&gp_apis[GP_API_D], &user), "id", &id);
	GP_EXPECT_FAULT(gp_user_reads(&user, gp_kept_text("/tasks/%s", json_object_get_string(id))),
	    1, "path", "task_id");
	GP_EXPECT_FAULT(
	    gp_user_reads(&user, gp_kept_text("/todos/%s", uuid)), 1, "path", "todo_id");
	GP_EXPECT_FAULT(gp_user_reads(&user, gp_api_single(&gp_apis[GP_API_D], user.id, uuid)), 1,
	    "path", "task_id");
}

const struct gp_test gp_same_row_tests[] = {
	GP_TEST(task_made_by_one_is_seen_by_all),
	GP_TEST(change_by_one_is_seen_by_all),
	GP_TEST(task_deleted_by_one_is_gone_for_all),
	GP_TEST(foreign_task_is_foreign_to_all),
	GP_TEST(ids_of_one_kind_are_no_ids_of_the_other),
	{ NULL, NULL },
};
