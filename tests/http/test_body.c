/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies that are wrong: 422 with every fault, 413, 415, and never a 5xx. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "raw.h"
#include "suites.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(literal) (literal), sizeof(literal) - 1

enum { MIB = 1024 * 1024 };

static const struct gp_answer *
post(const struct gp_user *user, const char *body, size_t length)
{
	return GP_SEND(.method = "POST", .path = "/tasks", .token = user->token, .body = body,
	    .body_length = length);
}

static void
malformed_json_is_refused(void)
{
	static const struct {
		const char *body;
		size_t length;
	} rows[] = {
		{ BYTES("{") },
		{ BYTES("}") },
		{ BYTES("{\"text\"}") },
		{ BYTES("{\"text\":}") },
		{ BYTES("{\"text\":\"a\"") },
		{ BYTES("{\"text\":\"a}") },
		{ BYTES("{\"text\":\"a\"}}") },
		{ BYTES("{\"text\":\"a\"}]") },
		{ BYTES("{\"text\":\"a\"} x") },
		{ BYTES("{\"text\":\"a\"}{\"text\":\"b\"}") },
		{ BYTES("{\"text\":\"a\",}") },
		{ BYTES("{,\"text\":\"a\"}") },
		{ BYTES("{\"text\":\"a\" \"completed\":true}") },
		{ BYTES("{\"text\" \"a\"}") },
		{ BYTES("{\"text\"=\"a\"}") },
		{ BYTES("{text:\"a\"}") },
		{ BYTES("{'text':'a'}") },
		{ BYTES("{\"text\":a}") },
		{ BYTES("{\"text\":\"a\",\"completed\":True}") },
		{ BYTES("{\"text\":\"a\",\"completed\":TRUE}") },
		{ BYTES("{\"text\":\"a\",\"completed\":tru}") },
		{ BYTES("{\"text\":\"a\",\"x\":NaN}") },
		{ BYTES("{\"text\":\"a\",\"x\":Infinity}") },
		{ BYTES("{\"text\":\"a\",\"x\":-}") },
		{ BYTES("{\"text\":\"a\",\"x\":1.}") },
		{ BYTES("{\"text\":\"a\",\"x\":.5}") },
		{ BYTES("{\"text\":\"a\",\"x\":01}") },
		{ BYTES("{\"text\":\"a\",\"x\":+1}") },
		{ BYTES("{\"text\":\"a\",\"x\":1e}") },
		{ BYTES("{\"text\":\"a\",\"x\":0x10}") },
		{ BYTES("{\"text\":\"a\",\"x\":[1,]}") },
		{ BYTES("{\"text\":\"a\",\"x\":[1 2]}") },
		{ BYTES("{\"text\":\"a\",\"x\":undefined}") },
		{ BYTES("{\"text\":\"a\" /* c */}") },
		{ BYTES("// c\n{\"text\":\"a\"}") },
		{ BYTES("\xef\xbb\xbf{\"text\":\"a\"}") },
		{ BYTES("{\"text\":\"\\x41\"}") },
		{ BYTES("{\"text\":\"\\u12\"}") },
		{ BYTES("{\"text\":\"\\u12g4\"}") },
		{ BYTES("{\"text\":\"\\U00000041\"}") },
		{ BYTES("{\"text\":\"\\\"}") },
		{ BYTES("{\"text\":\"a\nb\"}") },
		{ BYTES("{\"text\":\"a\tb\"}") },
		{ BYTES("{\"text\":\"a\x01\"}") },
		{ BYTES("text=a&completed=true") },
		{ BYTES("<task>a</task>") },
		{ BYTES(" ") },
		{ BYTES("\r\n") },
		/* NUL, raw and escaped, in values and names */
		{ BYTES("\0") },
		{ BYTES("{\"text\":\"a\0b\"}") },
		{ BYTES("{\"text\":\"a\"}\0") },
		{ BYTES("\0{\"text\":\"a\"}") },
		{ BYTES("{\"text\":\"a\"}\0{\"text\":\"b\"}") },
		{ BYTES("{\"text\":\"a\\u0000b\"}") },
		{ BYTES("{\"text\":\"\\u0000\"}") },
		{ BYTES("{\"text\\u0000x\":\"a\"}") },
		{ BYTES("{\"text\":\"a\",\"x\\u0000\":1}") },
		{ BYTES("{\"text\":\"a\",\"description\":\"\\u0000\"}") },
		/* what is no UTF-8: stray, cut, overlong, surrogates, beyond U+10FFFF */
		{ BYTES("{\"text\":\"\x80\"}") },
		{ BYTES("{\"text\":\"\xff\"}") },
		{ BYTES("{\"text\":\"\xfe\"}") },
		{ BYTES("{\"text\":\"\xc3\"}") },
		{ BYTES("{\"text\":\"\xe2\x82\"}") },
		{ BYTES("{\"text\":\"\xf0\x9f\x98\"}") },
		{ BYTES("{\"text\":\"\xc3\x28\"}") },
		{ BYTES("{\"text\":\"\xc0\x80\"}") },
		{ BYTES("{\"text\":\"\xc1\x81\"}") },
		{ BYTES("{\"text\":\"\xe0\x80\xaf\"}") },
		{ BYTES("{\"text\":\"\xf0\x80\x80\xaf\"}") },
		{ BYTES("{\"text\":\"\xed\xa0\x80\"}") },
		{ BYTES("{\"text\":\"\xed\xbf\xbf\"}") },
		{ BYTES("{\"text\":\"\xed\xa0\xbd\xed\xb8\x80\"}") },
		{ BYTES("{\"text\":\"\xf4\x90\x80\x80\"}") },
		{ BYTES("{\"text\":\"\xf8\x88\x80\x80\x80\"}") },
		{ BYTES("{\"text\":\"a\",\"\xff\":1}") },
		{ BYTES("{\xff\"text\":\"a\"}") },
		{ BYTES("\xff\xfe{\0\"\0") },
		/* half a surrogate pair */
		{ BYTES("{\"text\":\"\\ud800\"}") },
		{ BYTES("{\"text\":\"\\udc00\"}") },
		{ BYTES("{\"text\":\"\\ude00\\ud83d\"}") },
		{ BYTES("{\"text\":\"\\ud83dx\"}") },
		{ BYTES("{\"text\":\"\\ud83d\\ud83d\"}") },
		{ BYTES("{\"text\":\"\\ud83d\\u0041\"}") },
		{ BYTES("{\"text\":\"a\",\"\\ud800\":1}") },
		/* two members with one name */
		{ BYTES("{\"text\":\"a\",\"text\":\"b\"}") },
		{ BYTES("{\"text\":\"a\",\"text\":\"a\"}") },
		{ BYTES("{\"text\":\"a\",\"t\\u0065xt\":\"b\"}") },
		{ BYTES("{\"text\":\"a\",\"x\":{\"y\":1,\"y\":2}}") },
		{ BYTES("{\"text\":\"a\",\"completed\":true,\"completed\":false}") },
	};
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "unchanged");
	const struct gp_answer *before = gp_user_reads(&user, task);

	for (size_t i = 0; i < COUNT(rows); i++) {
		gp_test_row("row %zu: %s", i, rows[i].body);
		GP_EXPECT_FAULT(post(&user, rows[i].body, rows[i].length), 1, "body", NULL);
		GP_EXPECT_FAULT(GP_SEND(.method = "PATCH", .path = task, .token = user.token,
				    .body = rows[i].body, .body_length = rows[i].length),
		    1, "body", NULL);
	}
	GP_EXPECT(gp_user_counts(&user) == 1, "a task was created");
	GP_EXPECT(json_object_equal(gp_user_reads(&user, task)->json, before->json),
	    "the task has changed");
}

