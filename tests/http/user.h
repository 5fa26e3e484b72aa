/* SPDX-License-Identifier: Apache-2.0 */
/* Users and tasks for a test to begin with. */
#ifndef GP_TEST_USER_H
#define GP_TEST_USER_H

#include "answer.h"

struct gp_user {
	const char *id;
	const char *token;
};

/* A user whom nobody has met before, with a good token. */
struct gp_user gp_user_new(void);

/* The path of a new task of that user; its creation is asserted. */
const char *gp_user_adds(const struct gp_user *user, const char *text);

/* GET as that user. */
const struct gp_answer *gp_user_reads(const struct gp_user *user, const char *path);

/* How many tasks the user's list has, -1 when it is no list. */
int gp_user_counts(const struct gp_user *user);

#endif
