/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets of three kinds. */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Handshakes that wait for the loop; the kernel has a limit of its own. */
enum { BACKLOG = 1024 };

/* Where systemd puts the first socket that it hands over. */
enum { FIRST_HANDED = 3 };

static bool
settle(int descriptor)
{
	int flags = fcntl(descriptor, F_GETFL);

	return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

/* How many sockets systemd has left us. */
static long
count_handed(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");

	return pid != NULL && count != NULL && atol(pid) == (long)getpid() ? atol(count) : 0;
}

/* The one that systemd has left us. Where it is of no use nobody would answer at it. */
static int
take_handed(long count, char *problem, size_t problem_size)
{
	int listens = 0;
	socklen_t size = sizeof(listens);

	if (count == 1 &&
	    getsockopt(FIRST_HANDED, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 &&
	    listens != 0)
		return FIRST_HANDED;
	snprintf(problem, problem_size,
	    "LISTEN_FDS: systemd has to hand over one socket that listens: the unit needs one "
	    "ListenStream= and Accept=no");
	return -1;
}

/*
 * Whether nobody is left at the socket of this address. With any other answer than that there is
 * somebody, who is busy, or not for us to talk to.
 */
static bool
is_left(const struct sockaddr_un *address)
{
	int probe = socket(AF_UNIX, SOCK_STREAM, 0), flags;
	bool left;

	if (probe < 0)
		return false;
	flags = fcntl(probe, F_GETFL);
	left = flags >= 0 && fcntl(probe, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       connect(probe, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
	       errno == ECONNREFUSED;
	close(probe);
	return left;
}

static int
open_path(const char *where, char *problem, size_t problem_size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat found;
	int descriptor;
	mode_t mask;
	bool bound;

	if (strlen(where) >= sizeof(address.sun_path)) {
		snprintf(problem, problem_size,
		    "NOTIFY_LISTEN: a path of a socket has at most %zu bytes",
		    sizeof(address.sun_path) - 1);
		return -1;
	}
	memcpy(address.sun_path, where, strlen(where) + 1);
	if (lstat(where, &found) == 0) {
		if (!S_ISSOCK(found.st_mode) || !is_left(&address)) {
			snprintf(problem, problem_size, "NOTIFY_LISTEN: %s is in use", where);
			return -1;
		}
		unlink(where);
	}
	descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
	mask = umask(0117);
	bound = descriptor >= 0 &&
		bind(descriptor, (const struct sockaddr *)&address, sizeof(address)) == 0;
	umask(mask);
	if (bound && listen(descriptor, BACKLOG) == 0)
		return descriptor;
	snprintf(problem, problem_size, "NOTIFY_LISTEN: %s: %s", where, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return -1;
}

/* The socket of one address; errno says why there is none. */
static int
open_address(const struct addrinfo *address)
{
	const int yes = 1;
	int descriptor = socket(address->ai_family, SOCK_STREAM, 0);
	int error;

	if (descriptor < 0)
		return -1;
	if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
	    bind(descriptor, address->ai_addr, address->ai_addrlen) == 0 &&
	    listen(descriptor, BACKLOG) == 0)
		return descriptor;
	error = errno;
	close(descriptor);
	errno = error;
	return -1;
}

/* Cut ADDRESS:PORT or [ADDRESS]:PORT in two, in place. */
static bool
cut_address(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');

	if (colon == NULL || colon == text)
		return false;
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	if (text[0] != '[')
		return strchr(text, ':') == NULL;
	if (colon[-1] != ']')
		return false;
	colon[-1] = '\0';
	*host = text + 1;
	return true;
}

/* getaddrinfo() takes 99999, too, and makes another port of it. */
static bool
is_port(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	return text[0] >= '1' && text[0] <= '9' && *end == '\0' && port <= 65535;
}

static int
open_internet(const char *where, char *problem, size_t problem_size)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found = NULL;
	char text[128], *host, *port;
	int descriptor = -1;

	snprintf(text, sizeof(text), "%s", where);
	if (strlen(where) >= sizeof(text) || !cut_address(text, &host, &port) || !is_port(port) ||
	    getaddrinfo(host, port, &hints, &found) != 0) {
		snprintf(problem, problem_size,
		    "NOTIFY_LISTEN: not an address and port such as 127.0.0.1:9002, [::1]:9002 or "
		    "/run/gatepost/notify.sock");
		return -1;
	}
	descriptor = open_address(found);
	if (descriptor < 0)
		snprintf(problem, problem_size, "NOTIFY_LISTEN: %s: %s", where, strerror(errno));
	freeaddrinfo(found);
	return descriptor;
}

int
gp_listener_open(const char *where, char path[108], char *problem, size_t problem_size)
{
	const long handed = count_handed();
	int descriptor;

	path[0] = '\0';
	if (handed > 0)
		descriptor = take_handed(handed, problem, problem_size);
	else if (where[0] == '/')
		descriptor = open_path(where, problem, problem_size);
	else
		descriptor = open_internet(where, problem, problem_size);
	if (descriptor < 0)
		return -1;
	if (!settle(descriptor)) {
		snprintf(problem, problem_size, "NOTIFY_LISTEN: %s", strerror(errno));
		close(descriptor);
		return -1;
	}
	if (handed <= 0 && where[0] == '/')
		snprintf(path, 108, "%s", where);
	return descriptor;
}
