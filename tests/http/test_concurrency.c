/* SPDX-License-Identifier: Apache-2.0 */
/* Many requests at once: none is lost, none meets another's caller. */
#include <json-c/json.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "kept.h"
#include "suites.h"
#include "user.h"

enum { TASKS = 200, AT_ONCE = 8, USERS = 4 };

/* Whether the user's list has the task that an answer speaks of. */
static bool
is_listed(struct json_object *list, const struct gp_answer *created)
{
	const char *id = gp_json_text(created->json, "id");

	for (size_t i = 0; id != NULL && i < json_object_array_length(list); i++) {
		if (strcmp(gp_json_text(json_object_array_get_idx(list, i), "id"), id) == 0)
			return true;
	}
	return false;
}

/* The tasks of all users are made in turn, so that each worker serves one after the other. */
static void
tasks_made_at_once_are_all_there(void)
{
	struct gp_user users[USERS];
	struct gp_call calls[TASKS] = { { .method = NULL } };
	static struct gp_answer answers[TASKS];

	for (size_t i = 0; i < USERS; i++)
		users[i] = gp_user_new();
	for (size_t i = 0; i < TASKS; i++)
		calls[i] = (struct gp_call){ .method = "POST",
			.path = "/tasks",
			.token = users[i % USERS].token,
			.body = gp_kept_text("{\"text\":\"task %zu\"}", i) };
	gp_send_all(calls, answers, TASKS, AT_ONCE);
	for (size_t i = 0; i < USERS; i++) {
		const struct gp_answer *list = gp_user_reads(&users[i], "/tasks");

		GP_EXPECT_ANSWER(list, 200);
		if (!GP_EXPECT(json_object_is_type(list->json, json_type_array) &&
				   json_object_array_length(list->json) == TASKS / USERS,
			"not %d tasks: %.300s", TASKS / USERS, list->body))
			continue;
		for (size_t j = i; j < TASKS; j += USERS) {
			const char *owner = gp_json_text(answers[j].json, "user_id");

			gp_test_row("task %zu", j);
			GP_EXPECT_ANSWER(&answers[j], 201);
			GP_EXPECT(owner != NULL && strcmp(owner, users[i].id) == 0, "it is %s's",
			    owner != NULL ? owner : "nobody");
			GP_EXPECT(is_listed(list->json, &answers[j]), "it is not in the list");
		}
	}
}

static void
changes_of_one_task_at_once_all_succeed(void)
{
	enum { CHANGES = 64 };
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "a");
	struct gp_call calls[CHANGES] = { { .method = NULL } };
	static struct gp_answer answers[CHANGES];

	for (size_t i = 0; i < CHANGES; i++)
		calls[i] = (struct gp_call){ .method = "PATCH",
			.path = task,
			.token = user.token,
			.body = i % 2 == 0 ? "{\"completed\":true}" : "{\"text\":\"b\"}" };
	gp_send_all(calls, answers, CHANGES, AT_ONCE);
	for (size_t i = 0; i < CHANGES; i++)
		GP_EXPECT_ANSWER(&answers[i], 200);
	GP_EXPECT(strstr(gp_user_reads(&user, task)->body, "\"text\":\"b\"") != NULL &&
		      strstr(gp_user_reads(&user, task)->body, "\"completed\":true") != NULL,
	    "a change was lost");
}

static void
one_of_many_deletions_succeeds(void)
{
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "a");
	struct gp_call calls[AT_ONCE] = { { .method = NULL } };
	static struct gp_answer answers[AT_ONCE];
	size_t deleted = 0;

	for (size_t i = 0; i < AT_ONCE; i++)
		calls[i] =
		    (struct gp_call){ .method = "DELETE", .path = task, .token = user.token };
	gp_send_all(calls, answers, AT_ONCE, AT_ONCE);
	for (size_t i = 0; i < AT_ONCE; i++) {
		if (answers[i].status == 200)
			deleted++;
		else
			GP_EXPECT_DETAIL(&answers[i], 404, "Task not found");
	}
	GP_EXPECT(deleted == 1, "%zu deletions succeeded", deleted);
}

const struct gp_test gp_concurrency_tests[] = {
	GP_TEST(tasks_made_at_once_are_all_there),
	GP_TEST(changes_of_one_task_at_once_all_succeed),
	GP_TEST(one_of_many_deletions_succeeds),
	{ NULL, NULL },
};
