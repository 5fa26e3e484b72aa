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

#include <stdbool.h>

#include "attributes.h"
#include "route.h"
#include "settings.h"

struct gp_program {
	const char *name; /* as the operator calls it */
	enum gp_program_bit bit;
	const struct gp_route *routes;
};

struct gp_worker;

/*
 * Carry out --help, --version, --print-config and --print-sample.
 *
 *   status   of the process, when there was an option
 *
 * Returns whether the process is done. Options are for people: under a web server there are none,
 * because a CGI server passes parts of the query string as arguments (RFC 3875 section 4.4).
 */
GP_MUST_USE bool gp_worker_options(const struct gp_program *program, int argc, char *const *argv,
    char *const *environment, int *status);

/*
 * Read the settings and make ready to serve. Returns the worker, owned by the caller, or NULL after
 * one line on standard error that says what to change. Borrows `environment` for reloads.
 */
GP_MUST_USE struct gp_worker *gp_worker_open(
    const struct gp_program *program, char *const *environment);

/* Serve until told to stop. Returns whether it ended as it should. */
GP_MUST_USE bool gp_worker_run(struct gp_worker *worker);

/* Release everything. NULL is fine. */
void gp_worker_close(struct gp_worker *worker);

#endif
