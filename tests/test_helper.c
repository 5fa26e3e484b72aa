/* SPDX-License-Identifier: Apache-2.0 */
/* What a helper program gets, and that no program can keep us waiting. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"
#include "scratch.h"

extern const struct gp_test gp_tests_helper[];

static const char *const path_only[] = { "PATH", NULL };

/* Long enough for a shell on a busy machine; tests that wait for a limit have their own. */
enum { LIMIT_MS = 20000 };

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Run a shell's commands with an input; what they say on standard error is in `said` afterwards. */
static bool
run_with(const char *commands, const char *input, size_t length, int64_t limit_ms, char *said,
    size_t said_size)
{
	char shell[] = "/bin/sh", option[] = "-c", text[512];
	char *arguments[] = { shell, option, text, NULL };

	gp_test_row("%s", commands);
	snprintf(text, sizeof(text), "%s", commands);
	return gp_helper_run(arguments, path_only, input, length, limit_ms, said, said_size);
}

static bool
run(const char *commands, int64_t limit_ms, char *said, size_t said_size)
{
	return run_with(commands, NULL, 0, limit_ms, said, said_size);
}

static void
says_how_a_program_ended(void)
{
	static const struct {
		const char *commands;
		bool succeeded;
		const char *said;
	} rows[] = {
		{ "exit 0", true, "" },
		{ "echo all is well >&2", true, "all is well" },
		{ "exit 3", false, "ended with status 3" },
		{ "echo no luck >&2; exit 1", false, "no luck" },
		{ "printf 'first\\nsecond\\n' >&2; exit 1", false, "first" },
		{ "kill -9 $$", false, "ended by signal 9" },
		{ "echo nobody reads this; exit 0", true, "" },
	};
	char said[64];

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(
		    run(rows[i].commands, LIMIT_MS, said, sizeof(said)), rows[i].succeeded);
		CU_ASSERT_STRING_EQUAL(said, rows[i].said);
	}
}

static void
names_a_program_that_cannot_be_started(void)
{
	char missing[] = "/nonexistent/program";
	char *arguments[] = { missing, NULL };
	char said[128];

	CU_ASSERT_FALSE(gp_helper_run(arguments, path_only, NULL, 0, LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, missing));
	CU_ASSERT_PTR_NOT_NULL(strstr(said, strerror(ENOENT)));
}

