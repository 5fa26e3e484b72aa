/* SPDX-License-Identifier: Apache-2.0 */
/* How the commands read their input and end. */
#include "token_command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
gp_token_help(FILE *out)
{
	fputs(
	    "gatepost-token mint --sub ID [--email ADDRESS] [--name NAME] [--ttl SECONDS]\n"
	    "               [--claim NAME=VALUE]...\n"
	    "  prints an access token (HS256) signed with the shared secret\n"
	    "gatepost-token verify [TOKEN]\n"
	    "  says whose token it is, or which rule refuses it and what to look at; reads the\n"
	    "  token from standard input when none is given\n"
	    "gatepost-token verify --through URL [TOKEN]\n"
	    "  also sends it to this address of the API, and says whether it arrived and was taken\n"
	    "gatepost-token verify --jwk FILE --alg ALG [--no-claims]\n"
	    "  judges one token a line from standard input: prints valid or invalid for each\n"
	    "gatepost-token inspect [TOKEN]\n"
	    "  prints header and claims, and believes nothing\n"
	    "Settings come from the environment, then from the file that GATEPOST_ENV names\n"
	    "(default " GATEPOST_ENV_DEFAULT ").\n",
	    out);
	return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
gp_token_fail(const char *problem)
{
	fprintf(stderr, "gatepost-token: %s\n", problem);
	return EXIT_FAILURE;
}

char *
gp_token_read_line(char **line, size_t *size)
{
	ssize_t length = getline(line, size, stdin);

	if (length < 0)
		return NULL;
	if (length > 0 && (*line)[length - 1] == '\n')
		(*line)[--length] = '\0';
	/* A NUL inside would end the token early. */
	return strlen(*line) == (size_t)length ? *line : strcpy(*line, "?");
}

const char *
gp_token_argument(int argc, char *argv[], char **line)
{
	size_t size = 0;

	if (optind < argc)
		return argv[optind];
	return gp_token_read_line(line, &size);
}
