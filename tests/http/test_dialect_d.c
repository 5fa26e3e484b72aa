/* SPDX-License-Identifier: Apache-2.0 */
/* The API of /api/{user_id}/tasks: pages of whole tasks, a filter, and a switch for completion. */
#include <json-c/json.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "judge.h"
#include "kept.h"
#include "suites.h"
#include "task.h"
#include "token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct gp_api *const d = &gp_apis[GP_API_D];

static const char not_yours[] = "Not authorized to access these tasks";

static void
list_of_a_new_user_is_empty(void)
{
	gp_judge_empty_list(d, "[]");
}

static void
creation_answers_200_with_the_task(void)
{
	gp_judge_creation(d);
}

static void
list_is_newest_first(void)
{
	gp_judge_order(d);
}

static void
put_changes_only_what_is_given(void)
{
	gp_judge_changes(d, "PUT");
}

static void
absent_task_is_not_found(void)
{
	gp_judge_absent(d);
}

static void
foreign_task_is_refused(void)
{
	gp_judge_foreign(d);
}

static void
ids_are_integers(void)
{
	gp_judge_ids(d, "task_id");
}

static void
bad_bodies_are_refused_with_every_fault(void)
{
	gp_judge_bodies(d);
}

static void
faults_of_path_and_body_come_first(void)
{
	gp_judge_input_first(d, "task_id");
}

static void
owner_in_the_body_is_ignored(void)
{
	gp_judge_owner_in_body(d);
}

static void
every_route_refuses_bad_credentials(void)
{
	gp_judge_refusals(d);
}

/* Neither a row, nor an e-mail, nor a short life is asked for. */
static void
user_id_is_all_that_a_token_needs(void)
{
	static const char *const claims[] = { "{\"sub\":\"$\",\"exp\":<+60>}",
		"{\"sub\":\"$\",\"exp\":<+86400>}",
		"{\"sub\":\"$\",\"email\":\"\",\"iat\":0,\"exp\":<+7200>}" };

	for (size_t i = 0; i < COUNT(claims); i++) {
		struct gp_user user = gp_user_new();

		gp_test_row("%s", claims[i]);
		user.token = gp_token_make(
		    &(struct gp_token_order){ .claims = gp_token_claims(claims[i], user.id) });
		gp_api_adds(d, &user, "a");
		GP_EXPECT(gp_api_counts(d, &user) == 1, "not one task");
	}
}

static void
deletion_answers_with_the_deleted_task(void)
{
	struct gp_user user = gp_user_new();
	const char *id = gp_api_adds(d, &user, "goes"), *path = gp_api_single(d, user.id, id);
	const struct gp_answer *before = gp_user_reads(&user, path);
	const struct gp_answer *answer =
	    GP_SEND(.method = "DELETE", .path = path, .token = user.token);

	GP_EXPECT_ANSWER(answer, 200);
	GP_EXPECT_TASK(d, answer->json, user.id, "goes", NULL, false);
	GP_EXPECT(json_object_equal(answer->json, before->json), "it was %s", before->body);
	GP_EXPECT_DETAIL(gp_user_reads(&user, path), 404, "Task not found");
	GP_EXPECT(gp_api_counts(d, &user) == 0, "it is still there");
}

/* What completion is after so many toggles, and that all else stays. */
static void
toggling_turns_completion_and_nothing_else(void)
{
	struct gp_user user = gp_user_new();
	const struct gp_answer *created = GP_SEND(.method = "POST", .path = gp_api_list(d, user.id),
	    .token = user.token, .body = "{\"title\":\"a\",\"description\":\"d\"}");
	struct json_object *id = NULL;
	const char *path, *since = gp_json_text(created->json, "updated_at");

	json_object_object_get_ex(created->json, "id", &id);
	path = gp_api_single(d, user.id, json_object_get_string(id));
	for (int i = 1; i <= 5; i++) {
		const struct gp_answer *answer = GP_SEND(.method = "PATCH",
		    .path = gp_kept_text("%s/complete", path), .token = user.token);
		const char *updated = gp_json_text(answer->json, "updated_at");

		gp_test_row("toggle %d", i);
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT_TASK(d, answer->json, user.id, "a", "d", i % 2 == 1);
		GP_EXPECT(json_object_equal(gp_user_reads(&user, path)->json, answer->json),
		    "read differs from %s", answer->body);
		GP_EXPECT(gp_test_same(gp_json_text(answer->json, "created_at"),
			      gp_json_text(created->json, "created_at")),
		    "created_at has changed: %s", answer->body);
		if (GP_EXPECT(updated != NULL && since != NULL && strcmp(updated, since) > 0,
			"updated_at did not grow: %s", answer->body))
			since = updated;
	}
}

