/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cookies in both directions: found in a Cookie field, and set by Set-Cookie fields with the
 * attributes that Better Auth gives its own, in the same order.
 *
 * Names are plain ones everywhere: where a site is served over https, __Secure- goes before them,
 * and a page without https cannot have set what is found.
 */
#ifndef GP_COOKIE_H
#define GP_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buffer.h"
#include "outcome.h"

/* The life of a cookie that goes when the browser does. */
#define GP_COOKIE_SESSION INT64_C(-1)

/* Bytes of a Set-Cookie field's value at the most; Safari keeps 4093, the least of all browsers. */
#define GP_COOKIE_SIZE_MAX 4050

/* Cookies that one value is spread over at the most; what is larger belongs in no cookie. */
#define GP_COOKIE_CHUNKS_MAX 100

struct gp_cookie {
	const char *name;  /* without __Secure- */
	const char *value; /* `value_length` bytes, not encoded; none to clear the cookie */
	size_t value_length;
	int64_t max_age_s; /* GP_COOKIE_SESSION for none, 0 to clear the cookie */
	bool secure;       /* the site is served over https */
};

/*
 * Find the first cookie of a name.
 *
 *   cookies   the Cookie field's value, NULL for none
 *   name      without __Secure-, letters exactly so
 *   secure    whether __Secure- must stand before it
 *   value     on success `*length` bytes inside `cookies`, as they came but for blanks and double
 *             quotes around them; may be empty
 *
 * Returns whether there is one. Source: RFC 6265 section 4.2.
 */
GP_MUST_USE bool gp_cookie_find(
    const char *cookies, const char *name, bool secure, const char **value, size_t *length);

/*
 * Find a cookie that may have been spread over several, name.0, name.1 and so on.
 *
 *   value   on GP_OK the cookie's own value where it has one, inside `cookies`; else those of the
 *           numbered ones in a row, in the arena. Not decoded: what we spread needs no encoding.
 *
 * The others as gp_cookie_find() has them. Returns GP_OK; GP_DENY_NO_CREDENTIAL where all is absent
 * or empty; GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_cookie_join(struct gp_arena *arena, const char *cookies,
    const char *name, bool secure, const char **value, size_t *length);

/*
 * Append the value of one Set-Cookie field, such as
 *
 *   __Secure-NAME=VALUE; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax
 *
 * with the cookie's value percent-encoded.
 */
void gp_cookie_write(struct gp_buffer *buffer, const struct gp_cookie *cookie);

/* Append one whole field, "Set-Cookie: ..." with the line's end. */
void gp_cookie_set(struct gp_buffer *fields, const struct gp_cookie *cookie);

/*
 * Append the fields that leave a browser with this value and nothing of an older one: a cookie, or
 * name.0, name.1 and so on where one would be longer than GP_COOKIE_SIZE_MAX. Those that came with
 * the request and are no longer needed are cleared. A value for more than GP_COOKIE_CHUNKS_MAX is
 * not set, only the older one cleared. With an empty value and a life of 0 all of them are cleared.
 *
 *   cookies   the Cookie field's value of the request, NULL for none
 */
void gp_cookie_set_spread(
    struct gp_buffer *fields, const char *cookies, const struct gp_cookie *cookie);

#endif
