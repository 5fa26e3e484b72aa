/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A box that a real Better Auth sealed with a secret thrown away since, and HChaCha20 written out
 * from the draft, against which ours is held.
 */
#include "secret_box.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "token.h"
#include "unit.h"

#define NONCE "efccf8ef737e4840f3dd886eab165980c18e55b84f7704f7"
#define SUBKEY "074f11f15afc8b6be8dba9848402b72e9e3c84f72ba91ca9622dd0d9f99c207c"
#define CONTENT \
	"{\"crv\":\"Ed25519\",\"d\":\"kw4M_UWzSGHrCTZSLkQhS6l_Spgn5R5l_j9zsS4WCOg\"," \
	"\"x\":\"c8saxt6Qr3XMswDs-oCW5lzIw54b0hD4rDymBbCvEYA\",\"kty\":\"OKP\"}"
#define BOX \
	NONCE "391a69187df29383354584437da5e39cc953dfd0f3a2d7becd4840f45cf4db115a3f1c4c3bf7e60c" \
	      "d461014e890e12cd7d5dc163e8d607c65a5397d09cf84e0038ad78f69abbec3e4e46aa0924c9fde9" \
	      "38d5d765ce039d8e8c4755f29e9003d4afdff62de166df6c9be824f08897d39b7178fa7455382d75" \
	      "e18d8b49d5c24465d1fae567d3a8ed3b93e3245102c3577c26"

enum { SIZE = 2048 }; /* of any box here */

static const struct gp_secret recorded = { gp_test_recorded_secret, 32, -1 };
static const struct gp_secret other = { gp_test_other_secret, 32, -1 };

static size_t
from_hex(const char *text, unsigned char *bytes, size_t size)
{
	size_t length = 0;

	CU_ASSERT_EQUAL_FATAL(OPENSSL_hexstr2buf_ex(bytes, size, &length, text, '\0'), 1);
	return length;
}

static void
seals_as_better_auth_did(void)
{
	unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE], expected[SIZE], box[SIZE];
	size_t length = from_hex(BOX, expected, sizeof(expected));

	CU_ASSERT_EQUAL(from_hex(NONCE, nonce, sizeof(nonce)), sizeof(nonce));
	CU_ASSERT_EQUAL_FATAL(length, strlen(CONTENT) + GP_SECRET_BOX_OVERHEAD);
	CU_ASSERT_EQUAL(gp_secret_box_seal(
			    &recorded, nonce, (const unsigned char *)CONTENT, strlen(CONTENT), box),
	    GP_OK);
	CU_ASSERT_EQUAL(memcmp(box, expected, length), 0);
}

static void
opens_what_better_auth_sealed(void)
{
	unsigned char box[SIZE], content[SIZE];
	size_t length = from_hex(BOX, box, sizeof(box));

	CU_ASSERT_EQUAL(gp_secret_box_open(&recorded, box, length, content), GP_OK);
	CU_ASSERT_EQUAL(memcmp(content, CONTENT, strlen(CONTENT)), 0);
}

