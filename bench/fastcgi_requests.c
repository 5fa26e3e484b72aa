/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same request again and again, put to a FastCGI worker without a web server in between, which
 * would vary what it passes on: every worker is given the same bytes each time, in records as
 * lighttpd writes them. Each request has a connection of its own.
 */
#include <errno.h>
#include <fastcgi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Any number but 0, which is no request's. */
enum { REQUEST_ID = 1 };

enum { BYTES_MAX = 60000, ANSWER_SIZE = 1024 * 1024, SHORT_LENGTH_MAX = 127 };

struct bytes {
	unsigned char *at;
	size_t length, size;
};

static _Noreturn void
fail(const char *what, const char *more)
{
	fprintf(stderr, "bench-requests: %s: %s\n", what, more);
	exit(EXIT_FAILURE);
}

static void
add(struct bytes *to, const void *bytes, size_t length)
{
	if (length > to->size - to->length)
		fail("the request", "too long");
	if (length > 0)
		memcpy(to->at + to->length, bytes, length);
	to->length += length;
}

static void
add_record(struct bytes *to, unsigned char type, const void *content, size_t length)
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

/* One byte, or four with the highest bit set. */
static void
add_length(struct bytes *to, size_t length)
{
	const unsigned char bytes[4] = { 0x80, 0, (unsigned char)(length >> 8),
		(unsigned char)(length & 0xff) };

	if (length > SHORT_LENGTH_MAX)
		add(to, bytes, sizeof(bytes));
	else
		add(to, &bytes[3], 1);
}

static void
add_variable(struct bytes *to, const char *text)
{
	const char *sign = strchr(text, '=');

	if (sign == NULL)
		fail(text, "not NAME=VALUE");
	add_length(to, (size_t)(sign - text));
	add_length(to, strlen(sign + 1));
	add(to, text, (size_t)(sign - text));
	add(to, sign + 1, strlen(sign + 1));
}

static void
write_request(struct bytes *to, const char *body, char *const *variables)
{
	static const FCGI_BeginRequestBody begin = { .roleB0 = FCGI_RESPONDER };
	static unsigned char room[BYTES_MAX];
	struct bytes content = { .at = room, .size = sizeof(room) };

	for (; *variables != NULL; variables++)
		add_variable(&content, *variables);
	add_record(to, FCGI_BEGIN_REQUEST, &begin, sizeof(begin));
	add_record(to, FCGI_PARAMS, content.at, content.length);
	add_record(to, FCGI_PARAMS, NULL, 0);
	if (body[0] != '\0')
		add_record(to, FCGI_STDIN, body, strlen(body));
	add_record(to, FCGI_STDIN, NULL, 0);
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(address.sun_path))
		fail(path, strerror(ENAMETOOLONG));
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		fail(path, strerror(errno));
	return fd;
}

static void
send_all(int fd, const struct bytes *request)
{
	size_t sent = 0;

	while (sent < request->length) {
		ssize_t count = send(fd, request->at + sent, request->length - sent, MSG_NOSIGNAL);

		if (count < 0)
			fail("the request could not be sent", strerror(errno));
		sent += (size_t)count;
	}
}

/* All that comes until the worker closes the connection. */
static void
read_all(int fd, struct bytes *answer)
{
	ssize_t got;

	answer->length = 0;
	while ((got = read(fd, answer->at + answer->length, answer->size - answer->length)) > 0)
		answer->length += (size_t)got;
	if (got < 0)
		fail("the answer could not be read", strerror(errno));
}

/*
 * Whether the answer is a whole one, to the record that ends it, and what the worker wrote begins
 * with this status.
 */
static bool
is_answered(const struct bytes *answer, const char *status)
{
	bool seen = false, right = false, ended = false;
	size_t at = 0;

	while (!ended && answer->length - at >= sizeof(FCGI_Header)) {
		const FCGI_Header *header = (const FCGI_Header *)(answer->at + at);
		const char *content = (const char *)answer->at + at + sizeof(*header);
		size_t length = (size_t)header->contentLengthB1 << 8 | header->contentLengthB0;

		if (length + header->paddingLength > answer->length - at - sizeof(*header))
			return false;
		if (header->type == FCGI_STDOUT && length > 0 && !seen) {
			seen = true;
			right = length > 8 + strlen(status) &&
				memcmp(content, "Status: ", 8) == 0 &&
				memcmp(content + 8, status, strlen(status)) == 0;
		}
		ended = header->type == FCGI_END_REQUEST;
		at += sizeof(*header) + length + header->paddingLength;
	}
	return right && ended;
}

static void
ask(const char *socket_path, const struct bytes *request, struct bytes *answer)
{
	int fd = connect_to(socket_path);

	send_all(fd, request);
	read_all(fd, answer);
	close(fd);
}

int
main(int argc, char *argv[])
{
	static unsigned char request_room[2 * BYTES_MAX], answer_room[ANSWER_SIZE];
	struct bytes request = { .at = request_room, .size = sizeof(request_room) };
	struct bytes answer = { .at = answer_room, .size = sizeof(answer_room) };
	int count = argc > 4 ? atoi(argv[2]) : 0;

	if (count < 1) {
		fputs(
		    "bench-requests SOCKET COUNT STATUS BODY [NAME=VALUE...]\n"
		    "  asks the FastCGI worker COUNT times; fails unless each answer has STATUS\n",
		    stderr);
		return EXIT_FAILURE;
	}
	write_request(&request, argv[4], argv + 5);
	for (int i = 0; i < count; i++) {
		ask(argv[1], &request, &answer);
		if (!is_answered(&answer, argv[3])) {
			fprintf(stderr, "bench-requests: request %d has not the answer %s:\n",
			    i + 1, argv[3]);
			fwrite(answer.at, 1, answer.length < 600 ? answer.length : 600, stderr);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
