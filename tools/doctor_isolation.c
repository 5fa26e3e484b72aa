/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real attempt on somebody else's row: as the workers' role, in a transaction that is rolled
 * back, one made-up user makes a task, and another tries everything that SQL has on it. Nothing
 * stays but a number less in the sequence.
 */
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "random_text.h"

struct attempt {
	PGconn *connection;
	struct gp_finding *finding;
	char owner[64], stranger[64]; /* ids that no real user has */
	char task[64];
	char done[128]; /* what the stranger could do, in words */
};

static bool
run_plain(struct attempt *attempt, const char *statement)
{
	PGresult *result = PQexec(attempt->connection, statement);
	bool done = PQresultStatus(result) == PGRES_COMMAND_OK;

	if (!done)
		gp_find(attempt->finding, GP_FINDING_PROBLEM,
		    "cannot be tried: the database refuses a transaction");
	PQclear(result);
	return done;
}

/* Name the caller, as a worker does. */
static bool
become(struct attempt *attempt, const char *user)
{
	const char *parameters[] = { user };
	PGresult *result = gp_visit_run(attempt->connection, GP_QUERY_CALLER_SET, parameters);
	bool named = PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!named)
		gp_find(attempt->finding, GP_FINDING_PROBLEM,
		    "cannot be tried: the database lets no caller be named");
	PQclear(result);
	return named;
}

/* How many rows a statement gave; -1 when it was refused, with `state` its SQLSTATE. */
static int
rows_of(struct attempt *attempt, enum gp_query query, const char *parameter, char *value,
    size_t size, char state[6])
{
	const char *parameters[] = { parameter };
	PGresult *result = gp_visit_run(attempt->connection, query, parameters);
	const char *refusal = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	int rows = PQresultStatus(result) == PGRES_TUPLES_OK ? PQntuples(result) : -1;

	snprintf(state, 6, "%s", refusal != NULL ? refusal : "");
	if (rows > 0 && value != NULL)
		snprintf(value, size, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	return rows;
}

/* Without this the rest would prove nothing. */
static bool
make_own_task(struct attempt *attempt)
{
	char state[6];

	if (!become(attempt, attempt->owner))
		return false;
	if (rows_of(attempt, GP_QUERY_ATTEMPT_MAKE, attempt->owner, attempt->task,
		sizeof(attempt->task), state) != 1) {
		gp_find(attempt->finding, GP_FINDING_PROBLEM,
		    "a user cannot make a task of their own (SQLSTATE %s)", state);
		return false;
	}
	if (rows_of(attempt, GP_QUERY_ATTEMPT_SEE, attempt->task, NULL, 0, state) == 1)
		return true;
	gp_find(attempt->finding, GP_FINDING_PROBLEM, "a user cannot see their own task");
	return false;
}

/* One deed of the stranger; a refusal ends at the savepoint. False when it cannot be tried. */
static bool
try_deed(struct attempt *attempt, enum gp_query query, const char *parameter, const char *word)
{
	char state[6];
	int rows;

	if (!run_plain(attempt, "savepoint deed"))
		return false;
	rows = rows_of(attempt, query, parameter, NULL, 0, state);
	if (rows > 0) {
		size_t length = strlen(attempt->done);

		snprintf(attempt->done + length, sizeof(attempt->done) - length, "%s%s",
		    length > 0 ? ", " : "", word);
	}
	/* 42501: the policy says no. Anything else is no refusal of ours, and proves nothing. */
	if (rows < 0 && strcmp(state, "42501") != 0) {
		gp_find(attempt->finding, GP_FINDING_PROBLEM,
		    "cannot be tried: to %s fails with SQLSTATE %s", word, state);
		return false;
	}
	return run_plain(attempt, "rollback to savepoint deed");
}

static bool
try_all_deeds(struct attempt *attempt)
{
	return become(attempt, attempt->stranger) &&
	       try_deed(attempt, GP_QUERY_ATTEMPT_SEE, attempt->task, "see it") &&
	       try_deed(attempt, GP_QUERY_ATTEMPT_SEE_ANY, NULL, "see some task") &&
	       try_deed(attempt, GP_QUERY_ATTEMPT_CHANGE, attempt->task, "change it") &&
	       try_deed(attempt, GP_QUERY_ATTEMPT_REMOVE, attempt->task, "remove it") &&
	       try_deed(attempt, GP_QUERY_ATTEMPT_MAKE, attempt->owner, "make one in their name") &&
	       become(attempt, "") &&
	       try_deed(attempt, GP_QUERY_ATTEMPT_SEE_ANY, NULL, "see some task as nobody");
}

static void
attempt_everything(struct attempt *attempt)
{
	if (!run_plain(attempt, "begin"))
		return;
	/* Nobody is to wait for us. */
	if (run_plain(attempt, "set local statement_timeout = '5s'") &&
	    run_plain(attempt, "set local lock_timeout = '1s'") && make_own_task(attempt) &&
	    try_all_deeds(attempt) && attempt->done[0] != '\0')
		gp_find(attempt->finding, GP_FINDING_PROBLEM,
		    "with the task of a made-up user another could: %s", attempt->done);
	PQclear(PQexec(attempt->connection, "rollback"));
}

static bool
make_up_user(const char *role, char *id, size_t size)
{
	char random[GP_ID_LENGTH + 1];
	bool made = gp_random_text(random, GP_ID_LENGTH) == GP_OK;

	snprintf(id, size, "doctor-%s-%s", role, random);
	return made;
}

void
gp_check_isolation(struct gp_visit *visit, struct gp_finding *finding)
{
	struct attempt attempt = { .connection = visit->connection, .finding = finding };

	if (visit->patient->bit == GP_PROGRAM_AUTH || visit->patient->bit == GP_PROGRAM_NOTIFY)
		gp_find(finding, GP_FINDING_SKIPPED, "is for the task API, whose role has tasks");
	else if (!make_up_user("owner", attempt.owner, sizeof(attempt.owner)) ||
		 !make_up_user("stranger", attempt.stranger, sizeof(attempt.stranger)))
		gp_find(finding, GP_FINDING_PROBLEM, "OpenSSL has no random numbers");
	else
		attempt_everything(&attempt);
}
