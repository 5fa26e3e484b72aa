/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte says what the rest is: `s` a token that is signed here, `c` the same as a cookie
 * carries it, anything else a credential as it stands.
 */
#include "session_token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>

#include "fuzz.h"

static const char secret[] = "a-secret-of-the-fuzz-targets-only";

static struct gp_arena *arena;
static struct gp_key_ring *ring;

static void
prepare(void)
{
	const struct gp_secret_list secrets = { { { secret, strlen(secret), -1 } }, 1 };

	if (arena != NULL)
		return;
	arena = gp_arena_new();
	ring = gp_key_ring_new(&secrets, 0);
	GP_FUZZ_REQUIRE(arena != NULL && ring != NULL);
}

/* What can stand in the table of sessions. */
static bool
is_possible(const char *token)
{
	size_t length = strlen(token);

	for (const char *c = token; *c != '\0'; c++) {
		if (*c <= ' ' || *c > '~')
			return false;
	}
	return length > 0 && length <= GP_SESSION_TOKEN_MAX;
}

/* Standard base64 of the token's HMAC, by OpenSSL alone. */
static void
sign(const char *token, char text[64])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	GP_FUZZ_REQUIRE(HMAC(EVP_sha256(), secret, (int)strlen(secret),
			    (const unsigned char *)token, strlen(token), bytes, &length) != NULL);
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
}

/* Percent-encoding undone; what is accepted has no broken sequence. */
static char *
decode(const char *credential)
{
	char *text = malloc(strlen(credential) + 1);
	char *to = text;

	GP_FUZZ_REQUIRE(text != NULL);
	for (; *credential != '\0'; credential++) {
		unsigned byte = (unsigned char)*credential;

		if (byte == '%') {
			GP_FUZZ_REQUIRE(sscanf(credential, "%%%2x", &byte) == 1 && byte != 0);
			credential += 2;
		}
		*to++ = (char)byte;
	}
	*to = '\0';
	return text;
}

/* Whether the credential is this token alone, or with our signature behind it. */
static bool
stands_for(const char *credential, const char *token)
{
	char *text = decode(credential);
	size_t length = strlen(token);
	char signature[64];
	bool stands;

	sign(token, signature);
	if (strcmp(text, token) == 0)
		stands = strchr(token, '.') == NULL;
	else
		stands = strncmp(text, token, length) == 0 && text[length] == '.' &&
			 strcmp(text + length + 1, signature) == 0;
	free(text);
	return stands;
}

/* Nothing but a possible token comes out, and none that had a signature that is not ours. */
static enum gp_outcome
open_credential(const char *credential, size_t length, const char **raw)
{
	enum gp_outcome outcome = gp_session_token_open(arena, ring, credential, length, raw);

	GP_FUZZ_REQUIRE(
	    outcome == GP_OK || outcome == GP_DENY_TOKEN_FORM || outcome == GP_DENY_SIGNATURE);
	if (outcome == GP_OK)
		GP_FUZZ_REQUIRE(is_possible(*raw) && stands_for(credential, *raw));
	return outcome;
}

/* As encodeURIComponent() does, or not at all. */
static void
add(char *text, size_t size, size_t *length, const char *more, bool encoded)
{
	for (; *more != '\0'; more++) {
		bool plain = !encoded || strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
						"wxyz0123456789-_.!~*'()",
					     *more) != NULL;

		*length += (size_t)snprintf(
		    text + *length, size - *length, plain ? "%c" : "%%%02X", (unsigned char)*more);
	}
}

static void
open_signed(const char *token, bool cookie)
{
	size_t size = 3 * strlen(token) + 256;
	char *credential = malloc(size);
	const char *raw = NULL;
	char signature[64];
	size_t length = 0;
	enum gp_outcome outcome;

	GP_FUZZ_REQUIRE(credential != NULL);
	sign(token, signature);
	add(credential, size, &length, token, cookie);
	add(credential, size, &length, ".", cookie);
	add(credential, size, &length, signature, cookie);
	credential[length] = '\0';
	outcome = open_credential(credential, length, &raw);
	if (is_possible(token) && (cookie || strchr(token, '%') == NULL))
		GP_FUZZ_REQUIRE(outcome == GP_OK && strcmp(raw, token) == 0);
	if (!is_possible(token) && cookie)
		GP_FUZZ_REQUIRE(outcome != GP_OK);
	free(credential);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char kind = size > 0 ? (char)data[0] : '\0';
	char *text = size > 0 ? gp_fuzz_copy(data + 1, size - 1) : gp_fuzz_copy(data, 0);
	const char *raw;

	prepare();
	if (kind == 's' || kind == 'c')
		open_signed(text, kind == 'c');
	else
		(void)!open_credential(text, strlen(text), &raw);
	gp_arena_reset(arena);
	free(text);
	return 0;
}
