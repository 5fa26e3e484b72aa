/* SPDX-License-Identifier: Apache-2.0 */
/* The socket on which the daemon waits for the web server. */
#ifndef GP_LISTENER_H
#define GP_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/*
 * Open it: the one that systemd hands over (LISTEN_FDS, sd_listen_fds(3)), else the one that the
 * setting says.
 *
 *   where     an address and port, [::1]:9002, or the absolute path of a Unix socket, which then is
 *             for the daemon's user and group alone; one that nobody is left at is replaced. A
	     port of 0 stands for any that is free
 *   path      receives the path of a socket that was made here, else ""
 *   problem   one line that says what to change, filled with the result -1
 *
 * The descriptor, non-blocking and closed in programs that we start, is the caller's.
 */
GP_MUST_USE int gp_listener_open(
    const char *where, char path[108], char *problem, size_t problem_size);

#endif
