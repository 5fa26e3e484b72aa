/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many processes come to one complete file. A file is filled by whoever holds its lock, and its
 * head is written last: with the right head it is complete. One that is not as wanted is never
 * changed, since somebody may have it mapped; its name is taken away and given to a new file.
 */
#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A line of the processor's cache, so that the memory behind the head begins one. */
enum { ALIGNMENT = 64 };

/*
 * Filling a file takes milliseconds: who holds its lock for five seconds has been stopped. A round
 * is lost only to another process that replaces the file meanwhile, and no update makes so many do.
 */
enum { LOCK_TRIES = 500, LOCK_PAUSE_MS = 10, ROUNDS = 200 };

struct head {
	char magic[16];
	uint64_t layout;
	uint64_t size; /* of the memory behind the head */
	unsigned char rest[ALIGNMENT - 32];
};

struct gp_state_file {
	void *base;    /* the mapping, or the block of private memory */
	size_t mapped; /* bytes of the mapping; 0 for private memory */
	void *memory;
};

/* What one call of open is about. */
struct place {
	const char *directory_name;
	int directory;
	char name[256];
	struct head head; /* as wanted */
	off_t length;     /* of the file */
	char *problem;
	size_t problem_size;
};

enum verdict { READY, UNFIT, GONE, REFUSED };

static void
tell(struct place *place, const char *reason)
{
	snprintf(place->problem, place->problem_size, "%s/%s: %s", place->directory_name,
	    place->name, reason);
}

/* Not ours to use: what to do about the directory. */
static void
tell_directory(struct place *place, const char *reason)
{
	snprintf(place->problem, place->problem_size,
	    "%s: %s; it must be a directory that belongs to the user of the workers (id %ld) and in "
	    "which nobody else may write",
	    place->directory_name, reason, (long)geteuid());
}

/* The directory, or -1 with the problem told when others could put files into it. */
static int
open_directory(struct place *place)
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

/* The file, or -1; O_NONBLOCK, because a FIFO would make us wait. */
static int
open_file(const struct place *place)
{
	return openat(place->directory, place->name,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

static bool
is_private(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       (status->st_mode & 07777) == (S_IRUSR | S_IWUSR) && status->st_nlink == 1;
}

static void
refuse_foreign(struct place *place)
{
	char reason[160];

	snprintf(reason, sizeof(reason),
	    "must be a regular file of the user of the workers (id %ld), with mode 0600 and one "
	    "name; remove it, and a new one is made",
	    (long)geteuid());
	tell(place, reason);
}

/* Why it cannot be opened or replaced, from errno. */
static void
tell_error(struct place *place)
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
		tell(place, reason);
		break;
	default: tell(place, strerror(errno)); break;
	}
}

/* What the open file is to us; GONE when another process has just replaced it. */
static enum verdict
judge(struct place *place, int fd)
{
	struct stat status;
	struct head head;

	if (fstat(fd, &status) != 0) {
		tell(place, strerror(errno));
		return REFUSED;
	}
	if (status.st_nlink == 0)
		return GONE;
	if (!is_private(&status)) {
		refuse_foreign(place);
		return REFUSED;
	}
	if (status.st_size == place->length &&
	    pread(fd, &head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(&head, &place->head, sizeof(head)) == 0)
		return READY;
	return UNFIT;
}

/* flock() itself has no limit of time, and an alarm would be everybody's. */
static bool
take_lock(struct place *place, int fd)
{
	static const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };

	for (int tries = 0; tries < LOCK_TRIES; tries++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR) {
			tell(place, strerror(errno));
			return false;
		}
		nanosleep(&pause, NULL);
	}
	tell(place, "another process holds its lock and does not go on");
	return false;
}

static bool
is_empty(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_size == 0;
}

/* 0, or the error. What is reserved reads as zeros. */
static int
fill(const struct place *place, int fd)
{
	int error;

	do
		error = posix_fallocate(fd, 0, place->length);
	while (error == EINTR);
	if (error != 0)
		return error;
	errno = EIO;
	return pwrite(fd, &place->head, sizeof(place->head), 0) == (ssize_t)sizeof(place->head)
		   ? 0
		   : errno;
}

