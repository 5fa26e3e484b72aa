/* SPDX-License-Identifier: Apache-2.0 */
/* The input is what a worker sends before it closes its side. */
#include "fastcgi_client.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"

/* More would not fit into the socket, and nobody reads meanwhile. */
enum { INPUT_MAX = 65536 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct gp_fastcgi_variable variable = { "REQUEST_METHOD", "GET" };
	static const struct gp_fastcgi_request request = { GP_FASTCGI_RESPONDER, &variable, 1,
		10000 };
	const char *problem = "none";
	char answer[32];
	int pair[2];

	if (size > INPUT_MAX)
		return 0;
	GP_FUZZ_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	GP_FUZZ_REQUIRE(fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0);
	GP_FUZZ_REQUIRE(size == 0 || write(pair[1], data, size) == (ssize_t)size);
	GP_FUZZ_REQUIRE(shutdown(pair[1], SHUT_WR) == 0);
	memset(answer, 'x', sizeof(answer));
	if (gp_fastcgi_ask(pair[0], &request, answer, sizeof(answer), &problem))
		GP_FUZZ_REQUIRE(problem == NULL && size >= 16);
	else
		GP_FUZZ_REQUIRE(problem != NULL && strcmp(problem, "no answer in time") != 0);
	GP_FUZZ_REQUIRE(memchr(answer, '\0', sizeof(answer)) != NULL);
	close(pair[0]);
	close(pair[1]);
	return 0;
}
