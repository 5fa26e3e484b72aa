/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys answer: the shared secrets for one algorithm, public keys by algorithm and key id, and
 * none that has died or gone. */
#include "key_ring.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "key_pair.h"
#include "token.h"
#include "unit.h"

static const char signed_text[] = "a text to be signed";
#define SIGNED signed_text, sizeof(signed_text) - 1

static struct gp_key_ring *
ring_of(const char *secret)
{
	const struct gp_secret_list secrets = { { { secret, strlen(secret), -1 } }, 1 };
	struct gp_key_ring *ring = gp_key_ring_new(&secrets, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	return ring;
}

static enum gp_outcome
verify(struct gp_key_ring *ring, const char *algorithm, const char *text, size_t length,
    const unsigned char *signature, size_t signature_length)
{
	return gp_key_ring_verify(
	    ring, algorithm, NULL, text, length, signature, signature_length, 1000000);
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
		struct gp_secret_list secrets = { { { vectors[i].key, 0, -1 } }, 1 };
		struct gp_key_ring *ring;

		gp_test_row("%s", vectors[i].text);
		memset(repeated, vectors[i].key_byte, sizeof(repeated));
		if (vectors[i].key == NULL)
			secrets.secrets[0] =
			    (struct gp_secret){ repeated, vectors[i].key_length, -1 };
		else
			secrets.secrets[0].length = strlen(vectors[i].key);
		ring = gp_key_ring_new(&secrets, 0);
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
		CU_ASSERT_EQUAL(verify(ring, "HS256", SIGNED, expected, sizeof(expected)), GP_OK);
		gp_key_ring_free(ring);
	}
}

static void
copies_the_secret(void)
{
	unsigned char expected[GP_HS256_SIZE], signature[GP_HS256_SIZE];
	char bytes[] = "unit-test-secret-of-32-character";
	const struct gp_secret_list secrets = { { { bytes, sizeof(bytes) - 1, -1 } }, 1 };
	struct gp_key_ring *ring = gp_key_ring_new(&secrets, 0);

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
		CU_ASSERT_EQUAL(verify(ring, "HS256", "other", 5, first, 32), GP_DENY_SIGNATURE);
		CU_ASSERT_EQUAL(verify(ring, "HS256", SIGNED, first, sizeof(first)), GP_OK);
	}
	gp_key_ring_free(ring);
}

static void
a_secret_answers_for_hs256_alone(void)
{
	static const char *const algorithms[] = { "none", "None", "", "hs256", "HS256 ", " HS256",
		"HS256\n", "HS25", "HS2560", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA",
		"A256KW" };
	unsigned char signature[GP_HS256_SIZE];
	struct gp_key_ring *ring = ring_of(gp_test_secret);

	sign_independently(gp_test_secret, SIGNED, signature);
	for (size_t i = 0; i < GP_COUNT(algorithms); i++) {
		gp_test_row("%s", algorithms[i]);
		CU_ASSERT_EQUAL(verify(ring, algorithms[i], SIGNED, signature, sizeof(signature)),
		    GP_DENY_ALGORITHM);
		CU_ASSERT_EQUAL(
		    verify(ring, algorithms[i], SIGNED, signature, 0), GP_DENY_ALGORITHM);
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
		    verify(ring, "HS256", SIGNED, signature, sizeof(signature)), GP_DENY_SIGNATURE);
		signature[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
	CU_ASSERT_EQUAL(verify(ring, "HS256", SIGNED, signature, sizeof(signature)), GP_OK);
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
		CU_ASSERT_EQUAL(verify(ring, "HS256", SIGNED, signature, length),
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
		    verify(ring, "HS256", SIGNED, signature, sizeof(signature)), GP_DENY_SIGNATURE);
	}
	gp_key_ring_free(ring);
	gp_key_ring_free(NULL);
}

