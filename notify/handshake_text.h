/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in the fields and in the query of a handshake (RFC 6455 sections 4.1 and 4.2.1). All
 * texts are NUL-terminated, and NULL where the client has not sent the field.
 */
#ifndef GP_HANDSHAKE_TEXT_H
#define GP_HANDSHAKE_TEXT_H

#include <stdbool.h>

#include "arena.h"
#include "attributes.h"

/* The subprotocol in whose list a browser can send a token that no log keeps. */
#define GP_BEARER_PROTOCOL "gatepost.bearer"

/*
 * Whether the list of a Connection or Upgrade field has this element, in letters of any case. Its
 * elements are separated by commas, with blanks around them; empty ones count for nothing (RFC 9110
 * section 5.6.1).
 */
GP_MUST_USE bool gp_handshake_asks_for(const char *list, const char *element);

/*
 * Whether a list of subprotocols has ours; unlike other names it is the same in its own letters
 * only, as clients compare the one that is confirmed with those that they offered.
 */
GP_MUST_USE bool gp_handshake_speaks_bearer(const char *protocols);

/* Whether a Sec-WebSocket-Key is sixteen bytes in base64, in its only spelling. */
GP_MUST_USE bool gp_handshake_is_key(const char *key);

/*
 * The token that a handshake brings along: the subprotocol behind the first of ours, else the
 * parameter `token` of the query. In both places it may be percent-encoded; a plus is a plus, as
 * base64 has it. What cannot be decoded stays as it is.
 *
 *   arena   where the token will be
 *   query   without its question mark; a query with two of them brings none
 *   token   receives it, NUL-terminated and maybe empty; NULL where there is none
 *
 * False without memory.
 */
GP_MUST_USE bool gp_handshake_find_token(
    struct gp_arena *arena, const char *protocols, const char *query, const char **token);

#endif
