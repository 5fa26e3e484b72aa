/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of the database as the workers' role finds it: through a connection of our own, and once
 * the way a worker goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "database.h"
#include "clock.h"
#include "doctor.h"
#include "query_text.h"
#include "random_text.h"
#include "schema_text.h"

/* What pipeline mode needs of the library, and row-level security of the server, is in all of them.
 */
enum { SERVER_VERSION_MIN = 130000 };

const char *
gp_visit_database_url(const struct gp_visit *visit)
{
	const struct gp_settings *settings = visit->settings;

	if (visit->patient->bit == GP_PROGRAM_AUTH)
		return settings->sign_in_database_url;
	if (visit->patient->bit == GP_PROGRAM_NOTIFY)
		return settings->notify_database_url;
	if (visit->patient->bit == GP_PROGRAM_AUTHORIZER && settings->auth_database_url != NULL)
		return settings->auth_database_url;
	return settings->database_url;
}

PGresult *
gp_visit_run(PGconn *connection, enum gp_query query, const char *const *parameters)
{
	const struct gp_query_text *text = &gp_query_texts[query];

	return PQexecParams(
	    connection, text->text, text->parameters, NULL, parameters, NULL, NULL, 0);
}

static void
ignore_notice(void *context, const PGresult *notice)
{
	(void)context;
	(void)notice;
}

PGconn *
gp_visit_connect(
    const struct gp_visit *visit, const char *url, const char *name, struct gp_finding *finding)
{
	char timeout[32];
	const char *keywords[] = { "dbname", "client_encoding", "connect_timeout",
		"fallback_application_name", NULL };
	const char *values[] = { url, "UTF8", timeout, "gatepost-doctor", NULL };
	PGconn *connection;

	if (!gp_database_url_is_sound(url)) {
		gp_find(finding, GP_FINDING_PROBLEM, "%s is no PostgreSQL connection URI", name);
		gp_advise(finding,
		    "it looks like postgresql://USER:PASSWORD@HOST/DATABASE, with %%XX for special "
		    "characters in the password");
		return NULL;
	}
	snprintf(timeout, sizeof(timeout), "%lld", (long long)visit->settings->database_timeout_s);
	connection = PQconnectdbParams(keywords, values, 1);
	PQsetNoticeReceiver(connection, ignore_notice, NULL);
	/* Nothing is set for the connection, which a pooler may give to others after us. */
	if (PQstatus(connection) == CONNECTION_OK)
		return connection;
	gp_find(finding, GP_FINDING_PROBLEM, "%.*s", (int)strcspn(PQerrorMessage(connection), "\n"),
	    PQerrorMessage(connection));
	gp_advise(finding,
	    "see whether PostgreSQL runs, and host, port, user, password and database in %s", name);
	PQfinish(connection);
	return NULL;
}

/* Where Better Auth's tables are: beside the tasks, unless there is an address of their own. */
static PGconn *
open_auth_connection(const struct gp_visit *visit, struct gp_finding *finding)
{
	const char *url = visit->settings->auth_database_url;

	if (visit->patient->bit == GP_PROGRAM_AUTH || url == NULL)
		url = gp_visit_database_url(visit);
	return gp_visit_connect(visit, url, "AUTH_DATABASE_URL", finding);
}

/* Whether a statement gave at least one row; the finding says why not. */
static bool
has_row(const PGresult *result, struct gp_finding *finding)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0)
		return true;
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		gp_find(finding, GP_FINDING_PROBLEM, "there is no table gatepost.task");
	else
		gp_find(finding, GP_FINDING_PROBLEM, "the database refuses to say (SQLSTATE %s)",
		    state != NULL ? state : "unknown: the connection broke");
	return false;
}

static bool
is_true(const PGresult *result, int column)
{
	return PQgetvalue(result, 0, column)[0] == 't';
}

/* NULL for null. */
static const char *
text_of(const PGresult *result, int column)
{
	return PQgetisnull(result, 0, column) ? NULL : PQgetvalue(result, 0, column);
}

