/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a browser is told about whose pages may read the answers: those of http://localhost:3000,
 * which CORS_ORIGINS is when nobody sets it, and of FRONTEND_URL.
 */
#include <string.h>
#include <strings.h>

#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "kinds.h"
#include "suites.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char local_origin[] = "http://localhost:3000";
static const char from_local_origin[] = "Origin: http://localhost:3000";
static const char from_elsewhere[] = "Origin: https://evil.example";

static const char exposed[] = "ETag, Link, Retry-After, WWW-Authenticate, X-Request-Id";
static const char allowed_methods[] = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

static void
expect_field(const struct gp_answer *answer, const char *name, const char *value)
{
	const char *given = gp_answer_field(answer, name);

	GP_EXPECT(gp_test_same(given, value), "%s: %s is %s, not %s", answer->call, name,
	    given != NULL ? given : "absent", value != NULL ? value : "absent");
}

/* How many fields begin so. */
static size_t
count_fields(const struct gp_answer *answer, const char *prefix)
{
	size_t count = 0;

	for (const char *line = answer->fields; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		count += strncasecmp(line, prefix, strlen(prefix)) == 0;
	}
	return count;
}

/* The page may read the answer, and is told no more than that. */
static void
expect_readable_from(const struct gp_answer *answer, const char *origin)
{
	expect_field(answer, "Access-Control-Allow-Origin", origin);
	expect_field(answer, "Access-Control-Allow-Credentials", "true");
	expect_field(answer, "Access-Control-Expose-Headers", exposed);
	GP_EXPECT(
	    count_fields(answer, "Access-Control-") == 3, "%s: %s", answer->call, answer->fields);
	GP_EXPECT(count_fields(answer, "Vary:") == 1, "%s: %s", answer->call, answer->fields);
}

static void
expect_unreadable(const struct gp_answer *answer)
{
	GP_EXPECT(
	    count_fields(answer, "Access-Control-") == 0, "%s: %s", answer->call, answer->fields);
}

static void
allowed_origin_may_read_every_answer(void)
{
	struct gp_kind kinds[GP_KINDS_MAX];
	size_t count = gp_kinds(kinds);

	for (size_t i = 0; i < count; i++) {
		const struct gp_answer *answer;

		kinds[i].call.fields[1] = from_local_origin;
		answer = gp_send(&kinds[i].call);
		gp_test_row("%s, %d", answer->call, kinds[i].status);
		GP_EXPECT_ANSWER(answer, kinds[i].status);
		expect_readable_from(answer, local_origin);
	}
}

static void
other_origin_may_read_none(void)
{
	struct gp_kind kinds[GP_KINDS_MAX];
	size_t count = gp_kinds(kinds);

	for (size_t i = 0; i < count; i++) {
		const struct gp_answer *answer;

		kinds[i].call.fields[1] = from_elsewhere;
		answer = gp_send(&kinds[i].call);
		gp_test_row("%s, %d", answer->call, kinds[i].status);
		/* It is answered all the same: the browser is who keeps it from the page. */
		GP_EXPECT_ANSWER(answer, kinds[i].status);
		expect_unreadable(answer);
	}
}

static void
without_an_origin_nothing_is_said(void)
{
	struct gp_kind kinds[GP_KINDS_MAX];
	size_t count = gp_kinds(kinds);

	for (size_t i = 0; i < count; i++) {
		const struct gp_answer *answer = gp_send(&kinds[i].call);

		gp_test_row("%s, %d", answer->call, kinds[i].status);
		GP_EXPECT_ANSWER(answer, kinds[i].status);
		expect_unreadable(answer);
	}
}

static void
front_end_is_allowed(void)
{
	struct gp_user user = gp_user_new();
	const char *origin = gp_instance.frontend_url;

	if (!GP_EXPECT(origin != NULL, "set FRONTEND_URL to the instance's"))
		return;
	expect_readable_from(GP_SEND(.path = "/tasks", .token = user.token,
				 .fields = { gp_kept_text("Origin: %s", origin) }),
	    origin);
	expect_readable_from(
	    GP_SEND(.path = "/tasks", .fields = { gp_kept_text("Origin: %s", origin) }), origin);
	expect_field(GP_SEND(.method = "OPTIONS", .path = "/tasks",
			 .fields = { gp_kept_text("Origin: %s", origin),
			     "Access-Control-Request-Method: GET" }),
	    "Access-Control-Allow-Origin", origin);
}

