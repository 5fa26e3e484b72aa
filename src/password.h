/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords as Better Auth keeps them. Each call is one run of scrypt, which takes 32 MiB and tens
 * of milliseconds: how many run at once is for the caller to bound.
 */
#ifndef GP_PASSWORD_H
#define GP_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"
#include "outcome.h"

/* Room for what is stored, 32 hexadecimal digits, a colon and 128 of them, and a NUL. */
#define GP_PASSWORD_HASH_SIZE 162

/* Bytes of randomness that a stored hash takes. */
#define GP_PASSWORD_SALT_SIZE 16

/*
 * Bytes of the longest password that can be hashed. Whoever sets one may use 1024 UTF-16 code units
 * at most, which are 3072 bytes of UTF-8; the normal form of a longer text may take minutes to
 * find.
 */
#define GP_PASSWORD_MAX 4096

/*
 * Hash a password.
 *
 *   password   `length` bytes of UTF-8, GP_PASSWORD_MAX at most, NULs among them. HMAC, which is
 *              inside scrypt, does not see those at the end of up to 64 bytes (RFC 2104 section 2)
 *   salt       random bytes, new for each hash
 *   stored     "<salt>:<key>" in lower-case hexadecimal digits and a NUL; empty when this fails
 *
 * The key is 64 bytes of scrypt, N 16384, r 16, p 1, over the password's normal form NFKC and the
 * 32 digits of the salt, which are not decoded.
 *
 * Returns GP_OK; GP_ERR_INTERNAL for what cannot be hashed (too long, or no UTF-8), which callers
 * have refused before; GP_ERR_MEMORY or GP_ERR_CRYPTO.
 *
 * Source: RFC 7914; Unicode Standard Annex 15.
 */
GP_MUST_USE enum gp_outcome gp_password_hash(const char *password, size_t length,
    const unsigned char salt[GP_PASSWORD_SALT_SIZE], char stored[GP_PASSWORD_HASH_SIZE]);

/*
 * Whether a password is the one that was hashed.
 *
 *   password   `length` bytes; what cannot be hashed is a wrong password
 *   stored     as gp_password_hash() writes it. NULL, when there is no such user or no password,
 * and what has another form match nothing, and take the same time as a wrong password matches false
 * unless the result is GP_OK
 *
 * Returns GP_OK; GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_password_verify(
    const char *password, size_t length, const char *stored, bool *matches);

#endif
