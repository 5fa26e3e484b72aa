/* SPDX-License-Identifier: Apache-2.0 */
/* Better Auth's format; a malformed entry is fatal there and here. */
#include "secret_list.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

bool
gp_secret_fits(const char *text)
{
	int64_t characters = gp_utf8_count(text, strlen(text));

	return characters >= GP_SECRET_CHARACTERS_MIN && characters <= GP_SECRET_CHARACTERS_MAX;
}

/* Bytes of the character that `text` begins with. */
static size_t
character_length(const char *text)
{
	size_t length = 1;

	while (((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	return length;
}

/* Different characters; quadratic, for texts that are short. */
static size_t
count_different(const char *text)
{
	size_t count = 0, length;

	for (const char *at = text; *at != '\0'; at += length) {
		const char *before = text;

		length = character_length(at);
		while (before < at && strncmp(before, at, length) != 0)
			before += character_length(before);
		count += before == at;
	}
	return count;
}

bool
gp_secret_is_guessable(const char *text)
{
	size_t different = count_different(text);
	double units = (double)gp_utf8_utf16_length(text, strlen(text));

	return different < 2 || strcmp(text, GP_SECRET_OF_EXAMPLES) == 0 ||
	       units * log2((double)different) < 120;
}

static char *
trim(char *text)
{
	char *end = text + strlen(text);

	while (*text == ' ' || *text == '\t')
		text++;
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return text;
}

/* The version in front of the colon, which is cut off; -1 when it is no whole number. */
static int64_t
take_version(char **entry)
{
	char *colon = strchr(*entry, ':');
	char *digits = *entry;
	long long version;

	if (colon == NULL || colon == digits)
		return -1;
	*colon = '\0';
	*entry = colon + 1;
	if (strspn(digits, "0123456789") != strlen(digits))
		return -1;
	errno = 0;
	version = strtoll(digits, NULL, 10);
	return errno == 0 ? version : -1;
}

const char *
gp_secret_list_read(char *text, struct gp_secret_list *list)
{
	char *next;

	list->count = 0;
	for (char *entry = text; entry != NULL; entry = next) {
		int64_t version;
		char *secret;

		next = strchr(entry, ',');
		if (next != NULL)
			*next++ = '\0';
		secret = trim(entry);
		version = take_version(&secret);
		secret = trim(secret);
		if (version < 0)
			return "must be version:secret[,version:secret...]";
		if (list->count == GP_SECRET_ENTRIES_MAX)
			return "has too many entries";
		for (size_t i = 0; i < list->count; i++) {
			if (list->secrets[i].version == version)
				return "has two entries of one version";
		}
		if (!gp_secret_fits(secret))
			return "has a secret that is shorter than 32 characters, or longer than 1024";
		list->secrets[list->count++] =
		    (struct gp_secret){ secret, strlen(secret), version };
	}
	return NULL;
}
