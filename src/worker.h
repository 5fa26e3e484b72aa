/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker loop: one request after the other, from FastCGI or, where standard input is no
 * listening socket, the single request of a CGI program.
 *
 * SIGTERM and SIGUSR1 end the wait for the next request, never the one in progress. SIGHUP has
 * settings and keys read again before the next request; what was in force stays when the new
 * settings are bad.
 */
#ifndef GP_WORKER_H
#define GP_WORKER_H

#include "attributes.h"
#include "process.h"

/* What most programs say of themselves. */
#define GP_WORKER_PURPOSE \
	"answers requests under a web server, as a FastCGI responder or a CGI program"

/*
 * The whole of a program: carry out --help, --version, --print-config or --print-sample, else serve
 * until told to stop. What is wrong is one line on standard error.
 *
 *   environment   as in environ; borrowed, also for reading settings again
 *
 * Options are for people: under a web server there are none, because a CGI server passes parts of
 * the query string as arguments (RFC 3875 section 4.4).
 *
 * Returns the status of the process.
 */
GP_MUST_USE int gp_worker_main(
    const struct gp_program *program, int argc, char *const *argv, char *const *environment);

#endif
