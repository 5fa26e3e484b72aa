/* SPDX-License-Identifier: Apache-2.0 */
/* Hides how settings become what a program serves with, and what of it outlives a request. */
#include "process.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "clock.h"
#include "retirement.h"
#include "serve.h"
#include "state_file.h"

struct gp_process {
	const struct gp_program *program;
	char *const *environment;
	bool lasts;
	struct gp_settings *settings;
	struct gp_authority *authority;
	struct gp_database *database;
	struct gp_database *auth_database; /* NULL: Better Auth's tables are beside the tasks */
	struct gp_json_reader *reader;
	struct gp_arena *arena;
	struct gp_log log;
	struct gp_log_quota log_quota;
	struct gp_state_file
	    *state; /* what all workers count together: the metrics, then the limits */
	struct gp_rate_limit *limiter;
	void *part;         /* of the program; NULL where it has none */
	uint64_t id_prefix; /* random, so that ids of two workers differ */
	uint64_t served;
	int64_t started_ns; /* monotonic */
};

static void
print_help(const struct gp_program *program, FILE *out)
{
	fprintf(out,
	    "%s %s.\n"
	    "  --print-config   print the settings in force, secrets hidden\n"
	    "  --print-sample   print a settings file with every setting explained\n"
	    "  --version        print the version\n"
	    "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	    "(default " GATEPOST_ENV_DEFAULT ").\n",
	    program->name, program->purpose);
}

/* The database of an address that libpq understands; no connection is made yet. */
static struct gp_database *
database_of(const struct gp_program *program, const struct gp_settings *settings, char *problem,
    size_t problem_size)
{
	const struct gp_database_manner manner = gp_settings_database_manner(settings);
	const char *name = "DATABASE_URL", *url = settings->database_url;
	struct gp_database *database;

	if (program->bit == GP_PROGRAM_AUTH) {
		name = "SIGN_IN_DATABASE_URL";
		url = settings->sign_in_database_url;
	} else if (program->bit == GP_PROGRAM_NOTIFY && settings->auth_database_url == NULL) {
		name = "NOTIFY_DATABASE_URL";
		url = settings->notify_database_url;
	} else if (program->bit != GP_PROGRAM_API && settings->auth_database_url != NULL) {
		name = "AUTH_DATABASE_URL";
		url = settings->auth_database_url;
	}
	database = gp_database_new(url, &manner);
	if (database == NULL)
		snprintf(problem, problem_size,
		    "%s: not a PostgreSQL connection URI; it looks like "
		    "postgresql://USER:PASSWORD@HOST/DATABASE, with %%XX for special characters in "
		    "the password",
		    name);
	return database;
}

static int
print_config(const struct gp_program *program, char *const *environment)
{
	struct gp_database *database = NULL;
	struct gp_settings *settings;
	char problem[512];

	settings = gp_settings_load(
	    environment, GATEPOST_ENV_DEFAULT, program->bit, problem, sizeof(problem));
	if (settings != NULL)
		database = database_of(program, settings, problem, sizeof(problem));
	if (database != NULL)
		gp_settings_print(settings, stdout);
	else
		fprintf(stderr, "%s: %s\n", program->name, problem);
	gp_database_free(database);
	gp_settings_free(settings);
	return database != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

void
gp_program_run_option(const struct gp_program *program, int argc, char *const *argv,
    char *const *environment, int *status)
{
	*status = EXIT_SUCCESS;
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("%s " GATEPOST_VERSION "\n", program->name);
	} else if (argc == 2 && strcmp(argv[1], "--print-sample") == 0) {
		gp_settings_print_sample(stdout);
	} else if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
		*status = print_config(program, environment);
	} else if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		print_help(program, stdout);
	} else {
		print_help(program, stderr);
		*status = EXIT_FAILURE;
	}
}

/* What only this program has, which may count in the rate limit's memory, too. */
static bool
open_part(struct gp_process *process, const struct gp_settings *settings,
    struct gp_state_file *state, char *problem, size_t problem_size)
{
	const struct gp_program_part *kind = process->program->part;
	void *counters = (char *)gp_state_file_memory(state) + gp_metrics_size();
	void *part;

	if (kind == NULL)
		return true;
	part = kind->open(settings, counters, &process->log, problem, problem_size);
	if (part == NULL)
		return false;
	kind->close(process->part);
	process->part = part;
	return true;
}

