/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request on its way through the program, and what a handler does with it: read its input, run
 * its statement, write its answer.
 */
#ifndef GP_EXCHANGE_H
#define GP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "claims.h"
#include "client_address.h"
#include "database.h"
#include "faults.h"
#include "field.h"
#include "json_read.h"
#include "outcome.h"
#include "rate_limit.h"
#include "request.h"
#include "response.h"
#include "route.h"

struct gp_service;

struct gp_exchange {
	const struct gp_service *service; /* of the program that serves it */
	struct gp_arena *arena;
	const struct gp_database *asked; /* last, whose reason a failure has */
	struct gp_request *request;
	int64_t now_ms;   /* when it came, milliseconds since the epoch (UTC) */
	const char *path; /* decoded, without the mount path */
	struct gp_match match;
	void *found;             /* what else the program's own way of finding a route has found */
	struct gp_caller caller; /* of routes that ask for one; complete once a statement has run */
	bool confirmed;          /* the database has been asked for the caller, and knows them */
	struct gp_jws token;     /* for the log */
	struct gp_client client; /* see gp_exchange_client() */
	struct gp_rate_answer limit; /* of the last look at the rate limit */
	struct gp_faults faults;
	const char *message; /* in the place of the outcome's sentence; NULL for none */
	struct gp_response response;
};

/* Whom the request came from, found out at the first call. */
const struct gp_client *gp_exchange_client(struct gp_exchange *exchange);

/*
 * A value of the path as that field; no value at all is our own mistake. What is wrong with it
 * becomes a fault. Returns as gp_field_read() does.
 */
GP_MUST_USE enum gp_outcome gp_exchange_path(
    struct gp_exchange *exchange, const struct gp_field *field, struct gp_value *value);

/*
 * Hold the {user_id} of a path, where it has one, against the caller: at once where they are known,
 * else the database does with the lookup.
 *
 * Returns GP_OK, GP_DENY_PATH_USER or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_exchange_require_path_user(struct gp_exchange *exchange);

/*
 * The versions in which the client lets a row be changed, as PostgreSQL writes an array.
 *
 *   versions   NULL for any
 *
 * Returns GP_OK or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_exchange_versions(
    struct gp_exchange *exchange, const char **versions);

/*
 * The body's members by a table, as gp_json_read() does. Whatever is wrong with their values
 * becomes faults.
 *
 * Returns GP_OK, GP_BAD_MEDIA_TYPE for a body that says it is no JSON, what gp_request_body()
 * returns, or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_exchange_read(struct gp_exchange *exchange,
    const struct gp_field *fields, size_t count, struct gp_value *values);

/*
 * Run one statement as the caller, whom it completes; GP_BAD_INPUT instead when there are faults.
 * Else as gp_database_run() does.
 */
GP_MUST_USE enum gp_outcome gp_exchange_run(struct gp_exchange *exchange, enum gp_query query,
    const char *const *parameters, const struct gp_rows **rows);

/*
 * Make sure of the caller where no statement has run that did: a request that is refused for its
 * input is first refused for its credential.
 *
 * Returns GP_OK or what gp_database_run() does.
 */
GP_MUST_USE enum gp_outcome gp_exchange_confirm(struct gp_exchange *exchange);

#endif
