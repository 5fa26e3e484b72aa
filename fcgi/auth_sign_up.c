/* SPDX-License-Identifier: Apache-2.0 */
/* A new user with a password, signed in at once unless their address has to be proven first. */
#include <string.h>

#include "auth_begin.h"
#include "auth_endpoints.h"
#include "auth_mail.h"
#include "auth_password.h"
#include "auth_session.h"
#include "email_address.h"
#include "json_write.h"
#include "service.h"

/* Columns of user_create. */
enum { MADE_USER = 0, MADE_SESSION = 7 };

static const struct gp_auth_member members[] = {
	{ "name", GP_AUTH_TEXT, .required = true },
	{ "email", GP_AUTH_EMAIL, .required = true },
	{ "password", GP_AUTH_TEXT_FILLED, .required = true, .secret = true },
	{ "image", GP_AUTH_TEXT, .required = false },
	{ "callbackURL", GP_AUTH_TEXT, .required = false },
	{ "rememberMe", GP_AUTH_FLAG, .required = false },
};

static enum gp_outcome
answer(struct gp_auth_call *call)
{
	struct gp_buffer *body = &call->exchange->response.body;

	gp_buffer_add_text(body, "{\"token\":");
	gp_json_write_text(body, call->signed_in ? call->session.token : NULL);
	gp_buffer_add_text(body, ",\"user\":");
	gp_auth_write_user(body, &call->user);
	gp_buffer_add_byte(body, '}');
	return GP_OK;
}

/*
 * Where an address has to be proven first, nobody learns here whether it has an account: the answer
 * is that of a new one, of a user who does not exist.
 */
static enum gp_outcome
answer_taken(struct gp_auth_call *call)
{
	char *id;
	enum gp_outcome outcome;

	if (!call->settings->verified_email_only)
		return GP_BAD_USER_EXISTS;
	id = gp_arena_take(call->arena, GP_ID_LENGTH + 1);
	if (id == NULL)
		return GP_ERR_MEMORY;
	outcome = gp_random_text(id, GP_ID_LENGTH);
	call->user = (struct gp_user){
		.id = id,
		.name = gp_auth_value(call, "name")->text,
		.email = gp_auth_value(call, "email")->text,
		.image = gp_auth_value(call, "image")->text,
		.created_us = call->now_us,
		.updated_us = call->now_us,
	};
	return outcome == GP_OK ? answer(call) : outcome;
}

/* Whether the address has an account already; then not even a hash is made for it. */
static enum gp_outcome
look_up(struct gp_auth_call *call, const char *email, bool *taken)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome =
	    gp_auth_run(call, GP_QUERY_USER_BY_EMAIL, (const char *const[]){ email }, &rows);

	*taken = outcome == GP_OK && gp_rows_count(rows) > 0;
	return outcome;
}

/* User, account and session in one statement; none of them where the address was taken meanwhile.
 */
static enum gp_outcome
create(struct gp_auth_call *call, const char *stored, bool *made)
{
	const struct gp_auth_value *remember = gp_auth_value(call, "rememberMe");
	bool remembered = remember->text == NULL || strcmp(remember->text, "false") != 0;
	bool signs_in = !call->settings->verified_email_only;
	char user_id[GP_ID_LENGTH + 1], account_id[GP_ID_LENGTH + 1];
	struct gp_auth_beginning beginning;
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	outcome = gp_random_text(user_id, GP_ID_LENGTH);
	if (outcome == GP_OK)
		outcome = gp_random_text(account_id, GP_ID_LENGTH);
	if (outcome == GP_OK)
		outcome = gp_auth_begin(call, remembered, &beginning);
	if (outcome == GP_OK)
		outcome = gp_auth_run(call, GP_QUERY_USER_CREATE,
		    (const char *const[]){ user_id, gp_auth_value(call, "name")->text,
			gp_auth_value(call, "email")->text, gp_auth_value(call, "image")->text,
			account_id, stored, signs_in ? beginning.id : NULL, beginning.token,
			beginning.life_s, beginning.address, beginning.user_agent },
		    &rows);
	if (outcome != GP_OK)
		return outcome;
	*made = gp_rows_count(rows) == 1;
	if (!*made)
		return GP_OK;
	outcome = gp_auth_read_user(call->arena, rows, 0, MADE_USER, &call->user);
	if (outcome != GP_OK || !signs_in)
		return outcome;
	outcome = gp_auth_read_session(call->arena, rows, 0, MADE_SESSION, &call->session);
	if (outcome != GP_OK)
		return outcome;
	call->signed_in = true;
	return gp_auth_set_cookies(call, remembered);
}

static enum gp_outcome
sign_up(struct gp_auth_call *call)
{
	const struct gp_auth_value *email = gp_auth_value(call, "email");
	const struct gp_auth_value *password = gp_auth_value(call, "password");
	const struct gp_auth_value *callback = gp_auth_value(call, "callbackURL");
	char stored[GP_PASSWORD_HASH_SIZE];
	bool taken, made = false;
	enum gp_outcome outcome;

	if (!call->settings->sign_up)
		return GP_BAD_SIGN_UP_OFF;
	if (gp_auth_value(call, "name")->length > GP_AUTH_NAME_MAX ||
	    gp_auth_value(call, "image")->length > GP_AUTH_IMAGE_MAX)
		return GP_BAD_USER_NOT_MADE;
	gp_email_address_lower((char *)email->text);
	outcome = gp_auth_judge_password(call, password);
	if (outcome == GP_OK)
		outcome = look_up(call, email->text, &taken);
	if (outcome != GP_OK)
		return outcome;
	if (taken && !call->settings->verified_email_only)
		return GP_BAD_USER_EXISTS;
	outcome = gp_auth_hash(call, password, stored);
	if (outcome == GP_OK && !taken)
		outcome = create(call, stored, &made);
	if (outcome != GP_OK)
		return outcome;
	if (!made)
		return answer_taken(call);
	gp_auth_log(call, "signed_up", call->user.id);
	if (call->settings->verified_email_only) {
		outcome = gp_auth_mail_verification(call, &call->user, callback->text);
		if (outcome != GP_OK)
			return outcome;
	}
	return answer(call);
}

const struct gp_auth_endpoint gp_auth_sign_up = {
	GP_AUTH_ENDPOINT("Make an account with e-mail address and password", sign_up),
	GP_AUTH_MEMBERS(members),
	.body = GP_AUTH_BODY_OBJECT_RECORD,
	.begins_session = true,
	.limit = GP_AUTH_LIMIT_PASSWORD,
};
