/* SPDX-License-Identifier: Apache-2.0 */
/* A plain socket. */
#include "raw.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "instance.h"
#include "kept.h"

enum { SILENCE_S = 3, ANSWER_LENGTH_MAX = 64 * 1024 };

/* A connection to the instance, -1 when there is none. */
static int
connect_to_instance(void)
{
	const struct timeval silence = { .tv_sec = SILENCE_S };
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *address;
	int connection;

	if (getaddrinfo(gp_instance.host, gp_instance.port, &hints, &address) != 0)
		return -1;
	connection = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
	if (connection >= 0 &&
	    (setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof(silence)) != 0 ||
		connect(connection, address->ai_addr, address->ai_addrlen) != 0)) {
		close(connection);
		connection = -1;
	}
	freeaddrinfo(address);
	return connection;
}

static void
write_all(int connection, const char *bytes, size_t length)
{
	while (length > 0) {
		/* The server may have answered and closed already: that is for the test to judge.
		 */
		ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		length -= (size_t)sent;
	}
}

static size_t
read_all(int connection, char *bytes, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = recv(connection, bytes + length, size - length, 0);

		if (got <= 0)
			break;
		length += (size_t)got;
	}
	return length;
}

static char *
copy(const char *bytes, size_t length)
{
	char *text = malloc(length + 1);

	if (text == NULL)
		abort();
	memcpy(text, bytes, length);
	text[length] = '\0';
	return text;
}

/* Split what came in into fields and body. */
static void
split(struct gp_answer *answer, const char *text, size_t length)
{
	const char *end = strstr(text, "\r\n\r\n");
	size_t head = end != NULL ? (size_t)(end - text) + 4 : length;

	/* 100 Continue is no answer: one follows, or none. */
	if (strncmp(text, "HTTP/1.1 100", 12) == 0) {
		split(answer, text + head, length - head);
		return;
	}
	if (strncmp(text, "HTTP/1.", 7) == 0 && length > 12)
		answer->status = atoi(text + 9);
	answer->fields = copy(text, head);
	answer->body_length = length - head;
	answer->body = copy(text + head, answer->body_length);
	gp_answer_settle(answer);
}

/* What the server says on this connection to what was sent. */
static const struct gp_answer *
take_answer(int connection, const char *bytes)
{
	struct gp_answer *answer = gp_kept(sizeof(*answer));
	char *text = gp_kept(ANSWER_LENGTH_MAX + 1);
	size_t got = 0;

	answer->call = gp_kept_text("raw %.*s", (int)strcspn(bytes, "\r\n"), bytes);
	if (connection >= 0) {
		got = read_all(connection, text, ANSWER_LENGTH_MAX);
		close(connection);
	}
	split(answer, text, got);
	return answer;
}

const struct gp_answer *
gp_send_raw(const char *bytes, size_t length)
{
	int connection = connect_to_instance();

	if (connection >= 0)
		write_all(connection, bytes, length);
	return take_answer(connection, bytes);
}

const struct gp_answer *
gp_send_raw_and_stop(const char *bytes, size_t length)
{
	int connection = connect_to_instance();

	if (connection >= 0) {
		write_all(connection, bytes, length);
		shutdown(connection, SHUT_WR);
	}
	return take_answer(connection, bytes);
}

static void
wait_ms(unsigned duration_ms)
{
	struct timespec rest = { .tv_sec = duration_ms / 1000,
		.tv_nsec = (long)(duration_ms % 1000) * 1000000 };

	while (nanosleep(&rest, &rest) != 0)
		continue;
}

const struct gp_answer *
gp_send_raw_slowly(const char *bytes, size_t length, size_t slow, unsigned duration_ms)
{
	int connection = connect_to_instance();

	if (connection >= 0) {
		write_all(connection, bytes, length - slow);
		for (size_t i = length - slow; i < length; i++) {
			wait_ms(duration_ms / (unsigned)slow);
			write_all(connection, bytes + i, 1);
		}
	}
	return take_answer(connection, bytes);
}
