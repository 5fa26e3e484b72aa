/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entity tags: what is known is not sent again, and nobody overwrites what they have not seen (RFC
 * 9110 section 13).
 */
#include <json-c/json.h>
#include <string.h>

#include "api.h"
#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "people.h"
#include "suites.h"
#include "task.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The tag without its quotes, "none" where there is no strong one. */
static const char *
tag_of(const struct gp_answer *answer)
{
	const char *field = gp_answer_field(answer, "ETag");
	size_t length = field != NULL ? strlen(field) : 0;

	if (!GP_EXPECT(length > 2 && field[0] == '"' && field[length - 1] == '"' &&
			   strcspn(field + 1, "\"") == length - 2,
		"%s: ETag is %s", answer->call, field != NULL ? field : "absent"))
		return "none";
	return gp_kept_bytes(field + 1, length - 2);
}

/* A field whose value has a tag in the place of each `$`. */
static const char *
field_with(const char *name, const char *pattern, const char *tag)
{
	return gp_kept_text("%s: %s", name, gp_kept_filled(pattern, tag));
}

/* Something to read: a task, a list, the profile. */
struct thing {
	const char *what, *path;
};

enum { THINGS = 8 };

/* A task in each API that shows one, each API's list, and the profile. */
static void
find_things(const struct gp_user *user, struct thing things[THINGS])
{
	size_t count = 0;

	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		const char *id = gp_api_adds(api, user, "a");

		things[count++] = (struct thing){ "list", gp_api_list(api, user->id) };
		if (api->deeds->method != NULL)
			things[count++] =
			    (struct thing){ "task", gp_api_single(api, user->id, id) };
	}
	things[count] = (struct thing){ "profile", "/api/v1/me/profile" };
}

static void
everything_that_is_read_has_a_strong_tag(void)
{
	struct gp_user user = gp_person_new();
	struct thing things[THINGS];

	find_things(&user, things);
	for (size_t i = 0; i < THINGS; i++) {
		const char *path = things[i].path;
		const struct gp_answer *head =
		    GP_SEND(.method = "HEAD", .path = path, .token = user.token);
		const char *tag = tag_of(gp_user_reads(&user, path));

		gp_test_row("%s %s", things[i].what, path);
		GP_EXPECT(gp_test_same(tag, tag_of(gp_user_reads(&user, path))),
		    "another tag without a change");
		GP_EXPECT(gp_test_same(tag, tag_of(head)), "HEAD has another tag than GET");
	}
}

static void
what_is_written_has_the_tag_that_is_read(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		struct gp_user user = gp_person_new();
		const struct gp_answer *answer = gp_api_creates(api, &user, "a");
		struct json_object *id = NULL;
		const char *path;

		tag_of(answer);
		if (api->deeds->method == NULL)
			continue;
		json_object_object_get_ex(answer->json, "id", &id);
		path = gp_api_single(api, user.id, json_object_get_string(id));
		GP_EXPECT(gp_test_same(tag_of(answer), tag_of(gp_user_reads(&user, path))),
		    "%s: POST has another tag than GET", api->name);
		for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
			struct gp_call call =
			    gp_api_call(api, deed, user.id, json_object_get_string(id), user.token);

			if (deed->method[0] != 'P')
				continue;
			gp_test_row("%s, %s", api->name, deed->method);
			answer = gp_send(&call);
			GP_EXPECT_ANSWER(answer, 200);
			GP_EXPECT(gp_test_same(tag_of(answer), tag_of(gp_user_reads(&user, path))),
			    "another tag than GET");
		}
	}
}

/* A state of something, and the tag that it had. */
struct state {
	const char *body, *tag;
};

/* The tag must be none of the states before; of lists only where something else is shown. */
static void
expect_new_tag(const struct state *states, size_t count, bool is_list)
{
	const struct state *now = &states[count];

	for (size_t i = 0; i < count; i++)
		GP_EXPECT(strcmp(states[i].tag, now->tag) != 0 ||
			      (is_list && strcmp(states[i].body, now->body) == 0),
		    "%s and %s have the same tag", states[i].body, now->body);
}

/* The path of the same task in an API that names it by uuid or by number. */
static const char *
path_of(const struct gp_api *api, const struct gp_user *user, const char *uuid, const char *number)
{
	return gp_api_single(api, user->id, api == &gp_apis[GP_API_A] ? uuid : number);
}

