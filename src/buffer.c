/* SPDX-License-Identifier: Apache-2.0 */
/* A growing run of bytes; doubles, so that n bytes cost n copies at the most. */
#include "buffer.h"

enum { FIRST_SIZE = 1024 };

void
gp_buffer_init(struct gp_buffer *buffer, struct gp_arena *arena)
{
	*buffer = (struct gp_buffer){ .arena = arena };
}

char *
gp_buffer_grow(struct gp_buffer *buffer, size_t more)
{
	size_t size = buffer->size > 0 ? buffer->size : FIRST_SIZE;
	char *bytes;

	if (buffer->failed)
		return NULL;
	if (more > SIZE_MAX / 2 - buffer->length) {
		buffer->failed = true;
		buffer->size = buffer->length; /* so that there is no room for anything else */
		return NULL;
	}
	while (size - buffer->length < more)
		size *= 2;
	bytes = gp_arena_take(buffer->arena, size);
	if (bytes == NULL) {
		buffer->failed = true;
		buffer->size = buffer->length;
		return NULL;
	}
	if (buffer->length > 0)
		memcpy(bytes, buffer->bytes, buffer->length);
	buffer->bytes = bytes;
	buffer->size = size;
	return bytes + buffer->length;
}

void
gp_buffer_add_integer(struct gp_buffer *buffer, int64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	/* The magnitude as unsigned, so that INT64_MIN has one. */
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		digits[--at] = '-';
	gp_buffer_add(buffer, digits + at, sizeof(digits) - at);
}

bool
gp_buffer_complete(const struct gp_buffer *buffer)
{
	return !buffer->failed;
}
