/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is an environment, its texts ended by NUL and the last one empty; then a byte that says
 * what becomes of the body: `l` much filler follows it, `c` it breaks off; then the body.
 */
#include "request.h"

#include <stdbool.h>

#include "fuzz.h"
#include "utf8.h"

/* More variables than this are not handed on. */
enum { VARIABLES_MAX = 64 };

/* What follows a long body, up to a little over the limit. */
enum { FILLER = '.', TOTAL_MAX = GP_BODY_LENGTH_MAX + 2 };

/* A body on its way in, by as much as is asked for. */
struct body {
	const uint8_t *bytes;
	size_t length;
	size_t total; /* with its filler */
	size_t given;
	bool breaks_off;
};

static long
give(void *context, char *bytes, size_t size)
{
	struct body *body = context;
	size_t count = body->total - body->given < size ? body->total - body->given : size;
	size_t filled = body->given < body->length ? body->length - body->given : 0;

	if (body->breaks_off && count < size)
		return -1;
	if (filled > count)
		filled = count;
	memcpy(bytes, body->bytes + (filled > 0 ? body->given : 0), filled);
	memset(bytes + filled, FILLER, count - filled);
	body->given += count;
	return (long)count;
}

/* The environment's texts; returns what stands behind them. */
static const char *
cut(char *text, const char *end, char *environment[VARIABLES_MAX + 1])
{
	size_t count = 0;

	while (text < end && *text != '\0') {
		if (count < VARIABLES_MAX)
			environment[count++] = text;
		text += strlen(text) + 1;
	}
	environment[count] = NULL;
	return text < end ? text + 1 : end;
}

/* Of the members below the first so many are never NULL. */
enum { NEVER_NULL = 4 };

/* What each member is kept from, looked for one by one and in no order. */
static const struct {
	const char *name;
	size_t offset;
} variables[] = {
	{ "SCRIPT_NAME", offsetof(struct gp_request, script_name) },
	{ "REQUEST_METHOD", offsetof(struct gp_request, method) },
	{ "QUERY_STRING", offsetof(struct gp_request, query) },
	{ "PATH_INFO", offsetof(struct gp_request, path_info) },
	{ "HTTP_AUTHORIZATION", offsetof(struct gp_request, authorization) },
	{ "CONTENT_TYPE", offsetof(struct gp_request, content_type) },
	{ "CONTENT_LENGTH", offsetof(struct gp_request, content_length) },
	{ "HTTP_X_REQUEST_ID", offsetof(struct gp_request, request_id) },
	{ "REMOTE_ADDR", offsetof(struct gp_request, remote_address) },
	{ "REQUEST_URI", offsetof(struct gp_request, target) },
	{ "HTTP_ORIGIN", offsetof(struct gp_request, origin) },
	{ "HTTP_ACCESS_CONTROL_REQUEST_METHOD", offsetof(struct gp_request, preflight_method) },
	{ "HTTP_ACCESS_CONTROL_REQUEST_HEADERS", offsetof(struct gp_request, preflight_fields) },
	{ "HTTP_IF_MATCH", offsetof(struct gp_request, if_match) },
	{ "HTTP_IF_NONE_MATCH", offsetof(struct gp_request, if_none_match) },
};

/* The first value of this name, and how many there are; NULL without any. */
static const char *
find(char *const *environment, const char *name, size_t *count)
{
	size_t length = strlen(name);
	const char *found = NULL;

	*count = 0;
	for (; *environment != NULL; environment++) {
		if (strncmp(*environment, name, length) != 0 || (*environment)[length] != '=')
			continue;
		if (found == NULL)
			found = *environment + length + 1;
		++*count;
	}
	return found;
}

static bool
is_forwarded(char *const *environment)
{
	static const char *const names[] = { "HTTP_VIA", "HTTP_FORWARDED", "HTTP_X_FORWARDED",
		"HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP" };
	size_t count;

	for (size_t i = 0; i < GP_COUNT(names); i++) {
		if (find(environment, names[i], &count) != NULL)
			return true;
	}
	return false;
}

