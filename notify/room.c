/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libwebsockets. */
#include "room.h"

#include <assert.h>
#include <errno.h>
#include <json-c/linkhash.h>
#include <libwebsockets.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "arena.h"
#include "attributes.h"
#include "clock.h"
#include "event_text.h"
#include "handshake_text.h"
#include "json_write.h"
#include "tidy_table.h"
#include "websocket.h"

static_assert(GP_NOTE_ROOM >= LWS_PRE, "a note has room for what libwebsockets puts in front");

enum {
	QUEUE_MAX = 64 * 1024,   /* bytes that wait for one client */
	CROWD = QUEUE_MAX / 4,   /* of them, with which it is given a moment to read */
	PATIENCE_MS = 250,       /* how long that is */
	PATIENCE_MOST_MS = 1000, /* for all who come one after the other */
	PATIENCE_SHARE = 4,      /* of all time not more than one part in so many */
	CENSUS_MS = 2000,        /* between two looks who may stay */
	DOUBT_MS = 15000,        /* how long somebody stays whom the database cannot confirm */
	FAREWELL_MS = 3000,      /* to take the last frame of a connection, and answer it */
	READ_SIZE = 4096,        /* bytes that are read together */
	READS = 4,               /* before others get their turn */
	HANDSHAKE_SIZE = 512,    /* of the one that libwebsockets gets */
	TABLE_SIZE = 64,         /* of hash tables, at first */
};

struct waiting {
	struct waiting *next;
	struct gp_note *note;
};

/* One user, while connected. */
struct person {
	char *id;
	lws_dll2_owner_t connections;
};

/* What connections were let in by that can be withdrawn; a session may have many. */
struct credential {
	char *key; /* 's' or 'u', and the text: a session token or a user's id */
	lws_dll2_owner_t connections;
	uint64_t first_round; /* of the census that asks for it */
	uint64_t seen_round;  /* that it survived */
	int64_t confirmed_ms;
};

struct connection {
	struct lws *wsi;
	lws_dll2_t in_room;
	lws_dll2_t of_person;
	lws_dll2_t of_credential;
	struct person *person;         /* NULL: not, or no longer, let in */
	struct credential *credential; /* NULL: cannot be withdrawn */
	struct waiting *first, *last;
	size_t waiting_bytes;
	lws_dll2_t in_crowd;
	int64_t crowded_ms; /* since when; monotonic */
	int64_t expires_s;  /* of its token; 0: a session ends when the database says so */
	int64_t heard_ms;   /* the last sign of life; this and the next are monotonic */
	int64_t pinged_ms;
	int64_t ended_ms;
	const char *close_reason; /* static */
	int close_code;           /* 0: stays */
	uint64_t number;          /* of those who were accepted, from 1 */
	ev_io reader;
	struct gp_websocket frames; /* what the client sends */
	struct gp_note *pong;       /* owed; NULL: none */
	bool wants_ping;
	bool has_closed;  /* our last frame is on its way */
	bool peer_closed; /* the client's has come */
	bool is_broken;   /* what the client sends is no frames */
};

struct gp_room {
	struct ev_loop *loop;
	struct lws_context *context;
	struct lws_vhost *host;
	struct gp_audience *audience;
	struct gp_door *door;
	struct gp_pulse *pulse;
	struct gp_arena *arena;
	struct lh_table *persons;     /* by id */
	struct lh_table *credentials; /* by key */
	size_t removed_persons, removed_credentials;
	lws_dll2_owner_t connections;
	lws_dll2_owner_t crowd; /* those with much to read, longest first */
	int64_t patience_ms;    /* what is left of it, times its share */
	int64_t looked_ms;
	bool waits;     /* for the crowd */
	size_t members; /* of them, who are let in */
	size_t most, most_of_user;
	int64_t ping_ms, timeout_ms;
	struct gp_visit *arriving; /* whose handshake libwebsockets is answering */
	uint64_t round;            /* of the census */
	bool asks;                 /* a census is under way */
	int64_t asked_ms;
};

/* --- queues --- */

