/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker's answer to one FastCGI request, with what was logged meanwhile. It goes past libfcgi's
 * output streams: these copy everything once more, and hand over what is logged, the answer and its
 * end in several writes, of which each wakes the web server.
 */
#ifndef GP_FASTCGI_ANSWER_H
#define GP_FASTCGI_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct gp_fastcgi_answer {
	int descriptor;      /* borrowed: the connection, blocking */
	unsigned request_id; /* FastCGI's, of this connection */
	bool failed;         /* nobody is there any more */
	bool has_logged;
	size_t logged_length;
	char
	    logged[4096]; /* lines that go out with the answer; the usual request has one or none */
};

/* An answer of which nothing has been written. */
void gp_fastcgi_answer_init(struct gp_fastcgi_answer *answer, int descriptor, unsigned request_id);

/* Add bytes for the web server's error log, whole lines; none is lost when there are many. */
void gp_fastcgi_answer_log(struct gp_fastcgi_answer *answer, const char *bytes, size_t length);

/*
 * Send what was logged, the text of the answer (fields, an empty line, the body), and the end of
 * the request.
 *
 * Returns whether all of it could be written.
 *
 * Source: FastCGI Specification 1.0, sections 3.3, 5.3 and 5.5.
 */
GP_MUST_USE bool gp_fastcgi_answer_send(
    struct gp_fastcgi_answer *answer, const char *bytes, size_t length);

#endif
