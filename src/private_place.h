/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that the workers of a machine share and that nobody else can have put there: a directory in
 * which only they write, and in it plain files that only they may open. The problems with one are
 * told here; what is in a file is for others to say.
 */
#ifndef GP_PRIVATE_PLACE_H
#define GP_PRIVATE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* One file by its name in its open directory; the members are for reading. */
struct gp_private_place {
	const char *directory_name;
	int directory; /* descriptor */
	char name[256];
	char *problem;
	size_t problem_size;
};

/*
 * Open the directory of the file <directory>/<name>.<kind>; the file need not be there.
 *
 *   directory   must belong to the user of the workers or to root, and others must not be able to
 *               write in it; is not made. Borrowed until the place is closed
 *   name        as in a path; without a slash
 *   kind        what the file's name ends with, without the dot
 *   problem     one line for the operator that says what to change, filled here and by the
 *               functions below when they fail; borrowed until the place is closed
 *
 * On true the place has to be closed; false when there is a problem.
 */
GP_MUST_USE bool gp_private_place_open(struct gp_private_place *place, const char *directory,
    const char *name, const char *kind, char *problem, size_t problem_size);

/* Close the directory; files that were opened stay open. */
void gp_private_place_close(struct gp_private_place *place);

/*
 * Open the file for reading and writing; it is made, empty and with mode 0600, when it is missing.
 * Never waits and follows no link. It still has to be judged.
 *
 * Returns a descriptor, which the caller closes; -1 when there is a problem.
 */
GP_MUST_USE int gp_private_place_open_file(struct gp_private_place *place);

enum gp_private_file {
	GP_PRIVATE_FILE_OURS,   /* a regular file of this user, with mode 0600 and one name */
	GP_PRIVATE_FILE_GONE,   /* it has no name any more: open again */
	GP_PRIVATE_FILE_REFUSED /* anything else; there is a problem */
};

/* What a file is that was opened here. */
GP_MUST_USE enum gp_private_file gp_private_place_judge(struct gp_private_place *place, int fd);

/* Fill the problem with the path of the file and a reason. */
void gp_private_place_tell(struct gp_private_place *place, const char *reason);

/* The same from errno, with what to do where we know it. */
void gp_private_place_tell_error(struct gp_private_place *place);

#endif