static void
expect_new_state(
    const struct gp_user *user, const char *path, struct state *states, size_t count, bool is_list)
{
	const struct gp_answer *answer = gp_user_reads(user, path);

	states[count] = (struct state){ answer->body, tag_of(answer) };
	expect_new_tag(states, count, is_list);
}

static const struct {
	int api;
	const char *method, *suffix, *body;
} changes[] = {
	{ GP_API_A, "PUT", "", "{\"text\":\"b\"}" },
	{ GP_API_A, "PATCH", "", "{\"description\":\"d\"}" },
	{ GP_API_A, "PATCH", "", "{\"completed\":true}" },
	{ GP_API_B, "PUT", "", "{\"title\":\"c\"}" },
	{ GP_API_B, "PATCH", "", "{\"completed\":false}" },
	{ GP_API_B, "PATCH", "", "{\"description\":null}" },
	{ GP_API_D, "PUT", "", "{\"title\":\"a\",\"description\":\"\"}" },
	{ GP_API_D, "PATCH", "/complete", NULL },
	{ GP_API_D, "PATCH", "/complete", NULL },
	{ GP_API_D, "PUT", "", "{\"description\":null}" },
};

/* As one API sees it, whichever the changes come through. */
static void
judge_changes_seen_by(const struct gp_api *seer)
{
	struct state tasks[COUNT(changes) + 1], lists[COUNT(changes) + 1];
	struct gp_user user = gp_person_new();
	const char *uuid = gp_api_adds(&gp_apis[GP_API_A], &user, "a"), *number;
	struct json_object *id = NULL;

	json_object_object_get_ex(gp_api_only_task(&gp_apis[GP_API_B], &user), "id", &id);
	number = id != NULL ? json_object_get_string(id) : "none";
	for (size_t i = 0; i <= COUNT(changes); i++) {
		gp_test_row("seen by %s, change %zu", seer->name, i);
		if (i > 0) {
			const struct gp_api *api = &gp_apis[changes[i - 1].api];
			const char *path = path_of(api, &user, uuid, number);

			GP_EXPECT_ANSWER(
			    GP_SEND(.method = changes[i - 1].method,
				.path = gp_kept_text("%s%s", path, changes[i - 1].suffix),
				.token = user.token, .body = changes[i - 1].body),
			    200);
		}
		expect_new_state(&user, gp_api_list(seer, user.id), lists, i, true);
		if (seer->deeds->method != NULL)
			expect_new_state(
			    &user, path_of(seer, &user, uuid, number), tasks, i, false);
	}
}

static void
every_change_changes_the_tag(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++)
		judge_changes_seen_by(&gp_apis[i]);
}

/* A list has another tag with another task in it, and without. */
static void
tag_of_a_list_knows_what_comes_and_goes(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		struct gp_user user = gp_person_new(), other = gp_person_new();
		const char *list = gp_api_list(api, user.id), *id;
		struct state states[4];
		const struct gp_answer *answer;

		gp_test_row("%s", api->name);
		for (size_t j = 0; j < COUNT(states); j++) {
			answer = gp_user_reads(&user, list);
			states[j] = (struct state){ answer->body, tag_of(answer) };
			expect_new_tag(states, j, true);
			id = gp_api_adds(api, &user, "a");
		}
		answer = gp_user_reads(&user, list);
		if (api->deeds->method != NULL)
			GP_SEND(.method = "DELETE", .path = gp_api_single(api, user.id, id),
			    .token = user.token);
		else
			gp_api_adds(api, &user, "a");
		GP_EXPECT(strcmp(tag_of(answer), tag_of(gp_user_reads(&user, list))) != 0,
		    "the same tag");
		gp_api_adds(api, &other, "a");
		GP_EXPECT(strcmp(tag_of(gp_user_reads(&other, gp_api_list(api, other.id))),
			      tag_of(gp_user_reads(&user, list))) != 0,
		    "another user's list has the same tag");
	}
}

