/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hides libpq: pipeline mode, prepared statements, binary results, reconnecting, and what a lost
 * connection means for a write.
 */
#include "database.h"

#include <errno.h>
#include <libpq-fe.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "query_text.h"

/* Type numbers of PostgreSQL's catalogue (pg_type.dat); they are part of its protocol. */
enum { OID_BOOL = 16, OID_INT8 = 20, OID_TEXT = 25, OID_TIMESTAMPTZ = 1184, OID_UUID = 2950 };

/* PostgreSQL counts from 2000-01-01. */
static const int64_t epoch_offset_us = INT64_C(946684800) * 1000000;

/* The pauses between attempts to connect: short for a restart, bounded for a long outage. */
enum { FIRST_PAUSE_MS = 50, LONGEST_PAUSE_MS = 2000 };

/* A connection that is due to be made anew and cannot be still serves; it is tried again after
 * this. */
enum { RENEWAL_PAUSE_MS = 60000 };

/* PostgreSQL ends a slow statement first, and says so; we give up on a server that says nothing. */
enum { GRACE_MS = 500 };

enum { COLUMNS_MOST = 32 }; /* that no statement has more of */

struct gp_rows {
	PGresult *result;
	Oid types[COLUMNS_MOST]; /* that columns were found to have, in all rows; 0 before */
	bool unsound;
};

struct gp_database {
	char *url;
	int64_t timeout_ms;
	char limit[32];     /* the same as PostgreSQL writes it */
	int64_t max_age_ms; /* of a connection; 0: any */
	bool prepares;      /* statements, and settings for all of a connection's life */
	bool listens;
	uint64_t connections;   /* made so far */
	PGnotify *notification; /* the last one that was asked for */
	int64_t renewal_at_ms;  /* monotonic; when the present connection is to be made anew */
	PGconn *connection;     /* NULL while there is none; in pipeline mode */
	bool prepared[GP_QUERY_COUNT];
	int64_t retry_at_ms; /* monotonic; no attempt to connect before */
	int64_t pause_ms;
	int64_t deadline_ms;   /* of the run in progress */
	struct gp_rows caller; /* the answer to who is calling */
	struct gp_rows rows;
	struct gp_database_counts counts; /* since they were last taken */
	char reason[256];
};

/* How one exchange with the server ended. */
enum ending {
	DONE,     /* committed */
	UNKNOWN,  /* the server knows of no such caller, so nothing was done */
	NO_EMAIL, /* it knows them, and they may not come in: nothing was done either */
	OTHER_USER,
	ABORTED,    /* the server said that it did not happen */
	STALE,      /* the same, because what was prepared is out of date */
	UNPREPARED, /* the same, because the statement is not there; after a reconnect it may be */
	POOLED,     /* the same, because it was prepared on another connection than it seems */
	UNSENT,     /* nothing reached the server */
	LOST,       /* sent, and then the connection broke or the time was up */
};

/* How each identity is named to the server, and what it means when the server knows of none. */
static const struct {
	enum gp_query query;
	enum gp_outcome unknown;
} identities[] = {
	[GP_AS_USER] = { GP_QUERY_CALLER_SET, GP_ERR_INTERNAL },
	[GP_AS_LIVE_USER] = { GP_QUERY_CALLER_BY_USER, GP_DENY_USER_GONE },
	[GP_AS_SESSION] = { GP_QUERY_CALLER_BY_SESSION, GP_DENY_SESSION },
};

static void
disconnect(struct gp_database *database)
{
	PQfinish(database->connection);
	database->connection = NULL;
	memset(database->prepared, 0, sizeof(database->prepared));
}

/* Keep the first line of a text that libpq made, for the log. */
static void
keep_reason(struct gp_database *database, const char *text)
{
	size_t length = strcspn(text, "\n");

	snprintf(database->reason, sizeof(database->reason), "%.*s", (int)length, text);
}

/* Wait until the socket is ready for `events`; false when the time is up. */
static bool
wait_for(struct gp_database *database, short events)
{
	struct pollfd ready = { .fd = PQsocket(database->connection), .events = events };
	int64_t left;
	int count;

	do {
		left = database->deadline_ms - gp_clock_elapsed_ms();
		if (left <= 0) {
			keep_reason(database, "no answer in time");
			return false;
		}
		count = poll(&ready, 1, (int)left);
	} while (count == 0 || (count < 0 && errno == EINTR));
	return count > 0;
}

