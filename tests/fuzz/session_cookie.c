/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Cookie field. The first byte `s` means a site over https. Where the rest holds @, the value of
 * our own signed cookie takes its place, so that accepted fields are reached.
 */
#include "session_token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>

#include "fuzz.h"

static const char secret[] = "a-secret-of-the-fuzz-targets-only";
static const char token[] = "l4tCLYkJzHIQTofjxo57rClCnwTthGEp";

static struct gp_arena *arena;
static struct gp_key_ring *ring;
static char signed_token[128];

static void
prepare(void)
{
	const struct gp_secret_list secrets = { { { secret, strlen(secret), -1 } }, 1 };
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned char signature[64];
	unsigned length = 0;

	if (arena != NULL)
		return;
	arena = gp_arena_new();
	ring = gp_key_ring_new(&secrets, 0);
	GP_FUZZ_REQUIRE(arena != NULL && ring != NULL);
	GP_FUZZ_REQUIRE(HMAC(EVP_sha256(), secret, (int)strlen(secret),
			    (const unsigned char *)token, strlen(token), bytes, &length) != NULL);
	EVP_EncodeBlock(signature, bytes, (int)length);
	snprintf(signed_token, sizeof(signed_token), "%s.%s", token, (const char *)signature);
}

/* The field with our cookie's value in place of the first @. */
static char *
field_of(const char *text)
{
	const char *at = strchr(text, '@');
	size_t size = strlen(text) + sizeof(signed_token);
	char *field = malloc(size);

	GP_FUZZ_REQUIRE(field != NULL);
	if (at == NULL)
		snprintf(field, size, "%s", text);
	else
		snprintf(field, size, "%.*s%s%s", (int)(at - text), text, signed_token, at + 1);
	return field;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool secure = size > 0 && data[0] == 's';
	char *text = gp_fuzz_copy(data + (size > 0), size - (size > 0));
	const char *raw = NULL;
	enum gp_outcome outcome;
	char *field;

	prepare();
	field = field_of(text);
	outcome = gp_session_cookie_open(arena, ring, field, secure, &raw);
	GP_FUZZ_REQUIRE(outcome == GP_OK || outcome == GP_DENY_NO_CREDENTIAL ||
			outcome == GP_DENY_TOKEN_FORM || outcome == GP_DENY_SIGNATURE);
	/* Only the one token that was signed with the secret, and under the name that counts. */
	if (outcome == GP_OK) {
		GP_FUZZ_REQUIRE(strcmp(raw, token) == 0);
		GP_FUZZ_REQUIRE(strstr(field, secure ? "__Secure-better-auth.session_token="
						     : "better-auth.session_token=") != NULL);
	}
	gp_arena_reset(arena);
	free(field);
	free(text);
	return 0;
}
