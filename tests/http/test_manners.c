/* SPDX-License-Identifier: Apache-2.0 */
/* What all answers have in common, and what a path says about itself. */
#include <string.h>

#include "client.h"
#include "expect.h"
#include "kept.h"
#include "kinds.h"
#include "suites.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* GP_EXPECT_ANSWER asks for them. */
static void
every_answer_has_the_common_fields(void)
{
	struct gp_kind kinds[GP_KINDS_MAX];
	size_t count = gp_kinds(kinds);

	for (size_t i = 0; i < count; i++) {
		const struct gp_answer *answer = gp_send(&kinds[i].call);

		gp_test_row("%s, %d", answer->call, kinds[i].status);
		GP_EXPECT_ANSWER(answer, kinds[i].status);
		GP_EXPECT(
		    gp_answer_field(answer, "Set-Cookie") == NULL, "a cookie: %s", answer->fields);
	}
}

static void
every_answer_echoes_the_request_id(void)
{
	struct gp_kind kinds[GP_KINDS_MAX];
	size_t count = gp_kinds(kinds);

	for (size_t i = 0; i < count; i++) {
		const char *id = gp_kept_text("kind-%zu_1.0", i);
		const struct gp_answer *answer;

		kinds[i].call.fields[1] = gp_kept_text("X-Request-Id: %s", id);
		answer = gp_send(&kinds[i].call);
		gp_test_row("%s, %d", answer->call, kinds[i].status);
		GP_EXPECT_ANSWER(answer, kinds[i].status);
		GP_EXPECT(gp_test_same(gp_answer_field(answer, "X-Request-Id"), id),
		    "X-Request-Id is %s", gp_answer_field(answer, "X-Request-Id"));
	}
}

static const struct {
	const char *path, *methods;
} routes[] = {
	{ "/tasks", "GET HEAD POST OPTIONS" },
	{ "/tasks/", "GET HEAD POST OPTIONS" },
	{ "/tasks/00000000-0000-4000-8000-000000000000", "GET HEAD PUT PATCH DELETE OPTIONS" },
	{ "/tasks/no-uuid", "GET HEAD PUT PATCH DELETE OPTIONS" },
	{ "/todos", "GET HEAD POST OPTIONS" },
	{ "/todos/1", "GET HEAD PUT PATCH DELETE OPTIONS" },
	{ "/api/v1/todos", "GET HEAD POST OPTIONS" },
	{ "/api/v1/todos/", "GET HEAD POST OPTIONS" },
	{ "/api/v1/todos/1", "GET HEAD PUT PATCH DELETE OPTIONS" },
	{ "/api/v1/todos/no-id/", "GET HEAD PUT PATCH DELETE OPTIONS" },
	{ "/api/v1/somebody/tasks", "GET HEAD POST OPTIONS" },
	{ "/api/v1/me/profile", "GET HEAD OPTIONS" },
	{ "/api/somebody/tasks", "GET HEAD POST OPTIONS" },
	{ "/api/a%20b/tasks?limit=0", "GET HEAD POST OPTIONS" },
	{ "/api/somebody/tasks/1", "GET HEAD PUT DELETE OPTIONS" },
	{ "/api/somebody/tasks/no-id", "GET HEAD PUT DELETE OPTIONS" },
	{ "/api/somebody/tasks/1/complete", "PATCH OPTIONS" },
	{ "/healthz", "GET HEAD OPTIONS" },
	{ "/readyz", "GET HEAD OPTIONS" },
	{ "/openapi.json", "GET HEAD OPTIONS" },
	{ "/metrics", "GET HEAD OPTIONS" },
};

static void
options_tells_what_a_path_allows(void)
{
	struct gp_user user = gp_user_new();
	const char *const tokens[] = { NULL, user.token, "a.b.c" };

	for (size_t i = 0; i < COUNT(routes) * COUNT(tokens); i++) {
		const struct gp_answer *answer;

		gp_test_row("%s, token %zu", routes[i / COUNT(tokens)].path, i % COUNT(tokens));
		answer = GP_SEND(.method = "OPTIONS", .path = routes[i / COUNT(tokens)].path,
		    .token = tokens[i % COUNT(tokens)]);
		GP_EXPECT_ANSWER(answer, 204);
		GP_EXPECT_ALLOW(answer, routes[i / COUNT(tokens)].methods);
	}
}

static void
options_of_an_unknown_path_is_not_found(void)
{
	static const char *const paths[] = { "/", "/nowhere", "/api", "/api/v1", "/tasks/1/2",
		"/api/somebody/tasks/1/complete/2", "/api/v1/somebody/tasks/1", "/todo" };

	for (size_t i = 0; i < COUNT(paths); i++) {
		const struct gp_answer *answer = GP_SEND(.method = "OPTIONS", .path = paths[i]);

		gp_test_row("%s", paths[i]);
		GP_EXPECT_DETAIL(answer, 404, "Not Found");
		GP_EXPECT(gp_answer_field(answer, "Allow") == NULL, "Allow is %s",
		    gp_answer_field(answer, "Allow"));
	}
}

/* Whatever is in Allow is served, and whatever is not is refused with the same Allow. */
static void
allow_is_true(void)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };

	for (size_t i = 0; i < COUNT(routes) * COUNT(methods); i++) {
		const char *method = methods[i % COUNT(methods)];
		size_t route = i / COUNT(methods);
		const char *named = strstr(routes[route].methods, method);
		const struct gp_answer *answer = GP_SEND(.method = method,
		    .path = routes[route].path, .body = method[0] == 'P' ? "{}" : NULL);

		gp_test_row("%s %s", method, routes[route].path);
		if (named != NULL) {
			GP_EXPECT(answer->status == 401 || answer->status == 200, "status %d",
			    answer->status);
			GP_EXPECT(gp_answer_field(answer, "Allow") == NULL, "Allow is %s",
			    gp_answer_field(answer, "Allow"));
		} else {
			GP_EXPECT_ANSWER(answer, 405);
			GP_EXPECT_ALLOW(answer, routes[route].methods);
		}
	}
}

/* The fields of GET's answer, and no body, on every API. */
static void
head_answers_like_get(void)
{
	static const char *const names[] = { "Content-Type", "Content-Length", "ETag", "Link",
		"Vary", "Cache-Control" };
	struct gp_kind kinds[GP_KINDS_MAX];
	size_t count = gp_kinds(kinds);

	for (size_t i = 0; i < count; i++) {
		struct gp_call call = kinds[i].call;
		const struct gp_answer *get, *head;

		if (call.method != NULL)
			continue;
		get = gp_send(&call);
		call.method = "HEAD";
		head = gp_send(&call);
		gp_test_row("%s, %d", head->call, kinds[i].status);
		GP_EXPECT_ANSWER(head, get->status);
		for (size_t j = 0; j < COUNT(names); j++)
			GP_EXPECT(gp_test_same(gp_answer_field(get, names[j]),
				      gp_answer_field(head, names[j])),
			    "%s differs", names[j]);
	}
}

const struct gp_test gp_manners_tests[] = {
	GP_TEST(every_answer_has_the_common_fields),
	GP_TEST(every_answer_echoes_the_request_id),
	GP_TEST(options_tells_what_a_path_allows),
	GP_TEST(options_of_an_unknown_path_is_not_found),
	GP_TEST(allow_is_true),
	GP_TEST(head_answers_like_get),
	{ NULL, NULL },
};
