/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libwebsockets, and the frames of clients. */
#include "socket.h"

#include <assert.h>
#include <errno.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "attributes.h"
#include "clock.h"
#include "handshake_text.h"
#include "websocket.h"

static_assert(GP_NOTE_ROOM >= LWS_PRE, "a note has room for what libwebsockets puts in front");

enum {
	QUEUE_MAX = 64 * 1024,   /* bytes that wait for one client */
	CROWD = QUEUE_MAX / 4,   /* of them, with which it is given a moment to read */
	PATIENCE_MS = 250,       /* how long that is */
	PATIENCE_MOST_MS = 1000, /* for all who come one after the other */
	PATIENCE_SHARE = 4,      /* of all time not more than one part in so many */
	FAREWELL_MS = 3000,      /* to take the last frame, and answer it */
	READ_SIZE = 4096,        /* bytes that are read together */
	READS = 4,               /* before others get their turn */
	HANDSHAKE_SIZE = 512,    /* of the one that libwebsockets gets */
};

struct waiting {
	struct waiting *next;
	struct gp_note *note;
};

struct gp_socket {
	struct gp_sockets *sockets;
	struct lws *wsi;
	void *owner; /* NULL: nobody, or not any more */
	lws_dll2_t in_all;
	struct waiting *first, *last;
	size_t waiting_bytes;
	lws_dll2_t in_crowd;
	int64_t crowded_ms; /* since when; all times here are monotonic */
	int64_t heard_ms;   /* the last sign of life */
	int64_t pinged_ms;
	int64_t ended_ms;
	const char *close_reason; /* static */
	int close_code;           /* 0: stays */
	ev_io reader;
	struct gp_websocket frames; /* what the client sends */
	struct gp_note *pong;       /* owed; NULL: none */
	bool wants_ping;
	bool has_closed;  /* our last frame is on its way */
	bool peer_closed; /* the client's has come */
	bool is_broken;   /* what the client sends is no frames */
};

struct gp_sockets {
	struct ev_loop *loop;
	struct lws_context *context;
	struct lws_vhost *host;
	struct gp_socket_events events;
	void *events_context;
	struct gp_pulse *pulse;
	lws_dll2_owner_t all;
	lws_dll2_owner_t crowd; /* those with much to read, longest first */
	int64_t patience_ms;    /* what is left of it, times its share */
	int64_t looked_ms;
	bool waits;                /* for the crowd */
	struct gp_visit *arriving; /* whose handshake libwebsockets is answering */
};

/* --- queues --- */

static void
forget_queue(struct gp_socket *socket)
{
	while (socket->first != NULL) {
		struct waiting *next = socket->first->next;

		gp_note_release(socket->first->note);
		free(socket->first);
		socket->first = next;
	}
	socket->last = NULL;
	socket->waiting_bytes = 0;
	lws_dll2_remove(&socket->in_crowd);
}

/* --- ends --- */

/* Nothing is told to this client any more. */
static void
part(struct gp_socket *socket)
{
	struct gp_sockets *sockets = socket->sockets;
	void *owner = socket->owner;

	forget_queue(socket);
	socket->owner = NULL;
	if (owner != NULL)
		sockets->events.gone(sockets->events_context, owner);
}

void
gp_socket_close(struct gp_socket *socket, int code, const char *reason)
{
	if (socket->close_code != 0)
		return;
	socket->close_code = code;
	socket->close_reason = reason;
	socket->ended_ms = gp_clock_elapsed_ms();
	part(socket);
	lws_callback_on_writable(socket->wsi);
}

/* --- messages --- */

size_t
gp_socket_send(struct gp_socket *socket, struct gp_note *note)
{
	struct waiting *waiting;

	if (socket->close_code != 0)
		return 0;
	/* A single message always fits. */
	if (socket->first != NULL && socket->waiting_bytes + note->length > QUEUE_MAX) {
		atomic_fetch_add(&socket->sockets->pulse->slow, 1);
		gp_socket_close(socket, GP_CLOSE_TRY_LATER, "Try again later");
		return 0;
	}
	waiting = calloc(1, sizeof(*waiting));
	if (waiting == NULL) {
		gp_socket_close(socket, GP_CLOSE_TRY_LATER, "Try again later");
		return 0;
	}
	waiting->note = note;
	note->references++;
	if (socket->last != NULL)
		socket->last->next = waiting;
	else
		socket->first = waiting;
	socket->last = waiting;
	socket->waiting_bytes += note->length;
	if (socket->waiting_bytes > CROWD && lws_dll2_is_detached(&socket->in_crowd)) {
		socket->crowded_ms = gp_clock_elapsed_ms();
		lws_dll2_add_tail(&socket->in_crowd, &socket->sockets->crowd);
	}
	lws_callback_on_writable(socket->wsi);
	return note->length;
}

