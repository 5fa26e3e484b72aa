/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People with a row in Better Auth's tables, and their sessions, put there by the owner of the
 * database. GATEPOST_TEST_OWNER_URL says how to reach it.
 */
#ifndef GP_TEST_PEOPLE_H
#define GP_TEST_PEOPLE_H

#include <stdbool.h>

#include "user.h"

/* What every row here says; the e-mail is gp_person_email(). */
#define GP_PERSON_NAME "Name \xc3\xa0 la carte"

/* Connect and disconnect. False after a line on standard error. */
bool gp_people_open(void);
void gp_people_close(void);

/* A user whom nobody has met before, with a good token and a row. */
struct gp_user gp_person_new(void);

/* The same of this id, which must be new. */
struct gp_user gp_person_named(const char *id);

/* The e-mail of a person's row, which is not the one of their token. */
const char *gp_person_email(const char *id);

/* Give a person's row another e-mail. */
void gp_person_set_email(const char *id, const char *email);

/* The token of a new session that ends in so many seconds; below 0 it has ended. */
const char *gp_person_session(const char *id, int lifetime_s);

/* Take away a session, or a person's row with all sessions. */
void gp_person_sign_out(const char *session);
void gp_person_remove(const char *id);

/* Ban a person as Better Auth's admin plugin does: without end, or for so many seconds. */
void gp_person_ban(const char *id);
void gp_person_ban_for(const char *id, int duration_s);

/* So many tasks of that user, task 0 the oldest: quicker than by as many requests. */
void gp_person_tasks(const char *id, int count);

/* The same, each with a description of ten thousand times this character. */
void gp_person_long_tasks(const char *id, int count, const char *unit);

#endif
