/* SPDX-License-Identifier: Apache-2.0 */
/* The RFCs' own examples, what OpenSSL signs, and every signature and key that must not pass. */
#include "key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <string.h>

#include "attributes.h"
#include "base64url.h"
#include "jwk.h"
#include "key_pair.h"
#include "unit.h"

static const char signed_text[] = "a text to be signed";
#define SIGNED signed_text, sizeof(signed_text) - 1

#define JOE \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290" \
	"Ijp0cnVlfQ"

/* RFC 7515 appendices A.1 to A.4, RFC 8037 appendix A.4: a JWK and the token it verifies. */
static const struct vector {
	const char *name;
	enum gp_algorithm algorithm;
	const char *jwk;
	const char *text, *signature;
} vectors[] = {
	{ "RFC 7515 A.1", GP_HS256,
	    "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
	    "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}",
	    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." JOE,
	    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" },
	{ "RFC 7515 A.2", GP_RS256,
	    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
	    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEz"
	    "P1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf6"
	    "3kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5Zw"
	    "Kh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRW"
	    "yuXpoQ"
	    "\"}",
	    "eyJhbGciOiJSUzI1NiJ9." JOE,
	    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt"
	    "_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArL"
	    "IARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7no"
	    "OPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ"
	    "Ge77Rw" },
	{ "RFC 7515 A.3", GP_ES256,
	    "{\"kty\":\"EC\",\"crv\":\"P-256\","
	    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
	    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
	    "eyJhbGciOiJFUzI1NiJ9." JOE,
	    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6"
	    "NU1Q" },
	{ "RFC 7515 A.4", GP_ES512,
	    "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\""
	    "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceq"
	    "wQGk"
	    "\",\"y\":\""
	    "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3k"
	    "yMj2"
	    "\"}",
	    "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA",
	    "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_"
	    "7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXo"
	    "lLzeO_Jn" },
	{ "RFC 8037 A.4", GP_EDDSA,
	    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
	    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
	    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
	    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM"
	    "0KAg" },
};

/* RFC 7520 section 4.2: RSASSA-PSS with SHA-384, which is none of ours. */
static const char ps384_jwk[] =
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
    "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZ"
    "QHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oB"
    "HqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVb"
    "b9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHd"
    "rNP5zw"
    "\"}";
static const char ps384_text[] =
    "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGE"
    "gZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB"
    "0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmc"
    "gd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
static const char ps384_signature[] =
    "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqH"
    "CdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn"
    "442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0"
    "n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-"
    "X72Eaw";

struct bytes {
	unsigned char at[GP_TEST_SIGNATURE_SIZE];
	size_t length;
};

static void
decode(const char *text, struct bytes *bytes)
{
	CU_ASSERT_FATAL(strlen(text) < sizeof(bytes->at));
	CU_ASSERT_FATAL(gp_base64url_decode(text, strlen(text), bytes->at, &bytes->length));
}

static struct gp_key *
key_of(const char *jwk, enum gp_algorithm algorithm)
{
	struct gp_json_reader *reader = gp_json_reader_new();
	struct gp_jwk_set set;

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT_FATAL(gp_jwk_set_read(reader, jwk, strlen(jwk), &algorithm, NULL, &set));
	gp_json_reader_free(reader);
	CU_ASSERT_EQUAL_FATAL(set.count, 1);
	CU_ASSERT_EQUAL(gp_key_algorithm(set.keys[0]), algorithm);
	return set.keys[0];
}

/* The key that judges what `signer` (see key_pair.h) signs. */
static struct gp_key *
key_of_signer(const char *signer, enum gp_algorithm algorithm)
{
	EVP_PKEY *pair = gp_test_key_pair(signer);
	struct gp_key *key;

	CU_ASSERT_FATAL(pair != NULL && EVP_PKEY_up_ref(pair) == 1);
	key = gp_key_new_public(pair, algorithm, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	return key;
}

static void
sign(const char *signer, const char *how, struct bytes *signature)
{
	CU_ASSERT_FATAL(gp_test_sign(signer, how, SIGNED, signature->at, &signature->length));
}

static enum gp_outcome
judge(struct gp_key *key, const struct bytes *signature)
{
	return gp_key_verify(key, SIGNED, signature->at, signature->length);
}

static const struct {
	const char *signer;
	enum gp_algorithm algorithm;
} signers[] = { { "ed", GP_EDDSA }, { "es256", GP_ES256 }, { "es512", GP_ES512 },
	{ "rs256", GP_RS256 }, { "ps256", GP_PS256 } };

static void
knows_the_algorithms_by_their_names(void)
{
	static const char *const names[GP_ALGORITHM_COUNT] = { "HS256", "EdDSA", "ES256", "ES512",
		"RS256", "PS256" };
	static const char *const foreign[] = { "", "none", "None", "hs256", "HS256 ", " HS256",
		"HS", "HS384", "HS512", "eddsa", "EDDSA", "ed25519", "Ed25519 ", "Ed448", "ES256K",
		"ES384", "RS384", "RS512", "RS1", "PS384", "PS512", "RSA-OAEP", "A256GCM", "dir" };
	enum gp_algorithm algorithm = GP_ALGORITHM_COUNT;

	for (int i = 0; i < GP_ALGORITHM_COUNT; i++) {
		CU_ASSERT_STRING_EQUAL(gp_algorithm_name((enum gp_algorithm)i), names[i]);
		CU_ASSERT_FATAL(gp_algorithm_of(names[i], &algorithm));
		CU_ASSERT_EQUAL(algorithm, (enum gp_algorithm)i);
	}
	CU_ASSERT_FATAL(gp_algorithm_of("Ed25519", &algorithm));
	CU_ASSERT_EQUAL(algorithm, GP_EDDSA);
	for (size_t i = 0; i < GP_COUNT(foreign); i++) {
		gp_test_row("%s", foreign[i]);
		CU_ASSERT_FALSE(gp_algorithm_of(foreign[i], &algorithm));
	}
}

static void
verifies_the_examples_of_the_rfcs(void)
{
	for (size_t i = 0; i < GP_COUNT(vectors); i++) {
		struct gp_key *key = key_of(vectors[i].jwk, vectors[i].algorithm);
		struct bytes signature;

		gp_test_row("%s", vectors[i].name);
		decode(vectors[i].signature, &signature);
		CU_ASSERT_EQUAL(gp_key_verify(key, vectors[i].text, strlen(vectors[i].text),
				    signature.at, signature.length),
		    GP_OK);
		gp_key_free(key);
	}
}

/* A bit of each byte of the signature; any length but its own; the text a letter shorter. */
static void
refuses_the_examples_when_anything_is_changed(void)
{
	for (size_t i = 0; i < GP_COUNT(vectors); i++) {
		struct gp_key *key = key_of(vectors[i].jwk, vectors[i].algorithm);
		const char *text = vectors[i].text;
		const size_t length = strlen(text);
		struct bytes signature;

		decode(vectors[i].signature, &signature);
		for (size_t j = 0; j < signature.length; j++) {
			gp_test_row("%s: byte %zu", vectors[i].name, j);
			signature.at[j] ^= (unsigned char)(1U << j % 8);
			CU_ASSERT_EQUAL(
			    gp_key_verify(key, text, length, signature.at, signature.length),
			    GP_DENY_SIGNATURE);
			signature.at[j] ^= (unsigned char)(1U << j % 8);
		}
		memset(signature.at + signature.length, 0, sizeof(signature.at) - signature.length);
		for (size_t j = 0; j <= signature.length + 8; j++) {
			gp_test_row("%s: %zu bytes", vectors[i].name, j);
			CU_ASSERT_EQUAL(gp_key_verify(key, text, length, signature.at, j),
			    j == signature.length ? GP_OK : GP_DENY_SIGNATURE);
		}
		gp_test_row("%s: another text", vectors[i].name);
		CU_ASSERT_EQUAL(
		    gp_key_verify(key, text, length - 1, signature.at, signature.length),
		    GP_DENY_SIGNATURE);
		CU_ASSERT_EQUAL(
		    gp_key_verify(key, text, 0, signature.at, signature.length), GP_DENY_SIGNATURE);
		gp_key_free(key);
	}
}

static void
refuses_the_example_of_ps384(void)
{
	static const enum gp_algorithm algorithms[] = { GP_RS256, GP_PS256 };
	struct bytes signature;

	decode(ps384_signature, &signature);
	for (size_t i = 0; i < GP_COUNT(algorithms); i++) {
		struct gp_key *key = key_of(ps384_jwk, algorithms[i]);

		CU_ASSERT_EQUAL(gp_key_verify(key, ps384_text, strlen(ps384_text), signature.at,
				    signature.length),
		    GP_DENY_SIGNATURE);
		gp_key_free(key);
	}
}

static void
verifies_what_openssl_signs(void)
{
	for (size_t i = 0; i < GP_COUNT(signers); i++) {
		struct gp_key *key = key_of_signer(signers[i].signer, signers[i].algorithm);
		struct bytes signature;

		gp_test_row("%s", signers[i].signer);
		sign(signers[i].signer, "", &signature);
		for (int j = 0; j < 3; j++)
			CU_ASSERT_EQUAL(judge(key, &signature), GP_OK);
		CU_ASSERT_EQUAL(gp_key_verify(key, "other", 5, signature.at, signature.length),
		    GP_DENY_SIGNATURE);
		CU_ASSERT_EQUAL(judge(key, &signature), GP_OK);
		gp_key_free(key);
	}
}

/* Every key against what every other signs, the same pair under the other name included. */
static void
refuses_what_others_sign(void)
{
	static const char *const others[] = { "oct", "ed", "ed-2", "es256", "es256-2", "es512",
		"es512-2", "rs256", "rs256-2", "ps256", "ps256-2" };

	for (size_t i = 0; i < GP_COUNT(signers); i++) {
		struct gp_key *key = key_of_signer(signers[i].signer, signers[i].algorithm);

		for (size_t j = 0; j < GP_COUNT(others); j++) {
			struct bytes signature;

			if (strcmp(others[j], signers[i].signer) == 0)
				continue;
			gp_test_row("%s judged by %s", others[j], signers[i].signer);
			sign(others[j], "", &signature);
			CU_ASSERT_EQUAL(judge(key, &signature), GP_DENY_SIGNATURE);
		}
		gp_key_free(key);
	}
}

/* Right but for the digest, for ECDSA's form, for the length of the salt. */
static void
refuses_the_right_key_used_otherwise(void)
{
	static const struct {
		const char *signer, *how;
		enum gp_algorithm algorithm;
	} rows[] = {
		{ "es256", "sha512", GP_ES256 },
		{ "es512", "sha256", GP_ES512 },
		{ "rs256", "sha512", GP_RS256 },
		{ "ps256", "sha512", GP_PS256 },
		{ "es256", "der", GP_ES256 },
		{ "es512", "der", GP_ES512 },
		{ "ps256", "salt0", GP_PS256 },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_key *key = key_of_signer(rows[i].signer, rows[i].algorithm);
		struct bytes signature;

		gp_test_row("%s with %s", rows[i].signer, rows[i].how);
		sign(rows[i].signer, rows[i].how, &signature);
		CU_ASSERT_EQUAL(judge(key, &signature), GP_DENY_SIGNATURE);
		gp_key_free(key);
	}
}

/* All zeros, all ones: nobody's signature, whatever the key. */
static void
refuses_signatures_of_one_byte_repeated(void)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0xff };

	for (size_t i = 0; i < GP_COUNT(signers); i++) {
		struct gp_key *key = key_of_signer(signers[i].signer, signers[i].algorithm);
		struct bytes signature;

		sign(signers[i].signer, "", &signature);
		for (size_t j = 0; j < GP_COUNT(values); j++) {
			gp_test_row("%s: %u", signers[i].signer, values[j]);
			memset(signature.at, values[j], signature.length);
			CU_ASSERT_EQUAL(judge(key, &signature), GP_DENY_SIGNATURE);
		}
		gp_key_free(key);
	}
}

