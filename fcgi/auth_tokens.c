/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mints access tokens, keeps the pair of keys that signs them, and publishes their public halves.
 * The newest pair in Better Auth's table signs, whoever made it; the first token makes the first.
 */
#include "auth_tokens.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "auth_endpoints.h"
#include "base64url.h"
#include "json_write.h"
#include "mint.h"
#include "random_text.h"
#include "service.h"

/* Life of a token signed with a pair of keys, in seconds; that is Better Auth's. */
enum { TOKEN_LIFE_S = 900 };

/* --- the pair of keys --- */

static void
keep_key(struct gp_auth *auth, struct gp_signing_key *key, char *sealed)
{
	gp_signing_key_free(auth->key);
	free(auth->key_sealed);
	auth->key = key;
	auth->key_sealed = sealed;
}

/* Make the pair of the call's row the one that is kept. */
static enum gp_outcome
open_key(struct gp_auth_call *call)
{
	struct gp_auth *auth = call->auth;
	struct gp_signing_key *key;
	enum gp_outcome outcome;
	char *sealed;

	if (auth->key_sealed != NULL && strcmp(auth->key_sealed, call->key_sealed) == 0)
		return GP_OK;
	outcome = gp_signing_key_open(call->exchange->service->reader,
	    &call->settings->sealing_secrets, call->key_sealed, strlen(call->key_sealed), &key);
	if (outcome != GP_OK)
		return outcome;
	sealed = strdup(call->key_sealed);
	if (sealed == NULL) {
		gp_signing_key_free(key);
		return GP_ERR_MEMORY;
	}
	keep_key(auth, key, sealed);
	return GP_OK;
}

/* Another pair into the table, sealed as Better Auth does. */
static enum gp_outcome
store_key(struct gp_auth_call *call, const struct gp_signing_key *key)
{
	char public[GP_SIGNING_KEY_PUBLIC_SIZE];
	char *id = gp_arena_take(call->arena, GP_ID_LENGTH + 1);
	const struct gp_rows *rows;
	enum gp_outcome outcome;

	if (id == NULL)
		return GP_ERR_MEMORY;
	outcome = gp_random_text(id, GP_ID_LENGTH);
	if (outcome == GP_OK)
		outcome = gp_signing_key_public(key, public);
	if (outcome == GP_OK)
		outcome = gp_signing_key_seal(key, call->arena,
		    &call->settings->sealing_secrets.secrets[0], NULL, &call->key_sealed);
	if (outcome == GP_OK)
		outcome = gp_auth_run(call, GP_QUERY_SIGNING_KEY_CREATE,
		    (const char *const[]){ id, public, call->key_sealed }, &rows);
	if (outcome == GP_OK)
		gp_log_event(call->exchange->service->log, GP_LOG_INFO, "signing_key_made",
		    (const struct gp_log_field[]){ { "kid", id } }, 1);
	call->key_id = id;
	return outcome;
}

static enum gp_outcome
make_key(struct gp_auth_call *call)
{
	struct gp_signing_key *key = gp_signing_key_generate();
	enum gp_outcome outcome = key != NULL ? store_key(call, key) : GP_ERR_CRYPTO;

	gp_signing_key_free(key);
	return outcome;
}

/* Where no session was looked up, which has told it along. */
static enum gp_outcome
find_key(struct gp_auth_call *call)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome = gp_auth_run(call, GP_QUERY_SIGNING_KEY_FIND, NULL, &rows);

	if (outcome != GP_OK || gp_rows_count(rows) == 0)
		return outcome;
	outcome = gp_auth_read_text(call->arena, rows, 0, 0, &call->key_id);
	return outcome == GP_OK ? gp_auth_read_text(call->arena, rows, 0, 1, &call->key_sealed)
				: outcome;
}

/* The key that signs, made where there is none yet. */
static enum gp_outcome
require_key(struct gp_auth_call *call)
{
	enum gp_outcome outcome = call->key_known ? GP_OK : find_key(call);

	if (outcome == GP_OK && call->key_sealed == NULL)
		outcome = make_key(call);
	return outcome == GP_OK ? open_key(call) : outcome;
}

/* --- minting --- */

/* Header and claims as Better Auth's jwt plugin writes them. */
static enum gp_outcome
mint_with_key(struct gp_auth_call *call, const char **token)
{
	const struct gp_settings *settings = call->settings;
	unsigned char signature[GP_SIGNING_KEY_SIGNATURE_SIZE];
	struct gp_buffer header, claims, text;
	int64_t now_s = call->exchange->now_ms / 1000;
	enum gp_outcome outcome = require_key(call);

	if (outcome != GP_OK)
		return outcome;
	gp_buffer_init(&header, call->arena);
	gp_buffer_init(&claims, call->arena);
	gp_buffer_init(&text, call->arena);
	gp_buffer_add_text(&header, "{\"alg\":\"EdDSA\",\"kid\":");
	gp_json_write_text(&header, call->key_id);
	gp_buffer_add_byte(&header, '}');
	gp_buffer_add_text(&claims, "{\"iat\":");
	gp_buffer_add_integer(&claims, now_s);
	gp_buffer_add_byte(&claims, ',');
	gp_auth_write_user_members(&claims, &call->user);
	gp_buffer_add_text(&claims, ",\"sub\":");
	gp_json_write_text(&claims, call->user.id);
	gp_buffer_add_text(&claims, ",\"exp\":");
	gp_buffer_add_integer(&claims, now_s + TOKEN_LIFE_S);
	gp_buffer_add_text(&claims, ",\"iss\":");
	gp_json_write_text(
	    &claims, settings->issuer != NULL ? settings->issuer : settings->base_origin);
	gp_buffer_add_text(&claims, ",\"aud\":");
	gp_json_write_text(
	    &claims, settings->audience != NULL ? settings->audience : settings->base_origin);
	gp_buffer_add_byte(&claims, '}');
	if (!gp_buffer_complete(&header) || !gp_buffer_complete(&claims))
		return GP_ERR_MEMORY;
	gp_base64url_add(&text, header.bytes, header.length);
	gp_buffer_add_byte(&text, '.');
	gp_base64url_add(&text, claims.bytes, claims.length);
	if (!gp_buffer_complete(&text))
		return GP_ERR_MEMORY;
	outcome = gp_signing_key_sign(call->auth->key, text.bytes, text.length, signature);
	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_byte(&text, '.');
	gp_base64url_add(&text, signature, sizeof(signature));
	gp_buffer_add_byte(&text, '\0');
	*token = text.bytes;
	return gp_buffer_complete(&text) ? GP_OK : GP_ERR_MEMORY;
}

