/* SPDX-License-Identifier: Apache-2.0 */
/* Where the tests' data is: the directory GATEPOST_TEST_DATA of the environment, else tests/data of
 * the source tree. */
#ifndef GP_TEST_DATA_H
#define GP_TEST_DATA_H

#include <stddef.h>

/*
 * The whole of a file, by its name below the directory, and a NUL that is not counted. Owned by the
 * caller; NULL, with the reason on standard error, where it cannot be read.
 */
char *gp_test_data(const char *name, size_t *length);

#endif
