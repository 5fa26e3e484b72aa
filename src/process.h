/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One process of a program: what it serves with, made from its settings, and the serving of one
 * request after the other. Where requests come from is for the worker loop to know, or a daemon.
 */
#ifndef GP_PROCESS_H
#define GP_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"
#include "buffer.h"
#include "event_log.h"
#include "metrics.h"
#include "request.h"
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
	const char *name;    /* as the operator calls it */
	const char *purpose; /* the sentence of --help that begins with the name */
	enum gp_program_bit bit;
	const struct gp_route *routes;
	enum gp_refusal_form refusal_form;
	struct gp_manners manners;
	const struct gp_program_part *part; /* NULL for none */
};

struct gp_process;

/*
 * Carry out --help, --version, --print-config or --print-sample; say what the options are where
 * there is none of them. `status` is that of the process.
 */
void gp_program_run_option(const struct gp_program *program, int argc, char *const *argv,
    char *const *environment, int *status);

/*
 * Make a process of the program.
 *
 *   environment   as in environ; borrowed, also for reading settings again
 *   lasts         whether it serves more than one request: then it is worth a line in the log that
 *                 its counters cannot be shared
 *
 * Owned by the caller. NULL when it cannot be, which one line on standard error explains.
 */
GP_MUST_USE struct gp_process *gp_process_open(
    const struct gp_program *program, char *const *environment, bool lasts);

/* Release. NULL is fine. */
void gp_process_close(struct gp_process *process);

/*
 * Read settings and keys again. What is wrong with them is a line in the log; then those in force
 * stay. Returns whether there are new ones.
 */
bool gp_process_reload(struct gp_process *process);

/*
 * Serve one request, and count it.
 *
 *   answer        as gp_response_write() makes it; until gp_process_finish()
 *   observation   what became of it
 */
void gp_process_serve(struct gp_process *process, struct gp_request *request,
    struct gp_buffer *answer, struct gp_observation *observation);

/* Do what is left once the client has its answer, and let go of what the request needed. */
void gp_process_finish(struct gp_process *process);

/* Whether it has answered as many requests as MAX_REQUESTS asks of one worker. */
bool gp_process_retires(const struct gp_process *process);

/* What it serves with; borrowed, until settings are read again. */
const struct gp_settings *gp_process_settings(const struct gp_process *process);

/* Where Better Auth's tables are; borrowed in the same way. */
struct gp_database *gp_process_user_database(const struct gp_process *process);

/* What only this program has; borrowed in the same way. */
void *gp_process_part(const struct gp_process *process);

/* Its log, whose sink the caller may direct; borrowed. */
struct gp_log *gp_process_log(struct gp_process *process);

#endif
