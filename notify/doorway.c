/* SPDX-License-Identifier: Apache-2.0 */
/* One request of each connection, and one answer. */
#include "doorway.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "http_head.h"

enum {
	GUESTS_MAX = 1000, /* in the doorway; then who came first has to go */
	READ_MS = 10000,   /* to send a head */
	WRITE_MS = 10000,  /* to take an answer */
	LINGER_MS = 2000,  /* to stop sending, once answered */
	ACCEPTS = 64,      /* connections that are taken in together */
	REST_MS = 200,     /* without accepting, where there are no descriptors left */
	FIRST_SIZE = 1024, /* of a head's memory; it grows to GP_HTTP_HEAD_MAX */
};

enum state {
	READING,   /* the head */
	WAITING,   /* for the door */
	ANSWERING, /* what the door said */
	LINGERING, /* until the client has the answer: what it still sends would destroy it */
};

struct guest {
	ev_io watcher;
	struct gp_doorway *doorway;
	struct guest *next, *previous; /* in the order of their coming */
	int descriptor;                /* -1: handed over, or closed */
	enum state state;
	int64_t deadline_ms; /* monotonic */
	char peer[64];
	char *bytes; /* the head as it comes in, then the answer */
	size_t length, size;
	size_t sent; /* of the answer */
	struct gp_http_scan scan;
};

struct gp_doorway {
	struct ev_loop *loop;
	ev_io listener;
	int descriptor;
	struct gp_door *door;
	struct gp_room *room;
	struct gp_log log;
	size_t waiting; /* guests whose visit is at the door */
	struct guest *first, *last;
	size_t count;
	int64_t rests_until_ms; /* 0: accepts */
	bool started, stopped;
};

static void on_guest(struct ev_loop *loop, ev_io *watcher, int events);
static void on_listener(struct ev_loop *loop, ev_io *watcher, int events);

/* --- leaving --- */

/* Have the loop watch a guest for EV_READ, EV_WRITE, or for neither. */
static void
watch(struct guest *guest, int events)
{
	ev_io_stop(guest->doorway->loop, &guest->watcher);
	if (events == 0)
		return;
	ev_io_set(&guest->watcher, guest->descriptor, events);
	ev_io_start(guest->doorway->loop, &guest->watcher);
}

static void
unlink_guest(struct guest *guest)
{
	struct gp_doorway *doorway = guest->doorway;

	if (guest->previous != NULL)
		guest->previous->next = guest->next;
	else
		doorway->first = guest->next;
	if (guest->next != NULL)
		guest->next->previous = guest->previous;
	else
		doorway->last = guest->previous;
	doorway->count--;
}

/* Forget a guest, who is gone after this; the descriptor is closed unless it was handed over. */
static void
let_go(struct guest *guest)
{
	watch(guest, 0);
	unlink_guest(guest);
	if (guest->descriptor >= 0)
		close(guest->descriptor);
	free(guest->bytes);
	free(guest);
}

/* Read and throw away what still comes. False when there will be no more. */
static bool
drain(struct guest *guest)
{
	char bytes[4096];
	ssize_t got;

	for (int i = 0; i < 16; i++) {
		got = recv(guest->descriptor, bytes, sizeof(bytes), 0);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		if (got < 0)
			return true;
	}
	return true;
}

/* --- answering --- */

static void
linger(struct guest *guest)
{
	if (shutdown(guest->descriptor, SHUT_WR) != 0 || !drain(guest)) {
		let_go(guest);
		return;
	}
	guest->state = LINGERING;
	guest->deadline_ms = gp_clock_elapsed_ms() + LINGER_MS;
	watch(guest, EV_READ);
}

static void
send_answer(struct guest *guest)
{
	while (guest->sent < guest->length) {
		ssize_t sent = send(guest->descriptor, guest->bytes + guest->sent,
		    guest->length - guest->sent, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN) {
			watch(guest, EV_WRITE);
			return;
		}
		if (sent < 0) {
			let_go(guest);
			return;
		}
		guest->sent += (size_t)sent;
	}
	linger(guest);
}

/* Answer with `length` bytes, which are the guest's from now on. */
static void
answer(struct guest *guest, char *bytes, size_t length)
{
	free(guest->bytes);
	guest->bytes = bytes;
	guest->length = length;
	guest->sent = 0;
	guest->state = ANSWERING;
	guest->deadline_ms = gp_clock_elapsed_ms() + WRITE_MS;
	send_answer(guest);
}

/* An answer that is there even without memory for another. */
static void
answer_at_hand(struct guest *guest, const char *text)
{
	size_t length = strlen(text);
	char *copy = malloc(length);

	if (copy == NULL) {
		(void)send(guest->descriptor, text, length, MSG_NOSIGNAL);
		let_go(guest);
		return;
	}
	memcpy(copy, text, length);
	answer(guest, copy, length);
}

