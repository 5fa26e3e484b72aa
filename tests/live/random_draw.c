/* SPDX-License-Identifier: Apache-2.0 */
/* SplitMix64 (Steele, Lea, Flood, 2014): eight bytes of state, and good enough to choose with. */
#include "random_draw.h"

static uint64_t
next(struct gp_draw *draw)
{
	uint64_t number = draw->state += UINT64_C(0x9e3779b97f4a7c15);

	number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
	return number ^ number >> 31;
}

size_t
gp_draw_below(struct gp_draw *draw, size_t limit)
{
	return (size_t)(next(draw) % limit);
}

bool
gp_draw_percent(struct gp_draw *draw, unsigned percent)
{
	return gp_draw_below(draw, 100) < percent;
}