static uint32_t
word_at(const unsigned char *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* RFC 8439 section 2.1 */
static void
quarter_round(uint32_t state[16], int a, int b, int c, int d)
{
	static const int turns[] = { 16, 12, 8, 7 };

	for (int i = 0; i < 4; i++) {
		int to = i % 2 == 0 ? a : c, more = i % 2 == 0 ? b : d;
		int turned = i % 2 == 0 ? d : b;

		state[to] += state[more];
		state[turned] ^= state[to];
		state[turned] = state[turned] << turns[i] | state[turned] >> (32 - turns[i]);
	}
}

/* draft-irtf-cfrg-xchacha-03 section 2.2 */
static void
derive_subkey(const unsigned char key[32], const unsigned char nonce[16], unsigned char subkey[32])
{
	uint32_t state[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };

	for (int i = 0; i < 8; i++)
		state[4 + i] = word_at(key + 4 * i);
	for (int i = 0; i < 4; i++)
		state[12 + i] = word_at(nonce + 4 * i);
	for (int i = 0; i < 10; i++) {
		for (int column = 0; column < 4; column++)
			quarter_round(state, column, column + 4, column + 8, column + 12);
		for (int column = 0; column < 4; column++)
			quarter_round(state, column, 4 + (column + 1) % 4, 8 + (column + 2) % 4,
			    12 + (column + 3) % 4);
	}
	for (int i = 0; i < 8; i++) {
		for (int byte = 0; byte < 4; byte++)
			subkey[4 * i + byte] =
			    (unsigned char)(state[i < 4 ? i : 8 + i] >> 8 * byte & 0xff);
	}
}

/* Section 2.2.1 of the draft, and the recorded key: what we compare with is right itself. */
static void
the_draft_written_out_is_right(void)
{
	unsigned char key[32], nonce[GP_SECRET_BOX_NONCE_SIZE], expected[32], subkey[32];

	for (unsigned char i = 0; i < sizeof(key); i++)
		key[i] = i;
	from_hex("000000090000004a0000000031415927", nonce, sizeof(nonce));
	from_hex("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc", expected,
	    sizeof(expected));
	derive_subkey(key, nonce, subkey);
	CU_ASSERT_EQUAL(memcmp(subkey, expected, sizeof(subkey)), 0);
	SHA256((const unsigned char *)recorded.bytes, recorded.length, key);
	from_hex(NONCE, nonce, sizeof(nonce));
	from_hex(SUBKEY, expected, sizeof(expected));
	derive_subkey(key, nonce, subkey);
	CU_ASSERT_EQUAL(memcmp(subkey, expected, sizeof(subkey)), 0);
}

/* By OpenSSL alone, with the key that a nonce makes. */
static bool
opens_with_subkey(const unsigned char *subkey, const unsigned char *box, size_t length,
    unsigned char *content, size_t *content_length)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	unsigned char nonce[12] = { 0 }, tag[16];
	int written = 0, rest = 0;
	bool opened;

	CU_ASSERT_PTR_NOT_NULL_FATAL(context);
	memcpy(nonce + 4, box + 16, 8);
	memcpy(tag, box + length - sizeof(tag), sizeof(tag));
	opened = EVP_DecryptInit_ex2(context, EVP_chacha20_poly1305(), subkey, nonce, NULL) == 1 &&
		 EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) == 1 &&
		 EVP_DecryptUpdate(context, content, &written, box + 24,
		     (int)(length - GP_SECRET_BOX_OVERHEAD)) == 1 &&
		 EVP_DecryptFinal_ex(context, content + written, &rest) == 1;
	EVP_CIPHER_CTX_free(context);
	*content_length = (size_t)(written + rest);
	return opened;
}

static void
makes_the_same_key_of_every_nonce(void)
{
	for (int i = 0; i < 2000; i++) {
		unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE], key[32], subkey[32];
		unsigned char box[SIZE], content[SIZE];
		const size_t length = 3 + GP_SECRET_BOX_OVERHEAD;
		size_t content_length;

		/* The first ones are all zeros and all ones. */
		if (i < 2)
			memset(nonce, i == 0 ? 0x00 : 0xff, sizeof(nonce));
		else
			CU_ASSERT_EQUAL_FATAL(RAND_bytes(nonce, sizeof(nonce)), 1);
		SHA256((const unsigned char *)other.bytes, other.length, key);
		derive_subkey(key, nonce, subkey);
		CU_ASSERT_EQUAL_FATAL(
		    gp_secret_box_seal(&other, nonce, (const unsigned char *)"abc", 3, box), GP_OK);
		CU_ASSERT_FATAL(opens_with_subkey(subkey, box, length, content, &content_length));
		CU_ASSERT_EQUAL(content_length, 3);
		CU_ASSERT_EQUAL(memcmp(content, "abc", 3), 0);
	}
}

