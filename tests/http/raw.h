/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that no HTTP library would send. */
#ifndef GP_TEST_RAW_H
#define GP_TEST_RAW_H

#include <stddef.h>

#include "answer.h"

/*
 * Send bytes to the server and read until it closes or has been silent for three seconds: ask for
 * `Connection: close`. The body is what follows the empty line.
 */
const struct gp_answer *gp_send_raw(const char *bytes, size_t length);

/* The same, and close our side behind the bytes: nothing more will come. */
const struct gp_answer *gp_send_raw_and_stop(const char *bytes, size_t length);

/*
 * The same as gp_send_raw(), but the last `slow` bytes go one by one, evenly spread over
 * `duration_ms`.
 */
const struct gp_answer *gp_send_raw_slowly(
    const char *bytes, size_t length, size_t slow, unsigned duration_ms);

#endif