/* Send what waits, as long as the socket takes it. False when the socket is lost. */
static bool
send_queue(struct gp_socket *socket)
{
	while (socket->first != NULL && lws_send_pipe_choked(socket->wsi) == 0) {
		struct waiting *waiting = socket->first;
		struct gp_note *note = waiting->note;
		int sent = lws_write(
		    socket->wsi, note->bytes + GP_NOTE_ROOM, note->length, LWS_WRITE_TEXT);

		socket->first = waiting->next;
		if (socket->first == NULL)
			socket->last = NULL;
		socket->waiting_bytes -= note->length;
		gp_note_release(note);
		free(waiting);
		if (sent < 0)
			return false;
	}
	if (socket->waiting_bytes <= CROWD)
		lws_dll2_remove(&socket->in_crowd);
	if (socket->first != NULL)
		lws_callback_on_writable(socket->wsi);
	return true;
}

bool
gp_sockets_are_crowded(struct gp_sockets *sockets)
{
	const int64_t now_ms = gp_clock_elapsed_ms(), passed_ms = now_ms - sockets->looked_ms;

	sockets->looked_ms = now_ms;
	sockets->patience_ms += sockets->waits ? -passed_ms * PATIENCE_SHARE : passed_ms;
	if (sockets->patience_ms > PATIENCE_MOST_MS * PATIENCE_SHARE)
		sockets->patience_ms = PATIENCE_MOST_MS * PATIENCE_SHARE;
	sockets->waits = false;
	/* Who came last has been there for the shortest time. */
	if (sockets->patience_ms > 0 && sockets->crowd.tail != NULL)
		sockets->waits =
		    now_ms - lws_container_of(sockets->crowd.tail, struct gp_socket, in_crowd)
				 ->crowded_ms <
		    PATIENCE_MS;
	return sockets->waits;
}

/*
 * The frame that says why: a code in two bytes, and the reason. Made here, as libwebsockets sends
 * one only as part of a close of its own, for which it would read. False when the socket is
 * lost.
 */
static bool
send_close(struct gp_socket *socket)
{
	enum { FINAL_CLOSE = 0x88 };
	unsigned char frame[LWS_PRE + 2 + GP_WEBSOCKET_CONTROL_MAX];
	unsigned char *at = frame + LWS_PRE;
	size_t length = 0;

	socket->has_closed = true;
	if (socket->close_code != GP_WEBSOCKET_NO_CODE) {
		length = 2 + strlen(socket->close_reason);
		at[2] = (unsigned char)(socket->close_code >> 8);
		at[3] = (unsigned char)socket->close_code;
		memcpy(at + 4, socket->close_reason, length - 2);
	}
	at[0] = FINAL_CLOSE;
	at[1] = (unsigned char)length;
	return lws_write(socket->wsi, at, length + 2, LWS_WRITE_RAW) >= 0;
}

static bool
send_pong(struct gp_socket *socket)
{
	struct gp_note *pong = socket->pong;
	int sent;

	socket->pong = NULL;
	if (pong == NULL)
		return true;
	sent = lws_write(socket->wsi, pong->bytes + GP_NOTE_ROOM, pong->length, LWS_WRITE_PONG);
	gp_note_release(pong);
	return sent >= 0;
}

static bool
send_ping(struct gp_socket *socket)
{
	unsigned char frame[LWS_PRE + 1];

	if (!socket->wants_ping)
		return true;
	socket->wants_ping = false;
	return lws_write(socket->wsi, frame + LWS_PRE, 0, LWS_WRITE_PING) >= 0;
}

/* What libwebsockets is to do now that the socket takes something: 0, or -1 to hang up. */
static int
write_some(struct gp_socket *socket)
{
	if (socket->has_closed)
		return socket->peer_closed ? -1 : 0;
	if (socket->close_code != 0) {
		if (!send_close(socket))
			return -1;
		/* With both frames sent there is nothing left to say. */
		return socket->peer_closed ? -1 : 0;
	}
	return send_pong(socket) && send_ping(socket) && send_queue(socket) ? 0 : -1;
}

/* --- reading --- */

/*
 * Close the socket now, which forgets it; at once, or when libwebsockets finds that what it has
 * left to send cannot be sent any more.
 */
