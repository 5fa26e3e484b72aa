/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who fetches when, what is believed and for how long. The program that fetches is a shell script
 * of the test's, which counts its runs; the clock is the test's too.
 */
#include "jwks_url.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

extern const struct gp_test gp_tests_jwks_url[];

#define URL "https://ann:hidden-word@keys.example/jwks?code=hidden-code"

/* RFC 8037 appendix A.2, and the generator of P-256 as a key. */
#define EDWARDS_KEY \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"one\"," \
	"\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define CURVE_KEY \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"two\"," \
	"\"x\":\"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY\"," \
	"\"y\":\"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU\"}"
#define SECRET_KEY \
	"{\"kty\":\"oct\",\"kid\":\"three\",\"k\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}"
#define SET(keys) "{\"keys\":[" keys "]}"

/* What the script does with its URL and FILE, after it has counted itself. */
#define BRING "cp \"$here/answer\" \"$2.new\" && mv \"$2.new\" \"$2\"\n"
#define FAIL "echo no luck >&2; exit 1\n"

/* Any moment; all others are counted from it. */
static const int64_t noon_s = 1800000000;

/* A directory for one test, with the script, its answer, its count and the cache. */
struct scene {
	char path[256];
	char program[300];
	char cache[300];
	char keys[600]; /* the two files that a source has made in the cache, once it has */
	char attempt[600];
	struct gp_json_reader *reader;
	struct gp_jwks_url *source;
	struct gp_jwk_set set;
};

static bool
write_text(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	size_t length = strlen(text);
	bool written = fd >= 0 && write(fd, text, length) == (ssize_t)length;

	return fd >= 0 && close(fd) == 0 && written && chmod(path, mode) == 0;
}

static bool
write_in(const struct scene *scene, const char *name, const char *text, mode_t mode)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", scene->path, name);
	return write_text(path, text, mode);
}

static void
set_script(const struct scene *scene, const char *commands)
{
	char text[1024];

	snprintf(text, sizeof(text), "#!/bin/sh\numask 077\nhere=%s\necho >>\"$here/runs\"\n%s",
	    scene->path, commands);
	CU_ASSERT_TRUE_FATAL(write_in(scene, "fetch", text, 0700));
}

static void
set_answer(const struct scene *scene, const char *text)
{
	CU_ASSERT_TRUE_FATAL(write_in(scene, "answer", text, 0600));
}

static struct gp_jwks_url *
new_source(const struct scene *scene)
{
	struct gp_jwks_url *source = gp_jwks_url_new(URL, scene->cache, scene->program, 86400);

	CU_ASSERT_PTR_NOT_NULL_FATAL(source);
	return source;
}

/* A source without a cache, and a script that brings one key. */
static void
set_up(struct scene *scene)
{
	const char *directory = getenv("TMPDIR");

	memset(scene, 0, sizeof(*scene));
	snprintf(scene->path, sizeof(scene->path), "%s/gatepost-jwks-XXXXXX",
	    directory != NULL && directory[0] != '\0' ? directory : "/tmp");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(scene->path));
	snprintf(scene->program, sizeof(scene->program), "%s/fetch", scene->path);
	snprintf(scene->cache, sizeof(scene->cache), "%s/cache", scene->path);
	scene->reader = gp_json_reader_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene->reader);
	scene->source = new_source(scene);
	set_script(scene, BRING);
	set_answer(scene, SET(EDWARDS_KEY));
}

static void
remove_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char name[600];

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (unlink(name) != 0)
			remove_directory(name);
	}
	if (directory != NULL)
		closedir(directory);
	rmdir(path);
}

static void
tear_down(struct scene *scene)
{
	gp_jwk_set_clear(&scene->set);
	gp_jwks_url_free(scene->source);
	gp_json_reader_free(scene->reader);
	chmod(scene->cache, 0700);
	remove_directory(scene->path);
}

/* The paths of the files that the source has made. */
static void
find_files(struct scene *scene)
{
	DIR *directory = opendir(scene->cache);
	struct dirent *entry;

	CU_ASSERT_PTR_NOT_NULL_FATAL(directory);
	while ((entry = readdir(directory)) != NULL) {
		const char *dot = strrchr(entry->d_name, '.');
		char *path = dot == NULL                    ? NULL
			     : strcmp(dot, ".json") == 0    ? scene->keys
			     : strcmp(dot, ".attempt") == 0 ? scene->attempt
							    : NULL;

		if (path != NULL)
			snprintf(path, sizeof(scene->keys), "%s/%s", scene->cache, entry->d_name);
	}
	closedir(directory);
	CU_ASSERT_FATAL(scene->attempt[0] != '\0');
}