static void
forget_queue(struct connection *connection)
{
	while (connection->first != NULL) {
		struct waiting *next = connection->first->next;

		gp_note_release(connection->first->note);
		free(connection->first);
		connection->first = next;
	}
	connection->last = NULL;
	connection->waiting_bytes = 0;
	lws_dll2_remove(&connection->in_crowd);
}

/* --- persons and credentials --- */

static void
remove_person(struct gp_room *room, struct person *person)
{
	gp_audience_remove(room->audience, person->id);
	lh_table_delete(room->persons, person->id);
	room->removed_persons++;
	free(person->id);
	free(person);
}

/* The person of this id, made where needed; takes the id. */
static struct person *
find_person(struct gp_room *room, char *id)
{
	struct person *person = NULL;

	if (lh_table_lookup_ex(room->persons, id, (void **)&person)) {
		free(id);
		return person;
	}
	person = calloc(1, sizeof(*person));
	if (person == NULL || !gp_audience_add(room->audience, id)) {
		free(person);
		free(id);
		return NULL;
	}
	person->id = id;
	if (lh_table_insert(room->persons, person->id, person) == 0)
		return person;
	gp_audience_remove(room->audience, id);
	free(id);
	free(person);
	return NULL;
}

static void
remove_credential(struct gp_room *room, struct credential *credential)
{
	lh_table_delete(room->credentials, credential->key);
	room->removed_credentials++;
	OPENSSL_cleanse(credential->key, strlen(credential->key));
	free(credential->key);
	free(credential);
}

static char *
key_of(bool is_session, const char *text)
{
	size_t length = strlen(text);
	char *key = malloc(length + 2);

	if (key == NULL)
		return NULL;
	key[0] = is_session ? 's' : 'u';
	memcpy(key + 1, text, length + 1);
	return key;
}

static struct credential *
find_credential(struct gp_room *room, const struct gp_admission *admission)
{
	char *key =
	    key_of(admission->credential_kind == GP_CREDENTIAL_SESSION, admission->credential);
	struct credential *credential = NULL;

	if (key == NULL)
		return NULL;
	if (lh_table_lookup_ex(room->credentials, key, (void **)&credential)) {
		OPENSSL_cleanse(key, strlen(key));
		free(key);
		return credential;
	}
	credential = calloc(1, sizeof(*credential));
	if (credential != NULL) {
		credential->key = key;
		credential->first_round = room->round + 1;
		credential->confirmed_ms = gp_clock_elapsed_ms();
		if (lh_table_insert(room->credentials, key, credential) == 0)
			return credential;
	}
	OPENSSL_cleanse(key, strlen(key));
	free(key);
	free(credential);
	return NULL;
}

/* --- ends --- */

/* Take a connection out of all lists of those who are told something. */
static void
leave(struct gp_room *room, struct connection *connection)
{
	if (connection->person != NULL) {
		lws_dll2_remove(&connection->of_person);
		if (connection->person->connections.count == 0)
			remove_person(room, connection->person);
		connection->person = NULL;
		room->members--;
		atomic_store(&room->pulse->connections, room->members);
	}
	if (connection->credential != NULL) {
		lws_dll2_remove(&connection->of_credential);
		if (connection->credential->connections.count == 0)
			remove_credential(room, connection->credential);
		connection->credential = NULL;
	}
	forget_queue(connection);
}

/* Close a connection, as soon as its client takes the frame that says why. */
static void
end(struct gp_room *room, struct connection *connection, int code, const char *reason)
{
	if (connection->close_code != 0)
		return;
	connection->close_code = code;
	connection->close_reason = reason;
	connection->ended_ms = gp_clock_elapsed_ms();
	leave(room, connection);
	lws_callback_on_writable(connection->wsi);
}

/* --- messages --- */