static bool
flush(struct gp_database *database)
{
	int left;

	while ((left = PQflush(database->connection)) > 0) {
		if (!wait_for(database, POLLIN | POLLOUT) ||
		    PQconsumeInput(database->connection) != 1)
			return false;
	}
	return left == 0;
}

/* The next result, or NULL between two commands; `*broken` when there will be none. */
static PGresult *
next_result(struct gp_database *database, bool *broken)
{
	while (PQisBusy(database->connection)) {
		if (!wait_for(database, POLLIN) || PQconsumeInput(database->connection) != 1) {
			*broken = true;
			return NULL;
		}
	}
	return PQgetResult(database->connection);
}

/* The result of one command and the end mark behind it. NULL when the connection broke. */
static PGresult *
command_result(struct gp_database *database)
{
	bool broken = false;
	PGresult *result = next_result(database, &broken);
	PGresult *mark;

	if (result == NULL || PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		return result;
	mark = next_result(database, &broken);
	PQclear(mark); /* NULL, unless the server broke the protocol */
	if (broken || mark != NULL) {
		PQclear(result);
		return NULL;
	}
	return result;
}

/* What has been sent and not been answered yet, in order. */
struct commands {
	struct {
		enum gp_query query;
		bool prepares; /* or runs it */
	} sent[4];
	size_t count;
};

/* Queue one statement, preparing it first where this connection has not seen it but keeps it. */
static bool
queue(struct gp_database *database, struct commands *commands, enum gp_query query,
    const char *const *parameters)
{
	const struct gp_query_text *text = &gp_query_texts[query];
	PGconn *connection = database->connection;

	if (database->prepares && !database->prepared[query]) {
		if (PQsendPrepare(connection, text->name, text->text, 0, NULL) != 1)
			return false;
		commands->sent[commands->count].query = query;
		commands->sent[commands->count++].prepares = true;
	}
	commands->sent[commands->count].query = query;
	commands->sent[commands->count++].prepares = false;
	if (!database->prepares)
		return PQsendQueryParams(connection, text->text, text->parameters, NULL, parameters,
			   NULL, NULL, 1) == 1;
	return PQsendQueryPrepared(
		   connection, text->name, text->parameters, parameters, NULL, NULL, 1) == 1;
}

/* Why the server refused a statement, as far as that says what to do about it. */
static enum ending
meaning_of(const char *state)
{
	static const struct {
		const char *state;
		enum ending ending;
	} meanings[] = {
		{ "0A000", STALE },      /* a plan that is out of date */
		{ "26000", UNPREPARED }, /* a statement that is gone */
		{ "40001", STALE },      /* two transactions in each other's way */
		{ "40P01", STALE },
		{ "42P05", POOLED }, /* a statement that we have not prepared here is there */
	};

	for (size_t i = 0; state != NULL && i < GP_COUNT(meanings); i++) {
		if (strcmp(state, meanings[i].state) == 0)
			return meanings[i].ending;
	}
	return ABORTED;
}

/* Judge the result of one command; `ending` gets worse, never better. */
static void
judge_result(struct gp_database *database, const PGresult *result, enum ending *ending)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	switch (PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK: return;
	case PGRES_PIPELINE_ABORTED:
		if (*ending == DONE)
			*ending = ABORTED;
		return;
	default: break;
	}
	if (state != NULL)
		snprintf(database->reason, sizeof(database->reason), "SQLSTATE %s", state);
	else
		keep_reason(database, "connection lost");
	/* FATAL comes as the backend ends, which may be after the commit. */
	if (severity == NULL || strcmp(severity, "ERROR") != 0) {
		*ending = LOST;
		return;
	}
	if (*ending == DONE)
		*ending = meaning_of(state);
}

static void
forget_rows(struct gp_database *database)
{
	PQclear(database->rows.result);
	PQclear(database->caller.result);
	database->rows = (struct gp_rows){ .result = NULL };
	database->caller = (struct gp_rows){ .result = NULL };
}

/* Columns of a statement that names the caller; the last three where they were looked up. */
enum { CALLER_ID, CALLER_EMAIL, CALLER_NAME, CALLER_LET_IN };

/*
 * The row that says who is calling. Without one the caller is unknown, whatever the statement after
 * it says: it ran as nobody. So it did where they are known and not let in.
 */
static void
keep_caller(struct gp_database *database, const struct gp_identity *identity, PGresult *result,
    enum ending *ending)
{
	const struct gp_rows *caller = &database->caller;

