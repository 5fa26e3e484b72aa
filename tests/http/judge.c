/* SPDX-License-Identifier: Apache-2.0 */
/* Tables in which `$` stands for the name of a title, or for the id of a task. */
#include "judge.h"

#include <json-c/json.h>
#include <string.h>

#include "expect.h"
#include "kept.h"
#include "people.h"
#include "runner.h"
#include "task.h"
#include "token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char private_title[] = "a title that nobody else may read";

static bool
is_head(const struct gp_deed *deed)
{
	return strcmp(deed->method, "HEAD") == 0;
}

/* With HEAD there is no body to look at. */
static void
expect_detail(const struct gp_answer *answer, int status, const char *detail)
{
	if (answer->is_head)
		GP_EXPECT_ANSWER(answer, status);
	else
		GP_EXPECT_DETAIL(answer, status, detail);
}

static const struct gp_answer *
post(const struct gp_api *api, const struct gp_user *user, const char *body)
{
	return GP_SEND(.method = "POST", .path = gp_api_list(api, user->id), .token = user->token,
	    .body = body);
}

void
gp_judge_empty_list(const struct gp_api *api, const char *body)
{
	struct gp_user user = gp_person_new();
	const char *path = gp_api_list(api, user.id);
	const char *const paths[] = { path, gp_kept_text("%s/", path) };

	for (size_t i = 0; i < COUNT(paths); i++) {
		const struct gp_answer *answer = gp_user_reads(&user, paths[i]);

		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT(strcmp(answer->body, body) == 0, "the body is %s", answer->body);
	}
}

