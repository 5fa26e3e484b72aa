/* SPDX-License-Identifier: Apache-2.0 */
/* Two users try to reach each other's tasks by every route. Afterwards the owner looks. */
#include <json-c/json.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "kept.h"
#include "suites.h"
#include "token.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char private_text[] = "a text that nobody else may read";

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
expect_nothing_revealed(const struct gp_answer *answer, const struct gp_user *owner)
{
	GP_EXPECT(strstr(answer->body, private_text) == NULL &&
		      strstr(answer->body, owner->id) == NULL &&
		      strstr(answer->fields, owner->id) == NULL,
	    "%s reveals: %s", answer->call, answer->body);
}

static void
no_route_leads_to_another_users_task(void)
{
	static const struct {
		const char *method, *body;
	} rows[] = {
		{ "GET", NULL },
		{ "HEAD", NULL },
		{ "PUT", "{\"text\":\"taken\"}" },
		{ "PUT", "{\"text\":\"taken\",\"description\":\"taken\",\"completed\":true}" },
		{ "PUT", "{}" },
		{ "PATCH", "{\"text\":\"taken\"}" },
		{ "PATCH", "{\"completed\":true}" },
		{ "PATCH", "{\"description\":null}" },
		{ "PATCH", "{\"user_id\":\"thief\",\"text\":\"taken\"}" },
		{ "PATCH", "{}" },
		{ "DELETE", NULL },
	};
	struct gp_user owner = gp_user_new(), thief = gp_user_new();
	const char *task = gp_user_adds(&owner, private_text);
	const char *const paths[] = { task, gp_kept_text("%s/", task), upper_case(task),
		gp_kept_text("%s?user_id=%s", task, owner.id) };
	const struct gp_answer *before = gp_user_reads(&owner, task);

	for (size_t i = 0; i < COUNT(rows) * COUNT(paths); i++) {
		const char *method = rows[i / COUNT(paths)].method;
		const struct gp_answer *answer;

		gp_test_row(
		    "%s %s, form %zu", method, rows[i / COUNT(paths)].body, i % COUNT(paths));
		answer = GP_SEND(.method = method, .path = paths[i % COUNT(paths)],
		    .token = thief.token, .body = rows[i / COUNT(paths)].body);
		if (strcmp(method, "HEAD") == 0)
			GP_EXPECT_ANSWER(answer, 403);
		else
			GP_EXPECT_DETAIL(answer, 403, "Access denied");
		expect_nothing_revealed(answer, &owner);
		GP_EXPECT(json_object_equal(gp_user_reads(&owner, task)->json, before->json),
		    "the task has changed");
	}
	GP_EXPECT(gp_user_counts(&thief) == 0, "the thief has a task");
	GP_EXPECT(gp_user_counts(&owner) == 1, "the owner has another number of tasks");
}

/* A bad body is refused before anybody asks whose task it is. */
static void
bad_bodies_reveal_no_more(void)
{
	static const char *const bodies[] = { "", "{", "[]", "{\"text\":\"\"}",
		"{\"completed\":2}" };
	struct gp_user owner = gp_user_new(), thief = gp_user_new();
	const char *task = gp_user_adds(&owner, private_text);
	const char *absent = "/tasks/00000000-0000-4000-8000-000000000000";

	for (size_t i = 0; i < COUNT(bodies); i++) {
		const struct gp_answer *foreign, *none;

		gp_test_row("%s", bodies[i]);
		foreign = GP_SEND(.method = "PATCH", .path = task, .token = thief.token,
		    .body = bodies[i]);
		none = GP_SEND(.method = "PATCH", .path = absent, .token = thief.token,
		    .body = bodies[i]);
		GP_EXPECT_ANSWER(foreign, 422);
		GP_EXPECT(strcmp(foreign->body, none->body) == 0, "%s differs from %s",
		    foreign->body, none->body);
	}
	GP_EXPECT_ANSWER(gp_user_reads(&owner, task), 200);
}

/* Every task of the list belongs to the user. */
static void
expect_own_list(const struct gp_user *user, size_t count)
{
	const struct gp_answer *list = gp_user_reads(user, "/tasks");
	size_t given;

	GP_EXPECT_ANSWER(list, 200);
	if (!GP_EXPECT(json_object_is_type(list->json, json_type_array), "no list: %s", list->body))
		return;
	given = json_object_array_length(list->json);
	GP_EXPECT(given == count, "%zu tasks, not %zu: %.300s", given, count, list->body);
	for (size_t i = 0; i < given; i++) {
		const char *owner =
		    gp_json_text(json_object_array_get_idx(list->json, i), "user_id");

		GP_EXPECT(owner != NULL && strcmp(owner, user->id) == 0, "a task of %s in the list",
		    owner != NULL ? owner : "nobody");
	}
}

static void
lists_are_disjoint(void)
{
	struct gp_user one = gp_user_new(), other = gp_user_new();

	for (int i = 0; i < 3; i++) {
		gp_user_adds(&one, private_text);
		if (i > 0)
			gp_user_adds(&other, "another text");
	}
	expect_own_list(&one, 3);
	expect_own_list(&other, 2);
}