static enum gp_outcome
mint(struct gp_auth_call *call, const char **token)
{
	const struct gp_mint_order order = {
		.user_id = call->user.id,
		.email = call->user.email,
		.name = call->user.name,
		.issuer = call->settings->issuer,
		.audience = call->settings->audience,
		.now_s = call->exchange->now_ms / 1000,
		.lifetime_s = call->settings->access_token_minutes * 60,
	};

	if (call->settings->token_algorithm == GP_TOKENS_HS256)
		return gp_mint(call->arena, call->auth->ring, &order, token);
	return mint_with_key(call, token);
}

enum gp_outcome
gp_auth_answer_token(struct gp_auth_call *call)
{
	struct gp_buffer *body = &call->exchange->response.body;
	const char *token;
	enum gp_outcome outcome = mint(call, &token);

	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(body, "{\"token\":");
	gp_json_write_text(body, token);
	gp_buffer_add_byte(body, '}');
	return GP_OK;
}

enum gp_outcome
gp_auth_add_token_field(struct gp_auth_call *call)
{
	struct gp_response *response = &call->exchange->response;
	const char *token;
	enum gp_outcome outcome;

	if (call->cached)
		return GP_OK;
	outcome = mint(call, &token);
	if (outcome != GP_OK)
		return outcome;
	gp_response_add_field(response, "set-auth-jwt", token);
	response->exposed =
	    response->exposed != NULL ? "set-auth-token, set-auth-jwt" : "set-auth-jwt";
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_token = {
	GP_AUTH_ENDPOINT("An access token for back ends", gp_auth_answer_token),
	.need = GP_AUTH_NEEDS_SESSION,
};

/* --- publishing --- */

/* The members of a public JWK, with what the row knows besides. */
static bool
write_key(struct gp_auth_call *call, const struct gp_rows *rows, int row, struct gp_buffer *body)
{
	static const char *const names[] = { "crv", "x", "y", "n", "e", "kty" };
	size_t length;
	const char *text = gp_rows_text(rows, row, 1, &length), *algorithm, *id;
	struct json_object *key = NULL;
	struct gp_json_error error;
	char *copy = text != NULL ? gp_arena_copy(call->arena, text, length) : NULL;

	if (copy == NULL ||
	    !gp_json_parse(call->exchange->service->reader, copy, length, &key, &error))
		return false;
	algorithm = gp_rows_text(rows, row, 2, &length);
	gp_buffer_add_text(body, "{\"alg\":");
	if (algorithm != NULL)
		gp_json_write_string(body, algorithm, length);
	else
		gp_json_write_text(body, "EdDSA");
	for (size_t i = 0; i < GP_COUNT(names); i++) {
		const char *value = gp_json_string(key, names[i]);

		if (value == NULL)
			continue;
		gp_buffer_add_text(body, ",\"");
		gp_buffer_add_text(body, names[i]);
		gp_buffer_add_text(body, "\":");
		gp_json_write_text(body, value);
	}
	json_object_put(key);
	id = gp_rows_text(rows, row, 0, &length);
	gp_buffer_add_text(body, ",\"kid\":");
	gp_json_write_string(body, id != NULL ? id : "", length);
	gp_buffer_add_byte(body, '}');
	return true;
}

/* Those who verify never find it empty. */
static enum gp_outcome
read_keys(struct gp_auth_call *call, const struct gp_rows **rows)
{
	enum gp_outcome outcome = gp_auth_run(call, GP_QUERY_PUBLIC_KEYS, NULL, rows);

	if (outcome != GP_OK || gp_rows_count(*rows) > 0 ||
	    call->settings->token_algorithm != GP_TOKENS_EDDSA)
		return outcome;
	outcome = make_key(call);
	return outcome == GP_OK ? gp_auth_run(call, GP_QUERY_PUBLIC_KEYS, NULL, rows) : outcome;
}

static enum gp_outcome
show_keys(struct gp_auth_call *call)
{
	struct gp_buffer *body = &call->exchange->response.body;
	const struct gp_rows *rows;
	enum gp_outcome outcome = read_keys(call, &rows);
	bool first = true;

	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(body, "{\"keys\":[");
	for (int row = 0; row < gp_rows_count(rows); row++) {
		struct gp_buffer key;

		/* A row that is no key is nobody's to use. */
		gp_buffer_init(&key, call->arena);
		if (!write_key(call, rows, row, &key))
			continue;
		gp_buffer_add_text(body, first ? "" : ",");
		gp_buffer_add(body, key.bytes, key.length);
		first = false;
	}
	gp_buffer_add_text(body, "]}");
	return gp_rows_sound(rows) ? GP_OK : GP_ERR_INTERNAL;
}

const struct gp_auth_endpoint gp_auth_jwks = {
	GP_AUTH_ENDPOINT("The public keys of tokens", show_keys),
};
