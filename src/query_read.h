/* SPDX-License-Identifier: Apache-2.0 */
/* The query of an address read against a table of the parameters it may have; others are ignored.
 */
#ifndef GP_QUERY_READ_H
#define GP_QUERY_READ_H

#include <stddef.h>

#include "arena.h"
#include "faults.h"
#include "field.h"
#include "outcome.h"

/*
 * Read a query of the form name=value&name=value.
 *
 *   query    as it was sent, still encoded, NUL-terminated
 *   fields   `count` of them, none of text; `values` has as many, filled in the same order
 *   faults   receives everything that is wrong
 *
 * Of parameters with one name the last counts, as with FastAPI. One that is not there has the
 * field's fallback for its number.
 *
 * Returns GP_OK, also with faults; GP_ERR_MEMORY; GP_ERR_INTERNAL for a field of text.
 */
GP_MUST_USE enum gp_outcome gp_query_read(struct gp_arena *arena, const char *query,
    const struct gp_field *fields, size_t count, struct gp_value *values, struct gp_faults *faults);

#endif