static void
signs_with_the_first_secret_and_verifies_by_all(void)
{
	const struct gp_secret_list secrets = {
		{ { gp_test_secret, strlen(gp_test_secret), -1 },
		    { gp_test_other_secret, strlen(gp_test_other_secret), -1 } },
		2
	};
	struct gp_key_ring *ring = gp_key_ring_new(&secrets, 0);
	unsigned char first[GP_HS256_SIZE], second[GP_HS256_SIZE], signature[GP_HS256_SIZE];

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	sign_independently(gp_test_secret, SIGNED, first);
	sign_independently(gp_test_other_secret, SIGNED, second);
	CU_ASSERT_EQUAL(gp_key_ring_sign(ring, SIGNED, signature), GP_OK);
	CU_ASSERT_EQUAL(memcmp(signature, first, sizeof(first)), 0);
	CU_ASSERT_EQUAL(verify(ring, "HS256", SIGNED, first, sizeof(first)), GP_OK);
	CU_ASSERT_EQUAL(verify(ring, "HS256", SIGNED, second, sizeof(second)), GP_OK);
	sign_independently(gp_test_recorded_secret, SIGNED, second);
	CU_ASSERT_EQUAL(verify(ring, "HS256", SIGNED, second, sizeof(second)), GP_DENY_SIGNATURE);
	gp_key_ring_free(ring);
}

static void
does_without_a_secret(void)
{
	static const struct gp_secret_list none = { .count = 0 };
	const struct gp_secret_list *lists[] = { NULL, &none };

	for (size_t i = 0; i < GP_COUNT(lists); i++) {
		struct gp_key_ring *ring = gp_key_ring_new(lists[i], 0);
		unsigned char signature[GP_HS256_SIZE];

		CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
		CU_ASSERT_EQUAL(gp_key_ring_sign(ring, SIGNED, signature), GP_ERR_CRYPTO);
		sign_independently("", SIGNED, signature);
		CU_ASSERT_EQUAL(
		    verify(ring, "HS256", SIGNED, signature, sizeof(signature)), GP_DENY_ALGORITHM);
		gp_key_ring_free(ring);
	}
}

/* The keys of these names (see key_pair.h), as if they had been read from `place`. */
static void
take_keys(struct gp_key_ring *ring, enum gp_key_place place, const char *names, int64_t dies_s)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	struct gp_test_text text;
	struct gp_jwk_set set;

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	if (names[0] == '\0')
		gp_test_text_set(&text, "{\"keys\":[]}");
	else
		CU_ASSERT_FATAL(gp_test_key_set(names, &text));
	CU_ASSERT_FATAL(gp_jwk_set_read(reader, text.bytes, text.length, NULL, NULL, &set));
	CU_ASSERT_EQUAL(set.refused, 0);
	for (size_t i = 0; i < set.count; i++)
		gp_key_set_death(set.keys[i], dies_s);
	gp_key_ring_take(ring, place, &set);
	CU_ASSERT_EQUAL(set.count, 0);
	gp_json_reader_free(reader);
}

/* A ring with the tests' secret, these keys, and room for a few tokens. */
static struct gp_key_ring *
ring_with(const char *names)
{
	const struct gp_secret_list secrets = { { { gp_test_secret, strlen(gp_test_secret), -1 } },
		1 };
	struct gp_key_ring *ring = gp_key_ring_new(&secrets, 4);

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	take_keys(ring, GP_KEYS_OF_TABLE, names, INT64_MAX);
	return ring;
}

/* What becomes of the text, signed by this signer, under an algorithm's and a key's name. */
static enum gp_outcome
judge_at(struct gp_key_ring *ring, const char *signer, const char *algorithm, const char *key_id,
    int64_t now_s)
{
	unsigned char signature[GP_TEST_SIGNATURE_SIZE];
	size_t length;

	gp_test_row("signed by %s, alg %s, kid %s, at %lld", signer, algorithm,
	    key_id != NULL ? key_id : "-", (long long)now_s);
	CU_ASSERT_FATAL(gp_test_sign(signer, "", SIGNED, signature, &length));
	return gp_key_ring_verify(ring, algorithm, key_id, SIGNED, signature, length, now_s);
}

static enum gp_outcome
judge(struct gp_key_ring *ring, const char *signer, const char *algorithm, const char *key_id)
{
	return judge_at(ring, signer, algorithm, key_id, 1000000);
}

