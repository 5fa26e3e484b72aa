/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding of what stands in addresses (RFC 3986 section 2.1). */
#ifndef GP_PERCENT_H
#define GP_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

/* Decode a NUL-terminated text in place, once. False on a broken sequence and on an encoded NUL. */
GP_MUST_USE bool gp_percent_decode(char *text);

/*
 * Decode a name or value of a query, `length` bytes, into `decoded`, which has room for as many.
 * A plus is a space; a percent sign without two hexadecimal digits stands for itself. Returns how
 * many bytes there are now, among which may be any, NUL too.
 */
size_t gp_percent_decode_query(const char *text, size_t length, char *decoded);

/* Append a decoded path with all encoded that may not stand in a path, between < and > or in a
 * query. */
void gp_percent_encode_path(struct gp_buffer *buffer, const char *path);

/*
 * Append `length` bytes with all encoded but letters, digits and -_.!~*'(), as encodeURIComponent()
 * of JavaScript does (ECMA-262, section 19.2.6.4).
 */
void gp_percent_encode_component(struct gp_buffer *buffer, const char *text, size_t length);

#endif
