/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a list is shown, and that the way from page to page meets every task once. */
#include <json-c/json.h>
#include <string.h>

#include "client.h"
#include "expect.h"
#include "api.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "token.h"
#include "user.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
limit_and_offset_choose_a_page(void)
{
	static const struct {
		const char *query;
		int shown; /* of three tasks */
	} rows[] = {
		{ "", 3 },
		{ "limit=1", 1 },
		{ "limit=2", 2 },
		{ "limit=3", 3 },
		{ "limit=4", 3 },
		{ "limit=100", 3 },
		{ "limit=02", 2 },
		{ "limit=%2B2", 2 },
		{ "limit=%32", 2 },
		{ "%6Cimit=2", 2 },
		{ "offset=0", 3 },
		{ "offset=-0", 3 },
		{ "offset=1", 2 },
		{ "offset=3", 0 },
		{ "offset=4", 0 },
		{ "offset=2147483648", 0 },
		{ "offset=9223372036854775807", 0 },
		{ "offset=9223372036854775808", 0 },
		{ "offset=99999999999999999999999", 0 },
		{ "limit=1&offset=2", 1 },
		{ "offset=1&limit=1", 1 },
		{ "limit=2&offset=2", 1 },
		{ "limit=1&offset=9223372036854775806", 0 },
		{ "limit=100&offset=9223372036854775807", 0 },
		{ "Limit=1", 3 },
		{ "limit[]=1", 3 },
		{ "a=b;limit=1", 3 },
	};
	struct gp_user user = gp_person_new();

	gp_person_tasks(user.id, 3);
	for (size_t i = 0; i < COUNT(rows) * GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i % GP_API_COUNT];
		size_t row = i / GP_API_COUNT;
		const struct gp_answer *answer = gp_user_reads(
		    &user, gp_kept_text("%s?%s", gp_api_list(api, user.id), rows[row].query));

		gp_test_row("%s, %s", api->name, rows[row].query);
		GP_EXPECT_ANSWER(answer, 200);
		GP_EXPECT(gp_api_shows(api, answer) == rows[row].shown, "%d tasks, not %d",
		    gp_api_shows(api, answer), rows[row].shown);
	}
}

static void
expect_query_fault(const struct gp_api *api, const struct gp_user *user, const char *name,
    const char *value, const char *rest)
{
	const char *path = gp_kept_text("%s?%s=%s", gp_api_list(api, user->id), name, value);

	gp_test_row("%s, %s=%s", api->name, name, value);
	GP_EXPECT_BODY(gp_user_reads(user, path), 422,
	    gp_kept_text("{\"detail\":[{\"loc\":[\"query\",\"%s\"],%s}]}", name, rest));
}

static const char no_integer[] =
    "\"msg\":\"value is not a valid integer\",\"type\":\"type_error.integer\"";

static const char *
below(int least)
{
	return gp_kept_text("\"msg\":\"ensure this value is greater than or equal to %d\","
			    "\"type\":\"value_error.number.not_ge\"",
	    least);
}

static const char *
above(int most)
{
	return gp_kept_text("\"msg\":\"ensure this value is less than or equal to %d\","
			    "\"type\":\"value_error.number.not_le\"",
	    most);
}

static void
limit_has_bounds(void)
{
	static const char *const too_small[] = { "0", "-1", "-0", "00", "-9223372036854775809",
		"-99999999999999999999999" };
	static const char *const too_large[] = { "2147483648", "9223372036854775807",
		"9223372036854775808", "18446744073709551617", "99999999999999999999999" };
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		int most = api->limit_max;
		const char *path = gp_kept_text("%s?limit=%d", gp_api_list(api, user.id), most);

		GP_EXPECT_ANSWER(gp_user_reads(&user, path), 200);
		for (size_t j = 0; j < COUNT(too_small); j++)
			expect_query_fault(api, &user, "limit", too_small[j], below(1));
		expect_query_fault(api, &user, "limit", gp_kept_text("%d", most + 1), above(most));
		for (size_t j = 0; j < COUNT(too_large); j++)
			expect_query_fault(api, &user, "limit", too_large[j], above(most));
	}
}

static void
offset_has_no_end_but_a_beginning(void)
{
	static const char *const values[] = { "-1", "-2147483649", "-9223372036854775808",
		"-99999999999999999999999" };
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < GP_API_COUNT * COUNT(values); i++)
		expect_query_fault(&gp_apis[i % GP_API_COUNT], &user, "offset",
		    values[i / GP_API_COUNT], below(0));
}

static void
what_is_no_integer_is_refused(void)
{
	static const char *const names[] = { "limit", "offset" };
	static const char *const values[] = { "", "abc", "1.0", "1.5", "1e1", "0x1", "1_0", "1,2",
		"--1", "-", "%20", "%201", "1%20", "NaN", "Infinity", "true", "null", "None", "[]",
		"%D9%A1", "%EF%BC%91", "%C3%A9", "1'", "1;2", "%25" };
	struct gp_user user = gp_person_new();

	for (size_t i = 0; i < GP_API_COUNT * COUNT(values) * COUNT(names); i++) {
		size_t row = i / GP_API_COUNT;

		expect_query_fault(&gp_apis[i % GP_API_COUNT], &user, names[row % COUNT(names)],
		    values[row / COUNT(names)], no_integer);
	}
}