void
gp_judge_creation(const struct gp_api *api)
{
	static const struct {
		const char *body, *title, *description;
		bool completed;
	} rows[] = {
		{ "{\"$\":\"Buy milk\"}", "Buy milk", NULL, false },
		{ "{\"$\":\"a\",\"description\":\"two litres\"}", "a", "two litres", false },
		{ "{\"$\":\"a\",\"description\":null}", "a", NULL, false },
		{ "{\"$\":\"a\",\"description\":\"\"}", "a", "", false },
		{ "{\"$\":\"a\",\"completed\":true}", "a", NULL, true },
		{ "{\"$\":\"a\",\"completed\":false}", "a", NULL, false },
		{ "{\"completed\":true,\"description\":\"d\",\"$\":\"\\u00e9\\ud83d\\ude00\"}",
		    "\xc3\xa9\xf0\x9f\x98\x80", "d", true },
		{ "{\"$\":\"a\",\"priority\":\"high\",\"tags\":[1]}", "a", NULL, false },
		{ "{\"$\":\"null\"}", "null", NULL, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct gp_user user = gp_person_new();
		const struct gp_answer *answer;
		struct json_object *task;

		gp_test_row("%s", rows[i].body);
		answer = post(api, &user, gp_kept_filled(rows[i].body, api->title));
		GP_EXPECT_ANSWER(answer, api->created);
		if (api->wrapped)
			GP_EXPECT_MEMBERS(answer->json, "task");
		task = gp_api_task_in(api, answer);
		GP_EXPECT_TASK(
		    api, task, user.id, rows[i].title, rows[i].description, rows[i].completed);
		GP_EXPECT(
		    json_object_equal(task, gp_api_only_task(api, &user)), "the list differs");
	}
}

void
gp_judge_order(const struct gp_api *api)
{
	enum { TASKS = 4 };
	struct gp_user user = gp_person_new();
	struct json_object *created[TASKS], *tasks;
	const struct gp_answer *list;

	for (int i = 0; i < TASKS; i++)
		created[i] =
		    gp_api_task_in(api, gp_api_creates(api, &user, gp_kept_text("task %d", i)));
	list = gp_user_reads(&user, gp_api_list(api, user.id));
	tasks = gp_api_tasks_in(api, list);
	GP_EXPECT_ANSWER(list, 200);
	if (!GP_EXPECT(tasks != NULL && json_object_array_length(tasks) == TASKS,
		"not %d tasks: %s", TASKS, list->body))
		return;
	for (size_t i = 0; i < TASKS; i++) {
		struct json_object *task = json_object_array_get_idx(tasks, TASKS - 1 - i), *id;

		gp_test_row("task %zu", i);
		GP_EXPECT(json_object_equal(task, created[i]), "the list has %s",
		    json_object_to_json_string(task));
		if (api->deeds->method == NULL || !json_object_object_get_ex(task, "id", &id))
			continue;
		list =
		    gp_user_reads(&user, gp_api_single(api, user.id, json_object_get_string(id)));
		GP_EXPECT_ANSWER(list, 200);
		GP_EXPECT(json_object_equal(task, list->json), "alone it is %s", list->body);
	}
}

/* What is wrong with a body, in the words of FastAPI with pydantic 1. */
static const struct {
	const char *body, *faults;
	bool only_new; /* right for a change */
} bad_bodies[] = {
	{ "", "{\"loc\":[\"body\"],\"msg\":\"field required\",\"type\":\"value_error.missing\"}",
	    false },
	{ "[]",
	    "{\"loc\":[\"body\"],\"msg\":\"value is not a valid dict\",\"type\":\"type_error.dict\"}",
	    false },
	{ "null",
	    "{\"loc\":[\"body\"],\"msg\":\"value is not a valid dict\",\"type\":\"type_error.dict\"}",
	    false },
	{ "{}",
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"field required\",\"type\":\"value_error.missing\"}",
	    true },
	{ "{\"name\":\"a\"}",
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"field required\",\"type\":\"value_error.missing\"}",
	    true },
	{ "{\"$\":null}",
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"none is not an allowed value\","
	    "\"type\":\"type_error.none.not_allowed\"}",
	    false },
	{ "{\"$\":7}",
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"str type expected\",\"type\":\"type_error.str\"}",
	    false },
	{ "{\"$\":[\"a\"]}",
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"str type expected\",\"type\":\"type_error.str\"}",
	    false },
	{ "{\"$\":\"\"}",
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"ensure this value has at least 1 characters\","
	    "\"type\":\"value_error.any_str.min_length\"}",
	    false },
	{ "{\"$\":\"a\",\"description\":{}}",
	    "{\"loc\":[\"body\",\"description\"],\"msg\":\"str type expected\","
	    "\"type\":\"type_error.str\"}",
	    false },
	{ "{\"$\":\"a\",\"completed\":\"maybe\"}",
	    "{\"loc\":[\"body\",\"completed\"],\"msg\":\"value could not be parsed to a boolean\","
	    "\"type\":\"type_error.bool\"}",
	    false },
	{ "{\"$\":\"a\",\"completed\":null}",
	    "{\"loc\":[\"body\",\"completed\"],\"msg\":\"none is not an allowed value\","
	    "\"type\":\"type_error.none.not_allowed\"}",
	    false },
	{ "{\"completed\":2,\"description\":5,\"$\":\"\"}",
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"ensure this value has at least 1 characters\","
	    "\"type\":\"value_error.any_str.min_length\"},"
	    "{\"loc\":[\"body\",\"description\"],\"msg\":\"str type expected\","
	    "\"type\":\"type_error.str\"},"
	    "{\"loc\":[\"body\",\"completed\"],\"msg\":\"value could not be parsed to a boolean\","
	    "\"type\":\"type_error.bool\"}",
	    false },
};

/* A body that nobody reads, because of its type or its size. */
static void
judge_unread_bodies(const struct gp_api *api, struct gp_call call)
{
	gp_test_row("%s", call.method);
	call.body = gp_api_body(api, "a");
	call.content_type = "text/plain";
	GP_EXPECT_DETAIL(gp_send(&call), 415, "Unsupported media type: use application/json");
	call.body = gp_kept_repeated(" ", 1024 * 1024 + 1);
	call.content_type = NULL;
	GP_EXPECT_DETAIL(gp_send(&call), 413, "Request body too large");
}

/* Each of the bodies to each route that changes a task. */
static void
judge_bad_changes(const struct gp_api *api, const struct gp_user *user)
{
	const char *id = gp_api_adds(api, user, "unchanged");
	struct json_object *before = gp_api_only_task(api, user);

	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		struct gp_call call = gp_api_call(api, deed, user->id, id, user->token);

		for (size_t i = 0; i < COUNT(bad_bodies) && deed->has_body; i++) {
			gp_test_row("%s %s", deed->method, bad_bodies[i].body);
			if (bad_bodies[i].only_new)
				continue;
			call.body = gp_kept_filled(bad_bodies[i].body, api->title);
			GP_EXPECT_BODY(gp_send(&call), 422,
			    gp_kept_text("{\"detail\":[%s]}",
				gp_kept_filled(bad_bodies[i].faults, api->title)));
		}
		if (deed->has_body)
			judge_unread_bodies(api, call);
	}
	GP_EXPECT(json_object_equal(gp_api_only_task(api, user), before), "the task has changed");
}

