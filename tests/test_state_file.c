/* SPDX-License-Identifier: Apache-2.0 */
/* One file for any number of workers, whatever was there before and whoever is killed. */
#include "state_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "unit.h"

enum { SIZE = 256 * 1024, LAYOUT = 7, WORKERS = 16 };

/* A directory for one test. */
struct scene {
	char base[256];
	char directory[300];
	char file[400]; /* of the program "p" */
	char problem[512];
};

static void
set_up(struct scene *scene)
{
	const char *directory = getenv("TMPDIR");

	snprintf(scene->base, sizeof(scene->base), "%s/gatepost-state-XXXXXX",
	    directory != NULL && directory[0] != '\0' ? directory : "/tmp");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(scene->base));
	snprintf(scene->directory, sizeof(scene->directory), "%s/state", scene->base);
	snprintf(scene->file, sizeof(scene->file), "%s/p.state", scene->directory);
	CU_ASSERT_EQUAL_FATAL(mkdir(scene->directory, 0700), 0);
}

static void
remove_all(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char name[1024];

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (unlink(name) != 0)
			remove_all(name);
	}
	if (directory != NULL)
		closedir(directory);
	rmdir(path);
}

static void
tear_down(const struct scene *scene)
{
	chmod(scene->directory, 0700);
	remove_all(scene->base);
}

static struct gp_state_file *
open_as(struct scene *scene, uint64_t layout, size_t size)
{
	return gp_state_file_open(
	    scene->directory, "p", layout, size, scene->problem, sizeof(scene->problem));
}

static struct gp_state_file *
open_well(struct scene *scene, uint64_t layout, size_t size)
{
	struct gp_state_file *file = open_as(scene, layout, size);

	gp_test_row("%s", scene->problem);
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_STRING_EQUAL(scene->problem, "");
	CU_ASSERT_EQUAL((uintptr_t)gp_state_file_memory(file) % 64, 0);
	return file;
}

static bool
is_zero(const struct gp_state_file *file, size_t size)
{
	const unsigned char *memory = gp_state_file_memory(file);

	for (size_t i = 0; i < size; i++) {
		if (memory[i] != 0)
			return false;
	}
	return true;
}

static void
starts_at_zero_and_keeps_what_is_written(void)
{
	struct gp_state_file *one, *other;
	struct scene scene;
	struct stat status;

	set_up(&scene);
	one = open_well(&scene, LAYOUT, SIZE);
	CU_ASSERT(is_zero(one, SIZE));
	CU_ASSERT_EQUAL_FATAL(lstat(scene.file, &status), 0);
	CU_ASSERT(S_ISREG(status.st_mode));
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0600);
	CU_ASSERT(status.st_blocks * 512 >= SIZE); /* reserved, not a hole */
	memset(gp_state_file_memory(one), 'a', SIZE);
	other = open_well(&scene, LAYOUT, SIZE);
	CU_ASSERT_EQUAL(memcmp(gp_state_file_memory(one), gp_state_file_memory(other), SIZE), 0);
	strcpy(gp_state_file_memory(other), "written by the other");
	CU_ASSERT_STRING_EQUAL(gp_state_file_memory(one), "written by the other");
	gp_state_file_close(one);
	gp_state_file_close(other);
	one = open_well(&scene, LAYOUT, SIZE);
	CU_ASSERT_STRING_EQUAL(gp_state_file_memory(one), "written by the other");
	gp_state_file_close(one);
	tear_down(&scene);
}

static void
programs_have_files_of_their_own(void)
{
	struct gp_state_file *one, *other;
	struct scene scene;

	set_up(&scene);
	one = open_well(&scene, LAYOUT, 64);
	other = gp_state_file_open(
	    scene.directory, "q", LAYOUT, 64, scene.problem, sizeof(scene.problem));
	CU_ASSERT_PTR_NOT_NULL_FATAL(other);
	strcpy(gp_state_file_memory(one), "one");
	CU_ASSERT(is_zero(other, 64));
	gp_state_file_close(one);
	gp_state_file_close(other);
	tear_down(&scene);
}