/* Nothing that only resembles an allowed origin is one. */
static const char *const other_origins[] = {
	"http://localhost",
	"http://localhost:3001",
	"http://localhost:30000",
	"http://localhost:300",
	"https://localhost:3000",
	"http://LOCALHOST:3000",
	"HTTP://localhost:3000",
	"http://localhost:3000/",
	"http://localhost:3000/path",
	"http://localhost:3000.evil.example",
	"http://localhost:3000@evil.example",
	"http://evil.example/http://localhost:3000",
	"http://sub.localhost:3000",
	"http://xlocalhost:3000",
	"http://127.0.0.1:3000",
	"localhost:3000",
	"//localhost:3000",
	"http://localhost:3000,http://evil.example",
	"http://localhost:3000 http://evil.example",
	"http://localhost:3000\thttp://evil.example",
	"http://localhost:3000%00",
	"http://localhost:3000\xc3\xa9",
	"https://evil.example",
	"null",
	"*",
	".",
	"x",
};

static void
origins_are_compared_exactly(void)
{
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(other_origins); i++) {
		const char *field = gp_kept_text("Origin: %s", other_origins[i]);
		const struct gp_answer *answer;

		gp_test_row("%s", other_origins[i]);
		answer = GP_SEND(.path = "/tasks", .token = user.token, .fields = { field });
		GP_EXPECT_ANSWER(answer, 200);
		expect_unreadable(answer);
		answer = GP_SEND(.method = "OPTIONS", .path = "/tasks",
		    .fields = { field, "Access-Control-Request-Method: GET" });
		GP_EXPECT_DETAIL(answer, 400, "Disallowed CORS origin");
		expect_unreadable(answer);
	}
}

/* One of them might be the page's: no browser sends two. */
static void
two_origins_are_none(void)
{
	struct gp_user user = gp_user_new();

	for (int swapped = 0; swapped < 2; swapped++) {
		const struct gp_answer *answer = GP_SEND(.path = "/tasks", .token = user.token,
		    .fields = { swapped ? from_elsewhere : from_local_origin,
			swapped ? from_local_origin : from_elsewhere });

		GP_EXPECT(
		    answer->status == 200 || answer->status == 400, "status %d", answer->status);
		expect_unreadable(answer);
	}
}

static void
expect_preflight(const struct gp_answer *answer, const char *asked)
{
	GP_EXPECT_ANSWER(answer, 204);
	expect_field(answer, "Access-Control-Allow-Origin", local_origin);
	expect_field(answer, "Access-Control-Allow-Credentials", "true");
	expect_field(answer, "Access-Control-Allow-Methods", allowed_methods);
	expect_field(answer, "Access-Control-Allow-Headers", asked);
	expect_field(answer, "Access-Control-Max-Age", "600");
}

/* A browser asks before it sends a token, and asks about any path. */
static void
preflight_is_answered_everywhere_and_to_everybody(void)
{
	static const char *const paths[] = { "/tasks", "/tasks/no-uuid",
		"/tasks/00000000-0000-4000-8000-000000000000", "/todos", "/todos/1",
		"/api/v1/todos/", "/api/v1/todos/no-id", "/api/v1/me/profile",
		"/api/v1/somebody/tasks", "/api/somebody/tasks", "/api/a%20b/tasks?limit=0",
		"/api/somebody/tasks/1", "/api/somebody/tasks/1/complete", "/healthz", "/readyz",
		"/nowhere", "/api", "/" };
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
		"OPTIONS", "BREW" };
	struct gp_user user = gp_user_new();
	const char *const tokens[] = { NULL, user.token, "a.b.c" };

	for (size_t i = 0; i < COUNT(paths) * COUNT(methods); i++) {
		const char *path = paths[i / COUNT(methods)], *method = methods[i % COUNT(methods)];

		gp_test_row("%s, %s", path, method);
		expect_preflight(
		    GP_SEND(.method = "OPTIONS", .path = path, .token = tokens[i % COUNT(tokens)],
			.fields = { from_local_origin,
			    gp_kept_text("Access-Control-Request-Method: %s", method),
			    "Access-Control-Request-Headers: authorization,content-type" }),
		    "authorization,content-type");
	}
}

