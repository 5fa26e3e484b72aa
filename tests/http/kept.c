/* SPDX-License-Identifier: Apache-2.0 */
/* A list of all blocks, released at exit, so that a leak checker has nothing to say. */
#include "kept.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
	struct block *next;
	void *object; /* released with the block; may be NULL */
	void (*release)(void *);
	max_align_t bytes[];
};

static struct block *blocks;

static void
release_all(void)
{
	while (blocks != NULL) {
		struct block *next = blocks->next;

		if (blocks->object != NULL)
			blocks->release(blocks->object);
		free(blocks);
		blocks = next;
	}
}

static struct block *
add_block(size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);

	if (block == NULL) {
		fputs("http-tests: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	if (blocks == NULL)
		atexit(release_all);
	block->next = blocks;
	blocks = block;
	return block;
}

void *
gp_kept(size_t size)
{
	return add_block(size)->bytes;
}

void
gp_kept_object(void *object, void (*release)(void *))
{
	struct block *block = add_block(0);

	block->object = object;
	block->release = release;
}

char *
gp_kept_bytes(const char *bytes, size_t length)
{
	char *copy = gp_kept(length + 1);

	memcpy(copy, bytes, length);
	return copy;
}

char *
gp_kept_text(const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	text = gp_kept((size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}

char *
gp_kept_repeated(const char *unit, size_t count)
{
	size_t length = strlen(unit);
	char *text = gp_kept(length * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * length, unit, length);
	return text;
}

char *
gp_kept_filled(const char *pattern, const char *text)
{
	char *whole = gp_kept_text("%s", "");

	for (; *pattern != '\0'; pattern += *pattern == '$') {
		size_t plain = strcspn(pattern, "$");

		whole = gp_kept_text(
		    "%s%.*s%s", whole, (int)plain, pattern, pattern[plain] == '$' ? text : "");
		pattern += plain;
	}
	return whole;
}
