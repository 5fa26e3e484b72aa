/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that look random and are the same again for the same seed, on every machine. */
#ifndef GP_TEST_RANDOM_DRAW_H
#define GP_TEST_RANDOM_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gp_draw {
	uint64_t state; /* the seed, to begin with */
};

/* A number from 0 to `limit` - 1; `limit` is not 0. */
size_t gp_draw_below(struct gp_draw *draw, size_t limit);

/* True `percent` times out of a hundred. */
bool gp_draw_percent(struct gp_draw *draw, unsigned percent);

#endif
