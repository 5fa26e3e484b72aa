/* SPDX-License-Identifier: Apache-2.0 */
/* posix_spawn and waiting. Knows nothing of what the program is for. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/*
 * Where the search for descriptors to close ends. Ours are close-on-exec; libfcgi's connection to
 * the web server is not. A worker has about ten, and they are numbered from below.
 */
enum { DESCRIPTOR_END = 1024 };

/* Between two looks whether the program has ended: little beside what any program takes. */
enum { PAUSE_MS = 2 };

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

/* Both ends close-on-exec, and reading never waits: a grandchild may hold the other end open. */
static bool
open_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 &&
	    fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
		return true;
	close(ends[0]);
	close(ends[1]);
	return false;
}

/*
 * Standard error goes first: where we have no standard descriptors ourselves, the pipe is one of
 * those that the others replace.
 */
static int
plan_descriptors(posix_spawn_file_actions_t *actions, int standard_error)
{
	int error = posix_spawn_file_actions_adddup2(actions, standard_error, STDERR_FILENO);

	if (error == 0)
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
start(char *const *arguments, char *const *environment, int standard_error, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error == 0) {
		error = plan_descriptors(&actions, standard_error);
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

/* Wait for the end; false when the time was up. `*known` says whether there is a status. */
static bool
wait_for(pid_t child, int64_t limit_ms, int *status, bool *known)
{
	static const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
	int64_t deadline_ms = monotonic_ms() + limit_ms;

	for (;;) {
		pid_t ended = waitpid(child, status, WNOHANG);

		*known = ended == child;
		if (*known || (ended < 0 && errno != EINTR))
			return true;
		if (monotonic_ms() >= deadline_ms) {
			kill_and_reap(child);
			return false;
		}
		nanosleep(&pause, NULL); /* a signal only cuts it short */
	}
}

/* The first line of what was said. */
static void
read_line(int fd, char *line, size_t size)
{
	size_t length = 0;

	while (length + 1 < size) {
		ssize_t got = read(fd, line + length, size - 1 - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	line[length] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
}

static void
describe_end(int status, char *said, size_t said_size)
{
	if (WIFSIGNALED(status))
		snprintf(said, said_size, "ended by signal %d", WTERMSIG(status));
	else
		snprintf(said, said_size, "ended with status %d", WEXITSTATUS(status));
}

bool
gp_helper_run(char *const *arguments, const char *const *variables, int64_t limit_ms, char *said,
    size_t said_size)
{
	char *environment[GP_HELPER_VARIABLES_MAX + 1];
	int ends[2], status = 0, error;
	bool in_time, known;
	pid_t child;

	/* POSIX lets posix_spawn say no more than status 127 of a program that is not there. */
	if (access(arguments[0], X_OK) != 0 || !open_pipe(ends)) {
		snprintf(said, said_size, "%s: %s", arguments[0], strerror(errno));
		return false;
	}
	choose_environment(variables, environment);
	error = start(arguments, environment, ends[1], &child);
	close(ends[1]);
	if (error != 0) {
		close(ends[0]);
		snprintf(said, said_size, "%s: %s", arguments[0], strerror(error));
		return false;
	}
	in_time = wait_for(child, limit_ms, &status, &known);
	read_line(ends[0], said, said_size);
	close(ends[0]);
	if (!in_time) {
		snprintf(said, said_size, "killed after %lld ms", (long long)limit_ms);
		return false;
	}
	if (!known)
		return said[0] == '\0';
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (said[0] == '\0')
		describe_end(status, said, said_size);
	return false;
}