static void
deep_nesting_is_refused(void)
{
	static const char *const pairs[][2] = { { "[", "]" }, { "{\"a\":", "}" } };
	static const size_t depths[] = { 100, 1000, 100000 };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(pairs) * COUNT(depths); i++) {
		const char *const *pair = pairs[i % COUNT(pairs)];
		size_t depth = depths[i / COUNT(pairs)];
		const char *open = gp_kept_repeated(pair[0], depth);

		gp_test_row("%zu of %s", depth, pair[0]);
		GP_EXPECT_FAULT(post(&user,
				    gp_kept_text("{\"text\":\"a\",\"x\":%s1%s}", open,
					gp_kept_repeated(pair[1], depth)),
				    0),
		    1, "body", NULL);
		GP_EXPECT_FAULT(post(&user, open, 0), 1, "body", NULL);
	}
}

static void
wrong_types_are_refused(void)
{
	static const struct {
		const char *body, *name;
	} rows[] = {
		{ "{}", "text" },
		{ "{\"Text\":\"a\"}", "text" },
		{ "{\"title\":\"a\"}", "text" },
		{ "{\"text\":null}", "text" },
		{ "{\"text\":\"\"}", "text" },
		{ "{\"text\":1}", "text" },
		{ "{\"text\":1.5}", "text" },
		{ "{\"text\":true}", "text" },
		{ "{\"text\":[\"a\"]}", "text" },
		{ "{\"text\":{\"a\":\"b\"}}", "text" },
		{ "{\"text\":\"a\",\"description\":1}", "description" },
		{ "{\"text\":\"a\",\"description\":true}", "description" },
		{ "{\"text\":\"a\",\"description\":[]}", "description" },
		{ "{\"text\":\"a\",\"description\":{}}", "description" },
		{ "{\"text\":\"a\",\"completed\":null}", "completed" },
		{ "{\"text\":\"a\",\"completed\":2}", "completed" },
		{ "{\"text\":\"a\",\"completed\":\"maybe\"}", "completed" },
		{ "{\"text\":\"a\",\"completed\":\"\"}", "completed" },
		{ "{\"text\":\"a\",\"completed\":[true]}", "completed" },
		{ "{\"text\":\"a\",\"completed\":{}}", "completed" },
		{ "[]", NULL },
		{ "[{\"text\":\"a\"}]", NULL },
		{ "\"text\"", NULL },
		{ "null", NULL },
		{ "true", NULL },
		{ "42", NULL },
		{ "-1.5e3", NULL },
	};
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(rows); i++) {
		gp_test_row("%s", rows[i].body);
		GP_EXPECT_FAULT(post(&user, rows[i].body, 0), 1, "body", rows[i].name);
	}
	GP_EXPECT(gp_user_counts(&user) == 0, "a task was created");
}

