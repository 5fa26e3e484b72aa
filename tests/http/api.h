/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four APIs over the same tasks, as their clients know them: where tasks are, what they look
 * like, and in which words something is refused.
 */
#ifndef GP_TEST_API_H
#define GP_TEST_API_H

#include <stdbool.h>

#include "answer.h"
#include "client.h"
#include "user.h"

enum { GP_API_A, GP_API_B, GP_API_C, GP_API_D, GP_API_COUNT };

/* One thing that can be done with a task. */
struct gp_deed {
	const char *method;
	const char *suffix; /* of the path, behind the task's id */
	bool has_body;
};

struct gp_api {
	const char *name;
	const char *list;            /* path of a user's tasks: `$` stands for the user */
	bool wrapped;                /* tasks are the member "tasks", a new task is "task" */
	const struct gp_deed *deeds; /* with one task; ends with method NULL, as first in C */
	const char *title;           /* what its title is called */
	const char *members;         /* of a task, in their order */
	int created;                 /* status of POST */
	int limit, limit_max;
	/* Refusals; one that ends with `: ` has a reason behind it. */
	const char *no_credential, *expired, *invalid, *no_subject;
	const char *absent, *foreign_read, *foreign_write;
	const char *other_user, *other_user_create; /* in the path; NULL where no path has a user */
};

extern const struct gp_api gp_apis[GP_API_COUNT];

/* A text as one segment of a path: everything percent-encoded but letters, digits and -._~ */
const char *gp_path_encoded(const char *text);

/* The path of a user's tasks, and of one of them. */
const char *gp_api_list(const struct gp_api *api, const char *user_id);
const char *gp_api_single(const struct gp_api *api, const char *user_id, const char *id);

/*
 * A request for a task of this id, in the path of that user: with a body that changes its title,
 * where the deed has a body. The token is the caller's.
 */
struct gp_call gp_api_call(const struct gp_api *api, const struct gp_deed *deed,
    const char *user_id, const char *id, const char *token);

/* The body of a new task with this title. */
const char *gp_api_body(const struct gp_api *api, const char *title);

/* Create a task; its creation is asserted. */
const struct gp_answer *gp_api_creates(
    const struct gp_api *api, const struct gp_user *user, const char *title);

/* The same; the id of the new task, as a text. */
const char *gp_api_adds(const struct gp_api *api, const struct gp_user *user, const char *title);

/* The task in an answer to one's creation, and the array in that to a list; NULL: there is none. */
struct json_object *gp_api_task_in(const struct gp_api *api, const struct gp_answer *answer);
struct json_object *gp_api_tasks_in(const struct gp_api *api, const struct gp_answer *answer);

/* How many tasks an answer shows, -1 when it is no list, and the first of them, else NULL. */
int gp_api_shows(const struct gp_api *api, const struct gp_answer *answer);
struct json_object *gp_api_first(const struct gp_api *api, const struct gp_answer *answer);

/* How many tasks the user's list shows, -1 when it is no list. */
int gp_api_counts(const struct gp_api *api, const struct gp_user *user);

/* The only task of the user's list; that there is exactly one is asserted, else NULL. */
struct json_object *gp_api_only_task(const struct gp_api *api, const struct gp_user *user);

#endif
