/* SPDX-License-Identifier: Apache-2.0 */
/* What users do to their own accounts. */
#include <string.h>

#include "auth_begin.h"
#include "auth_endpoints.h"
#include "auth_password.h"
#include "auth_session.h"
#include "json_write.h"

/* The password that the user signs in with; NULL for none. */
static enum gp_outcome
find_password(struct gp_auth_call *call, const char **stored)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	*stored = NULL;
	outcome = gp_auth_run(
	    call, GP_QUERY_USER_PASSWORD, (const char *const[]){ call->user.id }, &rows);
	if (outcome != GP_OK || gp_rows_count(rows) == 0)
		return outcome;
	return gp_auth_read_text(call->arena, rows, 0, 0, stored);
}

/* Whether the user knows their password. */
static enum gp_outcome
require_password(
    struct gp_auth_call *call, const struct gp_auth_value *password, const char **stored)
{
	bool matches;
	enum gp_outcome outcome = find_password(call, stored);

	if (outcome != GP_OK)
		return outcome;
	if (*stored == NULL)
		return GP_BAD_NO_PASSWORD;
	outcome = gp_auth_verify(call, password, *stored, &matches);
	return outcome == GP_OK && !matches ? GP_BAD_PASSWORD : outcome;
}

/* --- password --- */

static const struct gp_auth_member password_members[] = {
	{ "newPassword", GP_AUTH_TEXT, .required = true, .secret = true },
	{ "currentPassword", GP_AUTH_TEXT, .required = true, .secret = true },
	{ "revokeOtherSessions", GP_AUTH_FLAG, .required = false },
};

/* The new password in the place of the one that was verified, and of nothing else. */
static enum gp_outcome
store_password(struct gp_auth_call *call, const char *old, const char *stored, bool revoke)
{
	struct gp_auth_beginning beginning;
	const struct gp_rows *rows;
	enum gp_outcome outcome = gp_auth_begin(call, true, &beginning);

	if (outcome == GP_OK)
		outcome = gp_auth_run(call, GP_QUERY_PASSWORD_CHANGE,
		    (const char *const[]){ call->user.id, old, stored, revoke ? beginning.id : NULL,
			beginning.token, beginning.life_s, beginning.address,
			beginning.user_agent },
		    &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) != 1)
		return GP_BAD_PASSWORD;
	if (!revoke)
		return GP_OK;
	outcome = gp_auth_read_session(call->arena, rows, 0, 1, &call->session);
	/* A refresh has set cookies already, of the session that is over. */
	gp_buffer_init(&call->exchange->response.fields, call->arena);
	/* A client that is not to be remembered stays so. */
	return outcome == GP_OK ? gp_auth_set_cookies(call, !call->dont_remember) : outcome;
}