/* With its lock held. A disk that is full now shall not leave a file that others stumble over. */
static enum verdict
fill_or_remove(struct place *place, int fd)
{
	char reason[160];
	int error = fill(place, fd);

	if (error == 0)
		return READY;
	snprintf(reason, sizeof(reason), "%s; it needs %lld bytes", strerror(error),
	    (long long)place->length);
	tell(place, reason);
	unlinkat(place->directory, place->name, 0);
	return REFUSED;
}

/* Fill an empty file, which nobody has mapped; take the name from any other. With its lock held. */
static enum verdict
make(struct place *place, int fd)
{
	if (is_empty(fd))
		return fill_or_remove(place, fd);
	if (unlinkat(place->directory, place->name, 0) == 0 || errno == ENOENT)
		return GONE;
	tell_error(place);
	return REFUSED;
}

/* Judge the file again once its lock is ours: most often another process has filled it. */
static enum verdict
settle(struct place *place, int fd)
{
	enum verdict verdict;

	if (!take_lock(place, fd))
		return REFUSED;
	verdict = judge(place, fd);
	return verdict == UNFIT ? make(place, fd) : verdict;
}

/* The complete file, or -1 with the problem told. */
static int
open_complete(struct place *place)
{
	for (int round = 0; round < ROUNDS; round++) {
		int fd = open_file(place);
		enum verdict verdict;

		if (fd < 0) {
			tell_error(place);
			return -1;
		}
		verdict = judge(place, fd);
		if (verdict == UNFIT)
			verdict = settle(place, fd);
		if (verdict == READY)
			return fd;
		close(fd);
		if (verdict == REFUSED)
			return -1;
	}
	tell(place, "other programs keep replacing it; each needs a directory of its own");
	return -1;
}

static bool
map(struct gp_state_file *file, int fd, size_t length)
{
	void *base = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (base == MAP_FAILED)
		return false;
	file->base = base;
	file->mapped = length;
	file->memory = (unsigned char *)base + sizeof(struct head);
	return true;
}

static bool
map_shared(struct gp_state_file *file, struct place *place)
{
	bool mapped = false;
	int fd;

	place->directory = open_directory(place);
	if (place->directory < 0)
		return false;
	fd = open_complete(place);
	if (fd >= 0) {
		mapped = map(file, fd, (size_t)place->length);
		if (!mapped)
			tell(place, strerror(errno));
		flock(fd, LOCK_UN); /* closing is not enough: the mapping would keep the lock */
		close(fd);
	}
	close(place->directory);
	return mapped;
}

/* From the C library, which leaves large blocks untouched until they are used. */
static bool
take_private(struct gp_state_file *file, size_t size)
{
	unsigned char *block = calloc(1, size + ALIGNMENT);

	if (block == NULL)
		return false;
	file->base = block;
	file->memory = block + ALIGNMENT - (uintptr_t)block % ALIGNMENT;
	return true;
}

static bool
describe(struct place *place, const char *program_name, uint64_t layout, size_t size)
{
	int length = snprintf(place->name, sizeof(place->name), "%s.state", program_name);

	place->head = (struct head){ .magic = "gatepost state\n", .layout = layout, .size = size };
	place->length = (off_t)(sizeof(place->head) + size);
	if (length > 0 && (size_t)length < sizeof(place->name) && strchr(program_name, '/') == NULL)
		return true;
	snprintf(place->problem, place->problem_size, "%s: no name for a file", program_name);
	return false;
}

struct gp_state_file *
gp_state_file_open(const char *directory, const char *program_name, uint64_t layout, size_t size,
    char *problem, size_t problem_size)
{
	struct place place = {
		.directory_name = directory, .problem = problem, .problem_size = problem_size
	};
	struct gp_state_file *file = calloc(1, sizeof(*file));
	bool opened;

	snprintf(problem, problem_size, "out of memory");
	if (file == NULL)
		return NULL;
	if (directory == NULL)
		opened = take_private(file, size);
	else
		opened = describe(&place, program_name, layout, size) && map_shared(file, &place);
	if (!opened) {
		free(file);
		return NULL;
	}
	problem[0] = '\0';
	return file;
}

void *
gp_state_file_memory(const struct gp_state_file *file)
{
	return file->memory;
}

void
gp_state_file_close(struct gp_state_file *file)
{
	if (file == NULL)
		return;
	if (file->mapped > 0)
		munmap(file->base, file->mapped);
	else
		free(file->base);
	free(file);
}