static const struct {
	const char *pattern;
	bool matches_weakly, matches_strongly;
} lists_of_tags[] = {
	{ "\"$\"", true, true },
	{ "*", true, true },
	{ "\"x\", \"$\"", true, true },
	{ "\"x\",\"$\",\"y\"", true, true },
	{ "\"$\", \"$\"", true, true },
	{ "\"a,b\", \"$\"", true, true },
	{ "\"\", \"$\"", true, true },
	{ "W/\"x\", \"$\"", true, true },
	{ ", ,\"$\",", true, true },
	{ "\"x\" , \"$\" ", true, true },
	{ "\"$-gzip\"", true, true },
	{ "\"$-br\"", true, true },
	{ "\"x\", \"$-gzip\"", true, true },
	{ "W/\"$\"", true, false },
	{ "W/\"$-gzip\"", true, false },
	{ "\"x\", W/\"$\"", true, false },
	{ "\"x\"", false, false },
	{ "\"\"", false, false },
	{ "\"*\"", false, false },
	{ "W/\"x\"", false, false },
	{ "\"$x\"", false, false },
	{ "\"x$\"", false, false },
	{ "\"$ \"", false, false },
	{ "\"$,\"", false, false },
	{ "$", false, false },
	{ "'$'", false, false },
	{ "\"-gzip\"", false, false },
	{ "x", false, false },
};

static void
expect_judged(const struct gp_user *user, const struct thing *thing, const char *method, size_t row)
{
	const char *tag = tag_of(gp_user_reads(user, thing->path));
	const struct gp_answer *answer =
	    GP_SEND(.method = method, .path = thing->path, .token = user->token,
		.fields = { field_with("If-None-Match", lists_of_tags[row].pattern, tag) });

	gp_test_row("%s %s %s", method, thing->path, lists_of_tags[row].pattern);
	GP_EXPECT_ANSWER(answer, lists_of_tags[row].matches_weakly ? 304 : 200);
	GP_EXPECT(gp_test_same(tag_of(answer), tag), "another tag");
}

/* All there is to know of lists is judged once; that everything obeys them, of a few. */
static void
what_is_known_is_not_sent_again(void)
{
	enum { FEW = 7 };
	struct gp_user user = gp_person_new();
	struct thing things[THINGS];

	find_things(&user, things);
	for (size_t i = 0; i < COUNT(lists_of_tags); i++)
		expect_judged(&user, &things[THINGS - 1], "GET", i);
	for (size_t i = 0; i < THINGS * COUNT(lists_of_tags); i += FEW) {
		size_t row = i / THINGS;

		expect_judged(&user, &things[i % THINGS], "GET", row);
		expect_judged(&user, &things[i % THINGS], "HEAD", row);
	}
}

/* Nobody learns from a tag what they would not be told without one. */
static void
refusals_come_before_304(void)
{
	static const char any[] = "If-None-Match: *";
	struct gp_user owner = gp_person_new(), thief = gp_person_new();

	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		const char *id = gp_api_adds(api, &owner, "a");
		const char *list = gp_api_list(api, owner.id);

		gp_test_row("%s", api->name);
		GP_EXPECT_REFUSAL(
		    GP_SEND(.path = list, .fields = { any }), api->no_credential, false);
		GP_EXPECT_FAULT(GP_SEND(.path = gp_kept_text("%s?limit=0", list),
				    .token = owner.token, .fields = { any }),
		    1, "query", "limit");
		if (api->other_user != NULL)
			GP_EXPECT_DETAIL(
			    GP_SEND(.path = list, .token = thief.token, .fields = { any }), 403,
			    api->other_user);
		if (api->deeds->method == NULL)
			continue;
		GP_EXPECT_DETAIL(GP_SEND(.path = gp_api_single(api, thief.id, id),
				     .token = thief.token, .fields = { any }),
		    403, api->foreign_read);
		GP_SEND(.method = "DELETE", .path = gp_api_single(api, owner.id, id),
		    .token = owner.token);
		GP_EXPECT_DETAIL(GP_SEND(.path = gp_api_single(api, owner.id, id),
				     .token = owner.token, .fields = { any }),
		    404, api->absent);
	}
	GP_EXPECT_DETAIL(GP_SEND(.path = "/nowhere", .fields = { any }), 404, "Not Found");
}