static void
answer_too_late(struct guest *guest)
{
	answer_at_hand(guest, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
			      "Content-Type: application/json\r\nContent-Length: 28\r\n\r\n"
			      "{\"detail\":\"Request Timeout\"}");
}

static void
answer_unavailable(struct guest *guest)
{
	answer_at_hand(guest,
	    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
	    "Content-Type: application/json\r\nContent-Length: 44\r\nRetry-After: 2\r\n\r\n"
	    "{\"detail\":\"Service temporarily unavailable\"}");
}

/* --- asking the door --- */

static void
send_visit(struct guest *guest, enum gp_outcome trouble)
{
	struct gp_visit *visit = calloc(1, sizeof(*visit));

	watch(guest, 0);
	/* The door may wait for the database, and while it does nobody leaves. */
	if (visit == NULL || guest->doorway->waiting >= GUESTS_MAX) {
		gp_visit_free(visit);
		answer_unavailable(guest);
		return;
	}
	visit->letter.kind = GP_LETTER_VISIT;
	visit->guest = guest;
	visit->trouble = trouble;
	visit->head_length = guest->scan.head_length;
	memcpy(visit->peer, guest->peer, sizeof(visit->peer));
	if (visit->head_length > 0)
		visit->head = malloc(visit->head_length);
	if (visit->head_length > 0 && visit->head == NULL) {
		gp_visit_free(visit);
		answer_unavailable(guest);
		return;
	}
	if (visit->head_length > 0)
		memcpy(visit->head, guest->bytes, visit->head_length);
	guest->state = WAITING;
	guest->doorway->waiting++;
	gp_door_send(guest->doorway->door, &visit->letter);
}

/* The guest becomes a WebSocket: what it sent behind its handshake goes along. */
static void
hand_over(struct guest *guest, struct gp_visit *visit)
{
	struct gp_room *room = guest->doorway->room;
	const int descriptor = guest->descriptor;
	const size_t head_length = guest->scan.head_length;

	watch(guest, 0);
	guest->descriptor = -1;
	gp_room_admit(
	    room, descriptor, visit, guest->bytes + head_length, guest->length - head_length);
	let_go(guest);
}

void
gp_doorway_answer(struct gp_doorway *doorway, struct gp_visit *visit)
{
	struct guest *guest = visit->guest;

	doorway->waiting--;
	if (visit->upgrades) {
		hand_over(guest, visit);
		return;
	}
	if (visit->answer == NULL) {
		answer_unavailable(guest);
		return;
	}
	answer(guest, visit->answer, visit->answer_length);
	visit->answer = NULL; /* the guest's now */
}

/* --- reading --- */

static bool
make_room(struct guest *guest)
{
	size_t size = guest->size == 0 ? FIRST_SIZE : guest->size * 2;
	char *bytes;

	if (guest->length < guest->size)
		return true;
	bytes = realloc(guest->bytes, size);
	if (bytes == NULL)
		return false;
	guest->bytes = bytes;
	guest->size = size;
	return true;
}

/* Take what has come of the head, and ask the door once it is whole or wrong. */
static void
read_head(struct guest *guest)
{
	enum gp_outcome outcome = GP_OK;

	while (outcome == GP_OK && guest->scan.head_length == 0) {
		ssize_t got;

		if (!make_room(guest)) {
			answer_unavailable(guest);
			return;
		}
		got = recv(guest->descriptor, guest->bytes + guest->length,
		    guest->size - guest->length, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		/* Whoever closes within the head may still read. */
		if (got == 0 && guest->length > 0)
			outcome = GP_BAD_HTTP;
		else if (got <= 0) {
			let_go(guest);
			return;
		} else {
			guest->length += (size_t)got;
			outcome = gp_http_head_scan(&guest->scan, guest->bytes, guest->length);
		}
	}
	send_visit(guest, outcome);
}

static void
on_guest(struct ev_loop *loop, ev_io *watcher, int events)
{
	struct guest *guest = watcher->data;

	(void)loop;
	(void)events;
	switch (guest->state) {
	case READING: read_head(guest); return;
	case ANSWERING: send_answer(guest); return;
	case LINGERING:
		if (!drain(guest))
			let_go(guest);
		return;
	case WAITING: return;
	}
}

/* --- taking in --- */

/* Who is at the other end, as web servers write it; one on this machine has no address. */
static void
name_peer(const struct sockaddr_storage *address, char peer[64])
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
	const char *name = NULL;

	if (address->ss_family == AF_INET)
		name = inet_ntop(AF_INET, &four->sin_addr, peer, 64);
	else if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
		name = inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, peer, 64);
	else if (address->ss_family == AF_INET6)
		name = inet_ntop(AF_INET6, &six->sin6_addr, peer, 64);
	else
		name = strcpy(peer, "127.0.0.1");
	if (name == NULL)
		peer[0] = '\0';
}

