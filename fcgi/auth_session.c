/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the session by token, cache or table, refreshes it, and writes the cookies. */
#include "auth_session.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cookie.h"
#include "service.h"
#include "session_token.h"
#include "utf8.h"

/* Longest User-Agent that is kept in a row, in bytes. */
enum { USER_AGENT_MAX = 1024 };

/* Columns of session_find. */
enum { FIND_USER = 0, FIND_SESSION = 7, FIND_NOW = 15, FIND_KEY_ID, FIND_KEY_SEALED };

/* --- which session --- */

/*
 * The token behind `Bearer`, where it is raw or well signed. Anything else is as if it had not
 * come: a JWT for another service must not sign anybody out.
 */
static enum gp_outcome
bearer_session(struct gp_auth_call *call, const char **token)
{
	static const char scheme[] = "bearer ";
	const char *field = call->exchange->request->authorization;
	enum gp_outcome outcome;
	size_t length;

	if (field == NULL || strncasecmp(field, scheme, sizeof(scheme) - 1) != 0)
		return GP_OK;
	field += sizeof(scheme) - 1;
	field += strspn(field, " \t");
	length = strlen(field);
	while (length > 0 && (field[length - 1] == ' ' || field[length - 1] == '\t'))
		length--;
	if (length == 0)
		return GP_OK;
	outcome = gp_session_token_open(call->arena, call->auth->ring, field, length, token);
	return outcome >= GP_ERR_SETTING ? outcome : GP_OK;
}

/* A signed cookie; NULL where it is absent or not well signed. */
static enum gp_outcome
signed_cookie(struct gp_auth_call *call, const char *name, const char **value)
{
	enum gp_outcome outcome = gp_signed_cookie_open(call->arena, call->auth->ring,
	    call->exchange->request->cookies, name, call->settings->secure_cookies, value);

	return outcome >= GP_ERR_SETTING ? outcome : GP_OK;
}

enum gp_outcome
gp_auth_session_token(struct gp_auth_call *call, const char **token)
{
	enum gp_outcome outcome;

	*token = NULL;
	outcome = bearer_session(call, token);
	if (outcome == GP_OK && *token == NULL)
		outcome = signed_cookie(call, GP_SESSION_TOKEN_COOKIE, token);
	return outcome;
}

static enum gp_outcome
read_dont_remember(struct gp_auth_call *call)
{
	const char *value = NULL;
	enum gp_outcome outcome = signed_cookie(call, GP_DONT_REMEMBER_COOKIE, &value);

	call->dont_remember = value != NULL && strcmp(value, GP_DONT_REMEMBER_VALUE) == 0;
	return outcome;
}

/* --- cookies --- */

static void
set_cookie(struct gp_auth_call *call, const char *name, const char *value, int64_t max_age_s)
{
	gp_cookie_set(
	    &call->exchange->response.fields, &(struct gp_cookie){
						  .name = name,
						  .value = value,
						  .value_length = strlen(value),
						  .max_age_s = max_age_s,
						  .secure = call->settings->secure_cookies,
					      });
}

/* Take back the cookie that caches the session, in all the pieces that came. */
static void
clear_cache(struct gp_auth_call *call)
{
	gp_cookie_set_spread(&call->exchange->response.fields, call->exchange->request->cookies,
	    &(struct gp_cookie){
		.name = GP_SESSION_CACHE_COOKIE,
		.value = "",
		.max_age_s = 0,
		.secure = call->settings->secure_cookies,
	    });
}

static enum gp_outcome
set_cache(struct gp_auth_call *call, bool remembered)
{
	struct gp_buffer session, user;
	struct gp_session_cache_order order = {
		.strategy = (enum gp_session_cache_strategy)call->settings->session_cache,
		.now_ms = call->exchange->now_ms,
		.max_age_s = call->settings->session_cache_age_s,
		.remembered = remembered,
	};
	enum gp_outcome outcome;
	const char *value;

	if (call->settings->session_cache == GP_CACHE_OFF)
		return GP_OK;
	gp_buffer_init(&session, call->arena);
	gp_buffer_init(&user, call->arena);
	gp_auth_write_session(&session, &call->session);
	gp_auth_write_user(&user, &call->user);
	if (!gp_buffer_complete(&session) || !gp_buffer_complete(&user))
		return GP_ERR_MEMORY;
	order.session = session.bytes;
	order.session_length = session.length;
	order.user = user.bytes;
	order.user_length = user.length;
	outcome = gp_session_cache_write(call->arena, call->auth->ring, &order, &value);
	if (outcome != GP_OK)
		return outcome;
	gp_cookie_set_spread(&call->exchange->response.fields, call->exchange->request->cookies,
	    &(struct gp_cookie){
		.name = GP_SESSION_CACHE_COOKIE,
		.value = value,
		.value_length = strlen(value),
		.max_age_s = gp_session_cache_max_age(&order),
		.secure = call->settings->secure_cookies,
	    });
	return GP_OK;
}

