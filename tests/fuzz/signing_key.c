/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte says what the rest is: `s` what is sealed here with the secret without a version,
 * `v` the same with one; anything else the column as it stands. A pair that comes out is one by
 * json-c and OpenSSL alone.
 */
#include "signing_key.h"

#include <openssl/evp.h>
#include <stdbool.h>

#include "base64url.h"
#include "fuzz.h"
#include "plain_json.h"

enum { PART_SIZE = 32 };

/* The corpus holds a box that Better Auth sealed with the first, thrown away since. */
static const struct gp_secret_list secrets = { { { "k9Zr2vQx7LmT4wYb8NcD1sFgHjPe6uAo", 32, -1 },
						   { "a-secret-of-the-fuzz-targets-only", 33, 7 } },
	2 };

static struct gp_arena *arena;
static struct gp_json_reader *reader;

static void
prepare(void)
{
	if (arena != NULL)
		return;
	arena = gp_arena_new();
	reader = gp_json_reader_new();
	GP_FUZZ_REQUIRE(arena != NULL && reader != NULL);
}

/* The bytes of a member of a JWK. */
static void
read_part(struct json_object *jwk, const char *name, unsigned char part[PART_SIZE])
{
	struct json_object *member;
	size_t length;

	GP_FUZZ_REQUIRE(json_object_object_get_ex(jwk, name, &member));
	GP_FUZZ_REQUIRE(json_object_get_string_len(member) == 43);
	GP_FUZZ_REQUIRE(gp_base64url_decode(json_object_get_string(member), 43, part, &length));
	GP_FUZZ_REQUIRE(length == PART_SIZE);
}

static bool
says(struct json_object *jwk, const char *name, const char *value)
{
	struct json_object *member;

	return json_object_object_get_ex(jwk, name, &member) &&
	       strcmp(json_object_get_string(member), value) == 0;
}

/* What the pair says of itself verifies what it signs. */
static void
judge_pair(const struct gp_signing_key *key, unsigned char x[PART_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char text[GP_SIGNING_KEY_PUBLIC_SIZE];
	unsigned char signature[GP_SIGNING_KEY_SIGNATURE_SIZE];
	struct json_object *jwk;
	EVP_PKEY *public_key;
	bool accepted;

	GP_FUZZ_REQUIRE(gp_signing_key_public(key, text) == GP_OK);
	jwk = gp_fuzz_json(text, &accepted);
	GP_FUZZ_REQUIRE(accepted && says(jwk, "kty", "OKP") && says(jwk, "crv", "Ed25519"));
	read_part(jwk, "x", x);
	json_object_put(jwk);
	GP_FUZZ_REQUIRE(gp_signing_key_sign(key, "text", 4, signature) == GP_OK);
	public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, PART_SIZE);
	GP_FUZZ_REQUIRE(context != NULL && public_key != NULL);
	GP_FUZZ_REQUIRE(EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1);
	GP_FUZZ_REQUIRE(EVP_DigestVerify(context, signature, sizeof(signature),
			    (const unsigned char *)"text", 4) == 1);
	EVP_PKEY_free(public_key);
	EVP_MD_CTX_free(context);
}

/* The JWK that became a pair. */
static void
judge_content(const char *content, const unsigned char x[PART_SIZE])
{
	bool accepted;
	struct json_object *jwk = gp_fuzz_json(content, &accepted);
	unsigned char said[PART_SIZE], d[PART_SIZE], derived[PART_SIZE];
	size_t length = sizeof(derived);
	EVP_PKEY *pair;

	GP_FUZZ_REQUIRE(accepted && says(jwk, "kty", "OKP") && says(jwk, "crv", "Ed25519"));
	read_part(jwk, "x", said);
	read_part(jwk, "d", d);
	json_object_put(jwk);
	pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, d, sizeof(d));
	GP_FUZZ_REQUIRE(pair != NULL && EVP_PKEY_get_raw_public_key(pair, derived, &length) == 1);
	GP_FUZZ_REQUIRE(memcmp(derived, said, sizeof(said)) == 0);
	GP_FUZZ_REQUIRE(memcmp(derived, x, PART_SIZE) == 0);
	EVP_PKEY_free(pair);
}

/* Sealed with either secret, it is the same pair when it comes back. */
static void
judge_return(const struct gp_signing_key *key, const unsigned char x[PART_SIZE])
{
	for (size_t i = 0; i < secrets.count; i++) {
		unsigned char again_x[PART_SIZE];
		struct gp_signing_key *again;
		const char *text;

		GP_FUZZ_REQUIRE(
		    gp_signing_key_seal(key, arena, &secrets.secrets[i], NULL, &text) == GP_OK);
		GP_FUZZ_REQUIRE(
		    gp_signing_key_open(reader, &secrets, text, strlen(text), &again) == GP_OK);
		judge_pair(again, again_x);
		GP_FUZZ_REQUIRE(memcmp(again_x, x, PART_SIZE) == 0);
		gp_signing_key_free(again);
	}
}

/* `content` is what the text was made of, NULL where it was not made here. */
static void
open_column(const char *text, size_t length, const char *content)
{
	struct gp_signing_key *key;
	enum gp_outcome outcome = gp_signing_key_open(reader, &secrets, text, length, &key);
	unsigned char x[PART_SIZE];

	GP_FUZZ_REQUIRE(outcome == GP_OK || outcome == GP_ERR_KEY_FORM ||
			(outcome == GP_ERR_SEALED && content == NULL));
	GP_FUZZ_REQUIRE((key != NULL) == (outcome == GP_OK));
	if (key == NULL)
		return;
	judge_pair(key, x);
	if (content != NULL)
		judge_content(content, x);
	else if (text[strspn(text, " \t\r\n")] == '{')
		judge_content(text, x);
	judge_return(key, x);
	gp_signing_key_free(key);
}

static void
open_sealed(const char *content, size_t length, const struct gp_secret *secret)
{
	static const unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE] = { 0 };
	size_t box_length = length + GP_SECRET_BOX_OVERHEAD;
	size_t size = 2 * box_length + 16, written;
	unsigned char *box = malloc(box_length);
	char *text = malloc(size);

	GP_FUZZ_REQUIRE(box != NULL && text != NULL);
	GP_FUZZ_REQUIRE(gp_secret_box_seal(
			    secret, nonce, (const unsigned char *)content, length, box) == GP_OK);
	written = (size_t)snprintf(text, size, secret->version < 0 ? "\"" : "\"$ba$7$");
	for (size_t i = 0; i < box_length; i++)
		written += (size_t)snprintf(text + written, size - written, "%02x", box[i]);
	written += (size_t)snprintf(text + written, size - written, "\"");
	open_column(text, written, content);
	free(box);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char kind = size > 0 ? (char)data[0] : '\0';
	char *text = size > 0 ? gp_fuzz_copy(data + 1, size - 1) : gp_fuzz_copy(data, 0);

	prepare();
	if (kind == 's' || kind == 'v')
		open_sealed(text, size - 1, &secrets.secrets[kind == 'v']);
	else
		open_column(text, size > 0 ? size - 1 : 0, NULL);
	gp_arena_reset(arena);
	free(text);
	return 0;
}
