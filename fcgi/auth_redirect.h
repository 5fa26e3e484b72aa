/* SPDX-License-Identifier: Apache-2.0 */
/* Sending the client on, to targets that gp_auth_require_target() has let pass. */
#ifndef GP_AUTH_REDIRECT_H
#define GP_AUTH_REDIRECT_H

#include "auth.h"

/* Add a Location field and nothing else. Returns GP_OK, GP_DENY_CALLBACK or GP_ERR_MEMORY. */
GP_MUST_USE enum gp_outcome gp_auth_add_location(struct gp_auth_call *call, const char *target);

/*
 * Answer 302.
 *
 *   base_url      what a path is resolved against; NULL to leave it a path
 *   name, value   of a query parameter that is added; NULL for none
 *
 * Returns as above.
 */
GP_MUST_USE enum gp_outcome gp_auth_redirect(struct gp_auth_call *call, const char *base_url,
    const char *target, const char *name, const char *value);

#endif
