/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heads, good and bad: each is scanned whole, cut in two at every byte, and byte by byte, all with
 * one outcome, and then read.
 */
#include "http_head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"
#include "unit.h"

#define START "GET /ws/notifications HTTP/1.1\r\nHost: app.example.com\r\n"

static struct gp_arena *arena;
static char *const *environment;

/* What every way of looking through the head comes to. */
static enum gp_outcome
scan(const char *bytes, size_t length, size_t *head_length)
{
	struct gp_http_scan whole = { 0 }, slow = { 0 };
	enum gp_outcome outcome = gp_http_head_scan(&whole, bytes, length), again = GP_OK;

	for (size_t cut = 0; cut <= length && length < 2000; cut++) {
		struct gp_http_scan halves = { 0 };
		char *first = malloc(cut + 1); /* so that a sanitizer sees reads past it */

		CU_ASSERT_PTR_NOT_NULL_FATAL(first);
		memcpy(first, bytes, cut);
		again = gp_http_head_scan(&halves, first, cut);
		free(first);
		if (again == GP_OK)
			again = gp_http_head_scan(&halves, bytes, length);
		CU_ASSERT_EQUAL(again, outcome);
		CU_ASSERT_EQUAL(halves.head_length, whole.head_length);
	}
	again = GP_OK;
	for (size_t more = 1; more <= length && again == GP_OK; more++)
		again = gp_http_head_scan(&slow, bytes, more);
	CU_ASSERT_EQUAL(again, outcome);
	CU_ASSERT_EQUAL(slow.head_length, whole.head_length);
	/* Told again when asked again. */
	CU_ASSERT_EQUAL(gp_http_head_scan(&slow, bytes, length), outcome);
	*head_length = whole.head_length;
	return outcome;
}

/* Scan and read; `environment` lives until the arena, which the caller frees. */
static enum gp_outcome
judge(const char *bytes, size_t length)
{
	size_t head_length;
	enum gp_outcome outcome;

	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	environment = NULL;
	gp_test_row("%.*s", (int)(length < 200 ? length : 200), bytes);
	outcome = scan(bytes, length, &head_length);
	if (outcome != GP_OK) {
		CU_ASSERT_EQUAL(head_length, 0);
		return outcome;
	}
	CU_ASSERT_EQUAL(head_length, length);
	return gp_http_head_read(bytes, length, arena, "192.0.2.1", &environment);
}

static void
expect(const char *head, enum gp_outcome outcome)
{
	CU_ASSERT_EQUAL(judge(head, strlen(head)), outcome);
	CU_ASSERT_EQUAL(environment != NULL, outcome == GP_OK);
	gp_arena_free(arena);
}

/* Of a head that begins with a request line which is all right. */
static void
expect_fields(const char *fields, enum gp_outcome outcome)
{
	char head[1024];

	snprintf(head, sizeof(head), START "%s\r\n", fields);
	expect(head, outcome);
}

static void
expect_target(const char *target, enum gp_outcome outcome)
{
	char head[1024];

	snprintf(head, sizeof(head), "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", target);
	expect(head, outcome);
}

/* NULL when it is not there; twice would be a mistake for every name. */
static const char *
variable(const char *name)
{
	size_t length = strlen(name);
	const char *value = NULL;

	for (char *const *text = environment; text != NULL && *text != NULL; text++) {
		if (strncmp(*text, name, length) != 0 || (*text)[length] != '=')
			continue;
		CU_ASSERT_PTR_NULL(value);
		value = *text + length + 1;
	}
	return value;
}

static size_t
count_variables(void)
{
	size_t count = 0;

	while (environment[count] != NULL)
		count++;
	return count;
}

/* Those of a request without any field but Host. */
enum { LEAST_VARIABLES = 9 };

static void
expect_variable(const char *fields, const char *name, const char *value)
{
	char head[1024];

	snprintf(head, sizeof(head), START "%s\r\n", fields);
	CU_ASSERT_EQUAL(judge(head, strlen(head)), GP_OK);
	CU_ASSERT(gp_test_same(variable(name), value));
	CU_ASSERT_EQUAL(count_variables(), LEAST_VARIABLES + (value != NULL ? 1 : 0));
	gp_arena_free(arena);
}

