/* SPDX-License-Identifier: Apache-2.0 */
/* A chain of blocks, filled from the front. Hides where request-lived memory comes from. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A list of twenty tasks and its headers fit; a larger request takes blocks that the reset returns.
 */
enum { FIRST_BLOCK_SIZE = 64 * 1024 };

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct gp_arena {
	struct block *newest; /* the first block is the last of the chain */
};

static struct block *
block_new(size_t size, struct block *next)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		return NULL;
	block->next = next;
	block->size = size;
	block->used = 0;
	return block;
}

struct gp_arena *
gp_arena_new(void)
{
	struct gp_arena *arena = malloc(sizeof(*arena));

	if (arena == NULL)
		return NULL;
	arena->newest = block_new(FIRST_BLOCK_SIZE, NULL);
	if (arena->newest == NULL) {
		free(arena);
		return NULL;
	}
	return arena;
}

void
gp_arena_free(struct gp_arena *arena)
{
	if (arena == NULL)
		return;
	gp_arena_reset(arena);
	free(arena->newest);
	free(arena);
}

void
gp_arena_reset(struct gp_arena *arena)
{
	while (arena->newest->next != NULL) {
		struct block *done = arena->newest;

		arena->newest = done->next;
		free(done);
	}
	arena->newest->used = 0;
}

void *
gp_arena_take(struct gp_arena *arena, size_t size)
{
	const size_t mask = alignof(max_align_t) - 1;
	struct block *block = arena->newest;
	size_t rounded;
	void *taken;

	if (size > SIZE_MAX - mask)
		return NULL;
	rounded = (size + mask) & ~mask;
	if (rounded > block->size - block->used) {
		size_t wanted = rounded > FIRST_BLOCK_SIZE ? rounded : FIRST_BLOCK_SIZE;

		block = block_new(wanted, arena->newest);
		if (block == NULL)
			return NULL;
		arena->newest = block;
	}
	taken = block->bytes + block->used;
	block->used += rounded;
	return taken;
}

char *
gp_arena_copy(struct gp_arena *arena, const char *bytes, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		return NULL;
	copy = gp_arena_take(arena, length + 1);
	if (copy == NULL)
		return NULL;
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

size_t
gp_arena_held(const struct gp_arena *arena)
{
	size_t held = sizeof(*arena);

	for (const struct block *block = arena->newest; block != NULL; block = block->next)
		held += sizeof(*block) + block->size;
	return held;
}
