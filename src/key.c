/* SPDX-License-Identifier: Apache-2.0 */
/* Hides OpenSSL's keys, digests and signature forms. A symmetric key's schedule is computed once.
 */
#include "key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

struct gp_key {
	enum gp_algorithm algorithm;
	char *id;
	int64_t dies_s;
	EVP_MAC_CTX *secret;  /* HS256: keyed, started anew for each text */
	EVP_PKEY *public_key; /* all others */
};

static const struct {
	const char *name;
	const char *type;   /* OpenSSL's name of the kind of key */
	const char *curve;  /* NULL: none */
	const char *digest; /* NULL: the algorithm has its own */
	size_t coordinate;  /* bytes of r and of s; 0: the signature is one piece */
	int padding;        /* RSA's; 0: none */
} kinds[GP_ALGORITHM_COUNT] = {
	[GP_HS256] = { "HS256", NULL, NULL, "SHA256", 0, 0 },
	[GP_EDDSA] = { "EdDSA", "ED25519", NULL, NULL, 0, 0 },
	[GP_ES256] = { "ES256", "EC", "prime256v1", "SHA256", 32, 0 },
	[GP_ES512] = { "ES512", "EC", "secp521r1", "SHA512", 66, 0 },
	[GP_RS256] = { "RS256", "RSA", NULL, "SHA256", 0, RSA_PKCS1_PADDING },
	[GP_PS256] = { "PS256", "RSA", NULL, "SHA256", 0, RSA_PKCS1_PSS_PADDING },
};

bool
gp_algorithm_of(const char *name, enum gp_algorithm *algorithm)
{
	/* RFC 9864 gives EdDSA with this curve a name of its own. */
	if (strcmp(name, "Ed25519") == 0)
		name = "EdDSA";
	for (size_t i = 0; i < GP_ALGORITHM_COUNT; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*algorithm = (enum gp_algorithm)i;
			return true;
		}
	}
	return false;
}

const char *
gp_algorithm_name(enum gp_algorithm algorithm)
{
	return kinds[algorithm].name;
}

static struct gp_key *
key_new(enum gp_algorithm algorithm, const char *key_id)
{
	struct gp_key *key = calloc(1, sizeof(*key));

	if (key == NULL)
		return NULL;
	key->algorithm = algorithm;
	key->dies_s = INT64_MAX;
	if (key_id != NULL) {
		key->id = strdup(key_id);
		if (key->id == NULL) {
			free(key);
			return NULL;
		}
	}
	return key;
}

struct gp_key *
gp_key_new_secret(const unsigned char *bytes, size_t length, const char *key_id)
{
	struct gp_key *key = key_new(GP_HS256, key_id);
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = NULL;

	if (key == NULL)
		return NULL;
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (hmac != NULL)
		key->secret = EVP_MAC_CTX_new(hmac);
	EVP_MAC_free(hmac);
	if (key->secret == NULL || EVP_MAC_init(key->secret, bytes, length, params) != 1) {
		gp_key_free(key);
		return NULL;
	}
	return key;
}

static bool
has_curve(EVP_PKEY *public_key, const char *curve)
{
	char name[32];
	size_t length;

	return EVP_PKEY_get_group_name(public_key, name, sizeof(name), &length) == 1 &&
	       strcmp(name, curve) == 0;
}

