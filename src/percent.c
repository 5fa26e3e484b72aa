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

void
gp_percent_encode_path(struct gp_buffer *buffer, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "-._~/:@!$&()*,;=";
	static const char digits[] = "0123456789ABCDEF";

	while (*path != '\0') {
		size_t length = strspn(path, plain);
		unsigned char c = (unsigned char)path[length];

		gp_buffer_add(buffer, path, length);
		path += length;
		if (c != '\0') {
			const char encoded[] = { '%', digits[c >> 4], digits[c & 15] };

			gp_buffer_add(buffer, encoded, sizeof(encoded));
			path++;
		}
	}
}
