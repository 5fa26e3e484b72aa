/* SPDX-License-Identifier: Apache-2.0 */
/* Two formats and no more. */
#include "event_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "json_write.h"

const char gp_event_resync[] = "{\"type\":\"resync\"}";

/* Columns of task_states.sql. */
enum { ID, UUID, USER_ID, TITLE, DESCRIPTION, COMPLETED, CREATED_AT, UPDATED_AT };

static const struct {
	char kind;
	const char *type;
} types[] = {
	{ 'c', "task.created" },
	{ 'u', "task.updated" },
	{ 'f', "task.completed" },
	{ 'd', "task.deleted" },
};

static const char *
type_of(char kind)
{
	for (size_t i = 0; i < GP_COUNT(types); i++) {
		if (types[i].kind == kind)
			return types[i].type;
	}
	return NULL;
}

/* The next word of a line, up to a blank; `*rest` is behind that blank then. */
static bool
take_word(const char **rest, const char *end, char *word, size_t size)
{
	const char *blank = memchr(*rest, ' ', (size_t)(end - *rest));
	size_t length;

	if (blank == NULL)
		return false;
	length = (size_t)(blank - *rest);
	if (length == 0 || length >= size)
		return false;
	memcpy(word, *rest, length);
	word[length] = '\0';
	*rest = blank + 1;
	return true;
}

bool
gp_change_read(const char *line, size_t length, struct gp_change *change)
{
	const char *end = line + length;
	char kind[2], id[21], *id_end;

	if (!take_word(&line, end, kind, sizeof(kind)) || type_of(kind[0]) == NULL ||
	    !take_word(&line, end, id, sizeof(id)) ||
	    !take_word(&line, end, change->uuid, sizeof(change->uuid)) ||
	    strlen(change->uuid) != sizeof(change->uuid) - 1 || line == end)
		return false;
	errno = 0;
	change->id = strtoll(id, &id_end, 10);
	if (errno != 0 || *id_end != '\0' || id[strspn(id, "-0123456789")] != '\0')
		return false;
	change->kind = kind[0];
	change->user_id = line;
	change->user_length = (size_t)(end - line);
	return true;
}

static void
write_text(
    struct gp_buffer *text, const char *label, const struct gp_rows *rows, int row, int column)
{
	size_t length;
	const char *value = gp_rows_text(rows, row, column, &length);

	gp_buffer_add_text(text, label);
	if (value != NULL)
		gp_json_write_string(text, value, length);
	else
		gp_buffer_add_text(text, "null");
}

static void
write_task(
    struct gp_buffer *text, const struct gp_change *change, const struct gp_rows *rows, int row)
{
	gp_buffer_add_text(text, "{\"id\":");
	gp_buffer_add_integer(text, change->id);
	gp_buffer_add_text(text, ",\"uuid\":");
	gp_json_write_text(text, change->uuid);
	write_text(text, ",\"user_id\":", rows, row, USER_ID);
	write_text(text, ",\"title\":", rows, row, TITLE);
	write_text(text, ",\"description\":", rows, row, DESCRIPTION);
	gp_buffer_add_text(text, ",\"completed\":");
	gp_json_write_bool(text, gp_rows_bool(rows, row, COMPLETED));
	gp_buffer_add_text(text, ",\"created_at\":");
	gp_json_write_time(text, gp_rows_time_us(rows, row, CREATED_AT));
	gp_buffer_add_text(text, ",\"updated_at\":");
	gp_json_write_time(text, gp_rows_time_us(rows, row, UPDATED_AT));
	gp_buffer_add_byte(text, '}');
}

void
gp_event_write(
    struct gp_buffer *text, const struct gp_change *change, const struct gp_rows *rows, int row)
{
	gp_buffer_add_text(text, "{\"type\":");
	gp_json_write_text(text, type_of(change->kind));
	gp_buffer_add_text(text, ",\"id\":");
	gp_buffer_add_integer(text, change->id);
	gp_buffer_add_text(text, ",\"uuid\":");
	gp_json_write_text(text, change->uuid);
	gp_buffer_add_text(text, ",\"task\":");
	if (row >= 0)
		write_task(text, change, rows, row);
	else
		gp_buffer_add_text(text, "null");
	gp_buffer_add_byte(text, '}');
}

void
gp_event_write_ready(struct gp_buffer *text, const char *user_id)
{
	gp_buffer_add_text(text, "{\"type\":\"ready\",\"user_id\":");
	gp_json_write_text(text, user_id);
	gp_buffer_add_byte(text, '}');
}
