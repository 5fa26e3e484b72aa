/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the two columns' texts to the letter; the box and the key itself are others' matter. */
#include "signing_key.h"

#include <errno.h>
#include <json-c/json.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"
#include "buffer.h"

enum {
	PART_SIZE = 32,      /* of a key, private or public (RFC 8032 section 5.1.5) */
	PART_TEXT_SIZE = 43, /* the same in base64url */
};

static const char envelope_mark[] = "$ba$";

static const char private_form[] =
    "{\"crv\":\"Ed25519\",\"d\":\"%s\",\"x\":\"%s\",\"kty\":\"OKP\"}";

/* Two parts instead of two %s; a NUL more. */
enum { PRIVATE_LENGTH = sizeof(private_form) - 1 - 4 + 2 * PART_TEXT_SIZE };

struct gp_signing_key {
	EVP_PKEY *pair;
};

/* The pair is taken, also on failure. */
static struct gp_signing_key *
key_new(EVP_PKEY *pair)
{
	struct gp_signing_key *key = pair != NULL ? malloc(sizeof(*key)) : NULL;

	ERR_clear_error();
	if (key == NULL) {
		EVP_PKEY_free(pair);
		return NULL;
	}
	key->pair = pair;
	return key;
}

struct gp_signing_key *
gp_signing_key_generate(void)
{
	return key_new(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
}

void
gp_signing_key_free(struct gp_signing_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pair); /* wipes the private part */
	free(key);
}

static bool
get_public(const EVP_PKEY *pair, unsigned char x[PART_SIZE])
{
	size_t length = PART_SIZE;

	return EVP_PKEY_get_raw_public_key(pair, x, &length) == 1 && length == PART_SIZE;
}

static bool
get_private(const EVP_PKEY *pair, unsigned char d[PART_SIZE])
{
	size_t length = PART_SIZE;

	return EVP_PKEY_get_raw_private_key(pair, d, &length) == 1 && length == PART_SIZE;
}

static void
encode(const unsigned char part[PART_SIZE], char text[PART_TEXT_SIZE + 1])
{
	text[gp_base64url_encode(part, PART_SIZE, text)] = '\0';
}

enum gp_outcome
gp_signing_key_public(const struct gp_signing_key *key, char text[GP_SIGNING_KEY_PUBLIC_SIZE])
{
	unsigned char x[PART_SIZE];
	char x_text[PART_TEXT_SIZE + 1];

	if (!get_public(key->pair, x))
		return GP_ERR_CRYPTO;
	encode(x, x_text);
	snprintf(text, GP_SIGNING_KEY_PUBLIC_SIZE,
	    "{\"crv\":\"Ed25519\",\"x\":\"%s\",\"kty\":\"OKP\"}", x_text);
	return GP_OK;
}

/* The caller wipes the text. */
static bool
write_private(const struct gp_signing_key *key, char text[PRIVATE_LENGTH + 1])
{
	unsigned char d[PART_SIZE], x[PART_SIZE];
	char d_text[PART_TEXT_SIZE + 1], x_text[PART_TEXT_SIZE + 1];
	bool known = get_private(key->pair, d) && get_public(key->pair, x);

	if (known) {
		encode(d, d_text);
		encode(x, x_text);
		snprintf(text, PRIVATE_LENGTH + 1, private_form, d_text, x_text);
	}
	OPENSSL_cleanse(d, sizeof(d));
	OPENSSL_cleanse(d_text, sizeof(d_text));
	return known;
}

