/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte says what the rest is: `s` header and claims, each on its own line, to be signed
 * here with the secret; `e` the same with the Ed25519 key; anything else a whole token. What is
 * accepted, OpenSSL alone and json-c alone accept too.
 */
#include "jws.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>

#include "base64url.h"
#include "buffer.h"
#include "claims.h"
#include "fuzz.h"
#include "plain_json.h"

enum { NOW_S = 1000000, LEEWAY_S = 5, ED25519_SIZE = 64 };

static const char secret[] = "a-secret-of-the-fuzz-targets-only";
static const unsigned char seed[32] = "an-ed25519-key-of-fuzz-targets..";

static struct gp_arena *arena;
static struct gp_json_reader *reader;
static struct gp_jws_reader *headers; /* keeps one from input to input */
static struct gp_key_ring *ring;
static EVP_PKEY *private_key;

static void
prepare(void)
{
	const struct gp_secret_list secrets = { { { secret, strlen(secret), -1 } }, 1 };
	struct gp_jwk_set set = { .count = 1 };
	unsigned char point[32];
	size_t length = sizeof(point);

	if (arena != NULL)
		return;
	arena = gp_arena_new();
	reader = gp_json_reader_new();
	headers = gp_jws_reader_new(reader);
	ring = gp_key_ring_new(&secrets, 16);
	private_key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
	GP_FUZZ_REQUIRE(arena != NULL && headers != NULL && ring != NULL && private_key != NULL);
	GP_FUZZ_REQUIRE(EVP_PKEY_get_raw_public_key(private_key, point, &length) == 1);
	set.keys[0] = gp_key_new_public(
	    EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, point, length), GP_EDDSA, "key-1");
	GP_FUZZ_REQUIRE(set.keys[0] != NULL);
	gp_key_ring_take(ring, GP_KEYS_OF_FILE, &set);
}

static void
sign_with_secret(const char *text, size_t length, unsigned char signature[GP_HS256_SIZE])
{
	GP_FUZZ_REQUIRE(HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)text,
			    length, signature, NULL) != NULL);
}

