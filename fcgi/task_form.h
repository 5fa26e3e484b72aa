/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tasks look like in a dialect, as data: the names and order of their members, how they are
 * called by, and what stands around them.
 */
#ifndef GP_TASK_FORM_H
#define GP_TASK_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "database.h"
#include "field.h"
#include "response.h"

/* Columns of every statement that returns tasks; the last three where one task is asked for. */
enum gp_task_column {
	GP_TASK_ID,
	GP_TASK_UUID,
	GP_TASK_USER_ID,
	GP_TASK_TITLE,
	GP_TASK_DESCRIPTION,
	GP_TASK_COMPLETED,
	GP_TASK_CREATED_AT,
	GP_TASK_UPDATED_AT,
	GP_TASK_VERSION,
	GP_TASK_FOREIGN, /* somebody else's */
	GP_TASK_CHANGED, /* the caller's, in another version than they let be changed */
};

/* One member of a task; make rows with GP_TASK_MEMBER(). */
struct gp_task_member {
	const char *name;    /* NULL ends a list */
	const char *label;   /* ,"name": */
	size_t label_length; /* of the label */
	enum gp_task_column column;
};

#define GP_TASK_MEMBER(name, column) \
	{ \
		(name), ",\"" name "\":", sizeof(",\"" name "\":") - 1, (column) \
	}

/* A task with all its members, as most dialects have it. */
extern const struct gp_task_member gp_task_members[];

/* What names a task in a path. */
enum gp_task_key { GP_TASK_BY_UUID, GP_TASK_BY_ID, GP_TASK_KEY_COUNT };

/* What a client reads when its task is gone. */
enum gp_task_farewell { GP_FAREWELL_NULL, GP_FAREWELL_NOTHING, GP_FAREWELL_TASK };

struct gp_task_form {
	const char *name; /* of one, in the API's document: "Todo" */
	const struct gp_task_member *members;
	enum gp_task_key key;
	const char *key_name; /* in the path: "todo_id" */
	const char *one_in;   /* name of the member that one task is put into; NULL: none */
	const char *all_in;   /* the same of a list */
	enum gp_task_farewell farewell;
	int64_t page_default, page_most; /* tasks of a list */
	bool filters;                    /* lists may be of completed tasks, or of others, only */
};

/* Fields of a body that holds a task; `title` is required in a new one. */
enum {
	GP_TASK_FIELD_TITLE,
	GP_TASK_FIELD_DESCRIPTION,
	GP_TASK_FIELD_COMPLETED,
	GP_TASK_FIELD_COUNT
};
void gp_task_form_body(
    const struct gp_task_form *form, bool is_new, struct gp_field fields[GP_TASK_FIELD_COUNT]);

/* Fields of a list's query. Returns the first that the form has; it has all behind it. */
enum { GP_PAGE_COMPLETED, GP_PAGE_LIMIT, GP_PAGE_OFFSET, GP_PAGE_FIELD_COUNT };
size_t gp_task_form_page(
    const struct gp_task_form *form, struct gp_field fields[GP_PAGE_FIELD_COUNT]);

/* The field of the path that names a task. */
struct gp_field gp_task_form_key(const struct gp_task_form *form);

/* Append the task in the first row, with what stands around it. */
void gp_task_form_write_one(
    const struct gp_task_form *form, struct gp_buffer *body, const struct gp_rows *rows);

/*
 * Append the first rows as a list, `most` at the most and none behind so many bytes, with what
 * stands around it. Returns how many.
 */
int gp_task_form_write_all(const struct gp_task_form *form, struct gp_buffer *body,
    const struct gp_rows *rows, int most, size_t bytes);

#endif