static void
another_layout_or_size_gets_a_new_file(void)
{
	static const struct {
		uint64_t layout;
		size_t size;
	} rows[] = { { LAYOUT + 1, SIZE }, { LAYOUT, SIZE + 1 }, { LAYOUT, SIZE / 2 },
		{ UINT64_MAX, 64 } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_state_file *old, *new;
		struct scene scene;

		set_up(&scene);
		old = open_well(&scene, LAYOUT, SIZE);
		strcpy(gp_state_file_memory(old), "old");
		new = open_well(&scene, rows[i].layout, rows[i].size);
		gp_test_row("row %zu", i);
		CU_ASSERT(is_zero(new, rows[i].size));
		/* Who has the old one goes on with it, to its last byte. */
		CU_ASSERT_STRING_EQUAL(gp_state_file_memory(old), "old");
		memset(gp_state_file_memory(old), 'b', SIZE);
		CU_ASSERT(is_zero(new, rows[i].size));
		gp_state_file_close(old);
		gp_state_file_close(new);
		tear_down(&scene);
	}
}

static void
write_file(const struct scene *scene, const char *bytes, size_t length, off_t size)
{
	int fd = open(scene->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, bytes, length), (ssize_t)length);
	CU_ASSERT_EQUAL(ftruncate(fd, size), 0);
	close(fd);
}

/* What one leaves who is killed while filling it, and what is no file of ours. */
static void
replaces_files_that_are_not_complete(void)
{
	static const struct {
		const char *bytes;
		size_t length;
		off_t size;
	} rows[] = { { "", 0, 0 }, { "", 0, 1 }, { "", 0, SIZE / 2 }, { "", 0, SIZE + 64 },
		{ "gatepost state\n\0\x07", 17, SIZE + 64 }, { "text", 4, 4 },
		{ "text", 4, 2 * SIZE } };

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct gp_state_file *file;
		struct scene scene;

		set_up(&scene);
		write_file(&scene, rows[i].bytes, rows[i].length, rows[i].size);
		file = open_well(&scene, LAYOUT, SIZE);
		gp_test_row("row %zu", i);
		CU_ASSERT(is_zero(file, SIZE));
		gp_state_file_close(file);
		tear_down(&scene);
	}
}

/* Refused, in one line with these words. */
static void
expect_refusal(struct scene *scene, const char *words)
{
	struct gp_state_file *file = open_as(scene, LAYOUT, SIZE);

	gp_test_row("%s: %s", words, scene->problem);
	CU_ASSERT_PTR_NULL(file);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene->problem, words));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene->problem, scene->directory));
	CU_ASSERT_PTR_NULL(strchr(scene->problem, '\n'));
	gp_state_file_close(file);
}

static void
refuses_files_that_others_may_use(void)
{
	static const mode_t modes[] = { 0, 0400, 0200, 0700, 0640, 0604, 0660, 0602, 04600 };
	struct stat before, after;

	for (size_t i = 0; i < GP_COUNT(modes); i++) {
		struct scene scene;

		set_up(&scene);
		gp_state_file_close(open_well(&scene, LAYOUT, SIZE));
		CU_ASSERT_EQUAL_FATAL(stat(scene.file, &before), 0);
		CU_ASSERT_EQUAL_FATAL(chmod(scene.file, modes[i]), 0);
		gp_test_row("mode %o", (unsigned)modes[i]);
		/* Only root can open some of them at all. */
		expect_refusal(&scene, geteuid() == 0 ? "mode 0600" : "user of the workers");
		CU_ASSERT_EQUAL(stat(scene.file, &after), 0);
		CU_ASSERT_EQUAL(before.st_ino, after.st_ino);
		tear_down(&scene);
	}
}

