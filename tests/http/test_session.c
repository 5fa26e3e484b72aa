/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Better Auth's session tokens, which its client holds and some front ends send, on every API: they
 * stand for a row, which says who is calling and until when.
 */
#include <string.h>

#include "api.h"
#include "client.h"
#include "expect.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "task.h"
#include "token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { WEEK_S = 7 * 24 * 3600 };

/* Somebody who sends a session token instead of an access token. */
static struct gp_user
person_with_session(int lifetime_s)
{
	struct gp_user user = gp_person_new();

	user.token = gp_person_session(user.id, lifetime_s);
	return user;
}

/* All that a client does with tasks, in each API; C's are found in D, which shows the same rows. */
static void
judge_life_of_a_task(const struct gp_api *api, const struct gp_user *user)
{
	const char *id = gp_api_adds(api, user, "by session");

	GP_EXPECT(gp_api_counts(api, user) == 1, "not one task");
	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		struct gp_call call = gp_api_call(api, deed, user->id, id, user->token);
		bool deletes_b = api == &gp_apis[GP_API_B] && strcmp(deed->method, "DELETE") == 0;

		GP_EXPECT_ANSWER(gp_send(&call), deletes_b ? 204 : 200);
	}
}

static void
session_token_serves_every_route(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		struct gp_user user = person_with_session(WEEK_S);

		gp_test_row("%s", gp_apis[i].name);
		judge_life_of_a_task(&gp_apis[i], &user);
	}
}

/* A minute or a year: the lifetime of access tokens is no rule for sessions. */
static void
session_may_last_as_long_as_it_likes(void)
{
	static const int lifetimes_s[] = { 60, 899, 1801, WEEK_S, 365 * 24 * 3600 };

	for (size_t i = 0; i < GP_API_COUNT * COUNT(lifetimes_s); i++) {
		const struct gp_api *api = &gp_apis[i % GP_API_COUNT];
		struct gp_user user = person_with_session(lifetimes_s[i / GP_API_COUNT]);

		gp_test_row("%s, %d s", api->name, lifetimes_s[i / GP_API_COUNT]);
		GP_EXPECT(gp_api_counts(api, &user) == 0, "no empty list");
	}
}

/* As the bearer plugin takes it: with the signature that the cookie has, encoded or not. */
static void
signed_session_token_is_the_same(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		struct gp_user user = person_with_session(WEEK_S);
		const char *with_signature = gp_token_signed_session(user.token);

		gp_test_row("%s", gp_apis[i].name);
		user.token = with_signature;
		GP_EXPECT(gp_api_counts(&gp_apis[i], &user) == 0, "no empty list");
		user.token = gp_path_encoded(with_signature);
		GP_EXPECT(gp_api_counts(&gp_apis[i], &user) == 0, "no empty list");
	}
}

static void
expect_refused_everywhere(const struct gp_api *api, const struct gp_user *user)
{
	const char *list = gp_api_list(api, user->id);

	GP_EXPECT_REFUSAL(gp_user_reads(user, list), api->invalid, true);
	GP_EXPECT_ANSWER(GP_SEND(.method = "HEAD", .path = list, .token = user->token), 401);
	GP_EXPECT_REFUSAL(GP_SEND(.method = "POST", .path = list, .token = user->token,
			      .body = gp_api_body(api, "a")),
	    api->invalid, true);
	GP_EXPECT_REFUSAL(
	    GP_SEND(.method = "POST", .path = list, .token = user->token, .body = "{"),
	    api->invalid, true);
	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		struct gp_call call = gp_api_call(api, deed, user->id, "no-id", user->token);
		const struct gp_answer *answer = gp_send(&call);

		if (answer->is_head)
			GP_EXPECT_ANSWER(answer, 401);
		else
			GP_EXPECT_REFUSAL(answer, api->invalid, true);
	}
}

