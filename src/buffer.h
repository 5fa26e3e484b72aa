/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that grows at its end, in arena memory.
 *
 * Running out of memory is remembered, not reported at each call: write everything, then ask
 * gp_buffer_complete() once.
 */
#ifndef GP_BUFFER_H
#define GP_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"

struct gp_buffer {
	struct gp_arena *arena; /* borrowed */
	char *bytes;            /* not NUL-terminated; `length` bytes are valid */
	size_t length;
	size_t size;
	bool failed;
};

/* An empty buffer that grows in `arena`; its bytes are valid until the arena's reset. */
void gp_buffer_init(struct gp_buffer *buffer, struct gp_arena *arena);

/*
 * Make room for `more` bytes and return where they go, NULL without memory. The caller writes at
 * most that many and adds what was written to buffer->length.
 */
GP_MUST_USE char *gp_buffer_room(struct gp_buffer *buffer, size_t more);

/* Append bytes, a NUL-terminated text, one byte, or a number in decimal digits. */
void gp_buffer_add(struct gp_buffer *buffer, const char *bytes, size_t length);
void gp_buffer_add_text(struct gp_buffer *buffer, const char *text);
void gp_buffer_add_byte(struct gp_buffer *buffer, char byte);
void gp_buffer_add_integer(struct gp_buffer *buffer, int64_t number);

/* Whether everything written is in the buffer: false once memory ran out. */
GP_MUST_USE bool gp_buffer_complete(const struct gp_buffer *buffer);

#endif
