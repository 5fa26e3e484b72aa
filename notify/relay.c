/* SPDX-License-Identifier: Apache-2.0 */
/* Election, turns and sleep. */
#include "relay.h"

#include <inttypes.h>
#include <stdio.h>

#include "clock.h"

enum {
	ELECTION_PAUSE_MS = 1000, /* between two attempts to be elected */
	TURN_PAUSE_MS = 3,        /* between two turns while awake */
	BULK_PAUSE_MS = 10,       /* the same when there is so much that it pays to wait for more */
	BULK = 50,                /* changes of a turn */
	QUIET_MS = 250,           /* without changes before going to sleep */
	DROWSY_PAUSE_MS = 5,      /* while falling asleep; grows */
	DROWSY_PAUSE_MOST_MS = 1000,
	SLEEP_MOST_MS = 10000, /* before a look whether the database is still there */
	DUTY = 4, /* pauses are at least so many times as long as turns, should those grow long */
};

static const struct gp_identity nobody = { .kind = GP_AS_NOBODY };

void
gp_relay_reset(struct gp_relay *relay)
{
	*relay = (struct gp_relay){ .is_elected = false };
}

void
gp_relay_ring(struct gp_relay *relay)
{
	if (!relay->is_elected || relay->is_awake)
		return;
	relay->has_rung = true;
	relay->due_ms = 0;
}

static enum gp_outcome
stand_for_election(struct gp_relay *relay, struct gp_database *database, int64_t now_ms)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = gp_database_run(database, &nobody, GP_QUERY_RELAY_BEGIN, NULL, &rows);
	if (outcome != GP_OK)
		return outcome;
	if (!gp_rows_bool(rows, 0, 0)) {
		relay->due_ms = now_ms + ELECTION_PAUSE_MS;
		return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
	}
	*relay = (struct gp_relay){
		.is_elected = true,
		.is_awake = true,
		.resync_horizon = gp_rows_int64(rows, 0, 1),
		.busy_ms = now_ms,
	};
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

/* Move what is there. */
static enum gp_outcome
move(struct gp_relay *relay, struct gp_database *database, int64_t *moved)
{
	char since[24];
	const char *const parameters[] = { since, relay->has_rung ? "true" : "false" };
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	snprintf(since, sizeof(since), "%" PRId64, relay->since);
	outcome = gp_database_run(database, &nobody, GP_QUERY_RELAY_TURN, parameters, &rows);
	if (outcome != GP_OK)
		return outcome;
	*moved = gp_rows_int64(rows, 0, 0);
	relay->since = gp_rows_int64(rows, 0, 1);
	relay->floods = gp_rows_bool(rows, 0, 2);
	/* Owed at once after the flood: a turn that ends it sets `since` to a transaction's number.
	 */
	if (relay->floods && relay->resync_horizon == 0)
		relay->resync_horizon = 1;
	if (relay->has_rung) {
		relay->is_awake = true;
		relay->is_settled = false;
		relay->has_rung = false;
	}
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

/* Whoever changed something that is not told is done: read it anew. */
static enum gp_outcome
pay_resync(struct gp_relay *relay, struct gp_database *database)
{
	const struct gp_rows *rows;

	if (relay->floods || relay->resync_horizon == 0 || relay->since < relay->resync_horizon)
		return GP_OK;
	relay->resync_horizon = 0;
	return gp_database_run(database, &nobody, GP_QUERY_RELAY_RESYNC, NULL, &rows);
}

static enum gp_outcome
go_to_sleep(struct gp_relay *relay, struct gp_database *database)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = gp_database_run(database, &nobody, GP_QUERY_RELAY_REST, NULL, &rows);
	if (outcome != GP_OK)
		return outcome;
	relay->is_awake = false;
	relay->is_settled = false;
	relay->pause_ms = DROWSY_PAUSE_MS;
	relay->rest_horizon = gp_rows_int64(rows, 0, 0);
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

/* When the next turn is due. */
static int64_t
pause_after(struct gp_relay *relay, int64_t moved)
{
	int64_t pause_ms = moved >= BULK ? BULK_PAUSE_MS : TURN_PAUSE_MS;

	if (relay->is_awake)
		return pause_ms;
	relay->is_settled = relay->resync_horizon == 0 && relay->since >= relay->rest_horizon;
	/* A server that is gone without a word rings no more: only a question tells. */
	if (relay->is_settled)
		return SLEEP_MOST_MS;
	pause_ms = relay->pause_ms;
	relay->pause_ms *= 2;
	if (relay->pause_ms > DROWSY_PAUSE_MOST_MS)
		relay->pause_ms = DROWSY_PAUSE_MOST_MS;
	return pause_ms;
}

enum gp_outcome
gp_relay_step(struct gp_relay *relay, struct gp_database *database, int64_t now_ms)
{
	enum gp_outcome outcome;
	int64_t moved = 0, ended_ms, pause_ms;

	if (now_ms < relay->due_ms)
		return GP_OK;
	if (!relay->is_elected)
		return stand_for_election(relay, database, now_ms);
	outcome = move(relay, database, &moved);
	if (outcome == GP_OK)
		outcome = pay_resync(relay, database);
	if (moved > 0)
		relay->busy_ms = now_ms;
	if (outcome == GP_OK && relay->is_awake && now_ms - relay->busy_ms >= QUIET_MS)
		outcome = go_to_sleep(relay, database);
	if (outcome != GP_OK)
		return outcome;
	ended_ms = gp_clock_elapsed_ms();
	pause_ms = pause_after(relay, moved);
	if (!relay->floods && pause_ms < DUTY * (ended_ms - now_ms))
		pause_ms = DUTY * (ended_ms - now_ms);
	relay->due_ms = ended_ms + pause_ms;
	return GP_OK;
}
