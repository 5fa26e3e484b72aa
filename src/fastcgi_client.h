/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web server's side of FastCGI, for one request without a body: enough to ask a worker how it
 * is. libfcgi has the worker's side alone.
 */
#ifndef GP_FASTCGI_CLIENT_H
#define GP_FASTCGI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

enum gp_fastcgi_role { GP_FASTCGI_RESPONDER = 1, GP_FASTCGI_AUTHORIZER = 2 };

struct gp_fastcgi_variable {
	const char *name, *value; /* each shorter than 128 bytes */
};

struct gp_fastcgi_request {
	enum gp_fastcgi_role role;
	const struct gp_fastcgi_variable *variables;
	size_t count;
	int timeout_ms; /* of the whole exchange */
};

/*
 * Connect to a Unix socket.
 *
 * Returns a non-blocking descriptor, which the caller closes; -1 with `errno` set, ENAMETOOLONG for
 * a path that fits no socket's address.
 */
GP_MUST_USE int gp_fastcgi_connect(const char *path);

/*
 * Ask once.
 *
 *   fd       a connection that nothing was sent on; non-blocking
 *   answer   what the worker wrote to its standard output, cut to `size`, NUL-terminated: the
 *            fields, an empty line, the body
 *   problem  borrowed, what went wrong, where this fails
 *
 * Returns whether a whole answer came, to the end that the protocol marks.
 *
 * Source: FastCGI Specification 1.0, sections 3.3, 3.4 and 5.
 */
GP_MUST_USE bool gp_fastcgi_ask(int fd, const struct gp_fastcgi_request *request, char *answer,
    size_t size, const char **problem);

#endif
