/* SPDX-License-Identifier: Apache-2.0 */
/* Each name is decoded to be compared; the one value that is wanted is decoded and judged. */
#include "form_read.h"

#include <stdbool.h>
#include <string.h>

#include "percent.h"
#include "utf8.h"

/* percent.c would leave such a sign as it is. */
static bool
has_broken_percent(const char *text, size_t length)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	for (size_t i = 0; i < length; i++) {
		if (text[i] != '%')
			continue;
		if (length - i < 3 || memchr(digits, text[i + 1], sizeof(digits) - 1) == NULL ||
		    memchr(digits, text[i + 2], sizeof(digits) - 1) == NULL)
			return true;
	}
	return false;
}

static enum gp_outcome
decode(struct gp_arena *arena, const char *text, size_t length, const char **value)
{
	char *decoded;
	size_t decoded_length;

	if (has_broken_percent(text, length))
		return GP_BAD_INPUT;
	decoded = gp_arena_take(arena, length + 1);
	if (decoded == NULL)
		return GP_ERR_MEMORY;
	decoded_length = gp_percent_decode_query(text, length, decoded);
	decoded[decoded_length] = '\0';
	if (memchr(decoded, '\0', decoded_length) != NULL ||
	    !gp_utf8_is_valid(decoded, decoded_length))
		return GP_BAD_INPUT;
	*value = decoded;
	return GP_OK;
}

enum gp_outcome
gp_form_find(
    struct gp_arena *arena, const char *text, size_t length, const char *name, const char **value)
{
	const size_t wanted = strlen(name);
	const char *const end = text + length;
	char *room = gp_arena_take(arena, length + 1); /* for decoded names */

	*value = NULL;
	if (room == NULL)
		return GP_ERR_MEMORY;
	while (text < end) {
		const char *separator = memchr(text, '&', (size_t)(end - text));
		const char *stop = separator != NULL ? separator : end;
		const char *sign = memchr(text, '=', (size_t)(stop - text));
		const char *name_end = sign != NULL ? sign : stop;
		size_t name_length = (size_t)(name_end - text);

		if (text < stop && gp_percent_decode_query(text, name_length, room) == wanted &&
		    memcmp(room, name, wanted) == 0) {
			text = sign != NULL ? sign + 1 : stop;
			return decode(arena, text, (size_t)(stop - text), value);
		}
		text = separator != NULL ? separator + 1 : end;
	}
	return GP_OK;
}
