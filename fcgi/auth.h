/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the endpoints of gatepost-auth.fcgi share: an endpoint as data, one request to it, and the
 * values, users and sessions that it deals with.
 */
#ifndef GP_AUTH_H
#define GP_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth_program.h"
#include "exchange.h"
#include "route.h"
#include "session_cache.h"

/* --- what a body may hold --- */

enum gp_auth_type {
	GP_AUTH_TEXT,
	GP_AUTH_TEXT_FILLED, /* a text that is not empty */
	GP_AUTH_EMAIL,       /* a text that is an e-mail address */
	GP_AUTH_FLAG,
	GP_AUTH_ANY, /* whatever it is, only whether JavaScript takes it for true is kept */
};

struct gp_auth_member {
	const char *name;
	enum gp_auth_type type;
	bool required;
	bool nullable;
	bool secret; /* wiped when the request is over */
};

struct gp_auth_value {
	bool given;
	bool truthy;      /* of any type, as JavaScript has it */
	const char *text; /* NUL-terminated UTF-8; NULL for null and when not given */
	size_t length;
};

/* What a body as a whole has to be. */
enum gp_auth_body {
	GP_AUTH_BODY_IGNORED,
	GP_AUTH_BODY_OPTIONAL, /* an object, or none */
	GP_AUTH_BODY_OBJECT,
	GP_AUTH_BODY_OBJECT_RECORD, /* the same; refused in the words of two schemas */
	GP_AUTH_BODY_RECORD,        /* the same in other words */
};

#define GP_AUTH_MEMBERS_MAX 6

/* Longest name and image, in bytes; a user's object goes into cookies and tokens. */
#define GP_AUTH_NAME_MAX 1024
#define GP_AUTH_IMAGE_MAX 2048

/* --- endpoints --- */

/* A session is always asked of the database: one that was ended elsewhere does nothing more. */
enum gp_auth_need {
	GP_AUTH_NEEDS_NOTHING,
	GP_AUTH_NEEDS_SESSION,
	GP_AUTH_NEEDS_FRESH_SESSION, /* begun not long ago */
};

struct gp_auth_call;

typedef enum gp_outcome gp_auth_handler(struct gp_auth_call *call);

/*
 * One endpoint. Its handler is reached only after limits, body, origin, values and session have
 * been judged, in this order.
 */
struct gp_auth_endpoint {
	struct gp_operation operation; /* first; its handler is gp_auth_enter() */
	gp_auth_handler *handle;
	const struct gp_auth_member *members;
	size_t member_count;
	enum gp_auth_body body;
	bool begins_session; /* takes forms too, and is guarded against requests of other sites */
	enum gp_auth_limit limit;
	unsigned counted_with; /* endpoints with this number count together; 0: on its own */
	enum gp_auth_need need;
};

#define GP_AUTH_ENDPOINT(text, function) \
	.operation = { .handler = gp_auth_enter, .summary = (text) }, .handle = (function)
#define GP_AUTH_MEMBERS(array) .members = (array), .member_count = GP_COUNT(array)

/* The handler of every operation of the program. */
gp_handler gp_auth_enter;

/* --- one request --- */

struct gp_auth_call {
	struct gp_exchange *exchange;
	struct gp_arena *arena;
	struct gp_auth *auth;
	const struct gp_settings *settings;
	const struct gp_auth_endpoint *endpoint;
	struct gp_auth_value values[GP_AUTH_MEMBERS_MAX]; /* in the order of the members */
	int64_t now_us;                                   /* microseconds since the epoch (UTC) */
	/* Who is signed in, once the endpoint's need is met. */
	bool signed_in;
	struct gp_user user;
	struct gp_session session;
	bool cached;            /* a cookie says so, not the database */
	bool dont_remember;     /* a valid cookie says so */
	bool key_known;         /* the two below have been looked up */
	const char *key_id;     /* of the newest pair that signs tokens; NULL for none */
	const char *key_sealed; /* its private half as the table has it */
};

/*
 * Run one statement; the rows are borrowed until the next one runs. Returns as gp_database_run()
 * does.
 */
GP_MUST_USE enum gp_outcome gp_auth_run(struct gp_auth_call *call, enum gp_query query,
    const char *const *parameters, const struct gp_rows **rows);

/* The value of a member by its name in the endpoint's table; one that is not given for others. */
const struct gp_auth_value *gp_auth_value(const struct gp_auth_call *call, const char *name);

/*
 * Refuse a value in the words of Better Auth's schemas: "[body.name] Invalid input: ...".
 *
 *   where   "body.name", "query.token"
 *
 * Returns GP_BAD_VALUES or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_auth_refuse_value(
    struct gp_auth_call *call, const char *where, const char *what);

/* Refuse a request that is one too many; exchange->limit says until when. */
GP_MUST_USE enum gp_outcome gp_auth_refuse_rate(struct gp_auth_call *call);

/*
 * A parameter of the query, decoded; NULL when it is not there. Returns GP_OK, GP_BAD_VALUES for
 * one that is no text, or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_auth_query(
    struct gp_auth_call *call, const char *name, const char **value);

/* Append the objects of answers, cookies and tokens. */
void gp_auth_write_user_members(struct gp_buffer *text, const struct gp_user *user); /* no braces */
void gp_auth_write_user(struct gp_buffer *text, const struct gp_user *user);
void gp_auth_write_session(struct gp_buffer *text, const struct gp_session *session);

/* Read one text, NULL for null, into the arena. Returns GP_OK or GP_ERR_MEMORY. */
GP_MUST_USE enum gp_outcome gp_auth_read_text(
    struct gp_arena *arena, const struct gp_rows *rows, int row, int column, const char **text);

/* Read seven columns of a user, or eight of a session, from `column` on; texts are copied. */
GP_MUST_USE enum gp_outcome gp_auth_read_user(
    struct gp_arena *arena, const struct gp_rows *rows, int row, int column, struct gp_user *user);
GP_MUST_USE enum gp_outcome gp_auth_read_session(struct gp_arena *arena, const struct gp_rows *rows,
    int row, int column, struct gp_session *session);

/* One line for the log about what has happened to a user. */
void gp_auth_log(const struct gp_auth_call *call, const char *event, const char *user_id);

#endif