/* Queue a message. Returns its bytes; 0 when the client has been too slow and is closed. */
static size_t
queue(struct gp_room *room, struct connection *connection, struct gp_note *note)
{
	struct waiting *waiting;

	if (connection->close_code != 0)
		return 0;
	/* A single message always fits. */
	if (connection->first != NULL && connection->waiting_bytes + note->length > QUEUE_MAX) {
		atomic_fetch_add(&room->pulse->slow, 1);
		end(room, connection, GP_CLOSE_TRY_LATER, "Try again later");
		return 0;
	}
	waiting = calloc(1, sizeof(*waiting));
	if (waiting == NULL) {
		/* What cannot be told is missed, and a client must not miss anything unaware. */
		end(room, connection, GP_CLOSE_TRY_LATER, "Try again later");
		return 0;
	}
	waiting->note = note;
	note->references++;
	if (connection->last != NULL)
		connection->last->next = waiting;
	else
		connection->first = waiting;
	connection->last = waiting;
	connection->waiting_bytes += note->length;
	if (connection->waiting_bytes > CROWD && lws_dll2_is_detached(&connection->in_crowd)) {
		connection->crowded_ms = gp_clock_elapsed_ms();
		lws_dll2_add_tail(&connection->in_crowd, &room->crowd);
	}
	lws_callback_on_writable(connection->wsi);
	return note->length;
}

/* Send what waits, as long as the socket takes it. False when the connection is lost. */
static bool
send_queue(struct connection *connection)
{
	while (connection->first != NULL && lws_send_pipe_choked(connection->wsi) == 0) {
		struct waiting *waiting = connection->first;
		struct gp_note *note = waiting->note;
		int sent = lws_write(
		    connection->wsi, note->bytes + GP_NOTE_ROOM, note->length, LWS_WRITE_TEXT);

		connection->first = waiting->next;
		if (connection->first == NULL)
			connection->last = NULL;
		connection->waiting_bytes -= note->length;
		gp_note_release(note);
		free(waiting);
		if (sent < 0)
			return false;
	}
	if (connection->waiting_bytes <= CROWD)
		lws_dll2_remove(&connection->in_crowd);
	if (connection->first != NULL)
		lws_callback_on_writable(connection->wsi);
	return true;
}

bool
gp_room_is_crowded(struct gp_room *room)
{
	const int64_t now_ms = gp_clock_elapsed_ms(), passed_ms = now_ms - room->looked_ms;

	room->looked_ms = now_ms;
	room->patience_ms += room->waits ? -passed_ms * PATIENCE_SHARE : passed_ms;
	if (room->patience_ms > PATIENCE_MOST_MS * PATIENCE_SHARE)
		room->patience_ms = PATIENCE_MOST_MS * PATIENCE_SHARE;
	room->waits = false;
	/* Who came last has been there for the shortest time. */
	if (room->patience_ms > 0 && room->crowd.tail != NULL)
		room->waits =
		    now_ms - lws_container_of(room->crowd.tail, struct connection, in_crowd)
				 ->crowded_ms <
		    PATIENCE_MS;
	return room->waits;
}

/*
 * The frame that says why: a code in two bytes, and the reason. Made here, as libwebsockets sends
 * one only as part of a close of its own, for which it would read. False when the connection is
 * lost.
 */
static bool
send_close(struct connection *connection)
{
	enum { FINAL_CLOSE = 0x88 };
	unsigned char frame[LWS_PRE + 2 + GP_WEBSOCKET_CONTROL_MAX];
	unsigned char *at = frame + LWS_PRE;
	size_t length = 0;

	connection->has_closed = true;
	if (connection->close_code != GP_WEBSOCKET_NO_CODE) {
		length = 2 + strlen(connection->close_reason);
		at[2] = (unsigned char)(connection->close_code >> 8);
		at[3] = (unsigned char)connection->close_code;
		memcpy(at + 4, connection->close_reason, length - 2);
	}
	at[0] = FINAL_CLOSE;
	at[1] = (unsigned char)length;
	return lws_write(connection->wsi, at, length + 2, LWS_WRITE_RAW) >= 0;
}

static bool
send_pong(struct connection *connection)
{
	struct gp_note *pong = connection->pong;
	int sent;

	connection->pong = NULL;
	if (pong == NULL)
		return true;
	sent = lws_write(connection->wsi, pong->bytes + GP_NOTE_ROOM, pong->length, LWS_WRITE_PONG);
	gp_note_release(pong);
	return sent >= 0;
}

static bool
send_ping(struct connection *connection)
{
	unsigned char frame[LWS_PRE + 1];

	if (!connection->wants_ping)
		return true;
	connection->wants_ping = false;
	return lws_write(connection->wsi, frame + LWS_PRE, 0, LWS_WRITE_PING) >= 0;
}

