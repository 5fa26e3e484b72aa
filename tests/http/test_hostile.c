/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields and framing that only a plain socket can send, on routes of every dialect: no 5xx, no
 * field of the client's making in the answer, and the next good request is answered.
 */
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "raw.h"
#include "stage.h"
#include "suites.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Bytes, because there may be a NUL among them. */
struct bytes {
	const char *bytes;
	size_t length;
};
#define BYTES(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

/* A text in front of bytes and one behind them. */
static struct bytes
between(const char *before, struct bytes middle, const char *after)
{
	size_t length = strlen(before) + middle.length + strlen(after);
	char *all = gp_kept(length + 1);

	memcpy(all, before, strlen(before));
	memcpy(all + strlen(before), middle.bytes, middle.length);
	memcpy(all + strlen(before) + middle.length, after, strlen(after));
	return (struct bytes){ all, length };
}

/* The beginning of a request: what every one of them has. */
static const char *
begin(const struct gp_stage *stage, const struct gp_stage_route *route)
{
	return gp_kept_text("%s %s HTTP/1.1\r\nHost: %s:%s\r\nAuthorization: Bearer %s\r\n"
			    "Connection: close\r\n",
	    route->method, gp_stage_path(stage, route), gp_instance.host, gp_instance.port,
	    stage->user.token);
}

/* The rest of it, behind the fields that a test adds. */
static const char *
end(const struct gp_stage_route *route)
{
	if (route->body == NULL)
		return "\r\n";
	return gp_kept_text("Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	    strlen(route->body), route->body);
}

/* A connection that is closed without an answer is a refusal too, where nothing came that HTTP
 * knows. */
static void
expect_tame_or_none(const struct gp_answer *answer)
{
	/* The web server's own, for what it does not know (501, 505) and for a body that ends too
	 * soon: they name the client's fault. */
	if (answer->status == 501 || answer->status == 505 ||
	    (answer->status != 0 &&
		answer->status == -gp_server_status(gp_instance.server, GP_CUT_BODY)))
		GP_EXPECT(gp_answer_field(answer, "X-Request-Id") == NULL, "%s", answer->fields);
	else if (answer->status != 0)
		GP_EXPECT_TAME(answer);
}

/* Send these fields, lines with their ends, with a request for each route that stands for others.
 */
static void
send_with_fields(const struct gp_stage *stage, struct bytes fields)
{
	for (size_t i = 0; i < gp_stage_route_count; i++) {
		const struct gp_stage_route *route = &gp_stage_routes[i];
		struct bytes request;

		if (!route->is_plain || !gp_stage_turn())
			continue;
		request = between(begin(stage, route), fields, end(route));
		gp_test_row("%s %s with %.80s", route->method, route->path, fields.bytes);
		GP_EXPECT_TAME(gp_send_raw(request.bytes, request.length));
	}
}

static void
hostile_values(void)
{
	static const char *const names[] = { "Origin", "If-Match", "If-None-Match",
		"X-Forwarded-For", "X-Request-Id", "Cookie", "User-Agent",
		"Access-Control-Request-Method", "Accept-Encoding", "Range" };
	static const struct bytes values[] = { BYTES(""), BYTES(" "), BYTES("\t"), BYTES("*"),
		BYTES("null"), BYTES("a\rX-Evil: a"), BYTES("a\nX-Evil: a"),
		BYTES("a\r\n X-Evil: a"), BYTES("a\r\n\tX-Evil: a"), BYTES("a%0d%0aX-Evil: a"),
		BYTES("http://localhost:3000\r\nX-Evil: a"), BYTES("http://localhost:3000\0X-Evil"),
		BYTES("\0"), BYTES("a\0b"), BYTES("\x01\x1f\x7f"), BYTES("\x80\xff\xfe\xc0\xaf"),
		BYTES("\xed\xa0\x80"), BYTES("\""), BYTES("\"\"\""), BYTES("\"a"), BYTES("W/"),
		BYTES("W/\""), BYTES("w/\"a\""), BYTES("\"a\\\"b\""), BYTES("*, *"),
		BYTES("*,\"a\""), BYTES(",,,,"), BYTES("\"9223372036854775808\""),
		BYTES("\"-1\", \"1e3\", \"0x1\""), BYTES("{1,2}"), BYTES("\"{}\",\"1},{\""),
		BYTES("127.0.0.1, 127.0.0.1, unknown, ::1"),
		BYTES("[::1]:80, 1.2.3.4:5, 999.999.999.999, ,"), BYTES("'; drop table task; --"),
		BYTES("${jndi:ldap://a}"), BYTES("%s%n%s%n"), BYTES("<script>alert(1)</script>"),
		BYTES("../../etc/passwd"), BYTES("bytes=0-0,1-1,-1"), BYTES("\\") };

	for (size_t i = 0; i < COUNT(values); i++) {
		/* A new one each time, whose lists stay short. */
		struct gp_stage stage = gp_stage_set();

		for (size_t j = 0; j < COUNT(names); j++)
			send_with_fields(
			    &stage, between(gp_kept_text("%s: ", names[j]), values[i], "\r\n"));
		GP_EXPECT_WHOLE(&stage);
	}
}

/* Just below and above what web servers take. */
static void
long_values(void)
{
	static const char *const names[] = { "Origin", "If-Match", "If-None-Match",
		"X-Forwarded-For", "X-Request-Id", "X-Nothing" };
	static const char *const units[] = { "a", "\"", "\"a\",", "W/\"1\", ", "1.2.3.4, ", "," };
	static const size_t lengths[] = { 4000, 8100, 8192, 70000 };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(names) * COUNT(lengths); i++) {
		const char *unit = units[i % COUNT(units)];
		size_t length = lengths[i / COUNT(names)];
		const char *field = gp_kept_text("%s: %s\r\n", names[i % COUNT(names)],
		    gp_kept_repeated(unit, length / strlen(unit)));

		send_with_fields(&stage, (struct bytes){ field, strlen(field) });
		GP_EXPECT_WHOLE(&stage);
	}
}

