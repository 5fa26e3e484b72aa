/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key pairs for tests, made when first asked for, and what they sign, by OpenSSL alone.
 *
 * A signer is a key pair and one algorithm: ed, es256, es512, rs256, ps256, each with a second pair
 * (ed-2 ...); rs256 and ps256 share their pairs. ed25519 is ed under the algorithm's other name,
 * and oct is a symmetric key that stands among the public ones.
 */
#ifndef GP_TEST_KEY_PAIR_H
#define GP_TEST_KEY_PAIR_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "token.h"

/* Room for any signature: RSA of 2048 bits has 256 bytes, two coordinates of P-521 in DER less. */
#define GP_TEST_SIGNATURE_SIZE 512

/* The signer's key pair, kept to the end of the program; NULL for an unknown name and for oct. */
EVP_PKEY *gp_test_key_pair(const char *signer);

/*
 * Sign `length` bytes of `text`.
 *
 *   how   "" as the algorithm says; sha256 or sha512 with this digest instead; der leaves ECDSA's
 *         two numbers in DER; salt0 gives RSASSA-PSS no salt
 *
 * Returns false for an unknown signer and when OpenSSL refuses.
 */
bool gp_test_sign(const char *signer, const char *how, const void *text, size_t length,
    unsigned char signature[GP_TEST_SIGNATURE_SIZE], size_t *signature_length);

/* Add the signer's public key as a JWK; `key_id` "" for none. */
bool gp_test_add_jwk(struct gp_test_text *text, const char *signer, const char *key_id);

/*
 * A JWK set of the signers in `names`, separated by commas. Each has its own name as its key id, or
 * what stands behind a colon: "ed,rs256:k1,es256:" (the last one has none). "all" is all of the
 * first pairs.
 */
bool gp_test_key_set(const char *names, struct gp_test_text *text);

/* The signer's public key in bytes: pem, der (both of its SubjectPublicKeyInfo), raw or jwk. */
bool gp_test_key_bytes(const char *form, const char *signer, struct gp_test_text *bytes);

#endif