static void
all_faults_are_listed_at_once(void)
{
	struct gp_user user = gp_user_new();
	const struct gp_answer *answer;

	answer = post(&user, "{\"description\":5,\"completed\":\"maybe\"}", 0);
	GP_EXPECT_FAULT(answer, 3, "body", "text");
	GP_EXPECT_FAULT(answer, 3, "body", "description");
	GP_EXPECT_FAULT(answer, 3, "body", "completed");
	answer = GP_SEND(.method = "PATCH", .path = "/tasks/7", .token = user.token,
	    .body = "{\"text\":\"\",\"completed\":null}");
	GP_EXPECT_FAULT(answer, 3, "path", "task_id");
	GP_EXPECT_FAULT(answer, 3, "body", "text");
	GP_EXPECT_FAULT(answer, 3, "body", "completed");
	answer =
	    GP_SEND(.method = "PUT", .path = "/tasks/7", .token = user.token, .body = "{\"text\":");
	GP_EXPECT_FAULT(answer, 2, "path", "task_id");
	GP_EXPECT_FAULT(answer, 2, "body", NULL);
}

static void
empty_body_is_refused(void)
{
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "unchanged");
	static const char *const types[] = { "application/json", "" };

	for (size_t i = 0; i < COUNT(types); i++) {
		gp_test_row("Content-Type: %s", types[i]);
		GP_EXPECT_FAULT(GP_SEND(.method = "POST", .path = "/tasks", .token = user.token,
				    .body = "", .content_type = types[i]),
		    1, "body", NULL);
		GP_EXPECT_FAULT(GP_SEND(.method = "PUT", .path = task, .token = user.token,
				    .body = "", .content_type = types[i]),
		    1, "body", NULL);
	}
	/* Neither Content-Length nor chunks: no body, as far as HTTP goes. */
	GP_EXPECT_FAULT(
	    GP_SEND(.method = "PUT", .path = task, .token = user.token), 1, "body", NULL);
	GP_EXPECT_FAULT(
	    GP_SEND(.method = "PATCH", .path = task, .token = user.token), 1, "body", NULL);
}