static void
opens_what_it_sealed_of_any_length(void)
{
	static const size_t lengths[] = { 0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 1000, 2000 };
	const unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE] = "any 24 bytes, and so on";

	for (size_t i = 0; i < GP_COUNT(lengths); i++) {
		unsigned char content[SIZE], box[SIZE], opened[SIZE];
		size_t length = lengths[i] + GP_SECRET_BOX_OVERHEAD;

		gp_test_row("%zu bytes", lengths[i]);
		memset(content, 'c', sizeof(content));
		memset(box, 0xee, sizeof(box));
		memset(opened, 0xee, sizeof(opened));
		CU_ASSERT_EQUAL(gp_secret_box_seal(&other, nonce, content, lengths[i], box), GP_OK);
		CU_ASSERT_EQUAL(memcmp(box, nonce, sizeof(nonce)), 0);
		CU_ASSERT_EQUAL(box[length], 0xee);
		CU_ASSERT_EQUAL(gp_secret_box_open(&other, box, length, opened), GP_OK);
		CU_ASSERT_EQUAL(memcmp(opened, content, lengths[i]), 0);
		CU_ASSERT_EQUAL(opened[lengths[i]], 0xee);
	}
}

/* Refused, and nothing of the content is left behind. */
static void
expect_sealed(const struct gp_secret *secret, const unsigned char *box, size_t length)
{
	static const unsigned char zeros[SIZE];
	unsigned char content[SIZE];
	size_t content_length =
	    length > GP_SECRET_BOX_OVERHEAD ? length - GP_SECRET_BOX_OVERHEAD : 0;

	memset(content, 0xee, sizeof(content));
	CU_ASSERT_EQUAL(gp_secret_box_open(secret, box, length, content), GP_ERR_SEALED);
	CU_ASSERT_EQUAL(memcmp(content, zeros, content_length), 0);
	CU_ASSERT_EQUAL(content[content_length], 0xee);
}

static void
refuses_a_box_with_any_bit_turned(void)
{
	unsigned char box[SIZE];
	size_t length = from_hex(BOX, box, sizeof(box));

	for (size_t bit = 0; bit < 8 * length; bit++) {
		gp_test_row("bit %zu", bit);
		box[bit / 8] ^= (unsigned char)(1U << bit % 8);
		expect_sealed(&recorded, box, length);
		box[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
}

/* From exact memory, so that reads behind the end are seen. */
static void
refuses_a_box_of_any_other_length(void)
{
	unsigned char box[SIZE];
	size_t length = from_hex(BOX, box, sizeof(box));

	box[length] = 0;
	for (size_t cut = 0; cut <= length + 1; cut++) {
		unsigned char *copy = malloc(cut + (cut == 0));

		CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
		if (cut == length) {
			free(copy);
			continue;
		}
		gp_test_row("%zu bytes", cut);
		memcpy(copy, box, cut);
		expect_sealed(&recorded, copy, cut);
		free(copy);
	}
}

static void
refuses_another_secret(void)
{
	const struct gp_secret shorter = { gp_test_recorded_secret, 31, -1 };
	unsigned char box[SIZE];
	size_t length = from_hex(BOX, box, sizeof(box));

	expect_sealed(&other, box, length);
	expect_sealed(&shorter, box, length);
}

const struct gp_test gp_tests_secret_box[] = {
	GP_TEST(seals_as_better_auth_did),
	GP_TEST(opens_what_better_auth_sealed),
	GP_TEST(the_draft_written_out_is_right),
	GP_TEST(makes_the_same_key_of_every_nonce),
	GP_TEST(opens_what_it_sealed_of_any_length),
	GP_TEST(refuses_a_box_with_any_bit_turned),
	GP_TEST(refuses_a_box_of_any_other_length),
	GP_TEST(refuses_another_secret),
	{ NULL, NULL },
};
