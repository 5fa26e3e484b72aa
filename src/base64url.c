/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own, because OpenSSL's decoder knows neither the url alphabet nor canonical form: it skips
 * white space and accepts spare bits.
 */
#include "base64url.h"

#include <stdint.h>

#include "buffer.h"

static const char alphabet[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Value of each character plus one; 0 means it is not in the alphabet. */
/* clang-format off */
static const unsigned char value_plus_one[256] = {
	['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
	['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
	['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
	['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
	['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
	['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
	['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
	['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64,
};
/* clang-format on */

/* 0 to 63, or UINT32_MAX for what is not in the alphabet. */
static uint32_t
value_of(char c)
{
	return value_plus_one[(unsigned char)c] - (uint32_t)1;
}

bool
gp_base64url_decode(const char *text, size_t text_length, unsigned char *bytes, size_t *length)
{
	uint32_t bits = 0;
	unsigned bit_count = 0;
	size_t written = 0, i = 0;

	if (text_length % 4 == 1)
		return false;
	/* Four at a time takes half as long as one at a time. */
	for (; text_length - i >= 4; i += 4) {
		uint32_t a = value_of(text[i]), b = value_of(text[i + 1]);
		uint32_t c = value_of(text[i + 2]), d = value_of(text[i + 3]);

		if ((a | b | c | d) > 63)
			return false;
		bytes[written++] = (unsigned char)(a << 2 | b >> 4);
		bytes[written++] = (unsigned char)(b << 4 | c >> 2);
		bytes[written++] = (unsigned char)(c << 6 | d);
	}
	for (; i < text_length; i++) {
		uint32_t value = value_of(text[i]);

		if (value > 63)
			return false;
		bits = bits << 6 | value;
		bit_count += 6;
		if (bit_count >= 8) {
			bit_count -= 8;
			bytes[written++] = (unsigned char)(bits >> bit_count);
			bits &= (1U << bit_count) - 1;
		}
	}
	*length = written;
	return bits == 0; /* the spare bits of the last character */
}

size_t
gp_base64url_encode(const unsigned char *bytes, size_t length, char *text)
{
	uint32_t bits = 0;
	unsigned bit_count = 0;
	size_t written = 0;

	for (size_t i = 0; i < length; i++) {
		bits = bits << 8 | bytes[i];
		bit_count += 8;
		while (bit_count >= 6) {
			bit_count -= 6;
			text[written++] = alphabet[bits >> bit_count & 63];
		}
		bits &= (1U << bit_count) - 1;
	}
	if (bit_count > 0)
		text[written++] = alphabet[bits << (6 - bit_count) & 63];
	return written;
}

void
gp_base64url_add(struct gp_buffer *buffer, const void *bytes, size_t length)
{
	char *room = gp_buffer_room(buffer, GP_BASE64URL_ENCODED_SIZE(length));

	if (room != NULL)
		buffer->length += gp_base64url_encode(bytes, length, room);
}
