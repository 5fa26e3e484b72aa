/* SPDX-License-Identifier: Apache-2.0 */
/* Both directions, a byte at a time. */
#include "percent.h"

#include <openssl/crypto.h>
#include <string.h>

/* The byte that %XX at `text` stands for, -1 where two digits do not follow. */
static int
decode_one(const char *text)
{
	int high = OPENSSL_hexchar2int((unsigned char)text[1]);
	int low = high >= 0 ? OPENSSL_hexchar2int((unsigned char)text[2]) : -1;

	return low >= 0 ? high * 16 + low : -1;
}

bool
gp_percent_decode(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		int byte = *from == '%' ? decode_one(from) : (unsigned char)*from;

		if (byte <= 0)
			return false;
		from += *from == '%' ? 2 : 0;
		*to++ = (char)byte;
	}
	*to = '\0';
	return true;
}

size_t
gp_percent_decode_query(const char *text, size_t length, char *decoded)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		int byte = text[i] == '%' && length - i > 2 ? decode_one(&text[i]) : -1;

		decoded[count++] = byte >= 0 ? (char)byte : text[i] == '+' ? ' ' : text[i];
		i += byte >= 0 ? 2 : 0;
	}
	return count;
}

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* All but the characters of `plain` encoded. */
static void
encode(struct gp_buffer *buffer, const char *text, size_t length, const char *plain)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c != '\0' && strchr(plain, c) != NULL)
			gp_buffer_add_byte(buffer, text[i]);
		else
			gp_buffer_add(buffer, (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
	}
}

void
gp_percent_encode_path(struct gp_buffer *buffer, const char *path)
{
	encode(buffer, path, strlen(path), LETTERS_AND_DIGITS "-._~/:@!$&()*,;=");
}

void
gp_percent_encode_component(struct gp_buffer *buffer, const char *text, size_t length)
{
	encode(buffer, text, length, LETTERS_AND_DIGITS "-_.!~*'()");
}