static enum gp_outcome
write_envelope(struct gp_arena *arena, int64_t version, const unsigned char *box, size_t length,
    const char **text)
{
	static const char digits[] = "0123456789abcdef";
	struct gp_buffer buffer;

	gp_buffer_init(&buffer, arena);
	gp_buffer_add_byte(&buffer, '"');
	if (version >= 0) {
		gp_buffer_add_text(&buffer, envelope_mark);
		gp_buffer_add_integer(&buffer, version);
		gp_buffer_add_byte(&buffer, '$');
	}
	for (size_t i = 0; i < length; i++) {
		gp_buffer_add_byte(&buffer, digits[box[i] >> 4]);
		gp_buffer_add_byte(&buffer, digits[box[i] & 15]);
	}
	gp_buffer_add(&buffer, "\"", 2);
	if (!gp_buffer_complete(&buffer))
		return GP_ERR_MEMORY;
	*text = buffer.bytes;
	return GP_OK;
}

enum gp_outcome
gp_signing_key_seal(const struct gp_signing_key *key, struct gp_arena *arena,
    const struct gp_secret *secret, const unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE],
    const char **text)
{
	unsigned char drawn[GP_SECRET_BOX_NONCE_SIZE];
	unsigned char box[PRIVATE_LENGTH + GP_SECRET_BOX_OVERHEAD];
	char jwk[PRIVATE_LENGTH + 1];
	enum gp_outcome outcome = GP_ERR_CRYPTO;

	if (nonce == NULL) {
		if (RAND_bytes(drawn, sizeof(drawn)) != 1)
			return GP_ERR_CRYPTO;
		nonce = drawn;
	}
	if (write_private(key, jwk))
		outcome = gp_secret_box_seal(
		    secret, nonce, (const unsigned char *)jwk, PRIVATE_LENGTH, box);
	OPENSSL_cleanse(jwk, sizeof(jwk));
	if (outcome != GP_OK)
		return outcome;
	return write_envelope(arena, secret->version, box, sizeof(box), text);
}

static bool
says(struct json_object *jwk, const char *name, const char *value)
{
	const char *text = gp_json_string(jwk, name);

	return text != NULL && strcmp(text, value) == 0;
}

static bool
read_part(struct json_object *jwk, const char *name, unsigned char part[PART_SIZE])
{
	const char *text = gp_json_string(jwk, name);
	size_t length;

	return text != NULL && strlen(text) == PART_TEXT_SIZE &&
	       gp_base64url_decode(text, PART_TEXT_SIZE, part, &length) && length == PART_SIZE;
}

/* json-c would let go of a string as it is. */
static void
wipe_member(struct json_object *jwk, const char *name)
{
	const char *text = gp_json_string(jwk, name);

	if (text != NULL)
		OPENSSL_cleanse((char *)(size_t)text, strlen(text));
}

/* RFC 8037 section 2: `d` alone makes the pair, but must not come with another's `x`. */
static enum gp_outcome
read_pair(struct json_object *jwk, struct gp_signing_key **key)
{
	unsigned char d[PART_SIZE], x[PART_SIZE], derived[PART_SIZE];
	enum gp_outcome outcome = GP_ERR_KEY_FORM;
	EVP_PKEY *pair;

	if (!says(jwk, "kty", "OKP") || !says(jwk, "crv", "Ed25519") || !read_part(jwk, "x", x) ||
	    !read_part(jwk, "d", d))
		goto out;
	pair = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, d, sizeof(d));
	if (pair == NULL || !get_public(pair, derived))
		outcome = GP_ERR_CRYPTO;
	else if (memcmp(derived, x, sizeof(x)) == 0)
		outcome = GP_OK;
	if (outcome != GP_OK) {
		EVP_PKEY_free(pair);
		goto out;
	}
	*key = key_new(pair);
	if (*key == NULL)
		outcome = GP_ERR_MEMORY;
out:
	OPENSSL_cleanse(d, sizeof(d));
	wipe_member(jwk, "d");
	return outcome;
}

/*
 * Cut $ba$VERSION$ off; -1 stands for a text without. False where there is something else between
 * the marks.
 */
static bool
take_version(const char **text, int64_t *version)
{
	const char *digits = *text + sizeof(envelope_mark) - 1;
	size_t length;

	*version = -1;
	if (strncmp(*text, envelope_mark, sizeof(envelope_mark) - 1) != 0)
		return true;
	length = strspn(digits, "0123456789");
	if (length == 0 || digits[length] != '$')
		return false;
	*text = digits + length + 1;
	errno = 0;
	*version = strtoll(digits, NULL, 10);
	return errno == 0;
}

