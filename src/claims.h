/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the claims of a verified token must say, and the caller they name.
 */
#ifndef GP_CLAIMS_H
#define GP_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "identity.h"
#include "json.h"
#include "jws.h"
#include "outcome.h"

/* Longest user id in bytes. */
#define GP_SUBJECT_LENGTH_MAX 255

struct gp_claims_policy {
	const char *issuer;   /* NULL: any */
	const char *audience; /* NULL: any */
	bool live_users;  /* the user's row must exist and not be banned when the token is used */
	int64_t leeway_s; /* how far the issuer's clock may be off */
	int64_t longest_lifetime_s; /* for demands that bound it */
};

/* What an API demands of a token besides; zero demands nothing. */
struct gp_claims_demands {
	bool email;     /* an e-mail address */
	bool live_user; /* as in the policy */
	/* Seconds from iat to exp: at least this, or the policy's longest where that is less, and
	 * at most the longest. Without iat exp may not be further away than the longest. 0: any. */
	int64_t shortest_lifetime_s;
};

/* Who is calling. Texts live in the arena that was passed in; absent ones are "". */
struct gp_caller {
	struct gp_identity
	    identity;        /* as whom the transaction runs, which may look them up first */
	const char *user_id; /* NULL, as the others, while only the database can tell */
	const char *email;
	const char *name;
	int64_t expires_s; /* when the token ends, seconds since the epoch; 0 for a session */
	bool by_cookie;    /* a browser sent the credential by itself, whoever made it ask */
};

/*
 * Judge the claims of a token whose signature has been verified.
 *
 *   arena    where the caller's texts live, until its reset
 *   demands  of the API that is called; NULL: none
 *   token    opened; its payload are the claims
 *   now_s    current time, seconds since the epoch (UTC)
 *   caller   filled only on GP_OK
 *
 * Order: form, purpose, times, issuer, audience, subject, demands. A token is expired from the
 * moment exp + leeway on.
 *
 * Returns GP_OK, a GP_DENY_* naming the first rule that failed, or GP_ERR_MEMORY.
 *
 * Source: RFC 7519 sections 4.1 and 7.2; RFC 8725 section 3.11 for the purpose.
 */
GP_MUST_USE enum gp_outcome gp_claims_judge(struct gp_arena *arena, struct gp_json_reader *reader,
    const struct gp_claims_policy *policy, const struct gp_claims_demands *demands,
    const struct gp_jws *token, int64_t now_s, struct gp_caller *caller);

#endif
