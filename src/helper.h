/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs another program to its end: without a shell, within a time, with nothing of ours that it was
 * not given.
 */
#ifndef GP_HELPER_H
#define GP_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

/*
 * Run a program and wait until it has ended.
 *
 *   arguments   its path and its arguments, ending in NULL
 *   variables   names of the variables of our environment that it gets where they are set, at most
 *               GP_HELPER_VARIABLES_MAX, ending in NULL; it gets no others
 *   input       `input_length` bytes that it gets as its standard input, any bytes; not kept.
 *               NULL: it gets /dev/null
 *   limit_ms    longest wait in milliseconds, writing included; then it is killed, with all of its
 *               process group
 *   said        room for one line, never empty on failure: what it wrote to standard error, else
 *               how it ended; on success what it wrote, mostly ""
 *
 * The program has a process group of its own, /dev/null as standard output, none of our other
 * descriptors, default signal handlers and no signal blocked. It has been reaped when this returns.
 * Signals that come to us meanwhile run their handlers and change nothing here; that it closed its
 * input early raises no SIGPIPE in us, handled or not.
 *
 * Returns whether it ended in time and with status 0, which it may without having read all of its
 * input: nothing is written after its end, even where a child of it still reads. Where SIGCHLD is
 * ignored the kernel keeps no status: then a program that said nothing counts as one that
 * succeeded.
 */
GP_MUST_USE bool gp_helper_run(char *const *arguments, const char *const *variables,
    const char *input, size_t input_length, int64_t limit_ms, char *said, size_t said_size);

#define GP_HELPER_VARIABLES_MAX 15

#endif
