/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The beginning of a WebSocket as a browser would make it (RFC 6455), far enough to see whether one
 * gets through a web server. libcurl makes the connection; Debian's cannot do the rest.
 */
#ifndef GP_WEB_SOCKET_H
#define GP_WEB_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct gp_web_socket_answer {
	long status; /* of HTTP; 101: the WebSocket is open */
	bool spoke;  /* a frame came */
	int code;    /* with which the server closed it in that frame; 0: it did something else */
};

/*
 * Ask for a WebSocket without any credential, and wait for the first frame.
 *
 *   url       http or https; a query is left out
 *   problem   one line, filled where there was no answer
 *
 * Returns whether there was an answer of HTTP, whatever it says. Needs curl_global_init().
 */
GP_MUST_USE bool gp_web_socket_ask(
    const char *url, struct gp_web_socket_answer *answer, char *problem, size_t problem_size);

#endif
