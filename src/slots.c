/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel keeps the locks, and takes them from whoever ends. Waiting for one is asking again. */
#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "private_place.h"

/*
 * Between two rounds of asking. What is worth a slot takes tens of milliseconds, so that a slot
 * that becomes free lies idle for a tenth of it at most; asking costs microseconds.
 */
enum { PAUSE_MS = 3 };

/* Only somebody who removes the file over and over is met more than once. */
enum { ROUNDS = 100 };

struct gp_slots {
	int fd;
	unsigned count;
	unsigned slot; /* the one that is held, else the one to be tried first */
	bool held;
};

/* Set or remove the lock on the byte of a slot. */
static bool
lock_byte(const struct gp_slots *slots, unsigned slot, short type)
{
	struct flock lock = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = (off_t)slot,
		.l_len = 1,
	};
	int result;

	do
		result = fcntl(slots->fd, F_SETLK, &lock);
	while (result != 0 && errno == EINTR);
	return result == 0;
}

/* The file, or -1 with the problem told. */
static int
open_file(struct gp_private_place *place)
{
	for (int round = 0; round < ROUNDS; round++) {
		int fd = gp_private_place_open_file(place);
		enum gp_private_file file;

		if (fd < 0)
			return -1;
		file = gp_private_place_judge(place, fd);
		if (file == GP_PRIVATE_FILE_OURS)
			return fd;
		close(fd);
		if (file == GP_PRIVATE_FILE_REFUSED)
			return -1;
	}
	gp_private_place_tell(place, "other programs keep removing it");
	return -1;
}

struct gp_slots *
gp_slots_open(
    const char *directory, const char *name, unsigned count, char *problem, size_t problem_size)
{
	struct gp_private_place place;
	struct gp_slots *slots;
	int fd;

	if (count == 0) {
		snprintf(problem, problem_size, "%s: there must be one slot at least", name);
		return NULL;
	}
	if (!gp_private_place_open(&place, directory, name, "slots", problem, problem_size))
		return NULL;
	fd = open_file(&place);
	gp_private_place_close(&place);
	if (fd < 0)
		return NULL;
	slots = malloc(sizeof(*slots));
	if (slots == NULL) {
		snprintf(problem, problem_size, "out of memory");
		close(fd);
		return NULL;
	}
	/* Workers have numbers that follow each other: so their first slots differ. */
	*slots = (struct gp_slots){ .fd = fd, .count = count, .slot = (unsigned)getpid() % count };
	problem[0] = '\0';
	return slots;
}

/* Each slot once, beginning with the one that was held last: nobody else is likely to have it. */
static bool
try_all(struct gp_slots *slots)
{
	for (unsigned i = 0; i < slots->count; i++) {
		if (lock_byte(slots, slots->slot, F_WRLCK))
			return true;
		slots->slot = (slots->slot + 1) % slots->count;
	}
	return false;
}

bool
gp_slots_take(struct gp_slots *slots, int64_t wait_ms)
{
	static const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
	int64_t began_ms;

	if (slots->held)
		return false;
	began_ms = gp_clock_elapsed_ms();
	while (!(slots->held = try_all(slots)) && gp_clock_elapsed_ms() - began_ms < wait_ms)
		nanosleep(&pause, NULL); /* a signal makes us ask a little earlier */
	return slots->held;
}

void
gp_slots_give(struct gp_slots *slots)
{
	/* There is no way to fail for a lock that we hold, but for being killed. */
	if (slots->held)
		lock_byte(slots, slots->slot, F_UNLCK);
	slots->held = false;
}

void
gp_slots_close(struct gp_slots *slots)
{
	if (slots == NULL)
		return;
	gp_slots_give(slots);
	close(slots->fd);
	free(slots);
}
