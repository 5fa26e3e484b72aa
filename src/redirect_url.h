/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where to send people: what stands in a Location field, made of a target that is allowed
 * (gp_trusted_target_is_allowed(); nothing here asks for it again).
 */
#ifndef GP_REDIRECT_URL_H
#define GP_REDIRECT_URL_H

#include "arena.h"
#include "outcome.h"

/*
 * Give a target one more query parameter.
 *
 *   base_url     http or https; a target that begins with a slash gets its origin. NULL: such a
 *                target stays without one
 *   target       a URL or a path with one slash at its beginning, not trusted
 *   name, value  UTF-8, not encoded
 *   url          printable ASCII without spaces, NUL-terminated in the arena; what is not fit for
 *                that is percent-encoded as UTF-8; only set on GP_OK
 *
 * The query becomes what JavaScript's searchParams.set() makes of it: the first parameter of this
 * name gets the value and others of this name go; without one it comes last; and all of them are
 * written anew, as forms write them. A fragment stays behind it. Bytes that decode to no
 * UTF-8 stay the same bytes, and dot segments are left for the browser.
 *
 * Returns GP_OK; GP_BAD_INPUT for a target of any other form: with a control character, bytes that
 * are no UTF-8, a backslash before its query, or of http or https and without an origin
 * (gp_origin_of_url()); GP_ERR_MEMORY; GP_ERR_INTERNAL for a base URL without an origin.
 *
 * Source: https://url.spec.whatwg.org/#dom-urlsearchparams-set
 */
GP_MUST_USE enum gp_outcome gp_redirect_url_add(struct gp_arena *arena, const char *base_url,
    const char *target, const char *name, const char *value, const char **url);

/* Make a target fit for a Location field and change nothing else; outcomes as above. */
GP_MUST_USE enum gp_outcome gp_redirect_url_plain(
    struct gp_arena *arena, const char *target, const char **url);

#endif
