/* SPDX-License-Identifier: Apache-2.0 */
/* A new password for who forgot the old one, by a link in a mail that works once. */
#include <stdio.h>

#include "auth_endpoints.h"
#include "auth_mail.h"
#include "auth_origin.h"
#include "auth_password.h"
#include "auth_redirect.h"
#include "email_address.h"
#include "random_text.h"

/* --- asking for the mail --- */

static const struct gp_auth_member request_members[] = {
	{ "email", GP_AUTH_EMAIL, .required = true },
	{ "redirectTo", GP_AUTH_TEXT, .required = false },
};

static enum gp_outcome
write_letter(struct gp_auth_call *call, const struct gp_rows *rows, const char *token)
{
	const char *name, *email;
	enum gp_outcome outcome = gp_auth_read_text(call->arena, rows, 0, 0, &name);

	if (outcome == GP_OK)
		outcome = gp_auth_read_text(call->arena, rows, 0, 1, &email);
	if (outcome == GP_OK && (name == NULL || email == NULL))
		outcome = GP_ERR_INTERNAL;
	return outcome == GP_OK ? gp_auth_mail_reset(call, name, email, token,
				      gp_auth_value(call, "redirectTo")->text)
				: outcome;
}

/* The same answer, by the same statement, whether there is such a user or not. */
static enum gp_outcome
request_reset(struct gp_auth_call *call)
{
	const struct gp_auth_value *email = gp_auth_value(call, "email");
	char id[GP_ID_LENGTH + 1], token[GP_RESET_TOKEN_LENGTH + 1], life[24];
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	if (call->auth->mail == NULL)
		return GP_BAD_RESET_OFF;
	gp_email_address_lower((char *)email->text);
	snprintf(life, sizeof(life), "%d", GP_AUTH_LINK_LIFE_S);
	outcome = gp_random_text(id, GP_ID_LENGTH);
	if (outcome == GP_OK)
		outcome = gp_random_text(token, GP_RESET_TOKEN_LENGTH);
	if (outcome == GP_OK)
		outcome = gp_auth_run(call, GP_QUERY_RESET_REQUEST,
		    (const char *const[]){ email->text, id, token, life }, &rows);
	if (outcome == GP_OK && gp_rows_count(rows) > 0)
		outcome = write_letter(call, rows, token);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(&call->exchange->response.body,
	    "{\"status\":true,\"message\":\"If this email exists in our system, check your email "
	    "for the reset link\"}");
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_request_reset = {
	GP_AUTH_ENDPOINT("Mail a link to set a new password", request_reset),
	GP_AUTH_MEMBERS(request_members),
	.body = GP_AUTH_BODY_OBJECT,
	.limit = GP_AUTH_LIMIT_MAIL,
};

/* --- following the link --- */

/* Whether a token is alive, and its user still there. */
static enum gp_outcome
look_up(struct gp_auth_call *call, const char *token, bool *alive, bool *has_user)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome =
	    gp_auth_run(call, GP_QUERY_RESET_FIND, (const char *const[]){ token }, &rows);

	*alive = outcome == GP_OK && gp_rows_count(rows) == 1;
	*has_user = *alive && gp_rows_bool(rows, 0, 1);
	return outcome;
}

static enum gp_outcome
follow_link(struct gp_auth_call *call)
{
	const struct gp_path_value *given = gp_match_value(&call->exchange->match, "token");
	const char *callback = NULL, *token;
	bool alive, has_user;
	enum gp_outcome outcome = gp_auth_query(call, "callbackURL", &callback);

	if (outcome != GP_OK)
		return outcome;
	if (callback == NULL)
		return gp_auth_refuse_value(call, "query.callbackURL",
		    "Invalid input: expected string, received undefined");
	outcome = gp_auth_require_target(call, callback);
	if (outcome != GP_OK)
		return outcome;
	token = given != NULL ? gp_arena_copy(call->arena, given->text, given->length) : NULL;
	if (token == NULL)
		return GP_ERR_MEMORY;
	outcome = look_up(call, token, &alive, &has_user);
	if (outcome != GP_OK)
		return outcome;
	/* Without a way back there is Better Auth's page of errors. */
	if (callback[0] == '\0') {
		callback = "/api/auth/error";
		alive = false;
	}
	return gp_auth_redirect(call, call->settings->base_origin, callback,
	    alive ? "token" : "error", alive ? token : "INVALID_TOKEN");
}

const struct gp_auth_endpoint gp_auth_reset_link = {
	GP_AUTH_ENDPOINT("Where the link in the mail leads", follow_link),
};

/* --- setting the password --- */

static const struct gp_auth_member reset_members[] = {
	{ "newPassword", GP_AUTH_TEXT, .required = true, .secret = true },
	{ "token", GP_AUTH_TEXT, .required = false, .secret = true },
};

static enum gp_outcome
spend(struct gp_auth_call *call, const char *token, const char *stored)
{
	char id[GP_ID_LENGTH + 1];
	const char *revokes = call->settings->reset_revokes_sessions ? "true" : "false";
	const char *user_id;
	const struct gp_rows *rows;
	enum gp_outcome outcome = gp_random_text(id, GP_ID_LENGTH);

	if (outcome == GP_OK)
		outcome = gp_auth_run(call, GP_QUERY_PASSWORD_RESET,
		    (const char *const[]){ token, id, stored, revokes }, &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) == 0)
		return GP_BAD_RESET_TOKEN; /* another was first */
	outcome = gp_auth_read_text(call->arena, rows, 0, 0, &user_id);
	if (outcome == GP_OK)
		gp_auth_log(call, "password_reset", user_id);
	return outcome;
}

static enum gp_outcome
reset_password(struct gp_auth_call *call)
{
	const struct gp_auth_value *password = gp_auth_value(call, "newPassword");
	const char *token = gp_auth_value(call, "token")->text;
	char stored[GP_PASSWORD_HASH_SIZE];
	bool alive, has_user;
	enum gp_outcome outcome = GP_OK;

	if (token == NULL || token[0] == '\0')
		outcome = gp_auth_query(call, "token", &token);
	if (outcome == GP_OK && (token == NULL || token[0] == '\0'))
		outcome = GP_BAD_RESET_TOKEN;
	if (outcome == GP_OK)
		outcome = gp_auth_judge_password(call, password);
	if (outcome == GP_OK)
		outcome = look_up(call, token, &alive, &has_user);
	if (outcome != GP_OK)
		return outcome;
	if (!alive)
		return GP_BAD_RESET_TOKEN;
	if (!has_user)
		return GP_BAD_RESET_USER;
	outcome = gp_auth_hash(call, password, stored);
	if (outcome == GP_OK)
		outcome = spend(call, token, stored);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(&call->exchange->response.body, "{\"status\":true}");
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_reset_password = {
	GP_AUTH_ENDPOINT("Set a new password with what was mailed", reset_password),
	GP_AUTH_MEMBERS(reset_members),
	.body = GP_AUTH_BODY_OBJECT,
};
