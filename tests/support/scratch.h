/* SPDX-License-Identifier: Apache-2.0 */
/* A file, or a directory, that exists for one test. */
#ifndef GP_TEST_SCRATCH_H
#define GP_TEST_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

struct gp_test_file {
	char path[4096];
};

/* A new file with these bytes in the directory TMPDIR, else /tmp. */
bool gp_test_file_make(struct gp_test_file *file, const char *bytes, size_t length);

void gp_test_file_remove(const struct gp_test_file *file);

struct gp_test_directory {
	char path[4096];
};

/* A new directory with mode 0700 in the directory TMPDIR, else /tmp. */
bool gp_test_directory_make(struct gp_test_directory *directory);

/* With the files in it. */
void gp_test_directory_remove(const struct gp_test_directory *directory);

#endif