static void
makes_the_variables_of_a_cgi_program(void)
{
	static const char head[] = "GET /a%20b/%C3%A9?token=x%2Fy+z&? HTTP/1.1\r\n"
				   "host: app.example.com:8080\r\n"
				   "Upgrade:websocket\r\n"
				   "Connection: \t Upgrade, keep-alive \t \r\n"
				   "Content-Type: text/plain\r\n"
				   "CONTENT-LENGTH: 0\r\n"
				   "X-Empty:\r\n"
				   "X-Colon: a:b = \"c\"\td\r\n"
				   "\r\n";
	static const char *const rows[][2] = {
		{ "GATEWAY_INTERFACE", "CGI/1.1" },
		{ "REQUEST_METHOD", "GET" },
		{ "SCRIPT_NAME", "" },
		{ "PATH_INFO", "/a b/\xc3\xa9" },
		{ "QUERY_STRING", "token=x%2Fy+z&?" },
		{ "REQUEST_URI", "/a%20b/%C3%A9?token=x%2Fy+z&?" },
		{ "SERVER_PROTOCOL", "HTTP/1.1" },
		{ "REMOTE_ADDR", "192.0.2.1" },
		{ "HTTP_HOST", "app.example.com:8080" },
		{ "HTTP_UPGRADE", "websocket" },
		{ "HTTP_CONNECTION", "Upgrade, keep-alive" },
		{ "CONTENT_TYPE", "text/plain" },
		{ "CONTENT_LENGTH", "0" },
		{ "HTTP_X_EMPTY", "" },
		{ "HTTP_X_COLON", "a:b = \"c\"\td" },
	};

	CU_ASSERT_EQUAL(judge(head, strlen(head)), GP_OK);
	CU_ASSERT_EQUAL(count_variables(), GP_COUNT(rows));
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		gp_test_row("%s", rows[i][0]);
		CU_ASSERT(gp_test_same(variable(rows[i][0]), rows[i][1]));
	}
	gp_arena_free(arena);
}

static void
a_query_may_be_empty_or_absent(void)
{
	static const char *const targets[] = { "/a", "/a?" };

	for (size_t i = 0; i < GP_COUNT(targets); i++) {
		char head[100];

		snprintf(head, sizeof(head), "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", targets[i]);
		CU_ASSERT_EQUAL(judge(head, strlen(head)), GP_OK);
		CU_ASSERT(gp_test_same(variable("PATH_INFO"), "/a"));
		CU_ASSERT(gp_test_same(variable("QUERY_STRING"), ""));
		CU_ASSERT(gp_test_same(variable("REQUEST_URI"), targets[i]));
		gp_arena_free(arena);
	}
}

static void
keeps_similar_names_apart(void)
{
	static const char head[] = START "Accept: a\r\nAccept-Language: b\r\nAccept: c\r\n"
					 "Accepted: d\r\nAccep: e\r\n\r\n";

	CU_ASSERT_EQUAL(judge(head, strlen(head)), GP_OK);
	CU_ASSERT_EQUAL(count_variables(), LEAST_VARIABLES + 4);
	CU_ASSERT(gp_test_same(variable("HTTP_ACCEPT"), "a, c"));
	CU_ASSERT(gp_test_same(variable("HTTP_ACCEPT_LANGUAGE"), "b"));
	CU_ASSERT(gp_test_same(variable("HTTP_ACCEPTED"), "d"));
	CU_ASSERT(gp_test_same(variable("HTTP_ACCEP"), "e"));
	gp_arena_free(arena);
}

static void
leaves_an_unknown_address_out(void)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	CU_ASSERT_EQUAL(
	    gp_http_head_read(START "\r\n", strlen(START "\r\n"), arena, NULL, &environment),
	    GP_OK);
	CU_ASSERT_PTR_NULL(variable("REMOTE_ADDR"));
	CU_ASSERT_EQUAL(count_variables(), LEAST_VARIABLES - 1);
	gp_arena_free(arena);
}

