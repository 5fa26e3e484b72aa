/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens for tests, made with OpenSSL alone: our own encoder, key ring and mint are judged by these
 * and take no part in them.
 */
#ifndef GP_TEST_TOKEN_H
#define GP_TEST_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

/* Twice the longest token that is accepted. */
#define GP_TEST_TEXT_SIZE (16 * 1024)

/* Bytes of any kind and a NUL that is not counted. */
struct gp_test_text {
	char bytes[GP_TEST_TEXT_SIZE];
	size_t length;
};

/* The shared secret of all tests: 32 characters, the fewest that are allowed. */
extern const char gp_test_secret[];

/* Another one; and the throw-away secret of a Better Auth server whose answers were recorded. */
extern const char gp_test_other_secret[];
extern const char gp_test_recorded_secret[];

/* A secret by its name: secret, other, recorded, or empty for no bytes; NULL for any else. */
const char *gp_test_secret_of(const char *name);

/* `text` set to a NUL-terminated text that fits. */
void gp_test_text_set(struct gp_test_text *text, const char *value);

/* `text` grown by bytes; false when they do not fit. */
bool gp_test_text_add(struct gp_test_text *text, const void *bytes, size_t length);

/* `text` grown by bytes as base64url without padding. */
bool gp_test_text_add_encoded(struct gp_test_text *text, const void *bytes, size_t length);

/*
 * Make one compact JWS.
 *
 *   key      which key, and what is done to the signature afterwards: see make_signature() and
 *            the head of tests/data/verdicts.txt
 *   header, claims   what is encoded; behind a leading "=" stands the part itself, not encoded
 *
 * Returns false for an unknown key and for what does not fit.
 */
bool gp_test_token_make(const char *key, const struct gp_test_text *header,
    const struct gp_test_text *claims, struct gp_test_text *token);

/* The same from NUL-terminated texts, for tests that need one token and not a table. */
bool gp_test_token_from(
    const char *key, const char *header, const char *claims, struct gp_test_text *token);

#endif
