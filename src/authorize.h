/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verify and authorize: from a request's credential to a caller, or to a named refusal.
 *
 * Every program decides who is calling by this one function.
 */
#ifndef GP_AUTHORIZE_H
#define GP_AUTHORIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "claims.h"
#include "event_log.h"
#include "jws.h"
#include "outcome.h"
#include "settings.h"

struct gp_database;

/* What a route asks of its caller. */
enum gp_access {
	GP_ACCESS_CALLER = 0, /* a verified caller; the default of a route that says nothing */
	GP_ACCESS_OPEN,       /* anybody, and the credential is not looked at */
};

/* What a request brings along to say who is calling. */
struct gp_credentials {
	const char
	    *authorization;  /* the Authorization field as the web server passed it, NULL: none */
	const char *cookies; /* the Cookie field; NULL for programs that take no cookies */
	bool secure_cookies; /* the site is served over https, see gp_session_cookie_open() */
};

/* What callers are judged by: keys and policy. Opaque; made from settings. */
struct gp_authority;

/*
 * The authority of these settings.
 *
 *   database   where Better Auth's tables are, for its public keys; NULL to do without
 *   log        for what becomes of keys
 *
 * Owned by the caller; NULL without memory or when OpenSSL refuses. All are borrowed and must
 * outlive the authority.
 */
GP_MUST_USE struct gp_authority *gp_authority_new(
    const struct gp_settings *settings, struct gp_database *database, const struct gp_log *log);

/* Release the authority and its keys. NULL is fine. */
void gp_authority_free(struct gp_authority *authority);

/* Write the key ids that are held, separated by spaces, cut to `size`. */
void gp_authority_describe_keys(const struct gp_authority *authority, char *text, size_t size);

/*
 * Decide who is calling.
 *
 *   access          what the route asks
 *   demands         of the API that the route belongs to; NULL: none
 *   credentials     a bearer token goes before a cookie, which then is not looked at
 *   now_s           current time, seconds since the epoch (UTC)
 *   arena           where all texts live, until its reset
 *   caller          filled only on GP_OK for GP_ACCESS_CALLER; else its members are NULL. For a
 *                   session token only its identity is: the database confirms it, or refuses, in
 *                   the round trip of the request itself
 *   token           what could be read of the token, for the log
 *
 * Returns GP_OK, a GP_DENY_* naming the first rule that failed, or a GP_ERR_*. Anything but GP_OK
 * means that nobody was identified.
 *
 * Two dots make a JWT; anything else is a session token, raw or signed.
 *
 * Source: RFC 6750 section 2.1 (of its three ways only the Authorization field is taken), RFC 9110
 * section 11.4.
 */
GP_MUST_USE enum gp_outcome gp_authorize(struct gp_authority *authority, enum gp_access access,
    const struct gp_claims_demands *demands, const struct gp_credentials *credentials,
    int64_t now_s, struct gp_arena *arena, struct gp_caller *caller, struct gp_jws *token);

#endif
