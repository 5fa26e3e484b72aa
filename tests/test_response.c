/* SPDX-License-Identifier: Apache-2.0 */
/* The exact text of answers. */
#include "response.h"

#include <stdlib.h>

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
	expect_text("Status: 503 Service Unavailable\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: 1\r\n"
		    "Cache-Control: no-store\r\n"
		    "Vary: Origin\r\n"
		    "X-Content-Type-Options: nosniff\r\n"
		    "X-Request-Id: r-2\r\n"
		    "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n"
		    "Allow: GET, HEAD\r\n"
		    "Retry-After: 2\r\n"
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
	for (int i = 0; i < GP_OUTCOME_COUNT; i++) {
		int status = gp_outcome_row((enum gp_outcome)i)->status;

		if (status != 0)
			expect_reason(status);
	}
}

const struct gp_test gp_tests_response[] = {
	GP_TEST(starts_as_an_internal_error),
	GP_TEST(writes_status_fields_and_body),
	GP_TEST(leaves_out_what_it_has_not),
	GP_TEST(writes_every_field_it_has),
	GP_TEST(answers_head_without_a_body),
	GP_TEST(writes_an_empty_body),
	GP_TEST(counts_bytes_not_characters),
	GP_TEST(names_every_status_of_the_outcomes),
	{ NULL, NULL },
};
