/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths that are strange, and ids that are none. Web servers settle many of them by themselves,
 * each in its own way: those answers stand in columns of their own.
 */
#include <json-c/json.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "suites.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The path of a row: `$` stands for the id of a task. */
static const char *
expand(const char *pattern, const char *id)
{
	const char *sign = strchr(pattern, '$');

	if (sign == NULL)
		return pattern;
	return gp_kept_text("%.*s%s%s", (int)(sign - pattern), pattern, id, sign + 1);
}

static void
ids_that_are_no_uuid_are_refused(void)
{
	static const char *const ids[] = { "1", "0", "-1", "9223372036854775808", "abc", "null",
		"undefined", "NaN", "$x", "x$", "$0", "0$", "$-0000", "$%20", "%20$", "$;a=b",
		"$,$", "$%3f", "$%23", "$*", "$'", "'%20or%20'1'='1", "1%3bdrop%20table%20task",
		"%25", "%2525", "g0000000-0000-4000-8000-000000000000",
		"00000000-0000-4000-8000-00000000000g", "00000000_0000_4000_8000_000000000000",
		"000000000-000-4000-8000-000000000000", "00000000-0000-4000-80000-00000000000",
		"0000000000000-0000-4000-8000-00000000", "------------------------------------",
		"%ef%bc%90$", "%c3%a9", "%f0%9f%98%80" };
	static const char *const methods[] = { "GET", "PUT", "PATCH", "DELETE" };
	struct gp_user user = gp_user_new();
	const char *id = gp_user_adds(&user, "unchanged") + strlen("/tasks/");

	for (size_t i = 0; i < COUNT(ids) * COUNT(methods); i++) {
		const char *method = methods[i % COUNT(methods)];
		const char *path = gp_kept_text("/tasks/%s", expand(ids[i / COUNT(methods)], id));

		gp_test_row("%s %s", method, path);
		GP_EXPECT_FAULT(GP_SEND(.method = method, .path = path, .token = user.token,
				    .body = method[0] == 'P' ? "{\"text\":\"a\"}" : NULL),
		    1, "path", "task_id");
	}
	GP_EXPECT(gp_user_counts(&user) == 1, "a task is gone");
}

/* Any form of uuid names a task that may or may not exist; none of them is an error. */
static void
every_uuid_is_an_id(void)
{
	static const char *const ids[] = { "00000000-0000-0000-0000-000000000000",
		"ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
		"00000000-0000-1000-0000-000000000000", "aBcDeF00-0000-7000-8000-000000000000" };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(ids); i++)
		GP_EXPECT_DETAIL(
		    gp_user_reads(&user, gp_kept_text("/tasks/%s", ids[i])), 404, "Task not found");
}

/* Any character may be written as %XX; once decoded, it is not decoded again. */
static void
paths_are_decoded_once(void)
{
	struct gp_user user = gp_user_new();
	const char *path = gp_user_adds(&user, "a");
	const char *id = path + strlen("/tasks/");

	GP_EXPECT_ANSWER(gp_user_reads(&user, "/%74asks"), 200);
	GP_EXPECT_ANSWER(gp_user_reads(&user, "/%74%61%73%6b%73"), 200);
	GP_EXPECT_ANSWER(
	    gp_user_reads(&user, gp_kept_text("/tasks/%%%02x%s", (unsigned)id[0], id + 1)), 200);
	GP_EXPECT_FAULT(
	    gp_user_reads(&user, gp_kept_text("/tasks/%%25%02x%s", (unsigned)id[0], id + 1)), 1,
	    "path", "task_id");
	GP_EXPECT_DETAIL(gp_user_reads(&user, "/%2574asks"), 404, "Not Found");
	GP_EXPECT_FAULT(gp_user_reads(&user, gp_kept_text("/tasks/+%s", id)), 1, "path", "task_id");
}

/* Negative: the web server's own answer, of which only the status is judged. 0: GP_ENCODED_SLASH.
 */
