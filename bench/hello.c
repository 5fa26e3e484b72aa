/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same answer to every request: what libfcgi and the web server take, and no more. Input is
 * read to its end and the connection given up as src/worker.c does it.
 */
#include <fcgiapp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* As long as one task, and with the fields that come with it. */
#define BODY \
	"{\"id\":\"00000000-0000-4000-8000-000000000000\"," \
	"\"user_id\":\"bench000000000000000000000000001\"," \
	"\"text\":\"Water the plants, number 1\"," \
	"\"description\":\"All of them, and the ones by the door twice\",\"completed\":false," \
	"\"created_at\":\"2026-01-01T00:00:00.000000Z\"," \
	"\"updated_at\":\"2026-01-01T00:00:00.000000Z\"}"
static const char answer[] = "Status: 200 OK\r\n"
			     "Content-Type: application/json\r\n"
			     "Cache-Control: no-store\r\n"
			     "Vary: Origin\r\n"
			     "X-Content-Type-Options: nosniff\r\n"
			     "\r\n" BODY;

/* True when nothing is left. */
static bool
drain(FCGX_Stream *in)
{
	char bytes[4096];
	int got;

	do
		got = FCGX_GetStr(bytes, (int)sizeof(bytes), in);
	while (got == (int)sizeof(bytes));
	return FCGX_GetError(in) == 0;
}

int
main(void)
{
	FCGX_Request request;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
		return EXIT_FAILURE;
	while (FCGX_Accept_r(&request) == 0) {
		FCGX_PutStr(answer, (int)strlen(answer), request.out);
		if (drain(request.in))
			FCGX_Detach(&request);
		FCGX_Finish_r(&request);
	}
	return EXIT_FAILURE;
}
