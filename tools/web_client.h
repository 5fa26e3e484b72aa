/* SPDX-License-Identifier: Apache-2.0 */
/* How the tools speak HTTP: libcurl, with the same certificates and the same care everywhere. */
#ifndef GP_WEB_CLIENT_H
#define GP_WEB_CLIENT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/*
 * Whether a host is this machine (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3); curl itself
 * never looks localhost up.
 *
 *   host   as CURLUPART_HOST has it, an IPv6 address in brackets
 */
GP_MUST_USE bool gp_web_is_loopback(const char *host);

/* Whether nobody on the way can read what is sent to a URL: https, or this machine. */
GP_MUST_USE bool gp_web_is_private(const char *url);

/* Use the certificates that curl's command line would use; its library looks at no variable. */
GP_MUST_USE CURLcode gp_web_set_certificates(CURL *curl);

/* Allow http and https alone. */
GP_MUST_USE CURLcode gp_web_set_protocols(CURL *curl);

struct gp_web_answer {
	long status;
	char challenge[256]; /* WWW-Authenticate, cut; "" where there was none, as below */
	char server[128];    /* Server */
};

/*
 * Set what all requests have in common: the URL, limits, certificates and proxies. One to this
 * machine never goes by a proxy.
 */
GP_MUST_USE CURLcode gp_web_prepare(CURL *curl, const char *url);

/*
 * GET a URL as a client with a bearer token does, without following anything.
 *
 *   socket    path of a Unix socket to ask in place of the URL's host; NULL for the host
 *   token     of characters that need no quoting; NULL to go without
 *   problem   one line, filled where there was no answer; nothing of the token or a password
 *
 * Returns whether there was an answer, whatever it says. Needs curl_global_init().
 */
GP_MUST_USE bool gp_web_ask(const char *url, const char *socket, const char *token,
    struct gp_web_answer *answer, char *problem, size_t problem_size);

#endif
