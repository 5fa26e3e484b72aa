/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much of a text stands in JSON as it is. Eight bytes at a time, as nearly all of a text does.
 */
#ifndef GP_PLAIN_TEXT_H
#define GP_PLAIN_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "attributes.h"

/*
 * Bytes before the first control character (below U+0020), quotation mark or backslash, or before
 * the first above U+007F if `ascii`.
 *
 * Of eight bytes in a word: a subtraction borrows from the highest bit of each byte that is less
 * than what is taken away, and the bytes that had this bit anyway are masked out (Warren, Hacker's
 * Delight, 6-1). Whether there is such a byte is exact; which one, the bytes are asked.
 */
GP_MUST_USE static inline size_t
gp_plain_length(const char *text, size_t length, bool ascii)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highest = ones * 0x80;
	size_t at = 0;

	for (; length - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t word, quotation, backslash;

		memcpy(&word, text + at, sizeof(word));
		quotation = word ^ ones * '"';
		backslash = word ^ ones * '\\';
		if (((((word - ones * 0x20) & ~word) | ((quotation - ones) & ~quotation) |
			 ((backslash - ones) & ~backslash) | (ascii ? word : 0)) &
			highest) != 0)
			break;
	}
	while (at < length && (unsigned char)text[at] >= 0x20 && text[at] != '"' &&
	       text[at] != '\\' && (!ascii || (unsigned char)text[at] < 0x80))
		at++;
	return at;
}

#endif
