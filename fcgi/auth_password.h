/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of requests: their lengths, and hashing that waits its turn. */
#ifndef GP_AUTH_PASSWORD_H
#define GP_AUTH_PASSWORD_H

#include "auth.h"
#include "password.h"

/* Whether a password may be set. Returns GP_OK, GP_BAD_PASSWORD_SHORT or GP_BAD_PASSWORD_LONG. */
GP_MUST_USE enum gp_outcome gp_auth_judge_password(
    const struct gp_auth_call *call, const struct gp_auth_value *password);

/*
 * Hash a new password. Returns GP_OK; GP_ERR_BUSY when too many others are being hashed;
 * GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_auth_hash(struct gp_auth_call *call,
    const struct gp_auth_value *password, char stored[GP_PASSWORD_HASH_SIZE]);

/*
 * Compare a password with a stored one; NULL for nobody's, which takes as long.
 *
 * Returns as gp_auth_hash() does.
 */
GP_MUST_USE enum gp_outcome gp_auth_verify(struct gp_auth_call *call,
    const struct gp_auth_value *password, const char *stored, bool *matches);

#endif