void
gp_judge_bodies(const struct gp_api *api)
{
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < COUNT(bad_bodies); i++) {
		gp_test_row("POST %s", bad_bodies[i].body);
		GP_EXPECT_BODY(post(api, &user, gp_kept_filled(bad_bodies[i].body, api->title)),
		    422,
		    gp_kept_text(
			"{\"detail\":[%s]}", gp_kept_filled(bad_bodies[i].faults, api->title)));
	}
	GP_EXPECT_FAULT(post(api, &user, "{\"title\""), 1, "body", NULL);
	GP_EXPECT_FAULT(
	    post(api, &user,
		gp_kept_text("{\"%s\":\"%s\"}", api->title, gp_kept_repeated("\xc3\xa9", 10001))),
	    1, "body", api->title);
	judge_unread_bodies(
	    api, (struct gp_call){
		     .method = "POST", .path = gp_api_list(api, user.id), .token = user.token });
	GP_EXPECT(gp_api_counts(api, &user) == 0, "a task was created");
	judge_bad_changes(api, &user);
}

void
gp_judge_owner_in_body(const struct gp_api *api)
{
	struct gp_user user = gp_person_new(), other = gp_person_new();
	const char *body = gp_kept_text("{\"%s\":\"mine\",\"user_id\":\"%s\",\"owner\":\"%s\","
					"\"sub\":\"%s\",\"id\":1,"
					"\"created_at\":\"2000-01-01T00:00:00Z\"}",
	    api->title, other.id, other.id, other.id);

	GP_EXPECT_ANSWER(post(api, &user, body), api->created);
	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		struct json_object *id = NULL;
		struct gp_call call;

		json_object_object_get_ex(gp_api_only_task(api, &user), "id", &id);
		call = gp_api_call(api, deed, user.id, json_object_get_string(id), user.token);
		call.body = body;
		if (deed->has_body)
			GP_EXPECT_ANSWER(gp_send(&call), 200);
	}
	GP_EXPECT_TASK(api, gp_api_only_task(api, &user), user.id, "mine", NULL, false);
	GP_EXPECT(gp_api_counts(api, &other) == 0, "the other has a task");
}

enum credential { NONE, EXPIRED, INVALID, NO_SUBJECT };

/* Claims that are all right but for one thing; none is refused for its lifetime alone. */
static const struct {
	enum credential kind;
	const char *claims;
} bad_claims[] = {
	{ EXPIRED, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<-5400>,\"exp\":<-3600>}" },
	{ EXPIRED, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<-1900>,\"exp\":<-100>}" },
	{ EXPIRED, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"exp\":<-100>}" },
	{ EXPIRED, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"exp\":0}" },
	{ NO_SUBJECT, "{\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}" },
	{ NO_SUBJECT, "{\"sub\":null,\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}" },
	{ NO_SUBJECT, "{\"sub\":\"\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}" },
	{ NO_SUBJECT, "{\"user_id\":\"$\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}" },
	{ INVALID, "{\"sub\":42,\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}" },
	{ INVALID, "{\"sub\":[\"$\"],\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}" },
	{ INVALID, "{\"sub\":\"$\\n\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}" },
	{ INVALID, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<0>}" },
	{ INVALID, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":\"<+1800>\"}" },
	{ INVALID, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<+3600>,\"exp\":<+5400>}" },
	{ INVALID,
	    "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>,\"nbf\":<+900>}" },
	{ INVALID, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>,"
		   "\"type\":\"refresh\"}" },
	{ INVALID, "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>,"
		   "\"aud\":\"better-auth:session-cache\"}" },
	{ INVALID, "[\"$\"]" },
	{ INVALID, "{\"sub\":\"$\"" },
};

static void
expect_refused(const struct gp_api *api, const struct gp_call *call, enum credential kind)
{
	const char *const sentences[] = { [NONE] = api->no_credential,
		[EXPIRED] = api->expired,
		[INVALID] = api->invalid,
		[NO_SUBJECT] = api->no_subject };
	const struct gp_answer *answer = gp_send(call);

	if (answer->is_head)
		GP_EXPECT_ANSWER(answer, 401);
	else
		GP_EXPECT_REFUSAL(answer, sentences[kind], kind != NONE);
}