/* Clients send no body with it; whatever is sent is not looked at. */
static void
body_of_toggling_is_ignored(void)
{
	static const struct {
		const char *body, *type;
	} rows[] = {
		{ "", NULL },
		{ "{}", NULL },
		{ "{\"completed\":false}", NULL },
		{ "{\"title\":\"other\"}", NULL },
		{ "{\"title\":", NULL },
		{ "[]", NULL },
		{ "a=b", "application/x-www-form-urlencoded" },
		{ "text", "text/plain" },
		{ "\xff", "" },
	};
	struct gp_user user = gp_user_new();
	const char *path =
	    gp_kept_text("%s/complete", gp_api_single(d, user.id, gp_api_adds(d, &user, "a")));

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct gp_answer *answer = GP_SEND(.method = "PATCH", .path = path,
		    .token = user.token, .body = rows[i].body, .content_type = rows[i].type);

		gp_test_row("%s", rows[i].body);
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT_TASK(d, answer->json, user.id, "a", NULL, i % 2 == 0);
	}
}

/* Two tasks, one of them completed; the filter shows one, both, or is refused. */
static void
completed_filters_in_every_spelling(void)
{
	static const char *const completed[] = { "1", "true", "True", "TRUE", "tRuE", "t", "T",
		"yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "%74rue" };
	static const char *const open[] = { "0", "false", "False", "FALSE", "fAlSe", "f", "F", "no",
		"No", "NO", "n", "N", "off", "Off", "OFF", "%30" };
	struct gp_user user = gp_user_new();
	const char *list = gp_api_list(d, user.id);

	gp_api_adds(d, &user, "open");
	GP_SEND(.method = "POST", .path = list, .token = user.token,
	    .body = "{\"title\":\"completed\",\"completed\":true}");
	for (size_t i = 0; i < COUNT(completed) + COUNT(open); i++) {
		bool wanted = i < COUNT(completed);
		const char *value = wanted ? completed[i] : open[i - COUNT(completed)];
		const struct gp_answer *answer =
		    gp_user_reads(&user, gp_kept_text("%s?completed=%s", list, value));

		gp_test_row("completed=%s", value);
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT(gp_api_shows(d, answer) == 1, "not one task: %s", answer->body);
		GP_EXPECT_TASK(d, gp_api_first(d, answer), user.id, wanted ? "completed" : "open",
		    NULL, wanted);
	}
}

static void
completed_that_is_not_given_shows_all(void)
{
	static const char *const queries[] = { "", "?", "?completed=", "?completed",
		"?completed=true&completed=", "?Completed=true", "?complete=true", "?done=true",
		"?user_id=somebody", "?a=b&&c", "?=", "?%zz=1" };
	struct gp_user user = gp_user_new();
	const char *list = gp_api_list(d, user.id);

	gp_api_adds(d, &user, "open");
	GP_SEND(.method = "POST", .path = list, .token = user.token,
	    .body = "{\"title\":\"completed\",\"completed\":true}");
	for (size_t i = 0; i < COUNT(queries); i++) {
		const struct gp_answer *answer =
		    gp_user_reads(&user, gp_kept_text("%s%s", list, queries[i]));

		gp_test_row("%s", queries[i]);
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT(gp_api_shows(d, answer) == 2, "not both tasks: %s", answer->body);
	}
}

static const char bool_fault[] =
    "{\"loc\":[\"query\",\"completed\"],\"msg\":\"value could not be parsed to a boolean\","
    "\"type\":\"type_error.bool\"}";

static void
completed_that_is_no_boolean_is_refused(void)
{
	static const char *const values[] = { "2", "-1", "01", "1.0", "maybe", "truee", "tru", "ye",
		"o", "null", "None", "%20true", "true%20", "+true", "true,false", "%C3%A9",
		"%EF%BC%91", "[]" };
	struct gp_user user = gp_user_new();
	const char *list = gp_api_list(d, user.id);

	for (size_t i = 0; i < COUNT(values); i++) {
		gp_test_row("completed=%s", values[i]);
		GP_EXPECT_BODY(
		    gp_user_reads(&user, gp_kept_text("%s?completed=%s", list, values[i])), 422,
		    gp_kept_text("{\"detail\":[%s]}", bool_fault));
	}
}

static void
last_of_a_repeated_parameter_counts(void)
{
	static const struct {
		const char *query;
		int shown; /* of two open tasks and a completed one; -1: refused */
	} rows[] = {
		{ "completed=false&completed=true", 1 },
		{ "completed=true&completed=false", 2 },
		{ "completed=maybe&completed=false", 2 },
		{ "completed=false&completed=maybe", -1 },
		{ "limit=3&limit=1", 1 },
		{ "limit=1&limit=2", 2 },
		{ "limit=abc&limit=2", 2 },
		{ "limit=2&limit=abc", -1 },
		{ "limit=2&a=b&limit=0", -1 },
		{ "offset=0&offset=2", 1 },
		{ "offset=-1&offset=1", 2 },
		{ "offset=1&offset=-1", -1 },
	};
	struct gp_user user = gp_user_new();
	const char *list = gp_api_list(d, user.id);

	gp_api_adds(d, &user, "a");
	gp_api_adds(d, &user, "b");
	GP_SEND(.method = "POST", .path = list, .token = user.token,
	    .body = "{\"title\":\"c\",\"completed\":true}");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct gp_answer *answer =
		    gp_user_reads(&user, gp_kept_text("%s?%s", list, rows[i].query));

		gp_test_row("%s", rows[i].query);
		GP_EXPECT_ANSWER(answer, rows[i].shown < 0 ? 422 : 200);
		if (rows[i].shown >= 0)
			GP_EXPECT(gp_api_shows(d, answer) == rows[i].shown, "not %d tasks: %s",
			    rows[i].shown, answer->body);
	}
}

