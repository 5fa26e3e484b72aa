/* SPDX-License-Identifier: Apache-2.0 */
/* What an owner can do with tasks, and what a task looks like. */
#include <json-c/json.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "kept.h"
#include "suites.h"
#include "task.h"
#include "user.h"

static const char absent_task[] = "/tasks/00000000-0000-4000-8000-000000000000";

/* A whole task with these values. */
static void
expect_task(struct json_object *task, const struct gp_user *user, const char *text,
    const char *description, bool completed)
{
	GP_EXPECT_TASK(&gp_apis[GP_API_A], task, user->id, text, description, completed);
}

/* A member's text, "" where there is none, so that a bad answer fails a test and no more. */
static const char *
text_of(struct json_object *task, const char *name)
{
	const char *text = gp_json_text(task, name);

	return text != NULL ? text : "";
}

static void
expect_same_text(struct json_object *one, struct json_object *other, const char *name)
{
	GP_EXPECT(strcmp(text_of(one, name), text_of(other, name)) == 0, "%s differs: %s, %s", name,
	    text_of(one, name), text_of(other, name));
}

static void
list_of_a_new_user_is_empty(void)
{
	struct gp_user user = gp_user_new();
	const struct gp_answer *answer = gp_user_reads(&user, "/tasks");

	GP_EXPECT_ANSWER(answer, 200);
	GP_EXPECT(strcmp(answer->body, "[]") == 0, "the body is %s", answer->body);
}

static void
create_answers_with_the_whole_task(void)
{
	static const struct {
		const char *body, *text, *description;
		bool completed;
	} rows[] = {
		{ "{\"text\":\"Buy milk\"}", "Buy milk", NULL, false },
		{ "{\"text\":\"a\",\"description\":\"two litres\"}", "a", "two litres", false },
		{ "{\"text\":\"a\",\"description\":null}", "a", NULL, false },
		{ "{\"text\":\"a\",\"description\":\"\"}", "a", "", false },
		{ "{\"text\":\"a\",\"completed\":true}", "a", NULL, true },
		{ "{\"text\":\"a\",\"completed\":false}", "a", NULL, false },
		{ " { \"completed\" : true ,\n\t\"description\":\"d\",\r\n\"text\" : \"a\" } ", "a",
		    "d", true },
	};
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gp_answer *answer;

		gp_test_row("%s", rows[i].body);
		answer = GP_SEND(.method = "POST", .path = "/tasks", .token = user.token,
		    .body = rows[i].body);
		GP_EXPECT_ANSWER(answer, 201);
		expect_task(
		    answer->json, &user, rows[i].text, rows[i].description, rows[i].completed);
		GP_EXPECT(strcmp(text_of(answer->json, "created_at"),
			      text_of(answer->json, "updated_at")) == 0,
		    "created and updated differ: %s", answer->body);
	}
}

static void
read_answers_what_was_created(void)
{
	struct gp_user user = gp_user_new();
	const struct gp_answer *created, *read;

	created = GP_SEND(.method = "POST", .path = "/tasks", .token = user.token,
	    .body = "{\"text\":\"a\",\"description\":\"b\",\"completed\":true}");
	read = gp_user_reads(&user, gp_kept_text("/tasks/%s", text_of(created->json, "id")));
	GP_EXPECT_ANSWER(read, 200);
	GP_EXPECT(json_object_equal(created->json, read->json), "created %s, read %s",
	    created->body, read->body);
}

static void
list_is_newest_first(void)
{
	enum { COUNT = 5 };
	struct gp_user user = gp_user_new();
	const char *paths[COUNT];
	const struct gp_answer *list;

	for (int i = 0; i < COUNT; i++)
		paths[i] = gp_user_adds(&user, gp_kept_text("task %d", i));
	list = gp_user_reads(&user, "/tasks");
	GP_EXPECT_ANSWER(list, 200);
	if (!GP_EXPECT(json_object_is_type(list->json, json_type_array) &&
			   json_object_array_length(list->json) == COUNT,
		"not %d tasks: %s", COUNT, list->body))
		return;
	for (size_t i = 0; i < COUNT; i++) {
		struct json_object *task = json_object_array_get_idx(list->json, COUNT - 1 - i);

		gp_test_row("task %zu", i);
		GP_EXPECT(json_object_equal(gp_user_reads(&user, paths[i])->json, task),
		    "the list has %s", json_object_to_json_string(task));
	}
}

