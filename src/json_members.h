/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Some members of one JSON object, read without building a tree of all: what is not asked for costs
 * no more than to walk over it. Every request with a token has its claims read so.
 *
 * It takes what gp_json_parse() takes, and nothing else.
 */
#ifndef GP_JSON_MEMBERS_H
#define GP_JSON_MEMBERS_H

#include <stddef.h>

#include "arena.h"
#include "attributes.h"
#include "json.h"

enum gp_json_kind {
	GP_JSON_ABSENT,
	GP_JSON_NULL,
	GP_JSON_BOOL,
	GP_JSON_NUMBER,
	GP_JSON_STRING,
	GP_JSON_ARRAY,
	GP_JSON_OBJECT,
};

struct gp_json_member {
	const char *name; /* the one asked for */
	enum gp_json_kind kind;
	const char *text; /* a string's value, never with a NUL inside; else the JSON text */
	size_t length;    /* of it, without the NUL behind */
	double number;    /* a number's value, infinite where it is too large */
};

enum gp_json_reading {
	GP_JSON_READ,
	GP_JSON_NO_OBJECT, /* not JSON, or another value */
	GP_JSON_NO_MEMORY,
};

/*
 * Read the members that are named.
 *
 *   reader   for what is left to json-c: escapes, numbers that are no short integer, objects inside
 *   arena    where texts live, until its reset
 *   text     `length` bytes followed by a NUL that is not counted
 *   members  `count` of them, with their names; the rest is filled
 *
 * Source: as of gp_json_parse().
 */
GP_MUST_USE enum gp_json_reading gp_json_read_members(struct gp_json_reader *reader,
    struct gp_arena *arena, const char *text, size_t length, struct gp_json_member *members,
    size_t count);

#endif
