/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of gatepost-token share. */
#ifndef GP_TOKEN_COMMAND_H
#define GP_TOKEN_COMMAND_H

#include <stdio.h>

/* Print the help text. Returns the status of the process: success on standard output. */
int gp_token_help(FILE *out);

/* Print a problem on standard error. Returns EXIT_FAILURE. */
int gp_token_fail(const char *problem);

/* One line of standard input without its end; NULL when there are no more. See getline(). */
char *gp_token_read_line(char **line, size_t *size);

/*
 * The token of the command line, at `optind`, or of the first line of standard input; NULL for
 * none.
 *
 *   line   what it may be in, to be released by the caller
 */
const char *gp_token_argument(int argc, char *argv[], char **line);

/* `gatepost-token verify`. Returns the status of the process. */
int gp_token_verify(int argc, char *argv[]);

#endif
