/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that lives as long as one request.
 *
 * Everything taken from an arena is released at once by gp_arena_reset(), which keeps the first
 * block: a worker in its steady state asks the C library for nothing here.
 */
#ifndef GP_ARENA_H
#define GP_ARENA_H

#include <stddef.h>

#include "attributes.h"

struct gp_arena;

/* A new arena, or NULL without memory. The caller owns it. */
GP_MUST_USE struct gp_arena *gp_arena_new(void);

/* Release the arena and all that was taken from it. NULL is fine. */
void gp_arena_free(struct gp_arena *arena);

/* Release all that was taken from the arena; the arena stays usable. */
void gp_arena_reset(struct gp_arena *arena);

/* `size` bytes, aligned for any type, not cleared; NULL without memory. Valid until the reset. */
GP_MUST_USE void *gp_arena_take(struct gp_arena *arena, size_t size);

/* A copy of `length` bytes with a NUL after them; NULL without memory. Valid until the reset. */
GP_MUST_USE char *gp_arena_copy(struct gp_arena *arena, const char *bytes, size_t length);

/* Bytes the arena holds from the C library, used or not; tests assert that it does not grow. */
size_t gp_arena_held(const struct gp_arena *arena);

#endif
