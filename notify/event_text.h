/* SPDX-License-Identifier: Apache-2.0 */
/* Changes as the database tells them, and as clients read them. */
#ifndef GP_EVENT_TEXT_H
#define GP_EVENT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "buffer.h"
#include "database.h"

struct gp_change {
	char kind; /* c created, u updated, f finished, d deleted */
	int64_t id;
	char uuid[37];
	const char *user_id; /* `user_length` bytes in the line */
	size_t user_length;
};

/*
 * Read one line of a notification: kind, id, uuid and user, separated by single blanks.
 *
 *   line   `length` bytes; the change points into it
 *
 * False for anything else.
 */
GP_MUST_USE bool gp_change_read(const char *line, size_t length, struct gp_change *change);

/*
 * Append the message about a change.
 *
 *   rows   tasks, as task_states.sql has them
 *   row    of the task as it stands; less than 0: it is gone
 */
void gp_event_write(
    struct gp_buffer *text, const struct gp_change *change, const struct gp_rows *rows, int row);

/* Append the message that a connection begins with. */
void gp_event_write_ready(struct gp_buffer *text, const char *user_id);

/* The message that something may have been missed. */
extern const char gp_event_resync[];

#endif