static void
judges_request_lines(void)
{
	static const struct {
		const char *line;
		enum gp_outcome outcome;
	} rows[] = {
		{ "GET / HTTP/1.1", GP_OK },
		{ "GET / HTTP/1.0", GP_OK },
		{ "get / HTTP/1.1", GP_OK }, /* a method of its own, which no route has */
		{ "M-SEARCH / HTTP/1.1", GP_OK },
		{ "!#$%&'*+-.^_`|~09azAZ / HTTP/1.1", GP_OK },
		{ "OPTIONS * HTTP/1.1", GP_BAD_HTTP },
		{ "CONNECT app.example.com:443 HTTP/1.1", GP_BAD_HTTP },
		{ "GET http://app.example.com/ HTTP/1.1", GP_BAD_HTTP },
		{ "GET ws://app.example.com/ HTTP/1.1", GP_BAD_HTTP },
		{ "GET app.example.com HTTP/1.1", GP_BAD_HTTP },
		{ "GET ?token=x HTTP/1.1", GP_BAD_HTTP },
		{ "GET \\ HTTP/1.1", GP_BAD_HTTP },
		{ "", GP_BAD_HTTP },
		{ " ", GP_BAD_HTTP },
		{ "  ", GP_BAD_HTTP },
		{ "GET", GP_BAD_HTTP },
		{ "GET ", GP_BAD_HTTP },
		{ "GET  ", GP_BAD_HTTP },
		{ " GET / HTTP/1.1", GP_BAD_HTTP },
		{ "GET  / HTTP/1.1", GP_BAD_HTTP },
		{ "GET /  HTTP/1.1", GP_BAD_HTTP },
		{ "GET / HTTP/1.1 ", GP_BAD_HTTP },
		{ "GET\t/\tHTTP/1.1", GP_BAD_HTTP },
		{ "GET /\tHTTP/1.1", GP_BAD_HTTP },
		{ "GET / HTTP/1.1\t", GP_BAD_HTTP },
		{ "GET / / HTTP/1.1", GP_BAD_HTTP },
		{ "G(T / HTTP/1.1", GP_BAD_HTTP },
		{ "GET: / HTTP/1.1", GP_BAD_HTTP },
		{ "G\xc3\x89T / HTTP/1.1", GP_BAD_HTTP },
		{ "/ HTTP/1.1", GP_BAD_HTTP },
		/* Versions that are none. */
		{ "GET / http/1.1", GP_BAD_HTTP },
		{ "GET / HTTP/1", GP_BAD_HTTP },
		{ "GET / HTTP/2", GP_BAD_HTTP },
		{ "GET / HTTP/11", GP_BAD_HTTP },
		{ "GET / HTTP/1.1.", GP_BAD_HTTP },
		{ "GET / HTTP/1.10", GP_BAD_HTTP },
		{ "GET / HTTP/01.1", GP_BAD_HTTP },
		{ "GET / HTTP/1,1", GP_BAD_HTTP },
		{ "GET / HTTP/a.1", GP_BAD_HTTP },
		{ "GET / HTTP/1.a", GP_BAD_HTTP },
		{ "GET / HTTPS/1.1", GP_BAD_HTTP },
		{ "GET / SIP/2.0", GP_BAD_HTTP },
		{ "GET / ", GP_BAD_HTTP },
		/* Versions of others. */
		{ "GET / HTTP/0.9", GP_BAD_HTTP_VERSION },
		{ "GET / HTTP/1.2", GP_BAD_HTTP_VERSION },
		{ "GET / HTTP/1.9", GP_BAD_HTTP_VERSION },
		{ "GET / HTTP/2.0", GP_BAD_HTTP_VERSION },
		{ "GET / HTTP/3.0", GP_BAD_HTTP_VERSION },
		{ "PRI * HTTP/2.0", GP_BAD_HTTP_VERSION },
		{ "GET /", GP_BAD_HTTP_VERSION },
		{ "GET /?token=x", GP_BAD_HTTP_VERSION },
		{ "POST /", GP_BAD_HTTP },
		{ "GET *", GP_BAD_HTTP },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char head[200];

		snprintf(head, sizeof(head), "%s\r\nHost: h\r\n\r\n", rows[i].line);
		expect(head, rows[i].outcome);
		/* Told before anything else has arrived, and of nothing else. */
		if (rows[i].outcome != GP_OK) {
			snprintf(head, sizeof(head), "%s\r\n", rows[i].line);
			expect(head, rows[i].outcome);
		}
	}
}

