/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Better Auth's session tokens: a raw one, or one with a signature behind it, as its bearer plugin
 * and its cookies have them, read and made. Whether the session lives, only the database knows.
 */
#ifndef GP_SESSION_TOKEN_H
#define GP_SESSION_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "key_ring.h"
#include "outcome.h"

/* Longest raw token in bytes; Better Auth's have 32 characters, foreign ones may have more. */
#define GP_SESSION_TOKEN_MAX 255

/* Better Auth's signed cookies, without the __Secure- of a site over https. */
#define GP_SESSION_TOKEN_COOKIE "better-auth.session_token"
#define GP_DONT_REMEMBER_COOKIE "better-auth.dont_remember"

/* What is signed in the latter: this session ends with the browser's. */
#define GP_DONT_REMEMBER_VALUE "true"

/*
 * The raw session token in a credential.
 *
 *   credential   `length` bytes: TOKEN or TOKEN.SIGNATURE, the latter percent-encoded or not
 *   raw          on GP_OK NUL-terminated, in the arena
 *
 * The signature is standard base64, with padding, of HMAC-SHA256 over the token with the current
 * shared secret.
 *
 * Returns GP_OK; GP_DENY_TOKEN_FORM or GP_DENY_SIGNATURE; GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_session_token_open(struct gp_arena *arena, struct gp_key_ring *ring,
    const char *credential, size_t length, const char **raw);

/*
 * What is signed in a cookie.
 *
 *   cookies   the Cookie field's value, NULL for none
 *   name      without __Secure-
 *   secure    whether the site is served over https: then only __Secure-NAME counts, which a page
 *             without it cannot have set; else only NAME
 *   raw       on GP_OK NUL-terminated, in the arena
 *
 * A cookie's value is always signed; the signature does not say for which cookie. Of two cookies of
 * one name the first counts.
 *
 * Returns GP_OK; GP_DENY_NO_CREDENTIAL when the cookie is absent or empty; otherwise as
 * gp_session_token_open() does. Source: RFC 6265 section 4.2.
 */
GP_MUST_USE enum gp_outcome gp_signed_cookie_open(struct gp_arena *arena, struct gp_key_ring *ring,
    const char *cookies, const char *name, bool secure, const char **raw);

/* The same for GP_SESSION_TOKEN_COOKIE: the raw session token in a Cookie field. */
GP_MUST_USE enum gp_outcome gp_session_cookie_open(struct gp_arena *arena, struct gp_key_ring *ring,
    const char *cookies, bool secure, const char **raw);

/*
 * Sign a session token, or whatever else a signed cookie holds, with the current shared secret.
 *
 *   value          NUL-terminated, what gp_session_token_open() is to give back
 *   signed_value   on GP_OK VALUE.SIGNATURE, NUL-terminated, in the arena; not percent-encoded, as
 *                  the field set-auth-token carries it and gp_cookie_write() takes it
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_session_token_sign(
    struct gp_arena *arena, struct gp_key_ring *ring, const char *value, const char **signed_value);

#endif
