/* SPDX-License-Identifier: Apache-2.0 */
/* Forks, waits, and lets nobody wait forever. */
#include "crowd.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

enum { PROCESSES_MAX = 32, LIMIT_S = 60 };

void *
gp_test_share(size_t size)
{
	struct gp_test_file file;
	void *memory = MAP_FAILED;
	int fd;

	if (!gp_test_file_make(&file, "", 0))
		return NULL;
	fd = open(file.path, O_RDWR | O_CLOEXEC);
	if (fd >= 0 && ftruncate(fd, (off_t)size) == 0)
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	gp_test_file_remove(&file);
	return memory != MAP_FAILED ? memory : NULL;
}

void
gp_test_unshare(void *memory, size_t size)
{
	munmap(memory, size);
}

bool
gp_test_crowd(unsigned processes, bool (*run)(unsigned number, void *context), void *context)
{
	pid_t children[PROCESSES_MAX];
	bool all = processes <= PROCESSES_MAX;
	unsigned started = 0;

	for (; all && started < processes; started++) {
		children[started] = fork();
		if (children[started] == 0) {
			alarm(LIMIT_S);
			_exit(run(started, context) ? 0 : 1);
		}
		if (children[started] < 0)
			break;
	}
	all = all && started == processes;
	for (unsigned i = 0; i < started; i++) {
		int status = 0;

		if (waitpid(children[i], &status, 0) != children[i] || !WIFEXITED(status) ||
		    WEXITSTATUS(status) != 0)
			all = false;
	}
	return all;
}

void
gp_test_gate_pass(struct gp_test_gate *gate, unsigned processes)
{
	unsigned place = atomic_fetch_add(&gate->arrived, 1);
	unsigned wanted = (place / processes + 1) * processes;

	while (atomic_load(&gate->arrived) < wanted)
		sched_yield();
}
