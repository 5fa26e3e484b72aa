/* SPDX-License-Identifier: Apache-2.0 */
/* Proving an address, by a link in a mail. */
#include <json-c/json.h>
#include <string.h>

#include "auth_endpoints.h"
#include "auth_mail.h"
#include "auth_origin.h"
#include "auth_redirect.h"
#include "auth_session.h"
#include "email_address.h"
#include "jws.h"
#include "service.h"

/* --- asking for the mail --- */

static const struct gp_auth_member send_members[] = {
	{ "email", GP_AUTH_EMAIL, .required = true },
	{ "callbackURL", GP_AUTH_TEXT, .required = false },
};

/* Who is not signed in does not learn whether there is such a user. */
static enum gp_outcome
send_to_anybody(struct gp_auth_call *call, const char *email)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome =
	    gp_auth_run(call, GP_QUERY_USER_BY_EMAIL, (const char *const[]){ email }, &rows);

	if (outcome != GP_OK || gp_rows_count(rows) == 0)
		return outcome;
	outcome = gp_auth_read_user(call->arena, rows, 0, 0, &call->user);
	if (outcome != GP_OK || call->user.email_verified)
		return outcome;
	return gp_auth_mail_verification(
	    call, &call->user, gp_auth_value(call, "callbackURL")->text);
}

static enum gp_outcome
send_to_user(struct gp_auth_call *call, const char *email)
{
	if (strcmp(call->user.email, email) != 0)
		return GP_BAD_EMAIL_OTHER;
	if (call->user.email_verified)
		return GP_BAD_EMAIL_VERIFIED;
	return gp_auth_mail_verification(
	    call, &call->user, gp_auth_value(call, "callbackURL")->text);
}

static enum gp_outcome
send_verification(struct gp_auth_call *call)
{
	const struct gp_auth_value *email = gp_auth_value(call, "email");
	enum gp_outcome outcome;

	if (call->auth->mail == NULL)
		return GP_BAD_VERIFICATION_OFF;
	gp_email_address_lower((char *)email->text);
	outcome = gp_auth_find_session(call, false);
	if (outcome == GP_OK)
		outcome = call->signed_in ? send_to_user(call, email->text)
					  : send_to_anybody(call, email->text);
	if (outcome == GP_OK)
		gp_buffer_add_text(&call->exchange->response.body, "{\"status\":true}");
	return outcome;
}

const struct gp_auth_endpoint gp_auth_send_verification = {
	GP_AUTH_ENDPOINT("Mail a link that proves an address", send_verification),
	GP_AUTH_MEMBERS(send_members),
	.body = GP_AUTH_BODY_OBJECT,
	.limit = GP_AUTH_LIMIT_MAIL,
};

/* --- following the link --- */

/*
 * The address in a token that we, or Better Auth, mailed. A token with a user or a type in it is
 * for something else: an access token under the same secret must not prove an address. One that
 * would change the address is Better Auth's, of a page that we do not have.
 */
static enum gp_outcome
judge_claims(struct gp_auth_call *call, struct json_object *claims, const char **email)
{
	static const char *const foreign[] = { "sub", "type", "updateTo", "requestType" };
	const char *address = gp_json_string(claims, "email");
	struct json_object *expiry;

	for (size_t i = 0; i < GP_COUNT(foreign); i++) {
		if (json_object_object_get_ex(claims, foreign[i], NULL))
			return GP_DENY_LINK;
	}
	if (address == NULL || !gp_email_address_is_valid(address, strlen(address)) ||
	    !json_object_object_get_ex(claims, "exp", &expiry) ||
	    !json_object_is_type(expiry, json_type_int))
		return GP_DENY_LINK;
	if (json_object_get_int64(expiry) <= call->exchange->now_ms / 1000)
		return GP_DENY_LINK_EXPIRED;
	*email = gp_arena_copy(call->arena, address, strlen(address));
	return *email != NULL ? GP_OK : GP_ERR_MEMORY;
}

static enum gp_outcome
open_token(struct gp_auth_call *call, const char *token, const char **email)
{
	struct gp_json_reader *reader = call->exchange->service->reader;
	struct gp_json_error error;
	struct json_object *claims = NULL;
	struct gp_jws jws;
	enum gp_outcome outcome = GP_DENY_LINK;

	if (strlen(token) <= GP_TOKEN_LENGTH_MAX)
		outcome = gp_jws_open(call->arena, call->auth->headers, call->auth->ring, token,
		    strlen(token), call->exchange->now_ms / 1000, &jws);
	if (outcome != GP_OK)
		return outcome >= GP_ERR_SETTING ? outcome : GP_DENY_LINK;
	if (!gp_json_parse(reader, jws.payload, jws.payload_length, &claims, &error))
		return GP_DENY_LINK;
	outcome = json_object_is_type(claims, json_type_object) ? judge_claims(call, claims, email)
								: GP_DENY_LINK;
	json_object_put(claims);
	return outcome;
}

static enum gp_outcome
verify(struct gp_auth_call *call, const char *token)
{
	const struct gp_rows *rows;
	const char *email, *user_id;
	enum gp_outcome outcome = open_token(call, token, &email);

	if (outcome != GP_OK)
		return outcome;
	gp_email_address_lower((char *)email);
	outcome = gp_auth_run(call, GP_QUERY_EMAIL_VERIFY, (const char *const[]){ email }, &rows);
	if (outcome != GP_OK)
		return outcome;
	if (gp_rows_count(rows) == 0)
		return GP_DENY_LINK_USER;
	outcome = gp_auth_read_text(call->arena, rows, 0, 0, &user_id);
	if (outcome == GP_OK && !gp_rows_bool(rows, 0, 1))
		gp_auth_log(call, "email_verified", user_id);
	return outcome;
}

static enum gp_outcome
verify_email(struct gp_auth_call *call)
{
	const char *token = NULL, *callback = NULL;
	bool has_callback;
	enum gp_outcome outcome = gp_auth_query(call, "token", &token);

	if (outcome == GP_OK)
		outcome = gp_auth_query(call, "callbackURL", &callback);
	if (outcome != GP_OK)
		return outcome;
	if (token == NULL)
		return gp_auth_refuse_value(
		    call, "query.token", "Invalid input: expected string, received undefined");
	outcome = gp_auth_require_target(call, callback);
	if (outcome != GP_OK)
		return outcome;
	has_callback = callback != NULL && callback[0] != '\0';
	outcome = verify(call, token);
	if (outcome >= GP_ERR_SETTING || (outcome != GP_OK && !has_callback))
		return outcome;
	if (outcome != GP_OK)
		return gp_auth_redirect(
		    call, NULL, callback, "error", gp_outcome_row(outcome)->code);
	if (has_callback)
		return gp_auth_redirect(call, NULL, callback, NULL, NULL);
	gp_buffer_add_text(&call->exchange->response.body, "{\"status\":true,\"user\":null}");
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_verify_email = {
	GP_AUTH_ENDPOINT("Where the link in the mail leads", verify_email),
};
