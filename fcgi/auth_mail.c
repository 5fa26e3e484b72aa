/* SPDX-License-Identifier: Apache-2.0 */
/* Links, then templates; the message itself is mail.c's. */
#include "auth_mail.h"

#include <string.h>

#include "base64url.h"
#include "json_write.h"
#include "percent.h"
#include "random_text.h"
#include "service.h"

/* The program's own address, where links lead. */
static void
add_base(const struct gp_auth_call *call, struct gp_buffer *url)
{
	gp_buffer_add_text(url, call->settings->base_origin);
	gp_buffer_add_text(url, call->settings->base_path);
}

/* A message of which nothing is known but that it cannot be: the log says so, the client does not.
 */
static enum gp_outcome
keep_letter(struct gp_auth_call *call, enum gp_outcome outcome, struct gp_mail_message *message)
{
	if (outcome == GP_OK)
		call->auth->letter = message;
	if (outcome != GP_ERR_INTERNAL)
		return outcome;
	gp_log_event(call->exchange->service->log, GP_LOG_ERROR, "mail_not_written",
	    (const struct gp_log_field[]){ { "reason", message->refused },
		{ "request", call->exchange->response.request_id } },
	    2);
	return GP_OK;
}

static enum gp_outcome
write_letter(struct gp_auth_call *call, enum gp_mail_kind kind, const char *name, const char *email,
    struct gp_buffer *url)
{
	struct gp_mail_message *message = gp_arena_take(call->arena, sizeof(*message));
	char id[GP_ID_LENGTH + 1];
	struct gp_mail_values values = {
		.from = &call->settings->mail_from,
		.words = {
			.name = name,
			.email = email,
			.site = strstr(call->settings->base_origin, "://") + strlen("://"),
			.minutes = GP_AUTH_LINK_LIFE_S / 60,
		},
		.now_s = call->exchange->now_ms / 1000,
		.id = id,
	};
	enum gp_outcome outcome = gp_random_text(id, GP_ID_LENGTH);

	gp_buffer_add_byte(url, '\0');
	if (message == NULL || !gp_buffer_complete(url))
		return GP_ERR_MEMORY;
	*message = (struct gp_mail_message){ .length = 0 };
	values.words.url = url->bytes;
	if (outcome == GP_OK)
		outcome = gp_mail_compose(call->arena, call->auth->mail, kind, &values, message);
	return keep_letter(call, outcome, message);
}

enum gp_outcome
gp_auth_mail_reset(struct gp_auth_call *call, const char *name, const char *email,
    const char *token, const char *callback)
{
	struct gp_buffer url;

	gp_buffer_init(&url, call->arena);
	add_base(call, &url);
	gp_buffer_add_text(&url, "/reset-password/");
	gp_buffer_add_text(&url, token);
	gp_buffer_add_text(&url, "?callbackURL=");
	if (callback != NULL)
		gp_percent_encode_component(&url, callback, strlen(callback));
	return write_letter(call, GP_MAIL_RESET_PASSWORD, name, email, &url);
}

/*
 * A token that proves who reads an address's mail, as Better Auth makes it: signed with the shared
 * secret, and with no user in it, so that it passes for nobody's access token.
 */
static enum gp_outcome
add_link_token(struct gp_auth_call *call, const char *email, struct gp_buffer *url)
{
	static const char header[] = "{\"alg\":\"HS256\"}";
	int64_t now_s = call->exchange->now_ms / 1000;
	unsigned char signature[GP_HS256_SIZE];
	struct gp_buffer claims;
	size_t begin = url->length;
	enum gp_outcome outcome;

	gp_buffer_init(&claims, call->arena);
	gp_buffer_add_text(&claims, "{\"email\":");
	gp_json_write_text(&claims, email);
	gp_buffer_add_text(&claims, ",\"iat\":");
	gp_buffer_add_integer(&claims, now_s);
	gp_buffer_add_text(&claims, ",\"exp\":");
	gp_buffer_add_integer(&claims, now_s + GP_AUTH_LINK_LIFE_S);
	gp_buffer_add_byte(&claims, '}');
	if (!gp_buffer_complete(&claims))
		return GP_ERR_MEMORY;
	gp_base64url_add(url, header, sizeof(header) - 1);
	gp_buffer_add_byte(url, '.');
	gp_base64url_add(url, claims.bytes, claims.length);
	if (!gp_buffer_complete(url))
		return GP_ERR_MEMORY;
	outcome =
	    gp_key_ring_sign(call->auth->ring, url->bytes + begin, url->length - begin, signature);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_byte(url, '.');
	gp_base64url_add(url, signature, sizeof(signature));
	return GP_OK;
}

enum gp_outcome
gp_auth_mail_verification(
    struct gp_auth_call *call, const struct gp_user *user, const char *callback)
{
	struct gp_buffer url;
	enum gp_outcome outcome;

	if (callback == NULL || callback[0] == '\0')
		callback = "/";
	gp_buffer_init(&url, call->arena);
	add_base(call, &url);
	gp_buffer_add_text(&url, "/verify-email?token=");
	outcome = add_link_token(call, user->email, &url);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(&url, "&callbackURL=");
	gp_percent_encode_component(&url, callback, strlen(callback));
	return write_letter(call, GP_MAIL_VERIFY_EMAIL, user->name, user->email, &url);
}
