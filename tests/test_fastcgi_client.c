/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent to a worker byte for byte, and what is made of answers, whole, cut and wrong. */
#include "fastcgi_client.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "scratch.h"
#include "unit.h"

#define BYTES(text) text, sizeof(text) - 1

/* Records of a worker: a type, lengths, content and padding. */
#define OUT(length, text) "\1\6\0\1\0" length "\0\0" text
#define END "\1\3\0\1\0\10\0\0\0\0\0\0\0\0\0\0"

static const struct gp_fastcgi_variable variables[] = {
	{ "REQUEST_METHOD", "GET" },
	{ "PATH_INFO", "/healthz" },
};

/* Ask a worker that has answered already and then closed its side; `sent` gets what it was asked.
 */
static const char *
ask(enum gp_fastcgi_role role, const char *reply, size_t length, char *answer, size_t size,
    char *sent, size_t *sent_length)
{
	const struct gp_fastcgi_request request = { role, variables, GP_COUNT(variables), 1000 };
	const char *problem = NULL;
	int pair[2];
	ssize_t got;

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	CU_ASSERT_EQUAL_FATAL(fcntl(pair[0], F_SETFL, O_NONBLOCK), 0);
	CU_ASSERT_EQUAL(write(pair[1], reply, length), (ssize_t)length);
	CU_ASSERT_EQUAL(shutdown(pair[1], SHUT_WR), 0);
	CU_ASSERT_EQUAL(gp_fastcgi_ask(pair[0], &request, answer, size, &problem), problem == NULL);
	got = read(pair[1], sent, 512);
	*sent_length = got > 0 ? (size_t)got : 0;
	close(pair[0]);
	close(pair[1]);
	return problem;
}

static void
sends_the_request_of_a_web_server(void)
{
	static const char params[] = "\1\4\0\1\0\23\0\0\16\3REQUEST_METHODGET"
				     "\1\4\0\1\0\23\0\0\11\10PATH_INFO/healthz"
				     "\1\4\0\1\0\0\0\0";
	char answer[64], sent[512];
	size_t length;

	CU_ASSERT_PTR_NULL(
	    ask(GP_FASTCGI_RESPONDER, BYTES(END), answer, sizeof(answer), sent, &length));
	CU_ASSERT_EQUAL(length, 16 + sizeof(params) - 1 + 8);
	CU_ASSERT_EQUAL(memcmp(sent, "\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0", 16), 0);
	CU_ASSERT_EQUAL(memcmp(sent + 16, params, sizeof(params) - 1), 0);
	CU_ASSERT_EQUAL(memcmp(sent + length - 8, "\1\5\0\1\0\0\0\0", 8), 0);
	CU_ASSERT_PTR_NULL(
	    ask(GP_FASTCGI_AUTHORIZER, BYTES(END), answer, sizeof(answer), sent, &length));
	CU_ASSERT_EQUAL(length, 16 + sizeof(params) - 1);
	CU_ASSERT_EQUAL(sent[9], 2);
}