static void
preflight_allows_the_fields_that_were_asked_for(void)
{
	const char *const asked[] = { "authorization", "Authorization, Content-Type",
		"authorization,content-type,if-match,if-none-match,x-request-id",
		"x-anything-at-all", "*", gp_kept_repeated("x-a,", 200) };

	for (size_t i = 0; i < COUNT(asked); i++) {
		gp_test_row("%s", asked[i]);
		expect_preflight(
		    GP_SEND(.method = "OPTIONS", .path = "/tasks",
			.fields = { from_local_origin, "Access-Control-Request-Method: PUT",
			    gp_kept_text("Access-Control-Request-Headers: %s", asked[i]) }),
		    asked[i]);
	}
	expect_preflight(GP_SEND(.method = "OPTIONS", .path = "/tasks",
			     .fields = { from_local_origin, "Access-Control-Request-Method: GET" }),
	    NULL);
}

static void
preflight_of_another_origin_is_refused(void)
{
	static const char *const paths[] = { "/tasks", "/api/somebody/tasks/1/complete",
		"/nowhere" };

	for (size_t i = 0; i < COUNT(paths); i++) {
		const struct gp_answer *answer = GP_SEND(.method = "OPTIONS", .path = paths[i],
		    .fields = { from_elsewhere, "Access-Control-Request-Method: GET",
			"Access-Control-Request-Headers: authorization" });

		GP_EXPECT_DETAIL(answer, 400, "Disallowed CORS origin");
		expect_unreadable(answer);
	}
}

/* Half a preflight is an ordinary OPTIONS. */
static void
options_without_both_fields_is_no_preflight(void)
{
	const struct gp_answer *answer =
	    GP_SEND(.method = "OPTIONS", .path = "/tasks", .fields = { from_local_origin });

	GP_EXPECT_ANSWER(answer, 204);
	GP_EXPECT_ALLOW(answer, "GET HEAD POST OPTIONS");
	expect_readable_from(answer, local_origin);
	answer = GP_SEND(.method = "OPTIONS", .path = "/tasks",
	    .fields = { "Access-Control-Request-Method: GET" });
	GP_EXPECT_ANSWER(answer, 204);
	GP_EXPECT_ALLOW(answer, "GET HEAD POST OPTIONS");
	expect_unreadable(answer);
	answer = GP_SEND(.method = "OPTIONS", .path = "/nowhere", .fields = { from_local_origin });
	GP_EXPECT_DETAIL(answer, 404, "Not Found");
	expect_readable_from(answer, local_origin);
	/* Another method with the field of a preflight is itself. */
	answer = GP_SEND(.path = "/healthz",
	    .fields = { from_local_origin, "Access-Control-Request-Method: GET" });
	GP_EXPECT_ANSWER(answer, 200);
	expect_readable_from(answer, local_origin);
}

const struct gp_test gp_cors_tests[] = {
	GP_TEST(allowed_origin_may_read_every_answer),
	GP_TEST(other_origin_may_read_none),
	GP_TEST(without_an_origin_nothing_is_said),
	GP_TEST(front_end_is_allowed),
	GP_TEST(origins_are_compared_exactly),
	GP_TEST(two_origins_are_none),
	GP_TEST(preflight_is_answered_everywhere_and_to_everybody),
	GP_TEST(preflight_allows_the_fields_that_were_asked_for),
	GP_TEST(preflight_of_another_origin_is_refused),
	GP_TEST(options_without_both_fields_is_no_preflight),
	{ NULL, NULL },
};
