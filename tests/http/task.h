/* SPDX-License-Identifier: Apache-2.0 */
/* What a task in an answer is held against. */
#ifndef GP_TEST_TASK_H
#define GP_TEST_TASK_H

#include <stdbool.h>

#include "api.h"

struct gp_task {
	const char *title, *description; /* description NULL: null */
	bool completed;
};

/*
 * A task as this API shows it, with exactly its members in their order, owned by this user and made
 * in the last minute: GP_EXPECT_TASK(api, object, user_id, "title", "description", false).
 */
#define GP_EXPECT_TASK(api, object, user_id, ...) \
	gp_expect_task(__FILE__, __LINE__, (api), (object), (user_id), \
	    &(const struct gp_task){ __VA_ARGS__ })

void gp_expect_task(const char *file, unsigned line, const struct gp_api *api,
    struct json_object *object, const char *user_id, const struct gp_task *task);

/* Whether a text has this shape: x a lower-case hexadecimal digit, 0 a digit, others themselves. */
bool gp_has_shape(const char *text, const char *shape);

#endif
