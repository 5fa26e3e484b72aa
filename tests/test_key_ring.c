/* SPDX-License-Identifier: Apache-2.0 */
/* The shared secret: RFC 4231's vectors, one algorithm, and no signature but the right one. */
#include "key_ring.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "token.h"
#include "unit.h"

static const char signed_text[] = "a text to be signed";
#define SIGNED signed_text, sizeof(signed_text) - 1

static struct gp_key_ring *
ring_of(const char *secret)
{
	const struct gp_secret text = { secret, strlen(secret) };
	struct gp_key_ring *ring = gp_key_ring_new(&text);

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	return ring;
}

/* HMAC-SHA-256 by OpenSSL's one-shot call. */
static void
sign_independently(const char *secret, const char *text, size_t length, unsigned char *signature)
{
	CU_ASSERT_PTR_NOT_NULL(HMAC(EVP_sha256(), secret, (int)strlen(secret),
	    (const unsigned char *)text, length, signature, NULL));
}

static void
signs_the_vectors_of_rfc_4231(void)
{
	static const struct {
		char key_byte;
		size_t key_length;
		const char *key; /* where key_length is 0 */
		const char *text;
		unsigned char signature[GP_HS256_SIZE];
	} vectors[] = {
		{ 0x0b, 20, NULL, "Hi There",
		    { 0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf,
			0x0b, 0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7, 0x26,
			0xe9, 0x37, 0x6c, 0x2e, 0x32, 0xcf, 0xf7 } },
		{ 0, 0, "Jefe", "what do ya want for nothing?",
		    { 0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08,
			0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d,
			0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43 } },
		{ (char)0xaa, 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
		    { 0x60, 0xe4, 0x31, 0x59, 0x1e, 0xe0, 0xb6, 0x7f, 0x0d, 0x8a, 0x26, 0xaa, 0xcb,
			0xf5, 0xb7, 0x7f, 0x8e, 0x0b, 0xc6, 0x21, 0x37, 0x28, 0xc5, 0x14, 0x05,
			0x46, 0x04, 0x0f, 0x0e, 0xe3, 0x7f, 0x54 } },
	};

	for (size_t i = 0; i < GP_COUNT(vectors); i++) {
		unsigned char signature[GP_HS256_SIZE];
		char repeated[131];
		struct gp_secret secret = { vectors[i].key, 0 };
		struct gp_key_ring *ring;

		gp_test_row("%s", vectors[i].text);
		memset(repeated, vectors[i].key_byte, sizeof(repeated));
		if (vectors[i].key == NULL)
			secret = (struct gp_secret){ repeated, vectors[i].key_length };
		else
			secret.length = strlen(vectors[i].key);
		ring = gp_key_ring_new(&secret);
		CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
		CU_ASSERT_EQUAL(
		    gp_key_ring_sign(ring, vectors[i].text, strlen(vectors[i].text), signature),
		    GP_OK);
		CU_ASSERT_EQUAL(memcmp(signature, vectors[i].signature, sizeof(signature)), 0);
		gp_key_ring_free(ring);
	}
}

/* Secrets that look like hex or base64 are text all the same, as Better Auth takes them. */
static void
uses_the_secrets_text_and_decodes_nothing(void)
{
	static const char *const secrets[] = {
		"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
		"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTw==",
		"pl\xc3\xa4tzchen-unter-\xe2\x82\xac-zeichen-und-mehr-davon",
		"%41%42%43 + \\u0041 \\n '\"`$HOME", "x"
	};

	for (size_t i = 0; i < GP_COUNT(secrets); i++) {
		unsigned char expected[GP_HS256_SIZE], signature[GP_HS256_SIZE];
		struct gp_key_ring *ring = ring_of(secrets[i]);

		gp_test_row("%s", secrets[i]);
		sign_independently(secrets[i], SIGNED, expected);
		CU_ASSERT_EQUAL(gp_key_ring_sign(ring, SIGNED, signature), GP_OK);
		CU_ASSERT_EQUAL(memcmp(signature, expected, sizeof(expected)), 0);
		CU_ASSERT_EQUAL(
		    gp_key_ring_verify(ring, "HS256", SIGNED, expected, sizeof(expected)), GP_OK);
		gp_key_ring_free(ring);
	}
}

static void
copies_the_secret(void)
{
	unsigned char expected[GP_HS256_SIZE], signature[GP_HS256_SIZE];
	char bytes[] = "unit-test-secret-of-32-character";
	const struct gp_secret secret = { bytes, sizeof(bytes) - 1 };
	struct gp_key_ring *ring = gp_key_ring_new(&secret);

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	sign_independently(bytes, SIGNED, expected);
	memset(bytes, 'x', sizeof(bytes) - 1);
	CU_ASSERT_EQUAL(gp_key_ring_sign(ring, SIGNED, signature), GP_OK);
	CU_ASSERT_EQUAL(memcmp(signature, expected, sizeof(expected)), 0);
	gp_key_ring_free(ring);
}