/* RFC 7518 section 3.3; an exponent of 1 would make every text its own signature. */
static bool
is_sound_rsa(EVP_PKEY *public_key)
{
	int bits = EVP_PKEY_get_bits(public_key);
	BIGNUM *exponent = NULL;
	bool sound;

	if (bits < GP_RSA_BITS_MIN || bits > GP_RSA_BITS_MAX ||
	    EVP_PKEY_get_bn_param(public_key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
		return false;
	sound = BN_num_bits(exponent) >= 2 && BN_num_bits(exponent) <= 64 && BN_is_odd(exponent);
	BN_free(exponent);
	return sound;
}

/*
 * The y coordinates of the points of small order on Ed25519, little-endian, sign bit off: one
 * signature under such a key fits every text. OpenSSL takes them for keys.
 */
static const unsigned char small_order[][32] = {
	{ 0x00 },
	{ 0x01 },
	{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
	    0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d,
	    0x53, 0xfc, 0x05 },
	{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
	    0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92,
	    0xac, 0x03, 0x7a },
	{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0x7f },
	{ 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0x7f },
	{ 0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0x7f },
};

static bool
is_sound_edwards(EVP_PKEY *public_key)
{
	unsigned char point[32];
	size_t length = sizeof(point);

	if (EVP_PKEY_get_raw_public_key(public_key, point, &length) != 1 || length != sizeof(point))
		return false;
	point[31] &= 0x7f;
	for (size_t i = 0; i < GP_COUNT(small_order); i++) {
		if (memcmp(point, small_order[i], sizeof(point)) == 0)
			return false;
	}
	return true;
}

static bool
is_sound(EVP_PKEY *public_key, enum gp_algorithm algorithm)
{
	EVP_PKEY_CTX *context;
	bool sound;

	if (kinds[algorithm].type == NULL || EVP_PKEY_is_a(public_key, kinds[algorithm].type) != 1)
		return false;
	if (kinds[algorithm].padding != 0)
		return is_sound_rsa(public_key);
	if (kinds[algorithm].curve == NULL)
		return is_sound_edwards(public_key);
	if (!has_curve(public_key, kinds[algorithm].curve))
		return false;
	context = EVP_PKEY_CTX_new_from_pkey(NULL, public_key, NULL);
	sound = context != NULL && EVP_PKEY_public_check(context) == 1; /* on the curve */
	EVP_PKEY_CTX_free(context);
	return sound;
}

struct gp_key *
gp_key_new_public(EVP_PKEY *public_key, enum gp_algorithm algorithm, const char *key_id)
{
	struct gp_key *key = NULL;

	if (is_sound(public_key, algorithm))
		key = key_new(algorithm, key_id);
	ERR_clear_error();
	if (key == NULL) {
		EVP_PKEY_free(public_key);
		return NULL;
	}
	key->public_key = public_key;
	return key;
}

void
gp_key_free(struct gp_key *key)
{
	if (key == NULL)
		return;
	EVP_MAC_CTX_free(key->secret); /* wipes the key */
	EVP_PKEY_free(key->public_key);
	free(key->id);
	free(key);
}

enum gp_algorithm
gp_key_algorithm(const struct gp_key *key)
{
	return key->algorithm;
}

void
gp_key_set_death(struct gp_key *key, int64_t dies_s)
{
	key->dies_s = dies_s;
}

int64_t
gp_key_death(const struct gp_key *key)
{
	return key->dies_s;
}

const char *
gp_key_id(const struct gp_key *key)
{
	return key->id;
}

enum gp_outcome
gp_key_sign(struct gp_key *key, const char *text, size_t length, unsigned char *signature)
{
	size_t written = 0;

	/* Without a key: the one that is set stays, and only the text starts anew. */
	if (key->secret == NULL || EVP_MAC_init(key->secret, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(key->secret, (const unsigned char *)text, length) != 1 ||
	    EVP_MAC_final(key->secret, signature, &written, GP_HS256_SIZE) != 1 ||
	    written != GP_HS256_SIZE)
		return GP_ERR_CRYPTO;
	return GP_OK;
}

static enum gp_outcome
verify_secret(struct gp_key *key, const char *text, size_t length, const unsigned char *signature,
    size_t signature_length)
{
	unsigned char expected[GP_HS256_SIZE];
	enum gp_outcome outcome = gp_key_sign(key, text, length, expected);

	if (outcome != GP_OK)
		return outcome;
	if (signature_length != sizeof(expected) ||
	    CRYPTO_memcmp(signature, expected, sizeof(expected)) != 0)
		outcome = GP_DENY_SIGNATURE;
	OPENSSL_cleanse(expected, sizeof(expected));
	return outcome;
}

/* r and s side by side, as a JWS has them, in the DER that OpenSSL wants. NULL without memory. */
static unsigned char *
to_der(const unsigned char *signature, size_t coordinate, int *length)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(signature, (int)coordinate, NULL);
	BIGNUM *s = BN_bin2bn(signature + coordinate, (int)coordinate, NULL);
	unsigned char *der = NULL;

	if (pair == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(pair, r, s) != 1) {
		BN_free(r);
		BN_free(s);
	} else {
		*length = i2d_ECDSA_SIG(pair, &der);
		if (*length <= 0)
			der = NULL;
	}
	ECDSA_SIG_free(pair);
	return der;
}

/* RFC 7518 section 3.5: the salt is as long as the digest. */
static bool
set_padding(EVP_PKEY_CTX *context, int padding)
{
	if (padding == 0)
		return true;
	if (EVP_PKEY_CTX_set_rsa_padding(context, padding) != 1)
		return false;
	return padding != RSA_PKCS1_PSS_PADDING ||
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static enum gp_outcome
verify_public(struct gp_key *key, const char *text, size_t length, const unsigned char *signature,
    size_t signature_length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *settings = NULL; /* belongs to `context` */
	enum gp_outcome outcome = GP_ERR_CRYPTO;

	if (context == NULL)
		return GP_ERR_MEMORY;
	if (EVP_DigestVerifyInit_ex(context, &settings, kinds[key->algorithm].digest, NULL, NULL,
		key->public_key, NULL) == 1 &&
	    set_padding(settings, kinds[key->algorithm].padding))
		outcome = EVP_DigestVerify(context, signature, signature_length,
			      (const unsigned char *)text, length) == 1
			      ? GP_OK
			      : GP_DENY_SIGNATURE;
	EVP_MD_CTX_free(context);
	ERR_clear_error(); /* a refused signature leaves a note there that nobody reads */
	return outcome;
}

enum gp_outcome
gp_key_verify(struct gp_key *key, const char *text, size_t length, const unsigned char *signature,
    size_t signature_length)
{
	size_t coordinate = kinds[key->algorithm].coordinate;
	enum gp_outcome outcome;
	unsigned char *der;
	int der_length = 0;

	if (key->algorithm == GP_HS256)
		return verify_secret(key, text, length, signature, signature_length);
	if (coordinate == 0)
		return verify_public(key, text, length, signature, signature_length);
	if (signature_length != 2 * coordinate)
		return GP_DENY_SIGNATURE;
	der = to_der(signature, coordinate, &der_length);
	if (der == NULL)
		return GP_ERR_MEMORY;
	outcome = verify_public(key, text, length, der, (size_t)der_length);
	OPENSSL_free(der);
	return outcome;
}
