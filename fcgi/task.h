/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The five deeds on tasks that all dialects share, and the columns their statements return.
 */
#ifndef GP_TASK_H
#define GP_TASK_H

#include "route.h"

/* Columns of every statement that returns tasks; FOREIGN where one task was asked for. */
enum gp_task_column {
	GP_TASK_ID,
	GP_TASK_UUID,
	GP_TASK_USER_ID,
	GP_TASK_TITLE,
	GP_TASK_DESCRIPTION,
	GP_TASK_COMPLETED,
	GP_TASK_CREATED_AT,
	GP_TASK_UPDATED_AT,
	GP_TASK_FOREIGN,
};

/* Handlers; the route's dialect says what a task looks like. */
gp_handler gp_task_list, gp_task_create, gp_task_get, gp_task_update, gp_task_delete;

#endif