static void
chooses_public_keys_by_algorithm_and_key_id(void)
{
	static const struct {
		const char *keys, *signer, *algorithm, *key_id;
		enum gp_outcome outcome;
	} rows[] = {
		{ "all", "ed", "EdDSA", "ed", GP_OK },
		{ "all", "ed", "Ed25519", "ed", GP_OK },
		{ "all", "es256", "ES256", "es256", GP_OK },
		{ "all", "es512", "ES512", "es512", GP_OK },
		{ "all", "rs256", "RS256", "rs256", GP_OK },
		{ "all", "ps256", "PS256", "ps256", GP_OK },
		{ "all", "ps256", "PS256", NULL, GP_OK },
		{ "all", "ed", "EdDSA", "", GP_DENY_KEY },
		{ "all", "ed", "EdDSA", "es256", GP_DENY_KEY },
		{ "all", "ed", "EdDSA", "Ed", GP_DENY_KEY },
		{ "all", "ed-2", "EdDSA", "ed", GP_DENY_SIGNATURE },
		{ "all", "ed-2", "EdDSA", NULL, GP_DENY_SIGNATURE },
		{ "all", "ps256", "RS256", "rs256", GP_DENY_SIGNATURE },
		{ "all", "rs256", "PS256", "ps256", GP_DENY_SIGNATURE },
		{ "all", "ed", "ES384", NULL, GP_DENY_ALGORITHM },
		{ "all", "ed", "none", NULL, GP_DENY_ALGORITHM },
		{ "ed", "es256", "ES256", "ed", GP_DENY_ALGORITHM },
		{ "", "ed", "EdDSA", NULL, GP_DENY_ALGORITHM },
		/* A key without an id may be any. */
		{ "ed:", "ed", "EdDSA", "whatever", GP_OK },
		{ "ed-2:,ed:", "ed", "EdDSA", "whatever", GP_OK },
		{ "ed:x,ed-2:", "ed-2", "EdDSA", "y", GP_OK },
		{ "ed:x,ed-2:", "ed", "EdDSA", "y", GP_DENY_SIGNATURE },
		/* Two keys of one id. */
		{ "ed:x,ed-2:x", "ed", "EdDSA", "x", GP_OK },
		{ "ed:x,ed-2:x", "ed-2", "EdDSA", "x", GP_OK },
		{ "ed:x,es256:x", "es256", "ES256", "x", GP_OK },
		/* A symmetric key among them. */
		{ "oct", "oct", "HS256", "oct", GP_OK },
		{ "oct", "oct", "HS256", NULL, GP_OK },
		{ "oct", "oct", "HS256", "other", GP_DENY_SIGNATURE },
		{ "oct", "oct", "EdDSA", "oct", GP_DENY_ALGORITHM },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_key_ring *ring = ring_with(rows[i].keys);

		/* Asked twice, as what has been verified is remembered. */
		for (int j = 0; j < 2; j++)
			CU_ASSERT_EQUAL(
			    judge(ring, rows[i].signer, rows[i].algorithm, rows[i].key_id),
			    rows[i].outcome);
		gp_key_ring_free(ring);
	}
}

/* Even where no shared secret could be meant. */
static void
a_symmetric_key_alone_refuses_by_the_signature(void)
{
	struct gp_key_ring *ring = gp_key_ring_new(NULL, 0);
	unsigned char signature[GP_HS256_SIZE];

	CU_ASSERT_PTR_NOT_NULL_FATAL(ring);
	take_keys(ring, GP_KEYS_OF_FILE, "oct", INT64_MAX);
	CU_ASSERT_EQUAL(judge(ring, "oct", "HS256", NULL), GP_OK);
	CU_ASSERT_EQUAL(judge(ring, "oct", "HS256", "nobody"), GP_DENY_KEY);
	sign_independently(gp_test_secret, SIGNED, signature);
	CU_ASSERT_EQUAL(
	    verify(ring, "HS256", SIGNED, signature, sizeof(signature)), GP_DENY_SIGNATURE);
	gp_key_ring_free(ring);
}

static void
replaces_the_keys_of_one_place(void)
{
	struct gp_key_ring *ring = ring_with("ed");

	take_keys(ring, GP_KEYS_OF_FILE, "es256", INT64_MAX);
	take_keys(ring, GP_KEYS_OF_URL, "es512", INT64_MAX);
	CU_ASSERT_EQUAL(judge(ring, "ed", "EdDSA", "ed"), GP_OK);
	CU_ASSERT_EQUAL(judge(ring, "es256", "ES256", "es256"), GP_OK);
	CU_ASSERT_EQUAL(judge(ring, "es512", "ES512", "es512"), GP_OK);
	take_keys(ring, GP_KEYS_OF_TABLE, "ed-2", INT64_MAX);
	CU_ASSERT_EQUAL(judge(ring, "ed", "EdDSA", "ed"), GP_DENY_KEY);
	CU_ASSERT_EQUAL(judge(ring, "ed-2", "EdDSA", "ed-2"), GP_OK);
	CU_ASSERT_EQUAL(judge(ring, "es256", "ES256", "es256"), GP_OK);
	CU_ASSERT_EQUAL(judge(ring, "es512", "ES512", "es512"), GP_OK);
	take_keys(ring, GP_KEYS_OF_URL, "", INT64_MAX);
	CU_ASSERT_EQUAL(judge(ring, "es512", "ES512", "es512"), GP_DENY_ALGORITHM);
	gp_key_ring_free(ring);
}

