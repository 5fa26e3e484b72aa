/* SPDX-License-Identifier: Apache-2.0 */
/* posix_spawn, two pipes and waiting. Knows nothing of what the program is for. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

extern char **environ;

/*
 * Where the search for descriptors to close ends. Ours are close-on-exec; libfcgi's connection to
 * the web server is not. A worker has about ten, and they are numbered from below.
 */
enum { DESCRIPTOR_END = 1024 };

/* Between two looks whether the program has ended: little beside what any program takes. */
enum { PAUSE_MS = 2 };

/* What we read at once of what nobody wants to know. */
enum { REST_SIZE = 4096 };

/* What we have to do with a program while it runs. */
struct talk {
	int input; /* where the rest of its input is written, -1 when nothing is left to write */
	const char *rest;
	size_t rest_length;
	int error; /* where its standard error is read, -1 after its end */
	char *said;
	size_t said_length, said_size;
};

static void
choose_environment(const char *const *variables, char **chosen)
{
	size_t count = 0;

	for (; *variables != NULL && count < GP_HELPER_VARIABLES_MAX; variables++) {
		size_t length = strlen(*variables);

		for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
			if (strncmp(*entry, *variables, length) == 0 && (*entry)[length] == '=') {
				chosen[count++] = *entry;
				break;
			}
		}
	}
	chosen[count] = NULL;
}

static void
close_pipe(const int ends[2])
{
	for (int i = 0; i < 2; i++) {
		if (ends[i] >= 0)
			close(ends[i]);
	}
}

/*
 * Both ends close-on-exec and past the standard descriptors, which are replaced in the program: we
 * may have none ourselves, and then pipe() gives us their numbers. `ours` never waits: a grandchild
 * may hold the other end open, or the program may not read.
 */
static bool
open_pipe(int ends[2], int ours)
{
	int low[2], error;

	ends[0] = ends[1] = -1;
	if (pipe(low) != 0)
		return false;
	for (int i = 0; i < 2; i++)
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close_pipe(low);
	if (ends[0] >= 0 && ends[1] >= 0) {
		if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) == 0)
			return true;
		error = errno;
	}
	close_pipe(ends);
	errno = error;
	return false;
}

