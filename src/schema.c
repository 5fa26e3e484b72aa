/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner's connection: whole scripts in simple protocol, nothing prepared, nobody waiting. The
 * workers' connection (database.c) is the other user of libpq.
 */
#include "schema.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "database.h"
#include "schema_text.h"

/* Held while a run is in progress; the number is "gatepost" in hexadecimal, cut to 63 bits. */
static const char lock[] = "select pg_advisory_lock(7449366468203672436)";

/*
 * A migration that waits for a lock makes every request after it wait as well, so it lets go soon
 * and tries again.
 */
static const char begin[] = "begin; set local lock_timeout = '1s'";
enum { LOCK_ATTEMPTS = 60 };

/* Follows the migrations: views and functions over tables that others alter, and the rights. */
static const struct gp_migration_text each_time[] = {
	{ 0, "names", gp_schema_names },
	{ 0, "callers", gp_schema_callers },
	{ 0, "access", gp_schema_access },
};

static void
print_notice(void *out, const PGresult *notice)
{
	const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);

	/* 00000: raised by access.sql. "Already exists, skipping" has a code of its own and is no
	 * news. */
	if (severity != NULL && strcmp(severity, "NOTICE") == 0 && state != NULL &&
	    strcmp(state, "00000") == 0)
		fprintf(out, "note: %s\n", PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY));
}

static void
print_failure(const char *what, const PGconn *connection, const PGresult *result, FILE *err)
{
	fprintf(err, "gatepost-migrate: %s, as user %s: %s", what, PQuser(connection),
	    PQresultErrorMessage(result));
}

/* Whether a script was stopped by a lock that somebody else held for longer than we wait. */
static bool
is_locked_out(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && strcmp(state, "55P03") == 0;
}

/*
 * Run a script. `*locked_out`, where it is not NULL, says of a failure that it was a lock, which is
 * no news yet.
 */
static bool
try_to_run(PGconn *connection, const char *what, const char *text, bool *locked_out, FILE *err)
{
	PGresult *result = PQexec(connection, text);
	ExecStatusType status = PQresultStatus(result);
	bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (locked_out != NULL)
		*locked_out = !done && is_locked_out(result);
	if (!done && (locked_out == NULL || !*locked_out))
		print_failure(what, connection, result, err);
	PQclear(result);
	return done;
}

static bool
run(PGconn *connection, const char *what, const char *text, FILE *err)
{
	return try_to_run(connection, what, text, NULL, err);
}

/* The number of the last migration applied, -1 when it cannot be read. */
static int
last_applied(PGconn *connection, FILE *err)
{
	PGresult *result =
	    PQexec(connection, "select coalesce(max(number), 0) from gatepost.migration");
	int number = -1;

	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		number = atoi(PQgetvalue(result, 0, 0));
	else
		print_failure("migration table", connection, result, err);
	PQclear(result);
	return number;
}

static bool
record(PGconn *connection, const struct gp_migration_text *migration, FILE *err)
{
	char number[16];
	const char *values[] = { number, migration->name };
	PGresult *result;
	bool recorded;

	snprintf(number, sizeof(number), "%d", migration->number);
	result = PQexecParams(connection,
	    "insert into gatepost.migration (number, name) values ($1, $2)", 2, NULL, values, NULL,
	    NULL, 0);
	recorded = PQresultStatus(result) == PGRES_COMMAND_OK;
	if (!recorded)
		print_failure(migration->name, connection, result, err);
	PQclear(result);
	return recorded;
}

/* Scripts that succeed or fail together. */
struct stage {
	const struct gp_migration_text *scripts;
	size_t count;
	bool is_new; /* written down when it is done, and told; else it runs each time */
};

/* One attempt; see try_to_run() for `locked_out`. */
static bool
apply_once(PGconn *connection, const struct stage *stage, bool *locked_out, FILE *err)
{
	*locked_out = false;
	if (!run(connection, stage->scripts->name, begin, err))
		return false;
	for (size_t i = 0; i < stage->count; i++) {
		const struct gp_migration_text *script = &stage->scripts[i];

		if (!try_to_run(connection, script->name, script->text, locked_out, err) ||
		    (stage->is_new && !record(connection, script, err))) {
			PQclear(PQexec(connection, "rollback"));
			return false;
		}
	}
	return run(connection, stage->scripts->name, "commit", err);
}

