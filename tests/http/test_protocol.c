/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP around the tasks: methods, HEAD, unknown paths, health, request ids, ranges. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "raw.h"
#include "suites.h"
#include "user.h"

static void
unknown_path_is_not_found(void)
{
	static const char *const paths[] = { "/task", "/tasksx", "/Tasks", "/TASKS", "/healthz/x",
		"/tasks/00000000-0000-4000-8000-000000000000/x", "/api", "/api/v1", "/.env",
		"/gatepost.fcgi", "/tasks.json", "/ws/nothing", "/*" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		gp_test_row("%s", paths[i]);
		GP_EXPECT_DETAIL(GP_SEND(.path = paths[i]), 404, "Not Found");
		GP_EXPECT_DETAIL(gp_user_reads(&user, paths[i]), 404, "Not Found");
		GP_EXPECT_DETAIL(GP_SEND(.method = "POST", .path = paths[i], .token = user.token,
				     .body = "{\"text\":\"a\"}"),
		    404, "Not Found");
	}
}

static void
other_methods_are_not_allowed(void)
{
	static const struct {
		const char *method, *path, *allow;
	} rows[] = {
		{ "PUT", "/tasks", "GET HEAD POST OPTIONS" },
		{ "PATCH", "/tasks", "GET HEAD POST OPTIONS" },
		{ "DELETE", "/tasks", "GET HEAD POST OPTIONS" },
		{ "DELETE", "/tasks/", "GET HEAD POST OPTIONS" },
		{ "POST", "/tasks/00000000-0000-4000-8000-000000000000",
		    "GET HEAD PUT PATCH DELETE OPTIONS" },
		{ "POST", "/tasks/no-uuid", "GET HEAD PUT PATCH DELETE OPTIONS" },
		{ "PROPFIND", "/tasks", "GET HEAD POST OPTIONS" },
		{ "DELETE", "/healthz", "GET HEAD OPTIONS" },
		{ "POST", "/healthz", "GET HEAD OPTIONS" },
		{ "PUT", "/readyz", "GET HEAD OPTIONS" },
	};
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gp_answer *answer;

		gp_test_row("%s %s", rows[i].method, rows[i].path);
		answer = GP_SEND(.method = rows[i].method, .path = rows[i].path,
		    .token = user.token, .body = rows[i].method[0] == 'D' ? NULL : "{}");
		GP_EXPECT_DETAIL(answer, 405, "Method Not Allowed");
		GP_EXPECT_ALLOW(answer, rows[i].allow);
	}
}

static void
unknown_method_is_refused(void)
{
	static const char *const methods[] = { "BREW", "get", "Tasks" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		gp_test_row("%s", methods[i]);
		GP_EXPECT_DIFFERENCE(
		    GP_SEND(.method = methods[i], .path = "/tasks", .token = user.token),
		    GP_UNKNOWN_METHOD);
	}
}

/* TRACE would hand the token to a script; no server here answers it. */
static void
trace_is_refused(void)
{
	struct gp_user user = gp_user_new();
	const struct gp_answer *answer =
	    GP_SEND(.method = "TRACE", .path = "/tasks", .token = user.token);

	GP_EXPECT_SERVER(answer, 405, 501);
	GP_EXPECT(strstr(answer->body, user.token) == NULL, "the token came back");
}

static void
head_answers_like_get_without_a_body(void)
{
	struct gp_user user = gp_user_new(), other = gp_user_new();
	const char *task = gp_user_adds(&user, "a text that is long enough to be counted");
	const struct {
		const char *path, *token;
		int status;
	} rows[] = {
		{ "/tasks", user.token, 200 },
		{ task, user.token, 200 },
		{ task, other.token, 403 },
		{ "/tasks", NULL, 401 },
		{ "/tasks/no-uuid", user.token, 422 },
		{ "/nowhere", NULL, 404 },
		{ "/healthz", NULL, 200 },
		{ "/readyz", NULL, 200 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gp_answer *get, *head;

		gp_test_row("%s, %d", rows[i].path, rows[i].status);
		get = GP_SEND(.path = rows[i].path, .token = rows[i].token);
		head = GP_SEND(.method = "HEAD", .path = rows[i].path, .token = rows[i].token);
		GP_EXPECT_ANSWER(get, rows[i].status);
		if (GP_EXPECT_ANSWER(head, rows[i].status))
			GP_EXPECT(
			    atol(gp_answer_field(head, "Content-Length")) == (long)get->body_length,
			    "Content-Length differs from GET's");
	}
}

static void
health_is_open_to_all(void)
{
	static const char *const fields[] = { "X-Nothing: 1", "Authorization: Bearer nonsense",
		"Authorization: Basic dTpw" };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct gp_answer *live, *ready;

		gp_test_row("%s", fields[i]);
		live = GP_SEND(.path = "/healthz", .fields = { fields[i] });
		ready = GP_SEND(.path = "/readyz", .fields = { fields[i] });
		GP_EXPECT_ANSWER(live, 200);
		GP_EXPECT_ANSWER(ready, 200);
		GP_EXPECT(strcmp(live->body, "{\"status\":\"ok\"}") == 0, "%s", live->body);
		GP_EXPECT(strcmp(ready->body, "{\"status\":\"ready\"}") == 0, "%s", ready->body);
	}
}