/* RFC 7518 section 3.4 leaves r and s their range: 1 to the order less one. */
static void
refuses_numbers_out_of_their_range(const char *signer, enum gp_algorithm algorithm, int curve)
{
	struct gp_key *key = key_of_signer(signer, algorithm);
	EC_GROUP *group = EC_GROUP_new_by_curve_name(curve);
	struct bytes good, bad;
	unsigned char order[66], sum[67];
	BIGNUM *number;
	size_t half;

	CU_ASSERT_PTR_NOT_NULL_FATAL(group);
	sign(signer, "", &good);
	half = good.length / 2;
	CU_ASSERT_EQUAL_FATAL(
	    BN_bn2binpad(EC_GROUP_get0_order(group), order, (int)half), (int)half);
	for (size_t which = 0; which < 2; which++) {
		unsigned char *at = bad.at + which * half;

		bad = good;
		gp_test_row("%s: number %zu is zero", signer, which);
		memset(at, 0, half);
		CU_ASSERT_EQUAL(judge(key, &bad), GP_DENY_SIGNATURE);
		gp_test_row("%s: number %zu is the order", signer, which);
		memcpy(at, order, half);
		CU_ASSERT_EQUAL(judge(key, &bad), GP_DENY_SIGNATURE);
		/* The order more stands for the same number, where there is room for it. */
		bad = good;
		number = BN_bin2bn(at, (int)half, NULL);
		CU_ASSERT_PTR_NOT_NULL_FATAL(number);
		CU_ASSERT(BN_add(number, number, EC_GROUP_get0_order(group)) == 1);
		CU_ASSERT(BN_bn2binpad(number, sum, (int)half + 1) > 0);
		gp_test_row("%s: number %zu is the order too much", signer, which);
		memcpy(at, sum + 1, half);
		CU_ASSERT_EQUAL(judge(key, &bad), GP_DENY_SIGNATURE);
		BN_free(number);
	}
	gp_test_row("%s: exchanged", signer);
	memcpy(bad.at, good.at + half, half);
	memcpy(bad.at + half, good.at, half);
	CU_ASSERT_EQUAL(judge(key, &bad), GP_DENY_SIGNATURE);
	CU_ASSERT_EQUAL(judge(key, &good), GP_OK);
	EC_GROUP_free(group);
	gp_key_free(key);
}