	database->caller.result = result;
	if (PQntuples(result) != 1 || PQgetisnull(result, 0, CALLER_ID))
		*ending = UNKNOWN;
	else if (identity->kind == GP_AS_USER || gp_rows_bool(caller, 0, CALLER_LET_IN))
		return;
	else if (identity->needs_email && PQgetlength(result, 0, CALLER_EMAIL) == 0)
		*ending = NO_EMAIL;
	else
		*ending = OTHER_USER;
}

/* Take the answer to one command. False when the connection broke. */
static bool
take_answer(struct gp_database *database, const struct gp_identity *identity,
    const struct commands *commands, size_t index, enum ending *ending)
{
	PGresult *result = command_result(database);

	if (result == NULL)
		return false;
	judge_result(database, result, ending);
	if (commands->sent[index].prepares && PQresultStatus(result) == PGRES_COMMAND_OK)
		database->prepared[commands->sent[index].query] = true;
	if (commands->sent[index].prepares || *ending != DONE)
		PQclear(result);
	else if (index + 1 == commands->count)
		database->rows.result = result;
	else if (commands->sent[index].query == GP_QUERY_CONNECTION_CHECK)
		PQclear(result); /* judged once, as the connection was made */
	else
		keep_caller(database, identity, result, ending);
	return *ending != LOST;
}

/* Take the answer to Sync, before which the commit may still fail. False when there is none. */
static bool
take_sync(struct gp_database *database, enum ending *ending)
{
	for (;;) {
		PGresult *result = command_result(database);
		bool synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;

		if (result != NULL && !synced)
			judge_result(database, result, ending);
		PQclear(result);
		if (synced || result == NULL || *ending == LOST)
			return synced;
	}
}

static bool
take_answers(struct gp_database *database, const struct gp_identity *identity,
    const struct commands *commands, enum ending *ending)
{
	for (size_t i = 0; i < commands->count; i++) {
		if (!take_answer(database, identity, commands, i, ending))
			return false;
	}
	return take_sync(database, ending);
}

/* Queue a transaction: what has to hold in it, who is calling, and the statement. */
static bool
queue_transaction(struct gp_database *database, struct commands *commands,
    const struct gp_identity *identity, enum gp_query query, const char *const *parameters)
{
	const char *const limits[] = { database->limit, "true" };
	const char *const caller[] = { identity->value, identity->only_id,
		identity->needs_email ? "true" : "false" };

	/* A pooler may give each transaction another connection, so each brings its settings. */
	if (!database->prepares && query != GP_QUERY_CONNECTION_CHECK &&
	    !queue(database, commands, GP_QUERY_CONNECTION_CHECK, limits))
		return false;
	if (identity->kind != GP_AS_NOBODY &&
	    !queue(database, commands, identities[identity->kind].query, caller))
		return false;
	return queue(database, commands, query, parameters);
}

/*
 * One round trip: the statements, then Sync, which ends the implicit transaction. Only the answer
 * to Sync says that it is committed; without that answer the connection is closed, so that nothing
 * of this exchange can be taken for an answer to the next.
 */
static enum ending
exchange(struct gp_database *database, const struct gp_identity *identity, enum gp_query query,
    const char *const *parameters)
{
	struct commands commands = { .count = 0 };
	enum ending ending = DONE;

	if (!queue_transaction(database, &commands, identity, query, parameters) ||
	    PQpipelineSync(database->connection) != 1) {
		keep_reason(database, PQerrorMessage(database->connection));
		disconnect(database);
		return UNSENT;
	}
	database->counts.round_trips++;
	if (flush(database) && take_answers(database, identity, &commands, &ending))
		return ending;
	disconnect(database);
	return ending == DONE ? LOST : ending;
}

/*
 * Whether row-level security binds us, asked once for each connection; also lets PostgreSQL end a
 * statement that nobody waits for any more.
 */
static enum gp_outcome
require_bound(struct gp_database *database)
{
	const struct gp_identity nobody = { .kind = GP_AS_NOBODY };
	const char *const parameters[] = { database->limit, database->prepares ? "false" : "true" };
	enum ending ending;
	bool bound;

	ending = exchange(database, &nobody, GP_QUERY_CONNECTION_CHECK, parameters);
	if (ending == POOLED || ending == UNPREPARED)
		return GP_ERR_DATABASE_POOLED;
	if (ending != DONE)
		return ending == ABORTED ? GP_ERR_DATABASE_REFUSED : GP_ERR_DATABASE_GONE;
	bound = gp_rows_bool(&database->rows, 0, 0) && gp_rows_sound(&database->rows);
	forget_rows(database);
	return bound ? GP_OK : GP_ERR_DATABASE_UNBOUND;
}

