/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that knows who may come in, and who may stay: it may wait for the database, which the
 * loop must never do. It answers all requests of the daemon, one after the other.
 */
#ifndef GP_DOOR_H
#define GP_DOOR_H

#include "mailbox.h"
#include "messages.h"
#include "process.h"

struct gp_door;

/*
 * Open the door: starts the thread. Signals must be blocked in the caller, and stay so in there.
 *
 *   process   used by the thread alone from now on, but while it reads settings again
 *   answers   where letters go back to, in the order in which they came
 *
 * All are borrowed and must outlive the door. Owned by the caller; NULL when there can be no
 * thread.
 */
GP_MUST_USE struct gp_door *gp_door_open(
    struct gp_process *process, struct gp_mailbox *answers, struct gp_pulse *pulse);

/* Send a visit, a census or a reload; it comes back answered. */
void gp_door_send(struct gp_door *door, struct gp_letter *letter);

/* Answer what has been sent, then end the thread and release. NULL is fine. */
void gp_door_close(struct gp_door *door);

#endif
