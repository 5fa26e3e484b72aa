/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request as the web server hands it over: CGI variables and a body. The same for CGI and
 * FastCGI; the worker loop says where the body comes from.
 */
#ifndef GP_REQUEST_H
#define GP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "outcome.h"

/* Longest body that is read. Ten thousand characters, six bytes each when escaped, fit often over.
 */
#define GP_BODY_LENGTH_MAX (1024 * 1024)

/*
 * Read up to `size` bytes of the body. Returns how many; fewer than `size` only at its end, or less
 * than 0 when it broke off.
 */
typedef long gp_body_reader(void *context, char *bytes, size_t size);

struct gp_request {
	const char *method; /* never NULL; "" when the server sent none */
	const char *script_name;
	const char *path_info;
	const char *query;
	const char *authorization; /* NULL when absent, as all below */
	const char *content_type;
	const char *content_length;
	const char *request_id;
	const char *remote_address;
	const char *https;            /* "on" where the web server's own connection has TLS */
	const char *scheme;           /* REQUEST_SCHEME, "https" there; not every server has it */
	const char *target;           /* as it was sent, not decoded; may be a whole URL */
	const char *forwarded_for;    /* X-Forwarded-For */
	const char *forwarded_proto;  /* X-Forwarded-Proto */
	const char *other_forwarding; /* a value of any other field that says there was a proxy */
	const char *origin;
	const char *referer;
	const char *cookies;    /* Cookie */
	const char *fetch_site; /* Sec-Fetch-Site, and the other two of its kind */
	const char *fetch_mode;
	const char *fetch_destination;
	const char *upgrade;       /* the protocol to go on with, such as websocket */
	const char *connection;    /* which has to name Upgrade, too */
	const char *websocket_key; /* Sec-WebSocket-Key, which every handshake has */
	const char *websocket_version;
	const char *websocket_protocols; /* what the client would speak, separated by commas */
	const char *user_agent;
	const char *accept;
	const char *host;
	const char *destination;      /* of WebDAV's COPY and MOVE */
	const char *depth;            /* of its methods */
	const char *claimed_user;     /* X-Remote-User, or another field that names a user */
	const char *method_override;  /* X-HTTP-Method-Override, under any of its names */
	const char *preflight_method; /* Access-Control-Request-Method */
	const char *preflight_fields; /* Access-Control-Request-Headers */
	const char *if_match;
	const char *if_none_match;
	const char *server_software;
	/* What Apache makes of HTTP_AUTHORIZATION set by a rewrite rule: for the log, never
	 * believed. */
	const char *redirected_authorization;
	gp_body_reader *read_body;
	void *body_context;
	bool body_ended;         /* the end of the body has been seen */
	enum gp_outcome trouble; /* what whoever took it in has found wrong; else GP_OK */
};

/*
 * Take the variables we know out of an environment (RFC 3875 section 4.1).
 *
 *   environment   NAME=value texts ending in NULL; the request borrows from it
 *
 * The body's reader is left alone.
 */
void gp_request_read_environment(struct gp_request *request, char *const *environment);

/*
 * Whether the web server got the request over TLS; of a proxy in front of it this says nothing.
 * What it goes by are variables of the server's own: no field of a request is kept under their
 * names.
 */
GP_MUST_USE bool gp_request_came_over_tls(const struct gp_request *request);

/*
 * The decoded path: SCRIPT_NAME and PATH_INFO together, which is the whole of it in every server
 * and mode, without the mount path in front.
 *
 *   mount_path   without a slash at its end; "" for the root
 *   path         NUL-terminated, in the arena
 *
 * Returns GP_OK; GP_BAD_PATH on control characters, on what is no UTF-8, and when a slash was sent
 * encoded, which servers decode, keep or refuse as they like; GP_BAD_ROUTE outside the mount path;
 * or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_request_path(const struct gp_request *request,
    const char *mount_path, struct gp_arena *arena, const char **path);

/*
 * Read the body to its end.
 *
 *   body     in the arena, `length` bytes and a NUL
 *
 * Returns GP_OK; GP_BAD_SIZE above GP_BODY_LENGTH_MAX; GP_BAD_LENGTH when CONTENT_LENGTH is no
 * number or not what arrived; GP_BAD_BODY_CUT; GP_ERR_MEMORY. CONTENT_LENGTH may be unset (chunked
 * bodies behind Apache).
 */
GP_MUST_USE enum gp_outcome gp_request_body(
    struct gp_request *request, struct gp_arena *arena, char **body, size_t *length);

/* Read and throw away what is left of the body, up to GP_BODY_LENGTH_MAX more bytes. */
void gp_request_drain(struct gp_request *request);

#endif
