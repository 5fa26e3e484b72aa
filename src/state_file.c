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

#include "private_place.h"

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
struct wanted {
	struct gp_private_place place;
	struct head head;
	off_t length; /* of the file */
};

enum verdict { READY, UNFIT, GONE, REFUSED };

static bool
is_complete(const struct wanted *wanted, int fd)
{
	struct stat status;
	struct head head;

	return fstat(fd, &status) == 0 && status.st_size == wanted->length &&
	       pread(fd, &head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	       memcmp(&head, &wanted->head, sizeof(head)) == 0;
}

/* What the open file is to us; GONE when another process has just replaced it. */
static enum verdict
judge(struct wanted *wanted, int fd)
{
	switch (gp_private_place_judge(&wanted->place, fd)) {
	case GP_PRIVATE_FILE_OURS: return is_complete(wanted, fd) ? READY : UNFIT;
	case GP_PRIVATE_FILE_GONE: return GONE;
	case GP_PRIVATE_FILE_REFUSED: break;
	}
	return REFUSED;
}

/* flock() itself has no limit of time, and an alarm would be everybody's. */
static bool
take_lock(struct wanted *wanted, int fd)
{
	static const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };

	for (int tries = 0; tries < LOCK_TRIES; tries++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR) {
			gp_private_place_tell(&wanted->place, strerror(errno));
			return false;
		}
		nanosleep(&pause, NULL);
	}
	gp_private_place_tell(&wanted->place, "another process holds its lock and does not go on");
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
fill(const struct wanted *wanted, int fd)
{
	int error;

	do
		error = posix_fallocate(fd, 0, wanted->length);
	while (error == EINTR);
	if (error != 0)
		return error;
	errno = EIO;
	return pwrite(fd, &wanted->head, sizeof(wanted->head), 0) == (ssize_t)sizeof(wanted->head)
		   ? 0
		   : errno;
}

/* With its lock held. A disk that is full now shall not leave a file that others stumble over. */
static enum verdict
fill_or_remove(struct wanted *wanted, int fd)
{
	char reason[160];
	int error = fill(wanted, fd);

	if (error == 0)
		return READY;
	snprintf(reason, sizeof(reason), "%s; it needs %lld bytes", strerror(error),
	    (long long)wanted->length);
	gp_private_place_tell(&wanted->place, reason);
	unlinkat(wanted->place.directory, wanted->place.name, 0);
	return REFUSED;
}

/* Fill an empty file, which nobody has mapped; take the name from any other. With its lock held. */
static enum verdict
make(struct wanted *wanted, int fd)
{
	if (is_empty(fd))
		return fill_or_remove(wanted, fd);
	if (unlinkat(wanted->place.directory, wanted->place.name, 0) == 0 || errno == ENOENT)
		return GONE;
	gp_private_place_tell_error(&wanted->place);
	return REFUSED;
}

/* Judge the file again once its lock is ours: most often another process has filled it. */
static enum verdict
settle(struct wanted *wanted, int fd)
{
	enum verdict verdict;

	if (!take_lock(wanted, fd))
		return REFUSED;
	verdict = judge(wanted, fd);
	return verdict == UNFIT ? make(wanted, fd) : verdict;
}

/* The complete file, or -1 with the problem told. */
static int
open_complete(struct wanted *wanted)
{
	for (int round = 0; round < ROUNDS; round++) {
		int fd = gp_private_place_open_file(&wanted->place);
		enum verdict verdict;

		if (fd < 0)
			return -1;
		verdict = judge(wanted, fd);
		if (verdict == UNFIT)
			verdict = settle(wanted, fd);
		if (verdict == READY)
			return fd;
		close(fd);
		if (verdict == REFUSED)
			return -1;
	}
	gp_private_place_tell(
	    &wanted->place, "other programs keep replacing it; each needs a directory of its own");
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
map_complete(struct gp_state_file *file, struct wanted *wanted)
{
	int fd = open_complete(wanted);
	bool mapped;

	if (fd < 0)
		return false;
	mapped = map(file, fd, (size_t)wanted->length);
	if (!mapped)
		gp_private_place_tell(&wanted->place, strerror(errno));
	flock(fd, LOCK_UN); /* closing is not enough: the mapping would keep the lock */
	close(fd);
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

struct gp_state_file *
gp_state_file_open(const char *directory, const char *program_name, uint64_t layout, size_t size,
    char *problem, size_t problem_size)
{
	struct wanted wanted = {
		.head = { .magic = "gatepost state\n", .layout = layout, .size = size },
		.length = (off_t)(sizeof(struct head) + size),
	};
	struct gp_state_file *file = calloc(1, sizeof(*file));
	bool opened = false;

	snprintf(problem, problem_size, "out of memory");
	if (file == NULL)
		return NULL;
	if (directory == NULL) {
		opened = take_private(file, size);
	} else if (gp_private_place_open(
		       &wanted.place, directory, program_name, "state", problem, problem_size)) {
		opened = map_complete(file, &wanted);
		gp_private_place_close(&wanted.place);
	}
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