/* PUT and PATCH do the same: what is given changes, and nothing else. */
static void
change_only_what_is_given(const char *method)
{
	/* Each row begins where the one before ended. */
	static const struct {
		const char *body, *text, *description;
		bool completed;
	} rows[] = {
		{ "{\"completed\":true}", "first", NULL, true },
		{ "{\"text\":\"second\"}", "second", NULL, true },
		{ "{\"description\":\"more\"}", "second", "more", true },
		{ "{}", "second", "more", true },
		{ "{\"unknown\":1}", "second", "more", true },
		{ "{\"completed\":false,\"text\":\"third\"}", "third", "more", false },
		{ "{\"description\":null}", "third", NULL, false },
		{ "{\"description\":\"\"}", "third", "", false },
		{ "{\"text\":\"4\",\"description\":\"d\",\"completed\":true}", "4", "d", true },
	};
	struct gp_user user = gp_user_new();
	const char *path = gp_user_adds(&user, "first");
	const struct gp_answer *before = gp_user_reads(&user, path), *answer;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		gp_test_row("%s %s", method, rows[i].body);
		answer = GP_SEND(.method = method, .path = path, .token = user.token,
		    .body = rows[i].body);
		GP_EXPECT_ANSWER(answer, 200);
		expect_task(
		    answer->json, &user, rows[i].text, rows[i].description, rows[i].completed);
		expect_same_text(answer->json, before->json, "id");
		expect_same_text(answer->json, before->json, "created_at");
		GP_EXPECT(json_object_equal(gp_user_reads(&user, path)->json, answer->json),
		    "read differs from %s", answer->body);
	}
	GP_EXPECT(
	    strcmp(text_of(answer->json, "updated_at"), text_of(before->json, "updated_at")) > 0,
	    "updated_at did not grow: %s", answer->body);
}

static void
put_changes_only_what_is_given(void)
{
	change_only_what_is_given("PUT");
}

static void
patch_changes_only_what_is_given(void)
{
	change_only_what_is_given("PATCH");
}

static void
delete_answers_null_and_the_task_is_gone(void)
{
	static const char *const methods[] = { "GET", "PUT", "PATCH", "DELETE" };
	struct gp_user user = gp_user_new();
	const char *kept = gp_user_adds(&user, "stays"), *path = gp_user_adds(&user, "goes");
	const struct gp_answer *answer =
	    GP_SEND(.method = "DELETE", .path = path, .token = user.token);

	GP_EXPECT_ANSWER(answer, 200);
	GP_EXPECT(strcmp(answer->body, "null") == 0, "the body is %s", answer->body);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		GP_EXPECT_DETAIL(GP_SEND(.method = methods[i], .path = path, .token = user.token,
				     .body = methods[i][0] == 'P' ? "{\"text\":\"x\"}" : NULL),
		    404, "Task not found");
	GP_EXPECT(gp_user_counts(&user) == 1, "the other task is gone");
	GP_EXPECT_ANSWER(gp_user_reads(&user, kept), 200);
}

static void
absent_task_is_not_found(void)
{
	static const char *const methods[] = { "GET", "PUT", "PATCH", "DELETE" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		GP_EXPECT_DETAIL(
		    GP_SEND(.method = methods[i], .path = absent_task, .token = user.token,
			.body = methods[i][0] == 'P' ? "{\"text\":\"x\"}" : NULL),
		    404, "Task not found");
}

static const char *
upper_case(const char *path)
{
	char *copy = gp_kept_text("%s", path);

	for (char *c = copy + strlen("/tasks/"); *c != '\0'; c++) {
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
	}
	return copy;
}

static void
upper_case_uuid_names_the_same_task(void)
{
	struct gp_user user = gp_user_new();
	const char *path = gp_user_adds(&user, "a"), *upper = upper_case(path);
	const struct gp_answer *answer = gp_user_reads(&user, upper);

	GP_EXPECT_ANSWER(answer, 200);
	expect_task(answer->json, &user, "a", NULL, false);
	GP_EXPECT_ANSWER(GP_SEND(.method = "PATCH", .path = upper, .token = user.token,
			     .body = "{\"text\":\"b\"}"),
	    200);
	expect_task(gp_user_reads(&user, path)->json, &user, "b", NULL, false);
	GP_EXPECT_ANSWER(GP_SEND(.method = "DELETE", .path = upper, .token = user.token), 200);
	GP_EXPECT_DETAIL(gp_user_reads(&user, path), 404, "Task not found");
}

static void
trailing_slash_is_the_same_route(void)
{
	struct gp_user user = gp_user_new();
	const char *slashed;
	const struct gp_answer *answer = GP_SEND(.method = "POST", .path = "/tasks/",
	    .token = user.token, .body = "{\"text\":\"a\"}");

	GP_EXPECT_ANSWER(answer, 201);
	GP_EXPECT_ANSWER(gp_user_reads(&user, "/tasks/"), 200);
	slashed = gp_kept_text("/tasks/%s/", text_of(answer->json, "id"));
	GP_EXPECT_ANSWER(gp_user_reads(&user, slashed), 200);
	GP_EXPECT_ANSWER(GP_SEND(.method = "PUT", .path = slashed, .token = user.token,
			     .body = "{\"completed\":true}"),
	    200);
	GP_EXPECT_ANSWER(GP_SEND(.method = "DELETE", .path = slashed, .token = user.token), 200);
	GP_EXPECT(gp_user_counts(&user) == 0, "the task is still there");
}

const struct gp_test gp_tasks_tests[] = {
	GP_TEST(list_of_a_new_user_is_empty),
	GP_TEST(create_answers_with_the_whole_task),
	GP_TEST(read_answers_what_was_created),
	GP_TEST(list_is_newest_first),
	GP_TEST(put_changes_only_what_is_given),
	GP_TEST(patch_changes_only_what_is_given),
	GP_TEST(delete_answers_null_and_the_task_is_gone),
	GP_TEST(absent_task_is_not_found),
	GP_TEST(upper_case_uuid_names_the_same_task),
	GP_TEST(trailing_slash_is_the_same_route),
	{ NULL, NULL },
};