static void
floods_of_fields(void)
{
	static const struct {
		size_t count, length;
	} rows[] = { { 90, 10 }, { 100, 80 }, { 200, 10 }, { 1000, 10 }, { 100, 8000 } };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *value = gp_kept_repeated("v", rows[i].length), *fields = "";

		for (size_t j = 0; j < rows[i].count; j++)
			fields = gp_kept_text("%sX-F-%zu: %s\r\n", fields, j, value);
		send_with_fields(&stage, (struct bytes){ fields, strlen(fields) });
		GP_EXPECT_WHOLE(&stage);
	}
}

/* The same for fields that leave open where the request ends: nothing comes behind it. */
static void
send_and_stop(const struct gp_stage *stage, struct bytes fields)
{
	for (size_t i = 0; i < gp_stage_route_count; i++) {
		const struct gp_stage_route *route = &gp_stage_routes[i];
		struct bytes request;

		if (!route->is_plain || !gp_stage_turn())
			continue;
		request = between(begin(stage, route), fields, end(route));
		gp_test_row("%s %s with %.80s", route->method, route->path, fields.bytes);
		expect_tame_or_none(gp_send_raw_and_stop(request.bytes, request.length));
	}
}

/* Ten fields, each just short enough. */
static void
wide_fields_are_the_servers_to_refuse(void)
{
	struct gp_stage stage = gp_stage_set();
	const struct gp_stage_route list = { "GET", "/tasks", NULL, true };
	const char *value = gp_kept_repeated("v", 8000), *fields = "";
	struct bytes request;

	for (int i = 0; i < 10; i++)
		fields = gp_kept_text("%sX-Wide-%d: %s\r\n", fields, i, value);
	request =
	    between(begin(&stage, &list), (struct bytes){ fields, strlen(fields) }, end(&list));
	GP_EXPECT_DIFFERENCE(gp_send_raw(request.bytes, request.length), GP_FIELDS_OF_80_KB);
	GP_EXPECT_WHOLE(&stage);
}

