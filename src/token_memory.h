/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remembers which signatures have been verified, so that a public key's arithmetic is done once for
 * a token and not once for each request. It holds digests, never tokens, and says nothing about
 * claims: those are judged every time.
 */
#ifndef GP_TOKEN_MEMORY_H
#define GP_TOKEN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

struct gp_token_memory;

/* Bytes of the digest that stands for a signed text and its signature. */
#define GP_TOKEN_DIGEST_SIZE 32

/*
 * Room for about `tokens` of them, rounded up to a power of two; a new one may push an old one out.
 * Owned by the caller; NULL without memory, when OpenSSL refuses, and for 0, which all functions
 * take for a memory that remembers nothing.
 */
GP_MUST_USE struct gp_token_memory *gp_token_memory_new(size_t tokens);

/* Release. NULL is fine. */
void gp_token_memory_free(struct gp_token_memory *memory);

/* Forget everything: to be called whenever a key may have gone. */
void gp_token_memory_clear(struct gp_token_memory *memory);

/*
 * The SHA-256 digest of a signed text and its signature. False for a memory that remembers nothing
 * and when OpenSSL refuses.
 */
GP_MUST_USE bool gp_token_memory_digest(struct gp_token_memory *memory, const char *text,
    size_t length, const unsigned char *signature, size_t signature_length,
    unsigned char digest[GP_TOKEN_DIGEST_SIZE]);

/* Whether this digest was remembered and its key is still alive at `now_s` (seconds, UTC). */
GP_MUST_USE bool gp_token_memory_knows(const struct gp_token_memory *memory,
    const unsigned char digest[GP_TOKEN_DIGEST_SIZE], int64_t now_s);

/* Remember a verified signature until its key dies at `dies_s` (seconds, UTC). */
void gp_token_memory_add(struct gp_token_memory *memory,
    const unsigned char digest[GP_TOKEN_DIGEST_SIZE], int64_t dies_s);

#endif
