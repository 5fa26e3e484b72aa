/* SPDX-License-Identifier: Apache-2.0 */
/* Turns judgements into CUnit's assertions, with a text of our own as the condition. */
#include "expect.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"
#include "runner.h"

bool
gp_expect(const char *file, unsigned line, bool holds, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* One line, even where a web server's page is quoted. */
	for (char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20)
			*c = ' ';
	}
	CU_assertImplementation(holds, line, text, file, "", CU_FALSE);
	return holds;
}

/* A field must be there with exactly this value. */
static void
expect_field(const char *file, unsigned line, const struct gp_answer *answer, const char *name,
    const char *value)
{
	const char *given = gp_answer_field(answer, name);

	gp_expect(file, line, given != NULL && strcmp(given, value) == 0, "%s: %s is %s, not %s",
	    answer->call, name, given != NULL ? given : "absent", value);
}

/* RFC 9110 sections 15.3.5 and 15.4.5. */
static bool
has_no_content(const struct gp_answer *answer)
{
	return answer->status == 204 || answer->status == 304;
}

/* RFC 9110 section 8.6: with 204 no length may be told, with 304 not that of nothing. */
static void
expect_nothing(const char *file, unsigned line, const struct gp_answer *answer)
{
	gp_expect(file, line,
	    answer->body_length == 0 && gp_answer_field(answer, "Content-Length") == NULL &&
		gp_answer_field(answer, "Content-Type") == NULL &&
		gp_answer_field(answer, "Transfer-Encoding") == NULL,
	    "%s: content with status %d: %.300s %.300s", answer->call, answer->status,
	    answer->fields, answer->body);
}

static void
expect_length(const char *file, unsigned line, const struct gp_answer *answer)
{
	const char *given = gp_answer_field(answer, "Content-Length");
	long length = given != NULL ? atol(given) : -1;

	if (answer->is_head)
		gp_expect(file, line, answer->body_length == 0 && length > 0,
		    "%s: %zu bytes, Content-Length %ld", answer->call, answer->body_length, length);
	else
		gp_expect(file, line, length == (long)answer->body_length,
		    "%s: Content-Length is %s, the body has %zu bytes", answer->call,
		    given != NULL ? given : "absent", answer->body_length);
}

static void
expect_request_id(const char *file, unsigned line, const struct gp_answer *answer)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
	const char *given = gp_answer_field(answer, "X-Request-Id");

	gp_expect(file, line,
	    given != NULL && given[0] != '\0' && strlen(given) <= 64 &&
		strspn(given, plain) == strlen(given),
	    "%s: X-Request-Id is %s", answer->call, given != NULL ? given : "absent");
}

static void
expect_challenge(const char *file, unsigned line, const struct gp_answer *answer)
{
	const char *given = gp_answer_field(answer, "WWW-Authenticate");

	if (answer->status == 401)
		gp_expect(file, line, given != NULL && strncmp(given, "Bearer", 6) == 0,
		    "%s: WWW-Authenticate is %s", answer->call, given != NULL ? given : "absent");
	else
		gp_expect(file, line, given == NULL, "%s: WWW-Authenticate with status %d",
		    answer->call, answer->status);
}

static void
expect_content(const char *file, unsigned line, const struct gp_answer *answer)
{
	expect_field(file, line, answer, "Content-Type", "application/json");
	expect_length(file, line, answer);
	gp_expect(file, line, answer->is_head || answer->is_json, "%s: the body is no JSON: %.300s",
	    answer->call, answer->body);
}

bool
gp_expect_answer(const char *file, unsigned line, const struct gp_answer *answer, int status)
{
	bool right =
	    gp_expect(file, line, answer->status == status, "%s: status %d, not %d; body: %.300s",
		answer->call, answer->status, status, answer->body);

	if (answer->status == 0)
		return false;
	expect_field(file, line, answer, "Cache-Control", "no-store");
	expect_field(file, line, answer, "Vary", "Origin");
	expect_field(file, line, answer, "X-Content-Type-Options", "nosniff");
	expect_request_id(file, line, answer);
	expect_challenge(file, line, answer);
	if (has_no_content(answer))
		expect_nothing(file, line, answer);
	else
		expect_content(file, line, answer);
	return right;
}

bool
gp_expect_detail(
    const char *file, unsigned line, const struct gp_answer *answer, int status, const char *detail)
{
	const char *given = gp_json_text(answer->json, "detail");

	if (!gp_expect_answer(file, line, answer, status))
		return false;
	return gp_expect(file, line,
	    given != NULL && strcmp(given, detail) == 0 &&
		json_object_object_length(answer->json) == 1,
	    "%s: the body is %.300s, not {\"detail\":\"%s\"}", answer->call, answer->body, detail);
}

bool
gp_expect_body(
    const char *file, unsigned line, const struct gp_answer *answer, int status, const char *json)
{
	if (!gp_expect_answer(file, line, answer, status))
		return false;
	return gp_expect(file, line, json_object_equal(answer->json, gp_json_of(json)) != 0,
	    "%s: the body is %.400s, not %.400s", answer->call, answer->body, json);
}

