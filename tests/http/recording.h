/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record of what was asked and answered, for programs that judge it afterwards: one line of JSON
 * for each exchange, in the file that GATEPOST_TEST_RECORD names.
 *
 *   {"request":{"method":"POST","path":"/tasks","fields":"Accept: …\r\n","body":"{}"},
 *    "answer":{"by":"gatepost","status":201,"fields":"HTTP/1.1 …\r\n","body":"…"}}
 *
 * "by" is "server" where the web server answered in gatepost's stead, "nobody" where no answer
 * came. A text that is not plain ASCII is {"base64": "…"} instead, one of more than 64 KiB is
 * {"length": 70000}, and a body that was not sent is null.
 */
#ifndef GP_TEST_RECORDING_H
#define GP_TEST_RECORDING_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"

/* A request as it was sent. */
struct gp_sent {
	const char *method;
	const char *path;
	const char *fields; /* "Name: value\r\n", one behind the other */
	const char *body;   /* NULL: none */
	size_t body_length;
};

/*
 * Begin the file anew, where one is wanted. Returns false after a line on standard error when it
 * cannot be written.
 */
bool gp_recording_open(void);

/* Whether there is anybody to write for. */
bool gp_recording_is_open(void);

/* Add one exchange. The answer is settled. */
void gp_recording_add(const struct gp_sent *sent, const struct gp_answer *answer);

/* Finish the file. Returns false after a line on standard error when something is missing in it. */
bool gp_recording_close(void);

#endif