/* Who has been reading longest makes room: a slow client must not keep others out. */
static void
make_way(struct gp_doorway *doorway)
{
	for (struct guest *guest = doorway->first; guest != NULL; guest = guest->next) {
		if (guest->state == READING) {
			answer_too_late(guest);
			break;
		}
	}
	for (struct guest *guest = doorway->first;
	     guest != NULL && doorway->count >= 2 * GUESTS_MAX; guest = guest->next) {
		if (guest->state == LINGERING || guest->state == ANSWERING) {
			let_go(guest);
			break;
		}
	}
}

static void
take_in(struct gp_doorway *doorway, int descriptor, const struct sockaddr_storage *address)
{
	struct guest *guest = calloc(1, sizeof(*guest));
	const int flags = fcntl(descriptor, F_GETFL), yes = 1;

	if (guest == NULL || flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
		free(guest);
		close(descriptor);
		return;
	}
	/* Small messages are not to wait for one another; only TCP knows of it. */
	(void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	if (doorway->count >= GUESTS_MAX)
		make_way(doorway);
	ev_init(&guest->watcher, on_guest);
	guest->watcher.data = guest;
	guest->doorway = doorway;
	guest->descriptor = descriptor;
	guest->deadline_ms = gp_clock_elapsed_ms() + READ_MS;
	name_peer(address, guest->peer);
	guest->previous = doorway->last;
	if (doorway->last != NULL)
		doorway->last->next = guest;
	else
		doorway->first = guest;
	doorway->last = guest;
	doorway->count++;
	watch(guest, EV_READ);
}

/* Without descriptors nobody can be taken in, and the loop would ask again at once. */
static void
rest(struct gp_doorway *doorway)
{
	gp_log_event(&doorway->log, GP_LOG_WARNING, "out_of_descriptors",
	    (const struct gp_log_field[]){
		{ "remedy", "raise the limit of open files (LimitNOFILE, ulimit -n), or lower "
			    "NOTIFY_MAX_CONNECTIONS" } },
	    1);
	ev_io_stop(doorway->loop, &doorway->listener);
	doorway->rests_until_ms = gp_clock_elapsed_ms() + REST_MS;
}

static void
on_listener(struct ev_loop *loop, ev_io *watcher, int events)
{
	struct gp_doorway *doorway = watcher->data;

	(void)loop;
	(void)events;
	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
		socklen_t size = sizeof(address);
		int descriptor = accept(doorway->descriptor, (struct sockaddr *)&address, &size);

		if (descriptor >= 0) {
			take_in(doorway, descriptor, &address);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			   errno == ENOMEM) {
			rest(doorway);
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

/* --- time --- */

static void
tick_guest(struct guest *guest, int64_t now_ms)
{
	if (now_ms < guest->deadline_ms)
		return;
	switch (guest->state) {
	case READING:
		if (guest->length > 0)
			answer_too_late(guest);
		else
			let_go(guest);
		return;
	case ANSWERING:
	case LINGERING: let_go(guest); return;
	case WAITING: return; /* the door answers, however long it waits for the database */
	}
}

void
gp_doorway_tick(struct gp_doorway *doorway)
{
	const int64_t now_ms = gp_clock_elapsed_ms();

	for (struct guest *guest = doorway->first, *next; guest != NULL; guest = next) {
		next = guest->next;
		tick_guest(guest, now_ms);
	}
	if (doorway->rests_until_ms != 0 && now_ms >= doorway->rests_until_ms &&
	    !doorway->stopped) {
		doorway->rests_until_ms = 0;
		ev_io_start(doorway->loop, &doorway->listener);
	}
}

/* --- its life --- */

struct gp_doorway *
gp_doorway_open(struct ev_loop *loop, int listener, struct gp_door *door, struct gp_room *room,
    const struct gp_log *log)
{
	struct gp_doorway *doorway = calloc(1, sizeof(*doorway));

	if (doorway == NULL)
		return NULL;
	doorway->loop = loop;
	doorway->descriptor = listener;
	doorway->door = door;
	doorway->room = room;
	doorway->log = *log;
	ev_io_init(&doorway->listener, on_listener, listener, EV_READ);
	doorway->listener.data = doorway;
	return doorway;
}

void
gp_doorway_start(struct gp_doorway *doorway)
{
	if (!doorway->started && !doorway->stopped)
		ev_io_start(doorway->loop, &doorway->listener);
	doorway->started = true;
}

void
gp_doorway_adjust(struct gp_doorway *doorway, const struct gp_log *log)
{
	doorway->log = *log;
}

void
gp_doorway_stop(struct gp_doorway *doorway)
{
	doorway->stopped = true;
	ev_io_stop(doorway->loop, &doorway->listener);
}

void
gp_doorway_close(struct gp_doorway *doorway)
{
	if (doorway == NULL)
		return;
	while (doorway->first != NULL)
		let_go(doorway->first);
	ev_io_stop(doorway->loop, &doorway->listener);
	free(doorway);
}
