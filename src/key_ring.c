/* SPDX-License-Identifier: Apache-2.0 */
/* Hides OpenSSL's message authentication. The key schedule is done once, when the ring is made. */
#include "key_ring.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

struct gp_key_ring {
	EVP_MAC_CTX *secret; /* keyed with the shared secret; started anew for each text */
};

struct gp_key_ring *
gp_key_ring_new(const struct gp_secret *secret)
{
	struct gp_key_ring *ring = calloc(1, sizeof(*ring));
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = NULL;

	if (ring == NULL)
		return NULL;
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (hmac != NULL)
		ring->secret = EVP_MAC_CTX_new(hmac);
	EVP_MAC_free(hmac);
	if (ring->secret == NULL || EVP_MAC_init(ring->secret, (const unsigned char *)secret->bytes,
					secret->length, params) != 1) {
		gp_key_ring_free(ring);
		return NULL;
	}
	return ring;
}

void
gp_key_ring_free(struct gp_key_ring *ring)
{
	if (ring == NULL)
		return;
	EVP_MAC_CTX_free(ring->secret); /* wipes the key */
	free(ring);
}

enum gp_outcome
gp_key_ring_sign(
    struct gp_key_ring *ring, const char *text, size_t length, unsigned char *signature)
{
	size_t written = 0;

	/* Without a key: the one that is set stays, and only the text starts anew. */
	if (EVP_MAC_init(ring->secret, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(ring->secret, (const unsigned char *)text, length) != 1 ||
	    EVP_MAC_final(ring->secret, signature, &written, GP_HS256_SIZE) != 1 ||
	    written != GP_HS256_SIZE)
		return GP_ERR_CRYPTO;
	return GP_OK;
}

enum gp_outcome
gp_key_ring_verify(struct gp_key_ring *ring, const char *algorithm, const char *text, size_t length,
    const unsigned char *signature, size_t signature_length)
{
	unsigned char expected[GP_HS256_SIZE];
	enum gp_outcome outcome;

	if (strcmp(algorithm, "HS256") != 0)
		return GP_DENY_ALGORITHM;
	outcome = gp_key_ring_sign(ring, text, length, expected);
	if (outcome != GP_OK)
		return outcome;
	if (signature_length != sizeof(expected) ||
	    CRYPTO_memcmp(signature, expected, sizeof(expected)) != 0)
		outcome = GP_DENY_SIGNATURE;
	OPENSSL_cleanse(expected, sizeof(expected));
	return outcome;
}
