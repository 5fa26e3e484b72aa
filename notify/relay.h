/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of all daemons the one that moves what writers have noted, and tells all of them: elected by a
 * lock, awake while there is something to do, asleep until a writer rings. sql/005_changes.sql says
 * how it works together with writers.
 */
#ifndef GP_RELAY_H
#define GP_RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "attributes.h"
#include "database.h"
#include "outcome.h"

struct gp_relay {
	bool is_elected;
	bool is_awake;
	bool is_settled;        /* asleep, and nobody is left who thinks us awake */
	bool has_rung;          /* a writer */
	int64_t since;          /* the first transaction that may not have been told */
	int64_t resync_horizon; /* when all before it are over everybody reads anew; 0: not owed */
	bool floods;            /* more than can be told, and there is more to throw away */
	int64_t rest_horizon;   /* when all before it are over we are settled */
	int64_t busy_ms;        /* when there was something to move */
	int64_t pause_ms;       /* while falling asleep */
	int64_t due_ms;         /* when to take the next step, unless somebody rings before */
};

/* On a new connection: not elected, and the next step is due. */
void gp_relay_reset(struct gp_relay *relay);

/* A writer has rung. */
void gp_relay_ring(struct gp_relay *relay);

/*
 * Take the step that is due, if it is.
 *
 *   now_ms   of gp_clock_elapsed_ms()
 *
 * Returns GP_OK, or what gp_database_run() does.
 */
GP_MUST_USE enum gp_outcome gp_relay_step(
    struct gp_relay *relay, struct gp_database *database, int64_t now_ms);

#endif