/* How often the script ran: it appends one byte each time. */
static int
runs(const struct scene *scene)
{
	struct stat status;
	char path[400];

	snprintf(path, sizeof(path), "%s/runs", scene->path);
	return stat(path, &status) == 0 ? (int)status.st_size : 0;
}

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Read at `seconds` after noon, with no key missed or with one. */
static enum gp_jwks_url_result
read_at(struct scene *scene, int64_t seconds, bool key_unknown)
{
	gp_jwk_set_clear(&scene->set);
	gp_test_row("at %lld s, key %s", (long long)seconds, key_unknown ? "unknown" : "known");
	return gp_jwks_url_read(
	    scene->source, scene->reader, noon_s + seconds, key_unknown, &scene->set);
}

#define EXPECT(scene, seconds, key_unknown, result) \
	CU_ASSERT_EQUAL(read_at(scene, seconds, key_unknown), result)

static void
expect_problem(const struct scene *scene, const char *part)
{
	const char *problem = gp_jwks_url_problem(scene->source);

	gp_test_row("problem: %s", problem != NULL ? problem : "none");
	CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, part));
	CU_ASSERT_PTR_NULL(strstr(problem, "hidden"));
	CU_ASSERT_PTR_NULL(strchr(problem, '\n'));
}

static void
fetches_when_there_is_no_file(void)
{
	struct scene scene;
	struct stat status;

	set_up(&scene);
	CU_ASSERT_PTR_NULL(gp_jwks_url_problem(scene.source));
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	CU_ASSERT_PTR_NULL(gp_jwks_url_problem(scene.source));
	CU_ASSERT_EQUAL(runs(&scene), 1);
	CU_ASSERT_EQUAL_FATAL(scene.set.count, 1);
	CU_ASSERT_STRING_EQUAL(gp_key_id(scene.set.keys[0]), "one");
	CU_ASSERT_EQUAL(stat(scene.cache, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0700);
	find_files(&scene);
	CU_ASSERT_EQUAL(stat(scene.keys, &status), 0);
	CU_ASSERT_EQUAL(status.st_mtim.tv_sec, noon_s);
	CU_ASSERT_EQUAL(stat(scene.attempt, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0600);
	CU_ASSERT_EQUAL(status.st_mtim.tv_sec, noon_s);
	CU_ASSERT_PTR_NULL(strstr(scene.keys, "hidden"));
	tear_down(&scene);
}

static void
reads_an_unchanged_file_once(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	for (int64_t seconds = 0; seconds < GP_JWKS_URL_REFRESH_S; seconds += 30) {
		EXPECT(&scene, seconds, false, GP_JWKS_UNCHANGED);
		CU_ASSERT_EQUAL(scene.set.count, 0);
		CU_ASSERT_PTR_NULL(gp_jwks_url_problem(scene.source));
	}
	CU_ASSERT_EQUAL(runs(&scene), 1);
	tear_down(&scene);
}

/* Another worker of the machine, and the same one started again. */
static void
reads_what_another_worker_fetched(void)
{
	struct scene scene;
	struct gp_jwks_url *first;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	first = scene.source;
	scene.source = new_source(&scene);
	EXPECT(&scene, 1, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(runs(&scene), 1);
	set_answer(&scene, SET(EDWARDS_KEY "," CURVE_KEY));
	EXPECT(&scene, 100, true, GP_JWKS_READ);
	gp_jwks_url_free(scene.source);
	scene.source = first;
	EXPECT(&scene, 101, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(scene.set.count, 2);
	EXPECT(&scene, 102, false, GP_JWKS_UNCHANGED);
	CU_ASSERT_EQUAL(runs(&scene), 2);
	tear_down(&scene);
}

static void
fetches_for_an_unknown_key_once_a_minute(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	EXPECT(&scene, 0, true, GP_JWKS_UNCHANGED);
	EXPECT(&scene, 59, true, GP_JWKS_UNCHANGED);
	EXPECT(&scene, -3, true, GP_JWKS_UNCHANGED); /* a worker whose request began earlier */
	CU_ASSERT_PTR_NULL(gp_jwks_url_problem(scene.source));
	CU_ASSERT_EQUAL(runs(&scene), 1);
	set_answer(&scene, SET(EDWARDS_KEY "," CURVE_KEY));
	EXPECT(&scene, 60, true, GP_JWKS_READ);
	CU_ASSERT_EQUAL(runs(&scene), 2);
	CU_ASSERT_EQUAL(scene.set.count, 2);
	EXPECT(&scene, 119, true, GP_JWKS_UNCHANGED);
	CU_ASSERT_EQUAL(runs(&scene), 2);
	tear_down(&scene);
}

static void
a_failure_counts_as_an_attempt(void)
{
	struct scene scene;

	set_up(&scene);
	set_script(&scene, FAIL);
	EXPECT(&scene, 0, false, GP_JWKS_NONE);
	expect_problem(&scene, "no luck");
	EXPECT(&scene, 1, false, GP_JWKS_NONE);
	expect_problem(&scene, "no keys have been fetched yet");
	EXPECT(&scene, 59, true, GP_JWKS_NONE);
	CU_ASSERT_EQUAL(runs(&scene), 1);
	EXPECT(&scene, 60, true, GP_JWKS_NONE);
	CU_ASSERT_EQUAL(runs(&scene), 2);
	set_script(&scene, BRING);
	EXPECT(&scene, 119, false, GP_JWKS_NONE);
	EXPECT(&scene, 120, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(runs(&scene), 3);
	tear_down(&scene);
}

/* The file of attempts is as new as the first attempt itself: by the real clock no time lies
 * between.
 */
static void
the_first_attempt_needs_no_pause(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, (int64_t)time(NULL) - noon_s, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(runs(&scene), 1);
	tear_down(&scene);
}

/* One that ended with its worker, too: the lock is free, the time is there. */
static void
an_interrupted_attempt_counts(void)
{
	struct scene scene;

	set_up(&scene);
	set_script(&scene, "kill -9 $$\n");
	EXPECT(&scene, 0, false, GP_JWKS_NONE);
	expect_problem(&scene, "signal 9");
	EXPECT(&scene, 30, false, GP_JWKS_NONE);
	CU_ASSERT_EQUAL(runs(&scene), 1);
	tear_down(&scene);
}

static void
refreshes_an_old_file(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	set_answer(&scene, SET(CURVE_KEY));
	EXPECT(&scene, GP_JWKS_URL_REFRESH_S - 1, false, GP_JWKS_UNCHANGED);
	EXPECT(&scene, GP_JWKS_URL_REFRESH_S, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(runs(&scene), 2);
	CU_ASSERT_EQUAL_FATAL(scene.set.count, 1);
	CU_ASSERT_STRING_EQUAL(gp_key_id(scene.set.keys[0]), "two"); /* the first is withdrawn */
	tear_down(&scene);
}

/* A new worker that finds an old file reads both, and keeps the newer. */
static void
refreshes_what_it_has_just_read(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	gp_jwks_url_free(scene.source);
	scene.source = new_source(&scene);
	set_script(&scene, FAIL);
	EXPECT(&scene, GP_JWKS_URL_REFRESH_S, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(scene.set.count, 1);
	expect_problem(&scene, "no luck");
	gp_jwks_url_free(scene.source);
	scene.source = new_source(&scene);
	set_script(&scene, BRING);
	set_answer(&scene, SET(EDWARDS_KEY "," CURVE_KEY));
	EXPECT(&scene, 2 * GP_JWKS_URL_REFRESH_S, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(scene.set.count, 2);
	tear_down(&scene);
}

static void
keeps_the_last_good_set_until_it_is_too_old(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	set_script(&scene, FAIL);
	EXPECT(&scene, 600, false, GP_JWKS_UNCHANGED);
	expect_problem(&scene, "no luck");
	EXPECT(&scene, 601, false, GP_JWKS_UNCHANGED);
	CU_ASSERT_PTR_NULL(gp_jwks_url_problem(scene.source));
	EXPECT(&scene, 660, false, GP_JWKS_UNCHANGED);
	CU_ASSERT_EQUAL(runs(&scene), 3);
	EXPECT(&scene, 86400, false, GP_JWKS_UNCHANGED);
	EXPECT(&scene, 86401, false, GP_JWKS_NONE);
	expect_problem(&scene, "too old");
	EXPECT(&scene, 86402, true, GP_JWKS_NONE);
	CU_ASSERT_EQUAL(scene.set.count, 0);
	CU_ASSERT_EQUAL(runs(&scene), 4);
	set_script(&scene, BRING);
	EXPECT(&scene, 86460, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(scene.set.count, 1);
	tear_down(&scene);
}

/* An hour ago the clock was a day ahead: nobody knows how old the keys are. */
static void
does_not_believe_a_file_from_the_future(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	set_script(&scene, FAIL);
	EXPECT(&scene, -60, false, GP_JWKS_UNCHANGED); /* clocks differ */
	EXPECT(&scene, -61, false, GP_JWKS_NONE);
	expect_problem(&scene, "future");
	set_script(&scene, BRING);
	EXPECT(&scene, -90000, false, GP_JWKS_READ);
	tear_down(&scene);
}

/* One of several workers that find no file; its exit status says whether it has the key. */
static void
work(struct scene *scene, int start)
{
	struct gp_jwks_url *source = new_source(scene);
	char byte;
	bool held =
	    read(start, &byte, 1) == 0 && /* until all are there */
	    gp_jwks_url_read(source, scene->reader, noon_s, false, &scene->set) == GP_JWKS_READ &&
	    scene->set.count == 1;

	_exit(held ? 0 : 1);
}

static void
several_workers_fetch_once(void)
{
	pid_t workers[8];
	struct scene scene;
	int start[2], status, good = 0;

	set_up(&scene);
	set_script(&scene, "sleep 0.5\n" BRING);
	CU_ASSERT_EQUAL_FATAL(pipe(start), 0);
	fflush(stdout);
	for (size_t i = 0; i < GP_COUNT(workers); i++) {
		workers[i] = fork();
		CU_ASSERT_FATAL(workers[i] >= 0);
		if (workers[i] == 0) {
			close(start[1]);
			work(&scene, start[0]);
		}
	}
	close(start[1]);
	for (size_t i = 0; i < GP_COUNT(workers); i++)
		good += waitpid(workers[i], &status, 0) == workers[i] && status == 0;
	close(start[0]);
	CU_ASSERT_EQUAL(good, 8);
	CU_ASSERT_EQUAL(runs(&scene), 1);
	tear_down(&scene);
}

/* Another worker holds the lock for ever: who needs keys waits, but not for ever. */
static void
waits_for_the_lock_only_as_long_as_it_may(void)
{
	struct scene scene;
	int64_t began_ms;
	int lock;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	find_files(&scene);
	lock = open(scene.attempt, O_RDWR | O_CLOEXEC);
	CU_ASSERT_FATAL(lock >= 0);
	CU_ASSERT_EQUAL_FATAL(flock(lock, LOCK_EX), 0);
	began_ms = monotonic_ms();
	EXPECT(&scene, 600, false, GP_JWKS_UNCHANGED); /* a refresh is left to the other */
	CU_ASSERT(monotonic_ms() - began_ms < 1000);
	CU_ASSERT_PTR_NULL(gp_jwks_url_problem(scene.source));
	began_ms = monotonic_ms();
	EXPECT(&scene, 600, true, GP_JWKS_UNCHANGED);
	CU_ASSERT(monotonic_ms() - began_ms >= 2400);
	CU_ASSERT(monotonic_ms() - began_ms < 4000);
	expect_problem(&scene, "another worker");
	CU_ASSERT_EQUAL(runs(&scene), 1);
	close(lock);
	EXPECT(&scene, 600, true, GP_JWKS_READ);
	CU_ASSERT_EQUAL(runs(&scene), 2);
	tear_down(&scene);
}

static volatile sig_atomic_t signals_seen;

static void
on_alarm(int signal_number)
{
	(void)signal_number;
	signals_seen++;
}

/* With signals coming in, as a worker's SIGHUP and SIGTERM do. */
static void
a_program_that_hangs_is_killed_in_time(void)
{
	struct sigaction handler = { .sa_handler = on_alarm }; /* without SA_RESTART */
	struct itimerval often = { { 0, 50000 }, { 0, 50000 } }, never = { { 0, 0 }, { 0, 0 } };
	struct scene scene;
	int64_t began_ms, took_ms;

	set_up(&scene);
	set_script(&scene, "trap '' TERM HUP\nsleep 60\n" BRING);
	CU_ASSERT_EQUAL_FATAL(sigaction(SIGALRM, &handler, NULL), 0);
	signals_seen = 0;
	began_ms = monotonic_ms();
	setitimer(ITIMER_REAL, &often, NULL);
	EXPECT(&scene, 0, false, GP_JWKS_NONE);
	setitimer(ITIMER_REAL, &never, NULL);
	took_ms = monotonic_ms() - began_ms;
	signal(SIGALRM, SIG_IGN); /* one may still be on its way; by default it would end us */
	CU_ASSERT(took_ms >= 2900);
	CU_ASSERT(took_ms < 4500);
	CU_ASSERT(signals_seen > 10);
	expect_problem(&scene, "killed");
	EXPECT(&scene, 1, false, GP_JWKS_NONE);
	CU_ASSERT_EQUAL(runs(&scene), 1);
	tear_down(&scene);
}

static void
names_a_program_that_is_missing(void)
{
	struct scene scene;

	set_up(&scene);
	unlink(scene.program);
	EXPECT(&scene, 0, false, GP_JWKS_NONE);
	expect_problem(&scene, scene.program);
	tear_down(&scene);
}

/* Nothing is read from such a directory, though the file is there, and no program is run. */
static void
expect_directory_refused(struct scene *scene, const char *part)
{
	EXPECT(scene, 1, false, GP_JWKS_NONE);
	expect_problem(scene, part);
	EXPECT(scene, 90, true, GP_JWKS_NONE);
	CU_ASSERT_EQUAL(runs(scene), 1);
}

static void
refuses_a_directory_that_is_not_its_own(void)
{
	static const mode_t modes[] = { 0755, 0701, 0710, 0702, 0720, 0740, 0777 };
	char moved[400];
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	for (size_t i = 0; i < GP_COUNT(modes); i++) {
		CU_ASSERT_EQUAL_FATAL(chmod(scene.cache, modes[i]), 0);
		expect_directory_refused(&scene, "0700");
	}
	CU_ASSERT_EQUAL_FATAL(chmod(scene.cache, 0700), 0);
	EXPECT(&scene, 1, false, GP_JWKS_READ); /* again, after it was dropped */
	if (geteuid() == 0) {
		CU_ASSERT_EQUAL_FATAL(chown(scene.cache, 12345, 12345), 0);
		expect_directory_refused(&scene, "must belong");
		CU_ASSERT_EQUAL_FATAL(chown(scene.cache, 0, 0), 0);
	}
	snprintf(moved, sizeof(moved), "%s/moved", scene.path);
	CU_ASSERT_EQUAL_FATAL(rename(scene.cache, moved), 0);
	CU_ASSERT_EQUAL_FATAL(symlink(moved, scene.cache), 0);
	expect_directory_refused(&scene, scene.cache);
	CU_ASSERT_EQUAL_FATAL(unlink(scene.cache), 0);
	CU_ASSERT_TRUE_FATAL(write_text(scene.cache, "", 0600));
	expect_directory_refused(&scene, scene.cache);
	CU_ASSERT_EQUAL_FATAL(unlink(scene.cache), 0);
	tear_down(&scene);
}

static void
names_a_directory_that_cannot_be_made(void)
{
	struct scene scene;

	set_up(&scene);
	gp_jwks_url_free(scene.source);
	scene.source = gp_jwks_url_new(URL, "/nonexistent/cache", scene.program, 86400);
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene.source);
	EXPECT(&scene, 0, false, GP_JWKS_NONE);
	expect_problem(&scene, "/nonexistent/cache: ");
	CU_ASSERT_EQUAL(runs(&scene), 0);
	tear_down(&scene);
}

/* Refused while no fetch succeeds; one that does replaces the file without looking at it. */
static void
expect_file_refused(struct scene *scene, int64_t seconds)
{
	set_script(scene, FAIL);
	EXPECT(scene, seconds, false, GP_JWKS_NONE);
	expect_problem(scene, scene->keys);
	expect_problem(scene, "must be a regular file");
	CU_ASSERT_EQUAL(scene->set.count, 0);
	set_script(scene, BRING);
	EXPECT(scene, seconds + 60, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(scene->set.count, 1);
}

static void
refuses_a_file_of_another_mode(void)
{
	static const mode_t modes[] = { 0644, 0640, 0604, 0620, 0602, 0660, 0700, 0666 };
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	find_files(&scene);
	for (size_t i = 0; i < GP_COUNT(modes); i++) {
		CU_ASSERT_EQUAL_FATAL(chmod(scene.keys, modes[i]), 0);
		expect_file_refused(&scene, 100 + (int64_t)i * 200);
	}
	if (geteuid() == 0) {
		CU_ASSERT_EQUAL_FATAL(chown(scene.keys, 12345, 12345), 0);
		expect_file_refused(&scene, 10000);
	}
	tear_down(&scene);
}

static void
refuses_what_is_no_regular_file(void)
{
	char elsewhere[400];
	struct stat status;
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	find_files(&scene);
	snprintf(elsewhere, sizeof(elsewhere), "%s/answer", scene.path);
	CU_ASSERT_EQUAL_FATAL(unlink(scene.keys), 0);
	CU_ASSERT_EQUAL_FATAL(symlink(elsewhere, scene.keys), 0);
	expect_file_refused(&scene, 100);
	CU_ASSERT_EQUAL(lstat(scene.keys, &status), 0);
	CU_ASSERT(S_ISREG(status.st_mode)); /* replaced, not written through */
	CU_ASSERT_EQUAL_FATAL(unlink(scene.keys), 0);
	CU_ASSERT_EQUAL_FATAL(mkfifo(scene.keys, 0600), 0);
	expect_file_refused(&scene, 300);
	tear_down(&scene);
}

static void
refuses_a_file_of_attempts_that_is_not_its_own(void)
{
	char elsewhere[400];
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	find_files(&scene);
	CU_ASSERT_EQUAL_FATAL(chmod(scene.attempt, 0644), 0);
	EXPECT(&scene, 100, true, GP_JWKS_UNCHANGED);
	expect_problem(&scene, scene.attempt);
	snprintf(elsewhere, sizeof(elsewhere), "%s/answer", scene.path);
	CU_ASSERT_EQUAL_FATAL(unlink(scene.attempt), 0);
	CU_ASSERT_EQUAL_FATAL(symlink(elsewhere, scene.attempt), 0);
	EXPECT(&scene, 100, true, GP_JWKS_UNCHANGED);
	expect_problem(&scene, scene.attempt);
	CU_ASSERT_EQUAL(runs(&scene), 1);
	tear_down(&scene);
}

/* Whatever gets into the file: nothing of it is believed, and it is read once. */
static void
refuses_a_file_without_a_usable_key(void)
{
	static const char *const rows[] = {
		"",
		"{\"keys\":[" EDWARDS_KEY,
		SET(EDWARDS_KEY) "x",
		"{\"keys\":[]}",
		"{}",
		"[]",
		"null",
		"<html></html>",
		SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}"),
		SET(SECRET_KEY),
		SECRET_KEY,
	};
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	find_files(&scene);
	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		int64_t seconds = 100 + (int64_t)i * 200;

		CU_ASSERT_TRUE_FATAL(write_text(scene.keys, rows[i], 0600));
		CU_ASSERT_EQUAL_FATAL(
		    utimensat(AT_FDCWD, scene.keys,
			(const struct timespec[]){ { .tv_sec = (time_t)(noon_s + seconds) },
			    { .tv_sec = (time_t)(noon_s + seconds) } },
			0),
		    0);
		set_script(&scene, FAIL);
		EXPECT(&scene, seconds, false, GP_JWKS_NONE);
		expect_problem(&scene, "not a JWK set with a usable key");
		EXPECT(&scene, seconds + 1, false, GP_JWKS_NONE);
		CU_ASSERT_EQUAL(scene.set.count, 0);
		expect_problem(&scene, "not a JWK set with a usable key");
		set_script(&scene, BRING);
		EXPECT(&scene, seconds + 60, false, GP_JWKS_READ);
	}
	tear_down(&scene);
}

/* White space is JSON; a file of the largest size is read, one byte more is not. */
static void
refuses_a_file_that_is_too_large(void)
{
	char *text = malloc(GP_JWKS_URL_SIZE_MAX + 2);
	size_t length = sizeof(SET(EDWARDS_KEY)) - 1;
	struct scene scene;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	set_up(&scene);
	memset(text, ' ', GP_JWKS_URL_SIZE_MAX + 1);
	memcpy(text, SET(EDWARDS_KEY), length);
	text[GP_JWKS_URL_SIZE_MAX] = '\0';
	set_answer(&scene, text);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	text[GP_JWKS_URL_SIZE_MAX] = ' ';
	text[GP_JWKS_URL_SIZE_MAX + 1] = '\0';
	set_answer(&scene, text);
	EXPECT(&scene, 600, false, GP_JWKS_NONE);
	expect_problem(&scene, "not a JWK set");
	free(text);
	tear_down(&scene);
}

static void
keeps_the_public_keys_of_a_mixed_set(void)
{
	struct scene scene;

	set_up(&scene);
	set_answer(&scene, SET(SECRET_KEY "," EDWARDS_KEY ",{}," CURVE_KEY "," SECRET_KEY));
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL_FATAL(scene.set.count, 2);
	CU_ASSERT_EQUAL(scene.set.refused, 3);
	CU_ASSERT_STRING_EQUAL(gp_key_id(scene.set.keys[0]), "one");
	CU_ASSERT_STRING_EQUAL(gp_key_id(scene.set.keys[1]), "two");
	tear_down(&scene);
}

/* Two addresses never share a file, nor a minute. */
static void
each_url_has_its_own_files(void)
{
	struct scene scene;

	set_up(&scene);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	gp_jwks_url_free(scene.source);
	scene.source = gp_jwks_url_new(URL "2", scene.cache, scene.program, 86400);
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene.source);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	CU_ASSERT_EQUAL(runs(&scene), 2);
	tear_down(&scene);
}

/* The arguments arrive as they are: there is no shell between. */
static void
hands_over_the_url_as_it_is(void)
{
	static const char url[] = "https://keys.example/;touch${IFS}x`id`$(id)'\" *?a=b&c=d";
	char expected[sizeof(url) + 1], given[sizeof(url) + 16] = "";
	struct scene scene;
	char path[400];
	FILE *file;

	set_up(&scene);
	gp_jwks_url_free(scene.source);
	scene.source = gp_jwks_url_new(url, scene.cache, scene.program, 86400);
	CU_ASSERT_PTR_NOT_NULL_FATAL(scene.source);
	set_script(&scene, "printf '%s\\n' \"$1\" >\"$here/given\"\n" BRING);
	EXPECT(&scene, 0, false, GP_JWKS_READ);
	snprintf(path, sizeof(path), "%s/given", scene.path);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_PTR_NOT_NULL(fgets(given, sizeof(given), file));
	fclose(file);
	snprintf(expected, sizeof(expected), "%s\n", url);
	CU_ASSERT_STRING_EQUAL(given, expected);
	tear_down(&scene);
}

const struct gp_test gp_tests_jwks_url[] = {
	GP_TEST(fetches_when_there_is_no_file),
	GP_TEST(reads_an_unchanged_file_once),
	GP_TEST(reads_what_another_worker_fetched),
	GP_TEST(fetches_for_an_unknown_key_once_a_minute),
	GP_TEST(a_failure_counts_as_an_attempt),
	GP_TEST(the_first_attempt_needs_no_pause),
	GP_TEST(an_interrupted_attempt_counts),
	GP_TEST(refreshes_an_old_file),
	GP_TEST(refreshes_what_it_has_just_read),
	GP_TEST(keeps_the_last_good_set_until_it_is_too_old),
	GP_TEST(does_not_believe_a_file_from_the_future),
	GP_TEST(several_workers_fetch_once),
	GP_TEST(waits_for_the_lock_only_as_long_as_it_may),
	GP_TEST(a_program_that_hangs_is_killed_in_time),
	GP_TEST(names_a_program_that_is_missing),
	GP_TEST(refuses_a_directory_that_is_not_its_own),
	GP_TEST(names_a_directory_that_cannot_be_made),
	GP_TEST(refuses_a_file_of_another_mode),
	GP_TEST(refuses_what_is_no_regular_file),
	GP_TEST(refuses_a_file_of_attempts_that_is_not_its_own),
	GP_TEST(refuses_a_file_without_a_usable_key),
	GP_TEST(refuses_a_file_that_is_too_large),
	GP_TEST(keeps_the_public_keys_of_a_mixed_set),
	GP_TEST(each_url_has_its_own_files),
	GP_TEST(hands_over_the_url_as_it_is),
	{ NULL, NULL },
};