/* Two fields that contradict each other, and lines that are none. */
static void
contradictory_fields(void)
{
	static const struct bytes rows[] = { BYTES("Authorization: Bearer a.b.c\r\n"),
		BYTES("Authorization: Basic dTpw\r\n"), BYTES("Authorization:\r\n"),
		BYTES("Host: example.com\r\n"), BYTES("Host:\r\n"), BYTES("Host: a b\r\n"),
		BYTES("Connection: keep-alive, Authorization\r\n"),
		BYTES("Connection: upgrade\r\n"),
		BYTES("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"),
		BYTES("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
		BYTES("Expect: 100-continue\r\n"), BYTES("Expect: 200-ok\r\n"),
		BYTES("Content-Length: 5\r\n"), BYTES("Content-Length: 0\r\n"),
		BYTES("Content-Length: -1\r\n"), BYTES("Content-Length: 5, 5\r\n"),
		BYTES("Content-Length: 18446744073709551617\r\n"), BYTES("Content-Length: 1e3\r\n"),
		BYTES("Transfer-Encoding: chunked\r\n"),
		BYTES("Transfer-Encoding: chunked, chunked\r\n"),
		BYTES("Transfer-Encoding: identity\r\n"),
		BYTES("Transfer-Encoding:\x0b"
		      "chunked\r\n"),
		BYTES("Transfer-Encoding : chunked\r\n"), BYTES("Content-Type: text/plain\r\n"),
		BYTES("Content-Type: application/json\r\nContent-Type: application/json\r\n"),
		BYTES("Origin: http://localhost:3000\r\nOrigin: http://example.com\r\n"),
		BYTES("If-Match: \"a\"\r\nIf-Match: *\r\n"),
		BYTES("If-Match: \"a\"\r\nIf-None-Match: \"a\"\r\n"),
		BYTES("If-None-Match: *\r\nIf-None-Match: \"a\"\r\n"),
		BYTES("X-Request-Id: a\r\nX-Request-Id: b\r\n"),
		BYTES("X_Request_Id: a\r\nX-Request-Id: b\r\n"), BYTES("Authorization\r\n"),
		BYTES("no colon\r\n"), BYTES(": no name\r\n"), BYTES(" folded: a\r\n"),
		BYTES("X-A : a\r\n"), BYTES("X\0A: a\r\n"), BYTES("X\x80: a\r\n"),
		BYTES("X A: a\r\n"), BYTES("Proxy: http://example.com\r\n"),
		BYTES("Content_Length: 5\r\n"),
		BYTES("Content-Length: 3\nTransfer-Encoding: chunked\r\n"), BYTES("\0\r\n"),
		BYTES("\r\n\r\n") };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(rows); i++) {
		send_and_stop(&stage, rows[i]);
		GP_EXPECT_WHOLE(&stage);
	}
}

/* A preflight asks for names of fields, which the answer repeats. */
static void
hostile_preflights(void)
{
	static const struct bytes values[] = { BYTES("a\rX-Evil: a"), BYTES("a\nX-Evil: a"),
		BYTES("a\r\n X-Evil: a"), BYTES("a\0X-Evil"), BYTES("\x01"), BYTES("\x7f"),
		BYTES("\x80\xff"), BYTES("\""), BYTES("<script>"), BYTES("a b c"), BYTES(","),
		BYTES("authorization, content-type"), BYTES("*"), BYTES("") };
	static const char *const names[] = { "Access-Control-Request-Headers",
		"Access-Control-Request-Method", "Origin" };
	static const char *const paths[] = { "/tasks", "/api/somebody/tasks", "/nowhere", "/" };

	for (size_t i = 0; i < COUNT(values) * COUNT(names) * COUNT(paths); i++) {
		const char *path = paths[i % COUNT(paths)];
		const char *name = names[i / COUNT(paths) % COUNT(names)];
		struct bytes value = values[i / COUNT(paths) / COUNT(names)];
		const char *line = gp_kept_text("OPTIONS %s HTTP/1.1\r\nHost: %s:%s\r\n"
						"Connection: close\r\n%s: ",
		    path, gp_instance.host, gp_instance.port, name);
		/* The good ones of the three stand behind, where the first counts they are not
		 * seen. */
		struct bytes request = between(line, value,
		    "\r\nOrigin: http://localhost:3000\r\nAccess-Control-Request-Method: PUT\r\n\r\n");

		gp_test_row("%s with %s: %.40s", path, name, value.bytes);
		expect_tame_or_none(gp_send_raw(request.bytes, request.length));
	}
}

static void
strange_request_lines(void)
{
	static const struct bytes lines[] = { BYTES("GET /tasks"), BYTES("GET  /tasks HTTP/1.1"),
		BYTES("GET /tasks HTTP/9.9"), BYTES("GET /tasks HTTP/0.9"),
		BYTES("GET /tasks HTTP/1.1 x"), BYTES("GET /tasks http/1.1"),
		BYTES(" GET /tasks HTTP/1.1"), BYTES("\r\nGET /tasks HTTP/1.1"),
		BYTES("GET\t/tasks\tHTTP/1.1"), BYTES("GET /ta sks HTTP/1.1"),
		BYTES("GET /tasks\0 HTTP/1.1"), BYTES("GET /tasks\x01 HTTP/1.1"),
		BYTES("GET /tasks\x7f HTTP/1.1"), BYTES("GET /tasks\xff HTTP/1.1"),
		BYTES("GET /tasks?a=\0 HTTP/1.1"), BYTES("GET /tasks?a=\x01 HTTP/1.1"),
		BYTES("GET /tasks\rX-Evil: a HTTP/1.1"), BYTES("GET /tasks#a HTTP/1.1"),
		BYTES("GET"), BYTES("GET * HTTP/1.1"), BYTES("CONNECT example.com:80 HTTP/1.1"),
		BYTES("GET http://example.com/tasks HTTP/1.1"),
		BYTES("GET //example.com/tasks HTTP/1.1"), BYTES("GET \\tasks HTTP/1.1"),
		BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n"), BYTES("\x16\x03\x01\x02\0\x01\0\x01\xfc"),
		BYTES("\0\0\0\0"), BYTES("\xff\xf4\xff\xfd\x06"), BYTES("") };
	struct gp_stage stage = gp_stage_set();
	const char *fields = gp_kept_text("\r\nHost: %s:%s\r\nAuthorization: Bearer %s\r\n"
					  "Connection: close\r\n\r\n",
	    gp_instance.host, gp_instance.port, stage.user.token);

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct bytes request = between("", lines[i], fields);

		gp_test_row("%.60s", lines[i].bytes);
		expect_tame_or_none(gp_send_raw_and_stop(request.bytes, request.length));
		GP_EXPECT_WHOLE(&stage);
	}
}

