/* SPDX-License-Identifier: Apache-2.0 */
/* What a JWK's members say, turned into OpenSSL's parameters. key.c judges the key itself. */
#include "jwk.h"

#include <json-c/json.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"

/* Longest member in bytes: an RSA modulus of GP_RSA_BITS_MAX. */
enum { MEMBER_SIZE = GP_RSA_BITS_MAX / 8 };

struct member {
	unsigned char bytes[MEMBER_SIZE + 2];
	size_t length;
};

/* What each kind of key is for. RSA keys are for two algorithms and have to say for which. */
static const struct {
	const char *type, *curve; /* curve NULL: has none */
	enum gp_algorithm algorithm;
	bool certain;      /* the only one */
	const char *group; /* OpenSSL's name of the curve */
	size_t coordinate; /* bytes */
} kinds[] = {
	{ "oct", NULL, GP_HS256, true, NULL, 0 },
	{ "OKP", "Ed25519", GP_EDDSA, true, "ED25519", 32 },
	{ "EC", "P-256", GP_ES256, true, "prime256v1", 32 },
	{ "EC", "P-521", GP_ES512, true, "secp521r1", 66 },
	{ "RSA", NULL, GP_RS256, false, NULL, 0 },
	{ "RSA", NULL, GP_PS256, false, NULL, 0 },
};

static bool
read_member(struct json_object *jwk, const char *name, struct member *member)
{
	const char *text = gp_json_string(jwk, name);
	size_t length = text != NULL ? strlen(text) : 0;

	return length > 0 && GP_BASE64URL_DECODED_SIZE(length) <= sizeof(member->bytes) &&
	       gp_base64url_decode(text, length, member->bytes, &member->length);
}

static EVP_PKEY *
key_from_params(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

/* RFC 8037 section 2 */
static EVP_PKEY *
read_edwards(struct json_object *jwk, size_t kind)
{
	struct member x;

	if (!read_member(jwk, "x", &x) || x.length != kinds[kind].coordinate)
		return NULL;
	return EVP_PKEY_new_raw_public_key_ex(NULL, kinds[kind].group, NULL, x.bytes, x.length);
}

/* RFC 7518 section 6.2.1: coordinates have the full length of the field. */
static EVP_PKEY *
read_curve(struct json_object *jwk, size_t kind)
{
	unsigned char point[1 + 2 * 66];
	size_t coordinate = kinds[kind].coordinate;
	struct member x, y;
	char group[16];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(
		    OSSL_PKEY_PARAM_GROUP_NAME, group, strlen(kinds[kind].group)),
		OSSL_PARAM_construct_octet_string(
		    OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * coordinate),
		OSSL_PARAM_construct_end(),
	};

	if (!read_member(jwk, "x", &x) || !read_member(jwk, "y", &y) || x.length != coordinate ||
	    y.length != coordinate)
		return NULL;
	memcpy(group, kinds[kind].group, strlen(kinds[kind].group) + 1);
	point[0] = 4; /* uncompressed */
	memcpy(point + 1, x.bytes, coordinate);
	memcpy(point + 1 + coordinate, y.bytes, coordinate);
	return key_from_params("EC", params);
}

/* An unsigned number in the byte order of this machine, as OpenSSL's parameters want it. */
static bool
to_native(struct member *member)
{
	BIGNUM *number = BN_bin2bn(member->bytes, (int)member->length, NULL);
	bool converted =
	    number != NULL && BN_bn2nativepad(number, member->bytes, (int)member->length) >= 0;

	BN_free(number);
	return converted;
}

/* RFC 7518 section 6.3.1 */
static EVP_PKEY *
read_rsa(struct json_object *jwk)
{
	struct member n, e;

	if (!read_member(jwk, "n", &n) || !read_member(jwk, "e", &e) || !to_native(&n) ||
	    !to_native(&e))
		return NULL;
	return key_from_params(
	    "RSA", (OSSL_PARAM[]){
		       OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n.bytes, n.length),
		       OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e.bytes, e.length),
		       OSSL_PARAM_construct_end(),
		   });
}

static struct gp_key *
read_secret(struct json_object *jwk, const char *key_id)
{
	struct gp_key *key = NULL;
	struct member k;

	if (read_member(jwk, "k", &k) && k.length >= GP_SECRET_SIZE_MIN)
		key = gp_key_new_secret(k.bytes, k.length, key_id);
	OPENSSL_cleanse(&k, sizeof(k));
	return key;
}

