/* SPDX-License-Identifier: Apache-2.0 */
/* The API at /api/{user_id}/tasks: pages, a filter, and a switch for completed. */
#include "dialects.h"
#include "task_form.h"

static const struct gp_sentence sentences[] = {
	{ GP_PHRASE_NO_CREDENTIAL, GP_ANY_METHOD, "Missing or invalid authorization header",
	    false },
	{ GP_PHRASE_TOKEN_EXPIRED, GP_ANY_METHOD, "Invalid token: expired", false },
	{ GP_PHRASE_TOKEN_INVALID, GP_ANY_METHOD, "Invalid token: ", true },
	{ GP_PHRASE_SUBJECT_MISSING, GP_ANY_METHOD, "Invalid token: no user_id found", false },
	{ GP_PHRASE_PATH_USER, GP_POST, "Not authorized to create tasks for this user", false },
	{ GP_PHRASE_PATH_USER, GP_ANY_METHOD, "Not authorized to access these tasks", false },
	{ GP_PHRASE_ROW_ABSENT, GP_ANY_METHOD, "Task not found", false },
	{ GP_PHRASE_ROW_FOREIGN, GP_ANY_METHOD, "Not authorized to access these tasks", false },
	{ .text = NULL },
};

static const struct gp_task_form tasks = {
	.name = "Task",
	.members = gp_task_members,
	.key = GP_TASK_BY_ID,
	.key_name = "task_id",
	.farewell = GP_FAREWELL_TASK,
	.page_default = 50,
	.page_most = 100,
	.filters = true,
};

const struct gp_dialect gp_dialect_d = {
	.name = "user_tasks",
	.description = "Tasks in pages, with a filter and a switch for completed",
	.sentences = sentences,
	.tasks = &tasks,
};
