/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a path is one that a pattern is for, and whether some file system or application could
 * take it for one: written with other capitals or forms of a letter, with a ;parameter or an
 * encoded ? or #, with dots or blanks at the end of a name.
 */
#ifndef GP_PATH_FIT_H
#define GP_PATH_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"
#include "route.h"

/* A segment of a pattern that any one segment fits. */
#define GP_PATH_USER_ID "{user_id}"

/* What stands between two slashes of a path. */
struct gp_path_segment {
	const char *text; /* not NUL-terminated */
	size_t length;
};

/* How specific a pattern is that fits. */
struct gp_path_fit {
	unsigned segments; /* of the pattern */
	unsigned named;    /* a bit for each that is a name, the first the highest */
	bool exact;
	bool alike;                   /* only taken loosely */
	struct gp_path_value user_id; /* pointing into the path; `text` NULL for nothing */
};

/* The next segment of a path that is not empty, and move behind it; false at the end. */
bool gp_path_next_segment(const char **path, struct gp_path_segment *segment);

/*
 * Hold a path against a pattern.
 *
 *   pattern   decoded; "" for the root. At most one segment is GP_PATH_USER_ID
 *   exact     it is not for what is below it, either
 *   path      decoded, begins with a slash
 *   fit       filled when it fits, strictly or loosely
 *
 * Returns whether it does. What takes memory that is not there fits loosely.
 */
GP_MUST_USE bool gp_path_fit(
    const char *pattern, bool exact, const char *path, struct gp_path_fit *fit);

/*
 * Whether of two patterns that fit one path this one decides: the longer, a name before any
 * segment, what fits strictly, what is exact.
 */
GP_MUST_USE bool gp_path_fit_is_better(
    const struct gp_path_fit *fit, const struct gp_path_fit *best);

/* Whether a pattern is, loosely, for something below a path and not for the path itself. */
GP_MUST_USE bool gp_path_is_below(const char *pattern, const char *path);

#endif
