/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WebSockets, each with what waits for its client: libwebsockets answers the handshake, frames and
 * sends; what clients send is read here. Who they are is for others to know. Of the loop's thread.
 */
#ifndef GP_SOCKET_H
#define GP_SOCKET_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "messages.h"

/* All of them. */
struct gp_sockets;

/* One, until it is reported as gone. */
struct gp_socket;

struct gp_socket_events {
	/* A handshake has been answered; what is returned is the socket's owner, NULL for none. */
	void *(*arrived)(void *context, struct gp_socket *socket, struct gp_visit *visit);
	/* Nothing can be sent any more, whoever ended it; the last that is heard of an owner. */
	void (*gone)(void *context, void *owner);
};

/*
 * None yet.
 *
 *   events    copied; called with `context`
 *   pulse     counts clients that are too slow, or gone
 *
 * Owned by the caller; NULL when libwebsockets cannot be started.
 */
GP_MUST_USE struct gp_sockets *gp_sockets_open(struct ev_loop *loop,
    const struct gp_socket_events *events, void *context, struct gp_pulse *pulse);

/* Release, with all that are open; nothing is reported any more. NULL is fine. */
void gp_sockets_close(struct gp_sockets *sockets);

/*
 * Take in a connection whose handshake was in order, and answer that.
 *
 *   descriptor   of the connection; ours from now on, whatever comes
 *   visit        which upgrades; passed on to `arrived`
 *   rest         `rest_length` bytes that came behind the handshake
 */
void gp_sockets_admit(struct gp_sockets *sockets, int descriptor, struct gp_visit *visit,
    const char *rest, size_t rest_length);

/* How many there are, those that are being closed among them. */
size_t gp_sockets_count(const struct gp_sockets *sockets);

/*
 * Whether somebody with much to read may still be given a moment for it: whoever has more to tell
 * waits then, and asks again. Of all time it is a part only.
 */
bool gp_sockets_are_crowded(struct gp_sockets *sockets);

/*
 * Ask for signs of life that are due, and end those who have given none or do not take their leave;
 * to be called about twice a second.
 */
void gp_sockets_tick(struct gp_sockets *sockets, int64_t ping_ms, int64_t timeout_ms);

/* Close all that are open. */
void gp_sockets_dismiss(struct gp_sockets *sockets, int code, const char *reason);

/*
 * Queue a message. Returns its bytes; 0 when the client has not read what waited for it, or there
 * is no memory: what cannot be told is missed, and a client must not miss anything unaware, so it
 * is closed and gone.
 */
size_t gp_socket_send(struct gp_socket *socket, struct gp_note *note);

/*
 * Close it, as soon as its client takes the frame that says why; it is gone with this.
 *
 *   reason   static
 */
void gp_socket_close(struct gp_socket *socket, int code, const char *reason);

#endif
