/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One answer: status, fields and a JSON body, written in one piece with its exact length.
 */
#ifndef GP_RESPONSE_H
#define GP_RESPONSE_H

#include <stdbool.h>

#include "buffer.h"

struct gp_response {
	int status;
	struct gp_buffer body;
	const char *challenge;  /* WWW-Authenticate, NULL for none */
	const char *request_id; /* X-Request-Id */
	char allow[64];         /* Allow, "" for none */
	bool retry_after;       /* tell the client when to come back */
	bool head_only;         /* the answer to HEAD: fields as for GET, no body */
};

/* An empty answer whose body grows in `arena`. */
void gp_response_init(struct gp_response *response, struct gp_arena *arena);

/*
 * Write the answer as a CGI program does (RFC 3875 section 6.2), Status first.
 *
 *   text   empty; receives head and body
 */
void gp_response_write(const struct gp_response *response, struct gp_buffer *text);

#endif