static void
make_link(const struct scene *scene)
{
	char target[400];

	snprintf(target, sizeof(target), "%s/target", scene->base);
	CU_ASSERT_EQUAL_FATAL(symlink(target, scene->file), 0);
}

static void
make_second_name(const struct scene *scene)
{
	char name[400];

	snprintf(name, sizeof(name), "%s/name", scene->base);
	write_file(scene, "", 0, 0);
	CU_ASSERT_EQUAL_FATAL(link(scene->file, name), 0);
}

static void
make_directory(const struct scene *scene)
{
	CU_ASSERT_EQUAL_FATAL(mkdir(scene->file, 0600), 0);
}

static void
make_pipe(const struct scene *scene)
{
	CU_ASSERT_EQUAL_FATAL(mkfifo(scene->file, 0600), 0);
}

static void
refuses_what_is_no_plain_file(void)
{
	static void (*const makers[])(
	    const struct scene *) = { make_link, make_second_name, make_directory, make_pipe };

	for (size_t i = 0; i < GP_COUNT(makers); i++) {
		struct scene scene;
		char target[400];

		set_up(&scene);
		makers[i](&scene);
		expect_refusal(&scene, "must be a regular file");
		snprintf(target, sizeof(target), "%s/target", scene.base);
		CU_ASSERT_NOT_EQUAL(access(target, F_OK), 0);
		tear_down(&scene);
	}
}

static void
refuses_files_of_other_users(void)
{
	struct scene scene;

	set_up(&scene);
	if (geteuid() == 0) {
		write_file(&scene, "", 0, 0);
		CU_ASSERT_EQUAL_FATAL(chown(scene.file, 12345, 0), 0);
		expect_refusal(&scene, "user of the workers (id 0)");
		CU_ASSERT_EQUAL_FATAL(chown(scene.directory, 12345, 0), 0);
		expect_refusal(&scene, "belongs to another user");
	} else {
		/* A directory of root's is fine, but we cannot make files in it. */
		snprintf(scene.directory, sizeof(scene.directory), "/usr");
		expect_refusal(&scene, "user of the workers");
		snprintf(scene.directory, sizeof(scene.directory), "%s/state", scene.base);
	}
	tear_down(&scene);
}

static void
refuses_directories_that_others_may_write_in(void)
{
	static const mode_t modes[] = { 0720, 0702, 0770, 0777, 01777 };
	struct gp_state_file *file;
	struct scene scene;

	set_up(&scene);
	for (size_t i = 0; i < GP_COUNT(modes); i++) {
		CU_ASSERT_EQUAL_FATAL(chmod(scene.directory, modes[i]), 0);
		expect_refusal(&scene, "nobody else may write");
		CU_ASSERT_NOT_EQUAL(access(scene.file, F_OK), 0);
	}
	CU_ASSERT_EQUAL_FATAL(chmod(scene.directory, 0755), 0);
	file = open_well(&scene, LAYOUT, SIZE);
	gp_state_file_close(file);
	tear_down(&scene);
}

static void
refuses_what_is_no_directory(void)
{
	char target[300];
	struct scene scene;

	set_up(&scene);
	snprintf(target, sizeof(target), "%s/elsewhere", scene.base);
	CU_ASSERT_EQUAL_FATAL(rename(scene.directory, target), 0);
	expect_refusal(&scene, "No such file or directory");
	CU_ASSERT_EQUAL_FATAL(symlink(target, scene.directory), 0);
	expect_refusal(&scene, "must be a directory");
	CU_ASSERT_EQUAL_FATAL(unlink(scene.directory), 0);
	CU_ASSERT_EQUAL_FATAL(mkfifo(scene.directory, 0700), 0);
	expect_refusal(&scene, "must be a directory");
	CU_ASSERT_EQUAL_FATAL(unlink(scene.directory), 0);
	tear_down(&scene);
}

