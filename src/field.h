/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a value of a body, a path or a query may be, declared as data; and how one is read from the
 * text of a path or query.
 */
#ifndef GP_FIELD_H
#define GP_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "faults.h"
#include "outcome.h"

enum gp_field_type {
	GP_FIELD_TEXT,
	GP_FIELD_BOOL,
	GP_FIELD_INTEGER, /* beyond int64_t it reads as the nearest one */
	GP_FIELD_ID, /* an integer that names a row; beyond int64_t it reads as 0, which names none
		      */
	GP_FIELD_UUID,
};

struct gp_field {
	const char *name;
	enum gp_field_type type;
	bool required;
	bool nullable;       /* null in a body; in a query nothing behind the equals sign */
	int64_t least, most; /* characters (code points) of a text; an integer itself */
	int64_t fallback;    /* of a query: stands in for an integer that is not given */
};

struct gp_value {
	bool given;
	/* As PostgreSQL reads it, NULL for null and when not given: a bool is "true" or "false", a
	 * UUID in lower case. */
	const char *text;
	int64_t number; /* of an integer or id without a fault, else 0 */
};

/*
 * Read one value from text; for GP_FIELD_TEXT, which needs JSON's care, there is gp_json_read().
 *
 *   place    where the text stands, for faults
 *   text     `length` bytes
 *   value    filled; its text lives in the arena
 *   faults   receives what is wrong
 *
 * A number has a sign at most and digits; a bool is any of the words that FastAPI takes.
 *
 * Returns GP_OK, also with a fault; GP_ERR_MEMORY; GP_ERR_INTERNAL for a field of text.
 */
GP_MUST_USE enum gp_outcome gp_field_read(struct gp_arena *arena, const struct gp_field *field,
    enum gp_place place, const char *text, size_t length, struct gp_value *value,
    struct gp_faults *faults);

#endif