static void
session_that_is_none_is_refused(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		struct gp_user user = person_with_session(WEEK_S);
		struct gp_user expired = person_with_session(-1), gone = user, removed, banned;
		const char *const tokens[] = {
			gp_kept_text("%sx", user.token),
			gp_kept_bytes(user.token, strlen(user.token) - 1),
			gp_kept_text("%s.", user.token),
			gp_kept_text("%s.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", user.token),
			gp_token_signed_session("unknown"),
			"%",
			"' or '1'='1",
		};

		for (size_t j = 0; j < COUNT(tokens); j++) {
			gp_test_row("%s, %s", gp_apis[i].name, tokens[j]);
			gone.token = tokens[j];
			expect_refused_everywhere(&gp_apis[i], &gone);
		}
		gp_test_row("%s, expired", gp_apis[i].name);
		expect_refused_everywhere(&gp_apis[i], &expired);
		gp_test_row("%s, signed and expired", gp_apis[i].name);
		expired.token = gp_token_signed_session(expired.token);
		expect_refused_everywhere(&gp_apis[i], &expired);
		gp_test_row("%s, of a removed user", gp_apis[i].name);
		removed = person_with_session(WEEK_S);
		gp_person_remove(removed.id);
		expect_refused_everywhere(&gp_apis[i], &removed);
		gp_test_row("%s, of a banned user", gp_apis[i].name);
		banned = person_with_session(WEEK_S);
		gp_person_ban(banned.id);
		expect_refused_everywhere(&gp_apis[i], &banned);
	}
}

/* The row is asked each time: who signs out is out at once. */
static void
session_ends_with_its_row(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		struct gp_user user = person_with_session(WEEK_S);

		gp_test_row("%s", gp_apis[i].name);
		gp_api_adds(&gp_apis[i], &user, "a");
		gp_person_sign_out(user.token);
		expect_refused_everywhere(&gp_apis[i], &user);
		user.token = gp_person_session(user.id, WEEK_S);
		GP_EXPECT(gp_api_counts(&gp_apis[i], &user) == 1, "not one task");
	}
}

static void
foreign_task_is_refused_to_a_session(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		struct gp_user owner = person_with_session(WEEK_S),
			       thief = person_with_session(WEEK_S);
		const char *id = gp_api_adds(api, &owner, "private");

		GP_EXPECT(gp_api_counts(api, &thief) == 0, "the thief sees a task");
		for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
			struct gp_call call = gp_api_call(api, deed, thief.id, id, thief.token);

			gp_test_row("%s, %s", api->name, deed->method);
			GP_EXPECT_ANSWER(gp_send(&call), 403);
		}
		GP_EXPECT(gp_api_counts(api, &owner) == 1, "the task is gone");
	}
}

/* Whose session it is, only the database knows; it must say so before anything is done. */
static void
path_of_another_user_is_refused_to_a_session(void)
{
	static const int apis[] = { GP_API_C, GP_API_D };
	static const char *const bodies[] = { "{\"title\":\"a\"}", "{\"title\":5}", "{", "" };

	for (size_t i = 0; i < COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i]];
		struct gp_user user = person_with_session(WEEK_S),
			       other = person_with_session(WEEK_S);
		const char *path = gp_api_list(api, other.id);

		GP_EXPECT_DETAIL(gp_user_reads(&user, path), 403, api->other_user);
		GP_EXPECT_DETAIL(
		    gp_user_reads(&user, gp_kept_text("%s?limit=0", path)), 403, api->other_user);
		for (size_t j = 0; j < COUNT(bodies); j++) {
			gp_test_row("%s, POST %s", api->name, bodies[j]);
			GP_EXPECT_DETAIL(GP_SEND(.method = "POST", .path = path,
					     .token = user.token, .body = bodies[j]),
			    403, api->other_user_create);
		}
		GP_EXPECT(gp_api_counts(api, &user) == 0, "the caller has a task");
		GP_EXPECT(gp_api_counts(api, &other) == 0, "the other has a task");
	}
}