static void
unknown_members_are_ignored(void)
{
	static const char *const bodies[] = {
		"{\"text\":\"a\",\"x\":1}",
		"{\"text\":\"a\",\"\":null}",
		"{\"text\":\"a\",\"title\":5,\"priority\":\"high\",\"tags\":[\"b\",{\"c\":[]}]}",
		"{\"__proto__\":{\"completed\":true},\"text\":\"a\"}",
		"{\"Completed\":\"no\",\"DESCRIPTION\":1,\"text\":\"a\"}",
		"{\"text\":\"a\",\"x\":123456789012345678901234567890,\"y\":1e400,\"z\":-0.0}",
	};
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(bodies); i++) {
		gp_test_row("%s", bodies[i]);
		GP_EXPECT_ANSWER(post(&user, bodies[i], 0), 201);
	}
}

/* Ten thousand characters, whatever they take in bytes. */
static void
texts_are_bounded_in_characters(void)
{
	static const char *const units[] = { "x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
		"\\ud83d\\ude00", "\\u0041", "\\\\" };
	static const char *const formats[][2] = { { "{\"text\":\"", "\"}" },
		{ "{\"text\":\"a\",\"description\":\"", "\"}" } };
	static const char *const names[] = { "text", "description" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(units) * COUNT(names); i++) {
		const char *unit = units[i / COUNT(names)];
		const char *const *around = formats[i % COUNT(names)];

		gp_test_row("%s in %s", unit, names[i % COUNT(names)]);
		GP_EXPECT_ANSWER(
		    post(&user,
			gp_kept_text("%s%s%s", around[0], gp_kept_repeated(unit, 10000), around[1]),
			0),
		    201);
		GP_EXPECT_FAULT(
		    post(&user,
			gp_kept_text("%s%s%s", around[0], gp_kept_repeated(unit, 10001), around[1]),
			0),
		    1, "body", names[i % COUNT(names)]);
	}
	GP_EXPECT(gp_user_counts(&user) == COUNT(units) * COUNT(names), "not one task for each");
}

/* White space and an object, `length` bytes in all. */
static const char *
padded_body(size_t length)
{
	static const char task[] = "{\"text\":\"a\"}";
	char *body = gp_kept(length + 1);

	memset(body, ' ', length);
	memcpy(body + length - strlen(task), task, strlen(task));
	return body;
}

static void
body_may_have_one_mebibyte(void)
{
	struct gp_user user = gp_user_new();

	for (int chunked = 0; chunked < 2; chunked++) {
		struct gp_call call = { .method = "POST",
			.path = "/tasks",
			.token = user.token,
			.body = padded_body(MIB),
			.chunked = chunked != 0 };

		gp_test_row("%s", chunked ? "chunked" : "with Content-Length");
		GP_EXPECT_ANSWER(gp_send(&call), 201);
	}
}

