/* SPDX-License-Identifier: Apache-2.0 */
/* Who is signed in, where else, and ending that. */
#include "auth_endpoints.h"
#include "auth_session.h"
#include "auth_tokens.h"

/* Who is signed out is told so by null, never by a refusal. */
static enum gp_outcome
get_session(struct gp_auth_call *call)
{
	struct gp_response *response = &call->exchange->response;
	struct gp_buffer *body = &response->body;
	enum gp_outcome outcome = gp_auth_find_session(call, true);

	gp_response_add_field(response, "Pragma", "no-cache");
	if (outcome == GP_OK && call->signed_in)
		outcome = gp_auth_add_token_field(call);
	if (outcome != GP_OK)
		return outcome;
	if (!call->signed_in) {
		gp_buffer_add_text(body, "null");
		return GP_OK;
	}
	gp_buffer_add_text(body, "{\"session\":");
	gp_auth_write_session(body, &call->session);
	gp_buffer_add_text(body, ",\"user\":");
	gp_auth_write_user(body, &call->user);
	gp_buffer_add_byte(body, '}');
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_get_session = {
	GP_AUTH_ENDPOINT("The session and its user", get_session),
};

static enum gp_outcome
post_session(struct gp_auth_call *call)
{
	gp_response_add_field(&call->exchange->response, "Pragma", "no-cache");
	return GP_BAD_SESSION_METHOD;
}

const struct gp_auth_endpoint gp_auth_post_session = {
	GP_AUTH_ENDPOINT("Refused: sessions are refreshed by GET", post_session),
};

static enum gp_outcome
list_sessions(struct gp_auth_call *call)
{
	struct gp_buffer *body = &call->exchange->response.body;
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome =
	    gp_auth_run(call, GP_QUERY_SESSION_LIST, (const char *const[]){ call->user.id }, &rows);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_byte(body, '[');
	for (int row = 0; row < gp_rows_count(rows) && outcome == GP_OK; row++) {
		struct gp_session session;

		outcome = gp_auth_read_session(call->arena, rows, row, 0, &session);
		if (outcome == GP_OK) {
			gp_buffer_add_text(body, row > 0 ? "," : "");
			gp_auth_write_session(body, &session);
		}
	}
	gp_buffer_add_byte(body, ']');
	return outcome;
}

const struct gp_auth_endpoint gp_auth_list_sessions = {
	GP_AUTH_ENDPOINT("All live sessions of the user", list_sessions),
	.need = GP_AUTH_NEEDS_FRESH_SESSION,
};

/* End sessions of the user; those of others are never touched, and the answer does not tell. */
static enum gp_outcome
revoke(struct gp_auth_call *call, const char *only, const char *kept)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = gp_auth_run(call, GP_QUERY_SESSION_REVOKE,
	    (const char *const[]){ call->user.id, only, kept }, &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_int64(rows, 0, 0) > 0)
		gp_auth_log(call, "sessions_revoked", call->user.id);
	gp_buffer_add_text(&call->exchange->response.body, "{\"status\":true}");
	return GP_OK;
}

static enum gp_outcome
revoke_session(struct gp_auth_call *call)
{
	return revoke(call, gp_auth_value(call, "token")->text, NULL);
}

static const struct gp_auth_member token_members[] = {
	{ "token", GP_AUTH_TEXT, .required = true, .secret = true },
};

const struct gp_auth_endpoint gp_auth_revoke_session = {
	GP_AUTH_ENDPOINT("End one session of the user", revoke_session),
	GP_AUTH_MEMBERS(token_members),
	.body = GP_AUTH_BODY_OBJECT,
	.need = GP_AUTH_NEEDS_SESSION,
};

static enum gp_outcome
revoke_sessions(struct gp_auth_call *call)
{
	return revoke(call, NULL, NULL);
}

const struct gp_auth_endpoint gp_auth_revoke_sessions = {
	GP_AUTH_ENDPOINT("End all sessions of the user", revoke_sessions),
	.need = GP_AUTH_NEEDS_SESSION,
};

static enum gp_outcome
revoke_other_sessions(struct gp_auth_call *call)
{
	return revoke(call, NULL, call->session.token);
}

const struct gp_auth_endpoint gp_auth_revoke_other_sessions = {
	GP_AUTH_ENDPOINT("End all sessions of the user but this one", revoke_other_sessions),
	.need = GP_AUTH_NEEDS_SESSION,
};