static void
refuses_ecdsa_numbers_out_of_their_range(void)
{
	refuses_numbers_out_of_their_range("es256", GP_ES256, NID_X9_62_prime256v1);
	refuses_numbers_out_of_their_range("es512", GP_ES512, NID_secp521r1);
}

/* RFC 8032 section 5.1.7: S + L is another text for the same number. */
static void
refuses_eddsa_with_the_order_added(void)
{
	static const unsigned char order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
		0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0x10 };
	struct gp_key *key = key_of_signer("ed", GP_EDDSA);
	struct bytes signature;
	unsigned carry = 0;

	sign("ed", "", &signature);
	CU_ASSERT_EQUAL_FATAL(signature.length, 64);
	for (size_t i = 0; i < sizeof(order); i++) {
		carry += (unsigned)signature.at[32 + i] + order[i];
		signature.at[32 + i] = (unsigned char)carry;
		carry >>= 8;
	}
	CU_ASSERT_EQUAL(carry, 0);
	CU_ASSERT_EQUAL(judge(key, &signature), GP_DENY_SIGNATURE);
	gp_key_free(key);
}

/* OpenSSL's list of errors would be read by whoever uses OpenSSL next. */
static void
leaves_no_errors_behind(void)
{
	for (size_t i = 0; i < GP_COUNT(signers); i++) {
		struct gp_key *key = key_of_signer(signers[i].signer, signers[i].algorithm);
		struct bytes signature;

		gp_test_row("%s", signers[i].signer);
		sign(signers[i].signer, "", &signature);
		ERR_clear_error();
		signature.at[5] ^= 1;
		CU_ASSERT_EQUAL(judge(key, &signature), GP_DENY_SIGNATURE);
		CU_ASSERT_EQUAL(ERR_peek_error(), 0);
		memset(signature.at, 0xff, signature.length);
		CU_ASSERT_EQUAL(judge(key, &signature), GP_DENY_SIGNATURE);
		CU_ASSERT_EQUAL(ERR_peek_error(), 0);
		CU_ASSERT_EQUAL(gp_key_verify(key, SIGNED, signature.at, signature.length - 1),
		    GP_DENY_SIGNATURE);
		CU_ASSERT_EQUAL(ERR_peek_error(), 0);
		gp_key_free(key);
	}
}

