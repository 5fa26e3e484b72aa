/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of a notification, which any role of the database may send. What is read is what was
 * written: put together again it gives the same change, and the message about it is JSON.
 */
#include "../../notify/event_text.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdbool.h>

#include "fuzz.h"
#include "utf8.h"

static bool
is_text(const char *text, size_t length)
{
	return memchr(text, '\0', length) == NULL && gp_utf8_is_valid(text, length);
}

/* The change in the only form that writers give it. */
static void
judge_line(const struct gp_change *change)
{
	char head[80], *line;
	size_t length;
	struct gp_change again;

	length = (size_t)snprintf(
	    head, sizeof(head), "%c %" PRId64 " %s ", change->kind, change->id, change->uuid);
	GP_FUZZ_REQUIRE(length < sizeof(head));
	line = malloc(length + change->user_length);
	GP_FUZZ_REQUIRE(line != NULL);
	memcpy(line, head, length);
	memcpy(line + length, change->user_id, change->user_length);
	GP_FUZZ_REQUIRE(gp_change_read(line, length + change->user_length, &again));
	GP_FUZZ_REQUIRE(again.kind == change->kind && again.id == change->id);
	GP_FUZZ_REQUIRE(strcmp(again.uuid, change->uuid) == 0);
	GP_FUZZ_REQUIRE(again.user_id == line + length);
	GP_FUZZ_REQUIRE(again.user_length == change->user_length);
	/* Without its user it is none, whatever it was cut to. */
	for (size_t cut = 0; cut <= length; cut++)
		GP_FUZZ_REQUIRE(!gp_change_read(line, cut, &again));
	free(line);
}

static const char *
text_of(struct json_object *object, const char *name)
{
	return json_object_get_string(json_object_object_get(object, name));
}

static void
judge_message(const struct gp_change *change, struct gp_arena *arena)
{
	struct gp_buffer text;
	struct json_object *message;
	const char *type;

	gp_buffer_init(&text, arena);
	gp_event_write(&text, change, NULL, -1);
	gp_buffer_add_byte(&text, '\0');
	GP_FUZZ_REQUIRE(gp_buffer_complete(&text));
	message = json_tokener_parse(text.bytes);
	GP_FUZZ_REQUIRE(message != NULL && json_object_object_length(message) == 4);
	type = text_of(message, "type");
	GP_FUZZ_REQUIRE(strncmp(type, "task.", strlen("task.")) == 0);
	GP_FUZZ_REQUIRE(type[strlen("task.")] == (change->kind == 'f' ? 'c' : change->kind));
	GP_FUZZ_REQUIRE(json_object_get_int64(json_object_object_get(message, "id")) == change->id);
	GP_FUZZ_REQUIRE(strcmp(text_of(message, "uuid"), change->uuid) == 0);
	GP_FUZZ_REQUIRE(json_object_object_get(message, "task") == NULL);
	json_object_put(message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gp_arena *arena;
	/* Of exactly that size, without a NUL. */
	char *line = malloc(size > 0 ? size : 1);
	struct gp_change change;

	if (arena == NULL)
		arena = gp_arena_new();
	GP_FUZZ_REQUIRE(arena != NULL && line != NULL);
	if (size > 0)
		memcpy(line, data, size);
	if (gp_change_read(line, size, &change)) {
		GP_FUZZ_REQUIRE(strchr("cufd", change.kind) != NULL && change.kind != '\0');
		GP_FUZZ_REQUIRE(strlen(change.uuid) == 36 && strchr(change.uuid, ' ') == NULL);
		GP_FUZZ_REQUIRE(change.user_length > 0);
		GP_FUZZ_REQUIRE(change.user_id + change.user_length == line + size);
		judge_line(&change);
		if (is_text(change.uuid, strlen(change.uuid)))
			judge_message(&change, arena);
	}
	gp_arena_reset(arena);
	free(line);
	return 0;
}
