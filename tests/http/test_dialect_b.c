/* SPDX-License-Identifier: Apache-2.0 */
/* The API of /api/v1/todos, which is also /todos: short tasks, and users who must have a row. */
#include <json-c/json.h>

#include "client.h"
#include "expect.h"
#include "judge.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct gp_api *const b = &gp_apis[GP_API_B];

static const char refused[] = "Could not validate credentials";

static void
list_of_a_new_user_is_empty(void)
{
	gp_judge_empty_list(b, "[]");
}

static void
creation_answers_201_with_four_members(void)
{
	gp_judge_creation(b);
}

static void
list_is_newest_first(void)
{
	gp_judge_order(b);
}

static void
put_changes_only_what_is_given(void)
{
	gp_judge_changes(b, "PUT");
}

static void
patch_changes_only_what_is_given(void)
{
	gp_judge_changes(b, "PATCH");
}

static void
deletion_answers_204_without_a_body(void)
{
	struct gp_user user = gp_person_new();
	const char *path = gp_api_single(b, user.id, gp_api_adds(b, &user, "goes"));

	GP_EXPECT_ANSWER(GP_SEND(.method = "DELETE", .path = path, .token = user.token), 204);
	GP_EXPECT_DETAIL(gp_user_reads(&user, path), 404, "Todo not found");
	GP_EXPECT(gp_api_counts(b, &user) == 0, "it is still there");
}

static void
absent_todo_is_not_found(void)
{
	gp_judge_absent(b);
}

static void
foreign_todo_is_refused_in_two_wordings(void)
{
	gp_judge_foreign(b);
}

static void
ids_are_integers(void)
{
	gp_judge_ids(b, "todo_id");
}

static void
bad_bodies_are_refused_with_every_fault(void)
{
	gp_judge_bodies(b);
}

static void
faults_of_path_and_body_come_first(void)
{
	gp_judge_input_first(b, "todo_id");
}

static void
owner_in_the_body_is_ignored(void)
{
	gp_judge_owner_in_body(b);
}

static void
every_route_refuses_bad_credentials(void)
{
	gp_judge_refusals(b);
}

/* Two prefixes, each with a slash at its end or without. */
static void
every_form_of_the_path_is_the_same_route(void)
{
	static const char *const lists[] = { "/api/v1/todos", "/todos" };
	static const char *const ends[] = { "", "/" };
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < COUNT(lists) * COUNT(ends); i++) {
		const char *list = lists[i / COUNT(ends)], *end = ends[i % COUNT(ends)], *path;
		const struct gp_answer *created;
		struct json_object *id = NULL;

		gp_test_row("%s%s", list, end);
		created = GP_SEND(.method = "POST", .path = gp_kept_text("%s%s", list, end),
		    .token = user.token, .body = "{\"title\":\"a\"}");
		GP_EXPECT_ANSWER(created, 201);
		GP_EXPECT(gp_api_counts(b, &user) == 1, "not one todo");
		json_object_object_get_ex(created->json, "id", &id);
		path = gp_kept_text("%s/%s%s", list, json_object_get_string(id), end);
		GP_EXPECT_ANSWER(gp_user_reads(&user, gp_kept_text("%s%s", list, end)), 200);
		GP_EXPECT_ANSWER(gp_user_reads(&user, path), 200);
		GP_EXPECT_ANSWER(GP_SEND(.method = "PUT", .path = path, .token = user.token,
				     .body = "{\"completed\":true}"),
		    200);
		GP_EXPECT_ANSWER(GP_SEND(.method = "PATCH", .path = path, .token = user.token,
				     .body = "{\"title\":\"b\"}"),
		    200);
		GP_EXPECT_ANSWER(
		    GP_SEND(.method = "DELETE", .path = path, .token = user.token), 204);
	}
}

static void
only_its_own_paths_are_routes(void)
{
	static const char *const paths[] = { "/todo", "/Todos", "/api/todos", "/api/v2/todos",
		"/api/v1/todo", "/api/v1/todos/1/complete", "/todos/1/2", "/v1/todos" };
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < COUNT(paths); i++) {
		gp_test_row("%s", paths[i]);
		GP_EXPECT_DETAIL(gp_user_reads(&user, paths[i]), 404, "Not Found");
		GP_EXPECT_DETAIL(GP_SEND(.path = paths[i]), 404, "Not Found");
	}
}

static void
other_methods_are_not_allowed(void)
{
	static const struct {
		const char *method, *path, *allow;
	} rows[] = {
		{ "PUT", "/api/v1/todos", "GET HEAD POST OPTIONS" },
		{ "PATCH", "/api/v1/todos/", "GET HEAD POST OPTIONS" },
		{ "DELETE", "/todos", "GET HEAD POST OPTIONS" },
		{ "POST", "/api/v1/todos/1", "GET HEAD PUT PATCH DELETE OPTIONS" },
		{ "POST", "/todos/no-id", "GET HEAD PUT PATCH DELETE OPTIONS" },
	};
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < COUNT(rows) * 2; i++) {
		const struct gp_answer *answer = GP_SEND(.method = rows[i / 2].method,
		    .path = rows[i / 2].path, .token = i % 2 == 0 ? user.token : NULL,
		    .body = rows[i / 2].method[0] == 'D' ? NULL : "{}");

		gp_test_row("%s %s", rows[i / 2].method, rows[i / 2].path);
		GP_EXPECT_DETAIL(answer, 405, "Method Not Allowed");
		GP_EXPECT_ALLOW(answer, rows[i / 2].allow);
	}
}