static void
sign_with_key(const char *text, size_t length, unsigned char signature[ED25519_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t signature_length = ED25519_SIZE;

	GP_FUZZ_REQUIRE(context != NULL);
	GP_FUZZ_REQUIRE(EVP_DigestSignInit(context, NULL, NULL, NULL, private_key) == 1);
	GP_FUZZ_REQUIRE(EVP_DigestSign(context, signature, &signature_length,
			    (const unsigned char *)text, length) == 1);
	EVP_MD_CTX_free(context);
}

/* Whether the last part is one of the two signatures that we would have made: both are unique. */
static bool
is_signed(const char *token, size_t length)
{
	unsigned char ours[ED25519_SIZE];
	char text[GP_BASE64URL_ENCODED_SIZE(ED25519_SIZE)];
	size_t signed_length = length, text_length;

	while (signed_length > 0 && token[signed_length - 1] != '.')
		signed_length--;
	if (signed_length == 0)
		return false;
	sign_with_secret(token, signed_length - 1, ours);
	text_length = gp_base64url_encode(ours, GP_HS256_SIZE, text);
	if (length - signed_length == text_length &&
	    memcmp(token + signed_length, text, text_length) == 0)
		return true;
	sign_with_key(token, signed_length - 1, ours);
	text_length = gp_base64url_encode(ours, ED25519_SIZE, text);
	return length - signed_length == text_length &&
	       memcmp(token + signed_length, text, text_length) == 0;
}

static bool
names_algorithm(const char *name, char kind)
{
	if (kind == 's')
		return strcmp(name, "HS256") == 0;
	return strcmp(name, "EdDSA") == 0 || strcmp(name, "Ed25519") == 0;
}

/* A header that lets its token pass names its algorithm and nothing that we refuse. */
static void
judge_header(const char *header, char kind)
{
	static const char *const refused[] = { "crit", "b64", "jwk", "jku", "x5u", "x5c", "x5t",
		"x5t#S256" };
	bool accepted;
	struct json_object *object = gp_fuzz_json(header, &accepted);
	struct json_object *member;

	GP_FUZZ_REQUIRE(json_object_is_type(object, json_type_object));
	GP_FUZZ_REQUIRE(json_object_object_get_ex(object, "alg", &member));
	GP_FUZZ_REQUIRE(names_algorithm(json_object_get_string(member), kind));
	for (size_t i = 0; i < GP_COUNT(refused); i++)
		GP_FUZZ_REQUIRE(!json_object_object_get_ex(object, refused[i], NULL));
	if (kind == 'e' && json_object_object_get_ex(object, "kid", &member))
		GP_FUZZ_REQUIRE(strcmp(json_object_get_string(member), "key-1") == 0);
	json_object_put(object);
}

/* A caller has an id, and claims that are alive. */
static void
judge_claims(const struct gp_jws *token)
{
	const struct gp_claims_policy policy = { .leeway_s = LEEWAY_S };
	struct gp_caller caller;
	struct json_object *claims, *expiry, *subject;
	bool accepted;

	if (gp_claims_judge(arena, reader, &policy, NULL, token, NOW_S, &caller) != GP_OK)
		return;
	claims = gp_fuzz_json(token->payload, &accepted);
	GP_FUZZ_REQUIRE(json_object_object_get_ex(claims, "exp", &expiry));
	GP_FUZZ_REQUIRE(json_object_get_double(expiry) > NOW_S - LEEWAY_S);
	GP_FUZZ_REQUIRE(json_object_object_get_ex(claims, "sub", &subject));
	GP_FUZZ_REQUIRE(json_object_is_type(subject, json_type_string));
	GP_FUZZ_REQUIRE(strcmp(json_object_get_string(subject), caller.user_id) == 0);
	GP_FUZZ_REQUIRE(caller.user_id[0] != '\0');
	GP_FUZZ_REQUIRE(caller.email != NULL && caller.name != NULL);
	json_object_put(claims);
}

static enum gp_outcome
open_token(const char *token, size_t length)
{
	struct gp_jws jws;
	enum gp_outcome outcome = gp_jws_open(arena, headers, ring, token, length, NOW_S, &jws);

	GP_FUZZ_REQUIRE(outcome < GP_BAD_PATH); /* none of the families but GP_DENY */
	if (outcome != GP_OK) {
		GP_FUZZ_REQUIRE(jws.payload == NULL);
		return outcome;
	}
	GP_FUZZ_REQUIRE(length <= GP_TOKEN_LENGTH_MAX && is_signed(token, length));
	GP_FUZZ_REQUIRE(jws.payload != NULL && jws.payload[jws.payload_length] == '\0');
	judge_claims(&jws);
	return outcome;
}

static void
add_encoded(struct gp_buffer *buffer, const void *bytes, size_t length)
{
	char *room = gp_buffer_room(buffer, GP_BASE64URL_ENCODED_SIZE(length));

	GP_FUZZ_REQUIRE(room != NULL);
	buffer->length += gp_base64url_encode(bytes, length, room);
}

static void
open_signed(const char *header, size_t length, char kind)
{
	const char *line_end = memchr(header, '\n', length);
	size_t header_length = line_end != NULL ? (size_t)(line_end - header) : length;
	size_t claims_length = line_end != NULL ? length - header_length - 1 : 0;
	unsigned char signature[ED25519_SIZE];
	struct gp_buffer token;

	gp_buffer_init(&token, arena);
	add_encoded(&token, header, header_length);
	gp_buffer_add_byte(&token, '.');
	add_encoded(&token, header + length - claims_length, claims_length);
	if (kind == 's')
		sign_with_secret(token.bytes, token.length, signature);
	else
		sign_with_key(token.bytes, token.length, signature);
	gp_buffer_add_byte(&token, '.');
	add_encoded(&token, signature, kind == 's' ? GP_HS256_SIZE : ED25519_SIZE);
	if (open_token(token.bytes, token.length) == GP_OK) {
		char *text = gp_arena_copy(arena, header, header_length);

		GP_FUZZ_REQUIRE(text != NULL);
		judge_header(text, kind);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char kind = size > 0 ? (char)data[0] : '\0';
	char *text = size > 0 ? gp_fuzz_copy(data + 1, size - 1) : gp_fuzz_copy(data, 0);

	prepare();
	if (kind == 's' || kind == 'e')
		open_signed(text, size - 1, kind);
	else
		(void)open_token(text, size > 0 ? size - 1 : 0);
	gp_arena_reset(arena);
	free(text);
	return 0;
}