bool
gp_expect_refusal(const char *file, unsigned line, const struct gp_answer *answer,
    const char *detail, bool token_given)
{
	const char *challenge = gp_answer_field(answer, "WWW-Authenticate");
	const char *given = gp_json_text(answer->json, "detail");
	size_t length = strlen(detail);
	bool with_reason = length > 0 && detail[length - 1] == ' ';

	if (!gp_expect_answer(file, line, answer, 401) || challenge == NULL || given == NULL)
		return gp_expect(file, line, false, "%s: no challenge or no detail: %.300s",
		    answer->call, answer->body);
	gp_expect(file, line, (strstr(challenge, "error=\"invalid_token\"") != NULL) == token_given,
	    "%s: WWW-Authenticate is %s", answer->call, challenge);
	if (!with_reason)
		return gp_expect(file, line, strcmp(given, detail) == 0, "%s: detail is %s, not %s",
		    answer->call, given, detail);
	/* No more than a few words: a reason that tells nothing of the token. */
	return gp_expect(file, line,
	    strncmp(given, detail, length) == 0 && strlen(given) > length && strlen(given) < 60,
	    "%s: detail is %s, not %s and a reason", answer->call, given, detail);
}

/* Whether a list of words, between which are spaces, commas or both, has this one. */
static bool
has_word(const char *list, const char *word, size_t length)
{
	for (const char *c = list; *c != '\0'; c += strspn(c, ", ")) {
		size_t other = strcspn(c, ", ");

		if (other == length && strncmp(c, word, length) == 0)
			return true;
		c += other;
	}
	return false;
}

static size_t
count_words(const char *list)
{
	size_t count = 0;

	for (const char *c = list; *c != '\0'; c += strspn(c, ", "), count++)
		c += strcspn(c, ", ");
	return count;
}

bool
gp_expect_allow(
    const char *file, unsigned line, const struct gp_answer *answer, const char *methods)
{
	const char *allow = gp_answer_field(answer, "Allow");
	bool all = allow != NULL && count_words(allow) == count_words(methods);

	for (const char *c = methods; all && *c != '\0'; c += strspn(c, " ")) {
		all = has_word(allow, c, strcspn(c, " "));
		c += strcspn(c, " ");
	}
	return gp_expect(file, line, all, "%s: Allow is %s, not %s", answer->call,
	    allow != NULL ? allow : "absent", methods);
}

bool
gp_expect_members(const char *file, unsigned line, struct json_object *object, const char *names)
{
	const char *given = "";

	if (!gp_expect(file, line, json_object_is_type(object, json_type_object), "no object: %s",
		json_object_to_json_string(object)))
		return false;
	/* json-c keeps the order in which it read them. */
	json_object_object_foreach(object, name, value)
	{
		(void)value;
		given = gp_kept_text("%s%s%s", given, given[0] != '\0' ? " " : "", name);
	}
	return gp_expect(
	    file, line, strcmp(given, names) == 0, "the members are %s, not %s", given, names);
}

/* Whether this is {"loc": [place, name], "msg": …, "type": …}. */
static bool
is_fault_at(struct json_object *fault, const char *place, const char *name)
{
	struct json_object *loc;
	const char *msg = gp_json_text(fault, "msg");
	const char *type = gp_json_text(fault, "type");
	size_t length = name != NULL ? 2 : 1;

	if (msg == NULL || msg[0] == '\0' || type == NULL || type[0] == '\0' ||
	    !json_object_object_get_ex(fault, "loc", &loc) ||
	    !json_object_is_type(loc, json_type_array) ||
	    (name == NULL ? json_object_array_length(loc) == 0
			  : json_object_array_length(loc) != length))
		return false;
	if (strcmp(json_object_get_string(json_object_array_get_idx(loc, 0)), place) != 0)
		return false;
	return name == NULL ||
	       strcmp(json_object_get_string(json_object_array_get_idx(loc, 1)), name) == 0;
}

bool
gp_expect_fault(const char *file, unsigned line, const struct gp_answer *answer, int count,
    const char *place, const char *name)
{
	struct json_object *faults = NULL;
	bool found = false;
	size_t given = 0;

	if (!gp_expect_answer(file, line, answer, 422))
		return false;
	if (json_object_object_get_ex(answer->json, "detail", &faults) &&
	    json_object_is_type(faults, json_type_array))
		given = json_object_array_length(faults);
	for (size_t i = 0; i < given; i++)
		found = found || is_fault_at(json_object_array_get_idx(faults, i), place, name);
	return gp_expect(file, line, found && given == (size_t)count,
	    "%s: no fault at [%s, %s], or not %d in all: %.300s", answer->call, place,
	    name != NULL ? name : "…", count, answer->body);
}

bool
gp_expect_server(
    const char *file, unsigned line, const struct gp_answer *answer, int first, int second)
{
	return gp_expect(file, line,
	    answer->status != 0 && (answer->status == first || answer->status == second),
	    "%s: status %d, not %d or %d; body: %.300s", answer->call, answer->status, first,
	    second, answer->body);
}

bool
gp_expect_settled(const char *file, unsigned line, const struct gp_answer *answer, int status)
{
	if (status > 0)
		return gp_expect_answer(file, line, answer, status);
	return gp_expect_server(file, line, answer, -status, -status) &&
	       gp_expect(file, line, gp_answer_field(answer, "X-Request-Id") == NULL,
		   "%s: gatepost was asked", answer->call);
}
