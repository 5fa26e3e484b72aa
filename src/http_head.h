/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of an HTTP/1 request, request line and fields, for a program that has a socket of its
 * own: read strictly, and made into the environment that web servers hand to CGI programs.
 *
 * A request that two programs could read in two ways is refused, not repaired. Source: RFC 9112,
 * RFC 9110 section 5, RFC 3875 section 4.1.
 */
#ifndef GP_HTTP_HEAD_H
#define GP_HTTP_HEAD_H

#include <stddef.h>

#include "arena.h"
#include "outcome.h"

/* Bytes of a whole head, its empty line among them; a token of 8 KiB in the target leaves room. */
#define GP_HTTP_HEAD_MAX (16 * 1024)

/* Fields of one head, those that are not handed on among them. */
#define GP_HTTP_FIELDS_MAX 100

/* How far a head that arrives in pieces has been looked through; all zero before its first piece.
 */
struct gp_http_scan {
	size_t scanned;     /* bytes that were seen and are in order */
	size_t line;        /* where the line begins that they end in */
	size_t head_length; /* bytes of the whole head; 0: there is more to come */
};

/*
 * Look for the end of the head; every byte is looked at once, however small the pieces are.
 *
 *   bytes   all that has arrived so far, `length` bytes, of which GP_HTTP_HEAD_MAX are enough; the
 *           same ones as at the last call and more behind. What stands behind the head is not
 *           looked at.
 *
 * Returns GP_OK as long as nothing is wrong; GP_BAD_HTTP on an end of a line other than CRLF, on
 * control characters and on a request line that is none; GP_BAD_HTTP_VERSION on other versions than
 * HTTP/1.0 and HTTP/1.1, HTTP/2 without TLS and the requests without any version among them;
 * GP_BAD_TARGET_SIZE when the first line, GP_BAD_HEAD_SIZE when all together is longer than
 * GP_HTTP_HEAD_MAX. It is told as soon as its bytes are there, and again when asked again.
 */
GP_MUST_USE enum gp_outcome gp_http_head_scan(
    struct gp_http_scan *scan, const char *bytes, size_t length);

/*
 * Read a whole head.
 *
 *   bytes            `length` bytes as gp_http_head_scan() found them; not modified, not kept
 *   remote_address   REMOTE_ADDR, NULL to leave it out (a socket in the file system)
 *   environment      NAME=value texts ending in NULL, in the arena, as
 *                    gp_request_read_environment() takes them
 *
 * The path is in PATH_INFO, decoded once, SCRIPT_NAME is empty. Fields become HTTP_ variables, or
 * CONTENT_LENGTH and CONTENT_TYPE, one for each name: the values of several are joined, cookies by
 * "; " and all others by ", ". A name with other characters than letters, digits and hyphens is
 * left out, as it could come to have another field's variable; so is Proxy, whose variable programs
 * take for a setting, and with HTTP/1.0 Upgrade (RFC 9110 section 7.8).
 *
 * Returns GP_OK; what gp_http_head_scan() returns; GP_BAD_HTTP also on a target that is no path, on
 * fields that are malformed, folded, missing or twice there, and on encoded control characters in
 * the query; GP_BAD_PATH on those in the path and on a broken sequence there; GP_BAD_HEAD_SIZE on
 * more than GP_HTTP_FIELDS_MAX fields; GP_BAD_BODY when GET or HEAD comes with a body, which is not
 * read here (with other methods CONTENT_LENGTH or HTTP_TRANSFER_ENCODING tell of it);
 * GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_http_head_read(const char *bytes, size_t length,
    struct gp_arena *arena, const char *remote_address, char *const **environment);

#endif