static void
sane_request_id_is_echoed(void)
{
	static const char *const ids[] = { "a", "0", "7f3e-1", "req_1.2-3",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-." };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct gp_answer *answer;
		const char *given;

		gp_test_row("%s", ids[i]);
		answer = GP_SEND(.path = "/healthz",
		    .fields = { gp_kept_text("X-Request-Id: %s", ids[i]) });
		given = gp_answer_field(answer, "X-Request-Id");
		GP_EXPECT(given != NULL && strcmp(given, ids[i]) == 0, "X-Request-Id is %s",
		    given != NULL ? given : "absent");
	}
}

static void
strange_request_id_is_replaced(void)
{
	static const char *const ids[] = { "<script>", "a b", "a\"b", "a=b", "a;b", "a,b", "a/b",
		"\xc3\xa9", "\xff", "%0a", "'", "\\",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._" };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct gp_answer *answer;
		const char *given;

		gp_test_row("%s", ids[i]);
		answer = GP_SEND(.path = "/healthz",
		    .fields = { gp_kept_text("X-Request-Id: %s", ids[i]) });
		given = gp_answer_field(answer, "X-Request-Id");
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT(given != NULL && strstr(answer->fields, ids[i]) == NULL,
		    "X-Request-Id is %s", given != NULL ? given : "absent");
	}
}

static void
every_request_has_an_id_of_its_own(void)
{
	const char *first = gp_answer_field(GP_SEND(.path = "/healthz"), "X-Request-Id");
	const char *second = gp_answer_field(GP_SEND(.path = "/healthz"), "X-Request-Id");

	GP_EXPECT(first != NULL && second != NULL && strcmp(first, second) != 0, "both are %s",
	    first != NULL ? first : "absent");
}

/* A part of a task is no task: 206 would be served from what is JSON only as a whole. */
static void
range_is_not_cut_out(void)
{
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "whole");
	const struct gp_answer *answer =
	    GP_SEND(.path = task, .token = user.token, .fields = { "Range: bytes=0-4" });

	GP_EXPECT_ANSWER(answer, 200);
}

/* Only lists look at some of it. */
static void
query_string_changes_nothing(void)
{
	static const char *const queries[] = { "?", "?a=b", "?user_id=somebody", "?Limit=0", "?%zz",
		"?%41=%2F", "?completed=maybe", "?_method=DELETE", "?a=%c3%a9" };
	static const char *const of_lists[] = { "?limit=0", "?limit=abc", "?offset=-1" };
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "a");

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		gp_test_row("%s", queries[i]);
		GP_EXPECT_ANSWER(gp_user_reads(&user, gp_kept_text("%s%s", task, queries[i])), 200);
		GP_EXPECT_ANSWER(gp_user_reads(&user, gp_kept_text("/tasks%s", queries[i])), 200);
	}
	for (size_t i = 0; i < sizeof(of_lists) / sizeof(of_lists[0]); i++) {
		gp_test_row("%s", of_lists[i]);
		GP_EXPECT_ANSWER(
		    gp_user_reads(&user, gp_kept_text("%s%s", task, of_lists[i])), 200);
	}
}

/* Overriding the method by a field is what some frameworks do; here it would bypass the route. */
static void
method_override_is_not_obeyed(void)
{
	static const char *const fields[] = { "X-HTTP-Method-Override: DELETE",
		"X-HTTP-Method: DELETE", "X-Method-Override: DELETE" };
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "a");

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		gp_test_row("%s", fields[i]);
		GP_EXPECT_ANSWER(
		    GP_SEND(.path = task, .token = user.token, .fields = { fields[i] }), 200);
	}
	GP_EXPECT_ANSWER(gp_user_reads(&user, task), 200);
}

static void
http_1_0_is_answered(void)
{
	const char *request = gp_kept_text(
	    "GET /healthz HTTP/1.0\r\nHost: %s:%s\r\n\r\n", gp_instance.host, gp_instance.port);

	GP_EXPECT_ANSWER(gp_send_raw(request, strlen(request)), 200);
}

const struct gp_test gp_protocol_tests[] = {
	GP_TEST(unknown_path_is_not_found),
	GP_TEST(other_methods_are_not_allowed),
	GP_TEST(unknown_method_is_refused),
	GP_TEST(trace_is_refused),
	GP_TEST(head_answers_like_get_without_a_body),
	GP_TEST(health_is_open_to_all),
	GP_TEST(sane_request_id_is_echoed),
	GP_TEST(strange_request_id_is_replaced),
	GP_TEST(every_request_has_an_id_of_its_own),
	GP_TEST(range_is_not_cut_out),
	GP_TEST(query_string_changes_nothing),
	GP_TEST(method_override_is_not_obeyed),
	GP_TEST(http_1_0_is_answered),
	{ NULL, NULL },
};
