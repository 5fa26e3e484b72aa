/* SPDX-License-Identifier: Apache-2.0 */
/* The API of /api/v1/{user_id}/tasks: tasks in a wrapper, short-lived tokens, and a profile. */
#include "client.h"
#include "expect.h"
#include "instance.h"
#include "judge.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct gp_api *const c = &gp_apis[GP_API_C];

static const char profile[] = "/api/v1/me/profile";
static const char lifetime[] = "Invalid token lifetime";
static const char no_claims[] = "Invalid token: missing user claims";

static const char *
token_of(const char *claims, const char *user_id)
{
	return gp_token_make(
	    &(struct gp_token_order){ .claims = gp_token_claims(claims, user_id) });
}

static void
list_of_a_new_user_is_empty(void)
{
	gp_judge_empty_list(c, "{\"tasks\":[]}");
}

static void
creation_answers_200_with_the_task_in_a_wrapper(void)
{
	gp_judge_creation(c);
}

static void
list_is_newest_first_in_a_wrapper(void)
{
	struct gp_user user = gp_person_new();

	gp_judge_order(c);
	gp_api_adds(c, &user, "a");
	GP_EXPECT_MEMBERS(gp_user_reads(&user, gp_api_list(c, user.id))->json, "tasks");
}

static void
bad_bodies_are_refused_with_every_fault(void)
{
	gp_judge_bodies(c);
}

static void
owner_in_the_body_is_ignored(void)
{
	gp_judge_owner_in_body(c);
}

static void
every_route_refuses_bad_credentials(void)
{
	gp_judge_refusals(c);
	gp_judge_refused(c, &(struct gp_call){ .method = "GET", .path = profile });
	gp_judge_refused(c, &(struct gp_call){ .method = "HEAD", .path = profile });
}

/* The token alone says who is calling. */
static void
users_need_no_row(void)
{
	struct gp_user user = gp_user_new();

	gp_api_adds(c, &user, "a");
	GP_EXPECT(gp_api_counts(c, &user) == 1, "not one task");
	GP_EXPECT_ANSWER(gp_user_reads(&user, profile), 200);
}

static void
profile_is_what_the_token_says(void)
{
	static const struct {
		const char *claims, *body;
	} rows[] = {
		{ "\"email\":\"a@example.com\",\"name\":\"A B\"",
		    "\"email\":\"a@example.com\",\"name\":\"A B\"" },
		{ "\"email\":\"a@example.com\"", "\"email\":\"a@example.com\",\"name\":null" },
		{ "\"email\":\"a@example.com\",\"name\":null",
		    "\"email\":\"a@example.com\",\"name\":null" },
		{ "\"email\":\"\\u00e9@example.com\",\"name\":\"\\ud83d\\ude00 \\\"x\\\"\"",
		    "\"email\":\"\xc3\xa9@example.com\",\"name\":\"\xf0\x9f\x98\x80 \\\"x\\\"\"" },
	};

	for (size_t i = 0; i < COUNT(rows) * 2; i++) {
		const char *user = gp_instance_new_user();
		const char *token =
		    token_of(gp_kept_text("{\"sub\":\"$\",%s,\"iat\":<0>,\"exp\":<+1800>}",
				 rows[i / 2].claims),
			user);
		const struct gp_answer *answer =
		    GP_SEND(.path = i % 2 == 0 ? profile : "/api/v1/me/profile/", .token = token);

		gp_test_row("%s", rows[i / 2].claims);
		GP_EXPECT_BODY(
		    answer, 200, gp_kept_text("{\"id\":\"%s\",%s}", user, rows[i / 2].body));
		GP_EXPECT_MEMBERS(answer->json, "id email name");
	}
}

/* A token of one hour lasts too long, whoever it is for, and on every route. */
static void
expect_judged(const char *claims, int status, const char *detail)
{
	const char *user = gp_instance_new_user(), *list = gp_api_list(c, user);
	const char *token = token_of(claims, user);
	const struct gp_call calls[] = {
		{ .path = list, .token = token },
		{ .path = profile, .token = token },
		{ .method = "POST", .path = list, .token = token, .body = "{\"title\":\"a\"}" },
	};

	gp_test_row("%s", claims);
	for (size_t i = 0; i < COUNT(calls); i++) {
		if (status == 200)
			GP_EXPECT_ANSWER(gp_send(&calls[i]), 200);
		else
			GP_EXPECT_REFUSAL(gp_send(&calls[i]), detail, true);
	}
}