void
gp_check_database(struct gp_visit *visit, struct gp_finding *finding)
{
	const char *name = "DATABASE_URL";

	if (visit->patient->bit == GP_PROGRAM_AUTH)
		name = "SIGN_IN_DATABASE_URL";
	else if (visit->patient->bit == GP_PROGRAM_NOTIFY)
		name = "NOTIFY_DATABASE_URL";
	else if (visit->patient->bit == GP_PROGRAM_AUTHORIZER &&
		 visit->settings->auth_database_url != NULL)
		name = "AUTH_DATABASE_URL";
	visit->connection = gp_visit_connect(visit, gp_visit_database_url(visit), name, finding);
	if (visit->connection != NULL)
		gp_find(finding, GP_FINDING_OK, "%s, as %s", PQdb(visit->connection),
		    PQuser(visit->connection));
}

void
gp_check_server(struct gp_visit *visit, struct gp_finding *finding)
{
	int version = PQserverVersion(visit->connection);

	gp_find(finding, version >= SERVER_VERSION_MIN ? GP_FINDING_OK : GP_FINDING_PROBLEM,
	    "PostgreSQL %d.%d%s", version / 10000, version % 10000,
	    version >= SERVER_VERSION_MIN ? "" : "; must be 13 or later");
}

void
gp_check_encoding(struct gp_visit *visit, struct gp_finding *finding)
{
	const char *encoding = PQparameterStatus(visit->connection, "server_encoding");

	if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
		gp_find(finding, GP_FINDING_PROBLEM, "is %s; must be UTF8",
		    encoding != NULL ? encoding : "unknown");
}

static int
last_migration(void)
{
	int last = 0;

	for (const struct gp_migration_text *one = gp_migration_texts; one->name != NULL; one++)
		last = one->number;
	return last;
}

/* The table of migrations is the owner's; where the workers are, as on shared hosting, it counts.
 */
static void
compare_numbers(struct gp_visit *visit, struct gp_finding *finding)
{
	PGresult *result = gp_visit_run(visit->connection, GP_QUERY_INSPECT_MIGRATIONS, NULL);
	int applied, last = last_migration();

	if (PQresultStatus(result) == PGRES_TUPLES_OK) {
		applied = atoi(PQgetvalue(result, 0, 0));
		if (applied < last)
			gp_find(finding, GP_FINDING_PROBLEM,
			    "the last one applied is %03d, of %03d", applied, last);
	}
	PQclear(result);
}

void
gp_check_migrations(struct gp_visit *visit, struct gp_finding *finding)
{
	PGresult *result = gp_visit_run(visit->connection, GP_QUERY_INSPECT_SCHEMA, NULL);

	if (has_row(result, finding)) {
		if (text_of(result, 0) != NULL)
			gp_find(finding, GP_FINDING_PROBLEM, "missing: %s", text_of(result, 0));
		else
			compare_numbers(visit, finding);
	}
	PQclear(result);
}

/* Columns of inspect_role.sql. */
enum { ROLE_NAME, ROLE_SUPERUSER, ROLE_BYPASSES, ROLE_OWNS, ROLE_READABLE, ROLE_LACKING };

void
gp_check_role(struct gp_visit *visit, struct gp_finding *finding)
{
	PGresult *result = gp_visit_run(visit->connection, GP_QUERY_INSPECT_ROLE, NULL);

	if (!has_row(result, finding)) {
		PQclear(result);
		return;
	}
	if (is_true(result, ROLE_SUPERUSER) || is_true(result, ROLE_BYPASSES)) {
		gp_find(finding, GP_FINDING_PROBLEM, "%s %s", PQgetvalue(result, 0, ROLE_NAME),
		    is_true(result, ROLE_SUPERUSER) ? "is a superuser" : "has BYPASSRLS");
		gp_advise(finding,
		    "let it connect as %s; this role: alter role \"%s\" nosuperuser nobypassrls",
		    visit->patient->database_role, PQgetvalue(result, 0, ROLE_NAME));
	} else if (is_true(result, ROLE_OWNS)) {
		gp_find(finding, GP_FINDING_WARNING,
		    "%s owns the tables: bound, but able to switch row-level security off",
		    PQgetvalue(result, 0, ROLE_NAME));
		gp_advise(finding, "connect as %s, unless your hosting has one database user alone",
		    visit->patient->database_role);
	}
	PQclear(result);
}