static void
list_tells_all_faults_of_its_query(void)
{
	struct gp_user user = gp_user_new();
	const char *path =
	    gp_kept_text("%s?offset=-1&limit=101&completed=maybe", gp_api_list(d, user.id));
	const struct gp_answer *answer = gp_user_reads(&user, path);

	/* In the order in which the parameters are declared, whatever that of the query. */
	GP_EXPECT_BODY(answer, 422,
	    gp_kept_text("{\"detail\":[%s,"
			 "{\"loc\":[\"query\",\"limit\"],\"msg\":\"ensure this value is less than "
			 "or equal to 100\",\"type\":\"value_error.number.not_le\"},"
			 "{\"loc\":[\"query\",\"offset\"],\"msg\":\"ensure this value is greater "
			 "than or equal to 0\",\"type\":\"value_error.number.not_ge\"}]}",
		bool_fault));
}

/* Not even with a task of one's own. */
static void
path_user_must_be_the_caller(void)
{
	struct gp_user user = gp_user_new(), other = gp_user_new();
	const char *list = gp_api_list(d, other.id), *id = gp_api_adds(d, &user, "mine");

	GP_EXPECT_DETAIL(gp_user_reads(&user, list), 403, not_yours);
	GP_EXPECT_ANSWER(GP_SEND(.method = "HEAD", .path = list, .token = user.token), 403);
	GP_EXPECT_DETAIL(GP_SEND(.method = "POST", .path = list, .token = user.token,
			     .body = "{\"title\":\"a\"}"),
	    403, "Not authorized to create tasks for this user");
	for (const struct gp_deed *deed = d->deeds; deed->method != NULL; deed++) {
		struct gp_call call = gp_api_call(d, deed, other.id, id, user.token);

		gp_test_row("%s %s", deed->method, deed->suffix);
		if (strcmp(deed->method, "HEAD") == 0)
			GP_EXPECT_ANSWER(gp_send(&call), 403);
		else
			GP_EXPECT_DETAIL(gp_send(&call), 403, not_yours);
	}
	GP_EXPECT_TASK(d, gp_user_reads(&user, gp_api_single(d, user.id, id))->json, user.id,
	    "mine", NULL, false);
	GP_EXPECT(gp_api_counts(d, &other) == 0, "a task was created");
}

static void
user_called_like_a_route_is_a_user(void)
{
	static const char *const ids[] = { "v1", "me", "tasks", "todos", "api", "healthz" };

	for (size_t i = 0; i < COUNT(ids); i++) {
		struct gp_user user = { .id = ids[i], .token = gp_token_for(ids[i]) };

		gp_test_row("%s", ids[i]);
		GP_EXPECT_BODY(gp_user_reads(&user, gp_api_list(d, user.id)), 200, "[]");
		GP_EXPECT_DETAIL(
		    gp_user_reads(&user, gp_api_single(d, user.id, "0")), 404, "Task not found");
	}
}

