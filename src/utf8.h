/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing past U+10FFFF. */
#ifndef GP_UTF8_H
#define GP_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

/*
 * The bytes of the character that begins at `text`, of which `left` bytes are there; 0 when none
 * does. Source: the Unicode standard, table 3-7.
 */
GP_MUST_USE size_t gp_utf8_character(const char *text, size_t left);

/* Whether all of `length` bytes are characters. */
GP_MUST_USE bool gp_utf8_is_valid(const char *text, size_t length);

/* How many characters `length` valid bytes are. */
int64_t gp_utf8_count(const char *text, size_t length);

/*
 * How many UTF-16 code units `length` valid bytes would be: what JavaScript calls their length.
 * Source: the Unicode standard, table 3-5.
 */
int64_t gp_utf8_utf16_length(const char *text, size_t length);

#endif
