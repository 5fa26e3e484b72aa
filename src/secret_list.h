/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared secrets, the current one first; and the text form in which Better Auth has several.
 */
#ifndef GP_SECRET_LIST_H
#define GP_SECRET_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* More than any rotation leaves in place at a time. */
#define GP_SECRETS_MAX 8

/* Characters of a secret, fewest and most. */
#define GP_SECRET_CHARACTERS_MIN 32
#define GP_SECRET_CHARACTERS_MAX 1024

/* A shared secret: wiped when freed, compared in constant time, never printed. */
struct gp_secret {
	const char *bytes; /* UTF-8 text as configured; never decoded */
	size_t length;
};

struct gp_secret_list {
	struct gp_secret secrets[GP_SECRETS_MAX]; /* borrowed texts */
	size_t count;
};

/* Whether a text is long enough for a secret, and not absurdly long. */
GP_MUST_USE bool gp_secret_fits(const char *text);

/*
 * Read BETTER_AUTH_SECRETS: version:secret[,version:secret...], the first is the current one
 * whatever its number. Versions are whole numbers, each once; secrets may hold colons.
 *
 *   text   cut into pieces in place; the list borrows from it
 *
 * Returns NULL, or what is wrong, without any of the text.
 */
const char *gp_secret_list_read(char *text, struct gp_secret_list *list);

#endif