static void
starts_each_text_anew(void)
{
	unsigned char first[GP_HS256_SIZE], second[GP_HS256_SIZE];
	struct gp_key_ring *ring = ring_of(gp_test_secret);

	sign_independently(gp_test_secret, SIGNED, first);
	for (int i = 0; i < 50; i++) {
		CU_ASSERT_EQUAL(
		    gp_key_ring_sign(ring, "something else", (size_t)i % 14, second), GP_OK);
		CU_ASSERT_EQUAL(
		    gp_key_ring_verify(ring, "HS256", "other", 5, first, 32), GP_DENY_SIGNATURE);
		CU_ASSERT_EQUAL(
		    gp_key_ring_verify(ring, "HS256", SIGNED, first, sizeof(first)), GP_OK);
	}
	gp_key_ring_free(ring);
}

static void
answers_for_hs256_alone(void)
{
	static const char *const algorithms[] = { "none", "None", "", "hs256", "HS256 ", " HS256",
		"HS256\n", "HS25", "HS2560", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA",
		"A256KW" };
	unsigned char signature[GP_HS256_SIZE];
	struct gp_key_ring *ring = ring_of(gp_test_secret);

	sign_independently(gp_test_secret, SIGNED, signature);
	for (size_t i = 0; i < GP_COUNT(algorithms); i++) {
		gp_test_row("%s", algorithms[i]);
		CU_ASSERT_EQUAL(
		    gp_key_ring_verify(ring, algorithms[i], SIGNED, signature, sizeof(signature)),
		    GP_DENY_ALGORITHM);
		CU_ASSERT_EQUAL(gp_key_ring_verify(ring, algorithms[i], SIGNED, signature, 0),
		    GP_DENY_ALGORITHM);
	}
	gp_key_ring_free(ring);
}

static void
refuses_every_signature_that_is_one_bit_off(void)
{
	unsigned char signature[GP_HS256_SIZE];
	struct gp_key_ring *ring = ring_of(gp_test_secret);

	sign_independently(gp_test_secret, SIGNED, signature);
	for (unsigned bit = 0; bit < 8 * GP_HS256_SIZE; bit++) {
		gp_test_row("bit %u", bit);
		signature[bit / 8] ^= (unsigned char)(1U << bit % 8);
		CU_ASSERT_EQUAL(
		    gp_key_ring_verify(ring, "HS256", SIGNED, signature, sizeof(signature)),
		    GP_DENY_SIGNATURE);
		signature[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
	CU_ASSERT_EQUAL(
	    gp_key_ring_verify(ring, "HS256", SIGNED, signature, sizeof(signature)), GP_OK);
	gp_key_ring_free(ring);
}

static void
refuses_signatures_of_another_length(void)
{
	unsigned char signature[2 * GP_HS256_SIZE] = { 0 };
	struct gp_key_ring *ring = ring_of(gp_test_secret);

	sign_independently(gp_test_secret, SIGNED, signature);
	for (size_t length = 0; length <= sizeof(signature); length++) {
		gp_test_row("%zu bytes", length);
		CU_ASSERT_EQUAL(gp_key_ring_verify(ring, "HS256", SIGNED, signature, length),
		    length == GP_HS256_SIZE ? GP_OK : GP_DENY_SIGNATURE);
	}
	gp_key_ring_free(ring);
}

static void
refuses_other_secrets(void)
{
	static const char *const secrets[] = { "", "unit-test-secret-of-32-characte",
		"unit-test-secret-of-32-character ", "Unit-test-secret-of-32-character" };
	struct gp_key_ring *ring = ring_of(gp_test_secret);

	for (size_t i = 0; i < GP_COUNT(secrets); i++) {
		unsigned char signature[GP_HS256_SIZE];

		gp_test_row("\"%s\"", secrets[i]);
		sign_independently(secrets[i], SIGNED, signature);
		CU_ASSERT_EQUAL(
		    gp_key_ring_verify(ring, "HS256", SIGNED, signature, sizeof(signature)),
		    GP_DENY_SIGNATURE);
	}
	gp_key_ring_free(ring);
	gp_key_ring_free(NULL);
}

const struct gp_test gp_tests_key_ring[] = {
	GP_TEST(signs_the_vectors_of_rfc_4231),
	GP_TEST(uses_the_secrets_text_and_decodes_nothing),
	GP_TEST(copies_the_secret),
	GP_TEST(starts_each_text_anew),
	GP_TEST(answers_for_hs256_alone),
	GP_TEST(refuses_every_signature_that_is_one_bit_off),
	GP_TEST(refuses_signatures_of_another_length),
	GP_TEST(refuses_other_secrets),
	{ NULL, NULL },
};
