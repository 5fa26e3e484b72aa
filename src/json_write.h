/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON to clients, appended to a buffer. Text must be valid UTF-8, which all that comes from
 * gp_json_parse() or PostgreSQL is.
 */
#ifndef GP_JSON_WRITE_H
#define GP_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* A string of `length` bytes in quotes; quotes, backslashes and control characters are escaped. */
void gp_json_write_string(struct gp_buffer *buffer, const char *text, size_t length);

/* The same for a NUL-terminated text; NULL is written as null. */
void gp_json_write_text(struct gp_buffer *buffer, const char *text);

/* true or false */
void gp_json_write_bool(struct gp_buffer *buffer, bool value);

/* The 16 bytes of a UUID as a string: lower-case, with hyphens (RFC 9562 section 4). */
void gp_json_write_uuid(struct gp_buffer *buffer, const unsigned char bytes[16]);

/*
 * A time as a string, RFC 3339, UTC, six digits of microseconds: "2026-11-21T05:36:00.000123Z".
 *   time_us   microseconds since 1970-01-01T00:00:00Z, years 1 to 9999; others are written as null
 */
void gp_json_write_time(struct gp_buffer *buffer, int64_t time_us);

/*
 * The same with three digits, as JavaScript prints a Date: "2026-11-21T05:36:00.000Z". Microseconds
 * are cut off, never rounded. gp_time_read() of time_text.h reads it.
 */
void gp_json_write_time_ms(struct gp_buffer *buffer, int64_t time_us);

#endif
