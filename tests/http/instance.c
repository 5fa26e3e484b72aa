/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the names of the variables. */
#include "instance.h"

#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"

struct gp_instance gp_instance;

static bool
find_server(const char *name)
{
	if (gp_server_find(name, &gp_instance.server))
		return true;
	fputs("http-tests: GATEPOST_TEST_SERVER is one of: ", stderr);
	gp_server_print_names(stderr);
	fputc('\n', stderr);
	return false;
}

static bool
split_url(const char *url)
{
	static const char scheme[] = "http://";
	const char *host, *colon;
	size_t port_length;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
		return false;
	host = url + sizeof(scheme) - 1;
	colon = strchr(host, ':');
	if (colon == NULL)
		return false;
	port_length = strspn(colon + 1, "0123456789");
	if (port_length == 0 ||
	    strspn(colon + 1 + port_length, "/") != strlen(colon + 1 + port_length))
		return false;
	gp_instance.host = gp_kept_bytes(host, (size_t)(colon - host));
	gp_instance.port = gp_kept_bytes(colon + 1, port_length);
	gp_instance.url = gp_kept_text("http://%s:%s", gp_instance.host, gp_instance.port);
	return true;
}

bool
gp_instance_find(void)
{
	const char *url = getenv("GATEPOST_TEST_URL");
	const char *server = getenv("GATEPOST_TEST_SERVER");

	gp_instance.secret = getenv("BETTER_AUTH_SECRET");
	gp_instance.frontend_url = getenv("FRONTEND_URL");
	gp_instance.owner_url = getenv("GATEPOST_TEST_OWNER_URL");
	if (url == NULL || !split_url(url))
		fputs("http-tests: set GATEPOST_TEST_URL to http://127.0.0.1:PORT\n", stderr);
	else if (gp_instance.secret == NULL || gp_instance.secret[0] == '\0')
		fputs("http-tests: set BETTER_AUTH_SECRET to the secret of the instance\n", stderr);
	else
		return server == NULL || find_server(server);
	return false;
}

const char *
gp_instance_new_user(void)
{
	uint64_t number[2];

	if (RAND_bytes((unsigned char *)number, sizeof(number)) != 1)
		abort();
	return gp_kept_text(
	    "user-%016llx%016llx", (unsigned long long)number[0], (unsigned long long)number[1]);
}
