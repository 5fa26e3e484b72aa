/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses good and bad, what may lie at the path of a socket, and sockets that systemd opened. */
#include "listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "unit.h"

#define NO_ADDRESS "NOTIFY_LISTEN: not an address and port such as 127.0.0.1:9002, [::1]:9002 or "
#define NO_ADDRESS_END "/run/gatepost/notify.sock"

#define ZEROES "0000000000000000000000000000000000000000"
#define LONG_ADDRESS ZEROES ZEROES ZEROES "127.0.0.1:9002"

struct scene {
	struct gp_test_directory directory;
	char where[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char path[108];
	char problem[400];
};

static void
set_up(struct scene *scene)
{
	int length;

	memset(scene, 0, sizeof(*scene));
	memset(scene->path, 'x', sizeof(scene->path));
	CU_ASSERT_FATAL(gp_test_directory_make(&scene->directory));
	length = snprintf(
	    scene->where, sizeof(scene->where), "%.90s/notify.sock", scene->directory.path);
	CU_ASSERT_FATAL(length > 0 && strlen(scene->directory.path) <= 90);
}

static void
tear_down(struct scene *scene)
{
	gp_test_directory_remove(&scene->directory);
}

static int
open_at(struct scene *scene, const char *where)
{
	return gp_listener_open(where, scene->path, scene->problem, sizeof(scene->problem));
}

static bool
listens(int descriptor)
{
	int answer = 0;
	socklen_t size = sizeof(answer);

	return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0 && answer;
}

static void
expect_manners(int descriptor)
{
	CU_ASSERT_TRUE(listens(descriptor));
	CU_ASSERT_TRUE((fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
	CU_ASSERT_TRUE((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
}

/* --- addresses --- */

/* A port of this address that was free just now; the setting has no way to ask for any. */
static int
free_port(const char *host, int family)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	const bool is_four = family == AF_INET;
	struct sockaddr *address = is_four ? (struct sockaddr *)&four : (struct sockaddr *)&six;
	socklen_t size = is_four ? sizeof(four) : sizeof(six);
	int descriptor = socket(family, SOCK_STREAM, 0);

	CU_ASSERT_EQUAL_FATAL(
	    inet_pton(family, host, is_four ? (void *)&four.sin_addr : (void *)&six.sin6_addr), 1);
	CU_ASSERT_EQUAL_FATAL(bind(descriptor, address, size), 0);
	CU_ASSERT_EQUAL_FATAL(getsockname(descriptor, address, &size), 0);
	close(descriptor);
	return ntohs(is_four ? four.sin_port : six.sin6_port);
}

/* Where nobody else is, for tests of something else. */
static const char *
some_address(char where[32])
{
	snprintf(where, 32, "127.0.0.1:%d", free_port("127.0.0.1", AF_INET));
	return where;
}

static void
listens_at_addresses(void)
{
	static const struct {
		const char *host, *address;
		int family;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1", AF_INET },
		{ "127.9.8.7", "127.9.8.7", AF_INET },
		{ "0.0.0.0", "0.0.0.0", AF_INET },
		{ "[::1]", "::1", AF_INET6 },
		{ "[0:0::0:1]", "::1", AF_INET6 },
		{ "[127.0.0.1]", "127.0.0.1", AF_INET },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct scene scene = { .problem = "" };
		struct sockaddr_storage bound = { .ss_family = AF_UNSPEC };
		socklen_t size = sizeof(bound);
		char name[INET6_ADDRSTRLEN] = "", where[64];
		int port = free_port(rows[i].address, rows[i].family), descriptor;

		snprintf(where, sizeof(where), "%s:%d", rows[i].host, port);
		descriptor = open_at(&scene, where);
		gp_test_row("%s: %s", where, scene.problem);
		CU_ASSERT_FATAL(descriptor >= 0);
		expect_manners(descriptor);
		CU_ASSERT_STRING_EQUAL(scene.path, "");
		CU_ASSERT_EQUAL(getsockname(descriptor, (struct sockaddr *)&bound, &size), 0);
		CU_ASSERT_EQUAL_FATAL(bound.ss_family, rows[i].family);
		inet_ntop(rows[i].family,
		    rows[i].family == AF_INET
			? (const void *)&((struct sockaddr_in *)&bound)->sin_addr
			: (const void *)&((struct sockaddr_in6 *)&bound)->sin6_addr,
		    name, sizeof(name));
		CU_ASSERT_STRING_EQUAL(name, rows[i].address);
		CU_ASSERT_EQUAL(
		    ntohs(rows[i].family == AF_INET ? ((struct sockaddr_in *)&bound)->sin_port
						    : ((struct sockaddr_in6 *)&bound)->sin6_port),
		    port);
		close(descriptor);
	}
}

static void
refuses_what_is_no_address(void)
{
	static const char *const rows[] = {
		"",
		":",
		":9002",
		"9002",
		"127.0.0.1",
		"127.0.0.1:",
		"[::1]:",
		"[::1]",
		"[]:9002",
		"::1:9002",
		"::1",
		"[::1:9002",
		"::1]:9002",
		"[::1]9002",
		"[::1] :9002",
		"[[::1]]:9002",
		"localhost:9002",
		"tasks.example.com:9002",
		"127.0.0.256:9002",
		"127.0.0.1.1:9002",
		" 127.0.0.1:9002",
		"127.0.0.1:9002 ",
		"127.0.0.1 :9002",
		"127.0.0.1:http",
		/* What the C library makes other ports of. */
		"127.0.0.1:0",
		"127.0.0.1:09002",
		"127.0.0.1:65536",
		"127.0.0.1:74538",
		"127.0.0.1:-1",
		"127.0.0.1:+0",
		"127.0.0.1: 0",
		"127.0.0.1:0x0",
		"127.0.0.1:000000",
		"127.0.0.1:4294967296",
		"127.0.0.1:18446744073709551616",
		"http://127.0.0.1:9002",
		"notify.sock",
		"./notify.sock",
		"unix:/run/gatepost/notify.sock",
		LONG_ADDRESS,
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		struct scene scene = { .problem = "" };

		gp_test_row("\"%s\"", rows[i]);
		CU_ASSERT_EQUAL(open_at(&scene, rows[i]), -1);
		CU_ASSERT_STRING_EQUAL(scene.problem, NO_ADDRESS NO_ADDRESS_END);
		CU_ASSERT_STRING_EQUAL(scene.path, "");
	}
}

static void
says_that_a_port_is_in_use(void)
{
	struct scene scene = { .problem = "" };
	char where[32], expected[100];
	int first = open_at(&scene, some_address(where));

	CU_ASSERT_FATAL(first >= 0);
	snprintf(expected, sizeof(expected), "NOTIFY_LISTEN: %s: Address already in use", where);
	CU_ASSERT_EQUAL(open_at(&scene, where), -1);
	CU_ASSERT_STRING_EQUAL(scene.problem, expected);
	close(first);
}

/* --- paths --- */

static struct sockaddr_un
address_of(const struct scene *scene)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memcpy(address.sun_path, scene->where, sizeof(address.sun_path));
	return address;
}

/* A socket that somebody else has bound there. */
static int
bind_other(const struct scene *scene, int type)
{
	const struct sockaddr_un address = address_of(scene);
	int descriptor = socket(AF_UNIX, type, 0);

	CU_ASSERT_FATAL(descriptor >= 0);
	CU_ASSERT_EQUAL_FATAL(
	    bind(descriptor, (const struct sockaddr *)&address, sizeof(address)), 0);
	return descriptor;
}

static bool
can_connect(const struct scene *scene)
{
	const struct sockaddr_un address = address_of(scene);
	int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
	bool connected =
	    connect(descriptor, (const struct sockaddr *)&address, sizeof(address)) == 0;

	close(descriptor);
	return connected;
}

static void
makes_a_socket_for_user_and_group(void)
{
	static const mode_t masks[] = { 0, 022, 077, 0777 };

	for (size_t i = 0; i < GP_COUNT(masks); i++) {
		struct scene scene;
		struct stat status;
		mode_t before;
		int descriptor;

		set_up(&scene);
		gp_test_row("umask %03o", (unsigned)masks[i]);
		before = umask(masks[i]);
		descriptor = open_at(&scene, scene.where);
		CU_ASSERT_EQUAL(umask(before), masks[i]);
		CU_ASSERT_FATAL(descriptor >= 0);
		expect_manners(descriptor);
		CU_ASSERT_STRING_EQUAL(scene.path, scene.where);
		CU_ASSERT_EQUAL(lstat(scene.where, &status), 0);
		CU_ASSERT_TRUE(S_ISSOCK(status.st_mode));
		CU_ASSERT_EQUAL(status.st_mode & 07777, 0660);
		CU_ASSERT_TRUE(can_connect(&scene));
		close(descriptor);
		tear_down(&scene);
	}
}

static void
replaces_a_socket_that_nobody_is_left_at(void)
{
	struct scene scene;
	int descriptor;

	set_up(&scene);
	close(bind_other(&scene, SOCK_STREAM));
	CU_ASSERT_FALSE(can_connect(&scene));
	descriptor = open_at(&scene, scene.where);
	CU_ASSERT_FATAL(descriptor >= 0);
	CU_ASSERT_TRUE(can_connect(&scene));
	close(descriptor);
	/* Our own of the last time is such a one, too. */
	descriptor = open_at(&scene, scene.where);
	CU_ASSERT_TRUE(descriptor >= 0);
	close(descriptor);
	tear_down(&scene);
}

static void
expect_in_use(struct scene *scene)
{
	char expected[400];

	snprintf(expected, sizeof(expected), "NOTIFY_LISTEN: %s is in use", scene->where);
	CU_ASSERT_EQUAL(open_at(scene, scene->where), -1);
	CU_ASSERT_STRING_EQUAL(scene->problem, expected);
	CU_ASSERT_STRING_EQUAL(scene->path, "");
}

static void
leaves_a_socket_that_is_in_use(void)
{
	struct scene scene;
	struct stat before, after;
	int other;

	set_up(&scene);
	other = bind_other(&scene, SOCK_STREAM);
	CU_ASSERT_EQUAL(listen(other, 1), 0);
	CU_ASSERT_EQUAL(lstat(scene.where, &before), 0);
	/* Also when its queue is full, for which nobody is waited. */
	for (int i = 0; i < 5; i++)
		expect_in_use(&scene);
	CU_ASSERT_EQUAL(lstat(scene.where, &after), 0);
	CU_ASSERT_EQUAL(before.st_ino, after.st_ino);
	close(other);
	tear_down(&scene);
}

static void
leaves_a_socket_of_another_kind(void)
{
	struct scene scene;
	int other;

	set_up(&scene);
	other = bind_other(&scene, SOCK_DGRAM);
	expect_in_use(&scene);
	CU_ASSERT_EQUAL(access(scene.where, F_OK), 0);
	close(other);
	tear_down(&scene);
}

static void
leaves_what_is_no_socket(void)
{
	enum { FILE_THERE, LINK_THERE, LINK_TO_NOTHING, KINDS };

	for (int kind = 0; kind < KINDS; kind++) {
		struct scene scene;
		struct stat status;
		FILE *file;

		set_up(&scene);
		gp_test_row("kind %d", kind);
		if (kind == FILE_THERE) {
			file = fopen(scene.where, "w");
			CU_ASSERT_PTR_NOT_NULL_FATAL(file);
			fclose(file);
		} else {
			CU_ASSERT_EQUAL(symlink(kind == LINK_THERE ? scene.directory.path
								   : "/nonexistent/socket",
					    scene.where),
			    0);
		}
		expect_in_use(&scene);
		CU_ASSERT_EQUAL(lstat(scene.where, &status), 0);
		CU_ASSERT_FALSE(S_ISSOCK(status.st_mode));
		tear_down(&scene);
	}
}

static void
says_what_is_wrong_with_a_path(void)
{
	struct scene scene = { .problem = "" };
	char where[200];

	CU_ASSERT_EQUAL(open_at(&scene, "/nonexistent/notify.sock"), -1);
	CU_ASSERT_STRING_EQUAL(
	    scene.problem, "NOTIFY_LISTEN: /nonexistent/notify.sock: No such file or directory");
	memset(where, 'x', sizeof(where));
	where[0] = '/';
	where[108] = '\0';
	CU_ASSERT_EQUAL(open_at(&scene, where), -1);
	CU_ASSERT_STRING_EQUAL(
	    scene.problem, "NOTIFY_LISTEN: a path of a socket has at most 107 bytes");
	/* One byte less is only not there, or not allowed. */
	memcpy(where, "/nonexistent/", strlen("/nonexistent/"));
	where[107] = '\0';
	CU_ASSERT_EQUAL(open_at(&scene, where), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.problem, ": No such file or directory"));
	CU_ASSERT_STRING_EQUAL(scene.path, "");
}

/* --- sockets that systemd opened: they are descriptor 3, which only a child can have free --- */

enum handed { NOTHING, A_LISTENER, A_SOCKET, A_FILE };

static void
put_at_three(enum handed handed)
{
	int descriptor = -1;

	close(3);
	if (handed == A_FILE)
		descriptor = open("/dev/null", O_RDWR);
	else if (handed != NOTHING)
		descriptor = socket(AF_INET, SOCK_STREAM, 0);
	if (handed == A_LISTENER)
		(void)listen(descriptor, 1);
	if (descriptor >= 0 && descriptor != 3) {
		dup2(descriptor, 3);
		close(descriptor);
	}
}

/* What the child finds: the descriptor, whether it has a path, and what it says. */
struct finding {
	int descriptor;
	bool has_manners;
	char path[108];
	char problem[400];
};

static struct finding
find_in_child(enum handed handed, const char *pid, const char *count, const char *where)
{
	struct finding finding = { .descriptor = -2 };
	int ends[2], status = -1;
	pid_t child;

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (child == 0) {
		char own[24];
		int out = fcntl(ends[1], F_DUPFD, 100);

		snprintf(own, sizeof(own), "%ld", (long)getpid());
		if (pid != NULL)
			setenv("LISTEN_PID", strcmp(pid, "own") == 0 ? own : pid, 1);
		if (count != NULL)
			setenv("LISTEN_FDS", count, 1);
		put_at_three(handed);
		finding.descriptor =
		    gp_listener_open(where, finding.path, finding.problem, sizeof(finding.problem));
		finding.has_manners = finding.descriptor >= 0 && listens(finding.descriptor) &&
				      (fcntl(finding.descriptor, F_GETFL) & O_NONBLOCK) != 0 &&
				      (fcntl(finding.descriptor, F_GETFD) & FD_CLOEXEC) != 0;
		_exit(write(out, &finding, sizeof(finding)) != (ssize_t)sizeof(finding));
	}
	close(ends[1]);
	CU_ASSERT_EQUAL(read(ends[0], &finding, sizeof(finding)), (ssize_t)sizeof(finding));
	close(ends[0]);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	return finding;
}

static void
takes_the_socket_that_is_handed_over(void)
{
	/* It goes before the setting, whatever that says. */
	static const char *const wheres[] = { "127.0.0.1:9002", "/nonexistent/notify.sock", "?" };

	for (size_t i = 0; i < GP_COUNT(wheres); i++) {
		struct finding finding = find_in_child(A_LISTENER, "own", "1", wheres[i]);

		gp_test_row("%s", wheres[i]);
		CU_ASSERT_EQUAL(finding.descriptor, 3);
		CU_ASSERT_TRUE(finding.has_manners);
		CU_ASSERT_STRING_EQUAL(finding.path, "");
	}
}

static void
refuses_what_it_cannot_use_of_systemd(void)
{
	static const struct {
		enum handed handed;
		const char *count;
	} rows[] = {
		{ A_LISTENER, "2" },
		{ A_SOCKET, "1" },
		{ A_FILE, "1" },
		{ NOTHING, "1" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char where[32];
		struct finding finding =
		    find_in_child(rows[i].handed, "own", rows[i].count, some_address(where));

		gp_test_row("row %zu", i);
		CU_ASSERT_EQUAL(finding.descriptor, -1);
		CU_ASSERT_STRING_EQUAL(finding.problem,
		    "LISTEN_FDS: systemd has to hand over one socket that listens: the unit needs "
		    "one ListenStream= and Accept=no");
	}
}

static void
leaves_sockets_that_are_for_others(void)
{
	static const struct {
		const char *pid, *count;
	} rows[] = {
		{ NULL, NULL },
		{ NULL, "1" },
		{ "own", NULL },
		{ "1", "1" },
		{ "", "1" },
		{ "own", "0" },
		{ "own", "" },
		{ "own", "-1" },
		{ "own", "x" },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		char where[32];
		struct finding finding =
		    find_in_child(A_LISTENER, rows[i].pid, rows[i].count, some_address(where));

		gp_test_row("row %zu: %s", i, finding.problem);
		CU_ASSERT_TRUE(finding.descriptor > 3);
		CU_ASSERT_TRUE(finding.has_manners);
	}
}

/* Its own socket is no other's because of the number that it happens to get. */
static void
knows_its_own_socket_at_any_descriptor(void)
{
	struct scene scene;
	struct finding finding;

	set_up(&scene);
	finding = find_in_child(NOTHING, NULL, NULL, scene.where);
	CU_ASSERT_EQUAL(finding.descriptor, 3);
	CU_ASSERT_TRUE(finding.has_manners);
	CU_ASSERT_STRING_EQUAL(finding.path, scene.where);
	tear_down(&scene);
}

const struct gp_test gp_tests_listener[] = {
	GP_TEST(listens_at_addresses),
	GP_TEST(refuses_what_is_no_address),
	GP_TEST(says_that_a_port_is_in_use),
	GP_TEST(makes_a_socket_for_user_and_group),
	GP_TEST(replaces_a_socket_that_nobody_is_left_at),
	GP_TEST(leaves_a_socket_that_is_in_use),
	GP_TEST(leaves_a_socket_of_another_kind),
	GP_TEST(leaves_what_is_no_socket),
	GP_TEST(says_what_is_wrong_with_a_path),
	GP_TEST(takes_the_socket_that_is_handed_over),
	GP_TEST(refuses_what_it_cannot_use_of_systemd),
	GP_TEST(leaves_sockets_that_are_for_others),
	GP_TEST(knows_its_own_socket_at_any_descriptor),
	{ NULL, NULL },
};
