/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libfcgi, signals and the two ways in. */
#include "worker.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "serve.h"

struct gp_worker {
	const struct gp_program *program;
	char *const *environment;
	struct gp_settings *settings;
	struct gp_authority *authority;
	struct gp_database *database;
	struct gp_json_reader *reader;
	struct gp_arena *arena;
	struct gp_log log;
	uint64_t id_prefix; /* random, so that ids of two workers differ */
	uint64_t served;
};

/* What a signal handler may touch: the only state outside the worker. */
static volatile sig_atomic_t stop_due, reload_due;
static int null_descriptor = -1;

static void
on_stop(int signal_number)
{
	(void)signal_number;
	stop_due = 1;
	/*
	 * Taking the listening socket away makes the next accept() fail, and the one that waits
	 * now. A request in progress has its own socket; libfcgi's own flag would cut one that has
	 * only just been accepted.
	 */
	dup2(null_descriptor, STDIN_FILENO);
}

static void
on_reload(int signal_number)
{
	(void)signal_number;
	reload_due = 1;
}

static bool
install_signals(void)
{
	/* SA_RESTART: a signal while a request is being read must not look like its end. */
	struct sigaction stop = { .sa_handler = on_stop, .sa_flags = SA_RESTART };
	struct sigaction reload = { .sa_handler = on_reload, .sa_flags = SA_RESTART };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	null_descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
	return null_descriptor >= 0 && sigaction(SIGTERM, &stop, NULL) == 0 &&
	       sigaction(SIGUSR1, &stop, NULL) == 0 && sigaction(SIGHUP, &reload, NULL) == 0 &&
	       sigaction(SIGPIPE, &ignore, NULL) == 0;
}

static void
print_help(const struct gp_program *program, FILE *out)
{
	fprintf(out,
	    "%s answers requests under a web server, as a FastCGI responder or a CGI program.\n"
	    "  --print-config   print the settings in force, secrets hidden\n"
	    "  --print-sample   print a settings file with every setting explained\n"
	    "  --version        print the version\n"
	    "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	    "(default " GATEPOST_ENV_DEFAULT ").\n",
	    program->name);
}

