/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON body read against a table of the members it may have. Members that the table does not name
 * are ignored.
 */
#ifndef GP_JSON_READ_H
#define GP_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "faults.h"
#include "field.h"
#include "json.h"
#include "outcome.h"

/*
 * Read one body.
 *
 *   body     `length` bytes and a NUL that is not counted
 *   fields   `count` of them; `values` has as many, filled in the same order
 *   faults   receives everything that is wrong
 *
 * Returns GP_OK, also with faults; GP_ERR_MEMORY; GP_ERR_INTERNAL for a field that is neither text
 * nor bool. Texts live in the arena and hold no NUL.
 */
GP_MUST_USE enum gp_outcome gp_json_read(struct gp_arena *arena, struct gp_json_reader *reader,
    const char *body, size_t length, const struct gp_field *fields, size_t count,
    struct gp_value *values, struct gp_faults *faults);

#endif