/* The page that an answer calls the next one (RFC 8288); NULL: it has no Link. */
static const char *
next_page(const struct gp_answer *answer)
{
	const char *link = gp_answer_field(answer, "Link");
	const char *end = link != NULL ? strchr(link, '>') : NULL;

	if (link == NULL)
		return NULL;
	if (!GP_EXPECT(link[0] == '<' && link[1] == '/' && link[2] != '/' && end != NULL &&
			   strcmp(end, ">; rel=\"next\"") == 0,
		"%s: Link is %s", answer->call, link))
		return NULL;
	return gp_kept_bytes(link + 1, (size_t)(end - link - 1));
}

/* Judge one page, of which the first task is called task left - 1; how many are left after it. */
static int
judge_page(const struct gp_api *api, const struct gp_answer *answer, int left, int limit)
{
	struct json_object *tasks = gp_api_tasks_in(api, answer);
	int length = gp_api_shows(api, answer);

	GP_EXPECT(length == (left < limit ? left : limit), "%s: %d tasks, %d were left",
	    answer->call, length, left);
	for (int i = 0; i < length; i++) {
		const char *wanted = gp_kept_text("task %d", --left);
		struct json_object *task = json_object_array_get_idx(tasks, (size_t)i);
		const char *title = gp_json_text(task, api->title);

		GP_EXPECT(gp_test_same(title, wanted), "%s: %s, not %s", answer->call,
		    title != NULL ? title : "no title", wanted);
	}
	return left;
}

/* From the first page to the last: every task exactly once, and Link until there are no more. */
static void
follow(
    const struct gp_api *api, const struct gp_user *user, const char *first, int count, int limit)
{
	const char *path = first;
	int left = count;

	for (int page = 0; path != NULL && page <= count / limit; page++) {
		const struct gp_answer *answer = gp_user_reads(user, path);

		if (!GP_EXPECT_ANSWER(answer, 200))
			return;
		left = judge_page(api, answer, left, limit);
		path = next_page(answer);
		GP_EXPECT((path != NULL) == (left > 0), "%s: %d are left, Link is %s", answer->call,
		    left, path != NULL ? path : "absent");
	}
	GP_EXPECT(left == 0 && path == NULL, "%s: %d were not met", first, left);
}

static void
pages_of_any_size_meet_every_task_once(void)
{
	enum { TASKS = 7 };
	static const int limits[] = { 1, 2, 3, 6, 7, 8, 100 };
	struct gp_user user = gp_person_new();

	gp_person_tasks(user.id, TASKS);
	for (size_t i = 0; i < COUNT(limits) * GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i % GP_API_COUNT];
		int limit = limits[i / GP_API_COUNT];
		const char *list = gp_api_list(api, user.id);

		gp_test_row("%s, limit %d", api->name, limit);
		follow(api, &user, gp_kept_text("%s?limit=%d", list, limit), TASKS, limit);
		follow(api, &user, gp_kept_text("%s?offset=3&limit=%d", list, limit), TASKS - 3,
		    limit);
		follow(api, &user, gp_kept_text("%s/?a=b&limit=%d", list, limit), TASKS, limit);
	}
	follow(&gp_apis[GP_API_B], &user, "/todos?limit=3", TASKS, 3);
	follow(&gp_apis[GP_API_B], &user, "/todos/?limit=3", TASKS, 3);
}

/* More tasks than any of the lists shows when nobody asks for less. */
static void
pages_of_the_usual_size_meet_every_task_once(void)
{
	enum { TASKS = 1001 };
	struct gp_user user = gp_person_new();

	gp_person_tasks(user.id, TASKS);
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		const char *list = gp_api_list(api, user.id);

		gp_test_row("%s", api->name);
		follow(api, &user, list, TASKS, api->limit);
		follow(api, &user, gp_kept_text("%s?limit=%d", list, api->limit_max), TASKS,
		    api->limit_max);
	}
}

/* Four bytes a character in the database, and six in JSON: either ends a list behind 8 MiB. */
static void
list_of_long_tasks_ends_early(void)
{
	enum { TASKS = 300, BYTES_MAX = 9 * 1024 * 1024 };
	static const char *const units[] = { "\xf0\x9f\x98\x80", "\x01" };

	for (size_t i = 0; i < COUNT(units); i++) {
		const struct gp_api *api = &gp_apis[i == 0 ? GP_API_A : GP_API_C];
		struct gp_user user = gp_person_new();
		const char *path = gp_api_list(api, user.id);
		int left = TASKS;

		gp_test_row("%s", api->name);
		gp_person_long_tasks(user.id, TASKS, units[i]);
		while (path != NULL && left > 0) {
			const struct gp_answer *answer = gp_user_reads(&user, path);
			int shown = gp_api_shows(api, answer);

			if (!GP_EXPECT_ANSWER(answer, 200) ||
			    !GP_EXPECT(
				shown > 0 && shown < TASKS, "%s: %d tasks", answer->call, shown))
				return;
			GP_EXPECT(answer->body_length < BYTES_MAX, "%s: %zu bytes", answer->call,
			    answer->body_length);
			left = judge_page(api, answer, left, shown);
			path = next_page(answer);
		}
		GP_EXPECT(left == 0 && path == NULL, "%d were not met", left);
	}
}