static void
judges_targets(void)
{
	static const struct {
		const char *target;
		enum gp_outcome outcome;
	} rows[] = {
		{ "/", GP_OK },
		{ "//", GP_OK },
		{ "/?", GP_OK },
		{ "/a/../b;c=d/.", GP_OK },
		{ "/%20%2F%2e%41%ff?%", GP_OK }, /* what it is, gp_request_path() tells */
		{ "/?a=%2&b=%zz%%", GP_OK },
		{ "/?%80%C2%80%20%7e", GP_OK },
		{ "/|^`{}[]\"<>\\?|^`{}[]\"<>\\", GP_OK },
		{ "/%2500?%2500%250a", GP_OK }, /* decoded once */
		{ "/a#b", GP_BAD_HTTP },
		{ "/?a#b", GP_BAD_HTTP },
		{ "/#", GP_BAD_HTTP },
		{ "/caf\xc3\xa9", GP_BAD_HTTP },
		{ "/?\xff", GP_BAD_HTTP },
		{ "/\x7f", GP_BAD_HTTP },
		{ "/%", GP_BAD_PATH },
		{ "/%4", GP_BAD_PATH },
		{ "/%zz", GP_BAD_PATH },
		{ "/%4?1", GP_BAD_PATH },
		{ "/%c3%a", GP_BAD_PATH },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_target(rows[i].target, rows[i].outcome);
}

static void
refuses_control_characters_in_targets(void)
{
	for (unsigned c = 0; c < 0x100; c++) {
		bool is_control = c < 0x20 || c == 0x7f;
		char target[40];

		snprintf(target, sizeof(target), "/a%%%02xb", c);
		expect_target(target, is_control ? GP_BAD_PATH : GP_OK);
		snprintf(target, sizeof(target), "/a%%%02Xb?c", c);
		expect_target(target, is_control ? GP_BAD_PATH : GP_OK);
		snprintf(target, sizeof(target), "/?token=a%%%02xb", c);
		expect_target(target, is_control ? GP_BAD_HTTP : GP_OK);
		snprintf(target, sizeof(target), "/?%%%02X", c);
		expect_target(target, is_control ? GP_BAD_HTTP : GP_OK);
	}
}

/* A good head with one byte replaced, the first that is a question mark. */
static bool
is_good_with(const char *format, unsigned c)
{
	char head[100];
	enum gp_outcome outcome;

	snprintf(head, sizeof(head), "%s\r\n\r\n", format);
	*strchr(head, '?') = (char)c;
	outcome = judge(head, strlen(format) + strlen("\r\n\r\n"));
	gp_arena_free(arena);
	CU_ASSERT(outcome == GP_OK || outcome == GP_BAD_HTTP || outcome == GP_BAD_PATH);
	return outcome == GP_OK;
}

static void
judges_every_byte(void)
{
	for (unsigned c = 0; c < 0x100; c++) {
		bool in_query = c > 0x20 && c < 0x7f && c != '#';
		bool in_value = c == '\t' || (c >= 0x20 && c != 0x7f);

		CU_ASSERT_EQUAL(
		    is_good_with("GET /a?zz HTTP/1.1\r\nHost: h", c), in_query && c != '%');
		CU_ASSERT_EQUAL(is_good_with("GET ?a HTTP/1.1\r\nHost: h", c), c == '/');
		CU_ASSERT_EQUAL(is_good_with("GET?/ HTTP/1.1\r\nHost: h", c), c == ' ');
		CU_ASSERT_EQUAL(is_good_with("GET / HTTP/1.1?\nHost: h", c), c == '\r');
		CU_ASSERT_EQUAL(is_good_with("GET / HTTP/1.1\r?Host: h", c), c == '\n');
		CU_ASSERT_EQUAL(is_good_with("GET / HTTP/1.1\r\nHost: h\r\nX: a?b", c), in_value);
		CU_ASSERT_EQUAL(is_good_with("GET / HTTP/1.1\r\nHost: h\r\nX:?", c), in_value);
	}
}

static void
judges_every_byte_of_a_name(void)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (unsigned c = 0; c < 0x100; c++) {
		char head[] = START "X?Y: z\r\n\r\n";
		bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
				(c >= 'a' && c <= 'z') || c == '-';
		bool is_token = is_plain || (c != '\0' && strchr(others, (int)c) != NULL);

		*strchr(head, '?') = (char)c;
		/* A colon ends the name. */
		CU_ASSERT_EQUAL(
		    judge(head, sizeof(head) - 1), is_token || c == ':' ? GP_OK : GP_BAD_HTTP);
		if (environment != NULL)
			CU_ASSERT_EQUAL(
			    count_variables(), LEAST_VARIABLES + (is_plain || c == ':' ? 1 : 0));
		gp_arena_free(arena);
	}
}

