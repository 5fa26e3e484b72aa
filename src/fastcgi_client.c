/* SPDX-License-Identifier: Apache-2.0 */
/* Records in, records out. What a worker sends is bounded by the time, and kept only as it fits. */
#include "fastcgi_client.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

/* Any number but 0, which is no request's. */
enum { REQUEST_ID = 1 };

/* Room for a dozen variables of the longest length. */
enum { REQUEST_SIZE = 4096, SHORT_LENGTH_MAX = 127 };

struct request_bytes {
	unsigned char bytes[REQUEST_SIZE];
	size_t length;
	bool full;
};

int
gp_fastcgi_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, flags;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	flags = fcntl(fd, F_GETFL);
	/* Non-blocking, so that a full backlog is an error here and no wait. */
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static void
add(struct request_bytes *to, const void *bytes, size_t length)
{
	if (length > sizeof(to->bytes) - to->length) {
		to->full = true;
		return;
	}
	if (length > 0)
		memcpy(to->bytes + to->length, bytes, length);
	to->length += length;
}

/* A record without padding; an empty one ends a stream. */
static void
add_record(struct request_bytes *to, unsigned char type, const void *content, size_t length)
{
	const FCGI_Header header = {
		.version = FCGI_VERSION_1,
		.type = type,
		.requestIdB0 = REQUEST_ID,
		.contentLengthB1 = (unsigned char)(length >> 8),
		.contentLengthB0 = (unsigned char)(length & 0xff),
	};

	add(to, &header, sizeof(header));
	add(to, content, length);
}

/* A variable of its own record, which the protocol leaves to us; lengths below 128 are a byte each.
 */
static void
add_variable(struct request_bytes *to, const struct gp_fastcgi_variable *variable)
{
	size_t name_length = strlen(variable->name), value_length = strlen(variable->value);
	unsigned char content[2 + 2 * SHORT_LENGTH_MAX];

	if (name_length > SHORT_LENGTH_MAX || value_length > SHORT_LENGTH_MAX) {
		to->full = true;
		return;
	}
	content[0] = (unsigned char)name_length;
	content[1] = (unsigned char)value_length;
	memcpy(content + 2, variable->name, name_length);
	memcpy(content + 2 + name_length, variable->value, value_length);
	add_record(to, FCGI_PARAMS, content, 2 + name_length + value_length);
}

static bool
write_request(const struct gp_fastcgi_request *request, struct request_bytes *to)
{
	const FCGI_BeginRequestBody begin = { .roleB0 = (unsigned char)request->role };

	to->length = 0;
	to->full = false;
	add_record(to, FCGI_BEGIN_REQUEST, &begin, sizeof(begin));
	for (size_t i = 0; i < request->count; i++)
		add_variable(to, &request->variables[i]);
	add_record(to, FCGI_PARAMS, NULL, 0);
	/* An authorizer is sent no body, not even its end. */
	if (request->role == GP_FASTCGI_RESPONDER)
		add_record(to, FCGI_STDIN, NULL, 0);
	return !to->full;
}

/* Wait until `fd` is ready; false when the time is up. */
static bool
wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd ready = { .fd = fd, .events = events };
	int count;

	do {
		int64_t left_ms = deadline_ms - gp_clock_elapsed_ms();

		if (left_ms <= 0)
			return false;
		count = poll(&ready, 1, (int)left_ms);
	} while (count == 0 || (count < 0 && errno == EINTR));
	return count > 0;
}

static bool
send_all(int fd, const struct request_bytes *request, int64_t deadline_ms)
{
	size_t sent = 0;

	while (sent < request->length) {
		ssize_t count =
		    send(fd, request->bytes + sent, request->length - sent, MSG_NOSIGNAL);

		if (count < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (count < 0 && !wait_for(fd, POLLOUT, deadline_ms))
			return false;
		if (count > 0)
			sent += (size_t)count;
	}
	return true;
}

/* Read exactly `length` bytes; into nowhere where `bytes` is NULL. */
static const char *
read_exactly(int fd, unsigned char *bytes, size_t length, int64_t deadline_ms)
{
	unsigned char nowhere[1024];

	while (length > 0) {
		size_t size = bytes == NULL && length > sizeof(nowhere) ? sizeof(nowhere) : length;
		ssize_t got = read(fd, bytes != NULL ? bytes : nowhere, size);

		if (got == 0)
			return "the connection was closed before the end of the answer";
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return "the connection broke";
		if (got < 0 && !wait_for(fd, POLLIN, deadline_ms))
			return "no answer in time";
		if (got < 0)
			continue;
		length -= (size_t)got;
		if (bytes != NULL)
			bytes += got;
	}
	return NULL;
}

/* The content of a standard output record, as much of it as fits behind what is there already. */
static const char *
take_output(int fd, size_t length, char *answer, size_t size, int64_t deadline_ms)
{
	size_t held = strlen(answer), room = size - held - 1;
	size_t kept = length < room ? length : room;
	const char *problem = read_exactly(fd, (unsigned char *)answer + held, kept, deadline_ms);

	answer[problem == NULL ? held + kept : held] = '\0';
	return problem != NULL ? problem : read_exactly(fd, NULL, length - kept, deadline_ms);
}

static const char *
take_end(int fd, size_t length, int64_t deadline_ms)
{
	FCGI_EndRequestBody end;
	const char *problem;

	if (length < sizeof(end))
		return "what answers does not speak FastCGI";
	problem = read_exactly(fd, (unsigned char *)&end, sizeof(end), deadline_ms);
	if (problem != NULL)
		return problem;
	return end.protocolStatus == FCGI_REQUEST_COMPLETE ? NULL : "the worker takes no such role";
}

/* Records up to the one that ends the request. NULL when all is well. */
static const char *
read_answer(int fd, char *answer, size_t size, int64_t deadline_ms)
{
	for (;;) {
		FCGI_Header header;
		size_t length;
		const char *problem =
		    read_exactly(fd, (unsigned char *)&header, sizeof(header), deadline_ms);

		if (problem != NULL)
			return problem;
		if (header.version != FCGI_VERSION_1)
			return "what answers does not speak FastCGI";
		length = (size_t)header.contentLengthB1 << 8 | header.contentLengthB0;
		if (header.type == FCGI_END_REQUEST)
			return take_end(fd, length, deadline_ms);
		if (header.type == FCGI_STDOUT)
			problem = take_output(fd, length, answer, size, deadline_ms);
		else
			problem = read_exactly(fd, NULL, length, deadline_ms);
		if (problem == NULL)
			problem = read_exactly(fd, NULL, header.paddingLength, deadline_ms);
		if (problem != NULL)
			return problem;
	}
}

bool
gp_fastcgi_ask(int fd, const struct gp_fastcgi_request *request, char *answer, size_t size,
    const char **problem)
{
	const int64_t deadline_ms = gp_clock_elapsed_ms() + request->timeout_ms;
	struct request_bytes bytes;

	answer[0] = '\0';
	if (!write_request(request, &bytes))
		*problem = "the request is too long";
	else if (!send_all(fd, &bytes, deadline_ms))
		*problem = "the request could not be sent";
	else
		*problem = read_answer(fd, answer, size, deadline_ms);
	return *problem == NULL;
}
