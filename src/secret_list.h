/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared secrets, the current one first; and the text form in which Better Auth has several.
 */
#ifndef GP_SECRET_LIST_H
#define GP_SECRET_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

/* Entries of a text with versions: more than any rotation leaves in place at a time. */
#define GP_SECRET_ENTRIES_MAX 8

/* Secrets in all: beside the entries there may be the single one, which has no version. */
#define GP_SECRETS_MAX (GP_SECRET_ENTRIES_MAX + 1)

/* Characters of a secret, fewest and most. */
#define GP_SECRET_CHARACTERS_MIN 32
#define GP_SECRET_CHARACTERS_MAX 1024

/* A shared secret: wiped when freed, compared in constant time, never printed. */
struct gp_secret {
	const char *bytes; /* UTF-8 text as configured; never decoded */
	size_t length;
	int64_t version; /* -1: the single one, which has none */
};

struct gp_secret_list {
	struct gp_secret secrets[GP_SECRETS_MAX]; /* borrowed texts */
	size_t count;
};

/* Whether a text is long enough for a secret, and not absurdly long. */
GP_MUST_USE bool gp_secret_fits(const char *text);

/* The secret that Better Auth falls back to; it is in its public sources. */
#define GP_SECRET_OF_EXAMPLES "better-auth-secret-12345678901234567890"

/*
 * Whether somebody could guess a secret, by what Better Auth warns of: its well-known one, and
 * fewer than 120 bits, reckoned as the length times the logarithm of the number of different
 * characters.
 *
 *   text   valid UTF-8
 */
GP_MUST_USE bool gp_secret_is_guessable(const char *text);

/*
 * Read BETTER_AUTH_SECRETS: version:secret[,version:secret...], the first is the current one
 * whatever its number. Versions are whole numbers, each once; secrets may hold colons.
 *
 *   text   cut into pieces in place; the list borrows from it
 *   list   filled; at most GP_SECRET_ENTRIES_MAX of its places, so there is room for one more
 *
 * Returns NULL, or what is wrong, without any of the text.
 */
const char *gp_secret_list_read(char *text, struct gp_secret_list *list);

#endif