static void
strange_paths_do_no_harm(void)
{
	static const struct {
		const char *path;
		int lighttpd, apache;
	} rows[] = {
		/* empty and dot segments: gatepost-strict.conf refuses, Apache takes them out */
		{ "//tasks", -400, 200 },
		{ "/tasks//", -400, 200 },
		{ "/tasks//$", -400, 200 },
		{ "/./tasks", -400, 200 },
		{ "/tasks/.", -400, 200 },
		{ "/tasks/./$", -400, 200 },
		{ "/x/../tasks", -400, 200 },
		{ "/tasks/$/..", -400, 200 },
		{ "/tasks/%2e%2e/tasks", -400, 200 },
		{ "/%2e/tasks", -400, 200 },
		{ "/../tasks", -400, -400 },
		{ "/%2e%2e/tasks", -400, -400 },
		/* slashes and backslashes in disguise name nothing */
		{ "/tasks%2f$", 0, 0 },
		{ "/tasks%2F$", 0, 0 },
		{ "/%2ftasks", 0, 0 },
		{ "/tasks/$%2f", 0, 0 },
		{ "/tasks/..%2f$", 0, 0 },
		{ "/tasks%252f$", 404, 404 },
		{ "/..%5ctasks", 404, 404 },
		{ "/tasks%5c$", 404, 404 },
		{ "/tasks\\$", 404, 404 },
		/* control characters: a newline gets through Apache, and no further */
		{ "/tasks/%00", -400, -404 },
		{ "/tasks/$%00", -400, -404 },
		{ "/tasks%00", -400, -404 },
		{ "/tasks/%0a", -400, 400 },
		{ "/tasks/$%0a", -400, 400 },
		{ "/tasks%0d", -400, 400 },
		{ "/tasks/%09", -400, 400 },
		{ "/tasks/%1b", -400, 400 },
		{ "/tasks/%7f", -400, 400 },
		/* what is no UTF-8 */
		{ "/tasks/%80", 400, 400 },
		{ "/tasks/%c3", 400, 400 },
		{ "/tasks/%c3%28", 400, 400 },
		{ "/tasks/%ff", -400, 400 },
		{ "/tasks/%c0%af", -400, 400 },
		{ "/tasks/\xc3\xa9", 422, 422 },
		{ "/tasks/\xff", -400, 400 },
		{ "/\xc3\xa9", 404, 404 },
		/* half a percent-encoding */
		{ "/tasks/%zz", 422, -400 },
		{ "/tasks/%", 422, -400 },
		{ "/tasks/%4", 422, -400 },
		{ "/tasks/%u0041", 422, -400 },
		/* what only looks like the path of tasks */
		{ "/tasks;a=b", 404, 404 },
		{ "/tasks;/$", 404, 404 },
		{ "/tasks%3f", 404, 404 },
		{ "/tasks%23", 404, 404 },
		{ "/tasks%20", 404, 404 },
		{ "/tasks:80", 404, 404 },
		{ "/tasks/$/$", 404, 404 },
		{ "/@tasks", 404, 404 },
		{ "/tasks/{task_id}", 422, 422 },
		{ "/tasks/<x>", 422, 422 },
		{ "/tasks/\"", 422, 422 },
		{ "/tasks/|", 422, 422 },
		{ "/tasks/%e2%80%ae", 422, 422 },
		{ "tasks", -400, -400 },
		/* queries do not count, whatever is in them */
		{ "/tasks/$?/..", 200, 200 },
		{ "/tasks/?/../x", 200, 200 },
		{ "/tasks/$?next=/a?b", 200, 200 },
		{ "/tasks??", 200, 200 },
		{ "/tasks?a=%00", -400, 200 },
		{ "/tasks?a=%0a", -400, 200 },
		{ "/tasks?a=%ff", -400, 200 },
	};
	struct gp_user user = gp_user_new();
	const char *task = gp_user_adds(&user, "unchanged");
	const struct gp_answer *before = gp_user_reads(&user, task);

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *path = expand(rows[i].path, task + strlen("/tasks/"));
		int status =
		    gp_server_is_apache(gp_instance.server) ? rows[i].apache : rows[i].lighttpd;

		gp_test_row("%s", rows[i].path);
		if (status == 0)
			status = gp_server_status(gp_instance.server, GP_ENCODED_SLASH);
		GP_EXPECT_SETTLED(gp_user_reads(&user, path), status);
	}
	GP_EXPECT(json_object_equal(gp_user_reads(&user, task)->json, before->json),
	    "the task has changed");
}

/* A proxy may send the whole URL (RFC 9112 section 3.2.2). */
static void
absolute_form_is_the_same_path(void)
{
	struct gp_user user = gp_user_new();

	GP_EXPECT_ANSWER(gp_user_reads(&user, gp_kept_text("%s/tasks", gp_instance.url)), 200);
	GP_EXPECT_DETAIL(GP_SEND(.path = gp_kept_text("%s/tasks", gp_instance.url)), 401,
	    "Authentication required");
}

/* Where a path is looked up in the file system it may have 4 KiB there. */
static void
long_paths_are_refused(void)
{
	static const size_t lengths[] = { 37, 200, 2000, 6000, 100000 };
	struct gp_user user = gp_user_new();

	for (size_t i = 0; i < COUNT(lengths); i++) {
		const char *path = gp_kept_text("/tasks/%s", gp_kept_repeated("a", lengths[i]));
		const struct gp_answer *answer = gp_user_reads(&user, path);

		gp_test_row("%zu", lengths[i]);
		if (lengths[i] < 6000)
			GP_EXPECT_FAULT(answer, 1, "path", "task_id");
		else if (lengths[i] == 6000)
			GP_EXPECT_DIFFERENCE(answer, GP_PATH_OF_6000_BYTES);
		else
			GP_EXPECT(answer->status >= 400 && answer->status < 500, "status %d",
			    answer->status);
	}
	GP_EXPECT_DETAIL(gp_user_reads(&user, gp_kept_repeated("/a", 1000)), 404, "Not Found");
}

const struct gp_test gp_path_tests[] = {
	GP_TEST(ids_that_are_no_uuid_are_refused),
	GP_TEST(every_uuid_is_an_id),
	GP_TEST(paths_are_decoded_once),
	GP_TEST(strange_paths_do_no_harm),
	GP_TEST(absolute_form_is_the_same_path),
	GP_TEST(long_paths_are_refused),
	{ NULL, NULL },
};
