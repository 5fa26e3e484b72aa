/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected, by user and by what lets them stay. */
#include "room.h"

#include <json-c/linkhash.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "clock.h"
#include "event_text.h"
#include "json_write.h"
#include "socket.h"
#include "tidy_table.h"

enum {
	CENSUS_MS = 2000, /* between two looks who may stay */
	DOUBT_MS = 15000, /* how long somebody stays whom the database cannot confirm */
	TABLE_SIZE = 64,  /* of hash tables, at first */
};

/* A place in a ring of members; a ring has one of its own, which is no member's. */
struct place {
	struct place *next, *previous;
	struct member *member;
};

/* One user, while connected. */
struct person {
	char *id;
	struct place members;
	size_t count;
};

/* What members were let in by that can be withdrawn; a session may have many. */
struct credential {
	char *key; /* 's' or 'u', and the text: a session token or a user's id */
	struct place members;
	uint64_t first_round; /* of the census that asks for it */
	uint64_t seen_round;  /* that it survived */
	int64_t confirmed_ms;
};

/* One connection that was let in. */
struct member {
	struct gp_socket *socket;
	struct place in_room, of_person, of_credential;
	struct person *person;
	struct credential *credential; /* NULL: cannot be withdrawn */
	int64_t expires_s; /* of its token; 0: a session ends when the database says so */
	uint64_t number;   /* of those who were accepted, from 1 */
};

struct gp_room {
	struct gp_sockets *sockets;
	struct gp_audience *audience;
	struct gp_door *door;
	struct gp_pulse *pulse;
	struct gp_arena *arena;
	struct lh_table *persons;     /* by id */
	struct lh_table *credentials; /* by key */
	size_t removed_persons, removed_credentials;
	struct place members;
	size_t count; /* of members */
	size_t most, most_of_user;
	int64_t ping_ms, timeout_ms;
	uint64_t round; /* of the census */
	bool asks;      /* a census is under way */
	int64_t asked_ms;
};

/* --- rings --- */

static void
open_ring(struct place *ring)
{
	ring->next = ring->previous = ring;
}

static bool
is_empty(const struct place *ring)
{
	return ring->next == ring;
}

static void
enter(struct place *ring, struct place *place, struct member *member)
{
	place->member = member;
	place->previous = ring->previous;
	place->next = ring;
	ring->previous->next = place;
	ring->previous = place;
}

