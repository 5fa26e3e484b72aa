/* SPDX-License-Identifier: Apache-2.0 */
/* The exact text of answers. */
#include "response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"
#include "unit.h"

static struct gp_arena *arena;
static struct gp_response response;

static void
set_up(int status, const char *body)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_response_init(&response, arena);
	response.status = status;
	gp_buffer_add_text(&response.body, body);
}

static void
expect_text(const char *expected)
{
	struct gp_buffer text;

	gp_buffer_init(&text, arena);
	gp_response_write(&response, &text);
	CU_ASSERT(gp_buffer_complete(&text));
	gp_buffer_add_byte(&text, '\0');
	CU_ASSERT_STRING_EQUAL(text.bytes, expected);
	gp_arena_free(arena);
}

static void
starts_as_an_internal_error(void)
{
	set_up(0, "");
	gp_response_init(&response, arena);
	CU_ASSERT_EQUAL(response.status, 500);
	CU_ASSERT_STRING_EQUAL(response.content_type, "application/json");
	CU_ASSERT_EQUAL(response.body.length, 0);
	CU_ASSERT_STRING_EQUAL(response.etag, "");
	CU_ASSERT_STRING_EQUAL(response.allow, "");
	CU_ASSERT_EQUAL(response.retry_after_s, 0);
	CU_ASSERT_PTR_NULL(response.link);
	CU_ASSERT_PTR_NULL(response.challenge);
	CU_ASSERT_PTR_NULL(response.request_id);
	CU_ASSERT_PTR_NULL(response.allowed_origin);
	CU_ASSERT_PTR_NULL(response.allowed_fields);
	CU_ASSERT_FALSE(response.preflight);
	CU_ASSERT_FALSE(response.head_only);
	gp_arena_free(arena);
}

static void
writes_status_fields_and_body(void)
{
	set_up(200, "{\"ok\":true}");
	response.request_id = "r-1";
	expect_text("Status: 200 OK\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 11\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "X-Request-Id: r-1\r\n"
		    "\r\n"
		    "{\"ok\":true}");
}

static void
leaves_out_what_it_has_not(void)
{
	set_up(201, "[]");
	expect_text("Status: 201 Created\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 2\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "\r\n"
		    "[]");
}

static void
writes_every_field_it_has(void)
{
	set_up(503, "x");
	response.request_id = "r-2";
	response.challenge = "Bearer error=\"invalid_token\"";
	response.retry_after_s = 2;
	strcpy(response.allow, "GET, HEAD");
	strcpy(response.etag, "\"7\"");
	response.link = "</tasks?limit=2&offset=2>; rel=\"next\"";
	response.allowed_origin = "https://app.example.com";
	expect_text("Status: 503 Service Unavailable\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 1\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "X-Request-Id: r-2\r\n"
		    "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n"
		    "Allow: GET, HEAD\r\n"
		    "ETag: \"7\"\r\n"
		    "Link: </tasks?limit=2&offset=2>; rel=\"next\"\r\n"
		    "Retry-After: 2\r\n"
		    "Access-Control-Allow-Origin: https://app.example.com\r\n"
		    "Access-Control-Allow-Credentials: true\r\n"
		    "Access-Control-Expose-Headers: "
		    "ETag, Link, Retry-After, WWW-Authenticate, X-Request-Id\r\n"
		    "\r\n"
		    "x");
}