static void
refuses_names_that_are_none(void)
{
	char long_name[300];
	struct scene scene;

	set_up(&scene);
	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	CU_ASSERT_PTR_NULL(gp_state_file_open(
	    scene.directory, "../p", LAYOUT, SIZE, scene.problem, sizeof(scene.problem)));
	CU_ASSERT_PTR_NULL(gp_state_file_open(
	    scene.directory, long_name, LAYOUT, SIZE, scene.problem, sizeof(scene.problem)));
	tear_down(&scene);
}

/* A limit for the size of files stands in for a disk that is full. */
static bool
open_without_room(unsigned number, void *context)
{
	const struct rlimit limit = { SIZE / 2, SIZE / 2 };
	struct scene *scene = context;

	(void)number;
	signal(SIGXFSZ, SIG_IGN);
	return setrlimit(RLIMIT_FSIZE, &limit) == 0 && open_as(scene, LAYOUT, SIZE) == NULL &&
	       strstr(scene->problem, "it needs 262208 bytes") != NULL &&
	       access(scene->file, F_OK) != 0;
}

static void
a_full_disk_is_noticed_at_once(void)
{
	struct scene scene;

	set_up(&scene);
	CU_ASSERT(gp_test_crowd(1, open_without_room, &scene));
	tear_down(&scene);
}

/* The number that the next descriptor gets: grows when one is left open. */
static int
next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

static void
leaves_no_descriptor_open(void)
{
	int before = next_descriptor();
	struct gp_state_file *file;
	struct scene scene;

	set_up(&scene);
	file = open_well(&scene, LAYOUT, SIZE);
	CU_ASSERT_EQUAL(next_descriptor(), before);
	CU_ASSERT_EQUAL(chmod(scene.file, 0644), 0);
	expect_refusal(&scene, "mode 0600");
	CU_ASSERT_EQUAL(chmod(scene.directory, 0777), 0);
	expect_refusal(&scene, "nobody else may write");
	CU_ASSERT_EQUAL(next_descriptor(), before);
	gp_state_file_close(file);
	tear_down(&scene);
}

