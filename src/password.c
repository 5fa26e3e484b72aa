/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libutf8proc finds the normal form, OpenSSL the key. Verifying has one path: what cannot match is
 * replaced by something of the same cost, and forgotten about at the end.
 */
#include "password.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "utf8.h"

enum { SALT_DIGITS = 2 * GP_PASSWORD_SALT_SIZE, KEY_SIZE = 64, KEY_DIGITS = 2 * KEY_SIZE };

_Static_assert(SALT_DIGITS + 1 + KEY_DIGITS + 1 == GP_PASSWORD_HASH_SIZE, "room for both");

/* Better Auth's parameters. They take 32 MiB and a little; OpenSSL refuses what takes more. */
enum { COST = 16384, BLOCK_SIZE = 16, PARALLEL = 1, MEMORY_MAX = 64 * 1024 * 1024 };

/* NFKC. */
static const utf8proc_option_t normal_form = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;

/* Stands in for a stored hash that is none; of the same form. */
static const char no_hash[] = "00000000000000000000000000000000:"
			      "0000000000000000000000000000000000000000000000000000000000000000"
			      "0000000000000000000000000000000000000000000000000000000000000000";

_Static_assert(sizeof(no_hash) == GP_PASSWORD_HASH_SIZE, "the form of a hash");

/* The bytes that are hashed: the caller's, or such in memory of ours. */
struct normal {
	const char *bytes;
	size_t length;
	void *memory;
	size_t memory_size;
};

static void
forget(struct normal *normal)
{
	if (normal->memory != NULL)
		OPENSSL_cleanse(normal->memory, normal->memory_size);
	free(normal->memory);
	*normal = (struct normal){ .bytes = "" };
}

static bool
is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/*
 * In a buffer of ours, which the library turns from code points into UTF-8 where they are: the
 * functions that allocate one leave copies behind that nobody wipes.
 */
static enum gp_outcome
compose(struct normal *normal, const char *password, size_t length)
{
	const utf8proc_uint8_t *text = (const utf8proc_uint8_t *)password;
	const utf8proc_ssize_t bytes = (utf8proc_ssize_t)length;
	utf8proc_ssize_t count = utf8proc_decompose(text, bytes, NULL, 0, normal_form);

	if (count < 0)
		return GP_ERR_INTERNAL;
	normal->memory_size = (size_t)count * sizeof(utf8proc_int32_t) + 1; /* and its NUL */
	normal->memory = malloc(normal->memory_size);
	if (normal->memory == NULL)
		return GP_ERR_MEMORY;
	count = utf8proc_decompose(text, bytes, normal->memory, count, normal_form);
	if (count >= 0)
		count = utf8proc_reencode(normal->memory, count, normal_form);
	if (count < 0)
		return GP_ERR_INTERNAL;
	normal->bytes = normal->memory;
	normal->length = (size_t)count;
	return GP_OK;
}

/* GP_ERR_INTERNAL for what cannot be hashed. What fails leaves the empty text. */
static enum gp_outcome
normalise(struct normal *normal, const char *password, size_t length)
{
	enum gp_outcome outcome;

	*normal = (struct normal){ .bytes = "" };
	if (length > GP_PASSWORD_MAX || !gp_utf8_is_valid(password, length))
		return GP_ERR_INTERNAL;
	if (is_ascii(password, length)) {
		*normal = (struct normal){ .bytes = password, .length = length };
		return GP_OK;
	}
	outcome = compose(normal, password, length);
	if (outcome != GP_OK)
		forget(normal);
	return outcome;
}

static void
write_hex(char *digits, const unsigned char *bytes, size_t size)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		digits[2 * i] = hex[bytes[i] >> 4];
		digits[2 * i + 1] = hex[bytes[i] & 15];
	}
}

/* Why OpenSSL failed, as far as somebody can do something about it. */
static enum gp_outcome
judge_failure(void)
{
	bool no_memory = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;

	ERR_clear_error();
	return no_memory ? GP_ERR_MEMORY : GP_ERR_CRYPTO;
}

/* The digits of the key for a password and the digits of a salt; without a NUL. */
static enum gp_outcome
derive(const struct normal *normal, const char *salt, char *digits)
{
	enum gp_outcome outcome = GP_OK;
	unsigned char key[KEY_SIZE];

	if (EVP_PBE_scrypt(normal->bytes, normal->length, (const unsigned char *)salt, SALT_DIGITS,
		COST, BLOCK_SIZE, PARALLEL, MEMORY_MAX, key, sizeof(key)) == 1)
		write_hex(digits, key, sizeof(key));
	else
		outcome = judge_failure();
	OPENSSL_cleanse(key, sizeof(key));
	return outcome;
}

enum gp_outcome
gp_password_hash(const char *password, size_t length,
    const unsigned char salt[GP_PASSWORD_SALT_SIZE], char stored[GP_PASSWORD_HASH_SIZE])
{
	struct normal normal;
	enum gp_outcome outcome = normalise(&normal, password, length);

	memcpy(stored, no_hash, sizeof(no_hash));
	write_hex(stored, salt, GP_PASSWORD_SALT_SIZE);
	if (outcome == GP_OK)
		outcome = derive(&normal, stored, stored + SALT_DIGITS + 1);
	if (outcome != GP_OK)
		stored[0] = '\0';
	forget(&normal);
	return outcome;
}

static bool
is_hash(const char *stored)
{
	static const char digits[] = "0123456789abcdef";

	return stored != NULL && strlen(stored) == GP_PASSWORD_HASH_SIZE - 1 &&
	       strspn(stored, digits) == SALT_DIGITS && stored[SALT_DIGITS] == ':' &&
	       strspn(stored + SALT_DIGITS + 1, digits) == KEY_DIGITS;
}

enum gp_outcome
gp_password_verify(const char *password, size_t length, const char *stored, bool *matches)
{
	const char *hash = is_hash(stored) ? stored : no_hash;
	bool possible = hash == stored;
	char digits[KEY_DIGITS];
	struct normal normal;
	enum gp_outcome outcome = normalise(&normal, password, length);

	*matches = false;
	if (outcome == GP_ERR_INTERNAL) { /* cannot have been hashed: the empty text is, instead */
		possible = false;
		outcome = GP_OK;
	}
	if (outcome == GP_OK)
		outcome = derive(&normal, hash, digits);
	if (outcome == GP_OK)
		*matches =
		    CRYPTO_memcmp(digits, hash + SALT_DIGITS + 1, KEY_DIGITS) == 0 && possible;
	forget(&normal);
	OPENSSL_cleanse(digits, sizeof(digits));
	return outcome;
}
