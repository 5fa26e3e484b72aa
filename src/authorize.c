/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the credential out of the field, then signature, then claims. */
#include "authorize.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "database.h"
#include "json.h"
#include "key_ring.h"
#include "key_source.h"
#include "session_token.h"

struct gp_authority {
	struct gp_key_ring *ring;
	struct gp_json_reader *reader;
	struct gp_jws_reader *headers;
	struct gp_key_source *source;
	struct gp_claims_policy policy;
};

struct gp_authority *
gp_authority_new(
    const struct gp_settings *settings, struct gp_database *database, const struct gp_log *log)
{
	struct gp_authority *authority = calloc(1, sizeof(*authority));

	if (authority == NULL)
		return NULL;
	authority->ring = gp_key_ring_new(&settings->secrets, (size_t)settings->memory_tokens);
	authority->reader = gp_json_reader_new();
	authority->headers = gp_jws_reader_new(authority->reader);
	authority->source = gp_key_source_new(settings, database, authority->reader, log);
	authority->policy = (struct gp_claims_policy){
		.issuer = settings->issuer,
		.audience = settings->audience,
		.leeway_s = settings->leeway_s,
		.live_users = settings->live_users != 0,
		.longest_lifetime_s = settings->access_token_minutes * 60,
	};
	if (authority->ring == NULL || authority->reader == NULL || authority->headers == NULL ||
	    authority->source == NULL) {
		gp_authority_free(authority);
		return NULL;
	}
	gp_key_ring_set_refresher(authority->ring, gp_key_source_refresh, authority->source);
	return authority;
}

void
gp_authority_free(struct gp_authority *authority)
{
	if (authority == NULL)
		return;
	gp_key_ring_free(authority->ring);
	gp_key_source_free(authority->source);
	gp_jws_reader_free(authority->headers);
	gp_json_reader_free(authority->reader);
	free(authority);
}

void
gp_authority_describe_keys(const struct gp_authority *authority, char *text, size_t size)
{
	gp_key_ring_describe(authority->ring, text, size);
}

/* The token after `Bearer`; NULL for no field, another scheme, or nothing behind it. */
static const char *
bearer_token(const char *authorization)
{
	static const char scheme[] = "Bearer";
	const size_t scheme_length = sizeof(scheme) - 1;

	if (authorization == NULL || strncasecmp(authorization, scheme, scheme_length) != 0 ||
	    authorization[scheme_length] != ' ')
		return NULL;
	authorization += scheme_length;
	while (*authorization == ' ')
		authorization++;
	return *authorization != '\0' ? authorization : NULL;
}

/*
 * RFC 6750 section 2.1, b64token, and the percent sign of an encoded session token. A comma or a
 * space means that two fields were joined into one; the caller may not choose which of two tokens
 * counts.
 */
static bool
is_token_text(const char *token, size_t length)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-._~+/=%";

	return strspn(token, allowed) == length;
}

/* JWS has three parts; a session token has one, or two with its signature. */
static bool
is_jws(const char *credential)
{
	const char *dot = strchr(credential, '.');

	return dot != NULL && strchr(dot + 1, '.') != NULL;
}

/*
 * A caller whom only the database can name; nobody where the session token was refused. A session
 * has the lifetime that Better Auth gave it, and its user is always looked up.
 */
static enum gp_outcome
as_session(enum gp_outcome outcome, const char *session, const struct gp_claims_demands *demands,
    struct gp_caller *caller)
{
	if (outcome == GP_OK)
		caller->identity = (struct gp_identity){
			.kind = GP_AS_SESSION,
			.value = session,
			.needs_email = demands != NULL && demands->email,
		};
	return outcome;
}

enum gp_outcome
gp_authorize(struct gp_authority *authority, enum gp_access access,
    const struct gp_claims_demands *demands, const struct gp_credentials *credentials,
    int64_t now_s, struct gp_arena *arena, struct gp_caller *caller, struct gp_jws *token)
{
	const char *credential, *session = NULL;
	enum gp_outcome outcome;
	size_t length;

	*caller = (struct gp_caller){ .user_id = NULL };
	*token = (struct gp_jws){ .algorithm = NULL };
	if (access == GP_ACCESS_OPEN)
		return GP_OK;
	credential = bearer_token(credentials->authorization);
	if (credential == NULL) {
		outcome = gp_session_cookie_open(arena, authority->ring, credentials->cookies,
		    credentials->secure_cookies, &session);
		caller->by_cookie = outcome == GP_OK;
		return as_session(outcome, session, demands, caller);
	}
	length = strlen(credential);
	if (length > GP_TOKEN_LENGTH_MAX)
		return GP_DENY_TOKEN_LENGTH;
	if (!is_token_text(credential, length))
		return GP_DENY_CREDENTIAL_FORM;
	if (!is_jws(credential)) {
		outcome =
		    gp_session_token_open(arena, authority->ring, credential, length, &session);
		return as_session(outcome, session, demands, caller);
	}
	outcome = gp_jws_open(
	    arena, authority->headers, authority->ring, credential, length, now_s, token);
	if (outcome != GP_OK)
		return outcome;
	return gp_claims_judge(
	    arena, authority->reader, &authority->policy, demands, token, now_s, caller);
}
