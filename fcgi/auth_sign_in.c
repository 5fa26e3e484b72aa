/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in by e-mail address and password, and signing out. */
#include <string.h>

#include "auth_begin.h"
#include "auth_endpoints.h"
#include "auth_mail.h"
#include "auth_password.h"
#include "auth_redirect.h"
#include "auth_session.h"
#include "auth_tokens.h"
#include "email_address.h"
#include "json_write.h"
#include "service.h"

/* Columns of user_by_email behind the user's. */
enum { COLUMN_PASSWORD = 7, COLUMN_BANNED };

/* Both ways of guessing a password here are one. */
enum { SIGN_IN_COUNT = 1 };

static const struct gp_auth_member members[] = {
	{ "email", GP_AUTH_TEXT, .required = true },
	{ "password", GP_AUTH_TEXT, .required = true, .secret = true },
	{ "callbackURL", GP_AUTH_TEXT, .required = false },
	{ "rememberMe", GP_AUTH_FLAG, .required = false },
};

/* One account has a limit of its own, so that many addresses cannot share the guessing. */
static enum gp_outcome
require_patience(struct gp_auth_call *call, const char *email)
{
	struct gp_exchange *exchange = call->exchange;
	struct gp_rate_limit *limiter = call->auth->limits[GP_AUTH_LIMIT_PASSWORD];

	if (limiter == NULL || gp_rate_limit_take(limiter, GP_RATE_ACCOUNT, email, strlen(email),
				   exchange->now_ms, &exchange->limit))
		return GP_OK;
	return gp_auth_refuse_rate(call);
}

/* The user of an address and their password's hash; NULL for both where there is none. */
static enum gp_outcome
find_user(struct gp_auth_call *call, const char *email, const char **stored)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	*stored = NULL;
	outcome = gp_auth_run(call, GP_QUERY_USER_BY_EMAIL, (const char *const[]){ email }, &rows);
	if (outcome != GP_OK || gp_rows_count(rows) != 1)
		return outcome;
	outcome = gp_auth_read_user(call->arena, rows, 0, 0, &call->user);
	if (outcome == GP_OK)
		outcome = gp_auth_read_text(call->arena, rows, 0, COLUMN_PASSWORD, stored);
	if (outcome == GP_OK && gp_rows_bool(rows, 0, COLUMN_BANNED))
		*stored = NULL;
	call->exchange->caller.user_id = call->user.id; /* for the log */
	return outcome == GP_OK && !gp_rows_sound(rows) ? GP_ERR_INTERNAL : outcome;
}

/* The session, while the password is still the one that was verified. */
static enum gp_outcome
begin(struct gp_auth_call *call, const char *stored)
{
	const struct gp_auth_value *remember = gp_auth_value(call, "rememberMe");
	struct gp_auth_beginning beginning;
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = gp_auth_begin(
	    call, remember->text == NULL || strcmp(remember->text, "false") != 0, &beginning);
	if (outcome != GP_OK)
		return outcome;
	outcome = gp_auth_run(call, GP_QUERY_SESSION_BEGIN,
	    (const char *const[]){ beginning.id, beginning.token, call->user.id, beginning.life_s,
		beginning.address, beginning.user_agent, stored },
	    &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) != 1)
		return GP_DENY_PASSWORD;
	outcome = gp_auth_read_session(call->arena, rows, 0, 0, &call->session);
	if (outcome != GP_OK)
		return outcome;
	call->signed_in = true;
	gp_auth_log(call, "signed_in", call->user.id);
	return gp_auth_set_cookies(call, beginning.remembered);
}

/* The same work for whoever is asked for: one look, one hash, and only then a difference. */
static enum gp_outcome
sign_in(struct gp_auth_call *call)
{
	const struct gp_auth_value *email = gp_auth_value(call, "email");
	const struct gp_auth_value *password = gp_auth_value(call, "password");
	const char *stored;
	enum gp_outcome outcome;
	bool matches;

	if (!gp_email_address_is_valid(email->text, email->length))
		return GP_BAD_EMAIL;
	gp_email_address_lower((char *)email->text);
	outcome = require_patience(call, email->text);
	if (outcome == GP_OK)
		outcome = find_user(call, email->text, &stored);
	if (outcome == GP_OK)
		outcome = gp_auth_verify(call, password, stored, &matches);
	if (outcome != GP_OK)
		return outcome;
	if (!matches)
		return GP_DENY_PASSWORD;
	if (call->settings->verified_email_only && !call->user.email_verified)
		return GP_DENY_EMAIL_UNVERIFIED;
	return begin(call, stored);
}

static enum gp_outcome
sign_in_for_session(struct gp_auth_call *call)
{
	const struct gp_auth_value *callback = gp_auth_value(call, "callbackURL");
	struct gp_response *response = &call->exchange->response;
	struct gp_buffer *body = &response->body;
	enum gp_outcome outcome = sign_in(call);

	if (outcome == GP_OK && callback->truthy)
		outcome = gp_auth_add_location(call, callback->text);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(body, callback->truthy ? "{\"redirect\":true" : "{\"redirect\":false");
	gp_buffer_add_text(body, ",\"token\":");
	gp_json_write_text(body, call->session.token);
	if (callback->given) {
		gp_buffer_add_text(body, ",\"url\":");
		gp_json_write_text(body, callback->text);
	}
	gp_buffer_add_text(body, ",\"user\":");
	gp_auth_write_user(body, &call->user);
	gp_buffer_add_byte(body, '}');
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_sign_in = {
	GP_AUTH_ENDPOINT("Sign in with e-mail address and password", sign_in_for_session),
	GP_AUTH_MEMBERS(members),
	.body = GP_AUTH_BODY_OBJECT,
	.begins_session = true,
	.limit = GP_AUTH_LIMIT_PASSWORD,
	.counted_with = SIGN_IN_COUNT,
};

/* What front ends ask that keep an access token instead of a session. */
static enum gp_outcome
sign_in_for_token(struct gp_auth_call *call)
{
	enum gp_outcome outcome = sign_in(call);

	return outcome == GP_OK ? gp_auth_answer_token(call) : outcome;
}

const struct gp_auth_endpoint gp_auth_sign_in_for_token = {
	GP_AUTH_ENDPOINT("Sign in, and get an access token", sign_in_for_token),
	GP_AUTH_MEMBERS(members),
	.body = GP_AUTH_BODY_OBJECT,
	.begins_session = true,
	.limit = GP_AUTH_LIMIT_PASSWORD,
	.counted_with = SIGN_IN_COUNT,
};

/* Nobody is refused: who is signed out already is, too. */
static enum gp_outcome
sign_out(struct gp_auth_call *call)
{
	const struct gp_rows *rows;
	const char *token, *user_id = NULL;
	enum gp_outcome outcome = gp_auth_session_token(call, &token);

	if (outcome == GP_OK && token != NULL) {
		outcome =
		    gp_auth_run(call, GP_QUERY_SESSION_END, (const char *const[]){ token }, &rows);
		if (outcome == GP_OK && gp_rows_count(rows) > 0)
			outcome = gp_auth_read_text(call->arena, rows, 0, 0, &user_id);
	}
	if (outcome != GP_OK)
		return outcome;
	if (user_id != NULL)
		gp_auth_log(call, "signed_out", user_id);
	gp_buffer_add_text(&call->exchange->response.body, "{\"success\":true}");
	return gp_auth_clear_cookies(call);
}

const struct gp_auth_endpoint gp_auth_sign_out = {
	GP_AUTH_ENDPOINT("End the session", sign_out),
	.body = GP_AUTH_BODY_OPTIONAL,
};
