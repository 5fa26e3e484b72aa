/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, a key, and the two places of a token. */
#include "handshake_text.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "percent.h"

/* --- lists --- */

/* The next element of a list, which begins behind it then; NULL when there are no more. */
static const char *
take_element(const char **list, size_t *length)
{
	const char *element;

	if (*list == NULL)
		return NULL;
	element = *list + strspn(*list, ", \t");
	*length = strcspn(element, ",");
	*list = element + *length;
	while (*length > 0 && strchr(" \t", element[*length - 1]) != NULL)
		--*length;
	return *length > 0 ? element : NULL;
}

bool
gp_handshake_asks_for(const char *list, const char *element)
{
	const char *found;
	size_t length;

	while ((found = take_element(&list, &length)) != NULL) {
		if (length == strlen(element) && strncasecmp(found, element, length) == 0)
			return true;
	}
	return false;
}

/* Go behind the first of our subprotocols in a list. False without one. */
static bool
skip_to_bearer(const char **protocols)
{
	static const char name[] = GP_BEARER_PROTOCOL;
	const char *found;
	size_t length;

	while ((found = take_element(protocols, &length)) != NULL) {
		if (length == strlen(name) && memcmp(found, name, length) == 0)
			return true;
	}
	return false;
}

bool
gp_handshake_speaks_bearer(const char *protocols)
{
	return skip_to_bearer(&protocols);
}

/* --- the key --- */

bool
gp_handshake_is_key(const char *key)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	enum { DIGITS = 22 };

	/* Of the last digit only two bits count. */
	return key != NULL && strspn(key, digits) == DIGITS && strcmp(key + DIGITS, "==") == 0 &&
	       strchr("AQgw", key[DIGITS - 1]) != NULL;
}

/* --- the token --- */

static const char *
find_in_protocols(const char *protocols, size_t *length)
{
	return skip_to_bearer(&protocols) ? take_element(&protocols, length) : NULL;
}

/* NULL also where it is there twice: somebody else may take the other one. */
static const char *
find_in_query(const char *query, size_t *length)
{
	static const char name[] = "token=";
	const char *found = NULL;

	for (; query != NULL && *query != '\0'; query += *query == '&') {
		size_t end = strcspn(query, "&");

		if (strncmp(query, name, strlen(name)) == 0) {
			if (found != NULL)
				return NULL;
			found = query + strlen(name);
			*length = end - strlen(name);
		}
		query += end;
	}
	return found;
}

bool
gp_handshake_find_token(
    struct gp_arena *arena, const char *protocols, const char *query, const char **token)
{
	size_t length;
	const char *found = find_in_protocols(protocols, &length);
	char *text;

	*token = NULL;
	if (found == NULL)
		found = find_in_query(query, &length);
	if (found == NULL)
		return true;
	text = gp_arena_copy(arena, found, length);
	/* A token that is none that anybody has, rather than none. */
	if (text != NULL && !gp_percent_decode(text))
		text = gp_arena_copy(arena, found, length);
	*token = text;
	return text != NULL;
}