/* What libwebsockets is to do now that the socket takes something: 0, or -1 to hang up. */
static int
write_some(struct connection *connection)
{
	if (connection->has_closed)
		return connection->peer_closed ? -1 : 0;
	if (connection->close_code != 0) {
		if (!send_close(connection))
			return -1;
		/* With both frames sent there is nothing left to say. */
		return connection->peer_closed ? -1 : 0;
	}
	return send_pong(connection) && send_ping(connection) && send_queue(connection) ? 0 : -1;
}

/* --- reading --- */

/*
 * Close the connection now, which forgets it; at once, or when libwebsockets finds that what it has
 * left to send cannot be sent any more.
 */
static void
hang_up(struct gp_room *room, struct connection *connection)
{
	shutdown(lws_get_socket_fd(connection->wsi), SHUT_RDWR);
	ev_io_stop(room->loop, &connection->reader);
	leave(room, connection);
	connection->close_code = GP_CLOSE_GOING_AWAY;
	connection->has_closed = connection->peer_closed = true;
	lws_set_timeout(connection->wsi, (enum pending_timeout)PENDING_TIMEOUT_USER_REASON_BASE,
	    LWS_TO_KILL_SYNC);
}

/* Do what a frame asks for. False when the connection is gone after it. */
static bool
heed(struct gp_room *room, struct connection *connection, enum gp_websocket_event event)
{
	const struct gp_websocket *frames = &connection->frames;

	switch (event) {
	case GP_WEBSOCKET_PING:
		/* One is owed at most, for the last (RFC 6455 section 5.5.3). */
		gp_note_release(connection->pong);
		connection->pong =
		    gp_note_new((const char *)frames->control, frames->control_length);
		lws_callback_on_writable(connection->wsi);
		return true;
	case GP_WEBSOCKET_CLOSE:
		connection->peer_closed = true;
		if (connection->has_closed) {
			hang_up(room, connection);
			return false;
		}
		ev_io_stop(room->loop, &connection->reader);
		end(room, connection, frames->code, "");
		return true;
	case GP_WEBSOCKET_BROKEN: end(room, connection, frames->code, ""); return true;
	case GP_WEBSOCKET_MORE:
	case GP_WEBSOCKET_PONG: return true;
	}
	return true;
}

/* What a client sent. Once it broke the rules nothing it sends can be read as frames any more. */
static bool
hear(struct gp_room *room, struct connection *connection, const unsigned char *bytes, size_t length)
{
	connection->heard_ms = gp_clock_elapsed_ms();
	while (length > 0 && !connection->is_broken && !connection->peer_closed) {
		size_t taken;
		enum gp_websocket_event event =
		    gp_websocket_read(&connection->frames, bytes, length, &taken);

		bytes += taken;
		length -= taken;
		connection->is_broken = event == GP_WEBSOCKET_BROKEN;
		if (!heed(room, connection, event))
			return false;
	}
	return true;
}

static void
on_readable(struct ev_loop *loop, ev_io *watcher, int events)
{
	struct connection *connection = watcher->data;
	struct gp_room *room = lws_context_user(lws_get_context(connection->wsi));
	unsigned char bytes[READ_SIZE];

	(void)loop;
	(void)events;
	for (int i = 0; i < READS; i++) {
		ssize_t got = recv(watcher->fd, bytes, sizeof(bytes), 0);

		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got <= 0) {
			hang_up(room, connection);
			return;
		}
		if (!hear(room, connection, bytes, (size_t)got) || connection->peer_closed)
			return;
	}
}

/*
 * Read what the client sends ourselves: libwebsockets is told to let it lie. It would take frames
 * that no client may send, and tell of others only when they are whole.
 */
static void
watch(struct gp_room *room, struct connection *connection)
{
	(void)lws_rx_flow_control(connection->wsi, 0);
	ev_io_init(&connection->reader, on_readable, lws_get_socket_fd(connection->wsi), EV_READ);
	connection->reader.data = connection;
	ev_io_start(room->loop, &connection->reader);
}