static void
hang_up(struct gp_socket *socket)
{
	shutdown(lws_get_socket_fd(socket->wsi), SHUT_RDWR);
	ev_io_stop(socket->sockets->loop, &socket->reader);
	part(socket);
	socket->close_code = GP_CLOSE_GOING_AWAY;
	socket->has_closed = socket->peer_closed = true;
	lws_set_timeout(
	    socket->wsi, (enum pending_timeout)PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

/* Do what a frame asks for. False when the socket is gone after it. */
static bool
heed(struct gp_socket *socket, enum gp_websocket_event event)
{
	const struct gp_websocket *frames = &socket->frames;

	switch (event) {
	case GP_WEBSOCKET_PING:
		/* One is owed at most, for the last (RFC 6455 section 5.5.3). */
		gp_note_release(socket->pong);
		socket->pong = gp_note_new((const char *)frames->control, frames->control_length);
		lws_callback_on_writable(socket->wsi);
		return true;
	case GP_WEBSOCKET_CLOSE:
		socket->peer_closed = true;
		if (socket->has_closed) {
			hang_up(socket);
			return false;
		}
		ev_io_stop(socket->sockets->loop, &socket->reader);
		gp_socket_close(socket, frames->code, "");
		return true;
	case GP_WEBSOCKET_BROKEN: gp_socket_close(socket, frames->code, ""); return true;
	case GP_WEBSOCKET_MORE:
	case GP_WEBSOCKET_PONG: return true;
	}
	return true;
}

/* What a client sent. Once it broke the rules nothing it sends can be read as frames any more. */
static bool
hear(struct gp_socket *socket, const unsigned char *bytes, size_t length)
{
	socket->heard_ms = gp_clock_elapsed_ms();
	while (length > 0 && !socket->is_broken && !socket->peer_closed) {
		size_t taken;
		enum gp_websocket_event event =
		    gp_websocket_read(&socket->frames, bytes, length, &taken);

		bytes += taken;
		length -= taken;
		socket->is_broken = event == GP_WEBSOCKET_BROKEN;
		if (!heed(socket, event))
			return false;
	}
	return true;
}

static void
on_readable(struct ev_loop *loop, ev_io *watcher, int events)
{
	struct gp_socket *socket = watcher->data;
	unsigned char bytes[READ_SIZE];

	(void)loop;
	(void)events;
	for (int i = 0; i < READS; i++) {
		ssize_t got = recv(watcher->fd, bytes, sizeof(bytes), 0);

		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got <= 0) {
			hang_up(socket);
			return;
		}
		if (!hear(socket, bytes, (size_t)got) || socket->peer_closed)
			return;
	}
}

/*
 * Read what the client sends ourselves: libwebsockets is told to let it lie. It would take frames
 * that no client may send, and tell of others only when they are whole.
 */
static void
watch(struct gp_socket *socket)
{
	(void)lws_rx_flow_control(socket->wsi, 0);
	ev_io_init(&socket->reader, on_readable, lws_get_socket_fd(socket->wsi), EV_READ);
	socket->reader.data = socket;
	ev_io_start(socket->sockets->loop, &socket->reader);
}

/* --- coming in --- */

static int
arrive(struct gp_sockets *sockets, struct lws *wsi)
{
	struct gp_socket *socket = calloc(1, sizeof(*socket));
	struct gp_visit *visit = sockets->arriving;

	sockets->arriving = NULL;
	if (socket == NULL)
		return -1;
	socket->sockets = sockets;
	socket->wsi = wsi;
	socket->heard_ms = socket->pinged_ms = gp_clock_elapsed_ms();
	lws_set_opaque_user_data(wsi, socket);
	lws_dll2_add_tail(&socket->in_all, &sockets->all);
	watch(socket);
	socket->owner = sockets->events.arrived(sockets->events_context, socket, visit);
	return 0;
}

static void
depart(struct gp_socket *socket)
{
	ev_io_stop(socket->sockets->loop, &socket->reader);
	part(socket);
	lws_dll2_remove(&socket->in_all);
	gp_note_release(socket->pong);
	gp_websocket_clear(&socket->frames);
	free(socket);
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct gp_sockets *sockets = lws_context_user(lws_get_context(wsi));
	struct gp_socket *socket = lws_get_opaque_user_data(wsi);

	if (reason == LWS_CALLBACK_ESTABLISHED)
		return sockets->arriving != NULL ? arrive(sockets, wsi) : -1;
	if (socket == NULL)
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	switch (reason) {
	case LWS_CALLBACK_SERVER_WRITEABLE: return write_some(socket);
	case LWS_CALLBACK_CLOSED:
		lws_set_opaque_user_data(wsi, NULL);
		depart(socket);
		return 0;
	default: return lws_callback_http_dummy(wsi, reason, user, in, length);
	}
}

/*
 * The handshake as libwebsockets is to see it: the client's has been read already, more strictly,
 * and by somebody who answers what is wrong with it. Returns its length.
 */
static size_t
write_handshake(const struct gp_visit *visit, char text[HANDSHAKE_SIZE])
{
	return (size_t)snprintf(text, HANDSHAKE_SIZE,
	    "GET /ws/notifications HTTP/1.1\r\nHost: gatepost\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n%s\r\n",
	    visit->key,
	    visit->speaks_bearer ? "Sec-WebSocket-Protocol: " GP_BEARER_PROTOCOL "\r\n" : "");
}

void
gp_sockets_admit(struct gp_sockets *sockets, int descriptor, struct gp_visit *visit,
    const char *rest, size_t rest_length)
{
	const lws_sockfd_type accepted = descriptor;
	char handshake[HANDSHAKE_SIZE];
	const size_t length = write_handshake(visit, handshake);
	struct gp_socket *socket;
	struct lws *wsi;

	sockets->arriving = visit;
	wsi = lws_adopt_socket_vhost_readbuf(sockets->host, accepted, handshake, length);
	sockets->arriving = NULL;
	socket = wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
	if (socket != NULL && rest_length > 0)
		(void)hear(socket, (const unsigned char *)rest, rest_length);
}

/* --- time --- */

static void
tick_socket(struct gp_socket *socket, int64_t now_ms, int64_t ping_ms, int64_t timeout_ms)
{
	if (socket->close_code != 0) {
		if (now_ms - socket->ended_ms > FAREWELL_MS)
			hang_up(socket);
	} else if (now_ms - socket->heard_ms >= timeout_ms) {
		atomic_fetch_add(&socket->sockets->pulse->gone, 1);
		hang_up(socket);
	} else if (now_ms - socket->pinged_ms >= ping_ms) {
		socket->pinged_ms = now_ms;
		socket->wants_ping = true;
		lws_callback_on_writable(socket->wsi);
	}
}

void
gp_sockets_tick(struct gp_sockets *sockets, int64_t ping_ms, int64_t timeout_ms)
{
	const int64_t now_ms = gp_clock_elapsed_ms();

	for (struct lws_dll2 *at = sockets->all.head, *next; at != NULL; at = next) {
		next = at->next;
		tick_socket(
		    lws_container_of(at, struct gp_socket, in_all), now_ms, ping_ms, timeout_ms);
	}
}

void
gp_sockets_dismiss(struct gp_sockets *sockets, int code, const char *reason)
{
	for (struct lws_dll2 *at = sockets->all.head, *next; at != NULL; at = next) {
		next = at->next;
		gp_socket_close(lws_container_of(at, struct gp_socket, in_all), code, reason);
	}
}

size_t
gp_sockets_count(const struct gp_sockets *sockets)
{
	return sockets->all.count;
}

/* --- their life --- */

static const struct lws_protocols protocols[] = {
	{
	    .name = GP_BEARER_PROTOCOL,
	    .callback = on_event,
	    .rx_buffer_size = 1,         /* it does not read */
	    .tx_packet_size = QUEUE_MAX, /* the most that it sends at once; it keeps the rest */
	},
	{ .name = NULL },
};

/* Signs of life are our own affair: with a timer for each connection libwebsockets' list of them
 * would be sorted at each. */
static const lws_retry_bo_t no_policy = { .secs_since_valid_hangup = 0 };

static bool
start_websockets(struct gp_sockets *sockets, struct ev_loop *loop)
{
	void *loops[] = { loop };
	const struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = protocols,
		.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		.foreign_loops = loops,
		.user = sockets,
		.gid = -1,
		.uid = -1,
		.retry_and_idle_policy = &no_policy,
		.server_string = "gatepost",
	};

	lws_set_log_level(0, NULL);
	sockets->context = lws_create_context(&info);
	if (sockets->context == NULL)
		return false;
	sockets->host = lws_create_vhost(sockets->context, &info);
	return sockets->host != NULL;
}

struct gp_sockets *
gp_sockets_open(struct ev_loop *loop, const struct gp_socket_events *events, void *context,
    struct gp_pulse *pulse)
{
	struct gp_sockets *sockets = calloc(1, sizeof(*sockets));

	if (sockets == NULL)
		return NULL;
	sockets->loop = loop;
	sockets->events = *events;
	sockets->events_context = context;
	sockets->pulse = pulse;
	if (start_websockets(sockets, loop))
		return sockets;
	gp_sockets_close(sockets);
	return NULL;
}

static void
forget_owner(void *context, void *owner)
{
	(void)context;
	(void)owner;
}

void
gp_sockets_close(struct gp_sockets *sockets)
{
	if (sockets == NULL)
		return;
	sockets->events.gone = forget_owner;
	if (sockets->context != NULL)
		lws_context_destroy(sockets->context);
	free(sockets);
}