static void
judge_variables(const struct gp_request *request, char *const *environment)
{
	const char *wanted;
	size_t count;

	for (size_t i = 0; i < GP_COUNT(variables); i++) {
		const char *member;

		memcpy(&member, (const char *)request + variables[i].offset, sizeof(member));
		wanted = find(environment, variables[i].name, &count);
		GP_FUZZ_REQUIRE(
		    member == wanted || (wanted == NULL && member[0] == '\0' && i < NEVER_NULL));
	}
	wanted = find(environment, "HTTP_X_FORWARDED_FOR", &count);
	if (count > 1)
		GP_FUZZ_REQUIRE(request->forwarded_for[0] == '\0');
	else
		GP_FUZZ_REQUIRE(request->forwarded_for == wanted);
	wanted = find(environment, "HTTP_X_FORWARDED_PROTO", &count);
	if (count > 1)
		GP_FUZZ_REQUIRE(request->forwarded_proto[0] == '\0');
	else
		GP_FUZZ_REQUIRE(request->forwarded_proto == wanted);
	GP_FUZZ_REQUIRE((request->other_forwarding != NULL) == is_forwarded(environment));
}

/* Whether a slash was sent encoded, before the query. */
static bool
has_encoded_slash(const char *target)
{
	size_t length = target != NULL ? strcspn(target, "?") : 0;

	for (size_t i = 0; i + 2 < length; i++) {
		if (strncmp(target + i, "%2F", 3) == 0 || strncmp(target + i, "%2f", 3) == 0)
			return true;
	}
	return false;
}

static void
judge_path(const struct gp_request *request, const char *mount_path, struct gp_arena *arena)
{
	const char *path = NULL;
	size_t whole = strlen(request->script_name) + strlen(request->path_info);
	enum gp_outcome outcome = gp_request_path(request, mount_path, arena, &path);

	GP_FUZZ_REQUIRE(outcome == GP_OK || outcome == GP_BAD_PATH || outcome == GP_BAD_ROUTE);
	if (outcome != GP_OK)
		return;
	GP_FUZZ_REQUIRE(path[0] == '/');
	GP_FUZZ_REQUIRE(!has_encoded_slash(request->target));
	GP_FUZZ_REQUIRE(gp_utf8_is_valid(path, strlen(path)));
	GP_FUZZ_REQUIRE(strlen(path) + strlen(mount_path) <= whole || strcmp(path, "/") == 0);
	for (const char *c = path; *c != '\0'; c++)
		GP_FUZZ_REQUIRE((unsigned char)*c >= 0x20 && *c != 0x7f &&
				!(c[0] == '\xc2' && (unsigned char)c[1] < 0xa0));
}

static void
judge_body(struct gp_request *request, const struct body *given, struct gp_arena *arena)
{
	char *body = NULL;
	size_t length = 0;
	enum gp_outcome outcome = gp_request_body(request, arena, &body, &length);

	GP_FUZZ_REQUIRE(outcome == GP_OK || outcome == GP_BAD_SIZE || outcome == GP_BAD_LENGTH ||
			outcome == GP_BAD_BODY_CUT);
	if (outcome == GP_OK) {
		GP_FUZZ_REQUIRE(!given->breaks_off && length == given->total);
		GP_FUZZ_REQUIRE(length <= GP_BODY_LENGTH_MAX && body[length] == '\0');
		GP_FUZZ_REQUIRE(memcmp(body, given->bytes, given->length) == 0);
		GP_FUZZ_REQUIRE(length == given->length || body[length - 1] == FILLER);
		if (request->content_length != NULL && request->content_length[0] != '\0')
			GP_FUZZ_REQUIRE(strtoul(request->content_length, NULL, 10) == length);
	}
	gp_request_drain(request);
	if (!given->breaks_off && given->total < GP_BODY_LENGTH_MAX)
		GP_FUZZ_REQUIRE(given->given == given->total && request->body_ended);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_arena *arena;
	char *environment[VARIABLES_MAX + 1];
	char *text = gp_fuzz_copy(data, size);
	const char *rest = cut(text, text + size, environment);
	char kind = *rest; /* at the very end it is the NUL there */
	struct body body = { .breaks_off = kind == 'c' };
	struct gp_request request = { .read_body = give, .body_context = &body };

	if (arena == NULL)
		arena = gp_arena_new();
	GP_FUZZ_REQUIRE(arena != NULL);
	if (rest < text + size)
		rest++;
	body.bytes = (const uint8_t *)rest;
	body.length = (size_t)(text + size - rest);
	body.total = body.length;
	if (kind == 'l') /* the length decides how much: some cross a read, a few the limit */
		body.total += body.length * body.length * 64;
	if (body.total > TOTAL_MAX)
		body.total = TOTAL_MAX;
	gp_request_read_environment(&request, environment);
	judge_variables(&request, environment);
	judge_path(&request, "", arena);
	judge_path(&request, "/api", arena);
	judge_body(&request, &body, arena);
	gp_arena_reset(arena);
	free(text);
	return 0;
}
