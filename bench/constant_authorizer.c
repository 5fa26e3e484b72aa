/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A FastCGI authorizer that lets everybody in: what it costs a web server to ask one at all. It
 * names a user as gatepost-authorizer.fcgi does.
 */
#include <fcgiapp.h>
#include <stdlib.h>
#include <string.h>

static const char answer[] = "Status: 200 OK\r\n"
			     "Variable-REMOTE_USER: bench-1\r\n"
			     "Variable-AUTH_TYPE: Bearer\r\n"
			     "Variable-GATEPOST_EMAIL: bench-1@example.com\r\n"
			     "Variable-GATEPOST_NAME: Bench 1\r\n"
			     "Variable-GATEPOST_EXPIRES: 2000000000\r\n"
			     "\r\n";

int
main(void)
{
	FCGX_Request request;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
		return EXIT_FAILURE;
	while (FCGX_Accept_r(&request) == 0) {
		FCGX_PutStr(answer, (int)strlen(answer), request.out);
		/* Nothing follows a GET: no need to wait until the web server hangs up. */
		FCGX_Detach(&request);
		FCGX_Finish_r(&request);
	}
	return EXIT_FAILURE;
}
