/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies and queries that are drawn, good and bad, and what they ask for or what is wrong. */
#ifndef GP_TEST_RANDOM_BODY_H
#define GP_TEST_RANDOM_BODY_H

#include "random_draw.h"
#include "random_model.h"

/* What a body changes; members that it does not give stay as they are. */
struct gp_change {
	const char *title; /* NULL: not given */
	bool gives_description, gives_completed;
	const char *description; /* may be NULL */
	bool completed;
};

/*
 * A good body of that API, for a new task or for a change of one. It may also claim to be
 * `stranger`'s, which must be overlooked.
 */
const char *gp_body_draw(struct gp_draw *draw, const struct gp_api *api, bool is_new,
    const struct gp_player *author, const struct gp_player *stranger, struct gp_change *change);

/* A bad one; `faults` becomes the list of what is wrong, without its brackets. */
const char *gp_body_draw_bad(
    struct gp_draw *draw, const struct gp_api *api, bool is_new, const char **faults);

/*
 * The query of a list of about `count` tasks, with its question mark, or "".
 *
 *   page     receives what it asks for
 *   faults   becomes the list of what is wrong; NULL when nothing is
 */
const char *gp_query_draw(struct gp_draw *draw, const struct gp_api *api, size_t count,
    struct gp_page *page, const char **faults);

/* The page that a list without a query is. */
struct gp_page gp_query_default(const struct gp_api *api);

#endif
