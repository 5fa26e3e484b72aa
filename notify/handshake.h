/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's requests: /ws/notifications, which opens a WebSocket, and those about the daemon
 * itself. They take the path of all requests; what is done here runs in the door's thread.
 */
#ifndef GP_HANDSHAKE_H
#define GP_HANDSHAKE_H

#include "messages.h"
#include "metrics.h"
#include "process.h"

/* The program whose requests they are. */
extern const struct gp_program gp_notify_program;

/*
 * Have the handlers see what the daemon counts; again after each gp_process_reload().
 *
 *   pulse   borrowed, outlives the process
 */
void gp_handshake_attach(struct gp_process *process, struct gp_pulse *pulse);

/*
 * Forget the last request and look at another one.
 *
 *   visit   receives key and subprotocol when its handshake is in order
 */
void gp_handshake_begin(struct gp_process *process, struct gp_visit *visit);

/*
 * After gp_process_serve(): whether the handshake was in order, so that the connection is upgraded
 * whoever it is; a browser sees no more of a refusal before that than that there was one. Then the
 * visit has its admission, which says with what to close where nobody is let in.
 */
bool gp_handshake_judge(const struct gp_observation *observation, struct gp_visit *visit);

#endif