static void
larger_bodies_are_refused(void)
{
	static const size_t lengths[] = { MIB + 1, 2 * MIB, 3 * MIB + 7, 8 * MIB };
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "unchanged");

	for (size_t i = 0; i < COUNT(lengths) * 2; i++) {
		struct gp_call call = { .method = "POST",
			.path = "/tasks",
			.token = user.token,
			.body = padded_body(lengths[i / 2]),
			.chunked = i % 2 != 0 };

		gp_test_row("%zu, %s", lengths[i / 2], call.chunked ? "chunked" : "Content-Length");
		GP_EXPECT_DETAIL(gp_send(&call), 413, "Request body too large");
		call.method = "PATCH";
		call.path = task;
		GP_EXPECT_DETAIL(gp_send(&call), 413, "Request body too large");
	}
	GP_EXPECT(gp_user_counts(&user) == 1, "a task was created");
}

static void
json_media_types_are_accepted(void)
{
	static const char *const types[] = { "application/json", "application/json;charset=utf-8",
		"application/json; charset=UTF-8", "application/json ; a=b; charset=utf-8",
		"APPLICATION/JSON", "Application/Json", "application/vnd.api+json",
		"application/merge-patch+json", "application/vnd.api+json; ext=\"a\"", "" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(types); i++) {
		gp_test_row("%s", types[i][0] != '\0' ? types[i] : "none");
		GP_EXPECT_ANSWER(GP_SEND(.method = "POST", .path = "/tasks", .token = user.token,
				     .body = "{\"text\":\"a\"}", .content_type = types[i]),
		    201);
	}
}

static void
other_media_types_are_refused(void)
{
	static const char *const types[] = { "text/plain", "text/json", "text/html",
		"application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
		"application/xml", "application/jsonp", "application/json5",
		"application/javascript", "application/octet-stream", "json", "/json",
		"application/", "*/*", "text/plain; application/json", "xapplication/json",
		"application/jso" };
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "unchanged");

	for (size_t i = 0; i < COUNT(types); i++) {
		struct gp_call call = { .method = "POST",
			.path = "/tasks",
			.token = user.token,
			.body = "{\"text\":\"a\"}",
			.content_type = types[i] };

		gp_test_row("%s", types[i]);
		GP_EXPECT_DETAIL(
		    gp_send(&call), 415, "Unsupported media type: use application/json");
		call.method = "PUT";
		call.path = task;
		GP_EXPECT_DETAIL(
		    gp_send(&call), 415, "Unsupported media type: use application/json");
	}
	GP_EXPECT(gp_user_counts(&user) == 1, "a task was created");
}

static void
chunked_body_works(void)
{
	struct gp_user user = gp_user_new();
	const struct gp_answer *answer = GP_SEND(.method = "POST", .path = "/tasks",
	    .token = user.token, .body = "{\"text\":\"in chunks\"}", .chunked = true);

	GP_EXPECT_ANSWER(answer, 201);
	GP_EXPECT(strstr(answer->body, "in chunks") != NULL, "%s", answer->body);
	GP_EXPECT_FAULT(GP_SEND(.method = "POST", .path = "/tasks", .token = user.token, .body = "",
			    .chunked = true),
	    1, "body", NULL);
}

/* A request that no library sends; `more` are further fields and the body. */
static const char *
bare_post(const struct gp_user *user, const char *more)
{
	return gp_kept_text("POST /tasks HTTP/1.1\r\nHost: %s:%s\r\nAuthorization: Bearer %s\r\n"
			    "Content-Type: application/json\r\nConnection: close\r\n%s",
	    gp_instance.host, gp_instance.port, user->token, more);
}

/* Where it gets through it is an empty body. */
static void
post_without_length_is_refused(void)
{
	struct gp_user user = gp_user_new();
	const char *request = bare_post(&user, "\r\n");
	const struct gp_answer *answer = gp_send_raw(request, strlen(request));

	GP_EXPECT_DIFFERENCE(answer, GP_POST_WITHOUT_LENGTH);
	GP_EXPECT(gp_user_counts(&user) == 0, "a task was created");
}