/* Remembered or not. */
static void
a_withdrawn_key_answers_no_longer(void)
{
	unsigned char signature[GP_TEST_SIGNATURE_SIZE];
	struct gp_key_ring *ring = ring_with("es256");
	size_t length;

	CU_ASSERT_FATAL(gp_test_sign("es256", "", SIGNED, signature, &length));
	for (int i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(verify(ring, "ES256", SIGNED, signature, length), GP_OK);
	take_keys(ring, GP_KEYS_OF_TABLE, "es256-2", INT64_MAX);
	CU_ASSERT_EQUAL(verify(ring, "ES256", SIGNED, signature, length), GP_DENY_SIGNATURE);
	take_keys(ring, GP_KEYS_OF_TABLE, "es256-2,es256", INT64_MAX);
	CU_ASSERT_EQUAL(verify(ring, "ES256", SIGNED, signature, length), GP_OK);
	gp_key_ring_free(ring);
}

static void
a_dead_key_answers_no_longer(void)
{
	static const struct {
		const char *signer, *algorithm;
	} rows[] = { { "ed", "EdDSA" }, { "es256", "ES256" }, { "rs256", "RS256" } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_key_ring *ring = ring_with("");
		const char *signer = rows[i].signer, *algorithm = rows[i].algorithm;

		take_keys(ring, GP_KEYS_OF_TABLE, signer, 2000);
		CU_ASSERT_EQUAL(judge_at(ring, signer, algorithm, signer, 1998), GP_OK);
		CU_ASSERT_EQUAL(judge_at(ring, signer, algorithm, signer, 1999), GP_OK);
		CU_ASSERT_EQUAL(judge_at(ring, signer, algorithm, signer, 2000), GP_DENY_ALGORITHM);
		CU_ASSERT_EQUAL(judge_at(ring, signer, algorithm, NULL, 2001), GP_DENY_ALGORITHM);
		/* One that lives beside it changes nothing for it. */
		take_keys(ring, GP_KEYS_OF_FILE, "ed-2,es256-2,rs256-2", INT64_MAX);
		CU_ASSERT_EQUAL(judge_at(ring, signer, algorithm, signer, 2000), GP_DENY_KEY);
		CU_ASSERT_EQUAL(judge_at(ring, signer, algorithm, NULL, 2000), GP_DENY_SIGNATURE);
		gp_key_ring_free(ring);
	}
}

/* A signature that was remembered dies with the key that made it, not with another. */
static void
a_remembered_signature_dies_with_its_key(void)
{
	unsigned char signature[GP_TEST_SIGNATURE_SIZE];
	struct gp_key_ring *ring = ring_with("");
	size_t length;

	take_keys(ring, GP_KEYS_OF_TABLE, "ed:x", 2000);
	take_keys(ring, GP_KEYS_OF_FILE, "ed-2:x", 3000);
	CU_ASSERT_FATAL(gp_test_sign("ed", "", SIGNED, signature, &length));
	CU_ASSERT_EQUAL(
	    gp_key_ring_verify(ring, "EdDSA", "x", SIGNED, signature, length, 1999), GP_OK);
	CU_ASSERT_EQUAL(gp_key_ring_verify(ring, "EdDSA", "x", SIGNED, signature, length, 2000),
	    GP_DENY_SIGNATURE);
	CU_ASSERT_FATAL(gp_test_sign("ed-2", "", SIGNED, signature, &length));
	CU_ASSERT_EQUAL(
	    gp_key_ring_verify(ring, "EdDSA", "x", SIGNED, signature, length, 1999), GP_OK);
	CU_ASSERT_EQUAL(
	    gp_key_ring_verify(ring, "EdDSA", "x", SIGNED, signature, length, 2999), GP_OK);
	CU_ASSERT_EQUAL(gp_key_ring_verify(ring, "EdDSA", "x", SIGNED, signature, length, 3000),
	    GP_DENY_ALGORITHM);
	gp_key_ring_free(ring);
}

static void
remembers_signatures_and_not_texts(void)
{
	unsigned char signature[GP_TEST_SIGNATURE_SIZE];
	struct gp_key_ring *ring = ring_with("ed");
	size_t length;

	CU_ASSERT_FATAL(gp_test_sign("ed", "", SIGNED, signature, &length));
	CU_ASSERT_EQUAL(verify(ring, "EdDSA", SIGNED, signature, length), GP_OK);
	CU_ASSERT_EQUAL(verify(ring, "EdDSA", SIGNED, signature, length - 1), GP_DENY_SIGNATURE);
	CU_ASSERT_EQUAL(verify(ring, "EdDSA", signed_text, sizeof(signed_text), signature, length),
	    GP_DENY_SIGNATURE);
	signature[0] ^= 1;
	CU_ASSERT_EQUAL(verify(ring, "EdDSA", SIGNED, signature, length), GP_DENY_SIGNATURE);
	gp_key_ring_free(ring);
}

/* A refresher that counts its calls and does as it is told when a key is unknown. */
struct refresher {
	unsigned routine_calls, unknown_calls;
	const char *keys; /* to be taken when a key is unknown; NULL: none */
	bool unreachable;
	int64_t now_s;
};

static struct gp_refreshed
refresh(void *context, struct gp_key_ring *ring, int64_t now_s, bool key_unknown)
{
	struct refresher *refresher = context;
	struct gp_refreshed refreshed = { .unreachable = refresher->unreachable };

	refresher->now_s = now_s;
	if (!key_unknown) {
		refresher->routine_calls++;
		return refreshed;
	}
	refresher->unknown_calls++;
	if (refresher->keys != NULL) {
		take_keys(ring, GP_KEYS_OF_TABLE, refresher->keys, INT64_MAX);
		refreshed.taken = true;
	}
	return refreshed;
}

static void
looks_again_for_a_key_that_it_does_not_know(void)
{
	struct refresher refresher = { .keys = NULL };
	struct gp_key_ring *ring = ring_with("ed");

	gp_key_ring_set_refresher(ring, refresh, &refresher);
	CU_ASSERT_EQUAL(judge_at(ring, "ed", "EdDSA", "ed", 77), GP_OK);
	CU_ASSERT_EQUAL(refresher.routine_calls, 1);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 0);
	CU_ASSERT_EQUAL(refresher.now_s, 77);
	/* A signature that does not match is the token's fault. */
	CU_ASSERT_EQUAL(judge(ring, "ed-2", "EdDSA", "ed"), GP_DENY_SIGNATURE);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 0);
	CU_ASSERT_EQUAL(judge(ring, "ed-2", "EdDSA", "ed-2"), GP_DENY_KEY);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 1);
	CU_ASSERT_EQUAL(judge(ring, "es256", "ES256", NULL), GP_DENY_ALGORITHM);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 2);
	refresher.keys = "ed-2,es256";
	CU_ASSERT_EQUAL(judge(ring, "ed-2", "EdDSA", "ed-2"), GP_OK);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 3);
	CU_ASSERT_EQUAL(judge(ring, "es256", "ES256", NULL), GP_OK);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 3);
	/* What came may have been old news; twice, and no more. */
	CU_ASSERT_EQUAL(judge(ring, "ed", "EdDSA", "ed"), GP_DENY_KEY);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 5);
	CU_ASSERT_EQUAL(judge(ring, "ed", "none", "ed"), GP_DENY_ALGORITHM);
	CU_ASSERT_EQUAL(refresher.unknown_calls, 5);
	gp_key_ring_free(ring);
}

