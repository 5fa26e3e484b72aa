/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the table of a form. */
#include "task_form.h"

#include "json_write.h"

/* Longest title and description in characters: a page of text, and ten of them in a request body.
 */
enum { TEXT_CHARACTERS_MAX = 10000 };

const struct gp_task_member gp_task_members[] = {
	GP_TASK_MEMBER("id", GP_TASK_ID),
	GP_TASK_MEMBER("user_id", GP_TASK_USER_ID),
	GP_TASK_MEMBER("title", GP_TASK_TITLE),
	GP_TASK_MEMBER("description", GP_TASK_DESCRIPTION),
	GP_TASK_MEMBER("completed", GP_TASK_COMPLETED),
	GP_TASK_MEMBER("created_at", GP_TASK_CREATED_AT),
	GP_TASK_MEMBER("updated_at", GP_TASK_UPDATED_AT),
	{ .name = NULL },
};

static const char *
title_name(const struct gp_task_form *form)
{
	const struct gp_task_member *member = form->members;

	while (member->name != NULL && member->column != GP_TASK_TITLE)
		member++;
	return member->name;
}

void
gp_task_form_body(
    const struct gp_task_form *form, bool is_new, struct gp_field fields[GP_TASK_FIELD_COUNT])
{
	fields[GP_TASK_FIELD_TITLE] = (struct gp_field){
		.name = title_name(form),
		.type = GP_FIELD_TEXT,
		.required = is_new,
		.least = 1,
		.most = TEXT_CHARACTERS_MAX,
	};
	fields[GP_TASK_FIELD_DESCRIPTION] = (struct gp_field){
		.name = "description",
		.type = GP_FIELD_TEXT,
		.nullable = true,
		.most = TEXT_CHARACTERS_MAX,
	};
	fields[GP_TASK_FIELD_COMPLETED] = (struct gp_field){
		.name = "completed",
		.type = GP_FIELD_BOOL,
	};
}

size_t
gp_task_form_page(const struct gp_task_form *form, struct gp_field fields[GP_PAGE_FIELD_COUNT])
{
	fields[GP_PAGE_LIMIT] = (struct gp_field){
		.name = "limit",
		.type = GP_FIELD_INTEGER,
		.least = 1,
		.most = form->page_most,
		.fallback = form->page_default,
	};
	fields[GP_PAGE_OFFSET] = (struct gp_field){
		.name = "offset",
		.type = GP_FIELD_INTEGER,
		.most = INT64_MAX,
	};
	fields[GP_PAGE_COMPLETED] = (struct gp_field){
		.name = "completed",
		.type = GP_FIELD_BOOL,
		.nullable = true,
	};
	return form->filters ? GP_PAGE_COMPLETED : GP_PAGE_LIMIT;
}

struct gp_field
gp_task_form_key(const struct gp_task_form *form)
{
	static const enum gp_field_type types[GP_TASK_KEY_COUNT] = {
		[GP_TASK_BY_UUID] = GP_FIELD_UUID,
		[GP_TASK_BY_ID] = GP_FIELD_ID,
	};

	return (
	    struct gp_field){ .name = form->key_name, .type = types[form->key], .required = true };
}

static void
write_text(struct gp_buffer *body, const struct gp_rows *rows, int row, enum gp_task_column column)
{
	size_t length;
	const char *text = gp_rows_text(rows, row, (int)column, &length);

	if (text != NULL)
		gp_json_write_string(body, text, length);
	else
		gp_buffer_add_text(body, "null");
}

static void
write_uuid(struct gp_buffer *body, const struct gp_rows *rows, int row)
{
	const unsigned char *uuid = gp_rows_uuid(rows, row, GP_TASK_UUID);

	/* Never null in a task: else the rows are unsound, and the handler asks for that. */
	if (uuid != NULL)
		gp_json_write_uuid(body, uuid);
}

static void
write_column(
    struct gp_buffer *body, const struct gp_rows *rows, int row, enum gp_task_column column)
{
	switch (column) {
	case GP_TASK_UUID: write_uuid(body, rows, row); return;
	case GP_TASK_USER_ID:
	case GP_TASK_TITLE:
	case GP_TASK_DESCRIPTION: write_text(body, rows, row, column); return;
	case GP_TASK_COMPLETED:
	case GP_TASK_FOREIGN:
	case GP_TASK_CHANGED:
		gp_json_write_bool(body, gp_rows_bool(rows, row, (int)column));
		return;
	case GP_TASK_CREATED_AT:
	case GP_TASK_UPDATED_AT:
		gp_json_write_time(body, gp_rows_time_us(rows, row, (int)column));
		return;
	case GP_TASK_ID:
	case GP_TASK_VERSION:
		gp_buffer_add_integer(body, gp_rows_int64(rows, row, (int)column));
		return;
	}
}

static void
write_task(
    const struct gp_task_form *form, struct gp_buffer *body, const struct gp_rows *rows, int row)
{
	gp_buffer_add_byte(body, '{');
	for (const struct gp_task_member *member = form->members; member->name != NULL; member++) {
		size_t comma = member == form->members; /* the first goes without */

		gp_buffer_add(body, member->label + comma, member->label_length - comma);
		write_column(body, rows, row, member->column);
	}
	gp_buffer_add_byte(body, '}');
}

/* Open, and close, an object of one member; nothing for a form without one. */
static void
open_envelope(struct gp_buffer *body, const char *name)
{
	if (name == NULL)
		return;
	gp_buffer_add_byte(body, '{');
	gp_json_write_text(body, name);
	gp_buffer_add_byte(body, ':');
}

static void
close_envelope(struct gp_buffer *body, const char *name)
{
	if (name != NULL)
		gp_buffer_add_byte(body, '}');
}

void
gp_task_form_write_one(
    const struct gp_task_form *form, struct gp_buffer *body, const struct gp_rows *rows)
{
	open_envelope(body, form->one_in);
	write_task(form, body, rows, 0);
	close_envelope(body, form->one_in);
}

int
gp_task_form_write_all(const struct gp_task_form *form, struct gp_buffer *body,
    const struct gp_rows *rows, int most, size_t bytes)
{
	int row = 0;

	open_envelope(body, form->all_in);
	gp_buffer_add_byte(body, '[');
	for (; row < most && body->length < bytes; row++) {
		if (row > 0)
			gp_buffer_add_byte(body, ',');
		write_task(form, body, rows, row);
	}
	gp_buffer_add_byte(body, ']');
	close_envelope(body, form->all_in);
	return row;
}
