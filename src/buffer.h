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

/* For gp_buffer_room(), when there is not enough: a larger place, where the text moves to. */
GP_MUST_USE char *gp_buffer_grow(struct gp_buffer *buffer, size_t more);

/*
 * Make room for `more` bytes and return where they go, NULL without memory. The caller writes at
 * most that many and adds what was written to buffer->length. In the header, as what follows,
 * because an answer is made of some hundred small pieces.
 */
GP_MUST_USE static inline char *
gp_buffer_room(struct gp_buffer *buffer, size_t more)
{
	if (buffer->bytes != NULL && more <= buffer->size - buffer->length)
		return buffer->bytes + buffer->length;
	return gp_buffer_grow(buffer, more);
}

/* Append bytes, a NUL-terminated text, one byte, or a number in decimal digits. */
static inline void
gp_buffer_add(struct gp_buffer *buffer, const char *bytes, size_t length)
{
	char *room = gp_buffer_room(buffer, length);

	if (room == NULL || length == 0)
		return;
	memcpy(room, bytes, length);
	buffer->length += length;
}

static inline void
gp_buffer_add_text(struct gp_buffer *buffer, const char *text)
{
	gp_buffer_add(buffer, text, strlen(text));
}

static inline void
gp_buffer_add_byte(struct gp_buffer *buffer, char byte)
{
	char *room = gp_buffer_room(buffer, 1);

	if (room == NULL)
		return;
	*room = byte;
	buffer->length++;
}

void gp_buffer_add_integer(struct gp_buffer *buffer, int64_t number);

/* Whether everything written is in the buffer: false once memory ran out. */
GP_MUST_USE bool gp_buffer_complete(const struct gp_buffer *buffer);

#endif
