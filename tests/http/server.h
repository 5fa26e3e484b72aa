/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web servers that the tests run behind, and the requests that each of them settles in a way of
 * its own: one table, which gatepost.fcgi(8) has for people.
 */
#ifndef GP_TEST_SERVER_H
#define GP_TEST_SERVER_H

#include <stdbool.h>
#include <stdio.h>

/* What is in front, in the order of gp_server_names(). */
enum gp_server {
	GP_LIGHTTPD_FASTCGI,
	GP_LIGHTTPD_SPAWNED,
	GP_LIGHTTPD_CLUSTER,
	GP_LIGHTTPD_CGI,
	GP_APACHE_PROXY_FCGI,
	GP_APACHE_FCGID,
	GP_APACHE_CGI,
	GP_APACHE_HTACCESS,
};

/* The requests that are answered differently, the rows of the table. */
enum gp_difference {
	GP_POST_WITHOUT_LENGTH,
	GP_GET_WITH_BODY,
	GP_UNKNOWN_METHOD,
	GP_TAGS_IN_TWO_FIELDS,
	GP_ENCODED_SLASH,
	GP_PATH_OF_6000_BYTES,
	GP_FIELDS_OF_80_KB,
	GP_CUT_BODY,
};

/* The server of that name, lighttpd-fastcgi for one. Returns false where there is none. */
bool gp_server_find(const char *name, enum gp_server *server);

/* Write the names of all, separated by commas. */
void gp_server_print_names(FILE *out);

/* Whether it is Apache, whose parser all its ways of running programs share. */
bool gp_server_is_apache(enum gp_server server);

/* Whether each request is a process of its own. */
bool gp_server_is_cgi(enum gp_server server);

/*
 * The status of the answer; negative where the server gives it without gatepost, 0 where there may
 * be any refusal or none.
 */
int gp_server_status(enum gp_server server, enum gp_difference difference);

#endif
