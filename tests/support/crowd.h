/* SPDX-License-Identifier: Apache-2.0 */
/* Several processes that do the same thing at the same time, over memory that they share. */
#ifndef GP_TEST_CROWD_H
#define GP_TEST_CROWD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory that is shared with later children, aligned to a page; NULL when there is none. */
void *gp_test_share(size_t size);

void gp_test_unshare(void *memory, size_t size);

/*
 * Run a function in so many children; each gets its number, from 0. Whether all of them returned
 * true, within a minute.
 */
bool gp_test_crowd(unsigned processes, bool (*run)(unsigned number, void *context), void *context);

/* Where processes wait for each other; in shared memory, zero at first. */
struct gp_test_gate {
	atomic_uint arrived;
};

/* Returns once so many processes have come, in every round anew. */
void gp_test_gate_pass(struct gp_test_gate *gate, unsigned processes);

#endif