static enum gp_outcome
change_password(struct gp_auth_call *call)
{
	const struct gp_auth_value *password = gp_auth_value(call, "newPassword");
	const struct gp_auth_value *revokes = gp_auth_value(call, "revokeOtherSessions");
	bool revoke = revokes->truthy && strcmp(revokes->text, "true") == 0;
	struct gp_buffer *body = &call->exchange->response.body;
	char stored[GP_PASSWORD_HASH_SIZE];
	const char *old;
	enum gp_outcome outcome = gp_auth_judge_password(call, password);

	if (outcome == GP_OK)
		outcome = require_password(call, gp_auth_value(call, "currentPassword"), &old);
	if (outcome == GP_OK)
		outcome = gp_auth_hash(call, password, stored);
	if (outcome == GP_OK)
		outcome = store_password(call, old, stored, revoke);
	if (outcome != GP_OK)
		return outcome;
	gp_auth_log(call, "password_changed", call->user.id);
	gp_buffer_add_text(body, "{\"token\":");
	gp_json_write_text(body, revoke ? call->session.token : NULL);
	gp_buffer_add_text(body, ",\"user\":");
	gp_auth_write_user(body, &call->user);
	gp_buffer_add_byte(body, '}');
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_change_password = {
	GP_AUTH_ENDPOINT("Change the password", change_password),
	GP_AUTH_MEMBERS(password_members),
	.body = GP_AUTH_BODY_OBJECT,
	.limit = GP_AUTH_LIMIT_PASSWORD,
	.need = GP_AUTH_NEEDS_SESSION,
};

/* --- name and image --- */

static const struct gp_auth_member user_members[] = {
	{ "name", GP_AUTH_TEXT, .required = false },
	{ "image", GP_AUTH_TEXT, .required = false, .nullable = true },
	{ "email", GP_AUTH_ANY, .required = false },
};

static enum gp_outcome
update_user(struct gp_auth_call *call)
{
	const struct gp_auth_value *name = gp_auth_value(call, "name");
	const struct gp_auth_value *image = gp_auth_value(call, "image");
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	if (gp_auth_value(call, "email")->truthy)
		return GP_BAD_EMAIL_FIXED;
	if (!name->given && !image->given)
		return GP_BAD_NO_CHANGE;
	if (name->length > GP_AUTH_NAME_MAX)
		return gp_auth_refuse_value(
		    call, "body.name", "Too big: expected string to have <=1024 bytes");
	if (image->length > GP_AUTH_IMAGE_MAX)
		return gp_auth_refuse_value(
		    call, "body.image", "Too big: expected string to have <=2048 bytes");
	outcome = gp_auth_run(call, GP_QUERY_USER_UPDATE,
	    (const char *const[]){
		call->user.id, name->text, image->given ? "true" : "false", image->text },
	    &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) != 1) /* deleted meanwhile */
		return GP_DENY_SIGNED_OUT;
	outcome = gp_auth_read_user(call->arena, rows, 0, 0, &call->user);
	if (outcome != GP_OK)
		return outcome;
	/* A refresh has set the cookies already, with the user as they were. */
	gp_buffer_init(&call->exchange->response.fields, call->arena);
	gp_buffer_add_text(&call->exchange->response.body, "{\"status\":true}");
	return gp_auth_set_cookies(call, !call->dont_remember);
}

const struct gp_auth_endpoint gp_auth_update_user = {
	GP_AUTH_ENDPOINT("Change name or image", update_user),
	GP_AUTH_MEMBERS(user_members),
	.body = GP_AUTH_BODY_RECORD,
	.need = GP_AUTH_NEEDS_SESSION,
};

/* --- the end --- */

static const struct gp_auth_member delete_members[] = {
	{ "callbackURL", GP_AUTH_TEXT, .required = false },
	{ "password", GP_AUTH_TEXT, .required = false, .secret = true },
	{ "token", GP_AUTH_TEXT, .required = false, .secret = true },
};

static enum gp_outcome
delete_user(struct gp_auth_call *call)
{
	const struct gp_auth_value *password = gp_auth_value(call, "password");
	const char *stored = NULL;
	const struct gp_rows *rows;
	enum gp_outcome outcome = GP_OK;

	if (!call->settings->delete_user) { /* not there, in Better Auth's own way */
		call->exchange->response.status = 404;
		return GP_OK;
	}
	if (password->truthy)
		outcome = require_password(call, password, &stored);
	else if (!gp_auth_is_fresh(call))
		outcome = GP_BAD_SESSION_NOT_FRESH;
	if (outcome != GP_OK)
		return outcome;
	if (gp_auth_value(call, "token")->truthy) /* we mail none */
		return GP_BAD_DELETE_TOKEN;
	outcome = gp_auth_run(
	    call, GP_QUERY_USER_DELETE, (const char *const[]){ call->user.id, stored }, &rows);
	if (outcome != GP_OK)
		return outcome;
	if (stored != NULL && gp_rows_count(rows) == 0)
		return GP_BAD_PASSWORD;
	gp_auth_log(call, "user_deleted", call->user.id);
	gp_buffer_add_text(
	    &call->exchange->response.body, "{\"success\":true,\"message\":\"User deleted\"}");
	gp_buffer_init(&call->exchange->response.fields, call->arena);
	return gp_auth_clear_cookies(call);
}

const struct gp_auth_endpoint gp_auth_delete_user = {
	GP_AUTH_ENDPOINT("Delete the account", delete_user),
	GP_AUTH_MEMBERS(delete_members),
	.body = GP_AUTH_BODY_OBJECT,
	.limit = GP_AUTH_LIMIT_OTHER,
	.need = GP_AUTH_NEEDS_SESSION,
};