static void
only_a_secret_signs(void)
{
	static const unsigned char bytes[] = "unit-test-secret-of-32-character";
	struct gp_key *secret = gp_key_new_secret(bytes, sizeof(bytes) - 1, "k1");
	unsigned char signature[GP_HS256_SIZE];

	CU_ASSERT_PTR_NOT_NULL_FATAL(secret);
	CU_ASSERT_EQUAL(gp_key_algorithm(secret), GP_HS256);
	CU_ASSERT(gp_test_same(gp_key_id(secret), "k1"));
	CU_ASSERT_EQUAL(gp_key_sign(secret, SIGNED, signature), GP_OK);
	CU_ASSERT_EQUAL(gp_key_verify(secret, SIGNED, signature, sizeof(signature)), GP_OK);
	gp_key_free(secret);
	for (size_t i = 0; i < GP_COUNT(signers); i++) {
		struct gp_key *key = key_of_signer(signers[i].signer, signers[i].algorithm);

		gp_test_row("%s", signers[i].signer);
		CU_ASSERT_EQUAL(gp_key_sign(key, SIGNED, signature), GP_ERR_CRYPTO);
		gp_key_free(key);
	}
}

static void
keeps_its_id_and_its_death(void)
{
	char id[] = "key-1";
	EVP_PKEY *pair = gp_test_key_pair("ed");
	struct gp_key *key;

	CU_ASSERT_FATAL(pair != NULL && EVP_PKEY_up_ref(pair) == 1);
	key = gp_key_new_public(pair, GP_EDDSA, id);
	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	memset(id, 'x', sizeof(id) - 1);
	CU_ASSERT(gp_test_same(gp_key_id(key), "key-1"));
	CU_ASSERT_EQUAL(gp_key_death(key), INT64_MAX);
	gp_key_set_death(key, 1234);
	CU_ASSERT_EQUAL(gp_key_death(key), 1234);
	gp_key_free(key);
	key = key_of_signer("ed", GP_EDDSA);
	CU_ASSERT_PTR_NULL(gp_key_id(key));
	gp_key_free(key);
	gp_key_free(NULL);
}

