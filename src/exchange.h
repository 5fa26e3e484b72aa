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
#include "database.h"
#include "faults.h"
#include "json_read.h"
#include "outcome.h"
#include "request.h"
#include "response.h"
#include "route.h"

/* Bytes of a UUID's text and its NUL. */
#define GP_UUID_TEXT_SIZE 37

struct gp_exchange {
	struct gp_arena *arena;
	struct gp_json_reader *reader;
	struct gp_database *database;
	struct gp_database *auth_database; /* of Better Auth's tables; NULL: the same */
	const struct gp_database *asked;   /* last, whose reason a failure has */
	struct gp_request *request;
	struct gp_match match;
	struct gp_caller caller; /* of routes that ask for one; complete once a statement has run */
	bool confirmed;          /* the database has been asked for the caller, and knows them */
	struct gp_jws token;     /* for the log */
	struct gp_faults faults;
	struct gp_response response;
};

/*
 * The path value `index` as a UUID in lower case; upper-case letters name the same one.
 * What is none becomes a fault of that name, and `uuid` "".
 */
void gp_exchange_uuid(
    struct gp_exchange *exchange, size_t index, const char *name, char uuid[GP_UUID_TEXT_SIZE]);

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