static enum gp_outcome
require_encoding(struct gp_database *database)
{
	const char *encoding = PQparameterStatus(database->connection, "server_encoding");

	if (encoding != NULL && strcmp(encoding, "UTF8") == 0)
		return GP_OK;
	keep_reason(database, "the database's encoding is not UTF8");
	return GP_ERR_DATABASE_REFUSED;
}

/* libpq would print it raw to standard error, whatever it holds. */
static void
ignore_notice(void *context, const PGresult *notice)
{
	(void)context;
	(void)notice;
}

static enum gp_outcome
connect_now(struct gp_database *database)
{
	char timeout[32];
	/* What stands before the URL is for it to say otherwise. Whoever waits for notifications
	 * sends nothing, and would not notice a server that went without a word. */
	const char *keywords[] = { "keepalives_idle", "keepalives_interval", "keepalives_count",
		"dbname", "client_encoding", "connect_timeout", "fallback_application_name", NULL };
	const char *values[] = { "15", "5", "3", database->url, "UTF8", timeout, "gatepost", NULL };
	enum gp_outcome outcome;

	snprintf(timeout, sizeof(timeout), "%lld", (long long)(database->timeout_ms / 1000));
	database->connection = PQconnectdbParams(keywords, values, 1);
	if (database->connection == NULL)
		return GP_ERR_MEMORY;
	if (PQstatus(database->connection) != CONNECTION_OK) {
		keep_reason(database, PQerrorMessage(database->connection));
		return GP_ERR_DATABASE_GONE;
	}
	PQsetNoticeReceiver(database->connection, ignore_notice, NULL);
	if (PQsetnonblocking(database->connection, 1) != 0 ||
	    PQenterPipelineMode(database->connection) != 1)
		return GP_ERR_DATABASE_GONE;
	database->deadline_ms = gp_clock_elapsed_ms() + database->timeout_ms + GRACE_MS;
	outcome = require_encoding(database);
	return outcome == GP_OK ? require_bound(database) : outcome;
}

/*
 * A server that went away while we were idle has left something to read: the end. With
 * notifications there is more to read, and only reading it tells.
 */
static bool
is_stale(const struct gp_database *database)
{
	struct pollfd idle = { .fd = PQsocket(database->connection), .events = POLLIN };

	if (!database->listens)
		return poll(&idle, 1, 0) != 0;
	return PQconsumeInput(database->connection) != 1 ||
	       PQstatus(database->connection) != CONNECTION_OK;
}

static enum gp_outcome
require_connection(struct gp_database *database)
{
	enum gp_outcome outcome;
	int64_t now_ms;

	if (database->connection != NULL && !is_stale(database))
		return GP_OK;
	disconnect(database);
	now_ms = gp_clock_elapsed_ms();
	if (now_ms < database->retry_at_ms)
		return GP_ERR_DATABASE_GONE;
	outcome = connect_now(database);
	if (outcome == GP_OK) {
		database->connections++;
		database->pause_ms = 0;
		database->renewal_at_ms = gp_clock_elapsed_ms() + database->max_age_ms;
		return GP_OK;
	}
	disconnect(database);
	database->pause_ms = database->pause_ms == 0 ? FIRST_PAUSE_MS : database->pause_ms * 2;
	if (database->pause_ms > LONGEST_PAUSE_MS)
		database->pause_ms = LONGEST_PAUSE_MS;
	database->retry_at_ms = gp_clock_elapsed_ms() + database->pause_ms;
	return outcome;
}

/*
 * Whether an @ stands where none belongs: a password with an @ or / of its own that is not
 * percent-encoded ends in the host or the database, and libpq would name those in the log.
 */
static bool
is_misread(const PQconninfoOption *option)
{
	const char *value = option->val;

	if (value == NULL || strchr(value, '@') == NULL)
		return false;
	if (strcmp(option->keyword, "host") == 0)
		return value[0] != '/' && value[0] != '@'; /* those are sockets */
	return strcmp(option->keyword, "dbname") == 0 || strcmp(option->keyword, "port") == 0;
}

bool
gp_database_url_is_sound(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	bool sound = options != NULL;

	for (PQconninfoOption *option = options; sound && option->keyword != NULL; option++)
		sound = !is_misread(option);
	PQconninfoFree(options);
	return sound;
}