/* RFC 7517 sections 4.2 and 4.3: a key that says what it is for says that it verifies. */
static bool
is_for_verifying(struct json_object *jwk)
{
	const char *use = gp_json_string(jwk, "use");
	struct json_object *operations;

	if (json_object_object_get_ex(jwk, "use", NULL) && (use == NULL || strcmp(use, "sig") != 0))
		return false;
	if (!json_object_object_get_ex(jwk, "key_ops", &operations))
		return true;
	if (!json_object_is_type(operations, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(operations); i++) {
		struct json_object *one = json_object_array_get_idx(operations, i);

		if (json_object_is_type(one, json_type_string) &&
		    strcmp(json_object_get_string(one), "verify") == 0)
			return true;
	}
	return false;
}

/* The row of kinds[] that fits type, curve and algorithm; false when none does. */
static bool
find_kind(struct json_object *jwk, const enum gp_algorithm *assumed, size_t *found)
{
	const char *type = gp_json_string(jwk, "kty");
	const char *curve = gp_json_string(jwk, "crv");
	const char *name = gp_json_string(jwk, "alg");
	enum gp_algorithm algorithm = GP_ALGORITHM_COUNT;

	if (type == NULL)
		return false;
	if (json_object_object_get_ex(jwk, "alg", NULL) &&
	    (name == NULL || !gp_algorithm_of(name, &algorithm)))
		return false;
	if (name == NULL && assumed != NULL)
		algorithm = *assumed;
	for (size_t i = 0; i < GP_COUNT(kinds); i++) {
		if (strcmp(kinds[i].type, type) != 0)
			continue;
		if (kinds[i].curve != NULL && (curve == NULL || strcmp(kinds[i].curve, curve) != 0))
			continue;
		if (algorithm == kinds[i].algorithm ||
		    (algorithm == GP_ALGORITHM_COUNT && kinds[i].certain)) {
			*found = i;
			return true;
		}
	}
	return false;
}

static struct gp_key *
read_key(struct json_object *jwk, const enum gp_algorithm *assumed, const char *key_id)
{
	EVP_PKEY *public_key = NULL;
	size_t kind;

	if (!json_object_is_type(jwk, json_type_object) || !is_for_verifying(jwk) ||
	    !find_kind(jwk, assumed, &kind))
		return NULL;
	if (key_id == NULL) {
		key_id = gp_json_string(jwk, "kid");
		if (key_id == NULL && json_object_object_get_ex(jwk, "kid", NULL))
			return NULL;
	}
	switch (kinds[kind].algorithm) {
	case GP_HS256: return read_secret(jwk, key_id);
	case GP_EDDSA: public_key = read_edwards(jwk, kind); break;
	case GP_ES256:
	case GP_ES512: public_key = read_curve(jwk, kind); break;
	case GP_RS256:
	case GP_PS256: public_key = read_rsa(jwk); break;
	case GP_ALGORITHM_COUNT: break;
	}
	if (public_key == NULL) {
		ERR_clear_error();
		return NULL;
	}
	return gp_key_new_public(public_key, kinds[kind].algorithm, key_id);
}

static void
add(struct gp_jwk_set *set, struct gp_key *key)
{
	if (key == NULL || set->count == GP_JWK_SET_MAX) {
		gp_key_free(key);
		set->refused++;
		return;
	}
	set->keys[set->count++] = key;
}

bool
gp_jwk_set_read(struct gp_json_reader *reader, const char *text, size_t length,
    const enum gp_algorithm *algorithm, const char *key_id, struct gp_jwk_set *set)
{
	struct json_object *object = NULL, *keys;
	struct gp_json_error error;
	bool is_set = false;

	*set = (struct gp_jwk_set){ .count = 0 };
	if (!gp_json_parse(reader, text, length, &object, &error))
		return false;
	if (json_object_object_get_ex(object, "keys", &keys) &&
	    json_object_is_type(keys, json_type_array)) {
		is_set = true;
		for (size_t i = 0; i < json_object_array_length(keys); i++)
			add(set, read_key(json_object_array_get_idx(keys, i), algorithm, NULL));
	} else if (gp_json_string(object, "kty") != NULL) {
		is_set = true;
		add(set, read_key(object, algorithm, key_id));
	}
	json_object_put(object);
	return is_set;
}

void
gp_jwk_set_keep(struct gp_jwk_set *set, enum gp_algorithm algorithm)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (gp_key_algorithm(set->keys[i]) == algorithm)
			set->keys[kept++] = set->keys[i];
		else
			gp_key_free(set->keys[i]);
	}
	set->refused += set->count - kept;
	set->count = kept;
}

void
gp_jwk_set_clear(struct gp_jwk_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		gp_key_free(set->keys[i]);
	*set = (struct gp_jwk_set){ .count = 0 };
}
