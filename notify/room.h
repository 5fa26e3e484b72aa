/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is connected: hands out messages to them, and ends the connections of those who may not stay.
 * Of the loop's thread.
 */
#ifndef GP_ROOM_H
#define GP_ROOM_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>

#include "audience.h"
#include "door.h"
#include "messages.h"
#include "settings.h"

struct gp_room;

/*
 * An empty room.
 *
 *   settings   its limits; not kept
 *   audience   is kept up to date with who is in the room
 *   door       is asked who may stay
 *
 * The others are borrowed and must outlive the room. Owned by the caller; NULL when libwebsockets
 * cannot be started.
 */
GP_MUST_USE struct gp_room *gp_room_open(struct ev_loop *loop, const struct gp_settings *settings,
    struct gp_audience *audience, struct gp_door *door, struct gp_pulse *pulse);

/* Release, when it is empty or the process ends anyhow. NULL is fine. */
void gp_room_close(struct gp_room *room);

/* Have other limits from now on; how many are let in at all stays as it is. */
void gp_room_adjust(struct gp_room *room, const struct gp_settings *settings);

/*
 * Let a connection in whose handshake was in order: answer the handshake, then say that it is ready
 * or why it is closed.
 *
 *   descriptor   of the connection; the room's from now on, whatever comes
 *   visit        which upgrades; its admission moves into the room
 *   rest         `rest_length` bytes that came behind the handshake
 */
void gp_room_admit(struct gp_room *room, int descriptor, struct gp_visit *visit, const char *rest,
    size_t rest_length);

/* Hand out a message. Returns bytes that were put into queues, for whoever paces himself. */
size_t gp_room_tell(struct gp_room *room, const struct gp_news *news);

/*
 * Whether somebody has much to read and may yet do so, in which case more should wait for a moment:
 * a client that reads is not to be taken for slow because there is much news at once. Who does not
 * read is not waited for long, and all of them together take a part of all time only.
 */
bool gp_room_is_crowded(struct gp_room *room);

/* End the connections of those who may not stay. */
void gp_room_judge(struct gp_room *room, const struct gp_census *census);

/* Do what time has made due; to be called every GP_ROOM_TICK_MS. */
#define GP_ROOM_TICK_MS 500
void gp_room_tick(struct gp_room *room);

/* Close every connection because we are going. */
void gp_room_dismiss(struct gp_room *room);

/* Whether nobody is connected. */
bool gp_room_is_empty(const struct gp_room *room);

#endif
