/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn-time runs a CGI program again and again, with its own environment and an empty body, and
 * prints how long it took: from posix_spawn() to its end, in milliseconds. Its shell does not
 * count.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { RUNS_MAX = 1000, ANSWER_SIZE = 4096 };

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Start the program with its output in a pipe; returns its end of it, -1 on failure. */
static int
start(char *const *arguments, pid_t *process)
{
	posix_spawn_file_actions_t actions;
	int ends[2], error;

	if (pipe(ends) != 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	error = posix_spawn(process, arguments[0], &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (error != 0) {
		fprintf(stderr, "spawn-time: %s: %s\n", arguments[0], strerror(error));
		close(ends[0]);
		return -1;
	}
	return ends[0];
}

/* One run. Returns whether it began its answer with the wanted status and ended well. */
static bool
run(char *const *arguments, const char *status, double *took_ms)
{
	char answer[ANSWER_SIZE] = "";
	double began_ms = now_ms();
	size_t length = 0;
	pid_t process;
	int output = start(arguments, &process), ended = 0;
	ssize_t got;

	if (output < 0)
		return false;
	while ((got = read(output, answer + length, sizeof(answer) - 1 - length)) > 0)
		length += (size_t)got;
	close(output);
	while (waitpid(process, &ended, 0) < 0 && errno == EINTR)
		continue;
	*took_ms = now_ms() - began_ms;
	answer[length] = '\0';
	if (ended == 0 && strncmp(answer, "Status: ", 8) == 0 &&
	    strncmp(answer + 8, status, strlen(status)) == 0)
		return true;
	fprintf(stderr, "spawn-time: not Status %s: %.200s\n", status, answer);
	return false;
}

static int
compare(const void *one, const void *other)
{
	double first = *(const double *)one, second = *(const double *)other;

	return (first > second) - (first < second);
}

int
main(int argc, char *argv[])
{
	static double took_ms[RUNS_MAX];
	int runs = argc >= 4 ? atoi(argv[1]) : 0;

	if (runs < 1 || runs > RUNS_MAX) {
		fputs(
		    "spawn-time RUNS STATUS PROGRAM [ARGUMENT...]\n"
		    "  prints: median MS, fastest MS, slowest MS; fails unless each run answered STATUS\n",
		    stderr);
		return EXIT_FAILURE;
	}
	for (int i = 0; i < runs; i++) {
		if (!run(argv + 3, argv[2], &took_ms[i]))
			return EXIT_FAILURE;
	}
	qsort(took_ms, (size_t)runs, sizeof(took_ms[0]), compare);
	printf("median %.1f\nfastest %.1f\nslowest %.1f\n", took_ms[runs / 2], took_ms[0],
	    took_ms[runs - 1]);
	return EXIT_SUCCESS;
}
