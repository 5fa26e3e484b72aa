/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the claims of a verified token must say, and the caller they name.
 */
#ifndef GP_CLAIMS_H
#define GP_CLAIMS_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "json.h"
#include "outcome.h"

/* Longest user id in bytes. */
#define GP_SUBJECT_LENGTH_MAX 255

struct gp_claims_policy {
	const char *issuer;   /* NULL: any */
	const char *audience; /* NULL: any */
	int64_t leeway_s;     /* how far the issuer's clock may be off */
};

/* Who is calling. Texts live in the arena that was passed in; absent ones are "". */
struct gp_caller {
	const char *user_id;
	const char *email;
	const char *name;
};

/*
 * Judge the claims of a token whose signature has been verified.
 *
 *   arena    where the caller's texts live, until its reset
 *   type     the header's `typ`, NULL when absent
 *   claims   `length` bytes and a NUL that is not counted
 *   now_s    current time, seconds since the epoch (UTC)
 *   caller   filled only on GP_OK
 *
 * Order: form, purpose, times, issuer, audience, subject. A token is expired from the moment
 * exp + leeway on.
 *
 * Returns GP_OK, a GP_DENY_* naming the first rule that failed, or GP_ERR_MEMORY.
 *
 * Source: RFC 7519 sections 4.1 and 7.2; RFC 8725 section 3.11 for the purpose.
 */
GP_MUST_USE enum gp_outcome gp_claims_judge(struct gp_arena *arena, struct gp_json_reader *reader,
    const struct gp_claims_policy *policy, const char *type, const char *claims, size_t length,
    int64_t now_s, struct gp_caller *caller);

#endif
