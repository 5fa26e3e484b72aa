/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's key generation, its signatures in the form a JWS has, and its keys as JWK. */
#include "key_pair.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "attributes.h"

/* Most bytes of a member: the modulus of 2048 bits. */
enum { MEMBER_SIZE = 256 };

static const char symmetric_key[] = "a symmetric key among the public ones";

static struct pair {
	const char *name;
	const char *type, *curve;
	EVP_PKEY *key; /* NULL until asked for */
} pairs[] = {
	{ "ed", "ED25519", NULL, NULL },
	{ "ed-2", "ED25519", NULL, NULL },
	{ "p256", "EC", "P-256", NULL },
	{ "p256-2", "EC", "P-256", NULL },
	{ "p521", "EC", "P-521", NULL },
	{ "p521-2", "EC", "P-521", NULL },
	{ "rsa", "RSA", NULL, NULL },
	{ "rsa-2", "RSA", NULL, NULL },
};

static const struct signer {
	const char *name;
	const char *pair; /* NULL: symmetric */
	const char *algorithm;
	const char *digest; /* NULL: the algorithm has its own */
	size_t coordinate;  /* bytes of r and of s; 0: the signature is one piece */
	int padding;        /* RSA's; 0: none */
} signers[] = {
	{ "oct", NULL, "HS256", "SHA256", 0, 0 },
	{ "ed", "ed", "EdDSA", NULL, 0, 0 },
	{ "ed-2", "ed-2", "EdDSA", NULL, 0, 0 },
	{ "ed25519", "ed", "Ed25519", NULL, 0, 0 },
	{ "es256", "p256", "ES256", "SHA256", 32, 0 },
	{ "es256-2", "p256-2", "ES256", "SHA256", 32, 0 },
	{ "es512", "p521", "ES512", "SHA512", 66, 0 },
	{ "es512-2", "p521-2", "ES512", "SHA512", 66, 0 },
	{ "rs256", "rsa", "RS256", "SHA256", 0, RSA_PKCS1_PADDING },
	{ "rs256-2", "rsa-2", "RS256", "SHA256", 0, RSA_PKCS1_PADDING },
	{ "ps256", "rsa", "PS256", "SHA256", 0, RSA_PKCS1_PSS_PADDING },
	{ "ps256-2", "rsa-2", "PS256", "SHA256", 0, RSA_PKCS1_PSS_PADDING },
};

static const struct signer *
find_signer(const char *name)
{
	for (size_t i = 0; i < GP_COUNT(signers); i++) {
		if (strcmp(signers[i].name, name) == 0)
			return &signers[i];
	}
	return NULL;
}

static EVP_PKEY *
generate(const struct pair *pair)
{
	if (strcmp(pair->type, "RSA") == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	if (pair->curve != NULL)
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", pair->curve);
	return EVP_PKEY_Q_keygen(NULL, NULL, pair->type);
}

static EVP_PKEY *
key_of(const struct signer *signer)
{
	for (size_t i = 0; signer->pair != NULL && i < GP_COUNT(pairs); i++) {
		if (strcmp(pairs[i].name, signer->pair) != 0)
			continue;
		if (pairs[i].key == NULL)
			pairs[i].key = generate(&pairs[i]);
		return pairs[i].key;
	}
	return NULL;
}

EVP_PKEY *
gp_test_key_pair(const char *signer)
{
	const struct signer *found = find_signer(signer);

	return found != NULL ? key_of(found) : NULL;
}

/* ECDSA's numbers side by side, each as long as the field (RFC 7518 section 3.4). */
static bool
to_raw(unsigned char signature[GP_TEST_SIGNATURE_SIZE], size_t *length, size_t coordinate)
{
	const unsigned char *der = signature;
	ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &der, (long)*length);
	bool written =
	    numbers != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(numbers), signature, (int)coordinate) > 0 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(numbers), signature + coordinate, (int)coordinate) > 0;

	ECDSA_SIG_free(numbers);
	*length = 2 * coordinate;
	return written;
}

