/* SPDX-License-Identifier: Apache-2.0 */
/* The API at /tasks: UUIDs for ids, `text` for the title. */
#include "dialects.h"
#include "task_form.h"

static const struct gp_sentence sentences[] = {
	{ GP_PHRASE_NO_CREDENTIAL, GP_ANY_METHOD, "Authentication required", false },
	{ GP_PHRASE_TOKEN_EXPIRED, GP_ANY_METHOD, "Token has expired", false },
	{ GP_PHRASE_TOKEN_INVALID, GP_ANY_METHOD, "Invalid token: ", true },
	{ GP_PHRASE_SUBJECT_MISSING, GP_ANY_METHOD, "Invalid token: missing user ID", false },
	{ GP_PHRASE_ROW_ABSENT, GP_ANY_METHOD, "Task not found", false },
	{ GP_PHRASE_ROW_FOREIGN, GP_ANY_METHOD, "Access denied", false },
	{ .text = NULL },
};

static const struct gp_task_member members[] = {
	GP_TASK_MEMBER("id", GP_TASK_UUID),
	GP_TASK_MEMBER("user_id", GP_TASK_USER_ID),
	GP_TASK_MEMBER("text", GP_TASK_TITLE),
	GP_TASK_MEMBER("description", GP_TASK_DESCRIPTION),
	GP_TASK_MEMBER("completed", GP_TASK_COMPLETED),
	GP_TASK_MEMBER("created_at", GP_TASK_CREATED_AT),
	GP_TASK_MEMBER("updated_at", GP_TASK_UPDATED_AT),
	{ .name = NULL },
};

static const struct gp_task_form tasks = {
	.name = "TextTask",
	.members = members,
	.key = GP_TASK_BY_UUID,
	.key_name = "task_id",
	.farewell = GP_FAREWELL_NULL,
	.page_default = 1000,
	.page_most = 1000,
};

const struct gp_dialect gp_dialect_a = {
	.name = "text_tasks",
	.description = "Tasks with UUIDs, whose title is called text",
	.sentences = sentences,
	.tasks = &tasks,
};
