/* SPDX-License-Identifier: Apache-2.0 */
/* Which row of a route table answers a method and a path, and what 405 says is allowed. */
#include "route.h"

#include <string.h>

#include "unit.h"

static enum gp_outcome
handle(struct gp_exchange *exchange)
{
	(void)exchange;
	return GP_OK;
}

static const struct gp_operation deed = { .handler = handle };

enum row {
	LIST,
	CREATE,
	GET,
	PUT,
	DELETE,
	COMPLETE,
	USER_TASK,
	LITERAL,
	ANY,
	CHANGE_ANY,
	ROOT,
	NONE
};

static const struct gp_route routes[] = {
	[LIST] = { .method = GP_GET, .pattern = "/tasks", .operation = &deed },
	[CREATE] = { .method = GP_POST, .pattern = "/tasks", .operation = &deed },
	[GET] = { .method = GP_GET, .pattern = "/tasks/{id}", .operation = &deed },
	[PUT] = { .method = GP_PUT, .pattern = "/tasks/{id}", .operation = &deed },
	[DELETE] = { .method = GP_DELETE, .pattern = "/tasks/{id}", .operation = &deed },
	[COMPLETE] = { .method = GP_PATCH, .pattern = "/tasks/{id}/complete", .operation = &deed },
	[USER_TASK] = { .method = GP_GET, .pattern = "/api/{user}/tasks/{id}", .operation = &deed },
	[LITERAL] = { .method = GP_GET, .pattern = "/one/me", .operation = &deed },
	[ANY] = { .method = GP_GET, .pattern = "/one/{id}", .operation = &deed },
	[CHANGE_ANY] = { .method = GP_PUT, .pattern = "/one/{id}", .operation = &deed },
	[ROOT] = { .method = GP_GET, .pattern = "/", .operation = &deed },
	[NONE] = { .pattern = NULL },
};

static void
finds_the_row_of_a_method_and_a_path(void)
{
	static const struct {
		enum gp_method method;
		const char *path;
		enum row row;
	} cases[] = {
		{ GP_GET, "/tasks", LIST },
		{ GP_POST, "/tasks", CREATE },
		{ GP_GET, "/tasks/", LIST },
		{ GP_POST, "/tasks/", CREATE },
		{ GP_GET, "/tasks/7", GET },
		{ GP_GET, "/tasks/7/", GET },
		{ GP_PUT, "/tasks/7", PUT },
		{ GP_DELETE, "/tasks/7", DELETE },
		{ GP_PATCH, "/tasks/7/complete", COMPLETE },
		{ GP_PATCH, "/tasks/7/complete/", COMPLETE },
		{ GP_GET, "/tasks/complete", GET },
		{ GP_GET, "/api/ada/tasks/7", USER_TASK },
		{ GP_GET, "/one/me", LITERAL },
		{ GP_GET, "/one/you", ANY },
		{ GP_GET, "/", ROOT },
		{ GP_HEAD, "/tasks", LIST },
		{ GP_HEAD, "/tasks/7", GET },
		{ GP_HEAD, "/", ROOT },
	};

	for (size_t i = 0; i < GP_COUNT(cases); i++) {
		struct gp_match match;

		gp_test_row("%d %s", cases[i].method, cases[i].path);
		CU_ASSERT_EQUAL(
		    gp_route_find(routes, cases[i].method, cases[i].path, &match), GP_OK);
		CU_ASSERT_PTR_EQUAL(match.route, &routes[cases[i].row]);
	}
}

static void
finds_no_route_for_other_paths(void)
{
	static const char *const paths[] = { "", "tasks", "/task", "/taskss", "/Tasks", "/tasks//",
		"//tasks", "/tasks//complete", "/tasks/7//", "/tasks/7/other",
		"/tasks/7/complete/x", "/api/tasks/7", "/api//tasks/7", "/api/ada/tasks",
		"/api/ada/tasks/", "/api/ada/task/7", "/one", "/one/", "/tasks/{id}/", "/x",
		"/%74asks", "/tasks%2f7", "/tasks\\7", "/./tasks", "/one/../tasks", "/tasks;x" };

	for (size_t i = 0; i < GP_COUNT(paths); i++) {
		static const enum gp_method methods[] = { GP_GET, GP_HEAD, GP_POST, GP_OPTIONS,
			GP_METHOD_OTHER };

		/* As a value of {id} any text will do, braces too. */
		if (strcmp(paths[i], "/tasks/{id}/") == 0)
			continue;
		for (size_t j = 0; j < GP_COUNT(methods); j++) {
			struct gp_match match;

			gp_test_row("%s", paths[i]);
			CU_ASSERT_EQUAL(
			    gp_route_find(routes, methods[j], paths[i], &match), GP_BAD_ROUTE);
			CU_ASSERT_PTR_NULL(match.route);
			CU_ASSERT_EQUAL(match.allowed, 0);
		}
	}
}