static bool
set_padding(EVP_PKEY_CTX *settings, int padding, bool salted)
{
	if (padding == 0)
		return true;
	if (EVP_PKEY_CTX_set_rsa_padding(settings, padding) != 1)
		return false;
	return padding != RSA_PKCS1_PSS_PADDING ||
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, salted ? RSA_PSS_SALTLEN_DIGEST : 0) == 1;
}

bool
gp_test_sign(const char *name, const char *how, const void *text, size_t length,
    unsigned char signature[GP_TEST_SIGNATURE_SIZE], size_t *signature_length)
{
	const struct signer *signer = find_signer(name);
	EVP_MD_CTX *context;
	EVP_PKEY_CTX *settings = NULL; /* belongs to `context` */
	const char *digest;
	bool is_signed;

	if (signer == NULL)
		return false;
	*signature_length = GP_TEST_SIGNATURE_SIZE;
	if (signer->pair == NULL)
		return EVP_Q_mac(NULL, "HMAC", NULL, signer->digest, NULL, symmetric_key,
			   sizeof(symmetric_key) - 1, text, length, signature,
			   GP_TEST_SIGNATURE_SIZE, signature_length) != NULL;
	digest = strncmp(how, "sha", 3) == 0 ? how : signer->digest;
	context = EVP_MD_CTX_new();
	is_signed = context != NULL &&
		    EVP_DigestSignInit_ex(
			context, &settings, digest, NULL, NULL, key_of(signer), NULL) == 1 &&
		    set_padding(settings, signer->padding, strcmp(how, "salt0") != 0) &&
		    EVP_DigestSign(context, signature, signature_length, text, length) == 1;
	EVP_MD_CTX_free(context);
	if (is_signed && signer->coordinate > 0 && strcmp(how, "der") != 0)
		is_signed = to_raw(signature, signature_length, signer->coordinate);
	return is_signed;
}

static bool
add_text(struct gp_test_text *text, const char *more)
{
	return gp_test_text_add(text, more, strlen(more));
}

static bool
add_member(struct gp_test_text *text, const char *name, const char *value)
{
	return add_text(text, ",\"") && add_text(text, name) && add_text(text, "\":\"") &&
	       add_text(text, value) && add_text(text, "\"");
}

static bool
add_bytes(struct gp_test_text *text, const char *name, const unsigned char *bytes, size_t length)
{
	return add_text(text, ",\"") && add_text(text, name) && add_text(text, "\":\"") &&
	       gp_test_text_add_encoded(text, bytes, length) && add_text(text, "\"");
}

/* A number of the key in `length` bytes, or in as many as it needs where that is 0. */
static bool
take_number(EVP_PKEY *key, const char *parameter, unsigned char bytes[MEMBER_SIZE], size_t *length)
{
	BIGNUM *number = NULL;
	bool taken = EVP_PKEY_get_bn_param(key, parameter, &number) == 1;

	if (taken && *length == 0)
		*length = (size_t)BN_num_bytes(number);
	taken = taken && BN_bn2binpad(number, bytes, (int)*length) > 0;
	BN_free(number);
	return taken;
}

static bool
add_number(struct gp_test_text *text, const char *name, EVP_PKEY *key, const char *parameter,
    size_t length)
{
	unsigned char bytes[MEMBER_SIZE];

	return take_number(key, parameter, bytes, &length) && add_bytes(text, name, bytes, length);
}

static bool
add_public_members(struct gp_test_text *text, const struct signer *signer)
{
	EVP_PKEY *key = key_of(signer);
	unsigned char point[32];
	size_t length = sizeof(point);

	if (signer->pair == NULL)
		return add_bytes(
		    text, "k", (const unsigned char *)symmetric_key, sizeof(symmetric_key) - 1);
	if (signer->padding != 0)
		return add_number(text, "n", key, OSSL_PKEY_PARAM_RSA_N, 0) &&
		       add_number(text, "e", key, OSSL_PKEY_PARAM_RSA_E, 0);
	if (signer->coordinate == 0)
		return EVP_PKEY_get_raw_public_key(key, point, &length) == 1 &&
		       add_member(text, "crv", "Ed25519") && add_bytes(text, "x", point, length);
	return add_member(text, "crv", signer->coordinate == 32 ? "P-256" : "P-521") &&
	       add_number(text, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, signer->coordinate) &&
	       add_number(text, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, signer->coordinate);
}

