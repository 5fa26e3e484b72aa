/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every API does, judged for one of them. Single tasks are asked for only where they have a
 * path; everybody here has a row among Better Auth's users.
 */
#ifndef GP_TEST_JUDGE_H
#define GP_TEST_JUDGE_H

#include "api.h"

/* A new user's list is empty, also with a slash at the end, and is exactly this text. */
void gp_judge_empty_list(const struct gp_api *api, const char *body);

/* What is given becomes a task, which the answer shows whole and the list shows again. */
void gp_judge_creation(const struct gp_api *api);

/* The newest task is the first, and each is what its own path shows. */
void gp_judge_order(const struct gp_api *api);

/* Of a body that is wrong every fault is told, and nothing comes of it. */
void gp_judge_bodies(const struct gp_api *api);

/* A user, an id or a time in the body is not taken over. */
void gp_judge_owner_in_body(const struct gp_api *api);

/* Who no credential names is refused in the API's words, on each route and before all else. */
void gp_judge_refusals(const struct gp_api *api);

/* The same of one request, whose token is of no account. */
void gp_judge_refused(const struct gp_api *api, const struct gp_call *call);

/* This method, PUT or PATCH, changes what is given and nothing else. */
void gp_judge_changes(const struct gp_api *api, const char *method);

/* A task that never was, or is no more, is not found. */
void gp_judge_absent(const struct gp_api *api);

/* Somebody else's task is refused, unchanged and not revealed. */
void gp_judge_foreign(const struct gp_api *api);

/* Which texts are integer ids; `name` is that of the path's parameter. */
void gp_judge_ids(const struct gp_api *api, const char *name);

/* Bad input comes before the question whose task it is; all faults of path and body are told. */
void gp_judge_input_first(const struct gp_api *api, const char *name);

#endif