/* The setting that makes sharing indispensable; NULL where nothing does. */
static const char *
what_needs_state(const struct gp_program *program, const struct gp_settings *settings)
{
	if (program->bit == GP_PROGRAM_AUTH)
		return settings->auth_rate_limit ? "AUTH_RATE_LIMIT" : "SCRYPT_CONCURRENCY";
	return settings->rate.count > 0 ? "RATE_LIMIT" : NULL;
}

/*
 * The memory that workers count in. Where they cannot share it each counts for itself, which does
 * for metrics and not for a limit: then it is a problem.
 */
static bool
open_state(struct gp_process *process, const struct gp_settings *settings, char *problem,
    size_t problem_size)
{
	const size_t size = gp_metrics_size() + gp_rate_limit_size();
	const uint64_t layout = gp_metrics_layout(process->program->routes);
	const char *name = process->program->name;
	const char *needs = what_needs_state(process->program, settings);
	struct gp_state_file *state;
	struct gp_rate_limit *limiter;
	char reason[400];

	state = gp_state_file_open(
	    settings->state_directory, name, layout, size, reason, sizeof(reason));
	if (state == NULL && needs == NULL) {
		/* A CGI program would say so with each request. */
		gp_log_event(&process->log, process->lasts ? GP_LOG_WARNING : GP_LOG_DEBUG,
		    "state_not_shared",
		    (const struct gp_log_field[]){
			{ "reason", reason }, { "remedy", "see STATE_DIRECTORY" } },
		    2);
		state = gp_state_file_open(NULL, name, layout, size, reason, sizeof(reason));
	}
	if (state == NULL) {
		snprintf(
		    problem, problem_size, "STATE_DIRECTORY, which %s needs: %s", needs, reason);
		return false;
	}
	limiter = gp_rate_limit_new(
	    (char *)gp_state_file_memory(state) + gp_metrics_size(), &settings->rate);
	if (limiter == NULL) {
		snprintf(problem, problem_size, "out of memory");
		gp_state_file_close(state);
		return false;
	}
	if (!open_part(process, settings, state, problem, problem_size)) {
		gp_rate_limit_free(limiter);
		gp_state_file_close(state);
		return false;
	}
	gp_rate_limit_free(process->limiter);
	gp_state_file_close(process->state);
	process->limiter = limiter;
	process->state = state;
	return true;
}

/* What depends on settings, made from new ones; the process keeps what it has when that fails. */
static bool
load(struct gp_process *process, char *problem, size_t problem_size)
{
	struct gp_settings *settings;
	struct gp_authority *authority = NULL;
	struct gp_database *database = NULL, *auth_database = NULL;

	settings = gp_settings_load(process->environment, GATEPOST_ENV_DEFAULT,
	    process->program->bit, problem, problem_size);
	if (settings == NULL)
		return false;
	database = database_of(process->program, settings, problem, problem_size);
	if (database == NULL)
		goto fail;
	/* The other programs' only database is that of Better Auth's tables. */
	if (settings->auth_database_url != NULL && process->program->bit == GP_PROGRAM_API) {
		const struct gp_database_manner manner = gp_settings_database_manner(settings);

		auth_database = gp_database_new(settings->auth_database_url, &manner);
		if (auth_database == NULL) {
			snprintf(problem, problem_size,
			    "AUTH_DATABASE_URL: not a PostgreSQL connection URI");
			goto fail;
		}
	}
	authority = gp_authority_new(
	    settings, auth_database != NULL ? auth_database : database, &process->log);
	if (authority == NULL) {
		snprintf(problem, problem_size,
		    "OpenSSL: no HMAC with SHA-256; look at its configuration");
		goto fail;
	}
	if (!open_state(process, settings, problem, problem_size))
		goto fail;
	gp_authority_free(process->authority);
	gp_database_free(process->database);
	gp_database_free(process->auth_database);
	gp_settings_free(process->settings);
	process->auth_database = auth_database;
	process->settings = settings;
	process->authority = authority;
	process->database = database;
	gp_settings_apply_log(settings, &process->log);
	return true;
fail:
	gp_authority_free(authority);
	gp_database_free(database);
	gp_database_free(auth_database);
	gp_settings_free(settings);
	return false;
}

bool
gp_process_reload(struct gp_process *process)
{
	char problem[512];

	if (load(process, problem, sizeof(problem))) {
		gp_log_event(&process->log, GP_LOG_INFO, "settings_reloaded", NULL, 0);
		return true;
	}
	gp_log_event(&process->log, GP_LOG_ERROR, "settings_kept",
	    (const struct gp_log_field[]){ { "reason", problem } }, 1);
	return false;
}

