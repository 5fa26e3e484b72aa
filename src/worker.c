/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libfcgi, signals and the two ways in. */
#include "worker.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <inttypes.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "retirement.h"
#include "serve.h"
#include "state_file.h"

struct gp_worker {
	const struct gp_program *program;
	char *const *environment;
	struct gp_settings *settings;
	struct gp_authority *authority;
	struct gp_database *database;
	struct gp_database *auth_database; /* NULL: Better Auth's tables are beside the tasks */
	struct gp_json_reader *reader;
	struct gp_arena *arena;
	struct gp_log log;
	struct gp_state_file
	    *state; /* what all workers count together: the metrics, then the limits */
	struct gp_rate_limit *limiter;
	void *part;         /* of the program; NULL where it has none */
	uint64_t id_prefix; /* random, so that ids of two workers differ */
	uint64_t served;
	int64_t started_ns;  /* monotonic */
	bool inherits_limit; /* connections do from the listening socket; Unix sockets do not */
};

/* Longest time that an idle worker takes to notice a signal: well under what supervisors wait for.
 */
enum { NOTICE_MS = 500 };

/*
 * The signals that mean something to us stay blocked and are asked for between two requests. A
 * handler would interrupt: libfcgi then drops the connection it has just accepted, and takes a body
 * for broken off.
 */
static bool
block_signals(sigset_t *ours)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(ours);
	sigaddset(ours, SIGHUP);
	sigaddset(ours, SIGTERM);
	sigaddset(ours, SIGUSR1);
	return sigprocmask(SIG_BLOCK, ours, NULL) == 0 && sigaction(SIGPIPE, &ignore, NULL) == 0;
}

/* A signal that has arrived, or 0. */
static int
next_signal(const sigset_t *ours)
{
	const struct timespec now = { 0, 0 };
	int number = sigtimedwait(ours, NULL, &now);

	return number > 0 ? number : 0;
}

/*
 * Let accept() come back now and then. Unlike poll() before a non-blocking accept(), this wakes one
 * worker for a connection, not all of them.
 */
static bool
limit_waiting(int descriptor, int milliseconds)
{
	struct timeval limit = {
		.tv_sec = milliseconds / 1000,
		.tv_usec = (suseconds_t)milliseconds % 1000 * 1000,
	};

	return setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0;
}

