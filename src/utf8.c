/* SPDX-License-Identifier: Apache-2.0 */
/* The lead byte says how many follow and, for four of them, which the second may be. */
#include "utf8.h"

size_t
gp_utf8_character(const char *text, size_t left)
{
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (left == 0)
		return 0;
	if (bytes[0] < 0x80)
		return 1;
	if (bytes[0] >= 0xc2 && bytes[0] <= 0xdf)
		length = 2;
	else if (bytes[0] >= 0xe0 && bytes[0] <= 0xef)
		length = 3;
	else if (bytes[0] >= 0xf0 && bytes[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (bytes[0] == 0xe0)
		low = 0xa0; /* overlong */
	else if (bytes[0] == 0xed)
		high = 0x9f; /* surrogates */
	else if (bytes[0] == 0xf0)
		low = 0x90; /* overlong */
	else if (bytes[0] == 0xf4)
		high = 0x8f; /* past U+10FFFF */
	if (left < length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if (bytes[i] < low || bytes[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return length;
}

bool
gp_utf8_is_valid(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t bytes = gp_utf8_character(text + at, length - at);

		if (bytes == 0)
			return false;
		at += bytes;
	}
	return true;
}

int64_t
gp_utf8_count(const char *text, size_t length)
{
	int64_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* Four bytes are what lies past U+FFFF, and two surrogates. */
int64_t
gp_utf8_utf16_length(const char *text, size_t length)
{
	int64_t units = gp_utf8_count(text, length);

	for (size_t i = 0; i < length; i++)
		units += (unsigned char)text[i] >= 0xf0;
	return units;
}