/* The database of an address that libpq understands; no connection is made yet. */
static struct gp_database *
database_of(const struct gp_settings *settings, char *problem, size_t problem_size)
{
	struct gp_database *database =
	    gp_database_new(settings->database_url, settings->database_timeout_s);

	if (database == NULL)
		snprintf(problem, problem_size,
		    "DATABASE_URL: not a PostgreSQL connection URI; it looks like "
		    "postgresql://USER:PASSWORD@HOST/DATABASE, with %%XX for special characters in "
		    "the password");
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
		database = database_of(settings, problem, sizeof(problem));
	if (database != NULL)
		gp_settings_print(settings, stdout);
	else
		fprintf(stderr, "%s: %s\n", program->name, problem);
	gp_database_free(database);
	gp_settings_free(settings);
	return database != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool
gp_worker_options(const struct gp_program *program, int argc, char *const *argv,
    char *const *environment, int *status)
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

/* What depends on settings, made from new ones; the worker keeps what it has when that fails. */
static bool
load(struct gp_worker *worker, char *problem, size_t problem_size)
{
	struct gp_settings *settings;
	struct gp_authority *authority = NULL;
	struct gp_database *database = NULL;

	settings = gp_settings_load(
	    worker->environment, GATEPOST_ENV_DEFAULT, worker->program->bit, problem, problem_size);
	if (settings == NULL)
		return false;
	database = database_of(settings, problem, problem_size);
	if (database == NULL)
		goto fail;
	authority = gp_authority_new(settings);
	if (authority == NULL) {
		snprintf(problem, problem_size,
		    "OpenSSL: no HMAC with SHA-256; look at its configuration");
		goto fail;
	}
	gp_authority_free(worker->authority);
	gp_database_free(worker->database);
	gp_settings_free(worker->settings);
	worker->settings = settings;
	worker->authority = authority;
	worker->database = database;
	gp_settings_apply_log(settings, &worker->log);
	return true;
fail:
	gp_database_free(database);
	gp_settings_free(settings);
	return false;
}

static void
reload(struct gp_worker *worker)
{
	char problem[512];

	reload_due = 0;
	if (load(worker, problem, sizeof(problem)))
		gp_log_event(&worker->log, GP_LOG_INFO, "settings_reloaded", NULL, 0);
	else
		gp_log_event(&worker->log, GP_LOG_ERROR, "settings_kept",
		    (const struct gp_log_field[]){ { "reason", problem } }, 1);
}

struct gp_worker *
gp_worker_open(const struct gp_program *program, char *const *environment)
{
	struct gp_worker *worker = calloc(1, sizeof(*worker));
	char problem[512] = "out of memory";

	if (worker == NULL)
		goto fail;
	worker->program = program;
	worker->environment = environment;
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
	gp_worker_close(worker);
	return NULL;
}

void
gp_worker_close(struct gp_worker *worker)
{
	if (worker == NULL)
		return;
	gp_authority_free(worker->authority);
	gp_database_free(worker->database);
	gp_settings_free(worker->settings);
	gp_json_reader_free(worker->reader);
	gp_arena_free(worker->arena);
	free(worker);
}

/* One request to one answer; the answer lives until the arena's reset. */
static void
serve(struct gp_worker *worker, struct gp_request *request, struct gp_buffer *answer)
{
	char request_id[40];
	struct gp_service service = {
		.routes = worker->program->routes,
		.settings = worker->settings,
		.authority = worker->authority,
		.database = worker->database,
		.reader = worker->reader,
		.arena = worker->arena,
		.log = &worker->log,
		.request_id = request_id,
	};

	snprintf(request_id, sizeof(request_id), "%016" PRIx64 "-%" PRIu64, worker->id_prefix,
	    ++worker->served);
	gp_buffer_init(answer, worker->arena);
	gp_serve(&service, request, (int64_t)time(NULL), answer);
	if (!gp_buffer_complete(answer)) {
		/* Silence would be 200 behind some servers. */
		static char failure[] =
		    "Status: 503 Service Unavailable\r\nContent-Type: application/json\r\n"
		    "Content-Length: 44\r\nRetry-After: 2\r\n\r\n"
		    "{\"detail\":\"Service temporarily unavailable\"}";

		*answer = (struct gp_buffer){ .bytes = failure, .length = sizeof(failure) - 1 };
	}
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

	gp_request_read_environment(&request, fastcgi->envp);
	serve(worker, &request, &answer);
	FCGX_PutStr(answer.bytes, (int)answer.length, fastcgi->out);
	/* An authorizer's input ends only when its client leaves. We are none, and say no; go on.
	 */
	if (fastcgi->role == FCGI_RESPONDER)
		gp_request_drain(&request);
	/* With its input read to the end the connection needs no orderly close, which costs 3
	 * calls. */
	if (request.body_ended)
		FCGX_Detach(fastcgi);
	worker->log.sink = NULL;
	FCGX_Finish_r(fastcgi);
	gp_arena_reset(worker->arena);
}

static bool
run_fastcgi(struct gp_worker *worker)
{
	FCGX_Request fastcgi;

	if (!install_signals() || FCGX_Init() != 0 ||
	    FCGX_InitRequest(&fastcgi, STDIN_FILENO, 0) != 0) {
		fprintf(stderr, "%s: cannot start FastCGI\n", worker->program->name);
		return false;
	}
	while (!stop_due) {
		if (FCGX_Accept_r(&fastcgi) != 0)
			break;
		worker->log.sink = log_fastcgi; /* into the web server's error log */
		worker->log.sink_context = fastcgi.err;
		/* The wait is not interrupted, so new settings are read for the next request. */
		if (reload_due)
			reload(worker);
		answer_fastcgi(worker, &fastcgi);
	}
	FCGX_Free(&fastcgi, 1);
	return stop_due != 0;
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

static bool
run_cgi(struct gp_worker *worker)
{
	struct gp_request request = { .read_body = read_cgi };
	struct gp_buffer answer;

	signal(SIGPIPE, SIG_IGN);
	gp_request_read_environment(&request, worker->environment);
	serve(worker, &request, &answer);
	return write_all(answer.bytes, answer.length);
}

bool
gp_worker_run(struct gp_worker *worker)
{
	return FCGX_IsCGI() ? run_cgi(worker) : run_fastcgi(worker);
}