static void
tokens_live_from_15_to_30_minutes(void)
{
	static const struct {
		const char *times;
		int status;
	} rows[] = {
		{ "\"iat\":<0>,\"exp\":<+899>", 401 },
		{ "\"iat\":<0>,\"exp\":<+900>", 200 },
		{ "\"iat\":<0>,\"exp\":<+1800>", 200 },
		{ "\"iat\":<0>,\"exp\":<+1801>", 401 },
		{ "\"iat\":<0>,\"exp\":<+60>", 401 },
		{ "\"iat\":<0>,\"exp\":<+3600>", 401 },
		{ "\"iat\":<0>,\"exp\":<+604800>", 401 },
		/* whatever is left of it */
		{ "\"iat\":<-600>,\"exp\":<+299>", 401 },
		{ "\"iat\":<-600>,\"exp\":<+300>", 200 },
		{ "\"iat\":<-1500>,\"exp\":<+300>", 200 },
		{ "\"iat\":<-1500>,\"exp\":<+301>", 401 },
		{ "\"iat\":<-86400>,\"exp\":<+1800>", 401 },
		{ "\"iat\":1,\"exp\":<+1800>", 401 },
		{ "\"iat\":-1,\"exp\":<+1800>", 401 },
		{ "\"iat\":<0>.5,\"exp\":<+900>.5", 200 },
		{ "\"iat\":<-60>.5,\"exp\":<+840>.25", 401 },
		/* nobody says since when: counted from now */
		{ "\"exp\":<+60>", 200 },
		{ "\"exp\":<+900>", 200 },
		{ "\"exp\":<+1800>", 200 },
		{ "\"exp\":<+1830>", 401 },
		{ "\"exp\":<+3600>", 401 },
		{ "\"exp\":4e9", 401 },
		{ "\"iat\":0,\"exp\":<+60>", 200 },
		{ "\"iat\":0,\"exp\":<+1800>", 200 },
		{ "\"iat\":0,\"exp\":<+3600>", 401 },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_judged(gp_kept_text("{\"sub\":\"$\",\"email\":\"a@b.c\",%s}", rows[i].times),
		    rows[i].status, lifetime);
}

static void
tokens_need_an_email(void)
{
	static const char *const emails[] = { "", "\"email\":\"\",", "\"email\":null,",
		"\"EMAIL\":\"a@b.c\"," };

	for (size_t i = 0; i < COUNT(emails); i++)
		expect_judged(
		    gp_kept_text("{\"sub\":\"$\",%s\"iat\":<0>,\"exp\":<+1800>}", emails[i]), 401,
		    no_claims);
}

/* Who is not known by the claims is not told off for the lifetime, as in the original. */
static void
missing_claims_come_before_the_lifetime(void)
{
	expect_judged("{\"sub\":\"$\",\"iat\":<0>,\"exp\":<+3600>}", 401, no_claims);
	expect_judged("{\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+3600>}", 401, no_claims);
}

static void
path_user_must_be_the_caller(void)
{
	static const char sentence[] = "User ID in path does not match authenticated user";
	struct gp_user user = gp_user_new(), other = gp_user_new();
	const char *path = gp_api_list(c, other.id);

	GP_EXPECT_DETAIL(gp_user_reads(&user, path), 403, sentence);
	GP_EXPECT_ANSWER(GP_SEND(.method = "HEAD", .path = path, .token = user.token), 403);
	GP_EXPECT_DETAIL(GP_SEND(.method = "POST", .path = path, .token = user.token,
			     .body = "{\"title\":\"a\"}"),
	    403, sentence);
	GP_EXPECT(
	    gp_api_counts(c, &user) == 0 && gp_api_counts(c, &other) == 0, "a task was created");
}

/* Words that stand for something else elsewhere are users here; /api/v1/todos/tasks is B's. */
static void
user_called_like_a_route_is_a_user(void)
{
	static const char *const ids[] = { "me", "tasks", "profile", "v1", "api", "complete",
		"openapi.json", "healthz" };

	for (size_t i = 0; i < COUNT(ids); i++) {
		struct gp_user user = { .id = ids[i], .token = gp_token_for(ids[i]) };

		gp_test_row("%s", ids[i]);
		GP_EXPECT_BODY(
		    gp_user_reads(&user, gp_api_list(c, user.id)), 200, "{\"tasks\":[]}");
	}
}

static void
single_tasks_have_no_path(void)
{
	struct gp_user user = gp_user_new();
	const char *list = gp_api_list(c, user.id), *id = gp_api_adds(c, &user, "a");
	const char *const paths[] = { gp_kept_text("%s/%s", list, id),
		gp_kept_text("%s/%s/complete", list, id), "/api/v1/you/profile",
		"/api/v1/me/profile/x", "/api/v1/me", "/v1/me/profile", "/api/v2/me/profile" };

	for (size_t i = 0; i < COUNT(paths); i++) {
		gp_test_row("%s", paths[i]);
		GP_EXPECT_DETAIL(gp_user_reads(&user, paths[i]), 404, "Not Found");
		GP_EXPECT_DETAIL(GP_SEND(.method = "DELETE", .path = paths[i], .token = user.token),
		    404, "Not Found");
	}
}

static void
other_methods_are_not_allowed(void)
{
	static const struct {
		const char *method, *path, *allow;
	} rows[] = {
		{ "PUT", "/api/v1/somebody/tasks", "GET HEAD POST OPTIONS" },
		{ "PATCH", "/api/v1/somebody/tasks/", "GET HEAD POST OPTIONS" },
		{ "DELETE", "/api/v1/somebody/tasks", "GET HEAD POST OPTIONS" },
		{ "POST", profile, "GET HEAD OPTIONS" },
		{ "PUT", profile, "GET HEAD OPTIONS" },
		{ "PATCH", profile, "GET HEAD OPTIONS" },
		{ "DELETE", profile, "GET HEAD OPTIONS" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct gp_answer *answer = GP_SEND(.method = rows[i].method,
		    .path = rows[i].path, .body = rows[i].method[0] == 'D' ? NULL : "{}");

		gp_test_row("%s %s", rows[i].method, rows[i].path);
		GP_EXPECT_DETAIL(answer, 405, "Method Not Allowed");
		GP_EXPECT_ALLOW(answer, rows[i].allow);
	}
}

static void
head_answers_like_get_without_a_body(void)
{
	struct gp_user user = gp_user_new();
	const char *const paths[] = { gp_api_list(c, user.id), profile };

	gp_api_adds(c, &user, "a");
	for (size_t i = 0; i < COUNT(paths); i++) {
		const struct gp_answer *get = gp_user_reads(&user, paths[i]);
		const struct gp_answer *head =
		    GP_SEND(.method = "HEAD", .path = paths[i], .token = user.token);

		GP_EXPECT_ANSWER(head, 200);
		GP_EXPECT(gp_test_same(gp_answer_field(head, "Content-Length"),
			      gp_answer_field(get, "Content-Length")),
		    "Content-Length differs from GET's");
		GP_EXPECT(gp_test_same(gp_answer_field(head, "ETag"), gp_answer_field(get, "ETag")),
		    "ETag differs from GET's");
	}
}

const struct gp_test gp_dialect_c_tests[] = {
	GP_TEST(list_of_a_new_user_is_empty),
	GP_TEST(creation_answers_200_with_the_task_in_a_wrapper),
	GP_TEST(list_is_newest_first_in_a_wrapper),
	GP_TEST(bad_bodies_are_refused_with_every_fault),
	GP_TEST(owner_in_the_body_is_ignored),
	GP_TEST(every_route_refuses_bad_credentials),
	GP_TEST(users_need_no_row),
	GP_TEST(profile_is_what_the_token_says),
	GP_TEST(tokens_live_from_15_to_30_minutes),
	GP_TEST(tokens_need_an_email),
	GP_TEST(missing_claims_come_before_the_lifetime),
	GP_TEST(path_user_must_be_the_caller),
	GP_TEST(user_called_like_a_route_is_a_user),
	GP_TEST(single_tasks_have_no_path),
	GP_TEST(other_methods_are_not_allowed),
	GP_TEST(head_answers_like_get_without_a_body),
	{ NULL, NULL },
};