/* Neither one's own task nor the other's is touched through the other's path. */
static void
tasks_in_the_path_of_another_user_stay_as_they_are(void)
{
	const struct gp_api *d = &gp_apis[GP_API_D];
	struct gp_user user = person_with_session(WEEK_S), other = person_with_session(WEEK_S);
	const char *mine = gp_api_adds(d, &user, "mine"),
		   *theirs = gp_api_adds(d, &other, "theirs");
	const char *const ids[] = { mine, theirs, "0", "no-id" };

	for (const struct gp_deed *deed = d->deeds; deed->method != NULL; deed++) {
		for (size_t i = 0; i < COUNT(ids); i++) {
			struct gp_call call = gp_api_call(d, deed, other.id, ids[i], user.token);
			const struct gp_answer *answer;

			gp_test_row("%s %s", deed->method, ids[i]);
			answer = gp_send(&call);
			if (answer->is_head)
				GP_EXPECT_ANSWER(answer, 403);
			else
				GP_EXPECT_DETAIL(answer, 403, d->other_user);
		}
	}
	GP_EXPECT_TASK(d, gp_user_reads(&user, gp_api_single(d, user.id, mine))->json, user.id,
	    "mine", NULL, false);
	GP_EXPECT_TASK(d, gp_user_reads(&other, gp_api_single(d, other.id, theirs))->json, other.id,
	    "theirs", NULL, false);
}

/* 401 comes before 403: an expired session is told nothing of anybody's path. */
static void
expired_session_comes_before_the_path(void)
{
	static const int apis[] = { GP_API_C, GP_API_D };

	for (size_t i = 0; i < COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i]];
		struct gp_user expired = person_with_session(-1), other = gp_person_new();

		gp_test_row("%s", api->name);
		expired.id = other.id;
		expect_refused_everywhere(api, &expired);
		GP_EXPECT(gp_api_counts(api, &other) == 0, "a task was created");
	}
}

/* Bad input of somebody who is somebody. */
static void
input_of_a_session_is_judged(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		struct gp_user user = person_with_session(WEEK_S);
		const char *list = gp_api_list(api, user.id);

		gp_test_row("%s", api->name);
		GP_EXPECT_FAULT(
		    GP_SEND(.method = "POST", .path = list, .token = user.token, .body = "{"), 1,
		    "body", NULL);
		GP_EXPECT_FAULT(
		    gp_user_reads(&user, gp_kept_text("%s?limit=0", list)), 1, "query", "limit");
		GP_EXPECT(gp_api_counts(api, &user) == 0, "a task was created");
	}
}

/* The tokens of a person say another e-mail and another name. */
static void
profile_of_a_session_is_the_row(void)
{
	struct gp_user user = gp_person_new();
	const char *session = gp_person_session(user.id, WEEK_S);
	const struct gp_answer *answer = GP_SEND(.path = "/api/v1/me/profile", .token = session);

	GP_EXPECT_BODY(answer, 200,
	    gp_kept_text("{\"id\":\"%s\",\"email\":\"%s\",\"name\":\"%s\"}", user.id,
		gp_person_email(user.id), GP_PERSON_NAME));
	GP_EXPECT_MEMBERS(answer->json, "id email name");
	GP_EXPECT_BODY(gp_user_reads(&user, "/api/v1/me/profile"), 200,
	    gp_kept_text(
		"{\"id\":\"%s\",\"email\":\"test@example.com\",\"name\":\"Test User\"}", user.id));
}

