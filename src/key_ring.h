/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that verify and sign tokens. A key answers for one algorithm, which the key decides; a
 * token's header can only name it.
 */
#ifndef GP_KEY_RING_H
#define GP_KEY_RING_H

#include <stdbool.h>
#include <stddef.h>

#include "outcome.h"
#include "settings.h"

/* Bytes of an HS256 signature. */
#define GP_HS256_SIZE 32

struct gp_key_ring;

/*
 * A ring holding the shared secret, which answers for HS256 alone. The secret is used as its UTF-8
 * bytes, never decoded, as Better Auth does. It is copied; the ring is owned by the caller.
 * NULL without memory or when OpenSSL refuses.
 */
GP_MUST_USE struct gp_key_ring *gp_key_ring_new(const struct gp_secret *secret);

/* Wipe and release. NULL is fine. */
void gp_key_ring_free(struct gp_key_ring *ring);

/*
 * Judge a signature.
 *
 *   algorithm   the `alg` of the token's header (RFC 7518 section 3.1)
 *   text        what was signed, `length` bytes
 *   signature   `signature_length` bytes
 *
 * Returns GP_OK, GP_DENY_ALGORITHM when no key answers for the algorithm, GP_DENY_SIGNATURE, or
 * GP_ERR_CRYPTO. The comparison takes the same time whatever differs.
 */
GP_MUST_USE enum gp_outcome gp_key_ring_verify(struct gp_key_ring *ring, const char *algorithm,
    const char *text, size_t length, const unsigned char *signature, size_t signature_length);

/*
 * Sign with the shared secret, HS256 (RFC 7518 section 3.2).
 *
 *   signature   room for GP_HS256_SIZE bytes
 *
 * Returns GP_OK or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_key_ring_sign(
    struct gp_key_ring *ring, const char *text, size_t length, unsigned char *signature);

#endif
