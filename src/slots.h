/* SPDX-License-Identifier: Apache-2.0 */
/*
 * So many at once on this machine and no more, over all processes: for work that takes much memory
 * or all of a processor. A holder that is killed holds nothing any more.
 *
 * A slot is a record lock on one byte of a file, and belongs to the process. Such locks have a
 * trap: when a process closes any descriptor of the file, all its locks are gone. So a process
 * opens the slots of one name once, and holds one slot at most. What it forks holds none.
 */
#ifndef GP_SLOTS_H
#define GP_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

struct gp_slots;

/*
 * Open the slots of the file <directory>/<name>.slots, which is made when it is missing and stays.
 * Whoever removes it lets those who come later take as many slots again.
 *
 *   directory   must belong to the user of the workers or to root, and others must not be able to
 *               write in it; is not made
 *   name        as in a path; without a slash
 *   count       how many slots there are, from 1; processes that differ in it keep to the greatest
 *   problem     one line for the operator that says what to change, filled with the result NULL
 *
 * The caller owns the result; NULL when there is a problem.
 *
 * Source: POSIX.1-2008, fcntl(), F_SETLK.
 */
GP_MUST_USE struct gp_slots *gp_slots_open(
    const char *directory, const char *name, unsigned count, char *problem, size_t problem_size);

/*
 * Take a slot, waiting for one at most `wait_ms` milliseconds; with 0 or less each is tried once.
 * Nobody queues: of those who wait, whoever comes by first gets a slot that becomes free.
 *
 * Whether a slot is held now, which gp_slots_give() gives back; false too when locks do not work,
 * and at once when this process holds one already.
 */
GP_MUST_USE bool gp_slots_take(struct gp_slots *slots, int64_t wait_ms);

/* Give the slot back; fine when none is held. */
void gp_slots_give(struct gp_slots *slots);

/* Give the slot back and let go of the file. NULL is fine. */
void gp_slots_close(struct gp_slots *slots);

#endif
