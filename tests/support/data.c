/* SPDX-License-Identifier: Apache-2.0 */
/* Reads whole files; the directory is compiled in and can be overridden. */
#include "data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Test data is for people to read; a file this long is not. */
enum { DATA_SIZE_MAX = 1024 * 1024 };

char *
gp_test_data(const char *name, size_t *length)
{
	const char *directory = getenv("GATEPOST_TEST_DATA");
	char path[4096];
	char *text = NULL;
	FILE *file;

	if (directory == NULL || directory[0] == '\0')
		directory = GATEPOST_TEST_DATA;
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "rb");
	if (file != NULL)
		text = malloc(DATA_SIZE_MAX + 1);
	if (text == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	} else {
		*length = fread(text, 1, DATA_SIZE_MAX, file);
		text[*length] = '\0';
	}
	if (file != NULL)
		fclose(file);
	return text;
}
