/* SPDX-License-Identifier: Apache-2.0 */
/* A random byte makes a character when it is below the greatest multiple of their number. */
#include "random_text.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

static const char characters[] = "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789";

/* 248 is 4 * 62: from there on a remainder would favour the first characters. */
enum { CHARACTERS = sizeof(characters) - 1, LIMIT = 256 - 256 % CHARACTERS };

enum gp_outcome
gp_random_text(char *text, size_t length)
{
	enum gp_outcome outcome = GP_OK;
	unsigned char bytes[GP_ID_LENGTH];
	size_t filled = 0;

	while (filled < length) {
		if (RAND_priv_bytes(bytes, sizeof(bytes)) != 1) {
			ERR_clear_error();
			OPENSSL_cleanse(text, filled);
			filled = 0;
			outcome = GP_ERR_CRYPTO;
			break;
		}
		for (size_t i = 0; i < sizeof(bytes) && filled < length; i++) {
			if (bytes[i] < LIMIT)
				text[filled++] = characters[bytes[i] % CHARACTERS];
		}
	}
	text[filled] = '\0';
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return outcome;
}
