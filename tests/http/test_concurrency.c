/* SPDX-License-Identifier: Apache-2.0 */
/* Many requests at once: none is lost, none meets another's caller. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "client.h"
#include "expect.h"
#include "kept.h"
#include "suites.h"
#include "user.h"

enum { TASKS = 200, AT_ONCE = 8, USERS = 4, TOGGLES = 1000, TOGGLES_AT_ONCE = 16 };

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

/* The path of a new task, by its number. */
static const char *
add_numbered(const struct gp_user *user)
{
	const struct gp_api *api = &gp_apis[GP_API_D];

	return gp_api_single(api, user->id, gp_api_adds(api, user, "a"));
}

static bool
is_completed(const struct gp_answer *answer)
{
	struct json_object *completed = NULL;

	return json_object_object_get_ex(answer->json, "completed", &completed) &&
	       json_object_get_boolean(completed);
}

static int
compare_texts(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Every change gives the task a tag that it had never before. */
static void
expect_distinct_tags(const struct gp_answer *answers, size_t count)
{
	const char *tags[TOGGLES];

	for (size_t i = 0; i < count; i++) {
		tags[i] = gp_answer_field(&answers[i], "ETag");
		if (!GP_EXPECT(tags[i] != NULL, "answer %zu has no ETag", i))
			return;
	}
	qsort(tags, count, sizeof(tags[0]), compare_texts);
	for (size_t i = 1; i < count; i++)
		GP_EXPECT(strcmp(tags[i - 1], tags[i]) != 0, "two answers have %s", tags[i]);
}

/* Each of `count` toggles turns what the one before it left: none is lost, none sees another's. */
static void
expect_toggles(size_t count)
{
	static struct gp_call calls[TOGGLES];
	static struct gp_answer answers[TOGGLES];
	struct gp_user user = gp_user_new();
	const char *task = add_numbered(&user);
	size_t completed = 0;

	for (size_t i = 0; i < count; i++)
		calls[i] = (struct gp_call){ .method = "PATCH",
			.path = gp_kept_text("%s/complete", task),
			.token = user.token };
	gp_send_all(calls, answers, count, TOGGLES_AT_ONCE);
	for (size_t i = 0; i < count; i++) {
		GP_EXPECT_ANSWER(&answers[i], 200);
		completed += is_completed(&answers[i]);
	}
	GP_EXPECT(
	    completed == (count + 1) / 2, "%zu of %zu answers say completed", completed, count);
	expect_distinct_tags(answers, count);
	GP_EXPECT(is_completed(gp_user_reads(&user, task)) == (count % 2 == 1),
	    "not what %zu toggles leave", count);
}

static void
toggles_at_once_all_count(void)
{
	expect_toggles(TOGGLES);
	expect_toggles(TOGGLES - 1);
}

/* Several read the same state, and each would change it: the first does, the others are told. */
static void
expect_one_winner(const struct gp_user *user, const char *method, const char *path)
{
	struct gp_call calls[AT_ONCE] = { { .method = NULL } };
	static struct gp_answer answers[AT_ONCE];
	const char *tag = gp_answer_field(gp_user_reads(user, path), "ETag");
	const struct gp_answer *winner = NULL, *after;
	size_t winners = 0;

	for (size_t i = 0; i < AT_ONCE; i++)
		calls[i] = (struct gp_call){ .method = method,
			.path = path,
			.token = user->token,
			.body = gp_kept_text("{\"description\":\"%zu\"}", i),
			.fields = { gp_kept_text("If-Match: %s", tag != NULL ? tag : "\"\"") } };
	gp_send_all(calls, answers, AT_ONCE, AT_ONCE);
	for (size_t i = 0; i < AT_ONCE; i++) {
		if (answers[i].status == 200) {
			winner = &answers[i];
			winners++;
		} else {
			GP_EXPECT_DETAIL(&answers[i], 412, "Precondition Failed");
		}
	}
	if (!GP_EXPECT(winners == 1, "%zu changes succeeded", winners))
		return;
	after = gp_user_reads(user, path);
	GP_EXPECT(json_object_equal(after->json, winner->json), "%s was answered, %s is there",
	    winner->body, after->body);
}

static void
one_of_many_changes_of_the_same_state_succeeds(void)
{
	enum { ROUNDS = 20 };
	struct gp_user user = gp_user_new();
	const char *by_uuid = gp_user_adds(&user, "a"), *by_number = add_numbered(&user);

	for (size_t i = 0; i < ROUNDS; i++) {
		gp_test_row("round %zu", i);
		expect_one_winner(&user, i % 2 == 0 ? "PUT" : "PATCH", by_uuid);
		expect_one_winner(&user, "PUT", by_number);
	}
}

const struct gp_test gp_concurrency_tests[] = {
	GP_TEST(tasks_made_at_once_are_all_there),
	GP_TEST(changes_of_one_task_at_once_all_succeed),
	GP_TEST(one_of_many_deletions_succeeds),
	GP_TEST(toggles_at_once_all_count),
	GP_TEST(one_of_many_changes_of_the_same_state_succeeds),
	{ NULL, NULL },
};
