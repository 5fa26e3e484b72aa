/* SPDX-License-Identifier: Apache-2.0 */
/* The tests that the documents these APIs follow have, by the names they have there. */
#include <json-c/json.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "token.h"
#include "user.h"

static void
test_unauthorized_without_token(void)
{
	GP_EXPECT_DETAIL(GP_SEND(.path = "/tasks"), 401, "Authentication required");
}

static void
test_authorized_with_token(void)
{
	struct gp_user user = gp_user_new();

	GP_EXPECT_ANSWER(GP_SEND(.path = "/tasks", .token = user.token), 200);
}

static void
test_user_isolation(void)
{
	struct gp_user user_a = gp_user_new(), user_b = gp_user_new();
	const char *task = gp_user_adds(&user_a, "Task A");

	GP_EXPECT_DETAIL(GP_SEND(.path = task, .token = user_b.token), 403, "Access denied");
	GP_EXPECT_ANSWER(GP_SEND(.path = task, .token = user_a.token), 200);
}

/* The claims of the tests that follow; users of other tests have other ids. */
static const char *
create_test_token(const char *user_id)
{
	return gp_token_make(&(struct gp_token_order){
	    .claims = gp_token_claims("{\"sub\":\"$\",\"email\":\"test@example.com\","
				      "\"name\":\"Test User\",\"exp\":<+1800>,\"iat\":<0>}",
		user_id) });
}

static void
test_valid_token(void)
{
	const char *token = gp_token_make(&(struct gp_token_order){
	    .claims = gp_token_claims("{\"sub\":\"$\",\"email\":\"test@example.com\","
				      "\"name\":\"Test User\",\"exp\":<+1800>,\"iat\":<0>,"
				      "\"type\":\"access\"}",
		"user123") });

	GP_EXPECT_BODY(GP_SEND(.path = "/api/v1/me/profile", .token = token), 200,
	    "{\"id\":\"user123\",\"email\":\"test@example.com\",\"name\":\"Test User\"}");
}

static void
test_expired_token(void)
{
	const char *token = gp_token_make(&(struct gp_token_order){
	    .claims = gp_token_claims(
		"{\"sub\":\"$\",\"email\":\"test@example.com\",\"exp\":<-100>,\"iat\":<-1900>}",
		"user123") });
	const struct gp_answer *answer = GP_SEND(.path = "/api/v1/user123/tasks", .token = token);
	const char *detail = gp_json_text(answer->json, "detail");

	GP_EXPECT_ANSWER(answer, 401);
	GP_EXPECT(detail != NULL && strstr(detail, "expired") != NULL, "%s", answer->body);
}

static void
test_protected_route_with_valid_token(void)
{
	GP_EXPECT_ANSWER(
	    GP_SEND(.path = "/api/v1/user123/tasks", .token = create_test_token("user123")), 200);
}

static void
test_protected_route_without_token(void)
{
	GP_EXPECT_ANSWER(GP_SEND(.path = "/api/v1/user123/tasks"), 401);
}

static void
test_path_user_id_mismatch(void)
{
	GP_EXPECT_ANSWER(
	    GP_SEND(.path = "/api/v1/user456/tasks", .token = create_test_token("user123")), 403);
}

/* What fetchWithAuth() sends: a type for a body that is not there, and a token out of a storage. */
static void
client_with_a_stored_token(void)
{
	struct gp_user user = gp_person_new();
	const struct gp_answer *answer = GP_SEND(.path = "/api/v1/todos", .token = user.token,
	    .fields = { "Content-Type: application/json" });

	GP_EXPECT_BODY(answer, 200, "[]");
	/* Nobody has signed in: the storage is empty, and JavaScript writes that as null. */
	GP_EXPECT_DETAIL(GP_SEND(.path = "/api/v1/todos", .token = "null",
			     .fields = { "Content-Type: application/json" }),
	    401, "Could not validate credentials");
}

/* One method of the ApiClient: the session's own token, and JSON out of every answer. */
static struct json_object *
request(const struct gp_user *user, const char *method, const char *endpoint, const char *body)
{
	const struct gp_answer *answer =
	    GP_SEND(.method = method, .path = endpoint, .token = user->token, .body = body,
		.fields = { body == NULL ? "Content-Type: application/json" : NULL });

	GP_EXPECT_ANSWER(answer, 200);
	return answer->json;
}

static void
client_with_a_session(void)
{
	struct gp_user user = gp_person_new();
	const char *tasks = gp_kept_text("/api/%s/tasks", user.id), *task;
	struct json_object *created, *id = NULL, *completed = NULL;

	user.token = gp_person_session(user.id, 7 * 24 * 3600);
	GP_EXPECT(json_object_equal(request(&user, "GET", tasks, NULL), gp_json_of("[]")),
	    "getTasks() gives something");
	created = request(&user, "POST", tasks, "{\"title\":\"a\"}");
	GP_EXPECT(
	    json_object_object_get_ex(created, "id", &id) && json_object_is_type(id, json_type_int),
	    "createTask() gives %s", json_object_to_json_string(created));
	task = gp_kept_text("%s/%s", tasks, json_object_get_string(id));
	GP_EXPECT(gp_test_same(
		      gp_json_text(request(&user, "PUT", task, "{\"title\":\"b\"}"), "title"), "b"),
	    "updateTask() changes nothing");
	json_object_object_get_ex(request(&user, "PATCH", gp_kept_text("%s/complete", task), NULL),
	    "completed", &completed);
	GP_EXPECT(json_object_get_boolean(completed), "toggleTaskCompletion() changes nothing");
	GP_EXPECT(gp_test_same(gp_json_text(request(&user, "DELETE", task, NULL), "title"), "b"),
	    "deleteTask() gives another task");
}

const struct gp_test gp_seeds_tests[] = {
	GP_TEST(test_unauthorized_without_token),
	GP_TEST(test_authorized_with_token),
	GP_TEST(test_user_isolation),
	GP_TEST(test_valid_token),
	GP_TEST(test_expired_token),
	GP_TEST(test_protected_route_with_valid_token),
	GP_TEST(test_protected_route_without_token),
	GP_TEST(test_path_user_id_mismatch),
	GP_TEST(client_with_a_stored_token),
	GP_TEST(client_with_a_session),
	{ NULL, NULL },
};