enum gp_outcome
gp_auth_set_cookies(struct gp_auth_call *call, bool remembered)
{
	struct gp_response *response = &call->exchange->response;
	const char *token, *reminder;
	enum gp_outcome outcome;

	outcome = gp_session_token_sign(call->arena, call->auth->ring, call->session.token, &token);
	if (outcome == GP_OK)
		outcome = gp_session_token_sign(
		    call->arena, call->auth->ring, GP_DONT_REMEMBER_VALUE, &reminder);
	if (outcome != GP_OK)
		return outcome;
	set_cookie(call, GP_SESSION_TOKEN_COOKIE, token,
	    remembered ? call->settings->session_life_s : GP_COOKIE_SESSION);
	if (!remembered)
		set_cookie(call, GP_DONT_REMEMBER_COOKIE, reminder, GP_COOKIE_SESSION);
	gp_response_add_field(response, "set-auth-token", token);
	response->exposed =
	    response->exposed != NULL ? "set-auth-token, set-auth-jwt" : "set-auth-token";
	return set_cache(call, remembered);
}

enum gp_outcome
gp_auth_clear_cookies(struct gp_auth_call *call)
{
	set_cookie(call, GP_SESSION_TOKEN_COOKIE, "", 0);
	clear_cache(call);
	set_cookie(call, GP_DONT_REMEMBER_COOKIE, "", 0);
	return GP_OK;
}

/* --- finding --- */

/*
 * The session as the cookie remembers it. GP_OK with call->signed_in when it does; a cookie that is
 * no good is taken back.
 */
static enum gp_outcome
find_in_cache(struct gp_auth_call *call, const char *token)
{
	const char *cookies = call->exchange->request->cookies, *value;
	struct gp_session_cache found;
	enum gp_outcome outcome;
	size_t length;

	outcome = gp_cookie_join(call->arena, cookies, GP_SESSION_CACHE_COOKIE,
	    call->settings->secure_cookies, &value, &length);
	if (outcome != GP_OK)
		return outcome >= GP_ERR_SETTING ? outcome : GP_OK;
	outcome = gp_session_cache_open(call->arena, call->exchange->service->reader,
	    call->auth->ring, (enum gp_session_cache_strategy)call->settings->session_cache, value,
	    length, token, call->exchange->now_ms, &found);
	if (outcome == GP_OK) {
		call->session = found.session;
		call->user = found.user;
		call->cached = true;
		call->signed_in = true;
	} else if (outcome < GP_ERR_SETTING) {
		clear_cache(call);
		outcome = GP_OK;
	}
	return outcome;
}

/* A cookie of a cache that is not enabled goes. */
static void
clear_stray_cache(struct gp_auth_call *call)
{
	const char *value;
	size_t length;

	if (call->settings->session_cache == GP_CACHE_OFF &&
	    gp_cookie_find(call->exchange->request->cookies, GP_SESSION_CACHE_COOKIE,
		call->settings->secure_cookies, &value, &length))
		clear_cache(call);
}

/* Who has a dead session gets rid of its cookies, and the table of its row. */
static enum gp_outcome
bury(struct gp_auth_call *call, const char *token, bool has_row)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome = GP_OK;

	gp_buffer_init(&call->exchange->response.fields, call->arena);
	if (has_row)
		outcome = gp_auth_run(
		    call, GP_QUERY_SESSION_EXPIRE, (const char *const[]){ token }, &rows);
	return outcome == GP_OK ? gp_auth_clear_cookies(call) : outcome;
}

/* Whether so much of the session's life is over that it is to begin anew. */
static bool
is_due(const struct gp_auth_call *call, const char *disabled)
{
	const struct gp_settings *settings = call->settings;
	int64_t due_us = call->session.expires_us +
			 (settings->session_update_age_s - settings->session_life_s) * 1000000;

	return !call->dont_remember && (disabled == NULL || disabled[0] == '\0') &&
	       due_us <= call->now_us;
}