static void
says_when_keys_could_not_be_read(void)
{
	struct refresher refresher = { .unreachable = true };
	struct gp_key_ring *ring = ring_with("ed");

	gp_key_ring_set_refresher(ring, refresh, &refresher);
	CU_ASSERT_EQUAL(judge(ring, "ed", "EdDSA", "ed"), GP_OK);
	CU_ASSERT_EQUAL(judge(ring, "ed-2", "EdDSA", "ed"), GP_DENY_SIGNATURE);
	CU_ASSERT_EQUAL(judge(ring, "ed-2", "EdDSA", "ed-2"), GP_ERR_KEYS_UNREACHABLE);
	CU_ASSERT_EQUAL(judge(ring, "es256", "ES256", "es256"), GP_ERR_KEYS_UNREACHABLE);
	CU_ASSERT_EQUAL(judge(ring, "es256", "ES384", "es256"), GP_DENY_ALGORITHM);
	refresher.keys = "ed-2";
	CU_ASSERT_EQUAL(judge(ring, "ed-2", "EdDSA", "ed-2"), GP_OK);
	gp_key_ring_free(ring);
}

/* A symmetric key may stand in a key file, and be taken out of it. */
static void
asks_for_changed_keys_for_hs256_too(void)
{
	struct refresher refresher = { .keys = NULL };
	struct gp_key_ring *ring = ring_with("oct");

	gp_key_ring_set_refresher(ring, refresh, &refresher);
	CU_ASSERT_EQUAL(judge(ring, "oct", "HS256", "oct"), GP_OK);
	CU_ASSERT_EQUAL(refresher.routine_calls, 1);
	gp_key_ring_free(ring);
}

