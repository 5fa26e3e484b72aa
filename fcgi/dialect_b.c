/* SPDX-License-Identifier: Apache-2.0 */
/* The API at /api/v1/todos: four members, one sentence for whatever is wrong with a token. */
#include "dialects.h"
#include "task_form.h"

static const char unproven[] = "Could not validate credentials";

static const struct gp_sentence sentences[] = {
	{ GP_PHRASE_NO_CREDENTIAL, GP_ANY_METHOD, "Not authenticated", false },
	{ GP_PHRASE_TOKEN_EXPIRED, GP_ANY_METHOD, unproven, false },
	{ GP_PHRASE_TOKEN_INVALID, GP_ANY_METHOD, unproven, false },
	{ GP_PHRASE_SUBJECT_MISSING, GP_ANY_METHOD, unproven, false },
	{ GP_PHRASE_ROW_ABSENT, GP_ANY_METHOD, "Todo not found", false },
	{ GP_PHRASE_ROW_FOREIGN, GP_GET, "Not authorized to access this todo", false },
	{ GP_PHRASE_ROW_FOREIGN, GP_ANY_METHOD, "Not authorized", false },
	{ .text = NULL },
};

static const struct gp_task_member members[] = {
	GP_TASK_MEMBER("id", GP_TASK_ID),
	GP_TASK_MEMBER("title", GP_TASK_TITLE),
	GP_TASK_MEMBER("completed", GP_TASK_COMPLETED),
	GP_TASK_MEMBER("user_id", GP_TASK_USER_ID),
	{ .name = NULL },
};

static const struct gp_task_form todos = {
	.name = "Todo",
	.members = members,
	.key = GP_TASK_BY_ID,
	.key_name = "todo_id",
	.farewell = GP_FAREWELL_NOTHING,
	.page_default = 1000,
	.page_most = 1000,
};

const struct gp_dialect gp_dialect_b = {
	.name = "todos",
	.description = "Todos; the caller must have a row in Better Auth's user table",
	.sentences = sentences,
	.demands = { .live_user = true },
	.tasks = &todos,
};