/* Columns of inspect_row_security.sql. */
enum { GUARD_ENABLED, GUARD_FORCED, GUARD_POLICY, GUARD_STRANGE };

static void
judge_row_security(const PGresult *result, struct gp_finding *finding)
{
	if (!is_true(result, GUARD_ENABLED) || !is_true(result, GUARD_FORCED)) {
		gp_find(finding, GP_FINDING_PROBLEM, "is %s on gatepost.task",
		    is_true(result, GUARD_ENABLED) ? "not forced" : "switched off");
	} else if (!is_true(result, GUARD_POLICY)) {
		gp_find(finding, GP_FINDING_PROBLEM, "the policy task_owner is missing");
		gp_advise(finding,
		    "as the owner: create policy task_owner, as 002_task in gatepost-migrate "
		    "--print has it");
	} else if (text_of(result, GUARD_STRANGE) != NULL) {
		gp_find(finding, GP_FINDING_WARNING, "policies that are not ours: %s",
		    text_of(result, GUARD_STRANGE));
		gp_advise(finding,
		    "each permissive policy lets more be seen; drop policy ... on gatepost.task");
	}
}

void
gp_check_row_security(struct gp_visit *visit, struct gp_finding *finding)
{
	PGresult *result = gp_visit_run(visit->connection, GP_QUERY_INSPECT_ROW_SECURITY, NULL);

	if (has_row(result, finding))
		judge_row_security(result, finding);
	PQclear(result);
}

/* What a worker is told when it asks whether it could serve. */
static void
ask_ready(struct gp_database *database, struct gp_finding *finding)
{
	const struct gp_identity nobody = { .kind = GP_AS_NOBODY };
	const struct gp_rows *rows;
	enum gp_outcome outcome = gp_database_run(database, &nobody, GP_QUERY_READY, NULL, &rows);

	if (outcome != GP_OK) {
		const struct gp_outcome_row *row = gp_outcome_row(outcome);

		gp_find(finding, GP_FINDING_PROBLEM, "rule %s%s%s", row->rule,
		    gp_database_reason(database)[0] != '\0' ? ": " : "",
		    gp_database_reason(database));
		if (row->remedy != NULL)
			gp_advise(finding, "%s", row->remedy);
	} else if (gp_rows_count(rows) != 1 || !gp_rows_bool(rows, 0, 0)) {
		gp_find(finding, GP_FINDING_PROBLEM, "the last migration is missing");
	}
}

void
gp_check_ready(struct gp_visit *visit, struct gp_finding *finding)
{
	const struct gp_database_manner manner = gp_settings_database_manner(visit->settings);
	struct gp_database *database = gp_database_new(gp_visit_database_url(visit), &manner);

	if (database == NULL)
		gp_find(finding, GP_FINDING_PROBLEM, "no address, or no memory");
	else
		ask_ready(database, finding);
	gp_database_free(database);
}

/* A made-up token: whoever had it would be in. */
static void
look_up_session(PGconn *connection, struct gp_finding *finding)
{
	char token[GP_ID_LENGTH + 1];
	const char *parameters[] = { token, NULL, "false" };
	PGresult *result;

	if (gp_random_text(token, GP_ID_LENGTH) != GP_OK) {
		gp_find(finding, GP_FINDING_SKIPPED, "OpenSSL has no random numbers");
		return;
	}
	result = gp_visit_run(connection, GP_QUERY_CALLER_BY_SESSION, parameters);
	if (has_row(result, finding) && text_of(result, 0) != NULL)
		gp_find(finding, GP_FINDING_PROBLEM, "a made-up session token opens a session");
	PQclear(result);
}

