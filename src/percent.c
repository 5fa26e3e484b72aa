/* SPDX-License-Identifier: Apache-2.0 */
/* Both directions, a byte at a time. */
#include "percent.h"

#include <string.h>

/* The value of a hexadecimal digit, -1 of any other character. */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

size_t
gp_percent_decode_query(const char *text, size_t length, char *decoded)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%' && length - i > 2 && digit(text[i + 1]) >= 0 &&
			   digit(text[i + 2]) >= 0) {
			c = (char)(digit(text[i + 1]) * 16 + digit(text[i + 2]));
			i += 2;
		}
		decoded[count++] = c;
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