/* --- coming in --- */

static void
say_ready(struct gp_room *room, struct connection *connection)
{
	struct gp_note *note = NULL;
	struct gp_buffer text;

	gp_buffer_init(&text, room->arena);
	gp_event_write_ready(&text, connection->person->id);
	if (gp_buffer_complete(&text))
		note = gp_note_new(text.bytes, text.length);
	gp_arena_reset(room->arena);
	if (note == NULL)
		end(room, connection, GP_CLOSE_TRY_LATER, "Try again later");
	else
		queue(room, connection, note);
	gp_note_release(note);
}

/* Put a connection among those of its user and its credential; false without memory or room. */
static bool
join(struct gp_room *room, struct connection *connection, struct gp_admission *admission)
{
	struct person *person;

	if (room->members >= room->most)
		return false;
	person = find_person(room, admission->user_id);
	admission->user_id = NULL; /* taken */
	if (person == NULL)
		return false;
	connection->person = person;
	lws_dll2_add_tail(&connection->of_person, &person->connections);
	room->members++;
	if (person->connections.count > room->most_of_user)
		return false;
	connection->expires_s = admission->expires_s;
	if (admission->credential_kind == GP_CREDENTIAL_NONE)
		return true;
	connection->credential = find_credential(room, admission);
	if (connection->credential == NULL)
		return false;
	lws_dll2_add_tail(&connection->of_credential, &connection->credential->connections);
	return true;
}

/* The handshake is answered: say why it ends, or that it is ready. */
static int
arrive(struct gp_room *room, struct lws *wsi)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct gp_admission *admission = &room->arriving->admission;

	room->arriving = NULL;
	if (connection == NULL)
		return -1;
	connection->wsi = wsi;
	connection->heard_ms = connection->pinged_ms = gp_clock_elapsed_ms();
	lws_set_opaque_user_data(wsi, connection);
	lws_dll2_add_tail(&connection->in_room, &room->connections);
	watch(room, connection);
	if (admission->close_code != 0) {
		end(room, connection, admission->close_code, admission->close_reason);
	} else if (!join(room, connection, admission)) {
		end(room, connection, GP_CLOSE_TRY_LATER, "Try again later");
	} else {
		connection->number = atomic_fetch_add(&room->pulse->accepted, 1) + 1;
		atomic_store(&room->pulse->connections, room->members);
		say_ready(room, connection);
	}
	return 0;
}

