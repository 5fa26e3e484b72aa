/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON from outside: RFC 8259 and nothing laxer, in valid UTF-8, without duplicate members, without
 * NUL in any string.
 *
 * json-c builds the values. A scan goes before it, because json-c alone, STRICT and VALIDATE_UTF8
 * included, takes raw control characters, NaN, `1.`, single quotes, overlong UTF-8 and lone
 * surrogates, keeps the last of two members, and cuts a name at an escaped NUL.
 */
#ifndef GP_JSON_H
#define GP_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct json_object;
struct gp_json_reader;

/* Arrays and objects inside one another; far above any token or task, far below any stack. */
#define GP_JSON_DEPTH 32

/* Arrays and objects in one text, side by side too; json-c takes 800 bytes for an empty object. */
#define GP_JSON_CONTAINERS_MAX 10000

struct gp_json_error {
	const char *message; /* static: what is wrong, fit for a client */
	size_t offset;       /* bytes from the start of the text */
};

/* A reader, reused from text to text; NULL without memory. The caller owns it. */
GP_MUST_USE struct gp_json_reader *gp_json_reader_new(void);

/* Release the reader. NULL is fine. */
void gp_json_reader_free(struct gp_json_reader *reader);

/*
 * Parse one whole text.
 *
 *   text    `length` bytes followed by a NUL that is not counted
 *   value   on success the value, owned by the caller (json_object_put); NULL stands for null
 *   error   filled on failure
 *
 * Returns whether the text is one JSON value and nothing else.
 *
 * Source: RFC 8259; RFC 7515 section 4 and RFC 7519 section 4 for duplicate members.
 */
GP_MUST_USE bool gp_json_parse(struct gp_json_reader *reader, const char *text, size_t length,
    struct json_object **value, struct gp_json_error *error);

/*
 * The string member `name` of `object`, NULL where there is none or it is no string. Borrowed from
 * the object. Never holds a NUL inside.
 */
const char *gp_json_string(struct json_object *object, const char *name);

#endif