static void
says_which_methods_a_path_has(void)
{
	static const struct {
		enum gp_method method;
		const char *path;
		const char *allowed;
	} cases[] = {
		{ GP_PUT, "/tasks", "GET, HEAD, POST, OPTIONS" },
		{ GP_DELETE, "/tasks/", "GET, HEAD, POST, OPTIONS" },
		{ GP_METHOD_OTHER, "/tasks", "GET, HEAD, POST, OPTIONS" },
		{ GP_POST, "/tasks/7", "GET, HEAD, PUT, DELETE, OPTIONS" },
		{ GP_PATCH, "/tasks/7", "GET, HEAD, PUT, DELETE, OPTIONS" },
		{ GP_GET, "/tasks/7/complete", "PATCH, OPTIONS" },
		{ GP_HEAD, "/tasks/7/complete", "PATCH, OPTIONS" },
		{ GP_POST, "/one/me", "GET, HEAD, OPTIONS" },
		{ GP_POST, "/", "GET, HEAD, OPTIONS" },
		/* No row serves it: whoever calls answers it with what is allowed. */
		{ GP_OPTIONS, "/tasks", "GET, HEAD, POST, OPTIONS" },
		{ GP_OPTIONS, "/tasks/7/complete/", "PATCH, OPTIONS" },
	};

	for (size_t i = 0; i < GP_COUNT(cases); i++) {
		struct gp_match match;
		char text[64];

		gp_test_row("%d %s", cases[i].method, cases[i].path);
		CU_ASSERT_EQUAL(
		    gp_route_find(routes, cases[i].method, cases[i].path, &match), GP_BAD_METHOD);
		CU_ASSERT_PTR_NULL(match.route);
		gp_methods_text(match.allowed, text);
		CU_ASSERT_STRING_EQUAL(text, cases[i].allowed);
	}
}

static bool
value_is(const struct gp_path_value *value, const char *text)
{
	return value->length == strlen(text) && memcmp(value->text, text, value->length) == 0;
}

static void
takes_values_as_they_stand(void)
{
	struct gp_match match;

	CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/api/ada+b%20c/tasks/7/", &match), GP_OK);
	CU_ASSERT(value_is(&match.values[0], "ada+b%20c"));
	CU_ASSERT(value_is(&match.values[1], "7"));
	CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/tasks/\xc3\xa4 .", &match), GP_OK);
	CU_ASSERT(value_is(&match.values[0], "\xc3\xa4 ."));
	CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/tasks/{id}", &match), GP_OK);
	CU_ASSERT(value_is(&match.values[0], "{id}"));
}

/* A pattern that fits but for its end must leave nothing of its values behind. */
static void
keeps_the_values_of_the_row_it_found(void)
{
	static const struct gp_route mixed[] = {
		{ .method = GP_GET, .pattern = "/a/{x}/{y}/d", .operation = &deed },
		{ .method = GP_GET, .pattern = "/a/b/{y}", .operation = &deed },
		{ .pattern = NULL },
	};
	struct gp_match match;

	CU_ASSERT_EQUAL(gp_route_find(mixed, GP_GET, "/a/b/c", &match), GP_OK);
	CU_ASSERT_PTR_EQUAL(match.route, &mixed[1]);
	CU_ASSERT(value_is(&match.values[0], "c"));
	CU_ASSERT_EQUAL(match.values[1].length, 0);
	CU_ASSERT_EQUAL(match.allowed, GP_GET | GP_HEAD | GP_OPTIONS);
}

static void
the_first_of_two_rows_that_fit_counts(void)
{
	struct gp_match match;

	CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/one/me/", &match), GP_OK);
	CU_ASSERT_PTR_EQUAL(match.route, &routes[LITERAL]);
	CU_ASSERT_EQUAL(match.values[0].length, 0);
}

static void
a_path_has_the_methods_of_one_pattern(void)
{
	struct gp_match match;

	CU_ASSERT_EQUAL(gp_route_find(routes, GP_PUT, "/one/you", &match), GP_OK);
	CU_ASSERT_EQUAL(gp_route_find(routes, GP_PUT, "/one/me", &match), GP_BAD_METHOD);
	CU_ASSERT_EQUAL(match.allowed, GP_GET | GP_HEAD | GP_OPTIONS);
}

static void
knows_methods_by_their_exact_name(void)
{
	static const struct {
		const char *name;
		enum gp_method method;
	} cases[] = {
		{ "GET", GP_GET },
		{ "HEAD", GP_HEAD },
		{ "POST", GP_POST },
		{ "PUT", GP_PUT },
		{ "PATCH", GP_PATCH },
		{ "DELETE", GP_DELETE },
		{ "get", GP_METHOD_OTHER },
		{ "Get", GP_METHOD_OTHER },
		{ "GETS", GP_METHOD_OTHER },
		{ "GE", GP_METHOD_OTHER },
		{ " GET", GP_METHOD_OTHER },
		{ "OPTIONS", GP_OPTIONS },
		{ "options", GP_METHOD_OTHER },
		{ "CONNECT", GP_METHOD_OTHER },
		{ "TRACE", GP_METHOD_OTHER },
		{ "", GP_METHOD_OTHER },
	};

	for (size_t i = 0; i < GP_COUNT(cases); i++) {
		gp_test_row("%s", cases[i].name);
		CU_ASSERT_EQUAL(gp_method_of(cases[i].name), cases[i].method);
	}
}