void
gp_check_sessions(struct gp_visit *visit, struct gp_finding *finding)
{
	PGconn *connection;

	if (visit->patient->bit == GP_PROGRAM_AUTH) {
		gp_find(finding, GP_FINDING_SKIPPED, "is for the task API; see sign-in");
		return;
	}
	connection = open_auth_connection(visit, finding);
	if (connection != NULL)
		look_up_session(connection, finding);
	PQfinish(connection);
}

static void
judge_readable(const struct gp_visit *visit, const PGresult *result, struct gp_finding *finding)
{
	const char *readable = text_of(result, ROLE_READABLE);

	if (readable == NULL)
		return;
	if (is_true(result, ROLE_OWNS)) {
		gp_find(finding, GP_FINDING_WARNING, "%s owns the tables and so reads them: %s",
		    PQgetvalue(result, 0, ROLE_NAME), readable);
		gp_advise(finding, "connect as %s, unless your hosting has one database user alone",
		    visit->patient->database_role);
	} else {
		gp_find(finding, GP_FINDING_PROBLEM, "%s can read %s",
		    PQgetvalue(result, 0, ROLE_NAME), readable);
	}
}

void
gp_check_passwords(struct gp_visit *visit, struct gp_finding *finding)
{
	PGconn *connection;
	PGresult *result;

	if (visit->patient->bit == GP_PROGRAM_AUTH) {
		gp_find(finding, GP_FINDING_SKIPPED, "is for the task API; see sign-in");
		return;
	}
	connection = open_auth_connection(visit, finding);
	if (connection == NULL)
		return;
	result = gp_visit_run(connection, GP_QUERY_INSPECT_ROLE, NULL);
	if (has_row(result, finding))
		judge_readable(visit, result, finding);
	PQclear(result);
	PQfinish(connection);
}

void
gp_check_sign_in(struct gp_visit *visit, struct gp_finding *finding)
{
	PGconn *connection;
	PGresult *result;

	if (visit->settings->base_url == NULL || visit->settings->sign_in_database_url == NULL) {
		gp_find(finding, GP_FINDING_SKIPPED, "is not set up: it needs BETTER_AUTH_URL");
		return;
	}
	connection = gp_visit_connect(
	    visit, visit->settings->sign_in_database_url, "SIGN_IN_DATABASE_URL", finding);
	if (connection == NULL)
		return;
	result = gp_visit_run(connection, GP_QUERY_INSPECT_ROLE, NULL);
	if (has_row(result, finding) && text_of(result, ROLE_LACKING) != NULL)
		gp_find(finding, GP_FINDING_PROBLEM, "%s may not use, or does not find: %s",
		    PQgetvalue(result, 0, ROLE_NAME), text_of(result, ROLE_LACKING));
	PQclear(result);
	PQfinish(connection);
}

void
gp_check_clock(struct gp_visit *visit, struct gp_finding *finding)
{
	int64_t began_ms = gp_clock_elapsed_ms(), ours_ms, trip_ms, offset_ms;
	PGresult *result = gp_visit_run(visit->connection, GP_QUERY_INSPECT_CLOCK, NULL);

	ours_ms = gp_clock_now_ms();
	trip_ms = gp_clock_elapsed_ms() - began_ms;
	if (has_row(result, finding)) {
		offset_ms = strtoll(PQgetvalue(result, 0, 0), NULL, 10) - (ours_ms - trip_ms / 2);
		gp_find(finding,
		    (enum gp_finding_kind)gp_health_of_clock(
			offset_ms, trip_ms / 2 + 1, visit->settings->leeway_s),
		    "%.1f seconds from the database's, with JWT_LEEWAY_SECONDS=%lld",
		    (double)(offset_ms < 0 ? -offset_ms : offset_ms) / 1000,
		    (long long)visit->settings->leeway_s);
	}
	PQclear(result);
}
