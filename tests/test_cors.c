/* SPDX-License-Identifier: Apache-2.0 */
/* Which pages may read an answer, and what is said to a browser that asks beforehand. */
#include "cors.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static const struct gp_origin_list list = { { "https://app.example.com", "http://localhost:3000" },
	2 };
static const struct gp_origin_list nobody = { .count = 0 };

static struct gp_arena *arena;
static struct gp_response response;

static void
allow(const struct gp_origin_list *origins, const struct gp_request *request)
{
	arena = gp_arena_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	gp_response_init(&response, arena);
	gp_cors_allow(origins, request, &response);
}

static void
allows_the_origins_of_the_list(void)
{
	for (size_t i = 0; i < list.count; i++) {
		const struct gp_request request = { .method = "GET", .origin = list.origins[i] };

		gp_test_row("%s", list.origins[i]);
		allow(&list, &request);
		CU_ASSERT(gp_test_same(response.allowed_origin, list.origins[i]));
		gp_arena_free(arena);
		allow(&nobody, &request);
		CU_ASSERT_PTR_NULL(response.allowed_origin);
		gp_arena_free(arena);
	}
}

/* A browser's Origin is compared byte for byte: what merely looks alike is somebody else's. */
static void
allows_no_other_origin(void)
{
	static const char *const origins[] = { NULL, "", "null", "*", "app.example.com",
		"http://app.example.com", "https://app.example.com/", "https://app.example.com:443",
		"https://app.example.com:8443", "https://APP.example.com",
		"HTTPS://app.example.com", "https://app.example.com.evil.example",
		"https://evil.app.example.com", "https://app.example.co",
		"https://app.example.com ", " https://app.example.com",
		"https://app.example.com, http://localhost:3000", "http://localhost",
		"http://localhost:30000", "http://localhost:300", "http://127.0.0.1:3000" };

	for (size_t i = 0; i < GP_COUNT(origins); i++) {
		const struct gp_request request = { .method = "GET", .origin = origins[i] };

		gp_test_row("%s", origins[i] != NULL ? origins[i] : "no origin");
		allow(&list, &request);
		CU_ASSERT_PTR_NULL(response.allowed_origin);
		gp_arena_free(arena);
	}
}

static void
changes_nothing_else(void)
{
	const struct gp_request request = {
		.method = "GET", .origin = list.origins[0], .preflight_fields = "x"
	};

	allow(&list, &request);
	CU_ASSERT_EQUAL(response.status, 500);
	CU_ASSERT_FALSE(response.preflight);
	CU_ASSERT_PTR_NULL(response.allowed_fields);
	CU_ASSERT_EQUAL(response.body.length, 0);
	gp_arena_free(arena);
}

