/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entity tags: which state of a resource a client has seen. What is one row has its version for a
 * tag, so that a change can be held against it inside the statement; anything else its digest.
 *
 * Source: RFC 9110 sections 8.8.3, 13.1.1 and 13.1.2.
 */
#ifndef GP_ENTITY_TAG_H
#define GP_ENTITY_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "buffer.h"

/* Bytes of a tag with its quotes and a NUL. */
#define GP_ENTITY_TAG_SIZE 32

/* The tag of a row in this version. */
void gp_entity_tag_of_version(int64_t version, char tag[GP_ENTITY_TAG_SIZE]);

/* The tag of these bytes. False when OpenSSL refuses. */
GP_MUST_USE bool gp_entity_tag_of_bytes(
    const char *bytes, size_t length, char tag[GP_ENTITY_TAG_SIZE]);

/*
 * Whether an If-None-Match field names this tag, weakly compared: then the client has what it would
 * be sent. NULL names none; * names any. What a web server adds to a tag when it compresses
 * ("7-gzip") is overlooked.
 */
bool gp_entity_tag_is_in(const char *field, const char *tag);

/*
 * The versions that an If-Match field names, strongly compared, as PostgreSQL writes an array:
 * "{7,9}". A field that names none of ours gives "{}".
 *
 *   text   empty; receives the array and a NUL. Left empty for *, which any version satisfies
 */
void gp_entity_tag_versions(const char *field, struct gp_buffer *text);

#endif