/* Takes the key also on failure: a sanitizer sees to that. */
static bool
is_taken(EVP_PKEY *key, enum gp_algorithm algorithm)
{
	struct gp_key *made;

	CU_ASSERT_FATAL(key != NULL && EVP_PKEY_up_ref(key) == 1);
	made = gp_key_new_public(key, algorithm, NULL);
	gp_key_free(made);
	CU_ASSERT_EQUAL(ERR_peek_error(), 0);
	return made != NULL;
}

static void
takes_a_key_for_its_own_algorithm_alone(void)
{
	static const struct {
		const char *signer;
		bool taken[GP_ALGORITHM_COUNT]; /* HS256, EdDSA, ES256, ES512, RS256, PS256 */
	} rows[] = {
		{ "ed", { false, true, false, false, false, false } },
		{ "es256", { false, false, true, false, false, false } },
		{ "es512", { false, false, false, true, false, false } },
		{ "rs256", { false, false, false, false, true, true } },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		for (int j = 0; j < GP_ALGORITHM_COUNT; j++) {
			gp_test_row(
			    "%s for %s", rows[i].signer, gp_algorithm_name((enum gp_algorithm)j));
			CU_ASSERT_EQUAL(
			    is_taken(gp_test_key_pair(rows[i].signer), (enum gp_algorithm)j),
			    rows[i].taken[j]);
		}
	}
}

static void
refuses_keys_of_other_kinds(void)
{
	static const struct {
		const char *type, *curve;
	} rows[] = { { "ED448", NULL }, { "X25519", NULL }, { "X448", NULL }, { "EC", "P-384" },
		{ "EC", "secp256k1" }, { "EC", "P-224" }, { "SM2", NULL } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		EVP_PKEY *key = rows[i].curve != NULL
				    ? EVP_PKEY_Q_keygen(NULL, NULL, rows[i].type, rows[i].curve)
				    : EVP_PKEY_Q_keygen(NULL, NULL, rows[i].type);

		if (key == NULL) { /* an OpenSSL built without it */
			ERR_clear_error();
			continue;
		}
		for (int j = 0; j < GP_ALGORITHM_COUNT; j++) {
			gp_test_row("%s %s for %s", rows[i].type,
			    rows[i].curve != NULL ? rows[i].curve : "",
			    gp_algorithm_name((enum gp_algorithm)j));
			CU_ASSERT_FALSE(is_taken(key, (enum gp_algorithm)j));
		}
		EVP_PKEY_free(key);
	}
}