/* RFC 9110 section 9.3.2: HEAD gets GET's fields, the length too, and no body. */
static void
answers_head_without_a_body(void)
{
	set_up(200, "[1,2,3]");
	response.head_only = true;
	expect_text("Status: 200 OK\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 7\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "\r\n");
}

static void
writes_an_empty_body(void)
{
	set_up(200, "");
	expect_text("Status: 200 OK\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 0\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "\r\n");
}

/* RFC 9110 sections 15.3.5 and 15.4.5: neither has a body, nor what describes one. */
static void
writes_no_body_where_the_status_has_none(void)
{
	static const struct {
		int status;
		const char *line;
	} rows[] = { { 204, "Status: 204 No Content\r\n" },
		{ 304, "Status: 304 Not Modified\r\n" } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		for (int head_only = 0; head_only <= 1; head_only++) {
			char expected[256];

			gp_test_row("%d, %s", rows[i].status, head_only ? "HEAD" : "GET");
			set_up(rows[i].status, "[1,2,3]");
			response.head_only = head_only != 0;
			response.request_id = "r-3";
			strcpy(response.etag, "\"9\"");
			snprintf(expected, sizeof(expected),
			    "%sCache-Control: no-store\r\n"
			    "Vary: Origin\r\n"
			    "X-Content-Type-Options: nosniff\r\n"
			    "X-Request-Id: r-3\r\n"
			    "ETag: \"9\"\r\n"
			    "\r\n",
			    rows[i].line);
			expect_text(expected);
		}
	}
}

static void
says_what_else_the_body_may_be(void)
{
	set_up(200, "up 1\n");
	response.content_type = "text/plain; version=0.0.4; charset=utf-8";
	expect_text("Status: 200 OK\r\n"
		    "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
		    "Content-Length: 5\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "\r\n"
		    "up 1\n");
}

static void
answers_head_with_every_field(void)
{
	set_up(200, "[{}]");
	response.head_only = true;
	response.link = "</tasks?limit=1&offset=1>; rel=\"next\"";
	strcpy(response.etag, "\"q\"");
	response.allowed_origin = "http://localhost:3000";
	expect_text("Status: 200 OK\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 4\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "ETag: \"q\"\r\n"
		    "Link: </tasks?limit=1&offset=1>; rel=\"next\"\r\n"
		    "Access-Control-Allow-Origin: http://localhost:3000\r\n"
		    "Access-Control-Allow-Credentials: true\r\n"
		    "Access-Control-Expose-Headers: "
		    "ETag, Link, Retry-After, WWW-Authenticate, X-Request-Id\r\n"
		    "\r\n");
}

/* What is told besides when a browser asks beforehand; the fields only where it named some. */
static void
answers_a_preflight(void)
{
	static const char *const fields[] = { NULL, "authorization, content-type" };

	for (size_t i = 0; i < GP_COUNT(fields); i++) {
		char expected[1024];

		gp_test_row("%s", fields[i] != NULL ? fields[i] : "no fields");
		set_up(204, "");
		response.allowed_origin = "https://app.example.com";
		response.preflight = true;
		response.allowed_fields = fields[i];
		snprintf(expected, sizeof(expected),
		    "Status: 204 No Content\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "Access-Control-Allow-Origin: https://app.example.com\r\n"
		    "Access-Control-Allow-Credentials: true\r\n"
		    "Access-Control-Expose-Headers: "
		    "ETag, Link, Retry-After, WWW-Authenticate, X-Request-Id\r\n"
		    "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
		    "Access-Control-Max-Age: 600\r\n"
		    "%s%s%s"
		    "\r\n",
		    fields[i] != NULL ? "Access-Control-Allow-Headers: " : "",
		    fields[i] != NULL ? fields[i] : "", fields[i] != NULL ? "\r\n" : "");
		expect_text(expected);
	}
}

/* Without an allowed origin nothing is told, whatever else was filled in. */
static void
tells_other_origins_nothing(void)
{
	set_up(204, "");
	response.preflight = true;
	response.allowed_fields = "authorization";
	expect_text("Status: 204 No Content\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "\r\n");
}

static void
says_when_to_come_back(void)
{
	static const struct {
		int64_t seconds;
		const char *line; /* "" for none */
	} rows[] = {
		{ 0, "" },
		{ -1, "" },
		{ 1, "Retry-After: 1\r\n" },
		{ 86400, "Retry-After: 86400\r\n" },
		{ INT64_MAX, "Retry-After: 9223372036854775807\r\n" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char expected[512];

		gp_test_row("%lld", (long long)rows[i].seconds);
		set_up(429, "x");
		response.retry_after_s = rows[i].seconds;
		snprintf(expected, sizeof(expected),
		    "Status: 429 Too Many Requests\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 1\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "%s"
		    "\r\n"
		    "x",
		    rows[i].line);
		expect_text(expected);
	}
}

static void
counts_bytes_not_characters(void)
{
	struct gp_buffer text;

	set_up(200, "\"\xe2\x82\xac\"");
	gp_buffer_init(&text, arena);
	gp_response_write(&response, &text);
	gp_buffer_add_byte(&text, '\0');
	CU_ASSERT_PTR_NOT_NULL(strstr(text.bytes, "\r\nContent-Length: 5\r\n"));
	gp_arena_free(arena);
}

static void
expect_reason(int status)
{
	struct gp_buffer text;

	gp_test_row("%d", status);
	set_up(status, "");
	gp_buffer_init(&text, arena);
	gp_response_write(&response, &text);
	gp_buffer_add_byte(&text, '\0');
	CU_ASSERT_EQUAL(strncmp(text.bytes, "Status: ", 8), 0);
	CU_ASSERT_EQUAL(strtol(text.bytes + 8, NULL, 10), status);
	CU_ASSERT_EQUAL(text.bytes[11], ' ');
	CU_ASSERT_NOT_EQUAL(strncmp(text.bytes + 12, "Other", 5), 0);
	gp_arena_free(arena);
}

static void
names_every_status_of_the_outcomes(void)
{
	expect_reason(201);
	expect_reason(204);
	expect_reason(304);
	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		int status = gp_outcome_row((enum gp_outcome)i)->status;

		if (status != 0)
			expect_reason(status);
	}
}

/* A status without a name is a mistake of ours; the answer holds all the same. */
static void
a_status_without_a_name_is_another(void)
{
	set_up(418, "x");
	expect_text("Status: 418 Other\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 1\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "\r\n"
		    "x");
}

const struct gp_test gp_tests_response[] = {
	GP_TEST(starts_as_an_internal_error),
	GP_TEST(writes_status_fields_and_body),
	GP_TEST(leaves_out_what_it_has_not),
	GP_TEST(writes_every_field_it_has),
	GP_TEST(answers_head_without_a_body),
	GP_TEST(writes_an_empty_body),
	GP_TEST(writes_no_body_where_the_status_has_none),
	GP_TEST(says_what_else_the_body_may_be),
	GP_TEST(answers_head_with_every_field),
	GP_TEST(answers_a_preflight),
	GP_TEST(tells_other_origins_nothing),
	GP_TEST(says_when_to_come_back),
	GP_TEST(counts_bytes_not_characters),
	GP_TEST(names_every_status_of_the_outcomes),
	GP_TEST(a_status_without_a_name_is_another),
	{ NULL, NULL },
};
