/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the threads of the daemon send one another: the loop, which has all sockets and never waits
 * for anything else; the door, which knows who may come in; and the feed, which knows what changes.
 */
#ifndef GP_MESSAGES_H
#define GP_MESSAGES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox.h"
#include "outcome.h"

enum gp_letter_kind {
	GP_LETTER_VISIT,  /* to the door and back */
	GP_LETTER_CENSUS, /* the same */
	GP_LETTER_RELOAD, /* the same */
	GP_LETTER_NEWS,   /* from the feed */
	GP_LETTER_END,    /* to the door: there will be no more */
};

/* How WebSockets are closed (RFC 6455 section 7.4; 4001 is our own). */
enum {
	GP_CLOSE_GOING_AWAY = 1001,
	GP_CLOSE_TOO_BIG = 1009,
	GP_CLOSE_INTERNAL = 1011,
	GP_CLOSE_TRY_LATER = 1013,
	GP_CLOSE_UNAUTHORIZED = 4001,
};

/* What a connection is let in by, where that can be withdrawn; else it has none. */
enum gp_credential_kind { GP_CREDENTIAL_NONE, GP_CREDENTIAL_SESSION, GP_CREDENTIAL_USER };

/* Whom a handshake has brought, or why nobody. Texts are owned. */
struct gp_admission {
	int close_code;           /* 0: let in */
	const char *close_reason; /* static */
	char *user_id;
	enum gp_credential_kind credential_kind;
	char *credential;  /* a session token, or a user's id */
	int64_t expires_s; /* of a token, seconds since the epoch; 0: the database knows */
};

/* A request on its way through the door. */
struct gp_visit {
	struct gp_letter letter;
	void *guest;             /* of the loop alone */
	enum gp_outcome trouble; /* what is wrong with the request already */
	char *head;              /* owned: `head_length` bytes */
	size_t head_length;
	char peer[64]; /* address, as in REMOTE_ADDR; "" where there is none */
	/* The answer: either bytes to send, or an upgrade. */
	char *answer; /* owned; NULL without memory */
	size_t answer_length;
	bool upgrades;
	bool speaks_bearer; /* the client wants its subprotocol confirmed */
	char key[25];       /* Sec-WebSocket-Key */
	struct gp_admission admission;
};

/* One of those who still may stay. */
struct gp_survivor {
	bool is_session;
	char *credential; /* owned */
};

/* The question who of the callers who stay connected still may. */
struct gp_census {
	struct gp_letter letter;
	uint64_t round;
	char *sessions, *users;        /* owned: lists of texts in JSON */
	bool answered;                 /* else the database was not there to ask */
	struct gp_survivor *survivors; /* owned */
	size_t count;
};

/* Settings are to be read again. */
struct gp_reload {
	struct gp_letter letter;
	bool is_new; /* the answer: there are new ones in force */
};

/* Room in front of a message's text for whoever frames it. */
#define GP_NOTE_ROOM 16

/* One message, for as many connections as refer to it. */
struct gp_note {
	size_t references;
	size_t length;
	unsigned char bytes[]; /* GP_NOTE_ROOM and then the text */
};

/* A message for all connections of a user. */
struct gp_news {
	struct gp_letter letter;
	char *user_id;        /* owned; NULL: everybody's whose number is not above `newest` */
	uint64_t newest;      /* how many had been accepted when this was news */
	struct gp_note *note; /* owned */
};

/* What all threads count and see. */
struct gp_pulse {
	atomic_bool listening; /* the feed hears of changes */
	atomic_bool relays;    /* it is the one that moves them */
	atomic_uint_least64_t connections;
	atomic_uint_least64_t accepted;
	atomic_uint_least64_t events; /* messages about changes that were handed to a connection */
	atomic_uint_least64_t resyncs;
	atomic_uint_least64_t unread; /* bytes of news that the loop has not taken yet */
	atomic_uint_least64_t slow;   /* connections that were closed for not reading */
	atomic_uint_least64_t gone;   /* connections that gave no sign of life */
};

/* A note with a copy of the text, with one reference; NULL without memory. */
GP_MUST_USE struct gp_note *gp_note_new(const char *text, size_t length);

/* Let go of one reference. NULL is fine. */
void gp_note_release(struct gp_note *note);

/* Release a letter that has arrived, with all that it owns. NULL is fine. */
void gp_visit_free(struct gp_visit *visit);
void gp_census_free(struct gp_census *census);
void gp_news_free(struct gp_news *news);

#endif