static void
list_that_just_fits_has_no_next_page(void)
{
	struct gp_user user = gp_person_new();

	for (int count = 0; count <= 3; count++) {
		for (size_t i = 0; i < GP_API_COUNT; i++) {
			const struct gp_api *api = &gp_apis[i];
			const char *list = gp_api_list(api, user.id);

			gp_test_row("%s, %d tasks", api->name, count);
			follow(api, &user, list, count, api->limit);
			if (count > 0)
				follow(api, &user, gp_kept_text("%s?limit=%d", list, count), count,
				    count);
			GP_EXPECT(next_page(gp_user_reads(
				      &user, gp_kept_text("%s?offset=%d", list, count))) == NULL,
			    "a page after the end");
		}
		gp_api_adds(&gp_apis[GP_API_D], &user, gp_kept_text("task %d", count));
	}
}

/* The path in Link is one that can be sent: encoded as the one that came. */
static void
next_page_of_a_strange_user_can_be_asked_for(void)
{
	static const char *const endings[] = { " x", "+", "%", "%41", "\"", "<>", ";", ",",
		"&=", "\xc3\xa9", "\xf0\x9f\x98\x80", "?", "#", ">; rel=\"prev\"" };
	static const int apis[] = { GP_API_C, GP_API_D };
	struct gp_user base = gp_user_new();

	for (size_t i = 0; i < COUNT(endings); i++) {
		struct gp_user user = { .id = gp_kept_text("%s%s", base.id, endings[i]) };

		user.token = gp_token_for(user.id);
		gp_person_tasks(user.id, 3);
		for (size_t j = 0; j < COUNT(apis); j++) {
			const struct gp_api *api = &gp_apis[apis[j]];

			gp_test_row("%s, %s", api->name, user.id);
			follow(api, &user, gp_kept_text("%s?limit=2", gp_api_list(api, user.id)), 3,
			    2);
		}
	}
}

/* Every second task is completed; those are numbered, and the others must not be met. */
static void
next_page_keeps_the_filter(void)
{
	enum { TASKS = 5 };
	static const char *const filters[] = { "completed=true", "completed=1", "completed=YES",
		"completed=false&completed=true" };
	const struct gp_api *d = &gp_apis[GP_API_D];
	struct gp_user user = gp_user_new();
	const char *list = gp_api_list(d, user.id);

	for (int i = 0; i < TASKS; i++) {
		GP_SEND(.method = "POST", .path = list, .token = user.token,
		    .body = gp_kept_text("{\"title\":\"task %d\",\"completed\":true}", i));
		gp_api_adds(d, &user, "open");
	}
	for (size_t i = 0; i < COUNT(filters); i++) {
		gp_test_row("%s", filters[i]);
		follow(d, &user, gp_kept_text("%s?%s&limit=2", list, filters[i]), TASKS, 2);
		follow(d, &user, gp_kept_text("%s?limit=1&%s", list, filters[i]), TASKS, 1);
	}
}

static void
head_names_the_next_page_too(void)
{
	struct gp_user user = gp_person_new();

	gp_person_tasks(user.id, 2);
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const char *path = gp_kept_text("%s?limit=1", gp_api_list(&gp_apis[i], user.id));
		const struct gp_answer *head =
		    GP_SEND(.method = "HEAD", .path = path, .token = user.token);

		gp_test_row("%s", gp_apis[i].name);
		GP_EXPECT_ANSWER(head, 200);
		GP_EXPECT(next_page(head) != NULL &&
			      gp_test_same(next_page(head), next_page(gp_user_reads(&user, path))),
		    "not the Link of GET");
	}
}

const struct gp_test gp_paging_tests[] = {
	GP_TEST(limit_and_offset_choose_a_page),
	GP_TEST(limit_has_bounds),
	GP_TEST(offset_has_no_end_but_a_beginning),
	GP_TEST(what_is_no_integer_is_refused),
	GP_TEST(pages_of_any_size_meet_every_task_once),
	GP_TEST(pages_of_the_usual_size_meet_every_task_once),
	GP_TEST(list_of_long_tasks_ends_early),
	GP_TEST(list_that_just_fits_has_no_next_page),
	GP_TEST(next_page_of_a_strange_user_can_be_asked_for),
	GP_TEST(next_page_keeps_the_filter),
	GP_TEST(head_names_the_next_page_too),
	{ NULL, NULL },
};