static void
trailing_slash_is_the_same_route(void)
{
	struct gp_user user = gp_user_new();
	const char *list = gp_kept_text("%s/", gp_api_list(d, user.id)), *path;
	const struct gp_answer *created = GP_SEND(.method = "POST", .path = list,
	    .token = user.token, .body = "{\"title\":\"a\"}");
	struct json_object *id = NULL;

	GP_EXPECT_ANSWER(created, 200);
	json_object_object_get_ex(created->json, "id", &id);
	path = gp_kept_text("%s%s/", list, json_object_get_string(id));
	GP_EXPECT_ANSWER(gp_user_reads(&user, list), 200);
	GP_EXPECT_ANSWER(gp_user_reads(&user, path), 200);
	GP_EXPECT_ANSWER(GP_SEND(.method = "PATCH", .path = gp_kept_text("%scomplete/", path),
			     .token = user.token),
	    200);
	GP_EXPECT_ANSWER(
	    GP_SEND(.method = "PUT", .path = path, .token = user.token, .body = "{}"), 200);
	GP_EXPECT_ANSWER(GP_SEND(.method = "DELETE", .path = path, .token = user.token), 200);
}

static void
other_paths_are_not_found(void)
{
	static const char *const rests[] = { "x", "1/completed", "1/Complete", "1/complete/2",
		"complete/1" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(rests); i++) {
		const char *path = gp_kept_text("%s/%s", gp_api_list(d, user.id), rests[i]);

		gp_test_row("%s", rests[i]);
		if (strchr(rests[i], '/') == NULL)
			GP_EXPECT_FAULT(gp_user_reads(&user, path), 1, "path", "task_id");
		else
			GP_EXPECT_DETAIL(gp_user_reads(&user, path), 404, "Not Found");
	}
	GP_EXPECT_DETAIL(gp_user_reads(&user, gp_kept_text("/api/%s", user.id)), 404, "Not Found");
	GP_EXPECT_DETAIL(
	    gp_user_reads(&user, gp_kept_text("/%s/tasks", user.id)), 404, "Not Found");
	GP_EXPECT_DETAIL(
	    gp_user_reads(&user, gp_kept_text("/api/%s/todos", user.id)), 404, "Not Found");
}

