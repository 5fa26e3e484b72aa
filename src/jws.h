/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compact form of a JSON Web Signature: three parts, a header that we understand in full, and a
 * signature that one of our keys made. Believes nothing in the payload; claims.h judges that.
 */
#ifndef GP_JWS_H
#define GP_JWS_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "json.h"
#include "key_ring.h"
#include "outcome.h"

/* Longest token in bytes; web servers take no longer header field. Better Auth's are under 1 KiB.
 */
#define GP_TOKEN_LENGTH_MAX 8192

/* What a token says of itself. For the log it is there as far as it could be read. */
struct gp_jws {
	const char *algorithm; /* NULL when not reached */
	const char *key_id;    /* NULL when absent */
	const char *type;      /* `typ`, NULL when absent */
	char *payload;         /* set only on GP_OK; `payload_length` bytes and a NUL */
	size_t payload_length;
};

/*
 * Reads headers. Nearly all tokens have the same one, so that of the last good token is kept.
 * Opaque.
 */
struct gp_jws_reader;

/* `json` is borrowed and must outlive the reader. Owned by the caller; NULL without memory. */
GP_MUST_USE struct gp_jws_reader *gp_jws_reader_new(struct gp_json_reader *json);

/* Release. NULL is fine. */
void gp_jws_reader_free(struct gp_jws_reader *reader);

/*
 * Open one compact JWS.
 *
 *   arena    where the parts live, until its reset
 *   reader   for the header
 *   ring     the keys that may have signed it
 *   token    `length` bytes; not modified, not kept
 *   now_s    current time, seconds since the epoch (UTC): keys die
 *   jws      filled as far as the token could be read
 *
 * Returns GP_OK when the signature is ours; a GP_DENY_* naming the first rule that failed;
 * GP_ERR_MEMORY, GP_ERR_CRYPTO or GP_ERR_KEYS_UNREACHABLE.
 *
 * Source: RFC 7515 sections 4.1.11, 5.2 and 7.1; RFC 7797 section 6 (b64); RFC 8725 section 3.
 */
GP_MUST_USE enum gp_outcome gp_jws_open(struct gp_arena *arena, struct gp_jws_reader *reader,
    struct gp_key_ring *ring, const char *token, size_t length, int64_t now_s, struct gp_jws *jws);

#endif
