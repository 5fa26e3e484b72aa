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
	const char *content_type; /* of the body; 204 and 304 have neither; NULL: a body without */
	struct gp_buffer body;
	struct gp_buffer fields; /* whole lines of fields that only some answers have */
	const char
	    *exposed; /* names of those that a page of another origin may read; NULL for none */
	const char *challenge;         /* WWW-Authenticate, NULL for none */
	const char *request_id;        /* X-Request-Id */
	char allow[64];                /* Allow, "" for none */
	char etag[GP_ENTITY_TAG_SIZE]; /* "" for none */
	const char *link;              /* Link, NULL for none */
	int64_t retry_after_s;         /* Retry-After, 0 for none */
	const char *allowed_origin;    /* whose pages may read the answer, NULL for none */
	bool preflight;                /* tell what those pages may send, too */
	const char *allowed_fields;    /* the fields they may send, NULL for none of note */
	bool is_permission;            /* for the web server: status and `fields`, and no more */
	bool head_only;                /* the answer to HEAD: fields as for GET, no body */
};

/* An empty answer of JSON whose body grows in `arena`. */
void gp_response_init(struct gp_response *response, struct gp_arena *arena);

/*
 * Add a field to those that only some answers have. A name may be added many times.
 *
 *   value   without line breaks; with one the answer is incomplete, and 503 is sent in its stead
 */
void gp_response_add_field(struct gp_response *response, const char *name, const char *value);

/*
 * Write the answer as a CGI program does (RFC 3875 section 6.2), Status first.
 *
 *   text   empty; receives head and body
 */
void gp_response_write(const struct gp_response *response, struct gp_buffer *text);

#endif
