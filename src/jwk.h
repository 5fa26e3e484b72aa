/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys as JSON: one JWK, or a set of them.
 */
#ifndef GP_JWK_H
#define GP_JWK_H

#include <stddef.h>

#include "json.h"
#include "key.h"

/* Most keys taken from one set; a rotating Better Auth publishes two or three. */
#define GP_JWK_SET_MAX 64

struct gp_jwk_set {
	struct gp_key *keys[GP_JWK_SET_MAX]; /* owned by the set */
	size_t count;
	size_t refused; /* entries that were no key we may use */
};

/*
 * Read one JWK or a JWK set.
 *
 *   text        `length` bytes and a NUL that is not counted
 *   algorithm   what a key without `alg` is for, where its type allows several (RSA); NULL: such a
 *               key is refused
 *   key_id      overrides the `kid` of a single JWK; NULL to keep it
 *   set         emptied first, then filled; released by gp_jwk_set_clear()
 *
 * A key is refused when it is malformed, weak, of an algorithm that is not ours, or says that it is
 * not for verifying (`use`, `key_ops`); the others of a set count all the same.
 *
 * Returns whether the text is a JWK or a JWK set at all.
 *
 * Source: RFC 7517 sections 4 and 5, RFC 7518 section 6, RFC 8037 section 2.
 */
GP_MUST_USE bool gp_jwk_set_read(struct gp_json_reader *reader, const char *text, size_t length,
    const enum gp_algorithm *algorithm, const char *key_id, struct gp_jwk_set *set);

/* Drop all keys but those of one algorithm. */
void gp_jwk_set_keep(struct gp_jwk_set *set, enum gp_algorithm algorithm);

/* Release the keys; the set is empty afterwards. */
void gp_jwk_set_clear(struct gp_jwk_set *set);

#endif
