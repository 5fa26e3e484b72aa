/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One key that verifies tokens. It answers for one algorithm, fixed when the key is made.
 */
#ifndef GP_KEY_H
#define GP_KEY_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outcome.h"

/* The algorithms that Better Auth's tokens have (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
enum gp_algorithm {
	GP_HS256,
	GP_EDDSA, /* with Ed25519, called EdDSA or Ed25519 */
	GP_ES256,
	GP_ES512,
	GP_RS256,
	GP_PS256,
	GP_ALGORITHM_COUNT
};

/* Bytes of an HS256 signature. */
#define GP_HS256_SIZE 32

/* Fewest bytes of a symmetric key, fewest and most bits of an RSA key (RFC 7518 section 3.2, 3.3).
 */
#define GP_SECRET_SIZE_MIN 32
#define GP_RSA_BITS_MIN 2048
#define GP_RSA_BITS_MAX 8192

struct gp_key;

/* The algorithm that a header's or a key's `alg` names; false for any that is not ours. */
GP_MUST_USE bool gp_algorithm_of(const char *name, enum gp_algorithm *algorithm);

/* Its name, as a key's `alg` has it. */
const char *gp_algorithm_name(enum gp_algorithm algorithm);

/*
 * A symmetric key, for HS256. `bytes` are copied. Owned by the caller; NULL without memory or when
 * OpenSSL refuses. The length is not judged.
 */
GP_MUST_USE struct gp_key *gp_key_new_secret(
    const unsigned char *bytes, size_t length, const char *key_id);

/*
 * A public key for one algorithm.
 *
 *   public_key   taken, also on failure
 *   key_id       copied; NULL for a key without
 *
 * Returns the key, owned by the caller, or NULL without memory or when the key's type, curve or
 * size is not what the algorithm wants, or a point is not on its curve.
 */
GP_MUST_USE struct gp_key *gp_key_new_public(
    EVP_PKEY *public_key, enum gp_algorithm algorithm, const char *key_id);

/* Wipe and release. NULL is fine. */
void gp_key_free(struct gp_key *key);

enum gp_algorithm gp_key_algorithm(const struct gp_key *key);

/* When the key dies, seconds since the epoch (UTC); INT64_MAX, the default, for never. */
void gp_key_set_death(struct gp_key *key, int64_t dies_s);
int64_t gp_key_death(const struct gp_key *key);

/* NULL for a key without. Borrowed. */
const char *gp_key_id(const struct gp_key *key);

/*
 * Judge a signature by this key's algorithm.
 *
 *   text        what was signed, `length` bytes
 *   signature   raw, as a JWS carries it: r and s side by side for ES256 and ES512
 *
 * Returns GP_OK, GP_DENY_SIGNATURE, GP_ERR_CRYPTO or GP_ERR_MEMORY.
 *
 * Source: RFC 7518 sections 3.2 to 3.5, RFC 8037 section 3.1.
 */
GP_MUST_USE enum gp_outcome gp_key_verify(struct gp_key *key, const char *text, size_t length,
    const unsigned char *signature, size_t signature_length);

/*
 * Sign with a symmetric key.
 *
 *   signature   room for GP_HS256_SIZE bytes
 *
 * Returns GP_OK or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_key_sign(
    struct gp_key *key, const char *text, size_t length, unsigned char *signature);

#endif
