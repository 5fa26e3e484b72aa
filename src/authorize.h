/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verify and authorize: from a request's credential to a caller, or to a named refusal.
 *
 * Every program decides who is calling by this one function.
 */
#ifndef GP_AUTHORIZE_H
#define GP_AUTHORIZE_H

#include <stdint.h>

#include "arena.h"
#include "claims.h"
#include "jws.h"
#include "outcome.h"
#include "settings.h"

/* What a route asks of its caller. */
enum gp_access {
	GP_ACCESS_CALLER = 0, /* a verified caller; the default of a route that says nothing */
	GP_ACCESS_OPEN,       /* anybody, and the credential is not looked at */
};

/* What callers are judged by: keys and policy. Opaque; made from settings. */
struct gp_authority;

/*
 * The authority of these settings; NULL without memory or when OpenSSL refuses. Owned by the
 * caller. It borrows `settings`, which must outlive it.
 */
GP_MUST_USE struct gp_authority *gp_authority_new(const struct gp_settings *settings);

/* Release the authority and its keys. NULL is fine. */
void gp_authority_free(struct gp_authority *authority);

/*
 * Decide who is calling.
 *
 *   access          what the route asks
 *   authorization   the Authorization field's value as the web server passed it, NULL for none
 *   now_s           current time, seconds since the epoch (UTC)
 *   arena           where all texts live, until its reset
 *   caller          filled only on GP_OK for GP_ACCESS_CALLER; else its members are NULL
 *   token           what could be read of the token, for the log
 *
 * Returns GP_OK, a GP_DENY_* naming the first rule that failed, or a GP_ERR_*. Anything but GP_OK
 * means that nobody was identified.
 *
 * Source: RFC 6750 section 2.1 (only the Authorization field is read), RFC 9110 section 11.4.
 */
GP_MUST_USE enum gp_outcome gp_authorize(struct gp_authority *authority, enum gp_access access,
    const char *authorization, int64_t now_s, struct gp_arena *arena, struct gp_caller *caller,
    struct gp_jws *token);

#endif