static const char *
type_of(const struct signer *signer)
{
	if (signer->pair == NULL)
		return "oct";
	if (signer->padding != 0)
		return "RSA";
	return signer->coordinate == 0 ? "OKP" : "EC";
}

bool
gp_test_add_jwk(struct gp_test_text *text, const char *name, const char *key_id)
{
	const struct signer *signer = find_signer(name);

	return signer != NULL && add_text(text, "{\"kty\":\"") && add_text(text, type_of(signer)) &&
	       add_text(text, "\"") && add_member(text, "alg", signer->algorithm) &&
	       (key_id[0] == '\0' || add_member(text, "kid", key_id)) &&
	       add_public_members(text, signer) && add_text(text, "}");
}

bool
gp_test_key_set(const char *names, struct gp_test_text *text)
{
	bool added;

	if (strcmp(names, "all") == 0)
		names = "ed,es256,es512,rs256,ps256";
	gp_test_text_set(text, "{\"keys\":[");
	do {
		char name[32], key_id[32];
		size_t length = strcspn(names, ",");
		size_t name_length = strcspn(names, ",:");
		const char *id = names + name_length + (names[name_length] == ':');

		if (length >= sizeof(name) || length >= sizeof(key_id))
			return false;
		memcpy(name, names, name_length);
		name[name_length] = '\0';
		memcpy(key_id, id, (size_t)(names + length - id));
		key_id[names + length - id] = '\0';
		added = gp_test_add_jwk(text, name, names[name_length] == ':' ? key_id : name);
		names += length;
		if (*names == ',')
			added = added && add_text(text, ",");
	} while (added && *names++ == ',');
	return added && add_text(text, "]}");
}

static bool
add_pem(struct gp_test_text *bytes, EVP_PKEY *key)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *text;
	long length = 0;
	bool added = false;

	if (memory != NULL && PEM_write_bio_PUBKEY(memory, key) == 1)
		length = BIO_get_mem_data(memory, &text);
	if (length > 0)
		added = gp_test_text_add(bytes, text, (size_t)length);
	BIO_free(memory);
	return added;
}

static bool
add_der(struct gp_test_text *bytes, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(key, &der);
	bool added = length > 0 && gp_test_text_add(bytes, der, (size_t)length);

	OPENSSL_free(der);
	return added;
}

/* An RSA modulus, a point of a curve in its 65 or 133 bytes, or an Ed25519 point in its 32. */
static bool
add_raw(struct gp_test_text *bytes, const struct signer *signer)
{
	EVP_PKEY *key = key_of(signer);
	unsigned char raw[MEMBER_SIZE];
	size_t length = signer->padding != 0 ? 0 : sizeof(raw);
	bool taken;

	if (signer->padding != 0)
		taken = take_number(key, OSSL_PKEY_PARAM_RSA_N, raw, &length);
	else if (signer->coordinate != 0)
		taken = EVP_PKEY_get_octet_string_param(
			    key, OSSL_PKEY_PARAM_PUB_KEY, raw, sizeof(raw), &length) == 1;
	else
		taken = EVP_PKEY_get_raw_public_key(key, raw, &length) == 1;
	return taken && gp_test_text_add(bytes, raw, length);
}

bool
gp_test_key_bytes(const char *form, const char *name, struct gp_test_text *bytes)
{
	const struct signer *signer = find_signer(name);

	gp_test_text_set(bytes, "");
	if (signer == NULL || signer->pair == NULL)
		return false;
	if (strcmp(form, "pem") == 0)
		return add_pem(bytes, key_of(signer));
	if (strcmp(form, "der") == 0)
		return add_der(bytes, key_of(signer));
	if (strcmp(form, "raw") == 0)
		return add_raw(bytes, signer);
	return strcmp(form, "jwk") == 0 && gp_test_add_jwk(bytes, name, name);
}
