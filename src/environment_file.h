/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A settings file in .env syntax, as Next.js and python-dotenv read it:
 *
 *   # comment
 *   NAME=value            white space around it is dropped, ` #` begins a comment
 *   export NAME='value'   as it stands, may go over several lines (also `value`)
 *   NAME="value"          the same with \n \r \t \" \\ \$
 *
 * Variables are not expanded. The last of several lines with one name counts.
 */
#ifndef GP_ENVIRONMENT_FILE_H
#define GP_ENVIRONMENT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct gp_environment_file;

/*
 * Parse `length` bytes of text, which need no NUL after them.
 *
 *   line    on failure the number of the line that is wrong
 *
 * Returns the file's names and values, owned by the caller, or NULL (`*line` 0: without memory).
 */
GP_MUST_USE struct gp_environment_file *gp_environment_file_parse(
    const char *text, size_t length, unsigned *line);

/*
 * Read and parse the file at `path`.
 *
 *   must_exist   whether a missing file is an error; else it counts as empty
 *   problem      room for one line saying what is wrong, without any of the file's values
 *
 * Returns as gp_environment_file_parse() does.
 */
GP_MUST_USE struct gp_environment_file *gp_environment_file_read(
    const char *path, bool must_exist, char *problem, size_t problem_size);

/* The value of `name`, NULL where the file has none. Borrowed until the file is freed. */
const char *gp_environment_file_get(const struct gp_environment_file *file, const char *name);

/* Wipe and release. NULL is fine. */
void gp_environment_file_free(struct gp_environment_file *file);

#endif
