/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base64url as JWS writes it: RFC 4648 section 5, without padding, canonical only.
 */
#ifndef GP_BASE64URL_H
#define GP_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct gp_buffer;

/* Bytes that `length` characters decode to at the most, and characters that `length` bytes take. */
#define GP_BASE64URL_DECODED_SIZE(length) ((length) / 4 * 3 + 2)
#define GP_BASE64URL_ENCODED_SIZE(length) (((length) + 2) / 3 * 4)

/*
 * Decode `text_length` characters.
 *
 *   bytes   room for GP_BASE64URL_DECODED_SIZE(text_length); `*length` says how many were written
 *
 * Returns whether the text is canonical: false on padding, white space, any character outside the
 * alphabet, an impossible length, or spare bits that are not zero (they would let two texts stand
 * for one value). RFC 7515 section 2, RFC 4648 section 3.5.
 */
GP_MUST_USE bool gp_base64url_decode(
    const char *text, size_t text_length, unsigned char *bytes, size_t *length);

/*
 * Encode `length` bytes into `text`, which has room for GP_BASE64URL_ENCODED_SIZE(length).
 * Returns the number of characters written; no NUL is added.
 */
size_t gp_base64url_encode(const unsigned char *bytes, size_t length, char *text);

/* Append `length` bytes, encoded. */
void gp_base64url_add(struct gp_buffer *buffer, const void *bytes, size_t length);

#endif
