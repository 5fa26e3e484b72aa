/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that only a holder of a shared secret can read or make, as Better Auth keeps them in the
 * database: XChaCha20-Poly1305 without additional data, keyed with the SHA-256 of the secret.
 *
 * A box is the nonce, the sealed bytes, and the tag. Whoever writes to the database may put an
 * older box in a newer one's place; that it is a box of ours is all that a tag says.
 */
#ifndef GP_SECRET_BOX_H
#define GP_SECRET_BOX_H

#include <stddef.h>

#include "outcome.h"
#include "secret_list.h"

#define GP_SECRET_BOX_NONCE_SIZE 24

/* Bytes that a box has more than what is in it: nonce and tag. */
#define GP_SECRET_BOX_OVERHEAD (GP_SECRET_BOX_NONCE_SIZE + 16)

/*
 * Seal bytes.
 *
 *   nonce    long enough to be drawn at random; never twice the same for one secret
 *   content  `length` bytes
 *   box      room for length + GP_SECRET_BOX_OVERHEAD bytes, all of them written; apart from
 *            `content`
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO.
 *
 * Source: draft-irtf-cfrg-xchacha-03 section 2, RFC 8439 section 2.8.
 */
GP_MUST_USE enum gp_outcome gp_secret_box_seal(const struct gp_secret *secret,
    const unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE], const unsigned char *content,
    size_t length, unsigned char *box);

/*
 * Open a box.
 *
 *   box      `length` bytes
 *   content  room for length - GP_SECRET_BOX_OVERHEAD bytes, all of them written on GP_OK; wiped
 *            otherwise; the caller wipes it after use
 *
 * Returns GP_OK; GP_ERR_SEALED when the box was sealed with another secret, was altered or is too
 * short for one; GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_secret_box_open(const struct gp_secret *secret,
    const unsigned char *box, size_t length, unsigned char *content);

#endif
