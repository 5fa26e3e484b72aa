/* SPDX-License-Identifier: Apache-2.0 */
/* Whose files and directories are used; what a refusal looks like in full is in state_file's. */
#include "private_place.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "scratch.h"
#include "unit.h"

struct scene {
	struct gp_test_directory directory;
	char file[4200]; /* of the name "p" and the kind "test" */
	char problem[5000];
	struct gp_private_place place;
};

static bool
open_place(struct scene *scene)
{
	return gp_private_place_open(&scene->place, scene->directory.path, "p", "test",
	    scene->problem, sizeof(scene->problem));
}

static void
set_up(struct scene *scene)
{
	memset(scene, 0, sizeof(*scene));
	CU_ASSERT_FATAL(gp_test_directory_make(&scene->directory));
	snprintf(scene->file, sizeof(scene->file), "%s/p.test", scene->directory.path);
}

static void
tear_down(struct scene *scene)
{
	gp_private_place_close(&scene->place);
	gp_test_directory_remove(&scene->directory);
}

static void
makes_a_file_for_its_user_alone(void)
{
	struct scene scene;
	struct stat status;
	mode_t before;
	int fd;

	set_up(&scene);
	before = umask(0);
	CU_ASSERT_FATAL(open_place(&scene));
	CU_ASSERT_NOT_EQUAL(access(scene.file, F_OK), 0);
	fd = gp_private_place_open_file(&scene.place);
	umask(before);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(gp_private_place_judge(&scene.place, fd), GP_PRIVATE_FILE_OURS);
	CU_ASSERT_EQUAL(lstat(scene.file, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0600);
	CU_ASSERT_EQUAL(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	CU_ASSERT_EQUAL(fcntl(scene.place.directory, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	CU_ASSERT_STRING_EQUAL(scene.problem, "");
	close(fd);
	tear_down(&scene);
}

static void
notices_that_a_file_is_gone(void)
{
	struct scene scene;
	int fd;

	set_up(&scene);
	CU_ASSERT_FATAL(open_place(&scene));
	fd = gp_private_place_open_file(&scene.place);
	CU_ASSERT_EQUAL(unlink(scene.file), 0);
	CU_ASSERT_EQUAL(gp_private_place_judge(&scene.place, fd), GP_PRIVATE_FILE_GONE);
	CU_ASSERT_STRING_EQUAL(scene.problem, "");
	close(fd);
	tear_down(&scene);
}

static void
refuses_a_file_that_others_may_use(void)
{
	static const mode_t modes[] = { 0604, 0620, 0700, 04600 };

	for (size_t i = 0; i < GP_COUNT(modes); i++) {
		struct scene scene;
		int fd;

		set_up(&scene);
		CU_ASSERT_FATAL(open_place(&scene));
		fd = gp_private_place_open_file(&scene.place);
		CU_ASSERT_EQUAL(chmod(scene.file, modes[i]), 0);
		gp_test_row("mode %o", (unsigned)modes[i]);
		CU_ASSERT_EQUAL(gp_private_place_judge(&scene.place, fd), GP_PRIVATE_FILE_REFUSED);
		CU_ASSERT_PTR_NOT_NULL(strstr(scene.problem, "mode 0600"));
		CU_ASSERT_PTR_NOT_NULL(strstr(scene.problem, scene.file));
		close(fd);
		tear_down(&scene);
	}
}

static void
follows_no_link(void)
{
	struct scene scene;

	set_up(&scene);
	CU_ASSERT_FATAL(open_place(&scene));
	CU_ASSERT_EQUAL(symlink("target", scene.file), 0);
	CU_ASSERT_EQUAL(gp_private_place_open_file(&scene.place), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.problem, "must be a regular file"));
	tear_down(&scene);
}

static void
refuses_a_directory_that_others_may_write_in(void)
{
	static const mode_t modes[] = { 0720, 0702, 01777 };
	struct scene scene;

	set_up(&scene);
	for (size_t i = 0; i < GP_COUNT(modes); i++) {
		CU_ASSERT_EQUAL(chmod(scene.directory.path, modes[i]), 0);
		gp_test_row("mode %o", (unsigned)modes[i]);
		CU_ASSERT_FALSE(open_place(&scene));
		CU_ASSERT_PTR_NOT_NULL(strstr(scene.problem, "nobody else may write"));
	}
	CU_ASSERT_EQUAL(chmod(scene.directory.path, 0755), 0);
	CU_ASSERT(open_place(&scene));
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
	CU_ASSERT_FALSE(gp_private_place_open(&scene.place, scene.directory.path, "../p", "test",
	    scene.problem, sizeof(scene.problem)));
	CU_ASSERT_FALSE(gp_private_place_open(&scene.place, scene.directory.path, long_name, "test",
	    scene.problem, sizeof(scene.problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.problem, "no name for a file"));
	tear_down(&scene);
}

const struct gp_test gp_tests_private_place[] = {
	GP_TEST(makes_a_file_for_its_user_alone),
	GP_TEST(notices_that_a_file_is_gone),
	GP_TEST(refuses_a_file_that_others_may_use),
	GP_TEST(follows_no_link),
	GP_TEST(refuses_a_directory_that_others_may_write_in),
	GP_TEST(refuses_names_that_are_none),
	{ NULL, NULL },
};