static void
lists_no_method_and_all_of_them(void)
{
	char text[64];

	gp_methods_text(0, text);
	CU_ASSERT_STRING_EQUAL(text, "");
	gp_methods_text(~0U, text);
	CU_ASSERT_STRING_EQUAL(text, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
}

/* The value of a name as a text of its own; NULL where there is none. */
static const char *
value_of(const struct gp_match *match, const char *name)
{
	static char text[64];
	const struct gp_path_value *value = gp_match_value(match, name);

	gp_test_row("the value of \"%s\"", name);
	if (value == NULL)
		return NULL;
	CU_ASSERT_EQUAL(value->name_length, strlen(name));
	CU_ASSERT_FATAL(value->length < sizeof(text));
	memcpy(text, value->text, value->length);
	text[value->length] = '\0';
	return text;
}

static void
finds_values_by_their_names(void)
{
	static const char *const others[] = { "", "i", "ids", "ID", "use", "users", "user_id", "7",
		"{id}", "id}", "}" };
	struct gp_match match;

	CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/api/user/tasks/id/", &match), GP_OK);
	CU_ASSERT(gp_test_same(value_of(&match, "user"), "user"));
	CU_ASSERT(gp_test_same(value_of(&match, "id"), "id"));
	for (size_t i = 0; i < GP_COUNT(others); i++)
		CU_ASSERT_PTR_NULL(value_of(&match, others[i]));
	CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/tasks/{user}", &match), GP_OK);
	CU_ASSERT(gp_test_same(value_of(&match, "id"), "{user}"));
	CU_ASSERT_PTR_NULL(value_of(&match, "user"));
}

static void
finds_no_values_where_there_are_none(void)
{
	static const char *const names[] = { "id", "user", "" };
	struct gp_match match;

	for (size_t i = 0; i < GP_COUNT(names); i++) {
		CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/one/me", &match), GP_OK);
		CU_ASSERT_PTR_NULL(value_of(&match, names[i]));
		CU_ASSERT_EQUAL(
		    gp_route_find(routes, GP_POST, "/api/ada/tasks/7", &match), GP_BAD_METHOD);
		CU_ASSERT_PTR_NULL(value_of(&match, names[i]));
		CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/none/7", &match), GP_BAD_ROUTE);
		CU_ASSERT_PTR_NULL(value_of(&match, names[i]));
	}
}

/* A pattern with more names than there is room for fits nothing, rather than overrun it. */
static void
a_pattern_with_too_many_names_fits_nothing(void)
{
	static const struct gp_route greedy[] = {
		{ .method = GP_GET, .pattern = "/{a}/{b}", .operation = &deed },
		{ .method = GP_GET, .pattern = "/{a}/{b}/{c}", .operation = &deed },
		{ .pattern = NULL },
	};
	struct gp_match match;

	CU_ASSERT_EQUAL(GP_PATH_VALUES_MAX, 2);
	CU_ASSERT_EQUAL(gp_route_find(greedy, GP_GET, "/x/y", &match), GP_OK);
	CU_ASSERT(gp_test_same(value_of(&match, "b"), "y"));
	CU_ASSERT_EQUAL(gp_route_find(greedy, GP_GET, "/x/y/z", &match), GP_BAD_ROUTE);
}

/* A route that says nothing of access asks for a caller. */
static void
asks_for_a_caller_by_default(void)
{
	struct gp_match match;

	CU_ASSERT_EQUAL(gp_route_find(routes, GP_GET, "/tasks", &match), GP_OK);
	CU_ASSERT_EQUAL(match.route->access, GP_ACCESS_CALLER);
	CU_ASSERT_EQUAL(GP_ACCESS_CALLER, 0);
}

const struct gp_test gp_tests_route[] = {
	GP_TEST(finds_the_row_of_a_method_and_a_path),
	GP_TEST(finds_no_route_for_other_paths),
	GP_TEST(says_which_methods_a_path_has),
	GP_TEST(takes_values_as_they_stand),
	GP_TEST(keeps_the_values_of_the_row_it_found),
	GP_TEST(the_first_of_two_rows_that_fit_counts),
	GP_TEST(a_path_has_the_methods_of_one_pattern),
	GP_TEST(knows_methods_by_their_exact_name),
	GP_TEST(lists_no_method_and_all_of_them),
	GP_TEST(finds_values_by_their_names),
	GP_TEST(finds_no_values_where_there_are_none),
	GP_TEST(a_pattern_with_too_many_names_fits_nothing),
	GP_TEST(asks_for_a_caller_by_default),
	{ NULL, NULL },
};
