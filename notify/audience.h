/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is connected, by user: what the loop knows and the feed asks, each in its own thread. A
 * change of somebody who is not here is not even looked up.
 */
#ifndef GP_AUDIENCE_H
#define GP_AUDIENCE_H

#include <stdbool.h>

#include "attributes.h"

struct gp_audience;

/* Nobody. Owned by the caller; NULL without memory. */
GP_MUST_USE struct gp_audience *gp_audience_new(void);

/* Release. NULL is fine. */
void gp_audience_free(struct gp_audience *audience);

/* Add a user, NUL-terminated, who is not in it. False without memory. */
GP_MUST_USE bool gp_audience_add(struct gp_audience *audience, const char *user_id);

/* Take a user out. */
void gp_audience_remove(struct gp_audience *audience, const char *user_id);

/* Whether a user is in it. */
bool gp_audience_has(struct gp_audience *audience, const char *user_id);

#endif