static void
depart(struct gp_room *room, struct connection *connection)
{
	ev_io_stop(room->loop, &connection->reader);
	leave(room, connection);
	lws_dll2_remove(&connection->in_room);
	gp_note_release(connection->pong);
	gp_websocket_clear(&connection->frames);
	free(connection);
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct gp_room *room = lws_context_user(lws_get_context(wsi));
	struct connection *connection = lws_get_opaque_user_data(wsi);

	if (reason == LWS_CALLBACK_ESTABLISHED)
		return room->arriving != NULL ? arrive(room, wsi) : -1;
	if (connection == NULL)
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	switch (reason) {
	case LWS_CALLBACK_SERVER_WRITEABLE: return write_some(connection);
	case LWS_CALLBACK_CLOSED:
		lws_set_opaque_user_data(wsi, NULL);
		depart(room, connection);
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
gp_room_admit(struct gp_room *room, int descriptor, struct gp_visit *visit, const char *rest,
    size_t rest_length)
{
	const lws_sockfd_type socket = descriptor;
	char handshake[HANDSHAKE_SIZE];
	const size_t length = write_handshake(visit, handshake);
	struct connection *connection;
	struct lws *wsi;

	room->arriving = visit;
	wsi = lws_adopt_socket_vhost_readbuf(room->host, socket, handshake, length);
	room->arriving = NULL;
	connection = wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
	if (connection != NULL && rest_length > 0)
		(void)hear(room, connection, (const unsigned char *)rest, rest_length);
}

/* --- what time and others make due --- */

size_t
gp_room_tell(struct gp_room *room, const struct gp_news *news)
{
	struct person *person = NULL;
	size_t bytes = 0;

	if (news->user_id == NULL) {
		lws_start_foreach_dll_safe(struct lws_dll2 *, at, next, room->connections.head)
		{
			struct connection *connection =
			    lws_container_of(at, struct connection, in_room);

			if (connection->person != NULL && connection->number <= news->newest)
				bytes += queue(room, connection, news->note);
		}
		lws_end_foreach_dll_safe(at, next);
		return bytes;
	}
	if (!lh_table_lookup_ex(room->persons, news->user_id, (void **)&person))
		return 0;
	/* The last one to leave takes the person along. */
	for (struct lws_dll2 *at = person->connections.head, *next; at != NULL; at = next) {
		next = at->next;
		bytes +=
		    queue(room, lws_container_of(at, struct connection, of_person), news->note);
		atomic_fetch_add(&room->pulse->events, 1);
	}
	return bytes;
}

/* End all connections of a credential, the last of which takes it along. */
static void
withdraw(struct gp_room *room, struct credential *credential, int code, const char *reason)
{
	for (struct lws_dll2 *at = credential->connections.head, *next; at != NULL; at = next) {
		next = at->next;
		end(room, lws_container_of(at, struct connection, of_credential), code, reason);
	}
}

static void
confirm(struct gp_room *room, const struct gp_survivor *survivor, uint64_t round)
{
	char *key = key_of(survivor->is_session, survivor->credential);
	struct credential *credential = NULL;

	if (key != NULL && lh_table_lookup_ex(room->credentials, key, (void **)&credential)) {
		credential->seen_round = round;
		credential->confirmed_ms = gp_clock_elapsed_ms();
	}
	if (key != NULL)
		OPENSSL_cleanse(key, strlen(key));
	free(key);
}

void
gp_room_judge(struct gp_room *room, const struct gp_census *census)
{
	struct lh_entry *entry, *next;

	room->asks = false;
	for (size_t i = 0; i < census->count; i++)
		confirm(room, &census->survivors[i], census->round);
	lh_foreach_safe(room->credentials, entry, next)
	{
		struct credential *credential = (struct credential *)lh_entry_v(entry);

		if (census->answered && credential->first_round <= census->round &&
		    credential->seen_round != census->round)
			withdraw(room, credential, GP_CLOSE_UNAUTHORIZED, "Unauthorized");
	}
}

/* Nobody stays whom the database has not confirmed for long, whatever keeps it from answering. */
static void
end_doubtful(struct gp_room *room, int64_t now_ms)
{
	struct lh_entry *entry, *next;

	lh_foreach_safe(room->credentials, entry, next)
	{
		struct credential *credential = (struct credential *)lh_entry_v(entry);

		if (now_ms - credential->confirmed_ms > DOUBT_MS)
			withdraw(room, credential, GP_CLOSE_TRY_LATER, "Try again later");
	}
}

/* The credentials of one kind, as a list of texts in JSON. */
static char *
list_credentials(struct gp_room *room, char kind)
{
	struct lh_entry *entry;
	struct gp_buffer text;
	bool any = false;
	char *list = NULL;

	gp_buffer_init(&text, room->arena);
	gp_buffer_add_byte(&text, '[');
	lh_foreach(room->credentials, entry)
	{
		const char *key = lh_entry_k(entry);

		if (key[0] != kind)
			continue;
		if (any)
			gp_buffer_add_byte(&text, ',');
		gp_json_write_text(&text, key + 1);
		any = true;
	}
	gp_buffer_add_byte(&text, ']');
	gp_buffer_add_byte(&text, '\0');
	if (gp_buffer_complete(&text))
		list = strdup(text.bytes);
	gp_arena_reset(room->arena);
	return list;
}

static void
ask_who_may_stay(struct gp_room *room, int64_t now_ms)
{
	struct gp_census *census;

	if (room->asks || room->credentials->count == 0 || now_ms - room->asked_ms < CENSUS_MS)
		return;
	census = calloc(1, sizeof(*census));
	if (census == NULL)
		return;
	census->letter.kind = GP_LETTER_CENSUS;
	census->round = room->round + 1;
	census->sessions = list_credentials(room, 's');
	census->users = list_credentials(room, 'u');
	if (census->sessions == NULL || census->users == NULL) {
		gp_census_free(census);
		return;
	}
	room->round++;
	room->asks = true;
	room->asked_ms = now_ms;
	gp_door_send(room->door, &census->letter);
}

static void
tick_connection(
    struct gp_room *room, struct connection *connection, int64_t now_ms, int64_t time_ms)
{
	if (connection->close_code != 0) {
		if (now_ms - connection->ended_ms > FAREWELL_MS)
			hang_up(room, connection);
	} else if (connection->expires_s != 0 && connection->expires_s <= time_ms / 1000) {
		end(room, connection, GP_CLOSE_UNAUTHORIZED, "Token expired");
	} else if (now_ms - connection->heard_ms >= room->timeout_ms) {
		atomic_fetch_add(&room->pulse->gone, 1);
		hang_up(room, connection);
	} else if (now_ms - connection->pinged_ms >= room->ping_ms) {
		connection->pinged_ms = now_ms;
		connection->wants_ping = true;
		lws_callback_on_writable(connection->wsi);
	}
}

void
gp_room_tick(struct gp_room *room)
{
	const int64_t now_ms = gp_clock_elapsed_ms(), time_ms = gp_clock_now_ms();

	for (struct lws_dll2 *at = room->connections.head, *next; at != NULL; at = next) {
		next = at->next;
		tick_connection(
		    room, lws_container_of(at, struct connection, in_room), now_ms, time_ms);
	}
	end_doubtful(room, now_ms);
	gp_table_tidy(room->persons, &room->removed_persons);
	gp_table_tidy(room->credentials, &room->removed_credentials);
	ask_who_may_stay(room, now_ms);
}

void
gp_room_dismiss(struct gp_room *room)
{
	for (struct lws_dll2 *at = room->connections.head, *next; at != NULL; at = next) {
		next = at->next;
		end(room, lws_container_of(at, struct connection, in_room), GP_CLOSE_GOING_AWAY,
		    "Going away");
	}
}

bool
gp_room_is_empty(const struct gp_room *room)
{
	return room->connections.count == 0;
}

/* --- its life --- */

void
gp_room_adjust(struct gp_room *room, const struct gp_settings *settings)
{
	room->most_of_user = (size_t)settings->notify_user_connections;
	room->ping_ms = settings->notify_ping_s * 1000;
	room->timeout_ms = settings->notify_timeout_s * 1000;
}

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
start_websockets(struct gp_room *room, struct ev_loop *loop)
{
	void *loops[] = { loop };
	const struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = protocols,
		.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_VALIDATE_UTF8 |
			   LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		.foreign_loops = loops,
		.user = room,
		.gid = -1,
		.uid = -1,
		.retry_and_idle_policy = &no_policy,
		.server_string = "gatepost",
	};

	lws_set_log_level(0, NULL);
	room->context = lws_create_context(&info);
	if (room->context == NULL)
		return false;
	room->host = lws_create_vhost(room->context, &info);
	return room->host != NULL;
}

struct gp_room *
gp_room_open(struct ev_loop *loop, const struct gp_settings *settings, struct gp_audience *audience,
    struct gp_door *door, struct gp_pulse *pulse)
{
	struct gp_room *room = calloc(1, sizeof(*room));

	if (room == NULL)
		return NULL;
	room->loop = loop;
	room->audience = audience;
	room->door = door;
	room->pulse = pulse;
	room->arena = gp_arena_new();
	room->persons = lh_kchar_table_new(TABLE_SIZE, NULL);
	room->credentials = lh_kchar_table_new(TABLE_SIZE, NULL);
	room->most = (size_t)settings->notify_connections;
	gp_room_adjust(room, settings);
	if (room->arena != NULL && room->persons != NULL && room->credentials != NULL &&
	    start_websockets(room, loop))
		return room;
	gp_room_close(room);
	return NULL;
}

void
gp_room_close(struct gp_room *room)
{
	if (room == NULL)
		return;
	if (room->context != NULL)
		lws_context_destroy(room->context);
	if (room->persons != NULL)
		lh_table_free(room->persons);
	if (room->credentials != NULL)
		lh_table_free(room->credentials);
	gp_arena_free(room->arena);
	free(room);
}