static int
plan_descriptors(posix_spawn_file_actions_t *actions, int standard_input, int standard_error)
{
	int error = posix_spawn_file_actions_adddup2(actions, standard_error, STDERR_FILENO);

	if (error == 0 && standard_input >= 0)
		error = posix_spawn_file_actions_adddup2(actions, standard_input, STDIN_FILENO);
	else if (error == 0)
		error = posix_spawn_file_actions_addopen(
		    actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (error == 0)
		error = posix_spawn_file_actions_addopen(
		    actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (int fd = STDERR_FILENO + 1; error == 0 && fd < DESCRIPTOR_END; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
			error = posix_spawn_file_actions_addclose(actions, fd);
	}
	return error;
}

/* Caught signals get their defaults by themselves; ignored ones, as our SIGPIPE, do not. */
static int
plan_signals(posix_spawnattr_t *attributes)
{
	sigset_t defaults, blocked;
	int error;

	sigfillset(&defaults);
	sigdelset(&defaults, SIGKILL);
	sigdelset(&defaults, SIGSTOP);
	sigemptyset(&blocked);
	error = posix_spawnattr_setsigdefault(attributes, &defaults);
	if (error == 0)
		error = posix_spawnattr_setsigmask(attributes, &blocked);
	if (error == 0)
		error = posix_spawnattr_setpgroup(attributes, 0);
	if (error == 0)
		error = posix_spawnattr_setflags(attributes,
		    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	return error;
}

/* Returns an error number, 0 when the program runs. */
static int
start(char *const *arguments, char *const *environment, int standard_input, int standard_error,
    pid_t *child)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error == 0) {
		error = plan_descriptors(&actions, standard_input, standard_error);
		if (error == 0)
			error = plan_signals(&attributes);
		if (error == 0)
			error = posix_spawn(
			    child, arguments[0], &actions, &attributes, arguments, environment);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static void
kill_and_reap(pid_t child)
{
	kill(-child, SIGKILL);
	kill(child, SIGKILL); /* should it have left its group */
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/*
 * write() without the signal that a pipe sends which nobody reads: it is blocked for this thread
 * and, unless one was waiting before, taken back.
 */
static ssize_t
write_quietly(int fd, const char *bytes, size_t length)
{
	static const struct timespec at_once = { 0 };
	sigset_t pipe_signal, before, pending;
	ssize_t written;
	int error;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigemptyset(&pending);
	sigpending(&pending);
	error = pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	if (error != 0) {
		errno = error;
		return -1;
	}
	written = write(fd, bytes, length);
	error = errno;
	if (written < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE)) {
		while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR)
			;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return written;
}

static void
end_input(struct talk *talk)
{
	if (talk->input >= 0)
		close(talk->input);
	talk->input = -1;
}

/* Write what fits. Whether a program wants all of its input is for its status to say. */
static void
write_some(struct talk *talk)
{
	ssize_t written = write_quietly(talk->input, talk->rest, talk->rest_length);

	if (written >= 0) {
		talk->rest += written;
		talk->rest_length -= (size_t)written;
	} else if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) {
		return;
	}
	if (written < 0 || talk->rest_length == 0)
		end_input(talk);
}

/* Read what is there, so that the program need not wait for us; false when there is nothing. */
static bool
read_some(struct talk *talk)
{
	size_t room = talk->said_size - 1 - talk->said_length;
	char unwanted[REST_SIZE];
	ssize_t got = room > 0 ? read(talk->error, talk->said + talk->said_length, room)
			       : read(talk->error, unwanted, sizeof(unwanted));

	if (got < 0)
		return errno == EINTR;
	if (got == 0) {
		close(talk->error);
		talk->error = -1;
		return false;
	}
	if (room > 0)
		talk->said_length += (size_t)got;
	return true;
}

/* Write and read until something happens, at most for a moment. A signal only cuts it short. */
static void
talk_a_while(struct talk *talk)
{
	struct pollfd files[] = { { .fd = talk->input, .events = POLLOUT },
		{ .fd = talk->error, .events = POLLIN } };

	if (poll(files, sizeof(files) / sizeof(files[0]), PAUSE_MS) <= 0)
		return;
	if (files[0].revents != 0)
		write_some(talk);
	if (files[1].revents != 0)
		read_some(talk);
}

/* Wait for the end; false when the time was up. `*known` says whether there is a status. */
static bool
wait_for(pid_t child, int64_t limit_ms, struct talk *talk, int *status, bool *known)
{
	int64_t deadline_ms = gp_clock_elapsed_ms() + limit_ms;

	for (;;) {
		pid_t ended = waitpid(child, status, WNOHANG);

		*known = ended == child;
		if (*known || (ended < 0 && errno != EINTR))
			return true;
		if (gp_clock_elapsed_ms() >= deadline_ms) {
			kill_and_reap(child);
			return false;
		}
		talk_a_while(talk);
	}
}

/* The first line of what was said, once the program has ended. */
static void
finish_line(struct talk *talk)
{
	while (talk->error >= 0 && talk->said_length + 1 < talk->said_size && read_some(talk))
		;
	talk->said[talk->said_length] = '\0';
	talk->said[strcspn(talk->said, "\r\n")] = '\0';
}

static void
describe_end(int status, char *said, size_t said_size)
{
	if (WIFSIGNALED(status))
		snprintf(said, said_size, "ended by signal %d", WTERMSIG(status));
	else
		snprintf(said, said_size, "ended with status %d", WEXITSTATUS(status));
}

/* Both pipes; `input_ends` stay -1 where there is no input. */
static bool
open_pipes(const char *input, int input_ends[2], int error_ends[2])
{
	input_ends[0] = input_ends[1] = -1;
	if (!open_pipe(error_ends, 0))
		return false;
	if (input == NULL || open_pipe(input_ends, 1))
		return true;
	close_pipe(error_ends);
	return false;
}

/* Whether it succeeded by its status, and if it did not, something said. */
static bool
judge_end(int status, char *said, size_t said_size)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (said[0] == '\0')
		describe_end(status, said, said_size);
	return false;
}

bool
gp_helper_run(char *const *arguments, const char *const *variables, const char *input,
    size_t input_length, int64_t limit_ms, char *said, size_t said_size)
{
	struct talk talk = {
		.rest = input, .rest_length = input_length, .said = said, .said_size = said_size
	};
	char *environment[GP_HELPER_VARIABLES_MAX + 1];
	int input_ends[2], error_ends[2], status = 0, error;
	bool in_time = false, known = false;
	pid_t child;

	/* POSIX lets posix_spawn say no more than status 127 of a program that is not there. */
	if (access(arguments[0], X_OK) != 0 || !open_pipes(input, input_ends, error_ends)) {
		snprintf(said, said_size, "%s: %s", arguments[0], strerror(errno));
		return false;
	}
	choose_environment(variables, environment);
	error = start(arguments, environment, input_ends[0], error_ends[1], &child);
	if (input_ends[0] >= 0)
		close(input_ends[0]);
	close(error_ends[1]);
	talk.input = input_ends[1];
	talk.error = error_ends[0];
	if (input_length == 0)
		end_input(&talk);
	if (error == 0)
		in_time = wait_for(child, limit_ms, &talk, &status, &known);
	finish_line(&talk);
	end_input(&talk);
	if (talk.error >= 0)
		close(talk.error);
	if (error != 0)
		snprintf(said, said_size, "%s: %s", arguments[0], strerror(error));
	else if (!in_time)
		snprintf(said, said_size, "killed after %lld ms", (long long)limit_ms);
	else if (known)
		return judge_end(status, said, said_size);
	else
		return said[0] == '\0';
	return false;
}