static void
judges_fields(void)
{
	static const struct {
		const char *fields;
		enum gp_outcome outcome;
	} rows[] = {
		{ "", GP_OK },
		{ "A:\r\n", GP_OK },
		{ "A::\r\n", GP_OK },
		{ "A: \xc3\xa9\xff\r\n", GP_OK },
		{ "A: b\r\n c\r\n", GP_BAD_HTTP }, /* folded */
		{ "A: b\r\n\tc\r\n", GP_BAD_HTTP },
		{ "A: b\r\n c: d\r\n", GP_BAD_HTTP },
		{ " A: b\r\n", GP_BAD_HTTP },
		{ " \r\n", GP_BAD_HTTP },
		{ "\t\r\n", GP_BAD_HTTP },
		{ "A : b\r\n", GP_BAD_HTTP },
		{ "A\t: b\r\n", GP_BAD_HTTP },
		{ "A B: c\r\n", GP_BAD_HTTP },
		{ ": b\r\n", GP_BAD_HTTP },
		{ ":\r\n", GP_BAD_HTTP },
		{ "A\r\n", GP_BAD_HTTP },
		{ "A b\r\n", GP_BAD_HTTP },
		{ "A(b): c\r\n", GP_BAD_HTTP },
		{ "\"A\": c\r\n", GP_BAD_HTTP },
		{ "\xc3\xa9: c\r\n", GP_BAD_HTTP },
		/* Of which there is one. */
		{ "Host: app.example.com\r\n", GP_BAD_HTTP },
		{ "HOST:\r\n", GP_BAD_HTTP },
		{ "Authorization: a\r\nauthorization: a\r\n", GP_BAD_HTTP },
		{ "Origin: a\r\nA: b\r\nOrigin: b\r\n", GP_BAD_HTTP },
		{ "Sec-WebSocket-Key: a\r\nsec-websocket-key: a\r\n", GP_BAD_HTTP },
		{ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n", GP_BAD_HTTP },
		{ "Content-Length: 0\r\nContent-Length: 0\r\n", GP_BAD_HTTP },
		{ "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", GP_BAD_HTTP },
		/* Bodies. */
		{ "Content-Length: 0\r\n", GP_OK },
		{ "Content-Length: 000\r\n", GP_OK },
		{ "Content-Length: 1\r\n", GP_BAD_BODY },
		{ "Content-Length: 00100\r\n", GP_BAD_BODY },
		{ "Content-Length: 99999999999999999999999999999999\r\n", GP_BAD_BODY },
		{ "Content-Length:\r\n", GP_BAD_HTTP },
		{ "Content-Length: -0\r\n", GP_BAD_HTTP },
		{ "Content-Length: +0\r\n", GP_BAD_HTTP },
		{ "Content-Length: 0x0\r\n", GP_BAD_HTTP },
		{ "Content-Length: 0, 0\r\n", GP_BAD_HTTP },
		{ "Content-Length: 0 0\r\n", GP_BAD_HTTP },
		{ "Content-Length: 1.0\r\n", GP_BAD_HTTP },
		{ "Transfer-Encoding: chunked\r\n", GP_BAD_BODY },
		{ "Transfer-Encoding: identity\r\n", GP_BAD_BODY },
		{ "Transfer-Encoding:\r\n", GP_BAD_BODY },
		{ "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", GP_BAD_HTTP },
		{ "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", GP_BAD_HTTP },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_fields(rows[i].fields, rows[i].outcome);
}

static void
judges_hosts(void)
{
	static const struct {
		const char *fields;
		enum gp_outcome outcome, old; /* with HTTP/1.1, with HTTP/1.0 */
	} rows[] = {
		{ "", GP_BAD_HTTP, GP_OK },
		{ "X-Host: h\r\n", GP_BAD_HTTP, GP_OK },
		{ "Host_: h\r\n", GP_BAD_HTTP, GP_OK },
		{ "Host:\r\n", GP_OK, GP_OK },
		{ "Host: h\r\n", GP_OK, GP_OK },
		{ "Host: [2001:db8::1]:8080\r\n", GP_OK, GP_OK },
		{ "Host: 192.0.2.1:80\r\n", GP_OK, GP_OK },
		{ "Host: a_b.example\r\n", GP_OK, GP_OK },
		{ "Host: h\r\nHost: h\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
		{ "Host: h\r\nA: b\r\nhOST: g\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
		{ "Host: h g\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
		{ "Host: h/g\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
		{ "Host: u@h\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
		{ "Host: h?g\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
		{ "Host: h\\g\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
		{ "Host: \xc3\xa9.example\r\n", GP_BAD_HTTP, GP_BAD_HTTP },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char head[200];

		snprintf(head, sizeof(head), "GET / HTTP/1.1\r\n%s\r\n", rows[i].fields);
		expect(head, rows[i].outcome);
		snprintf(head, sizeof(head), "GET / HTTP/1.0\r\n%s\r\n", rows[i].fields);
		expect(head, rows[i].old);
	}
}

/* Which method is answered at all, the routes tell. */
static void
leaves_bodies_of_other_methods_to_the_routes(void)
{
	static const struct {
		const char *head;
		enum gp_outcome outcome;
		const char *name, *value;
	} rows[] = {
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", GP_OK,
		    "CONTENT_LENGTH", "5" },
		{ "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", GP_OK,
		    "HTTP_TRANSFER_ENCODING", "chunked" },
		{ "GETS / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", GP_OK,
		    "CONTENT_LENGTH", "5" },
		{ "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", GP_BAD_BODY, "",
		    NULL },
		{ "HEAD / HTTP/1.0\r\nContent-Length: 5\r\n\r\n", GP_BAD_BODY, "", NULL },
		{ "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", GP_BAD_HTTP, "", NULL },
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: "
		  "chunked\r\n\r\n",
		    GP_BAD_HTTP, "", NULL },
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: five\r\n\r\n", GP_BAD_HTTP, "",
		    NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(judge(rows[i].head, strlen(rows[i].head)), rows[i].outcome);
		CU_ASSERT(gp_test_same(variable(rows[i].name), rows[i].value));
		gp_arena_free(arena);
	}
}

static void
has_no_upgrade_from_http_1_0(void)
{
	static const char old[] = "GET / HTTP/1.0\r\nupgrade: websocket\r\n\r\n";
	static const char new[] = "GET / HTTP/1.1\r\nHost: h\r\nupgrade: websocket\r\n\r\n";

	CU_ASSERT_EQUAL(judge(old, strlen(old)), GP_OK);
	CU_ASSERT_PTR_NULL(variable("HTTP_UPGRADE"));
	gp_arena_free(arena);
	CU_ASSERT_EQUAL(judge(new, strlen(new)), GP_OK);
	CU_ASSERT(gp_test_same(variable("HTTP_UPGRADE"), "websocket"));
	gp_arena_free(arena);
}

static void
joins_fields_of_one_name(void)
{
	static const struct {
		const char *fields, *name, *value;
	} rows[] = {
		{ "X-Forwarded-For: 192.0.2.1\r\nx-forwarded-for: 192.0.2.2, 192.0.2.3\r\n",
		    "HTTP_X_FORWARDED_FOR", "192.0.2.1, 192.0.2.2, 192.0.2.3" },
		{ "Sec-WebSocket-Protocol: gatepost.bearer\r\nSec-WebSocket-Protocol: a.b.c\r\n",
		    "HTTP_SEC_WEBSOCKET_PROTOCOL", "gatepost.bearer, a.b.c" },
		{ "Connection: keep-alive\r\nConnection:Upgrade\r\n", "HTTP_CONNECTION",
		    "keep-alive, Upgrade" },
		{ "Upgrade: h2c\r\nUpgrade: websocket\r\n", "HTTP_UPGRADE", "h2c, websocket" },
		{ "Accept: a/b;q=1\r\nAccept: */*\r\nACCEPT: c/d\r\n", "HTTP_ACCEPT",
		    "a/b;q=1, */*, c/d" },
		{ "Cookie: a=b\r\ncookie: c=d\r\nCOOKIE: e=f; g=h\r\n", "HTTP_COOKIE",
		    "a=b; c=d; e=f; g=h" },
		{ "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n",
		    "HTTP_X_FORWARDED_PROTO", "https, http" },
		{ "A:\r\nA: b\r\nA:\r\n", "HTTP_A", ", b, " },
		{ "Content-Type: a/b\r\ncontent-type: c/d\r\n", "CONTENT_TYPE", "a/b, c/d" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_variable(rows[i].fields, rows[i].name, rows[i].value);
}

/* Whose variables could be taken for another field's, or for a setting. */
static void
leaves_out_names_that_collide(void)
{
	static const struct {
		const char *fields, *name, *value;
	} rows[] = {
		{ "X_Forwarded_For: 192.0.2.1\r\n", "HTTP_X_FORWARDED_FOR", NULL },
		{ "X-Forwarded_For: 192.0.2.1\r\n", "HTTP_X_FORWARDED_FOR", NULL },
		{ "X_Forwarded_For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n"
		  "X.Forwarded.For: 192.0.2.3\r\n",
		    "HTTP_X_FORWARDED_FOR", "192.0.2.2" },
		{ "Content_Length: 5\r\n", "CONTENT_LENGTH", NULL },
		{ "Transfer_Encoding: chunked\r\n", "HTTP_TRANSFER_ENCODING", NULL },
		{ "Proxy: http://192.0.2.1/\r\n", "HTTP_PROXY", NULL },
		{ "pROXY: http://192.0.2.1/\r\nProxy: x\r\n", "HTTP_PROXY", NULL },
		{ "Proxy-Authorization: x\r\n", "HTTP_PROXY_AUTHORIZATION", "x" },
		{ "HTTP-Host: x\r\n", "HTTP_HTTP_HOST", "x" },
		{ "HTTPS: on\r\n", "HTTP_HTTPS", "on" },
		{ "Remote-Addr: x\r\n", "HTTP_REMOTE_ADDR", "x" },
		{ "Request-Uri: x\r\n", "HTTP_REQUEST_URI", "x" },
		{ "LD-PRELOAD: x\r\n", "HTTP_LD_PRELOAD", "x" },
		{ "Content-Type-X: x\r\n", "HTTP_CONTENT_TYPE_X", "x" },
		{ "Content-MD5: x\r\n", "HTTP_CONTENT_MD5", "x" },
		{ "A: b\r\n", "HTTP_A", "b" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_variable(rows[i].fields, rows[i].name, rows[i].value);
}

static void
refuses_other_ends_of_lines(void)
{
	static const char *const rows[] = {
		"GET / HTTP/1.1\nHost: h\n\n",
		"GET / HTTP/1.1\r\nHost: h\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\n\n",
		"GET / HTTP/1.1\r\nHost: h\r\n\r\r\n",
		"GET / HTTP/1.1\rHost: h\r\r",
		"GET / HTTP/1.1\r\r\nHost: h\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\n\rX: y\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\nX: y\nZ: z\r\n\r\n",
		"\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"\r\n\r\n",
		"\n",
		"\r\r",
		"\x16\x03\x01", /* TLS */
		"\x04\x01",
		"GET / HTTP/1.1\r\nHost: h\r\nX: \x1b",
		"GET /\x7f",
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect(rows[i], GP_BAD_HTTP);
}

static void
refuses_nul_wherever_it_stands(void)
{
	static const char good[] = START "X: y\r\n\r\n";

	for (size_t i = 0; i < strlen(good); i++) {
		char head[sizeof(good)];

		memcpy(head, good, sizeof(good));
		head[i] = '\0';
		CU_ASSERT_EQUAL(judge(head, strlen(good)), GP_BAD_HTTP);
		CU_ASSERT_EQUAL(
		    gp_http_head_read(head, strlen(good), arena, NULL, &environment), GP_BAD_HTTP);
		gp_arena_free(arena);
	}
}

/* As long as it is not whole nothing is wrong with it, and what follows it is not looked at. */
static void
knows_where_the_head_ends(void)
{
	static const char bytes[] = START "X: y\r\n\r\n\x81\x05\n\r\n\r\n\0";
	size_t whole = strlen(START "X: y\r\n\r\n");

	for (size_t length = 0; length < sizeof(bytes); length++) {
		struct gp_http_scan once = { 0 };

		gp_test_row("%zu bytes", length);
		CU_ASSERT_EQUAL(gp_http_head_scan(&once, bytes, length), GP_OK);
		CU_ASSERT_EQUAL(once.head_length, length >= whole ? whole : 0);
		CU_ASSERT_EQUAL(once.scanned, length >= whole ? whole : length);
	}
}

/* A client that sends a byte at a time costs no more than one that sends all at once. */
static void
looks_at_no_line_again(void)
{
	char bytes[] = START "X: y\r\nZ: z\r\n\r\n";
	struct gp_http_scan scan = { 0 };

	for (size_t length = 1; length < sizeof(bytes); length++) {
		CU_ASSERT_EQUAL(gp_http_head_scan(&scan, bytes, length), GP_OK);
		CU_ASSERT_EQUAL(scan.scanned, length);
		memset(bytes, '\0', scan.line);
	}
	CU_ASSERT_EQUAL(scan.head_length, sizeof(bytes) - 1);
}

/* Cut off, or with more behind it, it is no head. */
static void
reads_nothing_but_a_whole_head(void)
{
	static const char bytes[] = START "X: y\r\n\r\n\r\n";
	size_t whole = strlen(bytes) - strlen("\r\n");

	for (size_t length = 0; length <= strlen(bytes); length++) {
		arena = gp_arena_new();
		CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
		gp_test_row("%zu bytes", length);
		CU_ASSERT_EQUAL(gp_http_head_read(bytes, length, arena, NULL, &environment),
		    length == whole ? GP_OK : GP_BAD_HTTP);
		gp_arena_free(arena);
	}
}

/* A head of this many bytes, filled in the target or in a field; and its outcome. */
static void
expect_length(size_t target_fill, size_t field_fill, enum gp_outcome outcome)
{
	size_t size = target_fill + field_fill + 200;
	char *head = malloc(size), *target = malloc(target_fill + 1),
	     *field = malloc(field_fill + 1);

	CU_ASSERT_FATAL(head != NULL && target != NULL && field != NULL);
	memset(target, 't', target_fill);
	target[target_fill] = '\0';
	memset(field, 'f', field_fill);
	field[field_fill] = '\0';
	snprintf(head, size, "GET /?%s HTTP/1.1\r\nHost: h\r\nX: %s\r\n\r\n", target, field);
	expect(head, outcome);
	free(head);
	free(target);
	free(field);
}

static void
limits_the_length(void)
{
	size_t rest = strlen("GET /? HTTP/1.1\r\nHost: h\r\nX: \r\n\r\n");
	size_t line = strlen("GET /? HTTP/1.1\r\n");
	size_t most = GP_HTTP_HEAD_MAX;

	CU_ASSERT_EQUAL(GP_HTTP_HEAD_MAX, 16384);
	expect_length(8192, 0, GP_OK);
	expect_length(8192, 8192 - rest, GP_OK);
	expect_length(most - rest, 0, GP_OK);
	expect_length(0, most - rest, GP_OK);
	expect_length(0, most - rest + 1, GP_BAD_HEAD_SIZE);
	expect_length(8192, 8192 - rest + 1, GP_BAD_HEAD_SIZE);
	expect_length(most - rest + 1, 0, GP_BAD_HEAD_SIZE);
	expect_length(most - line, 0, GP_BAD_HEAD_SIZE);
	expect_length(most - line + 1, 0, GP_BAD_TARGET_SIZE);
	expect_length(100000, 0, GP_BAD_TARGET_SIZE);
	expect_length(0, 100000, GP_BAD_HEAD_SIZE);
	expect_length(100000, 100000, GP_BAD_TARGET_SIZE);
}

/* Told at the limit, not only once the end has come. */
static void
a_line_without_end_is_too_long_at_the_limit(void)
{
	static char bytes[GP_HTTP_HEAD_MAX + 1];
	struct gp_http_scan line = { 0 }, fields = { 0 };

	memset(bytes, 'x', sizeof(bytes));
	CU_ASSERT_EQUAL(gp_http_head_scan(&line, bytes, GP_HTTP_HEAD_MAX - 1), GP_OK);
	CU_ASSERT_EQUAL(gp_http_head_scan(&line, bytes, GP_HTTP_HEAD_MAX), GP_BAD_TARGET_SIZE);
	CU_ASSERT_EQUAL(gp_http_head_scan(&line, bytes, sizeof(bytes)), GP_BAD_TARGET_SIZE);
	memcpy(bytes, START, strlen(START));
	CU_ASSERT_EQUAL(gp_http_head_scan(&fields, bytes, GP_HTTP_HEAD_MAX - 1), GP_OK);
	CU_ASSERT_EQUAL(gp_http_head_scan(&fields, bytes, GP_HTTP_HEAD_MAX), GP_BAD_HEAD_SIZE);
}

static void
limits_the_number_of_fields(void)
{
	for (size_t count = 98; count <= 102; count++) {
		char head[2000] = START;
		size_t length = strlen(head);

		for (size_t i = 1; i < count; i++)
			length += (size_t)snprintf(head + length, sizeof(head) - length,
			    "%s-%zu: %zu\r\n", i % 2 == 0 ? "X" : "X_", i, i);
		snprintf(head + length, sizeof(head) - length, "\r\n");
		expect(head, count <= GP_HTTP_FIELDS_MAX ? GP_OK : GP_BAD_HEAD_SIZE);
	}
}

/* However many fields of one name there are, what is kept of them stays small. */
static void
memory_follows_the_length(void)
{
	char head[GP_HTTP_HEAD_MAX + 1];
	char value[150];
	size_t length = strlen(START);

	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	memcpy(head, START, length);
	for (size_t i = 1; i < GP_HTTP_FIELDS_MAX; i++)
		length +=
		    (size_t)snprintf(head + length, sizeof(head) - length, "A: %s\r\n", value);
	snprintf(head + length, sizeof(head) - length, "\r\n");
	CU_ASSERT_EQUAL(judge(head, length + 2), GP_OK);
	CU_ASSERT_EQUAL(strlen(variable("HTTP_A")), 99 * 149 + 98 * 2);
	CU_ASSERT(gp_arena_held(arena) <= 8 * GP_HTTP_HEAD_MAX);
	gp_arena_free(arena);
}

/* What is left to the rules for all requests finds what it needs. */
static void
requests_are_judged_as_behind_a_web_server(void)
{
	static const struct {
		const char *target, *path;
	} rows[] = {
		{ "/ws/notifications?token=a%2Fb", "/ws/notifications" },
		{ "/caf%C3%A9", "/caf\xc3\xa9" },
		{ "/ws%2Fnotifications", NULL },
		{ "/ws%2fnotifications?x", NULL },
		{ "/%C2%80", NULL },
		{ "/%FF", NULL },
		{ "/%C0%AF", NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_request request = { .read_body = NULL };
		const char *path = NULL;
		char head[200];

		snprintf(head, sizeof(head),
		    "GET %s HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n\r\n",
		    rows[i].target);
		CU_ASSERT_EQUAL(judge(head, strlen(head)), GP_OK);
		CU_ASSERT_PTR_NOT_NULL_FATAL(environment);
		gp_request_read_environment(&request, environment);
		CU_ASSERT_EQUAL(gp_request_path(&request, "", arena, &path),
		    rows[i].path != NULL ? GP_OK : GP_BAD_PATH);
		CU_ASSERT(gp_test_same(path, rows[i].path));
		CU_ASSERT(gp_test_same(request.target, rows[i].target));
		CU_ASSERT(gp_test_same(request.method, "GET"));
		CU_ASSERT(gp_test_same(request.authorization, "Bearer t"));
		CU_ASSERT(gp_test_same(request.remote_address, "192.0.2.1"));
		CU_ASSERT(gp_test_same(request.host, "h"));
		CU_ASSERT_FALSE(gp_request_came_over_tls(&request));
		gp_arena_free(arena);
	}
}

const struct gp_test gp_tests_http_head[] = {
	GP_TEST(makes_the_variables_of_a_cgi_program),
	GP_TEST(a_query_may_be_empty_or_absent),
	GP_TEST(keeps_similar_names_apart),
	GP_TEST(leaves_an_unknown_address_out),
	GP_TEST(judges_request_lines),
	GP_TEST(judges_targets),
	GP_TEST(refuses_control_characters_in_targets),
	GP_TEST(judges_every_byte),
	GP_TEST(judges_every_byte_of_a_name),
	GP_TEST(judges_fields),
	GP_TEST(judges_hosts),
	GP_TEST(leaves_bodies_of_other_methods_to_the_routes),
	GP_TEST(has_no_upgrade_from_http_1_0),
	GP_TEST(joins_fields_of_one_name),
	GP_TEST(leaves_out_names_that_collide),
	GP_TEST(refuses_other_ends_of_lines),
	GP_TEST(refuses_nul_wherever_it_stands),
	GP_TEST(knows_where_the_head_ends),
	GP_TEST(looks_at_no_line_again),
	GP_TEST(reads_nothing_but_a_whole_head),
	GP_TEST(limits_the_length),
	GP_TEST(a_line_without_end_is_too_long_at_the_limit),
	GP_TEST(limits_the_number_of_fields),
	GP_TEST(memory_follows_the_length),
	GP_TEST(requests_are_judged_as_behind_a_web_server),
	{ NULL, NULL },
};
