/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the routes of all dialects by heart. */
#include "stage.h"

#include <stdint.h>
#include <string.h>

#include "api.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "people.h"

#define TASK "{\"title\":\"a\",\"text\":\"a\"}"

/* What other people's texts have in them, and no request. */
static const char secret[] = "not-for-you";

/* What removes or changes goes to the other user's task: it must not happen, whatever is tried. */
const struct gp_stage_route gp_stage_routes[] = {
	{ "GET", "/tasks", NULL, true },
	{ "POST", "/tasks", TASK, false },
	{ "GET", "/tasks/$", NULL, false },
	{ "PUT", "/tasks/$", TASK, true },
	{ "GET", "/tasks/~", NULL, false },
	{ "PATCH", "/tasks/~", TASK, false },
	{ "DELETE", "/tasks/~", NULL, false },
	{ "GET", "/api/v1/todos", NULL, true },
	{ "POST", "/todos/", TASK, true },
	{ "GET", "/todos/#", NULL, false },
	{ "PATCH", "/api/v1/todos/#", TASK, false },
	{ "PUT", "/todos/!", TASK, false },
	{ "DELETE", "/api/v1/todos/!", NULL, true },
	{ "GET", "/api/v1/@/tasks", NULL, true },
	{ "POST", "/api/v1/@/tasks", TASK, false },
	{ "GET", "/api/v1/me/profile", NULL, false },
	{ "GET", "/api/@/tasks", NULL, true },
	{ "POST", "/api/@/tasks", TASK, true },
	{ "GET", "/api/@/tasks/#", NULL, false },
	{ "PUT", "/api/@/tasks/#", TASK, false },
	{ "GET", "/api/@/tasks/!", NULL, false },
	{ "DELETE", "/api/@/tasks/!", NULL, false },
	{ "PATCH", "/api/@/tasks/#/complete", NULL, true },
	{ "PATCH", "/api/@/tasks/!/complete", NULL, false },
	{ "GET", "/healthz", NULL, true },
	{ "GET", "/readyz", NULL, false },
	{ "GET", "/openapi.json", NULL, false },
	{ "GET", "/metrics", NULL, false },
};
const size_t gp_stage_route_count = sizeof(gp_stage_routes) / sizeof(gp_stage_routes[0]);

bool
gp_stage_turn(void)
{
	enum { TURNS = 7 };
	/* C11's own example of rand(): at random, so that no route and no abuse is left out for
	 * good. */
	static uint32_t state = 1;

	state = state * 1103515245U + 12345U;
	return !gp_server_is_cgi(gp_instance.server) || (state >> 16) % TURNS == 0;
}

static const struct gp_answer *
read_list(const struct gp_user *user)
{
	return gp_user_reads(user, gp_api_list(&gp_apis[GP_API_D], user->id));
}

struct gp_stage
gp_stage_set(void)
{
	struct gp_stage stage = { .user = gp_person_new(), .other = gp_person_new() };

	stage.uuid = gp_api_adds(&gp_apis[GP_API_A], &stage.user, "a");
	stage.number = gp_api_adds(&gp_apis[GP_API_D], &stage.user, "a");
	stage.other_uuid = gp_api_adds(&gp_apis[GP_API_A], &stage.other, secret);
	stage.other_number = gp_api_adds(&gp_apis[GP_API_D], &stage.other, secret);
	stage.other_before = read_list(&stage.other)->body;
	return stage;
}

/* What a letter in a route's path stands for, NULL for any other letter. */
static const char *
meaning(const struct gp_stage *stage, char letter)
{
	switch (letter) {
	case '@': return stage->user.id;
	case '#': return stage->number;
	case '$': return stage->uuid;
	case '!': return stage->other_number;
	case '~': return stage->other_uuid;
	default: return NULL;
	}
}

const char *
gp_stage_path(const struct gp_stage *stage, const struct gp_stage_route *route)
{
	size_t length = strcspn(route->path, "@#$!~");
	const char *path = gp_kept_bytes(route->path, length);

	for (const char *c = route->path + length; *c != '\0'; c += length) {
		length = strcspn(c + 1, "@#$!~") + 1;
		path = gp_kept_text("%s%s%.*s", path, meaning(stage, *c), (int)length - 1, c + 1);
	}
	return path;
}

/* Whether the fields are lines of printable bytes, and none of them is of the client's making. */
static bool
are_sound(const char *fields)
{
	for (const char *c = fields; *c != '\0'; c++) {
		bool is_end = c[0] == '\r' ? c[1] == '\n' : c[0] == '\n' && c[-1] == '\r';

		if (((unsigned char)*c < 0x20 || *c == 0x7f) && !is_end)
			return false;
	}
	return strstr(fields, "\nX-Evil") == NULL;
}

void
gp_stage_expect_tame(const char *file, unsigned line, const struct gp_answer *answer)
{
	const char *type = gp_answer_field(answer, "Content-Type");

	/* Metrics are a text for their reader; all else that gatepost says is JSON. */
	if (type != NULL && strncmp(type, "text/plain; version", 19) == 0)
		gp_expect(file, line, answer->status == 200, "%s: status %d", answer->call,
		    answer->status);
	else if (gp_answer_field(answer, "X-Request-Id") != NULL)
		gp_expect_answer(file, line, answer, answer->status);
	else
		gp_expect(
		    file, line, answer->status >= 400, "status %d, and not ours", answer->status);
	gp_expect(file, line, answer->status < 500, "%s: status %d: %s%.200s", answer->call,
	    answer->status, answer->fields, answer->body);
	gp_expect(file, line, strstr(answer->body, secret) == NULL && are_sound(answer->fields),
	    "%s: too much was told: %s%s", answer->call, answer->fields, answer->body);
}

void
gp_stage_expect_whole(const char *file, unsigned line, const struct gp_stage *stage)
{
	const struct gp_answer *list = read_list(&stage->other);

	gp_expect(file, line, list->status == 200 && strcmp(list->body, stage->other_before) == 0,
	    "the other user's list is now %d %s, not %s", list->status, list->body,
	    stage->other_before);
}