void
gp_process_close(struct gp_process *process)
{
	if (process == NULL)
		return;
	gp_authority_free(process->authority);
	gp_database_free(process->database);
	gp_database_free(process->auth_database);
	gp_settings_free(process->settings);
	gp_rate_limit_free(process->limiter);
	if (process->part != NULL)
		process->program->part->close(process->part);
	gp_state_file_close(process->state);
	gp_json_reader_free(process->reader);
	gp_arena_free(process->arena);
	free(process);
}

struct gp_process *
gp_process_open(const struct gp_program *program, char *const *environment, bool lasts)
{
	struct gp_process *process = calloc(1, sizeof(*process));
	char problem[512] = "out of memory";

	if (process == NULL)
		goto fail;
	process->program = program;
	process->environment = environment;
	process->lasts = lasts;
	process->started_ns = gp_clock_elapsed_ns();
	process->log = (struct gp_log){ .program = program->name, .level = GP_LOG_INFO };
	process->reader = gp_json_reader_new();
	process->arena = gp_arena_new();
	if (process->reader == NULL || process->arena == NULL)
		goto fail;
	if (RAND_bytes((unsigned char *)&process->id_prefix, sizeof(process->id_prefix)) != 1) {
		snprintf(problem, sizeof(problem), "OpenSSL: no random numbers");
		goto fail;
	}
	openlog(program->name, LOG_PID, LOG_DAEMON);
	if (load(process, problem, sizeof(problem)))
		return process;
fail:
	fprintf(stderr, "%s: %s\n", program->name, problem);
	gp_process_close(process);
	return NULL;
}

void
gp_process_serve(struct gp_process *process, struct gp_request *request, struct gp_buffer *answer,
    struct gp_observation *observation)
{
	const int64_t began_ns = gp_clock_elapsed_ns();
	struct gp_metrics *metrics = gp_state_file_memory(process->state);
	char request_id[40];
	struct gp_service service = {
		.refusal_form = process->program->refusal_form,
		.mount_path = process->program->bit == GP_PROGRAM_AUTH
				  ? process->settings->sign_in_path
				  : process->settings->mount_path,
		.manners = &process->program->manners,
		.own = process->part,
		.routes = process->program->routes,
		.settings = process->settings,
		.authority = process->authority,
		.database = process->database,
		.auth_database = process->auth_database,
		.reader = process->reader,
		.arena = process->arena,
		.log = &process->log,
		.log_quota = &process->log_quota,
		.metrics = metrics,
		.limiter =
		    process->settings->rate.count > 0 && process->program->bit != GP_PROGRAM_AUTH
			? process->limiter
			: NULL,
		.request_id = request_id,
	};

	snprintf(request_id, sizeof(request_id), "%016" PRIx64 "-%" PRIu64, process->id_prefix,
	    ++process->served);
	gp_buffer_init(answer, process->arena);
	gp_serve(&service, request, gp_clock_now_ms(), answer, observation);
	gp_database_release(process->database);
	if (process->auth_database != NULL)
		gp_database_release(process->auth_database);
	if (!gp_buffer_complete(answer)) {
		/* Silence would be 200 behind some servers. */
		static char failure[] =
		    "Status: 503 Service Unavailable\r\nContent-Type: application/json\r\n"
		    "Content-Length: 44\r\nRetry-After: 2\r\n\r\n"
		    "{\"detail\":\"Service temporarily unavailable\"}";

		*answer = (struct gp_buffer){ .bytes = failure, .length = sizeof(failure) - 1 };
		observation->status = 503;
	}
	observation->duration_ns = gp_clock_elapsed_ns() - began_ns;
	gp_metrics_count(metrics, observation);
}

void
gp_process_finish(struct gp_process *process)
{
	if (process->part != NULL && process->program->part->after_answer != NULL)
		process->program->part->after_answer(process->part, process->arena);
	gp_database_renew(process->database);
	if (process->auth_database != NULL)
		gp_database_renew(process->auth_database);
	gp_arena_reset(process->arena);
}

bool
gp_process_retires(const struct gp_process *process)
{
	int64_t age_s = (gp_clock_elapsed_ns() - process->started_ns) / 1000000000;

	return gp_retirement_is_due(
	    process->settings->max_requests, process->served, age_s, process->id_prefix);
}

const struct gp_settings *
gp_process_settings(const struct gp_process *process)
{
	return process->settings;
}

struct gp_database *
gp_process_user_database(const struct gp_process *process)
{
	return process->auth_database != NULL ? process->auth_database : process->database;
}

void *
gp_process_part(const struct gp_process *process)
{
	return process->part;
}

struct gp_log *
gp_process_log(struct gp_process *process)
{
	return &process->log;
}