static void
judge_absent_credentials(const struct gp_api *api, struct gp_call call, const char *good)
{
	const char *const fields[] = {
		"X-Nothing: 1",
		"Authorization;", /* libcurl sends it empty */
		"Authorization: Bearer",
		"Authorization: Bearer ",
		"Authorization: Basic dXNlcjpwYXNzd29yZA==",
		"Authorization: Digest username=\"a\"",
		gp_kept_text("Authorization: %s", good),
		gp_kept_text("Authorization: Token %s", good),
		gp_kept_text("Authorization: Bearer%s", good),
		gp_kept_text("X-Authorization: Bearer %s", good),
		gp_kept_text("Cookie: better-auth.session_token=%s", good),
	};

	call.token = NULL;
	for (size_t i = 0; i < COUNT(fields); i++) {
		gp_test_row("%s %s, %.60s", call.method, call.path, fields[i]);
		call.fields[0] = fields[i];
		expect_refused(api, &call, NONE);
	}
}

static void
judge_bad_claims(const struct gp_api *api, struct gp_call call, const struct gp_user *user)
{
	for (size_t i = 0; i < COUNT(bad_claims); i++) {
		gp_test_row("%s %s, %s", call.method, call.path, bad_claims[i].claims);
		call.token = gp_token_make(&(struct gp_token_order){
		    .claims = gp_token_claims(bad_claims[i].claims, user->id) });
		expect_refused(api, &call, bad_claims[i].kind);
	}
}

static void
judge_bad_tokens(const struct gp_api *api, struct gp_call call, const struct gp_user *user)
{
	const char *claims = gp_token_claims(
	    "{\"sub\":\"$\",\"email\":\"a@b.c\",\"iat\":<0>,\"exp\":<+1800>}", user->id);
	const char *none = gp_token_make(
	    &(struct gp_token_order){ .header = "{\"alg\":\"none\"}", .claims = claims });
	const char *const tokens[] = {
		"null",
		"undefined",
		"x",
		"a.b.c",
		"..",
		none,
		gp_kept_bytes(none, (size_t)(strrchr(none, '.') - none) + 1),
		gp_token_make(&(struct gp_token_order){
		    .claims = claims, .secret = "another-secret-of-thirty-two-letters" }),
		gp_token_make(&(struct gp_token_order){
		    .header = "{\"alg\":\"HS512\"}", .digest = "SHA512", .claims = claims }),
		gp_kept_text("%sA", user->token),
		gp_kept_text("%s.", user->token),
		gp_kept_text("Bearer %s", user->token),
		gp_kept_bytes(user->token, strlen(user->token) - 1),
	};

	for (size_t i = 0; i < COUNT(tokens); i++) {
		gp_test_row("%s %s, token %zu", call.method, call.path, i);
		call.token = tokens[i];
		expect_refused(api, &call, INVALID);
	}
}

void
gp_judge_refused(const struct gp_api *api, const struct gp_call *call)
{
	struct gp_user user = gp_person_new();

	judge_absent_credentials(api, *call, user.token);
	judge_bad_claims(api, *call, &user);
	judge_bad_tokens(api, *call, &user);
}

void
gp_judge_refusals(const struct gp_api *api)
{
	struct gp_user user = gp_person_new();
	const char *list = gp_api_list(api, user.id);

	gp_judge_refused(api, &(struct gp_call){ .method = "GET", .path = list });
	gp_judge_refused(api, &(struct gp_call){ .method = "HEAD", .path = list });
	gp_judge_refused(api,
	    &(struct gp_call){ .method = "POST", .path = list, .body = gp_api_body(api, "a") });
	gp_judge_refused(api, &(struct gp_call){ .method = "POST", .path = list, .body = "{" });
	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		struct gp_call call = gp_api_call(api, deed, user.id, "no-id", NULL);

		gp_judge_refused(api, &call);
	}
	GP_EXPECT(gp_api_counts(api, &user) == 0, "a task was created");
}