/* Lengths that are wrong: the web servers see to most of them. Nothing is created. */
static void
dishonest_lengths_create_nothing(void)
{
	static const char *const rows[] = {
		"Content-Length: 5\r\n\r\n{\"text\":\"a\"}",
		"Content-Length: -1\r\n\r\n{\"text\":\"a\"}",
		"Content-Length: +12\r\n\r\n{\"text\":\"a\"}",
		"Content-Length: 0x0c\r\n\r\n{\"text\":\"a\"}",
		"Content-Length: 12, 12\r\n\r\n{\"text\":\"a\"}",
		"Content-Length: 99999999999999999999999\r\n\r\n{\"text\":\"a\"}",
		"Content-Length: 18446744073709551628\r\n\r\n{\"text\":\"a\"}",
		"Content-Length: 12\r\nContent-Length: 5\r\n\r\n{\"text\":\"a\"}",
		"Transfer-Encoding: chunked\r\n\r\nzz\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n-c\r\n{\"text\":\"a\"}\r\n0\r\n\r\n",
		"Transfer-Encoding: gzip\r\n\r\n{\"text\":\"a\"}",
	};
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *request = bare_post(&user, rows[i]);
		const struct gp_answer *answer = gp_send_raw(request, strlen(request));

		gp_test_row("%.60s", rows[i]);
		/* 501 is for transfer codings nobody here knows: it names the client's fault. */
		GP_EXPECT((answer->status >= 400 && answer->status < 500) || answer->status == 501,
		    "status %d: %.100s", answer->status, answer->body);
	}
	GP_EXPECT(gp_user_counts(&user) == 0, "a task was created");
}

/* A body that ends too soon: the client closes its side. No answer is as good as a refusal. */
static void
cut_bodies_create_nothing(void)
{
	static const char *const rows[] = {
		"Content-Length: 20\r\n\r\n{\"text\":\"a\"}",
		"Transfer-Encoding: chunked\r\n\r\nc\r\n{\"text\":\"a\"}\r\n",
		"Transfer-Encoding: chunked\r\n\r\n20\r\n{\"text\":\"a\"}",
	};
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *request = bare_post(&user, rows[i]);
		const struct gp_answer *answer = gp_send_raw_and_stop(request, strlen(request));

		gp_test_row("%.60s", rows[i]);
		if (gp_server_status(gp_instance.server, GP_CUT_BODY) != 0)
			GP_EXPECT_DIFFERENCE(answer, GP_CUT_BODY);
		else
			GP_EXPECT(
			    answer->status == 0 || (answer->status >= 400 && answer->status < 500),
			    "status %d: %.100s", answer->status, answer->body);
	}
	GP_EXPECT(gp_user_counts(&user) == 0, "a task was created");
	GP_EXPECT_ANSWER(post(&user, "{\"text\":\"a\"}", 0), 201);
}

/* Where it gets through nobody looks at it. */
static void
body_of_get_and_delete_is_ignored(void)
{
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "a");

	GP_EXPECT_DIFFERENCE(
	    GP_SEND(.path = "/tasks", .token = user.token, .body = "{\"text\":"), GP_GET_WITH_BODY);
	GP_EXPECT_ANSWER(
	    GP_SEND(.method = "DELETE", .path = task, .token = user.token, .body = "{\"text\":"),
	    200);
}

const struct gp_test gp_body_tests[] = {
	GP_TEST(malformed_json_is_refused),
	GP_TEST(deep_nesting_is_refused),
	GP_TEST(wrong_types_are_refused),
	GP_TEST(all_faults_are_listed_at_once),
	GP_TEST(empty_body_is_refused),
	GP_TEST(unknown_members_are_ignored),
	GP_TEST(texts_are_bounded_in_characters),
	GP_TEST(body_may_have_one_mebibyte),
	GP_TEST(larger_bodies_are_refused),
	GP_TEST(json_media_types_are_accepted),
	GP_TEST(other_media_types_are_refused),
	GP_TEST(chunked_body_works),
	GP_TEST(post_without_length_is_refused),
	GP_TEST(dishonest_lengths_create_nothing),
	GP_TEST(cut_bodies_create_nothing),
	GP_TEST(body_of_get_and_delete_is_ignored),
	{ NULL, NULL },
};
