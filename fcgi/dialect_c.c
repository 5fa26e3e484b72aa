/* SPDX-License-Identifier: Apache-2.0 */
/* The API at /api/v1/{user_id}/tasks: answers in envelopes, and demands on a token's lifetime. */
#include "dialects.h"
#include "task_form.h"

static const struct gp_sentence sentences[] = {
	{ GP_PHRASE_NO_CREDENTIAL, GP_ANY_METHOD, "Missing or invalid Authorization header",
	    false },
	{ GP_PHRASE_TOKEN_EXPIRED, GP_ANY_METHOD, "Token expired", false },
	{ GP_PHRASE_TOKEN_INVALID, GP_ANY_METHOD, "Invalid token: ", true },
	{ GP_PHRASE_SUBJECT_MISSING, GP_ANY_METHOD, "Invalid token: missing user claims", false },
	{ GP_PHRASE_EMAIL_MISSING, GP_ANY_METHOD, "Invalid token: missing user claims", false },
	{ GP_PHRASE_LIFETIME, GP_ANY_METHOD, "Invalid token lifetime", false },
	{ GP_PHRASE_PATH_USER, GP_ANY_METHOD, "User ID in path does not match authenticated user",
	    false },
	{ .text = NULL },
};

static const struct gp_task_form tasks = {
	.name = "Task",
	.members = gp_task_members,
	.one_in = "task",
	.all_in = "tasks",
	.page_default = 1000,
	.page_most = 1000,
};

const struct gp_dialect gp_dialect_c = {
	.name = "enveloped_tasks",
	.description =
	    "Tasks in envelopes; a token must have an e-mail address and be made to live from 15 minutes to ACCESS_TOKEN_EXPIRE_MINUTES (30)",
	.sentences = sentences,
	.demands = { .email = true, .shortest_lifetime_s = 900 },
	.tasks = &tasks,
};