void
gp_judge_changes(const struct gp_api *api, const char *method)
{
	/* Each row begins where the one before ended. */
	static const struct {
		const char *body, *title, *description;
		bool completed;
	} rows[] = {
		{ "{\"completed\":true}", "first", NULL, true },
		{ "{\"$\":\"second\"}", "second", NULL, true },
		{ "{\"description\":\"more\"}", "second", "more", true },
		{ "{}", "second", "more", true },
		{ "{\"unknown\":1}", "second", "more", true },
		{ "{\"completed\":false,\"$\":\"third\"}", "third", "more", false },
		{ "{\"description\":null}", "third", NULL, false },
		{ "{\"description\":\"\"}", "third", "", false },
		{ "{\"$\":\"4\",\"description\":\"d\",\"completed\":true}", "4", "d", true },
	};
	/* D shows what B does not. */
	const struct gp_api *whole = &gp_apis[GP_API_D];
	struct gp_user user = gp_person_new();
	const char *path = gp_api_single(api, user.id, gp_api_adds(api, &user, "first"));

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct gp_answer *answer;

		gp_test_row("%s %s", method, rows[i].body);
		answer = GP_SEND(.method = method, .path = path, .token = user.token,
		    .body = gp_kept_filled(rows[i].body, api->title));
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT_TASK(api, answer->json, user.id, rows[i].title, rows[i].description,
		    rows[i].completed);
		GP_EXPECT_TASK(whole, gp_api_only_task(whole, &user), user.id, rows[i].title,
		    rows[i].description, rows[i].completed);
		GP_EXPECT(json_object_equal(gp_user_reads(&user, path)->json, answer->json),
		    "read differs from %s", answer->body);
	}
}

static const char *
absent_id(const struct gp_api *api)
{
	return api == &gp_apis[GP_API_A] ? "00000000-0000-4000-8000-000000000000"
					 : "9223372036854775807";
}

void
gp_judge_absent(const struct gp_api *api)
{
	struct gp_user user = gp_person_new();
	const char *id = gp_api_adds(api, &user, "goes"), *stays = gp_api_adds(api, &user, "stays");
	const char *const ids[] = { id, absent_id(api) };

	GP_SEND(.method = "DELETE", .path = gp_api_single(api, user.id, id), .token = user.token);
	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		for (size_t i = 0; i < COUNT(ids); i++) {
			struct gp_call call = gp_api_call(api, deed, user.id, ids[i], user.token);

			expect_detail(gp_send(&call), 404, api->absent);
		}
	}
	GP_EXPECT_ANSWER(gp_user_reads(&user, gp_api_single(api, user.id, stays)), 200);
}

void
gp_judge_foreign(const struct gp_api *api)
{
	struct gp_user owner = gp_person_new(), thief = gp_person_new();
	const char *id = gp_api_adds(api, &owner, private_title);
	struct json_object *before = gp_api_only_task(api, &owner);

	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		struct gp_call call = gp_api_call(api, deed, thief.id, id, thief.token);
		bool reads = strcmp(deed->method, "GET") == 0 || is_head(deed);
		const struct gp_answer *answer = gp_send(&call);

		gp_test_row("%s %s", deed->method, deed->suffix);
		expect_detail(answer, 403, reads ? api->foreign_read : api->foreign_write);
		GP_EXPECT(strstr(answer->body, private_title) == NULL &&
			      strstr(answer->body, owner.id) == NULL &&
			      gp_answer_field(answer, "ETag") == NULL,
		    "%s reveals: %s %s", answer->call, answer->fields, answer->body);
	}
	GP_EXPECT(json_object_equal(gp_api_only_task(api, &owner), before), "the task has changed");
	GP_EXPECT(gp_api_counts(api, &thief) == 0, "the thief has a task");
}

/* Signs and zeros in front do not matter; digits may be percent-encoded as anything else. */
static void
judge_spellings(const struct gp_api *api, const struct gp_user *user, const char *id)
{
	const char *const spellings[] = { "$", "+$", "%2B$", "0$", "00$", "+000$",
		"000000000000000000000000000000$" };
	struct json_object *task = gp_user_reads(user, gp_api_single(api, user->id, id))->json;

	for (size_t i = 0; i <= COUNT(spellings); i++) {
		const char *spelt = i < COUNT(spellings)
					? gp_kept_filled(spellings[i], id)
					: gp_kept_text("%%%02x%s", (unsigned)id[0], id + 1);
		const struct gp_answer *answer;

		gp_test_row("%s", spelt);
		answer = gp_user_reads(user, gp_api_single(api, user->id, spelt));
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT(json_object_equal(answer->json, task), "another task: %s", answer->body);
	}
}

