/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What gatepost-authorizer.fcgi does: from a path to its rule, from a caller to a permission.
 */
#ifndef GP_GUARD_H
#define GP_GUARD_H

#include "exchange.h"
#include "worker.h"

/* Which of gp_guard_routes a path has is for its rule to say. */
enum gp_guard_route { GP_GUARD_PUBLIC, GP_GUARD_CALLER, GP_GUARD_ROUTE_COUNT };

extern const struct gp_route gp_guard_routes[];

/*
 * Finds the rule of the path that was sent, and of the one in Destination, where WebDAV's COPY and
 * MOVE write. Returns GP_OK, GP_BAD_PATH, GP_BAD_METHOD, GP_BAD_OVERRIDE, GP_BAD_IDENTITY, a
 * GP_DENY_RULE_* or GP_ERR_MEMORY.
 */
enum gp_outcome gp_guard_find(struct gp_exchange *exchange);

/* Sends a browser that nobody has signed in with to LOGIN_URL, where that is set. */
void gp_guard_refused(struct gp_exchange *exchange);

/* Reads ACCESS_RULES and LOGIN_URL. */
extern const struct gp_program_part gp_guard_part;

#endif
