/* SPDX-License-Identifier: Apache-2.0 */
/* Judges what is open, never a name: what a name stands for can change meanwhile. */
#include "private_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
gp_private_place_tell(struct gp_private_place *place, const char *reason)
{
	snprintf(place->problem, place->problem_size, "%s/%s: %s", place->directory_name,
	    place->name, reason);
}

/* Not ours to use: what to do about the directory. */
static void
tell_directory(struct gp_private_place *place, const char *reason)
{
	snprintf(place->problem, place->problem_size,
	    "%s: %s; it must be a directory that belongs to the user of the workers (id %ld) and in "
	    "which nobody else may write",
	    place->directory_name, reason, (long)geteuid());
}

/* The directory, or -1 with the problem told when others could put files into it. */
static int
open_directory(struct gp_private_place *place)
{
	struct stat status;
	int fd = open(place->directory_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) != 0)
		tell_directory(place, strerror(errno));
	else if (status.st_uid != geteuid() && status.st_uid != 0)
		tell_directory(place, "belongs to another user");
	else if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		tell_directory(place, "others may write in it");
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
is_private(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       (status->st_mode & 07777) == (S_IRUSR | S_IWUSR) && status->st_nlink == 1;
}

static void
refuse_foreign(struct gp_private_place *place)
{
	char reason[160];

	snprintf(reason, sizeof(reason),
	    "must be a regular file of the user of the workers (id %ld), with mode 0600 and one "
	    "name; remove it, and a new one is made",
	    (long)geteuid());
	gp_private_place_tell(place, reason);
}

void
gp_private_place_tell_error(struct gp_private_place *place)
{
	char reason[160];

	switch (errno) {
	case EISDIR:
	case ELOOP:
	case ENXIO: refuse_foreign(place); break;
	case EACCES:
		snprintf(reason, sizeof(reason),
		    "%s; it and its directory must belong to the user of the workers (id %ld)",
		    strerror(errno), (long)geteuid());
		gp_private_place_tell(place, reason);
		break;
	default: gp_private_place_tell(place, strerror(errno)); break;
	}
}

static bool
name_file(struct gp_private_place *place, const char *name, const char *kind)
{
	int length = snprintf(place->name, sizeof(place->name), "%s.%s", name, kind);

	if (length > 0 && (size_t)length < sizeof(place->name) && strchr(name, '/') == NULL)
		return true;
	snprintf(place->problem, place->problem_size, "%s: no name for a file", name);
	return false;
}

bool
gp_private_place_open(struct gp_private_place *place, const char *directory, const char *name,
    const char *kind, char *problem, size_t problem_size)
{
	*place = (struct gp_private_place){
		.directory_name = directory,
		.directory = -1,
		.problem = problem,
		.problem_size = problem_size,
	};
	if (!name_file(place, name, kind))
		return false;
	place->directory = open_directory(place);
	return place->directory >= 0;
}

void
gp_private_place_close(struct gp_private_place *place)
{
	close(place->directory);
	place->directory = -1;
}

/* O_NONBLOCK, because a FIFO would make us wait. */
int
gp_private_place_open_file(struct gp_private_place *place)
{
	int fd = openat(place->directory, place->name,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR);

	if (fd < 0)
		gp_private_place_tell_error(place);
	return fd;
}

enum gp_private_file
gp_private_place_judge(struct gp_private_place *place, int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0) {
		gp_private_place_tell_error(place);
		return GP_PRIVATE_FILE_REFUSED;
	}
	if (status.st_nlink == 0)
		return GP_PRIVATE_FILE_GONE;
	if (is_private(&status))
		return GP_PRIVATE_FILE_OURS;
	refuse_foreign(place);
	return GP_PRIVATE_FILE_REFUSED;
}