/* Every route asks, and input is not looked at before. */
static void
expect_everywhere_refused(const char *token)
{
	const struct gp_call calls[] = {
		{ .path = "/api/v1/todos" },
		{ .path = "/todos/" },
		{ .path = "/api/v1/todos?limit=0" },
		{ .path = "/api/v1/todos/1" },
		{ .path = "/api/v1/todos/no-id" },
		{ .method = "POST", .path = "/api/v1/todos", .body = "{\"title\":\"a\"}" },
		{ .method = "POST", .path = "/api/v1/todos", .body = "{\"title\":\"\"}" },
		{ .method = "POST", .path = "/todos", .body = "{" },
		{ .method = "PUT", .path = "/todos/1", .body = "{\"title\":\"a\"}" },
		{ .method = "PUT", .path = "/todos/1", .body = "[]" },
		{ .method = "PATCH", .path = "/todos/no-id", .body = "{}" },
		{ .method = "DELETE", .path = "/todos/1" },
		{ .method = "DELETE", .path = "/todos/no-id" },
	};

	for (size_t i = 0; i < COUNT(calls); i++) {
		struct gp_call call = calls[i];

		call.token = token;
		GP_EXPECT_REFUSAL(gp_send(&call), refused, true);
	}
	GP_EXPECT_ANSWER(GP_SEND(.method = "HEAD", .path = "/api/v1/todos", .token = token), 401);
}

static void
token_of_nobody_is_refused(void)
{
	struct gp_user nobody = gp_user_new();

	expect_everywhere_refused(nobody.token);
	GP_EXPECT(gp_user_counts(&nobody) == 0, "a todo was created");
}

static void
token_of_a_removed_user_is_refused(void)
{
	struct gp_user user = gp_person_new();

	gp_api_adds(b, &user, "stays");
	gp_person_remove(user.id);
	expect_everywhere_refused(user.token);
	/* Tasks belong to an id, not to a row. */
	GP_EXPECT(gp_user_counts(&user) == 1, "the todo is gone");
}

static void
token_of_a_banned_user_is_refused(void)
{
	struct gp_user for_ever = gp_person_new(), for_an_hour = gp_person_new();

	GP_EXPECT_ANSWER(gp_user_reads(&for_ever, "/api/v1/todos"), 200);
	gp_person_ban(for_ever.id);
	gp_person_ban_for(for_an_hour.id, 3600);
	expect_everywhere_refused(for_ever.token);
	expect_everywhere_refused(for_an_hour.token);
}

static void
ban_that_is_over_does_not_count(void)
{
	struct gp_user user = gp_person_new();

	gp_person_ban_for(user.id, -60);
	GP_EXPECT_ANSWER(gp_user_reads(&user, "/api/v1/todos"), 200);
	gp_api_adds(b, &user, "a");
}

/* Neither an e-mail nor a short life is asked for. */
static void
user_id_is_all_that_a_token_needs(void)
{
	static const char *const claims[] = { "{\"sub\":\"$\",\"exp\":<+60>}",
		"{\"sub\":\"$\",\"exp\":<+86400>}", "{\"sub\":\"$\",\"iat\":<-60>,\"exp\":<+60>}",
		"{\"sub\":\"$\",\"email\":\"\",\"iat\":0,\"exp\":<+7200>}" };
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < COUNT(claims); i++) {
		gp_test_row("%s", claims[i]);
		GP_EXPECT_ANSWER(GP_SEND(.path = "/api/v1/todos",
				     .token = gp_token_make(&(struct gp_token_order){
					 .claims = gp_token_claims(claims[i], user.id) })),
		    200);
	}
}

static void
list_tells_all_faults_of_its_query(void)
{
	struct gp_user user = gp_person_new();

	GP_EXPECT_BODY(gp_user_reads(&user, "/api/v1/todos?offset=-1&limit=abc"), 422,
	    "{\"detail\":[{\"loc\":[\"query\",\"limit\"],\"msg\":\"value is not a valid integer\","
	    "\"type\":\"type_error.integer\"},{\"loc\":[\"query\",\"offset\"],\"msg\":\"ensure this "
	    "value is greater than or equal to 0\",\"type\":\"value_error.number.not_ge\"}]}");
}

const struct gp_test gp_dialect_b_tests[] = {
	GP_TEST(list_of_a_new_user_is_empty),
	GP_TEST(creation_answers_201_with_four_members),
	GP_TEST(list_is_newest_first),
	GP_TEST(put_changes_only_what_is_given),
	GP_TEST(patch_changes_only_what_is_given),
	GP_TEST(deletion_answers_204_without_a_body),
	GP_TEST(absent_todo_is_not_found),
	GP_TEST(foreign_todo_is_refused_in_two_wordings),
	GP_TEST(ids_are_integers),
	GP_TEST(bad_bodies_are_refused_with_every_fault),
	GP_TEST(faults_of_path_and_body_come_first),
	GP_TEST(owner_in_the_body_is_ignored),
	GP_TEST(every_route_refuses_bad_credentials),
	GP_TEST(every_form_of_the_path_is_the_same_route),
	GP_TEST(only_its_own_paths_are_routes),
	GP_TEST(other_methods_are_not_allowed),
	GP_TEST(token_of_nobody_is_refused),
	GP_TEST(token_of_a_removed_user_is_refused),
	GP_TEST(token_of_a_banned_user_is_refused),
	GP_TEST(ban_that_is_over_does_not_count),
	GP_TEST(user_id_is_all_that_a_token_needs),
	GP_TEST(list_tells_all_faults_of_its_query),
	{ NULL, NULL },
};
