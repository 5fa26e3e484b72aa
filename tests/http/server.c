/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the names of web servers and where they differ. */
#include "server.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Columns of the table below: servers that answer alike share one. */
enum column { LIGHTTPD, LIGHTTPD_CGI, PROXY_FCGI, FCGID, CGI, HTACCESS, COLUMN_COUNT };

static const struct {
	const char *name;
	enum column column;
} servers[] = {
	[GP_LIGHTTPD_FASTCGI] = { "lighttpd-fastcgi", LIGHTTPD },
	[GP_LIGHTTPD_SPAWNED] = { "lighttpd-spawned", LIGHTTPD },
	[GP_LIGHTTPD_CLUSTER] = { "lighttpd-cluster", LIGHTTPD },
	[GP_LIGHTTPD_CGI] = { "lighttpd-cgi", LIGHTTPD_CGI },
	[GP_APACHE_PROXY_FCGI] = { "apache-proxy-fcgi", PROXY_FCGI },
	[GP_APACHE_FCGID] = { "apache-fcgid", FCGID },
	[GP_APACHE_CGI] = { "apache-cgi", CGI },
	[GP_APACHE_HTACCESS] = { "apache-htaccess", HTACCESS },
};

/* Negative: the web server's own answer. 0: a refusal or none. */
static const int statuses[][COLUMN_COUNT] = {
	/* lighttpd, its CGI, mod_proxy_fcgi, mod_fcgid, mod_cgid, .htaccess */
	[GP_POST_WITHOUT_LENGTH] = { -411, -411, 422, 422, 422, 422 },
	[GP_GET_WITH_BODY] = { -400, -400, 200, 200, 200, 200 },
	[GP_UNKNOWN_METHOD] = { -501, -501, 405, 405, 405, 405 },
	/* of two If-None-Match fields lighttpd keeps the first */
	[GP_TAGS_IN_TWO_FIELDS] = { 200, 200, 304, 304, 304, 304 },
	/* AllowEncodedSlashes is not for .htaccess to set */
	[GP_ENCODED_SLASH] = { -400, -400, 400, 400, 400, -404 },
	/* where the path is looked up in the file system */
	[GP_PATH_OF_6000_BYTES] = { 422, -404, 422, -403, -403, -403 },
	[GP_FIELDS_OF_80_KB] = { -431, -431, 200, -500, 200, -500 },
	[GP_CUT_BODY] = { 0, 0, 0, -500, 0, -500 },
};

bool
gp_server_find(const char *name, enum gp_server *server)
{
	for (size_t i = 0; i < COUNT(servers); i++) {
		if (strcmp(servers[i].name, name) == 0) {
			*server = (enum gp_server)i;
			return true;
		}
	}
	return false;
}

void
gp_server_print_names(FILE *out)
{
	for (size_t i = 0; i < COUNT(servers); i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", servers[i].name);
}

bool
gp_server_is_apache(enum gp_server server)
{
	return servers[server].column >= PROXY_FCGI;
}

bool
gp_server_is_cgi(enum gp_server server)
{
	return servers[server].column == LIGHTTPD_CGI || servers[server].column == CGI;
}

int
gp_server_status(enum gp_server server, enum gp_difference difference)
{
	return statuses[difference][servers[server].column];
}