static const struct gp_secret *
find_secret(const struct gp_secret_list *secrets, int64_t version)
{
	for (size_t i = 0; i < secrets->count; i++) {
		if (secrets->secrets[i].version == version)
			return &secrets->secrets[i];
	}
	return NULL;
}

/* What was in the box is judged like a JWK that was in none. */
static enum gp_outcome
read_content(
    struct gp_json_reader *reader, const char *content, size_t length, struct gp_signing_key **key)
{
	enum gp_outcome outcome;
	struct json_object *jwk;
	struct gp_json_error error;

	if (!gp_json_parse(reader, content, length, &jwk, &error))
		return GP_ERR_KEY_FORM;
	outcome = read_pair(jwk, key);
	json_object_put(jwk);
	return outcome;
}

static enum gp_outcome
open_box(struct gp_json_reader *reader, const struct gp_secret *secret, const char *digits,
    struct gp_signing_key **key)
{
	size_t size = strlen(digits) / 2, length;
	unsigned char *box = OPENSSL_malloc(size + 1); /* never of no bytes */
	unsigned char *content = OPENSSL_malloc(size + 1);
	enum gp_outcome outcome = GP_ERR_MEMORY;

	if (box == NULL || content == NULL)
		goto out;
	outcome = GP_ERR_KEY_FORM;
	if (OPENSSL_hexstr2buf_ex(box, size, &length, digits, '\0') != 1)
		goto out;
	outcome = gp_secret_box_open(secret, box, length, content);
	if (outcome != GP_OK)
		goto out;
	content[length - GP_SECRET_BOX_OVERHEAD] = '\0';
	outcome = read_content(reader, (const char *)content, length - GP_SECRET_BOX_OVERHEAD, key);
out:
	OPENSSL_free(box);
	OPENSSL_clear_free(content, size + 1);
	ERR_clear_error(); /* digits that are none leave a note there that nobody reads */
	return outcome;
}

static enum gp_outcome
open_sealed(struct gp_json_reader *reader, const struct gp_secret_list *secrets, const char *text,
    struct gp_signing_key **key)
{
	const struct gp_secret *secret;
	int64_t version;

	if (!take_version(&text, &version))
		return GP_ERR_KEY_FORM;
	secret = find_secret(secrets, version);
	return secret != NULL ? open_box(reader, secret, text, key) : GP_ERR_SEALED;
}

enum gp_outcome
gp_signing_key_open(struct gp_json_reader *reader, const struct gp_secret_list *secrets,
    const char *text, size_t length, struct gp_signing_key **key)
{
	struct json_object *value;
	struct gp_json_error error;
	enum gp_outcome outcome;

	*key = NULL;
	if (!gp_json_parse(reader, text, length, &value, &error))
		return GP_ERR_KEY_FORM;
	if (json_object_is_type(value, json_type_string))
		outcome = open_sealed(reader, secrets, json_object_get_string(value), key);
	else
		outcome = read_pair(value, key);
	json_object_put(value);
	return outcome;
}

enum gp_outcome
gp_signing_key_sign(const struct gp_signing_key *key, const char *text, size_t length,
    unsigned char signature[GP_SIGNING_KEY_SIGNATURE_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t written = GP_SIGNING_KEY_SIGNATURE_SIZE;
	enum gp_outcome outcome = GP_ERR_CRYPTO;

	if (context == NULL)
		return GP_ERR_MEMORY;
	if (EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, key->pair, NULL) == 1 &&
	    EVP_DigestSign(context, signature, &written, (const unsigned char *)text, length) ==
		1 &&
	    written == GP_SIGNING_KEY_SIGNATURE_SIZE)
		outcome = GP_OK;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return outcome;
}
