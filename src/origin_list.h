/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web origins whose pages may read our answers.
 */
#ifndef GP_ORIGIN_LIST_H
#define GP_ORIGIN_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* More than anybody has front ends. */
#define GP_ORIGINS_MAX 32

/* Bytes of the longest origin, its NUL with it: https://, a host of 255, a colon and a port. */
#define GP_ORIGIN_SIZE 270

struct gp_origin_list {
	const char *origins[GP_ORIGINS_MAX]; /* borrowed texts, each as browsers send it */
	size_t count;
};

/*
 * Add origins separated by commas, or a JSON array of strings, to a list; [] adds none. An origin
 * is http:// or https://, a host and maybe a port. It is made what a browser sends: lower case,
 * without the scheme's own port and without a slash at its end. What the list has already is not
 * added again.
 *
 *   text   cut into pieces and changed in place; the list borrows from it
 *   list   not changed when something is wrong; the caller sets its count to 0 before the first use
 *
 * Returns NULL, or what is wrong and what to write instead.
 *
 * Source: RFC 6454 section 6.2, https://url.spec.whatwg.org/#concept-host-parser
 */
GP_MUST_USE const char *gp_origin_list_read(char *text, struct gp_origin_list *list);

/* Add the origin of a URL: the same, but of one, and what follows it is cut off. */
GP_MUST_USE const char *gp_origin_list_add_url(char *url, struct gp_origin_list *list);

/* Whether an Origin field is, byte for byte, one of the list. */
GP_MUST_USE bool gp_origin_list_has(const struct gp_origin_list *list, const char *origin);

/*
 * Make one origin what a browser sends, in place, as gp_origin_list_read() does with each of its
 * own. Returns NULL, or what is wrong and what to write instead.
 */
GP_MUST_USE const char *gp_origin_read(char *origin);

/*
 * The origin of a URL that may go on behind it with a path, a query, a fragment.
 *
 *   url      NUL-terminated, not trusted; only what stands before its path is looked at
 *   origin   room for GP_ORIGIN_SIZE bytes; a canonical origin when there is one, else anything
 *
 * Returns whether it is a URL of http or https whose origin reads the same to everybody. Stricter
 * than browsers are: a user's name, a host in percent signs, an IPv4 address of fewer than four
 * numbers and the like are refused, not made sense of.
 */
GP_MUST_USE bool gp_origin_of_url(const char *url, char *origin);

#endif
