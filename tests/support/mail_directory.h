/* SPDX-License-Identifier: Apache-2.0 */
/* A directory with the texts of messages, and room for what a test makes beside them. */
#ifndef GP_TEST_MAIL_DIRECTORY_H
#define GP_TEST_MAIL_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

struct gp_test_mail_directory {
	char path[4096];
};

/* A new directory with these texts of a reset and of a verification; NULL: no such file. */
bool gp_test_mail_directory_make(
    struct gp_test_mail_directory *directory, const char *reset, const char *verify);

/* Write a file into it, mode 0700, in place of one that is there. */
bool gp_test_mail_directory_write(const struct gp_test_mail_directory *directory, const char *name,
    const char *bytes, size_t length);

/* Remove it with all files in it. */
void gp_test_mail_directory_remove(const struct gp_test_mail_directory *directory);

#endif