/* --- bodies that do not end where they should --- */

/* Where each dialect takes a new task. */
static const struct gp_stage_route creations[] = { { "POST", "/tasks", NULL, true },
	{ "POST", "/api/v1/todos", NULL, true }, { "POST", "/api/v1/@/tasks", NULL, true },
	{ "POST", "/api/@/tasks", NULL, true } };

static void
dishonest_bodies(void)
{
	static const char *const rows[] = {
		"Content-Length: 40\r\n\r\n{\"title\":\"a\",\"text\":\"a\"}",
		"Content-Length: 10\r\n\r\n{\"title\":\"a\",\"text\":\"a\"}",
		"Content-Length: 0\r\n\r\n{\"title\":\"a\",\"text\":\"a\"}",
		"Content-Length: 1000000\r\n\r\n{",
		"Content-Length: 100000000\r\n\r\n{",
		"Content-Length: 9223372036854775807\r\n\r\n{",
		"Content-Length: 9223372036854775808\r\n\r\n{",
		"Content-Length: 24\r\nContent-Length: 24\r\n\r\n{\"title\":\"a\",\"text\":\"a\"",
		"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n18\r\n{\"title\":\"a\",\"text\":\"a\"}",
		"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"tit\r\n",
		"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\n{\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n-1\r\n{\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n 2\r\n{}\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
		"Transfer-Encoding: chunked\r\n\r\n2;a=\"\r\n{}\r\n0\r\nX-Evil: a\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n",
		"Transfer-Encoding: xchunked\r\n\r\n{}",
		"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"\r\n{\"title\":\"a\",\"text\":\"a\"}",
	};
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(rows) * COUNT(creations); i++) {
		const struct gp_stage_route *route = &creations[i % COUNT(creations)];
		const char *request = gp_kept_text("%sContent-Type: application/json\r\n%s",
		    begin(&stage, route), rows[i / COUNT(creations)]);

		gp_test_row("%s with %s", route->path, rows[i / COUNT(creations)]);
		expect_tame_or_none(gp_send_raw_and_stop(request, strlen(request)));
	}
	GP_EXPECT_WHOLE(&stage);
	GP_EXPECT(gp_user_counts(&stage.user) == 2, "a task was created");
}

/* A slow client is no bad one: its task is made. */
static void
slow_bodies(void)
{
	static const char body[] = "{\"title\":\"slow\",\"text\":\"slow\"}";
	enum { DURATION_MS = 1500 };
	struct gp_stage stage = gp_stage_set();

	for (size_t i = 0; i < COUNT(creations); i++) {
		const char *request = gp_kept_text("%sContent-Type: application/json\r\n"
						   "Content-Length: %zu\r\n\r\n%s",
		    begin(&stage, &creations[i]), strlen(body), body);
		const struct gp_answer *answer =
		    gp_send_raw_slowly(request, strlen(request), strlen(body), DURATION_MS);

		gp_test_row("%s", creations[i].path);
		GP_EXPECT_TAME(answer);
		GP_EXPECT(answer->status == 200 || answer->status == 201, "status %d: %s",
		    answer->status, answer->body);
	}
	GP_EXPECT_WHOLE(&stage);
}

const struct gp_test gp_hostile_tests[] = {
	GP_TEST(hostile_values),
	GP_TEST(long_values),
	GP_TEST(floods_of_fields),
	GP_TEST(wide_fields_are_the_servers_to_refuse),
	GP_TEST(contradictory_fields),
	GP_TEST(hostile_preflights),
	GP_TEST(strange_request_lines),
	GP_TEST(dishonest_bodies),
	GP_TEST(slow_bodies),
	{ NULL, NULL },
};
