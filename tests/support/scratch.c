/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes them. */
#include "scratch.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
make_template(char *path, size_t size)
{
	const char *directory = getenv("TMPDIR");

	if (directory == NULL || directory[0] == '\0')
		directory = "/tmp";
	snprintf(path, size, "%s/gatepost-unit-XXXXXX", directory);
}

bool
gp_test_file_make(struct gp_test_file *file, const char *bytes, size_t length)
{
	bool written;
	int fd;

	make_template(file->path, sizeof(file->path));
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

bool
gp_test_directory_make(struct gp_test_directory *directory)
{
	make_template(directory->path, sizeof(directory->path));
	return mkdtemp(directory->path) != NULL;
}

void
gp_test_directory_remove(const struct gp_test_directory *directory)
{
	DIR *stream = opendir(directory->path);
	const struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL)
		unlinkat(dirfd(stream), entry->d_name, 0); /* fails for . and .. */
	if (stream != NULL)
		closedir(stream);
	rmdir(directory->path);
}
