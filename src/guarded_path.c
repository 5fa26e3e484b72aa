/* SPDX-License-Identifier: Apache-2.0 */
/* Refuses rather than tidies up. */
#include "guarded_path.h"

#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#include "percent.h"
#include "utf8.h"

const char *
gp_guarded_path_start(const char *target)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; target != NULL && i < GP_COUNT(schemes); i++) {
		size_t length = strlen(schemes[i]);

		if (strncasecmp(target, schemes[i], length) != 0)
			continue;
		target += length;
		target += strcspn(target, "/?#");
		return *target == '/' ? target : NULL;
	}
	return target != NULL && *target == '/' ? target : NULL;
}

/* Whether a percent sign and two digits of an encoding stand here. */
static bool
is_encoding(const char *text)
{
	return text[0] == '%' && OPENSSL_hexchar2int((unsigned char)text[1]) >= 0 &&
	       OPENSSL_hexchar2int((unsigned char)text[2]) >= 0;
}

/* Before decoding, after which a slash that was encoded looks like any other. */
static bool
has_encoded_separator(const char *path)
{
	for (; (path = strchr(path, '%')) != NULL; path++) {
		if (strncasecmp(path, "%2f", 3) == 0 || strncasecmp(path, "%5c", 3) == 0)
			return true;
	}
	return false;
}

static bool
has_odd_character(const char *path)
{
	for (const unsigned char *c = (const unsigned char *)path; *c != '\0'; c++) {
		/* U+0080 to U+009F are control characters too; in UTF-8 0xc2 begins them. */
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0) || *c == '\\' ||
		    is_encoding((const char *)c))
			return true;
	}
	return false;
}

/*
 * Whether a segment, other than none behind the last slash, is nothing but dots and blanks up to
 * its end or to a semicolon, or at least one up to a question mark or hash that was encoded. Some
 * take `..;x` for `..`, and what decodes once more `..?x`.
 */
static bool
has_odd_segment(const char *path)
{
	while (*path == '/') {
		size_t length = strcspn(++path, "/"), plain = strspn(path, ". ");

		if (path[0] != '\0' &&
		    (plain == strcspn(path, "/;") || (plain > 0 && plain == strcspn(path, "/?#"))))
			return true;
		path += length;
	}
	return false;
}

enum gp_outcome
gp_guarded_path(const char *target, struct gp_arena *arena, const char **path)
{
	const char *start = gp_guarded_path_start(target);
	char *text;

	if (start == NULL)
		return GP_BAD_PATH;
	text = gp_arena_copy(arena, start, strcspn(start, "?"));
	if (text == NULL)
		return GP_ERR_MEMORY;
	if (strpbrk(start, " \t#") != NULL || has_encoded_separator(text) ||
	    !gp_percent_decode(text) || !gp_utf8_is_valid(text, strlen(text)) ||
	    has_odd_character(text) || has_odd_segment(text))
		return GP_BAD_PATH;
	*path = text;
	return GP_OK;
}