static void
quit(struct place *place)
{
	place->previous->next = place->next;
	place->next->previous = place->previous;
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
	open_ring(&person->members);
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
		open_ring(&credential->members);
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

/* --- coming and going --- */

/* Take a member out of all that it is in, and forget it. */
static void
forget(struct gp_room *room, struct member *member)
{
	struct person *person = member->person;
	struct credential *credential = member->credential;

	if (person != NULL) {
		quit(&member->in_room);
		quit(&member->of_person);
		room->count--;
		if (--person->count == 0)
			remove_person(room, person);
	}
	if (credential != NULL) {
		quit(&member->of_credential);
		if (is_empty(&credential->members))
			remove_credential(room, credential);
	}
	atomic_store(&room->pulse->connections, room->count);
	free(member);
}

static void
on_gone(void *context, void *owner)
{
	forget(context, owner);
}

/* Put a member among those of its user and its credential; false without memory or room. */
static bool
join(struct gp_room *room, struct member *member, struct gp_admission *admission)
{
	struct person *person;

	if (room->count >= room->most)
		return false;
	person = find_person(room, admission->user_id);
	admission->user_id = NULL; /* taken */
	if (person == NULL)
		return false;
	member->person = person;
	enter(&person->members, &member->of_person, member);
	enter(&room->members, &member->in_room, member);
	person->count++;
	room->count++;
	if (person->count > room->most_of_user)
		return false;
	member->expires_s = admission->expires_s;
	if (admission->credential_kind == GP_CREDENTIAL_NONE)
		return true;
	member->credential = find_credential(room, admission);
	if (member->credential == NULL)
		return false;
	enter(&member->credential->members, &member->of_credential, member);
	return true;
}

/* Queue the message that a connection begins with. */
static bool
say_ready(struct gp_room *room, struct member *member)
{
	struct gp_note *note = NULL;
	struct gp_buffer text;
	bool said;

	gp_buffer_init(&text, room->arena);
	gp_event_write_ready(&text, member->person->id);
	if (gp_buffer_complete(&text))
		note = gp_note_new(text.bytes, text.length);
	gp_arena_reset(room->arena);
	said = note != NULL && gp_socket_send(member->socket, note) > 0;
	gp_note_release(note);
	return said;
}

/* A handshake is answered: say why it ends, or that it is ready. */
static void *
on_arrived(void *context, struct gp_socket *socket, struct gp_visit *visit)
{
	struct gp_room *room = context;
	struct gp_admission *admission = &visit->admission;
	struct member *member;

	if (admission->close_code != 0) {
		gp_socket_close(socket, admission->close_code, admission->close_reason);
		return NULL;
	}
	member = calloc(1, sizeof(*member));
	if (member != NULL) {
		member->socket = socket;
		if (join(room, member, admission) && say_ready(room, member)) {
			member->number = atomic_fetch_add(&room->pulse->accepted, 1) + 1;
			atomic_store(&room->pulse->connections, room->count);
			return member;
		}
		forget(room, member);
	}
	gp_socket_close(socket, GP_CLOSE_TRY_LATER, "Try again later");
	return NULL;
}

void
gp_room_admit(struct gp_room *room, int descriptor, struct gp_visit *visit, const char *rest,
    size_t rest_length)
{
	gp_sockets_admit(room->sockets, descriptor, visit, rest, rest_length);
}

/* --- telling --- */

bool
gp_room_is_crowded(struct gp_room *room)
{
	return gp_sockets_are_crowded(room->sockets);
}

/* To all who had come when it was news. */
static size_t
tell_everybody(struct gp_room *room, const struct gp_news *news)
{
	size_t bytes = 0;

	for (struct place *at = room->members.next, *next; at != &room->members; at = next) {
		next = at->next;
		if (at->member->number <= news->newest)
			bytes += gp_socket_send(at->member->socket, news->note);
	}
	return bytes;
}

size_t
gp_room_tell(struct gp_room *room, const struct gp_news *news)
{
	struct person *person = NULL;
	size_t bytes = 0, left;

	if (news->user_id == NULL)
		return tell_everybody(room, news);
	if (!lh_table_lookup_ex(room->persons, news->user_id, (void **)&person))
		return 0;
	/* Who is closed for not reading leaves, and the last one takes the person along. */
	left = person->count;
	for (struct place *at = person->members.next, *next; left > 0; at = next, left--) {
		next = at->next;
		bytes += gp_socket_send(at->member->socket, news->note);
		atomic_fetch_add(&room->pulse->events, 1);
	}
	return bytes;
}

/* --- who may stay --- */

/* End all connections of a credential, the last of which takes it along. */
static void
withdraw(struct credential *credential, int code, const char *reason)
{
	bool is_last;

	do {
		struct place *first = credential->members.next;

		is_last = first->next == &credential->members;
		gp_socket_close(first->member->socket, code, reason);
	} while (!is_last);
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
			withdraw(credential, GP_CLOSE_UNAUTHORIZED, "Unauthorized");
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
			withdraw(credential, GP_CLOSE_TRY_LATER, "Try again later");
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
end_expired(struct gp_room *room)
{
	const int64_t now_s = gp_clock_now_ms() / 1000;

	for (struct place *at = room->members.next, *next; at != &room->members; at = next) {
		const struct member *member = at->member;

		next = at->next;
		if (member->expires_s != 0 && member->expires_s <= now_s)
			gp_socket_close(member->socket, GP_CLOSE_UNAUTHORIZED, "Token expired");
	}
}

void
gp_room_tick(struct gp_room *room)
{
	const int64_t now_ms = gp_clock_elapsed_ms();

	end_expired(room);
	end_doubtful(room, now_ms);
	gp_sockets_tick(room->sockets, room->ping_ms, room->timeout_ms);
	gp_table_tidy(room->persons, &room->removed_persons);
	gp_table_tidy(room->credentials, &room->removed_credentials);
	ask_who_may_stay(room, now_ms);
}

void
gp_room_dismiss(struct gp_room *room)
{
	gp_sockets_dismiss(room->sockets, GP_CLOSE_GOING_AWAY, "Going away");
}

bool
gp_room_is_empty(const struct gp_room *room)
{
	return gp_sockets_count(room->sockets) == 0;
}

/* --- its life --- */

void
gp_room_adjust(struct gp_room *room, const struct gp_settings *settings)
{
	room->most_of_user = (size_t)settings->notify_user_connections;
	room->ping_ms = settings->notify_ping_s * 1000;
	room->timeout_ms = settings->notify_timeout_s * 1000;
}

struct gp_room *
gp_room_open(struct ev_loop *loop, const struct gp_settings *settings, struct gp_audience *audience,
    struct gp_door *door, struct gp_pulse *pulse)
{
	static const struct gp_socket_events events = { .arrived = on_arrived, .gone = on_gone };
	struct gp_room *room = calloc(1, sizeof(*room));

	if (room == NULL)
		return NULL;
	room->audience = audience;
	room->door = door;
	room->pulse = pulse;
	room->arena = gp_arena_new();
	room->persons = lh_kchar_table_new(TABLE_SIZE, NULL);
	room->credentials = lh_kchar_table_new(TABLE_SIZE, NULL);
	room->most = (size_t)settings->notify_connections;
	open_ring(&room->members);
	gp_room_adjust(room, settings);
	room->sockets = gp_sockets_open(loop, &events, room, pulse);
	if (room->arena != NULL && room->persons != NULL && room->credentials != NULL &&
	    room->sockets != NULL)
		return room;
	gp_room_close(room);
	return NULL;
}

void
gp_room_close(struct gp_room *room)
{
	if (room == NULL)
		return;
	while (room->members.next != NULL && !is_empty(&room->members))
		gp_socket_close(
		    room->members.next->member->socket, GP_CLOSE_GOING_AWAY, "Going away");
	gp_sockets_close(room->sockets);
	if (room->persons != NULL)
		lh_table_free(room->persons);
	if (room->credentials != NULL)
		lh_table_free(room->credentials);
	gp_arena_free(room->arena);
	free(room);
}
