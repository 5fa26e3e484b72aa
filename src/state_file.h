/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that all workers of a program on this machine share, so that they count together: one
 * private file, which each of them maps. What is in it is for others to say.
 */
#ifndef GP_STATE_FILE_H
#define GP_STATE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

struct gp_state_file;

/*
 * Map the file <directory>/<program_name>.state, which is made when it is missing, and replaced by
 * a new one when it was made for another layout or size. Who has the old one mapped keeps it. Any
 * number of processes may do this at once, and each may be killed while it does.
 *
 *   directory      must belong to the user of the workers or to root, and others must not be able
 *                  to write in it; is not made. NULL: zeroed memory for this process alone
 *   program_name   as in a path; without a slash
 *   layout         a number that changes whenever the meaning of the memory does
 *   size           bytes of memory; all of them are reserved on the disk, so that a full one is
 *                  noticed here and never while counting
 *   problem        one line for the operator that says what to change, filled with the result NULL
 *
 * The caller owns the result; NULL when there is a problem.
 */
GP_MUST_USE struct gp_state_file *gp_state_file_open(const char *directory,
    const char *program_name, uint64_t layout, size_t size, char *problem, size_t problem_size);

/*
 * The memory, aligned to 64 bytes: zero when the file was made, since then whatever all workers
 * wrote. Others change it at any time, so only lock-free atomics belong there. Valid until close.
 */
void *gp_state_file_memory(const struct gp_state_file *file);

/* Let go of the memory; the file stays for the other workers. NULL is fine. */
void gp_state_file_close(struct gp_state_file *file);

#endif
