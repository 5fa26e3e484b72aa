/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that contend for slots: never too many hold one, and none is lost with its holder. */
#include "slots.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crowd.h"
#include "scratch.h"
#include "unit.h"

enum { SLOTS = 3, WORKERS = SLOTS + 1, ROUNDS = 60, PATIENCE_MS = 30000 };

/* In shared memory. */
struct scene {
	struct gp_test_directory directory;
	struct gp_test_gate gate;
	atomic_uint holders, most, takes;
	atomic_bool held;
};

static struct scene *
set_up(void)
{
	struct scene *scene = gp_test_share(sizeof(*scene));

	CU_ASSERT_PTR_NOT_NULL_FATAL(scene);
	CU_ASSERT_FATAL(gp_test_directory_make(&scene->directory));
	return scene;
}

static void
tear_down(struct scene *scene)
{
	gp_test_directory_remove(&scene->directory);
	gp_test_unshare(scene, sizeof(*scene));
}

static struct gp_slots *
open_slots(const struct scene *scene, unsigned count)
{
	char problem[5000];

	return gp_slots_open(scene->directory.path, "p", count, problem, sizeof(problem));
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
sleep_ms(long ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Count those who hold a slot, and remember the most there were. */
static void
count_in(struct scene *scene)
{
	unsigned holders = atomic_fetch_add(&scene->holders, 1) + 1;
	unsigned most = atomic_load(&scene->most);

	while (holders > most && !atomic_compare_exchange_weak(&scene->most, &most, holders))
		;
	atomic_fetch_add(&scene->takes, 1);
}

static bool
contend(unsigned number, void *context)
{
	struct scene *scene = context;
	struct gp_slots *slots = open_slots(scene, SLOTS);
	bool taken = slots != NULL;

	(void)number;
	gp_test_gate_pass(&scene->gate, WORKERS);
	for (int round = 0; taken && round < ROUNDS; round++) {
		taken = gp_slots_take(slots, PATIENCE_MS);
		if (!taken)
			break;
		count_in(scene);
		sleep_ms(2);
		atomic_fetch_sub(&scene->holders, 1);
		gp_slots_give(slots);
	}
	gp_slots_close(slots);
	return taken;
}

static void
lets_in_so_many_at_once_and_no_more(void)
{
	struct scene *scene = set_up();

	CU_ASSERT(gp_test_crowd(WORKERS, contend, scene));
	CU_ASSERT_EQUAL(atomic_load(&scene->takes), WORKERS * ROUNDS);
	gp_test_row("most: %u", atomic_load(&scene->most));
	CU_ASSERT_EQUAL(atomic_load(&scene->most), SLOTS);
	tear_down(scene);
}

/* All hold at once, or find nothing free, before anybody gives anything back. */
static bool
take_once(unsigned number, void *context)
{
	struct scene *scene = context;
	struct gp_slots *slots = open_slots(scene, SLOTS);

	(void)number;
	if (slots != NULL && gp_slots_take(slots, 0))
		count_in(scene);
	gp_test_gate_pass(&scene->gate, WORKERS);
	gp_slots_close(slots);
	return slots != NULL;
}

static void
gives_each_slot_to_one(void)
{
	for (int i = 0; i < 20; i++) {
		struct scene *scene = set_up();

		CU_ASSERT(gp_test_crowd(WORKERS, take_once, scene));
		CU_ASSERT_EQUAL(atomic_load(&scene->takes), SLOTS);
		tear_down(scene);
	}
}

/* A child that holds a slot, until it is killed or for so long; 0 for one that could not. */
static pid_t
start_holder(struct scene *scene, unsigned count, long hold_ms)
{
	pid_t child;

	atomic_store(&scene->held, false);
	child = fork();
	if (child == 0) {
		struct gp_slots *slots = open_slots(scene, count);

		alarm(60);
		if (slots == NULL || !gp_slots_take(slots, 0))
			_exit(1);
		atomic_store(&scene->held, true);
		sleep_ms(hold_ms);
		gp_slots_give(slots);
		gp_slots_close(slots);
		_exit(0);
	}
	CU_ASSERT_FATAL(child > 0);
	for (int i = 0; i < 10000 && !atomic_load(&scene->held); i++)
		sleep_ms(1);
	CU_ASSERT_FATAL(atomic_load(&scene->held));
	return child;
}

static void
end_child(pid_t child)
{
	kill(child, SIGKILL);
	CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
}

static void
frees_the_slot_of_one_that_was_killed(void)
{
	struct scene *scene = set_up();
	struct gp_slots *slots = open_slots(scene, 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(slots);
	for (int i = 0; i < 10; i++) {
		pid_t child = start_holder(scene, 1, 50000);

		CU_ASSERT_FALSE(gp_slots_take(slots, 0));
		end_child(child);
		CU_ASSERT(gp_slots_take(slots, 0));
		gp_slots_give(slots);
	}
	gp_slots_close(slots);
	tear_down(scene);
}

/* The lower bound is exact; the upper one has room for a machine with other work. */
static void
waits_no_longer_than_it_may(void)
{
	static const int64_t waits_ms[] = { -1, 0, 1, 20, 200, INT64_MIN };
	struct scene *scene = set_up();
	struct gp_slots *slots = open_slots(scene, 1);
	pid_t child = start_holder(scene, 1, 50000);

	CU_ASSERT_PTR_NOT_NULL_FATAL(slots);
	for (size_t i = 0; i < GP_COUNT(waits_ms); i++) {
		int64_t began_ms = now_ms(), took_ms;

		CU_ASSERT_FALSE(gp_slots_take(slots, waits_ms[i]));
		took_ms = now_ms() - began_ms;
		gp_test_row("%lld ms took %lld", (long long)waits_ms[i], (long long)took_ms);
		CU_ASSERT(took_ms >= waits_ms[i]);
		CU_ASSERT(took_ms < (waits_ms[i] > 0 ? waits_ms[i] : 0) + 2000);
	}
	end_child(child);
	gp_slots_close(slots);
	tear_down(scene);
}

static void
gets_a_slot_that_becomes_free_meanwhile(void)
{
	struct scene *scene = set_up();
	struct gp_slots *slots = open_slots(scene, 1);
	pid_t child = start_holder(scene, 1, 100);
	int64_t began_ms = now_ms();

	CU_ASSERT_PTR_NOT_NULL_FATAL(slots);
	CU_ASSERT(gp_slots_take(slots, PATIENCE_MS));
	CU_ASSERT(now_ms() - began_ms < PATIENCE_MS / 2);
	gp_slots_close(slots);
	end_child(child);
	tear_down(scene);
}

static void
do_nothing(int number)
{
	(void)number;
}

/* A child that sends us a signal every millisecond, until it is killed. */
static pid_t
start_signaller(void)
{
	const pid_t parent = getpid();
	pid_t child = fork();

	if (child == 0) {
		alarm(60);
		while (getppid() == parent && kill(parent, SIGUSR1) == 0)
			sleep_ms(1);
		_exit(1);
	}
	CU_ASSERT_FATAL(child > 0);
	return child;
}

/* Signals end every pause early, and nothing else. */
static void
is_not_misled_by_signals(void)
{
	/* It stays: the last signal may arrive late, and nobody else has a use for this one. */
	const struct sigaction action = { .sa_handler = do_nothing };
	struct scene *scene = set_up();
	struct gp_slots *slots = open_slots(scene, 1);
	pid_t holder = start_holder(scene, 1, 50000), signaller;
	int64_t began_ms;

	CU_ASSERT_PTR_NOT_NULL_FATAL(slots);
	CU_ASSERT_EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
	signaller = start_signaller();
	began_ms = now_ms();
	CU_ASSERT_FALSE(gp_slots_take(slots, 100));
	CU_ASSERT(now_ms() - began_ms >= 100);
	end_child(signaller);
	end_child(holder);
	CU_ASSERT(gp_slots_take(slots, 0));
	gp_slots_close(slots);
	tear_down(scene);
}

/* Whether a child that inherits open slots finds all of them taken; it closes what it has. */
static bool
child_is_refused(const struct scene *scene, struct gp_slots *inherited)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		struct gp_slots *own = open_slots(scene, 1);
		bool refused = own != NULL && !gp_slots_take(own, 0);

		gp_slots_close(own);
		gp_slots_close(inherited);
		_exit(refused ? 0 : 1);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* What a child does with its copy is no matter of ours: the second still finds it taken. */
static void
children_hold_nothing_and_release_nothing(void)
{
	struct scene *scene = set_up();
	struct gp_slots *slots = open_slots(scene, 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(slots);
	CU_ASSERT(gp_slots_take(slots, 0));
	CU_ASSERT(child_is_refused(scene, slots));
	CU_ASSERT(child_is_refused(scene, slots));
	gp_slots_give(slots);
	CU_ASSERT_FALSE(child_is_refused(scene, slots));
	gp_slots_close(slots);
	tear_down(scene);
}

static void
one_process_holds_one_slot(void)
{
	struct scene *scene = set_up();
	struct gp_slots *slots = open_slots(scene, SLOTS);

	CU_ASSERT_PTR_NOT_NULL_FATAL(slots);
	gp_slots_give(slots); /* none */
	CU_ASSERT(gp_slots_take(slots, 0));
	CU_ASSERT_FALSE(gp_slots_take(slots, PATIENCE_MS));
	gp_slots_give(slots);
	CU_ASSERT(gp_slots_take(slots, 0));
	gp_slots_close(slots);
	gp_slots_close(NULL);
	tear_down(scene);
}

static void
names_what_is_wrong(void)
{
	struct scene *scene = set_up();
	const char *directory = scene->directory.path;
	char problem[5000], file[4200];
	struct gp_slots *slots;
	struct stat status;

	CU_ASSERT_PTR_NULL(gp_slots_open(directory, "p", 0, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "one slot at least"));
	CU_ASSERT_PTR_NULL(gp_slots_open(directory, "a/b", 1, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "no name for a file"));
	CU_ASSERT_EQUAL(chmod(directory, 0777), 0);
	CU_ASSERT_PTR_NULL(gp_slots_open(directory, "p", 1, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "nobody else may write"));
	CU_ASSERT_EQUAL(chmod(directory, 0700), 0);
	slots = gp_slots_open(directory, "p", 1, problem, sizeof(problem));
	CU_ASSERT_PTR_NOT_NULL(slots);
	CU_ASSERT_STRING_EQUAL(problem, "");
	gp_slots_close(slots);
	snprintf(file, sizeof(file), "%s/p.slots", directory);
	CU_ASSERT_EQUAL(stat(file, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0600);
	CU_ASSERT_EQUAL(chmod(file, 0666), 0);
	CU_ASSERT_PTR_NULL(gp_slots_open(directory, "p", 1, problem, sizeof(problem)));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, "mode 0600"));
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, file));
	tear_down(scene);
}

const struct gp_test gp_tests_slots[] = {
	GP_TEST(lets_in_so_many_at_once_and_no_more),
	GP_TEST(gives_each_slot_to_one),
	GP_TEST(frees_the_slot_of_one_that_was_killed),
	GP_TEST(waits_no_longer_than_it_may),
	GP_TEST(gets_a_slot_that_becomes_free_meanwhile),
	GP_TEST(is_not_misled_by_signals),
	GP_TEST(children_hold_nothing_and_release_nothing),
	GP_TEST(one_process_holds_one_slot),
	GP_TEST(names_what_is_wrong),
	{ NULL, NULL },
};