static void
describes_the_key_ids_in_the_room_there_is(void)
{
	struct gp_key_ring *ring = ring_with("ed,es256:");
	char text[64];

	take_keys(ring, GP_KEYS_OF_URL, "es512:url-key", INT64_MAX);
	gp_key_ring_describe(ring, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "ed (none) url-key");
	for (size_t size = 1; size <= 18; size++) {
		memset(text, 'x', sizeof(text));
		gp_key_ring_describe(ring, text, size);
		CU_ASSERT_EQUAL(strlen(text), size - 1);
		CU_ASSERT_EQUAL(strncmp(text, "ed (none) url-key", size - 1), 0);
		CU_ASSERT_EQUAL(text[size], 'x');
	}
	take_keys(ring, GP_KEYS_OF_TABLE, "", INT64_MAX);
	take_keys(ring, GP_KEYS_OF_URL, "", INT64_MAX);
	gp_key_ring_describe(ring, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "");
	gp_key_ring_free(ring);
}

static void
counts_its_public_keys_by_place_and_algorithm(void)
{
	struct gp_key_ring *ring = ring_with("ed,es256:");

	take_keys(ring, GP_KEYS_OF_URL, "es512:url-key", INT64_MAX);
	CU_ASSERT_EQUAL(gp_key_ring_count(ring, GP_KEYS_OF_URL, GP_ES512), 1);
	CU_ASSERT_EQUAL(gp_key_ring_count(ring, GP_KEYS_OF_URL, GP_EDDSA), 0);
	CU_ASSERT_EQUAL(gp_key_ring_count(ring, GP_KEYS_OF_FILE, GP_ES512), 0);
	CU_ASSERT_EQUAL(gp_key_ring_count(ring, GP_KEYS_OF_TABLE, GP_EDDSA) +
			    gp_key_ring_count(ring, GP_KEYS_OF_FILE, GP_EDDSA),
	    1);
	take_keys(ring, GP_KEYS_OF_URL, "", INT64_MAX);
	CU_ASSERT_EQUAL(gp_key_ring_count(ring, GP_KEYS_OF_URL, GP_ES512), 0);
	gp_key_ring_free(ring);
}

const struct gp_test gp_tests_key_ring[] = {
	GP_TEST(signs_the_vectors_of_rfc_4231),
	GP_TEST(uses_the_secrets_text_and_decodes_nothing),
	GP_TEST(copies_the_secret),
	GP_TEST(starts_each_text_anew),
	GP_TEST(a_secret_answers_for_hs256_alone),
	GP_TEST(refuses_every_signature_that_is_one_bit_off),
	GP_TEST(refuses_signatures_of_another_length),
	GP_TEST(refuses_other_secrets),
	GP_TEST(signs_with_the_first_secret_and_verifies_by_all),
	GP_TEST(does_without_a_secret),
	GP_TEST(chooses_public_keys_by_algorithm_and_key_id),
	GP_TEST(a_symmetric_key_alone_refuses_by_the_signature),
	GP_TEST(replaces_the_keys_of_one_place),
	GP_TEST(a_withdrawn_key_answers_no_longer),
	GP_TEST(a_dead_key_answers_no_longer),
	GP_TEST(a_remembered_signature_dies_with_its_key),
	GP_TEST(remembers_signatures_and_not_texts),
	GP_TEST(looks_again_for_a_key_that_it_does_not_know),
	GP_TEST(says_when_keys_could_not_be_read),
	GP_TEST(asks_for_changed_keys_for_hs256_too),
	GP_TEST(describes_the_key_ids_in_the_room_there_is),
	GP_TEST(counts_its_public_keys_by_place_and_algorithm),
	{ NULL, NULL },
};
