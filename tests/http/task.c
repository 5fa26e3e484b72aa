/* SPDX-License-Identifier: Apache-2.0 */
/* Judges member by member, in the words of whoever reads the failure. */
#include "task.h"

#include <json-c/json.h>
#include <string.h>
#include <time.h>

#include "expect.h"
#include "runner.h"

struct place {
	const char *file;
	unsigned line;
};

bool
gp_has_shape(const char *text, const char *shape)
{
	if (text == NULL || strlen(text) != strlen(shape))
		return false;
	for (; *text != '\0'; text++, shape++) {
		const char *allowed = *shape == 'x' ? "0123456789abcdef" : "0123456789";

		if (*shape == 'x' || *shape == '0' ? strchr(allowed, *text) == NULL
						   : *shape != *text)
			return false;
	}
	return true;
}

/* A member that is this text; NULL: null. */
static void
expect_text(const struct place *at, struct json_object *object, const char *name, const char *text)
{
	struct json_object *member = NULL;

	json_object_object_get_ex(object, name, &member);
	gp_expect(at->file, at->line, gp_test_same(gp_json_text(object, name), text),
	    "%s is %s, not %s", name, json_object_to_json_string(member),
	    text != NULL ? text : "null");
	if (text == NULL)
		gp_expect(at->file, at->line, member == NULL, "%s is not null", name);
}

static void
expect_flag(const struct place *at, struct json_object *object, const char *name, bool flag)
{
	struct json_object *member = NULL;

	json_object_object_get_ex(object, name, &member);
	gp_expect(at->file, at->line,
	    json_object_is_type(member, json_type_boolean) &&
		(json_object_get_boolean(member) != 0) == flag,
	    "%s is %s, not %s", name, json_object_to_json_string(member), flag ? "true" : "false");
}

/* RFC 3339, UTC, microseconds, and within a minute of our clock. */
static void
expect_recent_time(const struct place *at, struct json_object *object, const char *name)
{
	const char *text = gp_json_text(object, name);
	char earliest[32], latest[32];
	time_t now = time(NULL), before = now - 60, after = now + 60;
	struct tm utc;

	if (!gp_expect(at->file, at->line, gp_has_shape(text, "0000-00-00T00:00:00.000000Z"),
		"%s is %s", name, text != NULL ? text : "no text"))
		return;
	strftime(earliest, sizeof(earliest), "%Y-%m-%dT%H:%M:%S", gmtime_r(&before, &utc));
	strftime(latest, sizeof(latest), "%Y-%m-%dT%H:%M:%S", gmtime_r(&after, &utc));
	gp_expect(at->file, at->line, strcmp(text, earliest) > 0 && strcmp(text, latest) < 0,
	    "%s is %s", name, text);
}

/* A is the only one that names tasks by uuid. */
static void
expect_id(const struct place *at, const struct gp_api *api, struct json_object *object)
{
	struct json_object *id = NULL;

	json_object_object_get_ex(object, "id", &id);
	if (api == &gp_apis[GP_API_A])
		gp_expect(at->file, at->line,
		    gp_has_shape(
			gp_json_text(object, "id"), "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
		    "id is no lower-case uuid: %s", json_object_to_json_string(id));
	else
		gp_expect(at->file, at->line,
		    json_object_is_type(id, json_type_int) && json_object_get_int64(id) > 0,
		    "id is no positive integer: %s", json_object_to_json_string(id));
}

void
gp_expect_task(const char *file, unsigned line, const struct gp_api *api,
    struct json_object *object, const char *user_id, const struct gp_task *task)
{
	const struct place at = { .file = file, .line = line };

	if (!gp_expect_members(file, line, object, api->members))
		return;
	expect_id(&at, api, object);
	expect_text(&at, object, "user_id", user_id);
	expect_text(&at, object, api->title, task->title);
	expect_flag(&at, object, "completed", task->completed);
	if (api == &gp_apis[GP_API_B])
		return;
	expect_text(&at, object, "description", task->description);
	expect_recent_time(&at, object, "created_at");
	expect_recent_time(&at, object, "updated_at");
}