struct gp_database *
gp_database_new(const char *url, const struct gp_database_manner *manner)
{
	struct gp_database *database;

	if (!gp_database_url_is_sound(url))
		return NULL;
	database = calloc(1, sizeof(*database));
	if (database == NULL)
		return NULL;
	database->timeout_ms = manner->timeout_s * 1000;
	database->max_age_ms = manner->max_age_s * 1000;
	database->prepares = manner->prepares;
	database->listens = manner->listens;
	snprintf(
	    database->limit, sizeof(database->limit), "%lldms", (long long)database->timeout_ms);
	database->url = strdup(url);
	if (database->url == NULL) {
		gp_database_free(database);
		return NULL;
	}
	return database;
}

void
gp_database_free(struct gp_database *database)
{
	if (database == NULL)
		return;
	forget_rows(database);
	PQfreemem(database->notification);
	disconnect(database);
	if (database->url != NULL)
		OPENSSL_cleanse(database->url, strlen(database->url));
	free(database->url);
	free(database);
}

static enum gp_outcome
run(struct gp_database *database, const struct gp_identity *identity, enum gp_query query,
    const char *const *parameters, const struct gp_rows **rows)
{
	bool writes = gp_query_texts[query].writes;
	enum ending ending = UNSENT;

	*rows = NULL;
	database->reason[0] = '\0';
	forget_rows(database);
	/* The second time round is for a connection that turned out to be dead or out of date. */
	for (int attempt = 0; attempt < 2; attempt++) {
		enum gp_outcome outcome = require_connection(database);

		if (outcome != GP_OK)
			return outcome;
		database->deadline_ms = gp_clock_elapsed_ms() + database->timeout_ms + GRACE_MS;
		ending = exchange(database, identity, query, parameters);
		if (ending == DONE) {
			*rows = &database->rows;
			return GP_OK;
		}
		if (ending == NO_EMAIL)
			return GP_DENY_EMAIL_MISSING;
		if (ending == OTHER_USER)
			return GP_DENY_PATH_USER;
		forget_rows(database);
		if (ending == UNKNOWN)
			return identities[identity->kind].unknown;
		if (ending == ABORTED)
			return GP_ERR_DATABASE_REFUSED;
		disconnect(database);
		if (ending == POOLED)
			return GP_ERR_DATABASE_POOLED;
		if (ending == LOST && writes)
			return GP_ERR_COMMIT_UNKNOWN;
		if (gp_clock_elapsed_ms() >= database->deadline_ms)
			break;
	}
	if (ending == UNPREPARED)
		return GP_ERR_DATABASE_POOLED;
	return ending == STALE ? GP_ERR_DATABASE_REFUSED : GP_ERR_DATABASE_GONE;
}

enum gp_outcome
gp_database_run(struct gp_database *database, const struct gp_identity *identity,
    enum gp_query query, const char *const *parameters, const struct gp_rows **rows)
{
	enum gp_outcome outcome = run(database, identity, query, parameters, rows);

	database->counts.errors += outcome >= GP_ERR_SETTING;
	return outcome;
}

struct gp_database_counts
gp_database_take_counts(struct gp_database *database)
{
	struct gp_database_counts counts = database->counts;

	database->counts = (struct gp_database_counts){ 0, 0 };
	return counts;
}

const struct gp_rows *
gp_database_caller(const struct gp_database *database)
{
	return database->caller.result != NULL ? &database->caller : NULL;
}

void
gp_database_release(struct gp_database *database)
{
	forget_rows(database);
}

void
gp_database_renew(struct gp_database *database)
{
	struct gp_database old;
	enum gp_outcome outcome;

	if (database->connection == NULL || database->max_age_ms == 0 ||
	    gp_clock_elapsed_ms() < database->renewal_at_ms)
		return;
	forget_rows(database);
	old = *database;
	/* The old one stays until there is another: nobody is refused for the sake of its age. */
	database->connection = NULL;
	memset(database->prepared, 0, sizeof(database->prepared));
	outcome = connect_now(database);
	if (outcome == GP_OK) {
		PQfinish(old.connection);
		database->renewal_at_ms = gp_clock_elapsed_ms() + database->max_age_ms;
	} else if (outcome == GP_ERR_DATABASE_UNBOUND) {
		/* The role can bypass row-level security by now, on the old connection, too. */
		PQfinish(old.connection);
		disconnect(database);
	} else {
		forget_rows(database);
		disconnect(database);
		*database = old;
		database->renewal_at_ms = gp_clock_elapsed_ms() + RENEWAL_PAUSE_MS;
	}
	database->counts = old.counts; /* no request asked for this */
}