static void
reads_answers_and_names_what_is_wrong_with_them(void)
{
	static const struct {
		const char *reply;
		size_t length;
		const char *answer;
		const char *problem; /* a part of it; NULL for none */
	} rows[] = {
		{ BYTES(OUT("\5", "Statu") OUT("\2", "s:") OUT("\0", "") END), "Status:", NULL },
		{ BYTES("\1\6\0\1\0\2\6\0okpadded" END), "ok", NULL },
		{ BYTES("\1\7\0\1\0\5\0\0noise" OUT("\2", "ok") END), "ok", NULL },
		{ BYTES(OUT("\24", "12345678901234567890") END), "123456789012345", NULL },
		{ BYTES(OUT("\17", "123456789012345") OUT("\3", "678") END), "123456789012345",
		    NULL },
		{ BYTES(END), "", NULL },
		{ BYTES(OUT("\2", "ok")), "ok", "closed before the end" },
		{ BYTES(OUT("\5", "ok")), "", "closed before the end" },
		{ BYTES("\1\6\0"), "", "closed before the end" },
		{ BYTES(""), "", "closed before the end" },
		{ BYTES("HTTP/1.1 400 Bad Request\r\n"), "", "does not speak FastCGI" },
		{ BYTES("\1\3\0\1\0\0\0\0"), "", "does not speak FastCGI" },
		{ BYTES("\1\3\0\1\0\10\0\0\0\0\0\0\3\0\0\0"), "", "no such role" },
	};
	char answer[16], sent[512];
	size_t length;

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		const char *problem = ask(GP_FASTCGI_RESPONDER, rows[i].reply, rows[i].length,
		    answer, sizeof(answer), sent, &length);

		gp_test_row("%zu: %s", i, problem);
		CU_ASSERT_STRING_EQUAL(answer, rows[i].answer);
		if (rows[i].problem == NULL)
			CU_ASSERT_PTR_NULL(problem);
		if (rows[i].problem != NULL)
			CU_ASSERT(problem != NULL && strstr(problem, rows[i].problem) != NULL);
	}
}

static void
waits_no_longer_than_it_was_told(void)
{
	const struct gp_fastcgi_request request = { GP_FASTCGI_RESPONDER, variables, 2, 50 };
	const char *problem;
	char answer[16];
	int pair[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	CU_ASSERT_EQUAL_FATAL(fcntl(pair[0], F_SETFL, O_NONBLOCK), 0);
	CU_ASSERT_FALSE(gp_fastcgi_ask(pair[0], &request, answer, sizeof(answer), &problem));
	CU_ASSERT_STRING_EQUAL(problem, "no answer in time");
	close(pair[0]);
	close(pair[1]);
}

static void
refuses_variables_that_do_not_fit(void)
{
	char value[200];
	const struct gp_fastcgi_variable one = { "PATH_INFO", value };
	const struct gp_fastcgi_request request = { GP_FASTCGI_RESPONDER, &one, 1, 50 };
	const char *problem;
	char answer[16];

	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	CU_ASSERT_FALSE(gp_fastcgi_ask(-1, &request, answer, sizeof(answer), &problem));
	CU_ASSERT_STRING_EQUAL(problem, "the request is too long");
}

static void
connects_to_a_listening_socket_alone(void)
{
	struct gp_test_directory directory;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char name[300];
	int listener, fd;

	CU_ASSERT_FATAL(gp_test_directory_make(&directory));
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CU_ASSERT_EQUAL(gp_fastcgi_connect(name), -1);
	CU_ASSERT_EQUAL(errno, ENAMETOOLONG);
	CU_ASSERT_FATAL(strlen(directory.path) + 3 < sizeof(address.sun_path));
	strcpy(address.sun_path, directory.path);
	strcat(address.sun_path, "/s");
	CU_ASSERT_EQUAL(gp_fastcgi_connect(address.sun_path), -1);
	CU_ASSERT_EQUAL(errno, ENOENT);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL_FATAL(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	CU_ASSERT_EQUAL(gp_fastcgi_connect(address.sun_path), -1);
	CU_ASSERT_EQUAL(errno, ECONNREFUSED);
	CU_ASSERT_EQUAL(listen(listener, 1), 0);
	fd = gp_fastcgi_connect(address.sun_path);
	CU_ASSERT(fd >= 0);
	CU_ASSERT((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	close(fd);
	close(listener);
	gp_test_directory_remove(&directory);
}

const struct gp_test gp_tests_fastcgi_client[] = {
	GP_TEST(sends_the_request_of_a_web_server),
	GP_TEST(reads_answers_and_names_what_is_wrong_with_them),
	GP_TEST(waits_no_longer_than_it_was_told),
	GP_TEST(refuses_variables_that_do_not_fit),
	GP_TEST(connects_to_a_listening_socket_alone),
	{ NULL, NULL },
};