static void
deleted_task_of_another_user_is_not_found(void)
{
	struct gp_user owner = gp_user_new(), other = gp_user_new();
	const char *task = gp_user_adds(&owner, private_text);

	GP_EXPECT_DETAIL(gp_user_reads(&other, task), 403, "Access denied");
	GP_EXPECT_ANSWER(GP_SEND(.method = "DELETE", .path = task, .token = owner.token), 200);
	GP_EXPECT_DETAIL(gp_user_reads(&other, task), 404, "Task not found");
}

/* Whose a task is, is said by the token and by nothing else. */
static void
owner_in_the_body_is_ignored(void)
{
	struct gp_user user = gp_user_new(), other = gp_user_new();
	const char *body = gp_kept_text("{\"text\":\"a\",\"user_id\":\"%s\",\"owner\":\"%s\","
					"\"id\":\"00000000-0000-4000-8000-000000000000\","
					"\"created_at\":\"2000-01-01T00:00:00Z\"}",
	    other.id, other.id);
	const struct gp_answer *created =
	    GP_SEND(.method = "POST", .path = "/tasks", .token = user.token, .body = body);
	const char *id = gp_json_text(created->json, "id");
	const char *task = gp_kept_text("/tasks/%s", id != NULL ? id : "none");

	GP_EXPECT_ANSWER(created, 201);
	GP_EXPECT_ANSWER(
	    GP_SEND(.method = "PUT", .path = task, .token = user.token, .body = body), 200);
	GP_EXPECT(id != NULL && strncmp(id, "00000000", 8) != 0, "the id was taken over");
	GP_EXPECT(
	    strstr(gp_user_reads(&user, task)->body, "\"2000-") == NULL, "the time was taken over");
	expect_own_list(&user, 1);
	expect_own_list(&other, 0);
	GP_EXPECT_DETAIL(gp_user_reads(&other, task), 403, "Access denied");
}

/* Fields that proxies and frameworks use to say who is calling. */
static void
owner_in_a_field_is_ignored(void)
{
	static const char *const names[] = { "X-User-Id", "X-Forwarded-User", "Remote-User",
		"X-Remote-User", "Gatepost-User-Id", "REMOTE_USER", "HTTP_AUTHORIZATION" };
	struct gp_user owner = gp_user_new(), thief = gp_user_new();
	const char *task = gp_user_adds(&owner, private_text);

	for (size_t i = 0; i < COUNT(names); i++) {
		const char *field = gp_kept_text("%s: %s", names[i], owner.id);

		gp_test_row("%s", names[i]);
		GP_EXPECT_DETAIL(GP_SEND(.path = task, .token = thief.token, .fields = { field }),
		    403, "Access denied");
		GP_EXPECT_DETAIL(
		    GP_SEND(.path = task, .fields = { field }), 401, "Authentication required");
	}
}

/* User ids that a careless comparison would take for one another, or a careless statement for SQL.
 */
static void
user_ids_are_compared_byte_by_byte(void)
{
	static const char *const suffixes[] = { "", " ", "  ", "a", "A", "%", "_", "\\", "'", "''",
		"\"", "' or '1'='1", "'; drop table gatepost.task; --", "$1", "$$", "${HOME}",
		"null", "\xc3\xa9", "e\xcc\x81", "\xf0\x9f\x98\x80", "\xe2\x80\x8b", "\xef\xbb\xbf",
		",", ";", "=", "/", "..", "<b>", "0", "\xc2\xa0" };
	struct gp_user base = gp_user_new(), users[COUNT(suffixes)];
	const char *paths[COUNT(suffixes)];

	for (size_t i = 0; i < COUNT(suffixes); i++) {
		users[i].id = gp_kept_text("%s%s", base.id, suffixes[i]);
		users[i].token = gp_token_for(users[i].id);
		gp_test_row("%s", users[i].id);
		paths[i] = gp_user_adds(&users[i], private_text);
	}
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		size_t next = (i + 1) % COUNT(suffixes);

		gp_test_row("%s", users[i].id);
		expect_own_list(&users[i], 1);
		GP_EXPECT_DETAIL(gp_user_reads(&users[i], paths[next]), 403, "Access denied");
	}
}

static void
longest_user_id_works(void)
{
	struct gp_user user = gp_user_new();

	user.id = gp_kept_text("%s%s", user.id, gp_kept_repeated("x", 255 - strlen(user.id)));
	user.token = gp_token_for(user.id);
	gp_user_adds(&user, private_text);
	expect_own_list(&user, 1);
}

const struct gp_test gp_isolation_tests[] = {
	GP_TEST(no_route_leads_to_another_users_task),
	GP_TEST(bad_bodies_reveal_no_more),
	GP_TEST(lists_are_disjoint),
	GP_TEST(deleted_task_of_another_user_is_not_found),
	GP_TEST(owner_in_the_body_is_ignored),
	GP_TEST(owner_in_a_field_is_ignored),
	GP_TEST(user_ids_are_compared_byte_by_byte),
	GP_TEST(longest_user_id_works),
	{ NULL, NULL },
};
