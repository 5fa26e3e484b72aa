/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The deeds on tasks, which all dialects share; the route's dialect says what a task looks like.
 */
#ifndef GP_TASK_H
#define GP_TASK_H

#include "route.h"

extern const struct gp_operation gp_task_list, gp_task_create, gp_task_get, gp_task_update,
    gp_task_toggle, gp_task_delete;

#endif
