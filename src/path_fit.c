/* SPDX-License-Identifier: Apache-2.0 */
/* Compares segment by segment, strictly and loosely. libutf8proc folds what is not ASCII. */
#include "path_fit.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

bool
gp_path_next_segment(const char **path, struct gp_path_segment *segment)
{
	*path += strspn(*path, "/");
	*segment = (struct gp_path_segment){ *path, strcspn(*path, "/") };
	*path += segment->length;
	return segment->length > 0;
}

/* The same without what some server or file system drops; may be empty. */
static struct gp_path_segment
bare(struct gp_path_segment segment)
{
	/* Decoded once too often, as by a rewrite rule, a question mark begins a query. */
	size_t length = strcspn(segment.text, ";?#/");

	if (segment.length > length)
		segment.length = length;
	while (segment.length > 0 &&
	       (segment.text[segment.length - 1] == '.' || segment.text[segment.length - 1] == ' '))
		segment.length--;
	return segment;
}

static bool
next_bare_segment(const char **path, struct gp_path_segment *segment)
{
	while (gp_path_next_segment(path, segment)) {
		*segment = bare(*segment);
		if (segment->length > 0)
			return true;
	}
	return false;
}

static bool
is_user_segment(struct gp_path_segment segment)
{
	return segment.length == sizeof(GP_PATH_USER_ID) - 1 &&
	       memcmp(segment.text, GP_PATH_USER_ID, segment.length) == 0;
}

/* Longer names no file has (NAME_MAX), and folding takes its time. */
enum { FOLDED_MAX = 255 };

static bool
is_ascii(struct gp_path_segment segment)
{
	for (size_t i = 0; i < segment.length; i++) {
		if ((unsigned char)segment.text[i] >= 0x80)
			return false;
	}
	return true;
}

/* The segment for who knows no capitals and no forms of a letter; NULL without memory. */
static char *
folded(struct gp_path_segment segment)
{
	utf8proc_uint8_t *text = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)segment.text, (utf8proc_ssize_t)segment.length,
		&text,
		UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
		    UTF8PROC_IGNORE) < 0)
		return NULL;
	return (char *)text;
}

/* Whether two names are one to some file system. Where that cannot be told they are. */
static bool
fold_alike(struct gp_path_segment one, struct gp_path_segment other)
{
	char *first = folded(one), *second = folded(other);
	bool alike = first == NULL || second == NULL || strcmp(first, second) == 0;

	free(first);
	free(second);
	return alike;
}

/* Whether somebody may take what was given for what a rule has, both without what is dropped. */
static bool
is_taken_for(struct gp_path_segment given, struct gp_path_segment wanted)
{
	if (is_user_segment(wanted) || (given.length == wanted.length &&
					   strncasecmp(given.text, wanted.text, given.length) == 0))
		return true;
	if ((is_ascii(given) && is_ascii(wanted)) || given.length > FOLDED_MAX)
		return false;
	return fold_alike(given, wanted);
}

/* Whether the path, with its segments as they are, is one that the pattern is for. */
static bool
fits(const char *pattern, const char *path, struct gp_path_fit *fit)
{
	static const char name[] = "user_id";
	struct gp_path_segment wanted, given;

	if (fit->exact)
		return strcmp(pattern, path) == 0;
	while (gp_path_next_segment(&pattern, &wanted)) {
		if (!gp_path_next_segment(&path, &given))
			return false;
		if (is_user_segment(wanted))
			fit->user_id = (struct gp_path_value){ name, sizeof(name) - 1, given.text,
				given.length };
		else if (wanted.length != given.length ||
			 memcmp(wanted.text, given.text, wanted.length) != 0)
			return false;
	}
	return true;
}

/* What somebody may take the path for includes all that fits. */
bool
gp_path_fit(const char *pattern, bool exact, const char *path, struct gp_path_fit *fit)
{
	const char *rest = pattern, *whole = path;
	struct gp_path_segment wanted, given;

	*fit = (struct gp_path_fit){ .exact = exact };
	while (next_bare_segment(&rest, &wanted)) {
		if (!next_bare_segment(&path, &given))
			return false;
		fit->segments++;
		fit->named <<= 1;
		fit->named |= !is_user_segment(wanted);
		if (!is_taken_for(given, wanted))
			return false;
	}
	if (exact && next_bare_segment(&path, &given))
		return false;
	fit->alike = !fits(pattern, whole, fit);
	return true;
}

bool
gp_path_fit_is_better(const struct gp_path_fit *fit, const struct gp_path_fit *best)
{
	if (fit->segments != best->segments)
		return fit->segments > best->segments;
	if (fit->named != best->named)
		return fit->named > best->named;
	if (fit->alike != best->alike)
		return best->alike;
	return fit->exact && !best->exact;
}

bool
gp_path_is_below(const char *pattern, const char *path)
{
	struct gp_path_segment wanted, given;

	while (next_bare_segment(&path, &given)) {
		if (!next_bare_segment(&pattern, &wanted) || !is_taken_for(given, wanted))
			return false;
	}
	return next_bare_segment(&pattern, &wanted);
}
