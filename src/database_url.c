/* SPDX-License-Identifier: Apache-2.0 */
/* Copies the URI piece by piece; both words we put in are known, and so is the room they take. */
#include "database_url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of the query parameter `ssl`, up to the next & or the end; NULL when there is none. */
static const char *
find_ssl(const char *query)
{
	for (const char *mark = query; mark != NULL; mark = strchr(mark + 1, '&')) {
		if (strncmp(mark + 1, "ssl=", 4) == 0)
			return mark + 1 + 4;
	}
	return NULL;
}

static int
is_word(const char *text, size_t length, const char *word)
{
	return length == strlen(word) && strncasecmp(text, word, length) == 0;
}

/* The same value in libpq's words: asyncpg takes its modes, and Python's two truths. */
static void
add_mode(char *translated, const char *value, size_t length)
{
	if (is_word(value, length, "true"))
		strcat(translated, "require");
	else if (is_word(value, length, "false"))
		strcat(translated, "disable");
	else
		strncat(translated, value, length);
}

char *
gp_database_url_translate(const char *url)
{
	static const char parameter[] = "sslmode=";
	const char *scheme_end = strstr(url, "://");
	const char *plus = NULL, *ssl = NULL;
	const char *from = url;
	char *translated = malloc(strlen(url) + sizeof(parameter) + sizeof("disable"));

	if (translated == NULL)
		return NULL;
	translated[0] = '\0';
	if (scheme_end != NULL) {
		plus = memchr(url, '+', (size_t)(scheme_end - url));
		ssl = find_ssl(strchr(scheme_end, '?'));
	}
	if (plus != NULL) {
		strncat(translated, url, (size_t)(plus - url));
		from = scheme_end;
	}
	if (ssl != NULL) {
		size_t length = strcspn(ssl, "&#");

		strncat(translated, from, (size_t)(ssl - strlen("ssl=") - from));
		strcat(translated, parameter);
		add_mode(translated, ssl, length);
		from = ssl + length;
	}
	strcat(translated, from);
	return translated;
}