uint64_t
gp_database_connections(const struct gp_database *database)
{
	return database->connections;
}

void
gp_database_hang_up(struct gp_database *database)
{
	forget_rows(database);
	disconnect(database);
}

bool
gp_database_wait(struct gp_database *database, int other, int64_t wait_ms)
{
	struct pollfd ready[] = {
		{ .fd = other, .events = POLLIN },
		{ .fd = PQsocket(database->connection), .events = POLLIN },
	};
	int limit = wait_ms > INT_MAX ? INT_MAX : (int)wait_ms;

	if (poll(ready, GP_COUNT(ready), limit) <= 0 || ready[1].revents == 0)
		return database->connection != NULL;
	if (!is_stale(database))
		return true;
	disconnect(database);
	return false;
}

const char *
gp_database_notification(struct gp_database *database)
{
	PQfreemem(database->notification);
	database->notification =
	    database->connection != NULL ? PQnotifies(database->connection) : NULL;
	return database->notification != NULL ? database->notification->extra : NULL;
}

const char *
gp_database_reason(const struct gp_database *database)
{
	return database->reason;
}

int
gp_rows_count(const struct gp_rows *rows)
{
	return PQntuples(rows->result);
}

bool
gp_rows_is_null(const struct gp_rows *rows, int row, int column)
{
	return PQgetisnull(rows->result, row, column) == 1;
}

/* Whether a column's values are of this type, in binary. */
static bool
has_type(struct gp_rows *rows, int column, Oid type)
{
	if (column >= COLUMNS_MOST || PQftype(rows->result, column) != type ||
	    PQfformat(rows->result, column) != 1)
		return false;
	rows->types[column] = type;
	return true;
}

/*
 * The bytes of a value of this type, which has so many where `fixed` is not 0; NULL for null and
 * for any other. libpq looks at row and column in every call, and a list has hundreds of values: of
 * null, which has no length, it is asked only where there is none.
 */
static const char *
value_of(const struct gp_rows *rows, int row, int column, Oid type, int fixed, int *length)
{
	struct gp_rows *known = (struct gp_rows *)rows;

	*length = PQgetlength(rows->result, row, column);
	if (*length == 0 && PQgetisnull(rows->result, row, column))
		return NULL;
	if (((column >= COLUMNS_MOST || rows->types[column] != type) &&
		!has_type(known, column, type)) ||
	    (fixed > 0 && *length != fixed)) {
		known->unsound = true;
		*length = 0;
		return NULL;
	}
	return PQgetvalue(rows->result, row, column);
}

const char *
gp_rows_text(const struct gp_rows *rows, int row, int column, size_t *length)
{
	int bytes;
	const char *text = value_of(rows, row, column, OID_TEXT, 0, &bytes);

	*length = (size_t)bytes;
	return text;
}

bool
gp_rows_bool(const struct gp_rows *rows, int row, int column)
{
	int length;
	const char *value = value_of(rows, row, column, OID_BOOL, 1, &length);

	return value != NULL && value[0] != 0;
}

/* Eight bytes, the highest first. */
static int64_t
big_endian(const char *bytes)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | (unsigned char)bytes[i];
	return (int64_t)number;
}

int64_t
gp_rows_int64(const struct gp_rows *rows, int row, int column)
{
	int length;
	const char *value = value_of(rows, row, column, OID_INT8, 8, &length);

	return value != NULL ? big_endian(value) : 0;
}

const unsigned char *
gp_rows_uuid(const struct gp_rows *rows, int row, int column)
{
	int length;

	return (const unsigned char *)value_of(rows, row, column, OID_UUID, 16, &length);
}

int64_t
gp_rows_time_us(const struct gp_rows *rows, int row, int column)
{
	int length;
	const char *value = value_of(rows, row, column, OID_TIMESTAMPTZ, 8, &length);
	int64_t time_us = value != NULL ? big_endian(value) : 0;

	if (time_us == INT64_MIN || time_us > INT64_MAX - epoch_offset_us)
		return time_us;
	return time_us + epoch_offset_us;
}

bool
gp_rows_sound(const struct gp_rows *rows)
{
	return !rows->unsound;
}
