/* SPDX-License-Identifier: Apache-2.0 */
/* Compares JSON with the order of its members, which is part of what the APIs promise. */
#include "random_judge.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../http/expect.h"
#include "../http/kept.h"

/* The JSON in one spelling. */
static const char *
spelled(struct json_object *value)
{
	return gp_kept_text("%s", json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN));
}

/* The body that must come, in that spelling. */
static const char *
wanted_body(const struct gp_operation *operation)
{
	struct json_object *body = gp_operation_body(operation);
	const char *text = spelled(body);

	json_object_put(body);
	return text;
}

static bool
is_unchanged(const struct gp_operation *operation, const struct gp_answer *answer)
{
	return answer->status == 304 && operation->status == 200 && operation->known_body != NULL &&
	       strcmp(operation->known_body, wanted_body(operation)) == 0;
}

static bool
judge_faults(const struct gp_operation *operation, const struct gp_answer *answer)
{
	struct json_object *faults = NULL;
	const char *wanted = spelled(gp_json_of(gp_kept_text("[%s]", operation->faults)));

	if (!GP_EXPECT_ANSWER(answer, 422) || answer->is_head)
		return answer->status == 422;
	json_object_object_get_ex(answer->json, "detail", &faults);
	return GP_EXPECT(strcmp(spelled(faults), wanted) == 0, "the faults are %s, not %s",
	    spelled(faults), wanted);
}

static bool
judge_refusal(const struct gp_operation *operation, const struct gp_answer *answer)
{
	if (operation->faults != NULL)
		return judge_faults(operation, answer);
	if (answer->is_head)
		return GP_EXPECT_ANSWER(answer, operation->status);
	return GP_EXPECT_DETAIL(answer, operation->status, operation->detail);
}

static bool
judge_secrecy(
    const struct gp_model *model, const struct gp_player *actor, const struct gp_answer *answer)
{
	const struct gp_player *stranger = gp_model_stranger(model, actor, answer->fields);

	if (stranger == NULL)
		stranger = gp_model_stranger(model, actor, answer->body);
	return GP_EXPECT(stranger == NULL, "something of %s is in %s%s",
	    stranger != NULL ? stranger->marker : "", answer->fields, answer->body);
}

bool
gp_judge_outcome(const struct gp_model *model, const struct gp_operation *operation,
    const struct gp_answer *answer)
{
	if (!judge_secrecy(model, operation->actor, answer))
		return false;
	if (!gp_operation_succeeds(operation))
		return judge_refusal(operation, answer);
	return is_unchanged(operation, answer) || GP_EXPECT_ANSWER(answer, operation->status);
}

/* --- lists --- */

/* A number behind `name` in a query, at the first place where it stands. */
static bool
has_number(const char *query, const char *name, size_t number)
{
	const char *wanted = gp_kept_text("%s=%zu", name, number);
	const char *found = strstr(query, wanted);

	return found != NULL && (found == query || found[-1] == '&') &&
	       strchr("&", found[strlen(wanted)]) != NULL;
}

/* Whether the filter is there that the list was read with. */
static bool
keeps_filter(const char *query, const struct gp_page *page)
{
	const char *given = strstr(query, "completed=");

	if (!page->has_completed)
		return given == NULL || strchr("&", given[strlen("completed=")]) != NULL;
	if (given == NULL)
		return false;
	given += strlen("completed=");
	return strchr(page->completed ? "tT1yYoO" : "fF0nNoO", given[0]) != NULL;
}

static char
decoded(const char **text)
{
	char digits[3] = { 0 };

	if (**text != '%')
		return *(*text)++;
	digits[0] = (*text)[1];
	digits[1] = (*text)[2];
	*text += 3;
	return (char)strtol(digits, NULL, 16);
}

/* Whether two paths, up to their queries, are the same once decoded. */
static bool
is_same_path(const char *one, const char *other)
{
	while (*one != '\0' && *one != '?' && *other != '\0' && *other != '?') {
		if (decoded(&one) != decoded(&other))
			return false;
	}
	return (*one == '\0' || *one == '?') && (*other == '\0' || *other == '?');
}

/* The target of `<target>; rel="next"`, NULL when the field is anything else. */
static const char *
target_of(const char *link)
{
	static const char end[] = ">; rel=\"next\"";
	size_t length = strlen(link);

	if (link[0] != '<' || link[1] != '/' || length < sizeof(end) ||
	    strcmp(link + length - strlen(end), end) != 0)
		return NULL;
	return gp_kept_bytes(link + 1, length - 1 - strlen(end));
}

static bool
judge_target(const struct gp_operation *operation, const char *target, const struct gp_page *next)
{
	const char *query = target != NULL ? strchr(target, '?') : NULL;

	return GP_EXPECT(query != NULL && is_same_path(target, operation->call.path) &&
			     has_number(query + 1, "limit", next->limit) &&
			     has_number(query + 1, "offset", next->offset) &&
			     keeps_filter(query + 1, next),
	    "Link leads to %s", target != NULL ? target : "no next page");
}

/* A link to the next page exactly when there is one. */
static bool
judge_link(const struct gp_operation *operation, const struct gp_answer *answer)
{
	struct gp_list_read *next_page = &operation->actor->next_page;
	struct gp_list list = gp_model_list(operation->actor, &operation->page);
	struct gp_page next = operation->page;
	const char *link = gp_answer_field(answer, "Link");
	bool goes_on = list.matching > next.limit + next.offset;

	*next_page = (struct gp_list_read){ .path = NULL };
	if (!GP_EXPECT((link != NULL) == goes_on, "%zu of %zu tasks, Link is %s", list.count,
		list.matching, link != NULL ? link : "absent") ||
	    !goes_on)
		return !goes_on && link == NULL;
	next.offset += next.limit;
	*next_page =
	    (struct gp_list_read){ .path = target_of(link), .api = operation->api, .page = next };
	return judge_target(operation, next_page->path, &next);
}

static void
remember_list(const struct gp_operation *operation, const char *tag, const char *body)
{
	operation->actor->last_list = (struct gp_list_read){ .path = operation->call.path,
		.tag = tag,
		.body = body,
		.api = operation->api,
		.page = operation->page,
		.changes = operation->actor->changes };
}

/* --- successes --- */

static bool
judge_tag(const struct gp_operation *operation, const struct gp_answer *answer)
{
	const char *tag = gp_answer_field(answer, "ETag");

	if (operation->act == GP_ACT_DELETE)
		return true;
	if (!GP_EXPECT(tag != NULL && tag[0] == '"' && strlen(tag) > 2, "ETag is %s",
		tag != NULL ? tag : "absent"))
		return false;
	return operation->item == NULL ||
	       GP_EXPECT(gp_model_take_tag(operation->item, operation->api, tag),
		   "ETag %s does not fit those before", tag);
}

bool
gp_judge_success(const struct gp_operation *operation, const struct gp_answer *answer)
{
	const char *wanted = wanted_body(operation);
	bool has_body = !answer->is_head && answer->status != 204 && answer->status != 304;

	if (has_body && !GP_EXPECT(strcmp(spelled(answer->json), wanted) == 0,
			    "the body is %s, not %s", spelled(answer->json), wanted))
		return false;
	if (!judge_tag(operation, answer))
		return false;
	if (operation->act != GP_ACT_LIST || answer->status == 304)
		return true;
	if (has_body)
		remember_list(operation, gp_answer_field(answer, "ETag"), wanted);
	return judge_link(operation, answer);
}
