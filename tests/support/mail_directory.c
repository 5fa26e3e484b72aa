/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes the directory. */
#include "mail_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A path below the directory; false where it is too long. */
static bool
path_of(const struct gp_test_mail_directory *directory, const char *name, char *path, size_t size)
{
	int length = snprintf(path, size, "%s/%s", directory->path, name);

	return length > 0 && (size_t)length < size;
}

bool
gp_test_mail_directory_write(const struct gp_test_mail_directory *directory, const char *name,
    const char *bytes, size_t length)
{
	char path[8192];
	bool written;
	int fd;

	if (!path_of(directory, name, path, sizeof(path)))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	if (fd < 0)
		return false;
	written = write(fd, bytes, length) == (ssize_t)length;
	return close(fd) == 0 && written;
}

bool
gp_test_mail_directory_make(
    struct gp_test_mail_directory *directory, const char *reset, const char *verify)
{
	const char *parent = getenv("TMPDIR");

	snprintf(directory->path, sizeof(directory->path), "%s/gatepost-mail-XXXXXX",
	    parent != NULL && parent[0] != '\0' ? parent : "/tmp");
	if (mkdtemp(directory->path) == NULL)
		return false;
	return (reset == NULL || gp_test_mail_directory_write(
				     directory, "reset-password.txt", reset, strlen(reset))) &&
	       (verify == NULL || gp_test_mail_directory_write(
				      directory, "verify-email.txt", verify, strlen(verify)));
}

void
gp_test_mail_directory_remove(const struct gp_test_mail_directory *directory)
{
	DIR *entries = opendir(directory->path);
	struct dirent *entry;
	char path[8192];

	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    path_of(directory, entry->d_name, path, sizeof(path)) && unlink(path) != 0)
			rmdir(path);
	}
	if (entries != NULL)
		closedir(entries);
	rmdir(directory->path);
}