static void
other_methods_are_not_allowed(void)
{
	static const struct {
		const char *method, *path, *allow;
	} rows[] = {
		{ "PUT", "/api/somebody/tasks", "GET HEAD POST OPTIONS" },
		{ "PATCH", "/api/somebody/tasks", "GET HEAD POST OPTIONS" },
		{ "DELETE", "/api/somebody/tasks/", "GET HEAD POST OPTIONS" },
		{ "PATCH", "/api/somebody/tasks/1", "GET HEAD PUT DELETE OPTIONS" },
		{ "PATCH", "/api/somebody/tasks/no-id", "GET HEAD PUT DELETE OPTIONS" },
		{ "POST", "/api/somebody/tasks/1", "GET HEAD PUT DELETE OPTIONS" },
		{ "GET", "/api/somebody/tasks/1/complete", "PATCH OPTIONS" },
		{ "POST", "/api/somebody/tasks/1/complete", "PATCH OPTIONS" },
		{ "PUT", "/api/somebody/tasks/1/complete", "PATCH OPTIONS" },
		{ "DELETE", "/api/somebody/tasks/1/complete/", "PATCH OPTIONS" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		bool bare = rows[i].method[0] == 'D' || rows[i].method[0] == 'G';
		const struct gp_answer *answer = GP_SEND(.method = rows[i].method,
		    .path = rows[i].path, .body = bare ? NULL : "{}");

		gp_test_row("%s %s", rows[i].method, rows[i].path);
		GP_EXPECT_DETAIL(answer, 405, "Method Not Allowed");
		GP_EXPECT_ALLOW(answer, rows[i].allow);
	}
}

/* Who, then whose path, then what was sent, then which row. */
static void
refusals_come_in_their_order(void)
{
	struct gp_user user = gp_user_new(), other = gp_user_new();
	const char *mine = gp_api_list(d, user.id), *theirs = gp_api_list(d, other.id);
	const char *foreign = gp_api_adds(d, &other, "theirs");
	const char *bad = "{\"title\":5}";

	GP_EXPECT_DETAIL(GP_SEND(.path = gp_kept_text("%s?limit=0", theirs)), 401,
	    "Missing or invalid authorization header");
	GP_EXPECT_DETAIL(gp_user_reads(&user, gp_kept_text("%s?limit=0", theirs)), 403, not_yours);
	GP_EXPECT_DETAIL(gp_user_reads(&user, gp_kept_text("%s/no-id", theirs)), 403, not_yours);
	GP_EXPECT_DETAIL(
	    GP_SEND(.method = "POST", .path = theirs, .token = user.token, .body = bad), 403,
	    "Not authorized to create tasks for this user");
	GP_EXPECT_DETAIL(
	    GP_SEND(.method = "POST", .path = theirs, .token = user.token, .body = "{"), 403,
	    "Not authorized to create tasks for this user");
	GP_EXPECT_DETAIL(GP_SEND(.method = "PUT", .path = gp_kept_text("%s/0", theirs),
			     .token = user.token, .body = bad),
	    403, not_yours);
	GP_EXPECT_FAULT(GP_SEND(.method = "PUT", .path = gp_kept_text("%s/%s", mine, foreign),
			    .token = user.token, .body = bad),
	    1, "body", "title");
	GP_EXPECT_FAULT(GP_SEND(.method = "PUT", .path = gp_kept_text("%s/0", mine),
			    .token = user.token, .body = bad),
	    1, "body", "title");
	GP_EXPECT_DETAIL(
	    gp_user_reads(&user, gp_kept_text("%s/%s", mine, foreign)), 403, not_yours);
}

/* A client that parses the body of every answer as JSON. */
static void
every_answer_has_a_json_body(void)
{
	struct gp_user user = gp_user_new();
	const char *list = gp_api_list(d, user.id), *id = gp_api_adds(d, &user, "a");
	const char *path = gp_kept_text("%s/%s", list, id);
	const struct gp_call calls[] = {
		{ .path = list },
		{ .path = path },
		{ .method = "PUT", .path = path, .body = "{}" },
		{ .method = "PATCH", .path = gp_kept_text("%s/complete", path) },
		{ .method = "DELETE", .path = path },
	};

	for (size_t i = 0; i < COUNT(calls); i++) {
		struct gp_call call = calls[i];
		const struct gp_answer *answer;

		call.token = user.token;
		/* It sends this with every request, also without a body. */
		if (call.body == NULL)
			call.fields[0] = "Content-Type: application/json";
		answer = gp_send(&call);
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT(answer->json != NULL, "%s: the body is %s", answer->call, answer->body);
	}
}

const struct gp_test gp_dialect_d_tests[] = {
	GP_TEST(list_of_a_new_user_is_empty),
	GP_TEST(creation_answers_200_with_the_task),
	GP_TEST(list_is_newest_first),
	GP_TEST(put_changes_only_what_is_given),
	GP_TEST(deletion_answers_with_the_deleted_task),
	GP_TEST(toggling_turns_completion_and_nothing_else),
	GP_TEST(body_of_toggling_is_ignored),
	GP_TEST(absent_task_is_not_found),
	GP_TEST(foreign_task_is_refused),
	GP_TEST(ids_are_integers),
	GP_TEST(bad_bodies_are_refused_with_every_fault),
	GP_TEST(faults_of_path_and_body_come_first),
	GP_TEST(owner_in_the_body_is_ignored),
	GP_TEST(every_route_refuses_bad_credentials),
	GP_TEST(user_id_is_all_that_a_token_needs),
	GP_TEST(completed_filters_in_every_spelling),
	GP_TEST(completed_that_is_not_given_shows_all),
	GP_TEST(completed_that_is_no_boolean_is_refused),
	GP_TEST(last_of_a_repeated_parameter_counts),
	GP_TEST(list_tells_all_faults_of_its_query),
	GP_TEST(path_user_must_be_the_caller),
	GP_TEST(user_called_like_a_route_is_a_user),
	GP_TEST(trailing_slash_is_the_same_route),
	GP_TEST(other_paths_are_not_found),
	GP_TEST(other_methods_are_not_allowed),
	GP_TEST(refusals_come_in_their_order),
	GP_TEST(every_answer_has_a_json_body),
	{ NULL, NULL },
};