static void
cuts_a_long_line(void)
{
	char said[8];

	CU_ASSERT_FALSE(run("echo 0123456789 >&2; exit 1", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "0123456");
}

static void
gives_only_the_variables_that_are_named(void)
{
	char said[256];

	CU_ASSERT_EQUAL(setenv("GATEPOST_TEST_SECRET", "x", 1), 0);
	CU_ASSERT_FALSE(run("test -z \"${GATEPOST_TEST_SECRET+set}\" && echo \"$PATH\" >&2; exit 1",
	    LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_EQUAL(unsetenv("GATEPOST_TEST_SECRET"), 0);
	CU_ASSERT_EQUAL(strncmp(said, getenv("PATH"), sizeof(said) - 1), 0);
}

/* libfcgi's connection to the web server is not close-on-exec; neither is this one. */
static void
keeps_our_descriptors_from_it(void)
{
	int open_one = open("/dev/null", O_RDONLY);
	char commands[128], said[64];

	CU_ASSERT_FATAL(open_one > STDERR_FILENO);
	snprintf(commands, sizeof(commands),
	    "if (: <&%d) 2>/dev/null; then echo open; else echo closed; fi >&2", open_one);
	CU_ASSERT_TRUE(run(commands, LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "closed");
	close(open_one);
}

static void
gives_it_an_empty_input(void)
{
	char said[64];

	CU_ASSERT_TRUE(run("cat >&2", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "");
}

/* More than any pipe holds; its bytes have no period that a lost or doubled part would fit. */
enum { MUCH = 1024 * 1024 };

static char *
much_input(void)
{
	char *input = malloc(MUCH);
	uint32_t number = 1;

	CU_ASSERT_PTR_NOT_NULL_FATAL(input);
	for (size_t i = 0; i < MUCH; i++) {
		number = number * 1664525u + 1013904223u;
		input[i] = (char)(number >> 24);
	}
	return input;
}

/* Compare a file with the input, byte for byte. */
static bool
file_holds(const char *path, const char *input, size_t length)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(length + 1);
	bool same = file != NULL && bytes != NULL && fread(bytes, 1, length + 1, file) == length &&
		    memcmp(bytes, input, length) == 0;

	if (file != NULL)
		fclose(file);
	free(bytes);
	return same;
}

static void
gives_it_all_of_its_input(void)
{
	static const struct {
		size_t length;
		const char *commands; /* %s: a file */
	} rows[] = {
		{ 0, "cat >%s" },
		{ 1, "cat >%s" },
		{ MUCH, "cat >%s" },
		{ MUCH, "sleep 0.3; cat >%s" },
		{ MUCH, "dd bs=1000 count=10 2>/dev/null >%s; sleep 0.1; cat >>%s" },
		/* one that says more than a pipe holds before it reads */
		{ MUCH, "i=0; while [ $i -lt 5000 ]; do echo a line that nobody reads >&2; "
			"i=$((i+1)); done; cat >%s" },
	};
	char *input = much_input();
	struct gp_test_file file;

	CU_ASSERT_FATAL(gp_test_file_make(&file, "", 0));
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char commands[512], said[64];
		const char *before = rows[i].commands, *place;

		commands[0] = '\0';
		while ((place = strstr(before, "%s")) != NULL) {
			strncat(commands, before, (size_t)(place - before));
			strcat(commands, file.path);
			before = place + 2;
		}
		CU_ASSERT_TRUE(
		    run_with(commands, input, rows[i].length, LIMIT_MS, said, sizeof(said)));
		CU_ASSERT(file_holds(file.path, input, rows[i].length));
	}
	gp_test_file_remove(&file);
	free(input);
}

/* With SIGPIPE as a program gets it by default, which then would be the end of the tests. */
static void
lets_it_leave_input_unread(void)
{
	static const struct {
		const char *commands;
		bool succeeded;
		const char *said;
	} rows[] = {
		{ "exit 0", true, "" },
		{ "sleep 0.2; exit 0", true, "" },
		{ "exec <&-; sleep 0.2; exit 0", true, "" },
		{ "head -c 100000 >/dev/null; exec <&-; sleep 0.2; echo enough >&2", true,
		    "enough" },
		{ "exec <&-; sleep 0.1; echo no luck >&2; exit 1", false, "no luck" },
		{ "exec <&-; sleep 0.1; exit 75", false, "ended with status 75" },
	};
	struct sigaction before, plain = { .sa_handler = SIG_DFL };
	char *input = much_input(), said[64];
	sigset_t pending;

	CU_ASSERT_EQUAL_FATAL(sigaction(SIGPIPE, &plain, &before), 0);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT_EQUAL(
		    run_with(rows[i].commands, input, MUCH, LIMIT_MS, said, sizeof(said)),
		    rows[i].succeeded);
		CU_ASSERT_STRING_EQUAL(said, rows[i].said);
	}
	CU_ASSERT_EQUAL(sigpending(&pending), 0);
	CU_ASSERT_EQUAL(sigismember(&pending, SIGPIPE), 0);
	sigaction(SIGPIPE, &before, NULL);
	free(input);
}

static volatile sig_atomic_t pipe_signals;

static void
on_pipe(int signal_number)
{
	(void)signal_number;
	pipe_signals++;
}

/* A signal of somebody else's that was waiting is still there afterwards, and is the only one. */
static void
leaves_a_waiting_sigpipe(void)
{
	struct sigaction before, count = { .sa_handler = on_pipe };
	sigset_t blocked, mask_before;
	char *input = much_input(), said[64];

	pipe_signals = 0;
	CU_ASSERT_EQUAL_FATAL(sigaction(SIGPIPE, &count, &before), 0);
	CU_ASSERT_TRUE(run_with("exec <&-; sleep 0.1", input, MUCH, LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_EQUAL(pipe_signals, 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGPIPE);
	CU_ASSERT_EQUAL_FATAL(sigprocmask(SIG_BLOCK, &blocked, &mask_before), 0);
	CU_ASSERT_EQUAL(raise(SIGPIPE), 0);
	CU_ASSERT_TRUE(run_with("exec <&-; sleep 0.1", input, MUCH, LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_EQUAL(pipe_signals, 0);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
	CU_ASSERT_EQUAL(pipe_signals, 1);
	sigaction(SIGPIPE, &before, NULL);
	free(input);
}

static void
kills_what_does_not_read_in_time(void)
{
	static const char *const rows[] = {
		"sleep 60",
		"head -c 1000 >/dev/null; sleep 60",
		"exec <&-; sleep 60",
		"cat >/dev/null; sleep 60",
	};
	char *input = much_input(), said[64];

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		int64_t began_ms = monotonic_ms(), took_ms;

		CU_ASSERT_FALSE(run_with(rows[i], input, MUCH, 200, said, sizeof(said)));
		took_ms = monotonic_ms() - began_ms;
		CU_ASSERT(took_ms >= 200);
		CU_ASSERT(took_ms < 2000);
		CU_ASSERT_STRING_EQUAL(said, "killed after 200 ms");
	}
	free(input);
}

/* How many descriptors we have open. */
static int
open_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void
leaves_no_descriptor_open(void)
{
	char missing[] = "/nonexistent/program", directory[] = "/";
	char *none[] = { missing, NULL }, *unfit[] = { directory, NULL };
	int before = open_descriptors();
	char *input = much_input(), said[128];

	CU_ASSERT_TRUE(run_with("cat >/dev/null", input, MUCH, LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_TRUE(run_with("exit 0", input, MUCH, LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_TRUE(run_with("exit 0", input, 0, LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_FALSE(run_with("sleep 60", input, MUCH, 50, said, sizeof(said)));
	CU_ASSERT_FALSE(gp_helper_run(none, path_only, input, MUCH, 50, said, sizeof(said)));
	CU_ASSERT_FALSE(gp_helper_run(unfit, path_only, input, MUCH, 50, said, sizeof(said)));
	CU_ASSERT_EQUAL(open_descriptors(), before);
	free(input);
}

/* A worker ignores SIGPIPE; its helper must not. */
static void
gives_it_default_signals(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	sigset_t blocked, blocked_before;
	char said[64];

	CU_ASSERT_EQUAL_FATAL(sigaction(SIGPIPE, &ignore, &before), 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	CU_ASSERT_EQUAL_FATAL(sigprocmask(SIG_BLOCK, &blocked, &blocked_before), 0);
	CU_ASSERT_FALSE(run("kill -PIPE $$; exit 0", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "ended by signal 13");
	CU_ASSERT_FALSE(run("kill -TERM $$; exit 0", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "ended by signal 15");
	sigprocmask(SIG_SETMASK, &blocked_before, NULL);
	sigaction(SIGPIPE, &before, NULL);
}

static void
kills_what_takes_too_long(void)
{
	static const char *const rows[] = {
		"sleep 60",
		"sleep 60; exit 0",
		"sleep 60 & wait",
		"trap '' TERM INT HUP; while :; do sleep 1; done",
		"while :; do echo much of it; done >&2",
	};
	char said[64];

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		int64_t began_ms = monotonic_ms(), took_ms;

		CU_ASSERT_FALSE(run(rows[i], 200, said, sizeof(said)));
		took_ms = monotonic_ms() - began_ms;
		CU_ASSERT(took_ms >= 200);
		CU_ASSERT(took_ms < 2000);
		CU_ASSERT_STRING_EQUAL(said, "killed after 200 ms");
		CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1); /* nothing is left to reap */
	}
}

/* A child that was left alive would remove the file. */
static void
kills_its_children_too(void)
{
	static const struct timespec pause = { .tv_sec = 1 };
	const char *directory = getenv("TMPDIR");
	char path[256], commands[400], said[64];
	int fd;

	snprintf(path, sizeof(path), "%s/gatepost-helper-XXXXXX",
	    directory != NULL && directory[0] != '\0' ? directory : "/tmp");
	fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	snprintf(commands, sizeof(commands), "(sleep 0.6; rm %s) & wait", path);
	CU_ASSERT_FALSE(run(commands, 200, said, sizeof(said)));
	nanosleep(&pause, NULL);
	CU_ASSERT_EQUAL(unlink(path), 0);
}

/* Whoever has the pipe after its end is not waited for. */
static void
does_not_wait_for_what_it_left_behind(void)
{
	int64_t began_ms = monotonic_ms();
	char said[64];

	CU_ASSERT_TRUE(run("sleep 5 & echo done >&2", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "done");
	CU_ASSERT(monotonic_ms() - began_ms < 4000);
}

static volatile sig_atomic_t signals_seen;

static void
on_alarm(int signal_number)
{
	(void)signal_number;
	signals_seen++;
}

static void
survives_our_own_signals(void)
{
	struct sigaction handler = { .sa_handler = on_alarm }; /* without SA_RESTART */
	struct itimerval often = { { 0, 3000 }, { 0, 3000 } }, never = { { 0, 0 }, { 0, 0 } };
	char said[64];

	signals_seen = 0;
	CU_ASSERT_EQUAL_FATAL(sigaction(SIGALRM, &handler, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(setitimer(ITIMER_REAL, &often, NULL), 0);
	CU_ASSERT_TRUE(run("sleep 0.3; echo done >&2", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "done");
	CU_ASSERT_FALSE(run("sleep 60", 200, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "killed after 200 ms");
	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_IGN); /* one may still be on its way; by default it would end us */
	CU_ASSERT(signals_seen > 10);
}

/* A web server may have left it so; the kernel then keeps no status. */
static void
manages_where_sigchld_is_ignored(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	char said[64];

	CU_ASSERT_EQUAL_FATAL(sigaction(SIGCHLD, &ignore, &before), 0);
	CU_ASSERT_TRUE(run("exit 0", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_FALSE(run("echo no luck >&2; exit 1", LIMIT_MS, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "no luck");
	CU_ASSERT_FALSE(run("sleep 60", 200, said, sizeof(said)));
	CU_ASSERT_STRING_EQUAL(said, "killed after 200 ms");
	sigaction(SIGCHLD, &before, NULL);
}

/* As a worker whose starter gave it none: the pipe gets their numbers. */
static void
manages_without_standard_descriptors(void)
{
	int status = 1;
	pid_t child;

	fflush(stdout);
	child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (child == 0) {
		char said[64];

		for (int fd = 0; fd < 3; fd++)
			close(fd);
		if (run("read line; echo out; echo done >&2; exit 1", LIMIT_MS, said,
			sizeof(said)) ||
		    strcmp(said, "done") != 0)
			_exit(1);
		if (!run_with("read line; echo out; echo \"$line\" >&2", "hello\n", 6, LIMIT_MS,
			said, sizeof(said)) ||
		    strcmp(said, "hello") != 0)
			_exit(2);
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
}

const struct gp_test gp_tests_helper[] = {
	GP_TEST(says_how_a_program_ended),
	GP_TEST(names_a_program_that_cannot_be_started),
	GP_TEST(cuts_a_long_line),
	GP_TEST(gives_only_the_variables_that_are_named),
	GP_TEST(keeps_our_descriptors_from_it),
	GP_TEST(gives_it_an_empty_input),
	GP_TEST(gives_it_all_of_its_input),
	GP_TEST(lets_it_leave_input_unread),
	GP_TEST(leaves_a_waiting_sigpipe),
	GP_TEST(kills_what_does_not_read_in_time),
	GP_TEST(leaves_no_descriptor_open),
	GP_TEST(gives_it_default_signals),
	GP_TEST(kills_what_takes_too_long),
	GP_TEST(kills_its_children_too),
	GP_TEST(does_not_wait_for_what_it_left_behind),
	GP_TEST(survives_our_own_signals),
	GP_TEST(manages_where_sigchld_is_ignored),
	GP_TEST(manages_without_standard_descriptors),
	{ NULL, NULL },
};
