/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path that an authorizer judges. The web server hands it only the address as it was sent, and
 * opens something that it decoded and tidied up itself: what the two could read differently is
 * refused, so that there is one reading.
 */
#ifndef GP_GUARDED_PATH_H
#define GP_GUARDED_PATH_H

#include "arena.h"
#include "outcome.h"

/*
 * The path of an address, decoded once.
 *
 *   target   as it was sent: a path, or a whole URL, maybe with a query; NULL for none
 *   path     on GP_OK NUL-terminated, in the arena; begins with a slash
 *
 * Returns GP_OK; GP_BAD_PATH on dot segments and empty ones, on encoded slashes, on backslashes,
 * control characters, blanks that are not encoded (web servers put one between two fields that they
 * join) and a fragment, on what is no UTF-8 or broken percent-encoding, and on what
 * would be percent-encoding once more; or GP_ERR_MEMORY.
 *
 * Source: RFC 9112 section 3.2, RFC 3986 sections 2.4 and 3.3.
 */
GP_MUST_USE enum gp_outcome gp_guarded_path(
    const char *target, struct gp_arena *arena, const char **path);

/*
 * Where the path of an address begins: behind the host of a whole URL of http or https. NULL when
 * there is none. Source: RFC 9112 section 3.2.2.
 */
const char *gp_guarded_path_start(const char *target);

#endif
