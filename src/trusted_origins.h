/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom the sign-in program trusts: the sites and apps whose requests may carry its cookies, and
 * where it sends people afterwards.
 *
 * An entry is one of
 *
 *   https://app.example.com      an origin of http or https, compared as a whole
 *   https://app-*.example.com    a pattern for one: * is any characters and ? is one, none a slash
 *   app-*.example.com            the same with either scheme
 *   myapp://                     an app's own scheme: everything it opens
 *   myapp://host/path            no more than that host, and that path with what is below it
 *   myapp://host/b*              a pattern for the host and for the whole path
 */
#ifndef GP_TRUSTED_ORIGINS_H
#define GP_TRUSTED_ORIGINS_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* More than anybody has front ends. */
#define GP_TRUSTED_ORIGINS_MAX 32

/*
 * Bytes of the longest target. With all of it percent-encoded the Location field stays below the 8
 * KiB that web servers take of a field.
 */
#define GP_TRUSTED_TARGET_MAX 2048

struct gp_trusted_origins {
	const char *patterns[GP_TRUSTED_ORIGINS_MAX]; /* borrowed texts, canonical */
	size_t count;
};

/*
 * Add entries separated by commas to a list; spaces around them do not count, and a text of nothing
 * else adds none. What the list has already is not added again.
 *
 * Refused is what would trust anybody, could never match, or runs code: a pattern in a scheme, one
 * that the host's name ends with (https://app.*), javascript: and the like.
 *
 *   text   cut into pieces and changed in place; the list borrows from it
 *   list   not changed when something is wrong; the caller sets its count to 0 before the first use
 *
 * Returns NULL, or what is wrong and what to write instead.
 */
GP_MUST_USE const char *gp_trusted_origins_read(char *text, struct gp_trusted_origins *list);

/*
 * Add one origin, which is the program's own: canonical (gp_origin_of_url()), borrowed. False when
 * the list is full.
 */
GP_MUST_USE bool gp_trusted_origins_add(struct gp_trusted_origins *list, const char *origin);

/*
 * Whether the value of an Origin or Referer field, or any other URL, is of an origin of the list.
 *
 *   url   NUL-terminated, not trusted
 *
 * Of http and https the origin is compared, made canonical: neither case, nor the scheme's own
 * port, nor what follows the host matters. Of an app's scheme: scheme and host whatever their case,
 * then the path byte for byte, in which . and .. segments and encoded slashes match nothing.
 *
 * False for `null`, a relative address, and everything that is no URL or that browsers would have
 * to mend first: a control character, a backslash before the path, a user's name, a missing slash.
 */
GP_MUST_USE bool gp_trusted_origins_has(const struct gp_trusted_origins *list, const char *url);

/*
 * Whether somebody may be sent to a target: a URL of an origin of the list, or a path on the
 * program's own.
 *
 *   target   NUL-terminated, not trusted
 *
 * It is at most GP_TRUSTED_TARGET_MAX bytes of UTF-8 without control characters. A path begins with
 * exactly one slash and has no backslash anywhere; neither a path nor a URL may have, before its
 * query and fragment, a backslash, an encoded slash, backslash or control character, or dot
 * segments together with empty ones, which end in another host once somebody shortens them
 * (/..//host).
 */
GP_MUST_USE bool gp_trusted_target_is_allowed(
    const struct gp_trusted_origins *list, const char *target);

#endif
