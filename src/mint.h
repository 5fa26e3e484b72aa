/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access tokens signed with the shared secret, as the back ends of Better Auth applications expect
 * them: HS256, claims sub, email, name, iss, aud, iat, exp, type.
 */
#ifndef GP_MINT_H
#define GP_MINT_H

#include <stdint.h>

#include "arena.h"
#include "key_ring.h"
#include "outcome.h"

/* Most claims of one's own in a token. */
#define GP_MINT_CLAIMS_MAX 16

struct gp_mint_order {
	const char *user_id; /* UTF-8, not empty */
	const char *email;   /* NULL: no such claim */
	const char *name;    /* NULL: no such claim */
	const char *issuer;  /* NULL: no such claim; likewise the audience */
	const char *audience;
	int64_t now_s; /* seconds since the epoch (UTC) */
	int64_t lifetime_s;
	struct {
		const char *name;  /* none of those above */
		const char *value; /* written as a string */
	} claims[GP_MINT_CLAIMS_MAX];
	size_t claim_count;
};

/*
 * Make one token.
 *
 *   token   on GP_OK a NUL-terminated compact JWS in the arena
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO. Source: RFC 7515 section 7.1, RFC 7519.
 */
GP_MUST_USE enum gp_outcome gp_mint(struct gp_arena *arena, struct gp_key_ring *ring,
    const struct gp_mint_order *order, const char **token);

#endif
