/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a query or a form's body: name=value&name=value, application/x-www-form-urlencoded. */
#ifndef GP_FORM_READ_H
#define GP_FORM_READ_H

#include <stddef.h>

#include "arena.h"
#include "outcome.h"

/*
 * Find the first value with a name.
 *
 *   text     `length` bytes as they were sent, without a question mark before them
 *   name     decoded, NUL-terminated
 *   value    the decoded value, NUL-terminated UTF-8 in the arena; NULL when nothing has the name,
 *            empty when the name has no = behind it. NULL too when the outcome is not GP_OK.
 *
 * Names and values are what JavaScript's URLSearchParams makes of them: cut at &, then at the first
 * =; a plus is a space; names are compared once decoded. Only what it would keep as it is, or put
 * U+FFFD in the place of, is refused: a percent sign without two hexadecimal digits, bytes that are
 * no UTF-8, a NUL.
 *
 * Returns GP_OK, also when it is not there; GP_BAD_INPUT when the value is to be refused;
 * GP_ERR_MEMORY.
 *
 * Source: https://url.spec.whatwg.org/#urlencoded-parsing
 */
GP_MUST_USE enum gp_outcome gp_form_find(
    struct gp_arena *arena, const char *text, size_t length, const char *name, const char **value);

#endif