/* OPTIONS alone asks what a path has, and an origin alone comes with every request of a page. */
static void
tells_a_preflight_by_all_of_its_signs(void)
{
	static const struct {
		const char *method, *origin, *preflight_method;
		bool is_preflight;
	} rows[] = {
		{ "OPTIONS", "https://app.example.com", "PUT", true },
		{ "OPTIONS", "https://evil.example", "PUT", true },
		{ "OPTIONS", "", "", true },
		{ "OPTIONS", "https://app.example.com", "BREW", true },
		{ "OPTIONS", NULL, "PUT", false },
		{ "OPTIONS", "https://app.example.com", NULL, false },
		{ "OPTIONS", NULL, NULL, false },
		{ "options", "https://app.example.com", "PUT", false },
		{ "OPTION", "https://app.example.com", "PUT", false },
		{ "GET", "https://app.example.com", "PUT", false },
		{ "HEAD", "https://app.example.com", "PUT", false },
		{ "POST", "https://app.example.com", "PUT", false },
		{ "", "https://app.example.com", "PUT", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const struct gp_request request = { .method = rows[i].method,
			.origin = rows[i].origin,
			.preflight_method = rows[i].preflight_method,
			.preflight_fields = "authorization" };

		gp_test_row("row %zu, %s", i, rows[i].method);
		CU_ASSERT_EQUAL(gp_cors_is_preflight(&request), rows[i].is_preflight);
	}
}

/* The answer to a preflight of this page that names these fields. */
static enum gp_outcome
preflight(const char *origin, const char *fields)
{
	const struct gp_request request = { .method = "OPTIONS",
		.origin = origin,
		.preflight_method = "PATCH",
		.preflight_fields = fields };

	gp_test_row("%s asks for \"%s\"", origin, fields != NULL ? fields : "(none)");
	allow(&list, &request);
	return gp_cors_preflight(&request, &response);
}

static void
gives_back_the_fields_that_were_asked_for(void)
{
	static const char *const fields[] = { "authorization", "content-type,authorization",
		"authorization, content-type, if-match", "X-Custom_Field", "a\tb", " x ", ",",
		"!#$%&'*+-.^_`|~0123456789" };

	for (size_t i = 0; i < GP_COUNT(fields); i++) {
		CU_ASSERT_EQUAL(preflight("http://localhost:3000", fields[i]), GP_OK);
		CU_ASSERT_EQUAL(response.status, 204);
		CU_ASSERT(response.preflight);
		CU_ASSERT(gp_test_same(response.allowed_fields, fields[i]));
		CU_ASSERT(gp_test_same(response.allowed_origin, "http://localhost:3000"));
		gp_arena_free(arena);
	}
}

/* What is given back stands in our head: nothing that is no list of names may get there. */
static void
gives_back_nothing_but_names_of_fields(void)
{
	static const char *const fields[] = { NULL, "", "a\r\nSet-Cookie: x=y", "a\nb", "a\rb",
		"a\x01", "a\x7f", "a:b", "a;b", "a\"b\"", "a/b", "a=b", "a<b>", "(a)", "[a]", "a@b",
		"a?b", "a\\b", "{a}", "\xc3\xa4", "a\x80" };

	for (size_t i = 0; i < GP_COUNT(fields); i++) {
		CU_ASSERT_EQUAL(preflight("https://app.example.com", fields[i]), GP_OK);
		CU_ASSERT_EQUAL(response.status, 204);
		CU_ASSERT(response.preflight);
		CU_ASSERT_PTR_NULL(response.allowed_fields);
		gp_arena_free(arena);
	}
}

static void
gives_back_no_endless_list(void)
{
	char fields[1026];

	memset(fields, 'a', sizeof(fields));
	fields[1025] = '\0';
	CU_ASSERT_EQUAL(preflight("https://app.example.com", fields), GP_OK);
	CU_ASSERT_PTR_NULL(response.allowed_fields);
	gp_arena_free(arena);
	fields[1024] = '\0';
	CU_ASSERT_EQUAL(preflight("https://app.example.com", fields), GP_OK);
	CU_ASSERT_PTR_EQUAL(response.allowed_fields, fields);
	gp_arena_free(arena);
}

static void
refuses_preflights_of_other_origins(void)
{
	static const char *const origins[] = { "https://evil.example", "null", "",
		"https://app.example.com/", "http://localhost" };

	for (size_t i = 0; i < GP_COUNT(origins); i++) {
		CU_ASSERT_EQUAL(preflight(origins[i], "authorization"), GP_BAD_ORIGIN);
		CU_ASSERT_FALSE(response.preflight);
		CU_ASSERT_PTR_NULL(response.allowed_fields);
		CU_ASSERT_PTR_NULL(response.allowed_origin);
		gp_arena_free(arena);
	}
}

const struct gp_test gp_tests_cors[] = {
	GP_TEST(allows_the_origins_of_the_list),
	GP_TEST(allows_no_other_origin),
	GP_TEST(changes_nothing_else),
	GP_TEST(tells_a_preflight_by_all_of_its_signs),
	GP_TEST(gives_back_the_fields_that_were_asked_for),
	GP_TEST(gives_back_nothing_but_names_of_fields),
	GP_TEST(gives_back_no_endless_list),
	GP_TEST(refuses_preflights_of_other_origins),
	{ NULL, NULL },
};
