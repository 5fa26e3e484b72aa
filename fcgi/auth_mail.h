/* SPDX-License-Identifier: Apache-2.0 */
/* The letters that the sign-in program writes, and the links in them. */
#ifndef GP_AUTH_MAIL_H
#define GP_AUTH_MAIL_H

#include "auth.h"

/* Life of what is mailed, in seconds; that is Better Auth's. */
#define GP_AUTH_LINK_LIFE_S 3600

/*
 * Put a letter into the box that is emptied once the client has its answer: how long that takes
 * must not tell whether there was one. A letter that cannot be written is logged.
 *
 *   callback   where the link leads in the end; NULL: Better Auth's default
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_auth_mail_reset(struct gp_auth_call *call, const char *name,
    const char *email, const char *token, const char *callback);
GP_MUST_USE enum gp_outcome gp_auth_mail_verification(
    struct gp_auth_call *call, const struct gp_user *user, const char *callback);

#endif