/* An e-mail that is empty is none, in a row as in a token; only C asks for one. */
static void
session_of_somebody_without_an_email_is_refused_by_one(void)
{
	static const char sentence[] = "Invalid token: missing user claims";
	const struct gp_api *c = &gp_apis[GP_API_C];
	struct gp_user user = person_with_session(WEEK_S);
	const char *list = gp_api_list(c, user.id);

	gp_person_set_email(user.id, "");
	GP_EXPECT_REFUSAL(gp_user_reads(&user, "/api/v1/me/profile"), sentence, true);
	GP_EXPECT_REFUSAL(gp_user_reads(&user, list), sentence, true);
	GP_EXPECT_REFUSAL(GP_SEND(.method = "POST", .path = list, .token = user.token,
			      .body = "{\"title\":\"a\"}"),
	    sentence, true);
	GP_EXPECT(gp_api_counts(&gp_apis[GP_API_A], &user) == 0 &&
		      gp_api_counts(&gp_apis[GP_API_B], &user) == 0 &&
		      gp_api_counts(&gp_apis[GP_API_D], &user) == 0,
	    "a task was created");
	gp_person_remove(user.id); /* only one row may have this e-mail */
}

/* One person is the same one by either kind of token. */
static void
session_and_access_token_reach_the_same_tasks(void)
{
	struct gp_user user = gp_person_new(), same = user;
	const char *id;

	same.token = gp_person_session(user.id, WEEK_S);
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		gp_api_adds(&gp_apis[i], i % 2 == 0 ? &user : &same, "a");
		GP_EXPECT(gp_api_counts(&gp_apis[i], &user) == (int)i + 1 &&
			      gp_api_counts(&gp_apis[i], &same) == (int)i + 1,
		    "not %zu tasks", i + 1);
	}
	id = gp_api_adds(&gp_apis[GP_API_D], &user, "a");
	GP_EXPECT_ANSWER(
	    GP_SEND(.method = "DELETE", .path = gp_api_single(&gp_apis[GP_API_D], user.id, id),
		.token = same.token),
	    200);
}

/* People whose ids need encoding in a path have sessions too. */
static void
strange_ids_are_compared_in_the_database(void)
{
	static const char *const endings[] = { " ", "+", "%", "'", "\"", "\\", "\xc3\xa9",
		"e\xcc\x81", "\xf0\x9f\x98\x80", "?", "#", "' or '1'='1" };
	static const int apis[] = { GP_API_C, GP_API_D };

	for (size_t i = 0; i < COUNT(endings) * COUNT(apis); i++) {
		const struct gp_api *api = &gp_apis[apis[i % COUNT(apis)]];
		struct gp_user base = gp_person_new();
		struct gp_user user =
		    gp_person_named(gp_kept_text("%s%s", base.id, endings[i / COUNT(apis)]));

		gp_test_row("%s, %s", api->name, user.id);
		user.token = gp_person_session(user.id, WEEK_S);
		gp_api_adds(api, &user, "a");
		GP_EXPECT(gp_api_counts(api, &user) == 1, "not one task");
		GP_EXPECT_DETAIL(
		    gp_user_reads(&user, gp_api_list(api, base.id)), 403, api->other_user);
	}
}

const struct gp_test gp_session_tests[] = {
	GP_TEST(session_token_serves_every_route),
	GP_TEST(session_may_last_as_long_as_it_likes),
	GP_TEST(signed_session_token_is_the_same),
	GP_TEST(session_that_is_none_is_refused),
	GP_TEST(session_ends_with_its_row),
	GP_TEST(foreign_task_is_refused_to_a_session),
	GP_TEST(path_of_another_user_is_refused_to_a_session),
	GP_TEST(tasks_in_the_path_of_another_user_stay_as_they_are),
	GP_TEST(expired_session_comes_before_the_path),
	GP_TEST(input_of_a_session_is_judged),
	GP_TEST(profile_of_a_session_is_the_row),
	GP_TEST(session_of_somebody_without_an_email_is_refused_by_one),
	GP_TEST(session_and_access_token_reach_the_same_tasks),
	GP_TEST(strange_ids_are_compared_in_the_database),
	{ NULL, NULL },
};
