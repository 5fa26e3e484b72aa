/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is signed in, and the cookies that say so.
 *
 * A session comes with a bearer token, raw or signed, or with the signed cookie; where its cache is
 * enabled, a second cookie answers for the database while it is young.
 */
#ifndef GP_AUTH_SESSION_H
#define GP_AUTH_SESSION_H

#include "auth.h"

/*
 * Meet an endpoint's need: find the session, refresh it when it is due, clear the cookies of one
 * that is dead.
 *
 * Returns GP_OK with call->signed_in; GP_DENY_SIGNED_OUT; GP_DENY_SESSION_NOT_FRESH; a GP_ERR_*.
 */
GP_MUST_USE enum gp_outcome gp_auth_require_session(
    struct gp_auth_call *call, enum gp_auth_need need);

/*
 * The same for who may be signed out, too: call->signed_in says.
 *
 *   use_cache   the cookie that caches the session will do, where that is enabled
 */
GP_MUST_USE enum gp_outcome gp_auth_find_session(struct gp_auth_call *call, bool use_cache);

/* The raw token of the request's session, in the arena; NULL where none came that is well signed.
 */
GP_MUST_USE enum gp_outcome gp_auth_session_token(struct gp_auth_call *call, const char **token);

/* Whether the session was begun within the time that counts as fresh. */
GP_MUST_USE bool gp_auth_is_fresh(const struct gp_auth_call *call);

/*
 * Give the client the cookies of call->session and call->user.
 *
 *   remembered   whether they outlive the browser
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_auth_set_cookies(struct gp_auth_call *call, bool remembered);

/* Take all of them back. Returns GP_OK or GP_ERR_MEMORY. */
GP_MUST_USE enum gp_outcome gp_auth_clear_cookies(struct gp_auth_call *call);

/* What a new row holds of who asks for it; NUL-terminated texts, never NULL. */
const char *gp_auth_client_address(struct gp_auth_call *call);
const char *gp_auth_user_agent(struct gp_auth_call *call);

#endif