/* One write of each kind against one tag that holds or does not. */
static void
judge_write(const struct gp_api *api, const struct gp_deed *deed, size_t row)
{
	const char *pattern = lists_of_tags[row].pattern;
	bool holds = lists_of_tags[row].matches_strongly;
	struct gp_user user = gp_person_new();
	const char *id = gp_api_adds(api, &user, "before");
	const char *path = gp_api_single(api, user.id, id);
	const struct gp_answer *before = gp_user_reads(&user, path), *answer, *after;
	struct gp_call call = gp_api_call(api, deed, user.id, id, user.token);

	call.fields[0] = field_with("If-Match", pattern, tag_of(before));
	answer = gp_send(&call);
	after = gp_user_reads(&user, path);
	if (holds) {
		GP_EXPECT(answer->status == 200 || answer->status == 204, "%s: status %d",
		    answer->call, answer->status);
		GP_EXPECT(strcmp(after->body, before->body) != 0, "%s: nothing has changed",
		    answer->call);
	} else {
		GP_EXPECT_DETAIL(answer, 412, "Precondition Failed");
		GP_EXPECT(strcmp(after->body, before->body) == 0 &&
			      gp_test_same(tag_of(after), tag_of(before)),
		    "%s: the task is now %s", answer->call, after->body);
	}
}

/* All lists of A's PATCH, and every seventh of any other deed, each API beginning with another. */
static void
writes_need_the_tag_that_they_name(void)
{
	enum { FEW = 7 };

	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];

		for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
			bool thorough = i == GP_API_A && strcmp(deed->method, "PATCH") == 0;

			if (deed->method[0] != 'P' && deed->method[0] != 'D')
				continue;
			for (size_t row = thorough ? 0 : i; row < COUNT(lists_of_tags);
			     row += thorough ? 1 : FEW) {
				gp_test_row("%s, %s%s, %s", api->name, deed->method, deed->suffix,
				    lists_of_tags[row].pattern);
				judge_write(api, deed, row);
			}
		}
	}
}

/* Two read the same; the second to write is told. */
static void
lost_update_is_refused(void)
{
	for (size_t i = 0; i < GP_API_COUNT; i++) {
		const struct gp_api *api = &gp_apis[i];
		struct gp_user user = gp_person_new();
		const char *id, *path, *field;
		const struct gp_answer *first;

		if (api->deeds->method == NULL)
			continue;
		gp_test_row("%s", api->name);
		id = gp_api_adds(api, &user, "both have read this");
		path = gp_api_single(api, user.id, id);
		field = field_with("If-Match", "\"$\"", tag_of(gp_user_reads(&user, path)));
		first = GP_SEND(.method = "PUT", .path = path, .token = user.token,
		    .body = gp_api_body(api, "first"), .fields = { field });
		GP_EXPECT_ANSWER(first, 200);
		GP_EXPECT_DETAIL(GP_SEND(.method = "PUT", .path = path, .token = user.token,
				     .body = gp_api_body(api, "second"), .fields = { field }),
		    412, "Precondition Failed");
		GP_EXPECT_DETAIL(GP_SEND(.method = "DELETE", .path = path, .token = user.token,
				     .fields = { field }),
		    412, "Precondition Failed");
		GP_EXPECT(json_object_equal(gp_user_reads(&user, path)->json, first->json),
		    "the first change is lost");
		/* Who has read it since may write. */
		GP_EXPECT_ANSWER(GP_SEND(.method = "PUT", .path = path, .token = user.token,
				     .body = gp_api_body(api, "second"),
				     .fields = { field_with("If-Match", "\"$\"", tag_of(first)) }),
		    200);
	}
}

/* A toggle that was meant for another state. */
static void
toggle_of_a_stale_task_is_refused(void)
{
	const struct gp_api *d = &gp_apis[GP_API_D];
	struct gp_user user = gp_user_new();
	const char *path = gp_api_single(d, user.id, gp_api_adds(d, &user, "a"));
	const char *toggle = gp_kept_text("%s/complete", path);
	const char *field = field_with("If-Match", "\"$\"", tag_of(gp_user_reads(&user, path)));

	GP_EXPECT_ANSWER(
	    GP_SEND(.method = "PATCH", .path = toggle, .token = user.token, .fields = { field }),
	    200);
	GP_EXPECT_DETAIL(
	    GP_SEND(.method = "PATCH", .path = toggle, .token = user.token, .fields = { field }),
	    412, "Precondition Failed");
	GP_EXPECT_TASK(d, gp_user_reads(&user, path)->json, user.id, "a", NULL, true);
}

