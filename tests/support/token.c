/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's base64 with the other alphabet, OpenSSL's HMAC, and the ways to spoil a signature. */
#include "token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "attributes.h"
#include "key_pair.h"

const char gp_test_secret[] = "unit-test-secret-of-32-character";
const char gp_test_other_secret[] = "another-unit-test-secret-32-char";
const char gp_test_recorded_secret[] = "k9Zr2vQx7LmT4wYb8NcD1sFgHjPe6uAo";

/* A signature: its bytes, and what is done to their text. */
struct signature {
	unsigned char bytes[GP_TEST_SIGNATURE_SIZE + 1];
	size_t length;
	bool spare_bits;
	const char *behind;
};

void
gp_test_text_set(struct gp_test_text *text, const char *value)
{
	snprintf(text->bytes, sizeof(text->bytes), "%s", value);
	text->length = strlen(text->bytes);
}

bool
gp_test_text_add(struct gp_test_text *text, const void *bytes, size_t length)
{
	if (length >= sizeof(text->bytes) - text->length)
		return false;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
	return true;
}

bool
gp_test_text_add_encoded(struct gp_test_text *text, const void *bytes, size_t length)
{
	/* A NUL more, which EVP_EncodeBlock() writes. */
	char encoded[(GP_TEST_TEXT_SIZE + 2) / 3 * 4 + 1];
	size_t written = (size_t)EVP_EncodeBlock((unsigned char *)encoded, bytes, (int)length);

	while (written > 0 && encoded[written - 1] == '=')
		written--;
	for (size_t i = 0; i < written; i++) {
		if (encoded[i] == '+')
			encoded[i] = '-';
		else if (encoded[i] == '/')
			encoded[i] = '_';
	}
	return gp_test_text_add(text, encoded, written);
}

static bool
add_part(struct gp_test_text *token, const struct gp_test_text *part)
{
	if (part->bytes[0] == '=')
		return gp_test_text_add(token, part->bytes + 1, part->length - 1);
	return gp_test_text_add_encoded(token, part->bytes, part->length);
}

const char *
gp_test_secret_of(const char *name)
{
	static const struct {
		const char *name, *secret;
	} rows[] = {
		{ "secret", gp_test_secret },
		{ "other", gp_test_other_secret },
		{ "recorded", gp_test_recorded_secret },
		{ "empty", "" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].secret;
	}
	return NULL;
}

/* Whether the word says how a signature is made, and not what is done to it afterwards. */
static bool
is_about_making(const char *word)
{
	return word[0] == '\0' || strcmp(word, "sha256") == 0 || strcmp(word, "sha512") == 0 ||
	       strcmp(word, "der") == 0 || strcmp(word, "salt0") == 0;
}

/* Spoil a signature as the word says; an empty word leaves it as it is. */
static bool
change(struct signature *signature, const char *word)
{
	if (strcmp(word, "cut") == 0)
		signature->length--;
	else if (strcmp(word, "long") == 0)
		signature->bytes[signature->length++] = 0;
	else if (strcmp(word, "flip-first") == 0)
		signature->bytes[0] ^= 0x80;
	else if (strcmp(word, "flip-last") == 0)
		signature->bytes[signature->length - 1] ^= 1;
	else if (strcmp(word, "zero") == 0)
		memset(signature->bytes, 0, signature->length);
	else if (strcmp(word, "none") == 0)
		signature->length = 0;
	else if (strcmp(word, "spare") == 0)
		signature->spare_bits = true;
	else if (strcmp(word, "pad") == 0)
		signature->behind = "=";
	else if (strcmp(word, "dot") == 0)
		signature->behind = ".";
	else
		return is_about_making(word);
	return true;
}

static bool
sign_by_hmac(const char *word, const void *secret, size_t secret_length,
    const struct gp_test_text *token, struct signature *signature)
{
	const EVP_MD *digest = strcmp(word, "sha512") == 0 ? EVP_sha512() : EVP_sha256();
	unsigned length = 0;

	if (HMAC(digest, secret, (int)secret_length, (const unsigned char *)token->bytes,
		token->length, signature->bytes, &length) == NULL)
		return false;
	signature->length = length;
	return true;
}

/*
 * `key` is a secret, a signer, or a form and a signer: then that signer's public key in this form
 * is taken for a secret. All may be followed by a slash and a word.
 */
static bool
make_signature(const char *key, const struct gp_test_text *token, struct signature *signature)
{
	size_t name_length = strcspn(key, "/");
	const char *word = key[name_length] == '/' ? key + name_length + 1 : "";
	struct gp_test_text public_key;
	const char *secret;
	char name[32];
	char *colon;
	bool made;

	if (name_length >= sizeof(name))
		return false;
	memcpy(name, key, name_length);
	name[name_length] = '\0';
	*signature = (struct signature){ .behind = "" };
	secret = gp_test_secret_of(name);
	colon = strchr(name, ':');
	if (secret != NULL) {
		made = sign_by_hmac(word, secret, strlen(secret), token, signature);
	} else if (colon != NULL) {
		*colon = '\0';
		made = gp_test_key_bytes(name, colon + 1, &public_key) &&
		       sign_by_hmac(word, public_key.bytes, public_key.length, token, signature);
	} else {
		made = gp_test_sign(name, is_about_making(word) ? word : "", token->bytes,
		    token->length, signature->bytes, &signature->length);
	}
	return made && change(signature, word);
}

bool
gp_test_token_make(const char *key, const struct gp_test_text *header,
    const struct gp_test_text *claims, struct gp_test_text *token)
{
	struct signature signature;

	token->length = 0;
	if (!add_part(token, header) || !gp_test_text_add(token, ".", 1) ||
	    !add_part(token, claims) || !make_signature(key, token, &signature) ||
	    !gp_test_text_add(token, ".", 1) ||
	    !gp_test_text_add_encoded(token, signature.bytes, signature.length))
		return false;
	/* 32, 64 and 256 bytes leave bits of the last character: the next in the alphabet differs
	 * in one. */
	if (signature.spare_bits)
		token->bytes[token->length - 1]++;
	return gp_test_text_add(token, signature.behind, strlen(signature.behind));
}

bool
gp_test_token_from(
    const char *key, const char *header, const char *claims, struct gp_test_text *token)
{
	struct gp_test_text header_text, claims_text;

	gp_test_text_set(&header_text, header);
	gp_test_text_set(&claims_text, claims);
	return gp_test_token_make(key, &header_text, &claims_text, token);
}
