/* SPDX-License-Identifier: Apache-2.0 */
/* Cut at the @, which neither half may have, then at the dots. */
#include "email_address.h"

#include <string.h>

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_letter_or_digit(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool
is_of_name(char c)
{
	return is_letter_or_digit(c) || c == '_' || c == '\'' || c == '+' || c == '-';
}

/* Parts of at least one character each; only the last one's end is particular. */
static bool
is_name(const char *text, size_t length)
{
	if (length == 0 || text[0] == '.' || text[length - 1] == '.' || text[length - 1] == '\'')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.' ? text[i + 1] == '.' : !is_of_name(text[i]))
			return false;
	}
	return true;
}

static bool
is_label(const char *text, size_t length)
{
	if (length == 0 || !is_letter_or_digit(text[0]))
		return false;
	for (size_t i = 1; i < length; i++) {
		if (!is_letter_or_digit(text[i]) && text[i] != '-')
			return false;
	}
	return true;
}

static bool
is_last_label(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!is_letter(text[i]))
			return false;
	}
	return length >= 2;
}

static bool
is_domain(const char *text, size_t length)
{
	const char *dot = memchr(text, '.', length);

	if (dot == NULL)
		return false;
	while (dot != NULL) {
		if (!is_label(text, (size_t)(dot - text)))
			return false;
		length -= (size_t)(dot + 1 - text);
		text = dot + 1;
		dot = memchr(text, '.', length);
	}
	return is_last_label(text, length);
}

bool
gp_email_address_is_valid(const char *text, size_t length)
{
	const char *at = memchr(text, '@', length);
	size_t before;

	if (at == NULL)
		return false;
	before = (size_t)(at - text);
	return is_name(text, before) && is_domain(at + 1, length - before - 1);
}

void
gp_email_address_lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}
