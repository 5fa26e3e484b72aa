/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that verify tokens: shared secrets, and public keys by key id. A key answers for one
 * algorithm, which the key decides; a token's header can only name it.
 */
#ifndef GP_KEY_RING_H
#define GP_KEY_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jwk.h"
#include "key.h"
#include "outcome.h"
#include "secret_list.h"

struct gp_key_ring;

/* Where public keys come from; each place's keys are replaced on their own. */
enum gp_key_place { GP_KEYS_OF_TABLE, GP_KEYS_OF_FILE, GP_KEYS_OF_URL, GP_KEY_PLACE_COUNT };

/* What came of a look at those places. */
struct gp_refreshed {
	bool taken;       /* gp_key_ring_take() was called */
	bool unreachable; /* a place could not be read so far: it cannot be said which keys there
			     are */
};

/*
 * Brings the ring's public keys up to date, before one of them is asked.
 *
 *   key_unknown   no key has the token's key id: worth a look at where the keys come from
 */
typedef struct gp_refreshed gp_key_refresher(
    void *context, struct gp_key_ring *ring, int64_t now_s, bool key_unknown);

/*
 * A ring with shared secrets, which answer for HS256 alone.
 *
 *   secrets   the first signs; all verify. Used as their UTF-8 bytes, never decoded, as Better Auth
 *             does. NULL or empty for a ring without.
 *   tokens    how many verified tokens are remembered; 0 for none
 *
 * Owned by the caller; NULL without memory or when OpenSSL refuses.
 */
GP_MUST_USE struct gp_key_ring *gp_key_ring_new(
    const struct gp_secret_list *secrets, size_t tokens);

/* Wipe and release. NULL is fine. */
void gp_key_ring_free(struct gp_key_ring *ring);

/* Ask `refresh` for public keys from now on. `context` is borrowed. */
void gp_key_ring_set_refresher(struct gp_key_ring *ring, gp_key_refresher *refresh, void *context);

/*
 * Replace the public keys of one place by those of `set`, which is empty afterwards. What was
 * remembered goes.
 */
void gp_key_ring_take(struct gp_key_ring *ring, enum gp_key_place place, struct gp_jwk_set *set);

/* How many public keys of one place answer for an algorithm, dead ones included. */
size_t gp_key_ring_count(
    const struct gp_key_ring *ring, enum gp_key_place place, enum gp_algorithm algorithm);

/* Write the key ids held, separated by spaces, cut to `size`, for the log and the command line. */
void gp_key_ring_describe(const struct gp_key_ring *ring, char *text, size_t size);

/*
 * Judge a signature.
 *
 *   algorithm   the `alg` of the token's header
 *   key_id      its `kid`, NULL for none: then every key of the algorithm is asked. The shared
 *               secrets have no key id and answer whatever the token says.
 *   text        what was signed, `length` bytes
 *   signature   `signature_length` bytes
 *   now_s       current time, seconds since the epoch (UTC)
 *
 * Returns GP_OK; GP_DENY_ALGORITHM when no key can answer for the algorithm; GP_DENY_KEY when some
 * can, but none with this key id; GP_DENY_SIGNATURE; GP_ERR_KEYS_UNREACHABLE when the keys could
 * not be read so far; GP_ERR_CRYPTO or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_key_ring_verify(struct gp_key_ring *ring, const char *algorithm,
    const char *key_id, const char *text, size_t length, const unsigned char *signature,
    size_t signature_length, int64_t now_s);

/*
 * Sign with the first shared secret, HS256 (RFC 7518 section 3.2).
 *
 *   signature   room for GP_HS256_SIZE bytes
 *
 * Returns GP_OK or GP_ERR_CRYPTO, also where the ring has no secret.
 */
GP_MUST_USE enum gp_outcome gp_key_ring_sign(
    struct gp_key_ring *ring, const char *text, size_t length, unsigned char *signature);

#endif
