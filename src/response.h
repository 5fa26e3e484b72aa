/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One answer: status, fields and a JSON body, written in one piece with its exact length.
 */
#ifndef GP_RESPONSE_H
#define GP_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "entity_tag.h"

struct gp_response {
	int status;
	const char *content_type; /* of the body; 204 and 304 have neither */
	struct gp_buffer body;
	const char *challenge;         /* WWW-Authenticate, NULL for none */
	const char *request_id;        /* X-Request-Id */
	char allow[64];                /* Allow, "" for none */
	char etag[GP_ENTITY_TAG_SIZE]; /* "" for none */
	const char *link;              /* Link, NULL for none */
	int64_t retry_after_s;         /* Retry-After, 0 for none */
	const char *allowed_origin;    /* whose pages may read the answer, NULL for none */
	bool preflight;                /* tell what those pages may send, too */
	const char *allowed_fields;    /* the fields they may send, NULL for none of note */
	bool head_only;                /* the answer to HEAD: fields as for GET, no body */
};

/* An empty answer of JSON whose body grows in `arena`. */
void gp_response_init(struct gp_response *response, struct gp_arena *arena);

/*
 * Write the answer as a CGI program does (RFC 3875 section 6.2), Status first.
 *
 *   text   empty; receives head and body
 */
void gp_response_write(const struct gp_response *response, struct gp_buffer *text);

#endif
