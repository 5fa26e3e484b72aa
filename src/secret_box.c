/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL has ChaCha20-Poly1305 with a nonce of 12 bytes. XChaCha20 makes of a nonce of 24 bytes a
 * key of its own, with which the last 8 of them are enough.
 */
#include "secret_box.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

enum {
	KEY_SIZE = 32,
	BLOCK_SIZE = 64,       /* of ChaCha20 */
	OUTER_NONCE_SIZE = 16, /* goes into the key */
	INNER_NONCE_SIZE = 12,
	TAG_SIZE = GP_SECRET_BOX_OVERHEAD - GP_SECRET_BOX_NONCE_SIZE,
};

struct inner {
	unsigned char key[KEY_SIZE];
	unsigned char nonce[INNER_NONCE_SIZE];
};

/* `length` bytes, whole words of four, from each of which another is taken, little-endian. */
static void
subtract_words(
    const unsigned char *words, const unsigned char *others, size_t length, unsigned char *results)
{
	unsigned borrow = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned difference;

		if (i % 4 == 0)
			borrow = 0;
		difference = 0x100 + (unsigned)words[i] - others[i] - borrow;
		results[i] = (unsigned char)(difference & 0xff);
		borrow = difference < 0x100;
	}
}

/* The first block of ChaCha20, from OpenSSL's 16 bytes of counter and nonce. */
static bool
make_block(const unsigned char *key, const unsigned char *nonce, unsigned char block[BLOCK_SIZE])
{
	static const unsigned char zeros[BLOCK_SIZE] = { 0 };
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int written = 0;
	bool made = context != NULL &&
		    EVP_EncryptInit_ex2(context, EVP_chacha20(), key, nonce, NULL) == 1 &&
		    EVP_EncryptUpdate(context, block, &written, zeros, BLOCK_SIZE) == 1 &&
		    written == BLOCK_SIZE;

	EVP_CIPHER_CTX_free(context);
	return made;
}

/*
 * HChaCha20: the first and the last four words of the state after its twenty rounds. A block of
 * ChaCha20 is that state plus the one at the start, in which these words are no secret: the
 * constants of RFC 8439 section 2.3, and the nonce.
 */
static bool
derive(const struct gp_secret *secret, const unsigned char *nonce, struct inner *inner)
{
	static const char constants[] = "expand 32-byte k";
	unsigned char key[KEY_SIZE], block[BLOCK_SIZE];
	bool derived =
	    EVP_Digest(secret->bytes, secret->length, key, NULL, EVP_sha256(), NULL) == 1 &&
	    make_block(key, nonce, block);

	if (derived) {
		subtract_words(block, (const unsigned char *)constants, 16, inner->key);
		subtract_words(block + BLOCK_SIZE - OUTER_NONCE_SIZE, nonce, OUTER_NONCE_SIZE,
		    inner->key + 16);
		memset(inner->nonce, 0, 4);
		memcpy(inner->nonce + 4, nonce + OUTER_NONCE_SIZE, INNER_NONCE_SIZE - 4);
	}
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(block, sizeof(block));
	return derived;
}

/* A context that is ready to seal or to open with what this nonce makes of the secret. */
static enum gp_outcome
prepare(const struct gp_secret *secret, const unsigned char *nonce, int sealing,
    EVP_CIPHER_CTX **context)
{
	enum gp_outcome outcome = GP_ERR_CRYPTO;
	struct inner inner;

	*context = EVP_CIPHER_CTX_new();
	if (*context == NULL)
		return GP_ERR_MEMORY;
	if (derive(secret, nonce, &inner) && EVP_CipherInit_ex2(*context, EVP_chacha20_poly1305(),
						 inner.key, inner.nonce, sealing, NULL) == 1)
		outcome = GP_OK;
	OPENSSL_cleanse(&inner, sizeof(inner));
	return outcome;
}

enum gp_outcome
gp_secret_box_seal(const struct gp_secret *secret,
    const unsigned char nonce[GP_SECRET_BOX_NONCE_SIZE], const unsigned char *content,
    size_t length, unsigned char *box)
{
	unsigned char *sealed = box + GP_SECRET_BOX_NONCE_SIZE;
	EVP_CIPHER_CTX *context;
	enum gp_outcome outcome;
	int written = 0, rest = 0;

	if (length > INT_MAX - GP_SECRET_BOX_OVERHEAD)
		return GP_ERR_CRYPTO;
	outcome = prepare(secret, nonce, 1, &context);
	if (outcome == GP_OK &&
	    (EVP_EncryptUpdate(context, sealed, &written, content, (int)length) != 1 ||
		EVP_EncryptFinal_ex(context, sealed + written, &rest) != 1 ||
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, sealed + length) !=
		    1))
		outcome = GP_ERR_CRYPTO;
	memcpy(box, nonce, GP_SECRET_BOX_NONCE_SIZE);
	EVP_CIPHER_CTX_free(context);
	return outcome;
}

enum gp_outcome
gp_secret_box_open(
    const struct gp_secret *secret, const unsigned char *box, size_t length, unsigned char *content)
{
	const unsigned char *sealed = box + GP_SECRET_BOX_NONCE_SIZE;
	EVP_CIPHER_CTX *context;
	enum gp_outcome outcome;
	unsigned char tag[TAG_SIZE];
	int written = 0, rest = 0;

	if (length < GP_SECRET_BOX_OVERHEAD)
		return GP_ERR_SEALED;
	length -= GP_SECRET_BOX_OVERHEAD;
	if (length > INT_MAX)
		return GP_ERR_SEALED;
	memcpy(tag, sealed + length, sizeof(tag));
	outcome = prepare(secret, box, 0, &context);
	if (outcome == GP_OK &&
	    (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) != 1 ||
		EVP_DecryptUpdate(context, content, &written, sealed, (int)length) != 1))
		outcome = GP_ERR_CRYPTO;
	if (outcome == GP_OK && EVP_DecryptFinal_ex(context, content + written, &rest) != 1)
		outcome = GP_ERR_SEALED;
	if (outcome != GP_OK)
		OPENSSL_cleanse(content, length);
	EVP_CIPHER_CTX_free(context);
	ERR_clear_error(); /* a wrong tag may leave a note there that nobody reads */
	return outcome;
}
