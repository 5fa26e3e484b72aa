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
#include "route.h"
#include "service.h"
#include "settings.h"

/* What only one program has: made from its settings, reached by its handlers as service->own. */
struct gp_program_part {
	/*
	 * Make it. `counters` is the rate limit's memory that all workers share. NULL with
	 * `problem` filled when it cannot be: one line that says what to change.
	 */
	void *(*open)(const struct gp_settings *settings, void *counters, const struct gp_log *log,
	    char *problem, size_t problem_size);
	/* Do what was put off until the client has its answer, with the arena of the request. NULL
	 * for nothing. */
	void (*after_answer)(void *part, struct gp_arena *arena);
	void (*close)(void *part); /* NULL is fine */
};

struct gp_program {
	const char *name; /* as the operator calls it */
	enum gp_program_bit bit;
	const struct gp_route *routes;
	enum gp_refusal_form refusal_form;
	struct gp_manners manners;
	const struct gp_program_part *part; /* NULL for none */
};

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