/* Integers that name no task, some of them far beyond what a column can hold. */
static void
judge_ids_of_nothing(const struct gp_api *api, const struct gp_user *user)
{
	const char *const ids[] = { "0", "-0", "+0", "-1", "-7", "9223372036854775807",
		"9223372036854775808", "-9223372036854775808", "-9223372036854775809",
		"18446744073709551617", "99999999999999999999999", "-99999999999999999999999",
		"+99999999999999999999999", gp_kept_repeated("9", 400) };

	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		for (size_t i = 0; i < COUNT(ids); i++) {
			struct gp_call call = gp_api_call(api, deed, user->id, ids[i], user->token);

			gp_test_row("%s %s", deed->method, ids[i]);
			expect_detail(gp_send(&call), 404, api->absent);
		}
	}
}

/* The fault of a path whose parameter is no integer. */
static const char *
id_fault(const char *name)
{
	return gp_kept_text("{\"loc\":[\"path\",\"%s\"],\"msg\":\"value is not a valid integer\","
			    "\"type\":\"type_error.integer\"}",
	    name);
}

static void
judge_what_is_no_id(
    const struct gp_api *api, const char *name, const struct gp_user *user, const char *id)
{
	static const char *const texts[] = { "abc", "$x", "x$", "1.0", "$.0", "$.", ".5", "1e3",
		"0x1", "1_000", "1,000", "--1", "+-1", "-", "+", "%20", "%20$", "$%20", "$%20$",
		"NaN", "null", "undefined", "true", "[1]", "{todo_id}", "%D9%A1", "%EF%BC%91",
		"%C3%A9", "$'", "1'%20or%20'1'='1", "$;a=b", "$,$", "$%3F", "$%23", "%25", "%2531",
		"$*", "00000000-0000-4000-8000-000000000000" };
	const char *body = gp_kept_text("{\"detail\":[%s]}", id_fault(name));

	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		for (size_t i = 0; i < COUNT(texts); i++) {
			struct gp_call call = gp_api_call(
			    api, deed, user->id, gp_kept_filled(texts[i], id), user->token);

			gp_test_row("%s %s", deed->method, texts[i]);
			if (is_head(deed))
				GP_EXPECT_ANSWER(gp_send(&call), 422);
			else
				GP_EXPECT_BODY(gp_send(&call), 422, body);
		}
	}
}

void
gp_judge_ids(const struct gp_api *api, const char *name)
{
	struct gp_user user = gp_person_new();
	const char *id = gp_api_adds(api, &user, "unchanged");

	judge_spellings(api, &user, id);
	judge_ids_of_nothing(api, &user);
	judge_what_is_no_id(api, name, &user, id);
	GP_EXPECT_TASK(api, gp_api_only_task(api, &user), user.id, "unchanged", NULL, false);
}

void
gp_judge_input_first(const struct gp_api *api, const char *name)
{
	static const char no_body[] = "{\"$\":null,\"completed\":\"maybe\"}";
	static const char body_faults[] =
	    "{\"loc\":[\"body\",\"$\"],\"msg\":\"none is not an allowed value\","
	    "\"type\":\"type_error.none.not_allowed\"},"
	    "{\"loc\":[\"body\",\"completed\"],\"msg\":\"value could not be parsed to a boolean\","
	    "\"type\":\"type_error.bool\"}";
	struct gp_user owner = gp_person_new(), user = gp_person_new();
	const char *const ids[] = { gp_api_adds(api, &user, "mine"),
		gp_api_adds(api, &owner, private_title), absent_id(api) };
	const char *in_body = gp_kept_filled(body_faults, api->title);

	for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
		struct gp_call call = gp_api_call(api, deed, user.id, "no-id", user.token);

		if (!deed->has_body)
			continue;
		call.body = gp_kept_filled(no_body, api->title);
		GP_EXPECT_BODY(gp_send(&call), 422,
		    gp_kept_text("{\"detail\":[%s,%s]}", id_fault(name), in_body));
		for (size_t i = 0; i < COUNT(ids); i++) {
			gp_test_row("%s, task %zu", deed->method, i);
			call.path = gp_api_single(api, user.id, ids[i]);
			GP_EXPECT_BODY(
			    gp_send(&call), 422, gp_kept_text("{\"detail\":[%s]}", in_body));
		}
	}
}
