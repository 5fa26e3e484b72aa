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

#endif
