/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guards against requests that another site makes a browser send, and against ways back to one.
 *
 * Sources: the Fetch Metadata specification; OWASP's cheat sheet on cross-site request forgery.
 */
#ifndef GP_AUTH_ORIGIN_H
#define GP_AUTH_ORIGIN_H

#include "auth_body.h"

/*
 * A request with cookies has to come from a page of a trusted origin.
 *
 * Returns GP_OK, GP_DENY_ORIGIN_MISSING or GP_DENY_ORIGIN.
 */
GP_MUST_USE enum gp_outcome gp_auth_require_origin(struct gp_auth_call *call);

/*
 * So has one without cookies that begins a session, when a browser sent it.
 *
 * Returns as above, or GP_DENY_NAVIGATION.
 */
GP_MUST_USE enum gp_outcome gp_auth_require_same_site(struct gp_auth_call *call);

/*
 * Every address that the client wants to be sent to leads to a trusted origin.
 *
 * Returns GP_OK, GP_BAD_CALLBACK_TYPE, the GP_DENY_* of that address, or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_auth_require_targets(
    struct gp_auth_call *call, const struct gp_auth_text *body);

/* The same for one address; NULL and "" lead nowhere. Returns GP_OK or GP_DENY_CALLBACK. */
GP_MUST_USE enum gp_outcome gp_auth_require_target(struct gp_auth_call *call, const char *target);

#endif
