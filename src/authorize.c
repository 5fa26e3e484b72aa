/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the credential out of the field, then signature, then claims. */
#include "authorize.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "json.h"
#include "key_ring.h"

struct gp_authority {
	struct gp_key_ring *ring;
	struct gp_json_reader *reader;
	struct gp_claims_policy policy;
};

struct gp_authority *
gp_authority_new(const struct gp_settings *settings)
{
	struct gp_authority *authority = calloc(1, sizeof(*authority));

	if (authority == NULL)
		return NULL;
	authority->ring = gp_key_ring_new(&settings->secret);
	authority->reader = gp_json_reader_new();
	authority->policy = (struct gp_claims_policy){
		.issuer = settings->issuer,
		.audience = settings->audience,
		.leeway_s = settings->leeway_s,
	};
	if (authority->ring == NULL || authority->reader == NULL) {
		gp_authority_free(authority);
		return NULL;
	}
	return authority;
}

void
gp_authority_free(struct gp_authority *authority)
{
	if (authority == NULL)
		return;
	gp_key_ring_free(authority->ring);
	gp_json_reader_free(authority->reader);
	free(authority);
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
 * RFC 6750 section 2.1, b64token. A comma or a space means that two fields were joined into one;
 * the caller may not choose which of two tokens counts.
 */
static bool
is_token_text(const char *token, size_t length)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-._~+/=";

	return strspn(token, allowed) == length;
}

enum gp_outcome
gp_authorize(struct gp_authority *authority, enum gp_access access, const char *authorization,
    int64_t now_s, struct gp_arena *arena, struct gp_caller *caller, struct gp_jws *token)
{
	const char *credential;
	enum gp_outcome outcome;
	size_t length;

	*caller = (struct gp_caller){ .user_id = NULL };
	*token = (struct gp_jws){ .algorithm = NULL };
	if (access == GP_ACCESS_OPEN)
		return GP_OK;
	credential = bearer_token(authorization);
	if (credential == NULL)
		return GP_DENY_NO_CREDENTIAL;
	length = strlen(credential);
	if (length > GP_TOKEN_LENGTH_MAX)
		return GP_DENY_TOKEN_LENGTH;
	if (!is_token_text(credential, length))
		return GP_DENY_CREDENTIAL_FORM;
	outcome = gp_jws_open(arena, authority->reader, authority->ring, credential, length, token);
	if (outcome != GP_OK)
		return outcome;
	return gp_claims_judge(arena, authority->reader, &authority->policy, token->type,
	    token->payload, token->payload_length, now_s, caller);
}
