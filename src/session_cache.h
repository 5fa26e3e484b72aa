/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Better Auth's cookie cache: the cookie that holds a session and its user, signed with the shared
 * secret, so that for some minutes the database need not be asked. Read it only beside a session
 * token that is valid by itself. Until it expires it knows nothing of a session's end.
 */
#ifndef GP_SESSION_CACHE_H
#define GP_SESSION_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "json.h"
#include "key_ring.h"
#include "outcome.h"

/* Its name, without the __Secure- of a site over https. */
#define GP_SESSION_CACHE_COOKIE "better-auth.session_data"

/* The forms that we write and read. Better Auth's third, encrypted, is none of them. */
enum gp_session_cache_strategy {
	GP_CACHE_OFF,     /* none is written or read */
	GP_CACHE_COMPACT, /* base64url of JSON with a signature inside */
	GP_CACHE_JWT      /* a JWS, HS256 */
};

/* What is to be written. The texts are JSON objects as JSON.stringify() of JavaScript prints them,
 * without spaces: Better Auth prints what it has read again and compares signatures. */
struct gp_session_cache_order {
	enum gp_session_cache_strategy strategy;
	const char *session; /* `session_length` bytes */
	size_t session_length;
	const char *user; /* `user_length` bytes */
	size_t user_length;
	int64_t now_ms;    /* milliseconds since the epoch (UTC) */
	int64_t max_age_s; /* how long it may be believed */
	bool remembered;   /* else it lives for as long as Better Auth gives it then: compact for 60
			      seconds, jwt for 300 */
};

struct gp_session {
	const char *id;
	const char *token;
	const char *user_id;
	int64_t expires_us; /* microseconds since the epoch (UTC), whole milliseconds */
	int64_t created_us;
	int64_t updated_us;
	const char *ip_address; /* NULL for null or absent */
	const char *user_agent; /* NULL for null or absent */
};

struct gp_user {
	const char *id;
	const char *name;
	const char *email;
	bool email_verified;
	const char *image; /* NULL for null or absent */
	int64_t created_us;
	int64_t updated_us;
};

/* What was found. All texts live in the arena. */
struct gp_session_cache {
	const char
	    *session_text; /* the object as JSON, `session_length` bytes, fit for an answer */
	size_t session_length;
	const char *user_text; /* likewise; with members that we do not know, too */
	size_t user_length;
	struct gp_session session;
	struct gp_user user;
	int64_t expires_ms; /* until when the cache may be believed */
};

/* How long the browser is to keep what the order makes, in seconds, as gp_cookie's max_age_s. */
int64_t gp_session_cache_max_age(const struct gp_session_cache_order *order);

/*
 * Make the cookie's value.
 *
 *   value   on GP_OK NUL-terminated, in the arena; of characters that need no encoding. May be too
 *           long for one cookie, see gp_cookie_set_spread().
 *
 * Returns GP_OK, GP_ERR_MEMORY or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_session_cache_write(struct gp_arena *arena, struct gp_key_ring *ring,
    const struct gp_session_cache_order *order, const char **value);

/*
 * Open the cookie's value, as gp_cookie_join() gives it.
 *
 *   reader   for the JSON
 *   ring     only the current shared secret counts
 *   value    `length` bytes; not modified, not kept
 *   token    the raw session token that came along, from a credential that is valid
 *   now_ms   milliseconds since the epoch (UTC)
 *   found    filled only on GP_OK
 *
 * The signature is judged before any of the JSON is read. Then it must be of this very session, in
 * version "1", the cache and the session unexpired, and every member we know of its right type,
 * dates in the form of gp_time_read().
 *
 * Returns GP_OK; a GP_DENY_* naming the first rule that failed, which to the caller means: there is
 * no cache, clear it and ask the database; GP_ERR_MEMORY or GP_ERR_CRYPTO.
 *
 * Source: RFC 7515 section 5.2 for GP_CACHE_JWT.
 */
GP_MUST_USE enum gp_outcome gp_session_cache_open(struct gp_arena *arena,
    struct gp_json_reader *reader, struct gp_key_ring *ring,
    enum gp_session_cache_strategy strategy, const char *value, size_t length, const char *token,
    int64_t now_ms, struct gp_session_cache *found);

#endif