static void
refusals_come_before_412(void)
{
	static const char *const values[] = { "If-Match: *", "If-Match: \"x\"" };
	struct gp_user owner = gp_person_new(), user = gp_person_new();

	for (size_t i = 0; i < GP_API_COUNT * COUNT(values); i++) {
		const struct gp_api *api = &gp_apis[i % GP_API_COUNT];
		const char *value = values[i / GP_API_COUNT];
		const char *foreign = gp_api_adds(api, &owner, "a"),
			   *absent = gp_api_adds(api, &user, "a");

		if (api->deeds->method != NULL)
			GP_SEND(.method = "DELETE", .path = gp_api_single(api, user.id, absent),
			    .token = user.token);
		for (const struct gp_deed *deed = api->deeds; deed->method != NULL; deed++) {
			struct gp_call call = gp_api_call(api, deed, user.id, foreign, user.token);

			if (deed->method[0] != 'P' && deed->method[0] != 'D')
				continue;
			gp_test_row("%s, %s%s, %s", api->name, deed->method, deed->suffix, value);
			call.fields[0] = value;
			GP_EXPECT_DETAIL(gp_send(&call), 403, api->foreign_write);
			call = gp_api_call(api, deed, user.id, absent, user.token);
			call.fields[0] = value;
			GP_EXPECT_DETAIL(gp_send(&call), 404, api->absent);
			call.token = NULL;
			GP_EXPECT_REFUSAL(gp_send(&call), api->no_credential, false);
			call.token = user.token;
			if (!deed->has_body)
				continue;
			call.body = "{";
			GP_EXPECT_FAULT(gp_send(&call), 1, "body", NULL);
		}
	}
	GP_EXPECT(gp_user_counts(&owner) == 2 * GP_API_COUNT, "a task is gone");
}

/*
 * A list may come in as many fields as its sender likes (RFC 9110 section 5.3). Where a web server
 * keeps one of If-None-Match, that costs no more than an answer.
 */
static void
tags_in_two_fields_are_one_list(void)
{
	struct gp_user user = gp_user_new();
	const char *path = gp_user_adds(&user, "a");
	const char *tag = tag_of(gp_user_reads(&user, path));

	GP_EXPECT_DIFFERENCE(
	    GP_SEND(.path = path, .token = user.token,
		.fields = { "If-None-Match: \"x\"", field_with("If-None-Match", "\"$\"", tag) }),
	    GP_TAGS_IN_TWO_FIELDS);
	GP_EXPECT_ANSWER(GP_SEND(.method = "PATCH", .path = path, .token = user.token,
			     .body = "{\"text\":\"b\"}",
			     .fields = { "If-Match: \"x\"", field_with("If-Match", "\"$\"", tag) }),
	    200);
	GP_EXPECT_DETAIL(GP_SEND(.method = "PATCH", .path = path, .token = user.token,
			     .body = "{\"text\":\"c\"}",
			     .fields = { field_with("If-Match", "\"$\"", tag), "If-Match: \"x\"" }),
	    412, "Precondition Failed");
}

/* Time stamps are no validators here, and what they say is ignored. */
static void
dates_are_no_conditions(void)
{
	struct gp_user user = gp_user_new();
	const char *path = gp_user_adds(&user, "a");
	const struct gp_answer *answer = GP_SEND(.path = path, .token = user.token,
	    .fields = { "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT" });

	GP_EXPECT_ANSWER(answer, 200);
	GP_EXPECT(gp_answer_field(answer, "Last-Modified") == NULL, "Last-Modified is %s",
	    gp_answer_field(answer, "Last-Modified"));
	GP_EXPECT_ANSWER(GP_SEND(.method = "PATCH", .path = path, .token = user.token,
			     .body = "{\"text\":\"b\"}",
			     .fields = { "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT" }),
	    200);
}

const struct gp_test gp_condition_tests[] = {
	GP_TEST(everything_that_is_read_has_a_strong_tag),
	GP_TEST(what_is_written_has_the_tag_that_is_read),
	GP_TEST(every_change_changes_the_tag),
	GP_TEST(tag_of_a_list_knows_what_comes_and_goes),
	GP_TEST(what_is_known_is_not_sent_again),
	GP_TEST(refusals_come_before_304),
	GP_TEST(writes_need_the_tag_that_they_name),
	GP_TEST(lost_update_is_refused),
	GP_TEST(toggle_of_a_stale_task_is_refused),
	GP_TEST(refusals_come_before_412),
	GP_TEST(tags_in_two_fields_are_one_list),
	GP_TEST(dates_are_no_conditions),
	{ NULL, NULL },
};
