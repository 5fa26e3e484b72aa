/* SPDX-License-Identifier: Apache-2.0 */
/* The split at the last dot, and the comparison with our own signature. */
#include "session_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

#include "cookie.h"
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
make_signature(struct gp_key_ring *ring, const char *value, char text[SIGNATURE_LENGTH + 1])
{
	unsigned char bytes[GP_HS256_SIZE];
	enum gp_outcome outcome = gp_key_ring_sign(ring, value, strlen(value), bytes);

	if (outcome == GP_OK)
		EVP_EncodeBlock((unsigned char *)text, bytes, sizeof(bytes));
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return outcome;
}

static enum gp_outcome
judge_signature(struct gp_key_ring *ring, const char *token, const char *signature)
{
	char expected[SIGNATURE_LENGTH + 1];
	enum gp_outcome outcome;

	if (strlen(signature) != SIGNATURE_LENGTH)
		return GP_DENY_SIGNATURE;
	outcome = make_signature(ring, token, expected);
	if (outcome == GP_OK && CRYPTO_memcmp(expected, signature, SIGNATURE_LENGTH) != 0)
		outcome = GP_DENY_SIGNATURE;
	OPENSSL_cleanse(expected, sizeof(expected));
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

enum gp_outcome
gp_signed_cookie_open(struct gp_arena *arena, struct gp_key_ring *ring, const char *cookies,
    const char *name, bool secure, const char **raw)
{
	const char *value;
	size_t length;

	if (!gp_cookie_find(cookies, name, secure, &value, &length) || length == 0)
		return GP_DENY_NO_CREDENTIAL;
	/* The bearer plugin takes raw tokens; a cookie of ours or Better Auth's is always signed.
	 */
	if (memchr(value, '.', length) == NULL)
		return GP_DENY_SIGNATURE;
	return gp_session_token_open(arena, ring, value, length, raw);
}

enum gp_outcome
gp_session_cookie_open(struct gp_arena *arena, struct gp_key_ring *ring, const char *cookies,
    bool secure, const char **raw)
{
	return gp_signed_cookie_open(arena, ring, cookies, GP_SESSION_TOKEN_COOKIE, secure, raw);
}

enum gp_outcome
gp_session_token_sign(
    struct gp_arena *arena, struct gp_key_ring *ring, const char *value, const char **signed_value)
{
	char signature[SIGNATURE_LENGTH + 1];
	enum gp_outcome outcome = make_signature(ring, value, signature);
	struct gp_buffer text;

	if (outcome != GP_OK)
		return outcome;
	gp_buffer_init(&text, arena);
	gp_buffer_add_text(&text, value);
	gp_buffer_add_byte(&text, '.');
	gp_buffer_add(&text, signature, sizeof(signature)); /* with its NUL */
	OPENSSL_cleanse(signature, sizeof(signature));
	if (!gp_buffer_complete(&text))
		return GP_ERR_MEMORY;
	*signed_value = text.bytes;
	return GP_OK;
}
