/* SPDX-License-Identifier: Apache-2.0 */
/* Hides libfcgi, signals and the two ways in. */
#include "worker.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "fastcgi_answer.h"
#include "process.h"

struct worker {
	const struct gp_program *program;
	char *const *environment;
	struct gp_process *process;
	bool over_tcp; /* connections inherit limits of the listening socket; Unix sockets do not */
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
	gp_fastcgi_answer_log(context, line, length);
}

/*
 * Whether an authorizer's web server has sent all it will, though nothing says so: its input has no
 * end. lighttpd asks in one piece, and of a GET or HEAD there is nothing that could follow.
 * So does mod_fcgid, which ends with the variables. Apache's mod_authnz_fcgi, of which we know
 * nothing of the kind, speaks TCP only.
 */
static bool
has_sent_all(const struct worker *worker, const struct gp_request *request, int descriptor)
{
	enum gp_method method = gp_method_of(request->method);
	char byte;

	return !worker->over_tcp && (method == GP_GET || method == GP_HEAD) &&
	       recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static void
answer_fastcgi(struct worker *worker, FCGX_Request *fastcgi)
{
	struct gp_request request = { .read_body = read_fastcgi, .body_context = fastcgi->in };
	struct gp_log *log = gp_process_log(worker->process);
	struct gp_observation observation;
	struct gp_fastcgi_answer answer;
	struct gp_buffer text;
	bool is_over;

	gp_fastcgi_answer_init(&answer, fastcgi->ipcFd, (unsigned)fastcgi->requestId);
	log->sink = log_fastcgi; /* into the web server's error log */
	log->sink_context = &answer;
	gp_request_read_environment(&request, fastcgi->envp);
	/* The web server may ask for another kind of program than this is. */
	if (fastcgi->role !=
	    (worker->program->manners.authorizes ? FCGI_AUTHORIZER : FCGI_RESPONDER))
		request.trouble = GP_ERR_ROLE;
	gp_process_serve(worker->process, &request, &text, &observation);
	/* An authorizer's input ends only when its client leaves; we are none and say no. */
	if (fastcgi->role == FCGI_RESPONDER)
		gp_request_drain(&request);
	else
		request.body_ended = has_sent_all(worker, &request, fastcgi->ipcFd);
	/* With its input read to the end, the connection needs no orderly close, which waits for
	 * the web server to close it first. */
	if (request.body_ended)
		FCGX_Detach(fastcgi);
	is_over = !gp_fastcgi_answer_send(&answer, text.bytes, text.length) ||
		  FCGX_GetError(fastcgi->in) != 0 || !fastcgi->keepConnection;
	log->sink = NULL;
	FCGX_Free(fastcgi, is_over);
	gp_process_finish(worker->process);
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
accept_fastcgi(struct worker *worker, FCGX_Request *fastcgi)
{
	int accepted = FCGX_Accept_r(fastcgi);

	if (accepted == -EAGAIN || accepted == -EINTR)
		return true;
	if (accepted != 0)
		return false;
	/* A TCP connection inherits the limit of the socket it came from; a body may take longer.
	 */
	if (worker->over_tcp && !limit_waiting(fastcgi->ipcFd, 0))
		return false;
	answer_fastcgi(worker, fastcgi);
	return true;
}

static bool
run_fastcgi(struct worker *worker)
{
	FCGX_Request fastcgi;
	sigset_t ours;

	if (!block_signals(&ours) || !limit_waiting(STDIN_FILENO, NOTICE_MS) || FCGX_Init() != 0 ||
	    FCGX_InitRequest(&fastcgi, STDIN_FILENO, 0) != 0) {
		fprintf(stderr, "%s: cannot start FastCGI\n", worker->program->name);
		return false;
	}
	worker->over_tcp = !is_unix_socket(STDIN_FILENO);
	for (;;) {
		switch (next_signal(&ours)) {
		case SIGTERM:
		case SIGUSR1: FCGX_Free(&fastcgi, 1); return true;
		case SIGHUP: (void)gp_process_reload(worker->process); break;
		default: break;
		}
		if (gp_process_retires(worker->process)) {
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
run_cgi(struct worker *worker)
{
	struct gp_request request = { .read_body = read_cgi };
	struct gp_observation observation;
	struct gp_buffer answer;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN); /* meant for workers; the write may be committed already */
	gp_request_read_environment(&request, worker->environment);
	if (worker->program->manners.authorizes)
		request.trouble = GP_ERR_ROLE;
	gp_process_serve(worker->process, &request, &answer, &observation);
	drain_socket();
	if (!write_all(answer.bytes, answer.length))
		return false;
	/* The server takes the end of our output for the end of the answer. */
	close(STDOUT_FILENO);
	gp_process_finish(worker->process);
	return true;
}

/* Whether a person calls: a web server has told us something, or left us a socket. */
static bool
is_called_by_hand(void)
{
	return FCGX_IsCGI() && getenv("GATEWAY_INTERFACE") == NULL &&
	       getenv("REQUEST_METHOD") == NULL;
}

int
gp_worker_main(
    const struct gp_program *program, int argc, char *const *argv, char *const *environment)
{
	struct worker worker = { .program = program, .environment = environment };
	bool is_cgi = FCGX_IsCGI();
	int status = EXIT_FAILURE;

	if (is_called_by_hand()) {
		gp_program_run_option(program, argc, argv, environment, &status);
		return status;
	}
	worker.process = gp_process_open(program, environment, !is_cgi);
	if (worker.process != NULL && (is_cgi ? run_cgi(&worker) : run_fastcgi(&worker)))
		status = EXIT_SUCCESS;
	gp_process_close(worker.process);
	return status;
}