static bool
apply_stage(PGconn *connection, const struct stage *stage, FILE *out, FILE *err)
{
	static const struct timespec pause = { .tv_sec = 1 };
	const char *name = stage->scripts->name;
	bool locked_out = true;

	for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
		if (apply_once(connection, stage, &locked_out, err)) {
			if (stage->is_new)
				fprintf(out, "applied %s\n", name);
			return true;
		}
		if (!locked_out)
			return false;
		if (attempt == 0)
			fprintf(out, "note: %s waits for a lock that somebody holds\n", name);
		fflush(out);
		nanosleep(&pause, NULL);
	}
	fprintf(err,
	    "gatepost-migrate: %s: somebody holds a lock on a table; see pg_locks, and run this again\n",
	    name);
	return false;
}

static bool
apply_migrations(PGconn *connection, int last, FILE *out, FILE *err)
{
	for (const struct gp_migration_text *migration = gp_migration_texts;
	     migration->name != NULL; migration++) {
		const struct stage stage = { migration, 1, .is_new = migration->number > last };

		/* The first one makes tables that are missing: it is for later runs as well. */
		if ((stage.is_new || migration == gp_migration_texts) &&
		    !apply_stage(connection, &stage, out, err))
			return false;
	}
	return true;
}

static bool
apply_all(PGconn *connection, FILE *out, FILE *err)
{
	static const struct stage rest = { each_time, GP_COUNT(each_time), .is_new = false };
	int last;

	if (!run(connection, "lock", lock, err) ||
	    !run(connection, "bootstrap", gp_schema_bootstrap, err))
		return false;
	last = last_applied(connection, err);
	return last >= 0 && apply_migrations(connection, last, out, err) &&
	       apply_stage(connection, &rest, out, err);
}

static enum gp_outcome
refuse_foreign_encoding(PGconn *connection, FILE *err)
{
	const char *encoding = PQparameterStatus(connection, "server_encoding");

	if (encoding != NULL && strcmp(encoding, "UTF8") == 0)
		return GP_OK;
	fprintf(err,
	    "gatepost-migrate: the database's encoding is %s; make one with: createdb --encoding=UTF8 "
	    "--template=template0\n",
	    encoding != NULL ? encoding : "unknown");
	return GP_ERR_DATABASE_REFUSED;
}

enum gp_outcome
gp_schema_apply(const char *url, FILE *out, FILE *err)
{
	const char *keywords[] = { "dbname", "client_encoding", "fallback_application_name", NULL };
	const char *values[] = { url, "UTF8", "gatepost-migrate", NULL };
	enum gp_outcome outcome;
	PGconn *connection;

	if (!gp_database_url_is_sound(url))
		return GP_ERR_SETTING;
	connection = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(connection) != CONNECTION_OK) {
		fprintf(
		    err, "gatepost-migrate: OWNER_DATABASE_URL: %s", PQerrorMessage(connection));
		PQfinish(connection);
		return GP_ERR_DATABASE_GONE;
	}
	PQsetNoticeReceiver(connection, print_notice, out);
	outcome = refuse_foreign_encoding(connection, err);
	if (outcome == GP_OK && !apply_all(connection, out, err))
		outcome = GP_ERR_DATABASE_REFUSED;
	PQfinish(connection); /* lets go of the lock */
	return outcome;
}

void
gp_schema_print(FILE *out)
{
	fprintf(out, "%s", gp_schema_bootstrap);
	for (const struct gp_migration_text *migration = gp_migration_texts;
	     migration->name != NULL; migration++)
		fprintf(out, "\n%s", migration->text);
	for (size_t i = 0; i < GP_COUNT(each_time); i++)
		fprintf(out, "\n%s", each_time[i].text);
}
