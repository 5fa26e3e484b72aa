/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connections that are not WebSockets yet: takes them in, reads what they ask for, has the door
 * answer, and hands those over whose handshake was in order. Of the loop's thread.
 *
 * Whatever a client sends, it gets an answer; and however slowly, it keeps nobody else out.
 */
#ifndef GP_DOORWAY_H
#define GP_DOORWAY_H

#include <stdbool.h>
#include <ev.h>

#include "attributes.h"
#include "door.h"
#include "event_log.h"
#include "messages.h"
#include "room.h"

struct gp_doorway;

/*
 * A doorway that takes nobody in yet.
 *
 *   listener   the socket; borrowed
 *   log        copied; the rest is borrowed, too
 *
 * Owned by the caller; NULL when it cannot be.
 */
GP_MUST_USE struct gp_doorway *gp_doorway_open(struct ev_loop *loop, int listener,
    struct gp_door *door, struct gp_room *room, const struct gp_log *log);

/* Take in whoever comes, if it does not yet. */
void gp_doorway_start(struct gp_doorway *doorway);

/* Have another log from now on; copied. */
void gp_doorway_adjust(struct gp_doorway *doorway, const struct gp_log *log);

/* What the door has answered; the visit stays the caller's. */
void gp_doorway_answer(struct gp_doorway *doorway, struct gp_visit *visit);

/* End what has taken too long; to be called about twice a second. */
void gp_doorway_tick(struct gp_doorway *doorway);

/* Take nobody in any more. */
void gp_doorway_stop(struct gp_doorway *doorway);

/* Let go of all connections. NULL is fine. */
void gp_doorway_close(struct gp_doorway *doorway);

#endif