static void
print_help(const struct gp_program *program, FILE *out)
{
	fprintf(out,
	    "%s answers requests under a web server, as %s.\n"
	    "  --print-config   print the settings in force, secrets hidden\n"
	    "  --print-sample   print a settings file with every setting explained\n"
	    "  --version        print the version\n"
	    "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	    "(default " GATEPOST_ENV_DEFAULT ").\n",
	    program->name,
	    program->manners.authorizes ? "a FastCGI authorizer"
					: "a FastCGI responder or a CGI program");
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
	} else if (program->bit == GP_PROGRAM_AUTHORIZER && settings->auth_database_url != NULL) {
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

/* Carry out an option. Returns whether there was one; `status` is then that of the process. */
static bool
run_option(const struct gp_program *program, int argc, char *const *argv, char *const *environment,
    int *status)
{
	if (getenv("GATEWAY_INTERFACE") != NULL || getenv("REQUEST_METHOD") != NULL ||
	    !FCGX_IsCGI())
		return false;
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
	return true;
}

/* What only this program has, which may count in the rate limit's memory, too. */
static bool
open_part(struct gp_worker *worker, const struct gp_settings *settings, struct gp_state_file *state,
    char *problem, size_t problem_size)
{
	const struct gp_program_part *kind = worker->program->part;
	void *counters = (char *)gp_state_file_memory(state) + gp_metrics_size();
	void *part;

	if (kind == NULL)
		return true;
	part = kind->open(settings, counters, &worker->log, problem, problem_size);
	if (part == NULL)
		return false;
	kind->close(worker->part);
	worker->part = part;
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
open_state(struct gp_worker *worker, const struct gp_settings *settings, char *problem,
    size_t problem_size)
{
	const size_t size = gp_metrics_size() + gp_rate_limit_size();
	const uint64_t layout = gp_metrics_layout(worker->program->routes);
	const char *name = worker->program->name;
	const char *needs = what_needs_state(worker->program, settings);
	struct gp_state_file *state;
	struct gp_rate_limit *limiter;
	char reason[400];

	state = gp_state_file_open(
	    settings->state_directory, name, layout, size, reason, sizeof(reason));
	if (state == NULL && needs == NULL) {
		/* A CGI program would say so with each request. */
		gp_log_event(&worker->log, FCGX_IsCGI() ? GP_LOG_DEBUG : GP_LOG_WARNING,
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
	if (!open_part(worker, settings, state, problem, problem_size)) {
		gp_rate_limit_free(limiter);
		gp_state_file_close(state);
		return false;
	}
	gp_rate_limit_free(worker->limiter);
	gp_state_file_close(worker->state);
	worker->limiter = limiter;
	worker->state = state;
	return true;
}

/* What depends on settings, made from new ones; the worker keeps what it has when that fails. */
static bool
load(struct gp_worker *worker, char *problem, size_t problem_size)
{
	struct gp_settings *settings;
	struct gp_authority *authority = NULL;
	struct gp_database *database = NULL, *auth_database = NULL;

	settings = gp_settings_load(
	    worker->environment, GATEPOST_ENV_DEFAULT, worker->program->bit, problem, problem_size);
	if (settings == NULL)
		return false;
	database = database_of(worker->program, settings, problem, problem_size);
	if (database == NULL)
		goto fail;
	/* The other programs' only database is that of Better Auth's tables. */
	if (settings->auth_database_url != NULL && worker->program->bit == GP_PROGRAM_API) {
		const struct gp_database_manner manner = gp_settings_database_manner(settings);

		auth_database = gp_database_new(settings->auth_database_url, &manner);
		if (auth_database == NULL) {
			snprintf(problem, problem_size,
			    "AUTH_DATABASE_URL: not a PostgreSQL connection URI");
			goto fail;
		}
	}
	authority = gp_authority_new(
	    settings, auth_database != NULL ? auth_database : database, &worker->log);
	if (authority == NULL) {
		snprintf(problem, problem_size,
		    "OpenSSL: no HMAC with SHA-256; look at its configuration");
		goto fail;
	}
	if (!open_state(worker, settings, problem, problem_size))
		goto fail;
	gp_authority_free(worker->authority);
	gp_database_free(worker->database);
	gp_database_free(worker->auth_database);
	gp_settings_free(worker->settings);
	worker->auth_database = auth_database;
	worker->settings = settings;
	worker->authority = authority;
	worker->database = database;
	gp_settings_apply_log(settings, &worker->log);
	return true;
fail:
	gp_authority_free(authority);
	gp_database_free(database);
	gp_database_free(auth_database);
	gp_settings_free(settings);
	return false;
}

static void
reload(struct gp_worker *worker)
{
	char problem[512];

	if (load(worker, problem, sizeof(problem)))
		gp_log_event(&worker->log, GP_LOG_INFO, "settings_reloaded", NULL, 0);
	else
		gp_log_event(&worker->log, GP_LOG_ERROR, "settings_kept",
		    (const struct gp_log_field[]){ { "reason", problem } }, 1);
}

static void
worker_close(struct gp_worker *worker)
{
	if (worker == NULL)
		return;
	gp_authority_free(worker->authority);
	gp_database_free(worker->database);
	gp_database_free(worker->auth_database);
	gp_settings_free(worker->settings);
	gp_rate_limit_free(worker->limiter);
	if (worker->part != NULL)
		worker->program->part->close(worker->part);
	gp_state_file_close(worker->state);
	gp_json_reader_free(worker->reader);
	gp_arena_free(worker->arena);
	free(worker);
}

static struct gp_worker *
worker_open(const struct gp_program *program, char *const *environment)
{
	struct gp_worker *worker = calloc(1, sizeof(*worker));
	char problem[512] = "out of memory";

	if (worker == NULL)
		goto fail;
	worker->program = program;
	worker->environment = environment;
	worker->started_ns = gp_clock_elapsed_ns();
	worker->log = (struct gp_log){ .program = program->name, .level = GP_LOG_INFO };
	worker->reader = gp_json_reader_new();
	worker->arena = gp_arena_new();
	if (worker->reader == NULL || worker->arena == NULL)
		goto fail;
	if (RAND_bytes((unsigned char *)&worker->id_prefix, sizeof(worker->id_prefix)) != 1) {
		snprintf(problem, sizeof(problem), "OpenSSL: no random numbers");
		goto fail;
	}
	openlog(program->name, LOG_PID, LOG_DAEMON);
	if (load(worker, problem, sizeof(problem)))
		return worker;
fail:
	fprintf(stderr, "%s: %s\n", program->name, problem);
	worker_close(worker);
	return NULL;
}

/* One request to one answer; the answer lives until the arena's reset. */
static void
serve(struct gp_worker *worker, struct gp_request *request, struct gp_buffer *answer)
{
	const int64_t began_ns = gp_clock_elapsed_ns();
	struct gp_metrics *metrics = gp_state_file_memory(worker->state);
	struct gp_observation observation;
	char request_id[40];
	struct gp_service service = {
		.refusal_form = worker->program->refusal_form,
		.mount_path = worker->program->bit == GP_PROGRAM_AUTH
				  ? worker->settings->sign_in_path
				  : worker->settings->mount_path,
		.manners = &worker->program->manners,
		.own = worker->part,
		.routes = worker->program->routes,
		.settings = worker->settings,
		.authority = worker->authority,
		.database = worker->database,
		.auth_database = worker->auth_database,
		.reader = worker->reader,
		.arena = worker->arena,
		.log = &worker->log,
		.metrics = metrics,
		.limiter =
		    worker->settings->rate.count > 0 && worker->program->bit != GP_PROGRAM_AUTH
			? worker->limiter
			: NULL,
		.request_id = request_id,
	};

	snprintf(request_id, sizeof(request_id), "%016" PRIx64 "-%" PRIu64, worker->id_prefix,
	    ++worker->served);
	gp_buffer_init(answer, worker->arena);
	gp_serve(&service, request, gp_clock_now_ms(), answer, &observation);
	gp_database_release(worker->database);
	if (worker->auth_database != NULL)
		gp_database_release(worker->auth_database);
	if (!gp_buffer_complete(answer)) {
		/* Silence would be 200 behind some servers. */
		static char failure[] =
		    "Status: 503 Service Unavailable\r\nContent-Type: application/json\r\n"
		    "Content-Length: 44\r\nRetry-After: 2\r\n\r\n"
		    "{\"detail\":\"Service temporarily unavailable\"}";

		*answer = (struct gp_buffer){ .bytes = failure, .length = sizeof(failure) - 1 };
		observation.status = 503;
	}
	observation.duration_ns = gp_clock_elapsed_ns() - began_ns;
	gp_metrics_count(metrics, &observation);
}

/* What is left to do once the client has its answer. */
static void
finish(struct gp_worker *worker)
{
	if (worker->part != NULL && worker->program->part->after_answer != NULL)
		worker->program->part->after_answer(worker->part, worker->arena);
	gp_database_renew(worker->database);
	if (worker->auth_database != NULL)
		gp_database_renew(worker->auth_database);
	gp_arena_reset(worker->arena);
}

static long
read_fastcgi(void *context, char *bytes, size_t size)
{
	FCGX_Stream *in = context;
	int got = FCGX_GetStr(bytes, (int)size, in);

	return FCGX_GetError(in) != 0 ? -1 : got;
}

static void
log_fastcgi(void *context, const char *line, size_t length)
{
	FCGX_PutStr(line, (int)length, context);
}

static void
answer_fastcgi(struct gp_worker *worker, FCGX_Request *fastcgi)
{
	struct gp_request request = { .read_body = read_fastcgi, .body_context = fastcgi->in };
	struct gp_buffer answer;

	worker->log.sink = log_fastcgi; /* into the web server's error log */
	worker->log.sink_context = fastcgi->err;
	gp_request_read_environment(&request, fastcgi->envp);
	request.is_misplaced =
	    fastcgi->role !=
	    (worker->program->manners.authorizes ? FCGI_AUTHORIZER : FCGI_RESPONDER);
	serve(worker, &request, &answer);
	FCGX_PutStr(answer.bytes, (int)answer.length, fastcgi->out);
	/* An authorizer's input ends only when its client leaves; we are none and say no. */
	if (fastcgi->role == FCGI_RESPONDER)
		gp_request_drain(&request);
	/* With its input read to the end, the connection needs no orderly close. */
	if (request.body_ended)
		FCGX_Detach(fastcgi);
	worker->log.sink = NULL;
	FCGX_Finish_r(fastcgi);
	finish(worker);
}

static bool
is_unix_socket(int descriptor)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t size = sizeof(address);

	return getsockname(descriptor, (struct sockaddr *)&address, &size) == 0 &&
	       address.ss_family == AF_UNIX;
}

/* One connection, or none within NOTICE_MS. False when there can be no more. */
static bool
accept_fastcgi(struct gp_worker *worker, FCGX_Request *fastcgi)
{
	int accepted = FCGX_Accept_r(fastcgi);

	if (accepted == -EAGAIN || accepted == -EINTR)
		return true;
	if (accepted != 0)
		return false;
	/* A TCP connection inherits the limit of the socket it came from; a body may take longer.
	 */
	if (worker->inherits_limit && !limit_waiting(fastcgi->ipcFd, 0))
		return false;
	answer_fastcgi(worker, fastcgi);
	return true;
}

/* Whether it has answered as many requests as MAX_REQUESTS asks of one worker. */
static bool
retires(const struct gp_worker *worker)
{
	int64_t age_s = (gp_clock_elapsed_ns() - worker->started_ns) / 1000000000;

	return gp_retirement_is_due(
	    worker->settings->max_requests, worker->served, age_s, worker->id_prefix);
}

static bool
run_fastcgi(struct gp_worker *worker)
{
	FCGX_Request fastcgi;
	sigset_t ours;

	if (!block_signals(&ours) || !limit_waiting(STDIN_FILENO, NOTICE_MS) || FCGX_Init() != 0 ||
	    FCGX_InitRequest(&fastcgi, STDIN_FILENO, 0) != 0) {
		fprintf(stderr, "%s: cannot start FastCGI\n", worker->program->name);
		return false;
	}
	worker->inherits_limit = !is_unix_socket(STDIN_FILENO);
	for (;;) {
		switch (next_signal(&ours)) {
		case SIGTERM:
		case SIGUSR1: FCGX_Free(&fastcgi, 1); return true;
		case SIGHUP: reload(worker); break;
		default: break;
		}
		if (retires(worker)) {
			FCGX_Free(&fastcgi, 1);
			return true;
		}
		if (!accept_fastcgi(worker, &fastcgi))
			break;
	}
	FCGX_Free(&fastcgi, 1);
	return false;
}

static long
read_cgi(void *context, char *bytes, size_t size)
{
	size_t got = 0;

	(void)context;
	while (got < size) {
		ssize_t count = read(STDIN_FILENO, bytes + got, size - got);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		if (count == 0)
			break;
		got += (size_t)count;
	}
	return (long)got;
}

static bool
write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = write(STDOUT_FILENO, bytes, length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

/*
 * Apache's mod_cgid sends the body and takes the answer over one socket. Closed with a part of the
 * body unread, the socket is reset and the answer lost.
 */
static void
drain_socket(void)
{
	enum { ENOUGH = 16 * 1024 * 1024, ROOM = 16 * 1024 };
	struct stat input;
	char bytes[ROOM];

	if (fstat(STDIN_FILENO, &input) != 0 || !S_ISSOCK(input.st_mode))
		return;
	for (size_t drained = 0; drained < ENOUGH; drained += ROOM) {
		if (read_cgi(NULL, bytes, ROOM) < ROOM)
			return;
	}
}

static bool
run_cgi(struct gp_worker *worker)
{
	struct gp_request request = { .read_body = read_cgi };
	struct gp_buffer answer;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN); /* meant for workers; the write may be committed already */
	gp_request_read_environment(&request, worker->environment);
	request.is_misplaced = worker->program->manners.authorizes;
	serve(worker, &request, &answer);
	drain_socket();
	if (!write_all(answer.bytes, answer.length))
		return false;
	/* The server takes the end of our output for the end of the answer. */
	close(STDOUT_FILENO);
	finish(worker);
	return true;
}

int
gp_worker_main(
    const struct gp_program *program, int argc, char *const *argv, char *const *environment)
{
	struct gp_worker *worker;
	int status = EXIT_FAILURE;

	if (run_option(program, argc, argv, environment, &status))
		return status;
	worker = worker_open(program, environment);
	if (worker != NULL && (FCGX_IsCGI() ? run_cgi(worker) : run_fastcgi(worker)))
		status = EXIT_SUCCESS;
	worker_close(worker);
	return status;
}
