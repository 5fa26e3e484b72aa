/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker's one connection to PostgreSQL, and the one way of using it: name the caller, run one
 * prepared statement, commit, all in a single round trip.
 *
 * A connection that is gone is made again by itself, with pauses that grow to two seconds. A read
 * that met a dead connection is tried once more; a write whose commit is unknown never is.
 */
#ifndef GP_DATABASE_H
#define GP_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "identity.h"
#include "outcome.h"
#include "queries.h"

struct gp_database;

/* The rows of one result. Borrowed until the next gp_database_run() or gp_database_free(). */
struct gp_rows;

/*
 * Whether libpq understands a connection URI as it was meant: false for what it refuses, and where
 * an unencoded @ in the password ended up in the host or the database, which libpq would then log.
 */
GP_MUST_USE bool gp_database_url_is_sound(const char *url);

/* How a database is used. */
struct gp_database_manner {
	int64_t timeout_s; /* longest wait, to connect and for each statement */
	int64_t max_age_s; /* after which gp_database_renew() connects anew; 0: never */
	/*
	 * Whether statements are prepared and settings made once for a connection. Else each
	 * transaction brings everything along, for a pooler may give it another connection; it is
	 * one round trip all the same.
	 */
	bool prepares;
	/* Whether notifications are waited for, so that there being something to read is no sign of
	 * a server that went away. */
	bool listens;
};

/*
 * Prepare to connect; no connection is made before the first statement.
 *
 *   url      PostgreSQL connection URI or keyword text; copied
 *   manner   copied
 *
 * Returns the database, owned by the caller; NULL without memory or when the URL is not
 * sound.
 */
GP_MUST_USE struct gp_database *gp_database_new(
    const char *url, const struct gp_database_manner *manner);

/* Close the connection and release. NULL is fine. */
void gp_database_free(struct gp_database *database);

/*
 * Run one transaction of one statement as one caller.
 *
 *   identity     the caller; a session or a user's row is looked up in the same round trip
 *   query        the statement
 *   parameters   as many texts as it has parameters, NULL for SQL null, in PostgreSQL's text form
 *   rows         on GP_OK its rows, committed
 *
 * Returns GP_OK; GP_DENY_SESSION or GP_DENY_USER_GONE when the database knows of no such caller,
 * GP_DENY_EMAIL_MISSING or GP_DENY_PATH_USER when it knows them and the identity lets in others
 * only, nothing has happened; GP_ERR_DATABASE_GONE, nothing has happened; GP_ERR_DATABASE_REFUSED,
 * the server refused and nothing has happened; GP_ERR_DATABASE_POOLED, the same because a pooler
 * mixes up connections on which statements are prepared; GP_ERR_DATABASE_UNBOUND, the role could
 * bypass row-level security and was not let in; GP_ERR_COMMIT_UNKNOWN, a write may or may not have
 * happened.
 */
GP_MUST_USE enum gp_outcome gp_database_run(struct gp_database *database,
    const struct gp_identity *identity, enum gp_query query, const char *const *parameters,
    const struct gp_rows **rows);

/*
 * The caller of the last run that ended in GP_OK, or in a refusal of somebody who is known, as the
 * database knows them: one row of user_id, email and name, the last two only for GP_AS_LIVE_USER
 * and GP_AS_SESSION. Borrowed until the next run; NULL for nobody.
 */
const struct gp_rows *gp_database_caller(const struct gp_database *database);

/* What has happened on a connection, for the metrics. */
struct gp_database_counts {
	uint64_t round_trips;
	uint64_t errors; /* runs that ended in GP_ERR_* */
};

/* The counts since they were last taken, or since the beginning. */
struct gp_database_counts gp_database_take_counts(struct gp_database *database);

/* Let go of the last run's rows, which may be many. */
void gp_database_release(struct gp_database *database);

/*
 * Make a connection that is too old anew, while nobody waits; the last run's rows are gone then.
 * The old one stays in use while there can be no other, unless that is because the role is no
 * longer bound by row-level security: that is for the next run to say.
 */
void gp_database_renew(struct gp_database *database);

/*
 * How many connections have been made so far. What was listened to, and every lock of a session,
 * ends with each.
 */
uint64_t gp_database_connections(const struct gp_database *database);

/* Close the connection; the next run makes another. What a session holds ends with it. */
void gp_database_hang_up(struct gp_database *database);

/*
 * Wait until there is something to read from the server, or from another descriptor, or the time is
 * up.
 *
 *   other     a descriptor to poll, too; -1 for none
 *   wait_ms   longest wait in milliseconds
 *
 * False when there is no connection (any more); then it has waited for the other and the time.
 */
bool gp_database_wait(struct gp_database *database, int other, int64_t wait_ms);

/*
 * The next notification that has arrived: its payload, borrowed until the next call; NULL for none.
 * Only what a run or a wait has read is looked at.
 */
const char *gp_database_notification(struct gp_database *database);

/*
 * Why the last run failed, for the log: a SQLSTATE, or why no connection could be made. Borrowed
 * until the next run; "" when there is nothing to add.
 */
const char *gp_database_reason(const struct gp_database *database);

/* How many rows there are. */
int gp_rows_count(const struct gp_rows *rows);

/*
 * One value, by row and column from 0. A column of another type than the one asked for is our own
 * mistake: it reads as null, false or 0, and from then on gp_rows_sound() is false.
 */
bool gp_rows_is_null(const struct gp_rows *rows, int row, int column);
const char *gp_rows_text(const struct gp_rows *rows, int row, int column, size_t *length);
bool gp_rows_bool(const struct gp_rows *rows, int row, int column);
int64_t gp_rows_int64(const struct gp_rows *rows, int row, int column);
const unsigned char *gp_rows_uuid(const struct gp_rows *rows, int row, int column);
/* Microseconds since 1970-01-01T00:00:00Z; infinities read as INT64_MAX and INT64_MIN. */
int64_t gp_rows_time_us(const struct gp_rows *rows, int row, int column);

/* Whether every value asked for had the type that was asked for. */
GP_MUST_USE bool gp_rows_sound(const struct gp_rows *rows);

#endif
