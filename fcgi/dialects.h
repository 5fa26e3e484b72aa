/* SPDX-License-Identifier: Apache-2.0 */
/* The APIs that serve the same tasks, one file each. */
#ifndef GP_DIALECTS_H
#define GP_DIALECTS_H

#include "dialect.h"

extern const struct gp_dialect gp_dialect_a; /* /tasks */
extern const struct gp_dialect gp_dialect_b; /* /api/v1/todos, /todos */
extern const struct gp_dialect gp_dialect_c; /* /api/v1/{user_id}/tasks */
extern const struct gp_dialect gp_dialect_d; /* /api/{user_id}/tasks */

#endif
