/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens for back ends, signed as TOKEN_ALG says. */
#ifndef GP_AUTH_TOKENS_H
#define GP_AUTH_TOKENS_H

#include "auth.h"

/* Write {"token":...} for call->user. Returns GP_OK, GP_ERR_SEALED where the key cannot be opened,
 * or another GP_ERR_*. */
GP_MUST_USE enum gp_outcome gp_auth_answer_token(struct gp_auth_call *call);

/*
 * Put a token into the field set-auth-jwt, as Better Auth does with each session that it shows.
 * None for one that a cookie remembers: the database has not been asked whether it still lives.
 */
GP_MUST_USE enum gp_outcome gp_auth_add_token_field(struct gp_auth_call *call);

#endif
