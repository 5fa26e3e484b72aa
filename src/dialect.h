/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between the APIs that serve the same tasks, as data: wording and the names a task's
 * members have.
 */
#ifndef GP_DIALECT_H
#define GP_DIALECT_H

#include <stdbool.h>

#include "database.h"
#include "json_write.h"
#include "outcome.h"

struct gp_sentence {
	const char *text;
	bool reason_follows; /* the outcome's own sentence is put behind it */
};

struct gp_dialect {
	const char *name;
	struct gp_sentence sentences[GP_PHRASE_COUNT]; /* text NULL: the outcome's own */
	const char *title_member;                      /* of a task in a body: text, title */
	/* Append one task, the row of a statement that returns one. */
	void (*write_task)(struct gp_buffer *body, const struct gp_rows *rows, int row);
};

#endif
