/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Ed25519 key pairs that Better Auth signs its tokens with, and their form in its table `jwks`.
 *
 * Column "publicKey" holds a JWK. Column "privateKey" holds a JSON string: a private JWK in a
 * secret box, in hexadecimal digits, behind $ba$VERSION$ where the secret has a version; or, where
 * Better Auth was told not to seal, that JWK as it is.
 */
#ifndef GP_SIGNING_KEY_H
#define GP_SIGNING_KEY_H

#include <stddef.h>

#include "arena.h"
#include "json.h"
#include "outcome.h"
#include "secret_box.h"
#include "secret_list.h"

/* Bytes of a signature (RFC 8032 section 5.1.6). */
#define GP_SIGNING_KEY_SIGNATURE_SIZE 64

/* Room for a public key as JWK, with its NUL: 43 characters of base64url, and what is around. */
#define GP_SIGNING_KEY_PUBLIC_SIZE (sizeof("{\"crv\":\"Ed25519\",\"x\":\"\",\"kty\":\"OKP\"}") + 43)

struct gp_signing_key;

/* A new pair, drawn at random. Owned by the caller; NULL without memory or when OpenSSL refuses. */
GP_MUST_USE struct gp_signing_key *gp_signing_key_generate(void);

/* Wipe and release. NULL is fine. */
void gp_signing_key_free(struct gp_signing_key *key);

/*
 * Write the text for the column "publicKey", NUL-terminated.
 *
 * Returns GP_OK or GP_ERR_CRYPTO. Source: RFC 8037 section 2.
 */
GP_MUST_USE enum gp_outcome gp_signing_key_public(
    const struct gp_signing_key *key, char text[GP_SIGNING_KEY_PUBLIC_SIZE]);

/*
 * Make the text for the column "privateKey".
 *
 *   arena    where the text lives
 *   secret   the one to seal with: the first of the settings' sealing_secrets
 *   nonce    for the box; NULL to draw one at random
 *   text     on GP_OK NUL-terminated, in the arena
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_signing_key_seal(const struct gp_signing_key *key,
    struct gp_arena *arena, const struct gp_secret *secret,
    const unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE], const char **text);

/*
 * Read the column "privateKey".
 *
 *   reader    for its JSON
 *   secrets   the settings' sealing_secrets: the one of the box's version opens it; a box without
 *             is for the secret that has none
 *   text      `length` bytes and a NUL that is not counted
 *   key       on GP_OK the pair, owned by the caller; NULL otherwise
 *
 * Returns GP_OK; GP_ERR_SEALED when no secret of ours opens the box; GP_ERR_KEY_FORM for anything
 * else that is no private JWK of Ed25519 whose public part belongs to it; GP_ERR_MEMORY or
 * GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_signing_key_open(struct gp_json_reader *reader,
    const struct gp_secret_list *secrets, const char *text, size_t length,
    struct gp_signing_key **key);

/*
 * Sign `length` bytes of `text`; a token says EdDSA then.
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO. Source: RFC 8037 section 3.1.
 */
GP_MUST_USE enum gp_outcome gp_signing_key_sign(const struct gp_signing_key *key, const char *text,
    size_t length, unsigned char signature[GP_SIGNING_KEY_SIGNATURE_SIZE]);

#endif