/* An RSA public key of so many bits and this exponent; its modulus is only an odd number. */
static EVP_PKEY *
rsa_of(size_t bits, const char *exponent)
{
	unsigned char modulus[1100], number[16];
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *n = BN_new(), *e = NULL;
	EVP_PKEY *key = NULL;
	size_t length = (bits + 7) / 8, number_length;

	CU_ASSERT_FATAL(context != NULL && n != NULL && length <= sizeof(modulus));
	CU_ASSERT_FATAL(BN_set_bit(n, (int)bits - 1) == 1 && BN_set_bit(n, 0) == 1);
	CU_ASSERT_FATAL(BN_dec2bn(&e, exponent) > 0);
	number_length = (size_t)BN_num_bytes(e) > 0 ? (size_t)BN_num_bytes(e) : 1;
	CU_ASSERT_FATAL(BN_bn2nativepad(n, modulus, (int)length) > 0);
	CU_ASSERT_FATAL(BN_bn2nativepad(e, number, (int)number_length) > 0);
	CU_ASSERT_FATAL(EVP_PKEY_fromdata_init(context) == 1);
	CU_ASSERT_FATAL(
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY,
		(OSSL_PARAM[]){
		    OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus, length),
		    OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, number, number_length),
		    OSSL_PARAM_construct_end(),
		}) == 1);
	EVP_PKEY_CTX_free(context);
	BN_free(n);
	BN_free(e);
	return key;
}

static void
judges_the_size_of_rsa_keys(void)
{
	static const struct {
		size_t bits;
		const char *exponent;
		bool taken;
	} rows[] = {
		{ 512, "65537", false },
		{ 1024, "65537", false },
		{ 2047, "65537", false },
		{ 2048, "65537", true },
		{ 3072, "65537", true },
		{ 4096, "65537", true },
		{ 8192, "65537", true },
		{ 8193, "65537", false },
		{ 2048, "3", true },
		{ 2048, "17", true },
		{ 2048, "0", false },
		{ 2048, "1", false },
		{ 2048, "2", false },
		{ 2048, "65536", false },
		{ 2048, "18446744073709551615", true },
		{ 2048, "18446744073709551617", false },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		EVP_PKEY *key = rsa_of(rows[i].bits, rows[i].exponent);

		gp_test_row("%zu bits, e = %s", rows[i].bits, rows[i].exponent);
		CU_ASSERT_EQUAL(is_taken(key, GP_RS256), rows[i].taken);
		CU_ASSERT_EQUAL(is_taken(key, GP_PS256), rows[i].taken);
		EVP_PKEY_free(key);
	}
}

const struct gp_test gp_tests_key[] = {
	GP_TEST(knows_the_algorithms_by_their_names),
	GP_TEST(verifies_the_examples_of_the_rfcs),
	GP_TEST(refuses_the_examples_when_anything_is_changed),
	GP_TEST(refuses_the_example_of_ps384),
	GP_TEST(verifies_what_openssl_signs),
	GP_TEST(refuses_what_others_sign),
	GP_TEST(refuses_the_right_key_used_otherwise),
	GP_TEST(refuses_signatures_of_one_byte_repeated),
	GP_TEST(refuses_ecdsa_numbers_out_of_their_range),
	GP_TEST(refuses_eddsa_with_the_order_added),
	GP_TEST(leaves_no_errors_behind),
	GP_TEST(only_a_secret_signs),
	GP_TEST(keeps_its_id_and_its_death),
	GP_TEST(takes_a_key_for_its_own_algorithm_alone),
	GP_TEST(refuses_keys_of_other_kinds),
	GP_TEST(judges_the_size_of_rsa_keys),
	{ NULL, NULL },
};