static enum gp_outcome
refresh(struct gp_auth_call *call)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome;
	char life[24];

	snprintf(life, sizeof(life), "%lld", (long long)call->settings->session_life_s);
	outcome = gp_auth_run(call, GP_QUERY_SESSION_REFRESH,
	    (const char *const[]){ call->session.token, life }, &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) == 0) { /* it ended in between */
		call->signed_in = false;
		return bury(call, call->session.token, false);
	}
	call->session.expires_us = gp_rows_time_us(rows, 0, 0);
	call->session.updated_us = gp_rows_time_us(rows, 0, 1);
	if (!gp_rows_sound(rows))
		return GP_ERR_INTERNAL;
	return gp_auth_set_cookies(call, true);
}

static enum gp_outcome
read_found(struct gp_auth_call *call, const struct gp_rows *rows)
{
	enum gp_outcome outcome = gp_auth_read_user(call->arena, rows, 0, FIND_USER, &call->user);

	if (outcome == GP_OK)
		outcome = gp_auth_read_session(call->arena, rows, 0, FIND_SESSION, &call->session);
	if (outcome == GP_OK)
		outcome = gp_auth_read_text(call->arena, rows, 0, FIND_KEY_ID, &call->key_id);
	if (outcome == GP_OK)
		outcome =
		    gp_auth_read_text(call->arena, rows, 0, FIND_KEY_SEALED, &call->key_sealed);
	call->key_known = true;
	/* What is judged by the database's rows is judged by its clock. */
	call->now_us = gp_rows_time_us(rows, 0, FIND_NOW);
	return outcome == GP_OK && !gp_rows_sound(rows) ? GP_ERR_INTERNAL : outcome;
}

static enum gp_outcome
find_in_table(struct gp_auth_call *call, const char *token, const char *disable_refresh)
{
	const char *wants_key =
	    call->settings->token_algorithm == GP_TOKENS_EDDSA ? "true" : "false";
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = gp_auth_run(
	    call, GP_QUERY_SESSION_FIND, (const char *const[]){ token, wants_key }, &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) != 1)
		return bury(call, token, false);
	outcome = read_found(call, rows);
	if (outcome != GP_OK)
		return outcome;
	if (call->session.expires_us < call->now_us)
		return bury(call, token, true);
	call->signed_in = true;
	call->exchange->caller.user_id = call->user.id; /* for the log */
	if (is_due(call, disable_refresh))
		return refresh(call);
	return set_cache(call, !call->dont_remember);
}

enum gp_outcome
gp_auth_find_session(struct gp_auth_call *call, bool use_cache)
{
	const char *token = NULL, *disable_cache = NULL, *disable_refresh = NULL;
	enum gp_outcome outcome = gp_auth_session_token(call, &token);

	if (outcome == GP_OK)
		outcome = gp_auth_query(call, "disableCookieCache", &disable_cache);
	if (outcome == GP_OK)
		outcome = gp_auth_query(call, "disableRefresh", &disable_refresh);
	if (outcome == GP_OK)
		outcome = read_dont_remember(call);
	if (outcome != GP_OK)
		return outcome;
	clear_stray_cache(call);
	if (token == NULL)
		return GP_OK;
	if (use_cache && call->settings->session_cache != GP_CACHE_OFF &&
	    (disable_cache == NULL || disable_cache[0] == '\0')) {
		outcome = find_in_cache(call, token);
		if (outcome != GP_OK || call->signed_in)
			return outcome;
	}
	return find_in_table(call, token, disable_refresh);
}

bool
gp_auth_is_fresh(const struct gp_auth_call *call)
{
	int64_t age_s = call->settings->session_fresh_age_s;

	return age_s == 0 || call->now_us - call->session.created_us < age_s * 1000000;
}

enum gp_outcome
gp_auth_require_session(struct gp_auth_call *call, enum gp_auth_need need)
{
	enum gp_outcome outcome;

	if (need == GP_AUTH_NEEDS_NOTHING)
		return GP_OK;
	outcome = gp_auth_find_session(call, false);
	if (outcome != GP_OK)
		return outcome;
	if (!call->signed_in)
		return GP_DENY_SIGNED_OUT;
	if (need == GP_AUTH_NEEDS_FRESH_SESSION && !gp_auth_is_fresh(call))
		return GP_DENY_SESSION_NOT_FRESH;
	return GP_OK;
}

const char *
gp_auth_client_address(struct gp_auth_call *call)
{
	const struct gp_client *client = gp_exchange_client(call->exchange);

	return client->known ? client->text : "";
}

const char *
gp_auth_user_agent(struct gp_auth_call *call)
{
	const char *agent = call->exchange->request->user_agent;

	if (agent == NULL || strlen(agent) > USER_AGENT_MAX ||
	    !gp_utf8_is_valid(agent, strlen(agent)))
		return "";
	return agent;
}
