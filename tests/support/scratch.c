/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes the file. */
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool
gp_test_file_make(struct gp_test_file *file, const char *bytes, size_t length)
{
	const char *directory = getenv("TMPDIR");
	bool written;
	int fd;

	if (directory == NULL || directory[0] == '\0')
		directory = "/tmp";
	snprintf(file->path, sizeof(file->path), "%s/gatepost-unit-XXXXXX", directory);
	fd = mkstemp(file->path);
	if (fd < 0)
		return false;
	written = write(fd, bytes, length) == (ssize_t)length;
	return close(fd) == 0 && written;
}

void
gp_test_file_remove(const struct gp_test_file *file)
{
	unlink(file->path);
}