/* The lock is for filling it: nobody needs it for a complete one. */
static void
opens_a_complete_file_that_is_locked(void)
{
	struct gp_state_file *file;
	struct scene scene;
	int fd;

	set_up(&scene);
	gp_state_file_close(open_well(&scene, LAYOUT, SIZE));
	fd = open(scene.file, O_RDWR | O_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(flock(fd, LOCK_EX), 0);
	file = open_well(&scene, LAYOUT, SIZE);
	gp_state_file_close(file);
	close(fd);
	tear_down(&scene);
}

/* Many that start at once, round after round. */
struct start {
	struct scene scene;
	struct gp_test_gate gate;
};

enum { ROUNDS = 60 };

/* What a round finds: nothing, an empty file, or one of another layout. */
static bool
prepare(struct scene *scene, unsigned round)
{
	int fd = -1;

	unlink(scene->file);
	if (round % 3 == 1)
		fd = open(scene->file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	if (round % 3 == 2)
		gp_state_file_close(open_as(scene, LAYOUT + 1, SIZE / 2));
	return true;
}

static bool
start_together(unsigned number, void *context)
{
	struct start *start = context;
	struct scene scene = start->scene;
	bool held = true;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct gp_state_file *file;
		atomic_uint *count;

		if (number == 0)
			prepare(&scene, round);
		gp_test_gate_pass(&start->gate, WORKERS);
		file = open_as(&scene, LAYOUT, SIZE);
		count = file != NULL ? gp_state_file_memory(file) : NULL;
		if (count != NULL)
			atomic_fetch_add(count, 1);
		gp_test_gate_pass(&start->gate, WORKERS);
		held = held && count != NULL && atomic_load(count) == WORKERS;
		gp_test_gate_pass(&start->gate, WORKERS);
		gp_state_file_close(file);
	}
	return held;
}

static void
all_that_start_at_once_share_one_file(void)
{
	struct start *start = gp_test_share(sizeof(*start));

	CU_ASSERT_PTR_NOT_NULL_FATAL(start);
	set_up(&start->scene);
	CU_ASSERT(gp_test_crowd(WORKERS, start_together, start));
	tear_down(&start->scene);
	gp_test_unshare(start, sizeof(*start));
}

/* Two versions that take the name from each other: nobody is left without a file. */
static bool
replace_each_other(unsigned number, void *context)
{
	struct scene scene = *(struct scene *)context;

	for (int i = 0; i < 200; i++) {
		struct gp_state_file *file = open_as(&scene, LAYOUT + number % 2, SIZE);

		if (file == NULL)
			return false;
		memset(gp_state_file_memory(file), (int)number, SIZE);
		gp_state_file_close(file);
	}
	return true;
}

static void
two_versions_can_run_at_once(void)
{
	struct scene scene;

	set_up(&scene);
	CU_ASSERT(gp_test_crowd(4, replace_each_other, &scene));
	tear_down(&scene);
}

/* A child that makes files until it is killed, after so many microseconds. */
static void
kill_a_maker(struct scene *scene, long after_us)
{
	const struct timespec pause = { .tv_nsec = after_us * 1000 };
	pid_t child = fork();

	if (child == 0) {
		alarm(60);
		for (uint64_t layout = 100;; layout++)
			gp_state_file_close(open_as(scene, layout, SIZE));
	}
	CU_ASSERT_FATAL(child > 0);
	nanosleep(&pause, NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
whoever_is_killed_leaves_no_trouble(void)
{
	struct scene scene;

	set_up(&scene);
	for (long i = 0; i < 60; i++) {
		struct gp_state_file *file;

		kill_a_maker(&scene, 500 + i * 37);
		file = open_well(&scene, LAYOUT, SIZE);
		CU_ASSERT(is_zero(file, SIZE));
		gp_state_file_close(file);
	}
	tear_down(&scene);
}

static void
no_directory_means_memory_of_ones_own(void)
{
	struct gp_state_file *one, *other;
	char problem[64];

	one = gp_state_file_open(NULL, "p", LAYOUT, SIZE, problem, sizeof(problem));
	other = gp_state_file_open(NULL, "p", LAYOUT, SIZE, problem, sizeof(problem));
	CU_ASSERT_PTR_NOT_NULL_FATAL(one);
	CU_ASSERT_PTR_NOT_NULL_FATAL(other);
	CU_ASSERT_EQUAL((uintptr_t)gp_state_file_memory(one) % 64, 0);
	CU_ASSERT(is_zero(one, SIZE));
	memset(gp_state_file_memory(one), 'c', SIZE);
	CU_ASSERT(is_zero(other, SIZE));
	gp_state_file_close(one);
	gp_state_file_close(other);
	gp_state_file_close(NULL);
}

const struct gp_test gp_tests_state_file[] = {
	GP_TEST(starts_at_zero_and_keeps_what_is_written),
	GP_TEST(programs_have_files_of_their_own),
	GP_TEST(another_layout_or_size_gets_a_new_file),
	GP_TEST(replaces_files_that_are_not_complete),
	GP_TEST(refuses_files_that_others_may_use),
	GP_TEST(refuses_what_is_no_plain_file),
	GP_TEST(refuses_files_of_other_users),
	GP_TEST(refuses_directories_that_others_may_write_in),
	GP_TEST(refuses_what_is_no_directory),
	GP_TEST(refuses_names_that_are_none),
	GP_TEST(a_full_disk_is_noticed_at_once),
	GP_TEST(leaves_no_descriptor_open),
	GP_TEST(opens_a_complete_file_that_is_locked),
	GP_TEST(all_that_start_at_once_share_one_file),
	GP_TEST(two_versions_can_run_at_once),
	GP_TEST(whoever_is_killed_leaves_no_trouble),
	GP_TEST(no_directory_means_memory_of_ones_own),
	{ NULL, NULL },
};
