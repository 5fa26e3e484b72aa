/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a cookie, the split at the last dot, and the comparison with our own signature. */
#include "session_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#include "percent.h"

/* Characters of the signature: base64 of 32 bytes, always with one `=` at its end. */
enum { SIGNATURE_LENGTH = 44 };

/* What a raw token may hold: printable ASCII. Anything else cannot be in the table. */
static bool
is_raw_token(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > GP_SESSION_TOKEN_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] <= 0x20 || (unsigned char)text[i] >= 0x7f)
			return false;
	}
	return true;
}

static enum gp_outcome
judge_signature(struct gp_key_ring *ring, const char *token, const char *signature)
{
	unsigned char expected[GP_HS256_SIZE];
	unsigned char text[SIGNATURE_LENGTH + 1];
	enum gp_outcome outcome;

	if (strlen(signature) != SIGNATURE_LENGTH)
		return GP_DENY_SIGNATURE;
	outcome = gp_key_ring_sign(ring, token, strlen(token), expected);
	if (outcome != GP_OK)
		return outcome;
	EVP_EncodeBlock(text, expected, sizeof(expected));
	if (CRYPTO_memcmp(text, signature, SIGNATURE_LENGTH) != 0)
		outcome = GP_DENY_SIGNATURE;
	OPENSSL_cleanse(expected, sizeof(expected));
	OPENSSL_cleanse(text, sizeof(text));
	return outcome;
}

enum gp_outcome
gp_session_token_open(struct gp_arena *arena, struct gp_key_ring *ring, const char *credential,
    size_t length, const char **raw)
{
	char *token = gp_arena_copy(arena, credential, length);
	enum gp_outcome outcome = GP_OK;
	char *dot;

	if (token == NULL)
		return GP_ERR_MEMORY;
	if (memchr(credential, 0, length) != NULL || !gp_percent_decode(token))
		return GP_DENY_TOKEN_FORM;
	dot = strrchr(token, '.');
	if (dot != NULL) {
		*dot = '\0';
		outcome = judge_signature(ring, token, dot + 1);
	}
	if (outcome == GP_OK && !is_raw_token(token))
		outcome = GP_DENY_TOKEN_FORM;
	if (outcome == GP_OK)
		*raw = token;
	return outcome;
}

/* The value of the first cookie of this name; NULL when there is none. */
static const char *
find_cookie(const char *cookies, const char *name, size_t *length)
{
	size_t name_length = strlen(name);

	while (*cookies != '\0') {
		size_t whole = strcspn(cookies, ";");

		while (whole > 0 && (*cookies == ' ' || *cookies == '\t')) {
			cookies++;
			whole--;
		}
		if (whole > name_length && strncmp(cookies, name, name_length) == 0 &&
		    cookies[name_length] == '=') {
			*length = whole - name_length - 1;
			return cookies + name_length + 1;
		}
		cookies += whole;
		cookies += *cookies == ';';
	}
	return NULL;
}

enum gp_outcome
gp_session_cookie_open(struct gp_arena *arena, struct gp_key_ring *ring, const char *cookies,
    bool secure, const char **raw)
{
	const char *name =
	    secure ? "__Secure-better-auth.session_token" : "better-auth.session_token";
	const char *value;
	size_t length;

	value = cookies != NULL ? find_cookie(cookies, name, &length) : NULL;
	if (value == NULL)
		return GP_DENY_NO_CREDENTIAL;
	while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
		length--;
	if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
		value++;
		length -= 2;
	}
	if (length == 0)
		return GP_DENY_NO_CREDENTIAL;
	/* The bearer plugin takes raw tokens; a cookie of ours or Better Auth's is always signed.
	 */
	if (memchr(value, '.', length) == NULL)
		return GP_DENY_SIGNATURE;
	return gp_session_token_open(arena, ring, value, length, raw);
}
