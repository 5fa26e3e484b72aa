/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The running instance that is judged: where it is, the secret it shares with its users' sign-in,
 * and which web server is in front of it. All of it comes from the environment.
 */
#ifndef GP_TEST_INSTANCE_H
#define GP_TEST_INSTANCE_H

#include <stdbool.h>

#include "server.h"

struct gp_instance {
	const char *url;  /* http://127.0.0.1:8080, without a slash at its end */
	const char *host; /* of the URL */
	const char *port;
	const char *secret; /* BETTER_AUTH_SECRET */
	enum gp_server server;
	const char *frontend_url; /* FRONTEND_URL, NULL: unknown */
	const char *owner_url;    /* of the database, NULL: unknown */
};

extern struct gp_instance gp_instance;

/* Fill gp_instance. Returns false after a line on standard error that says what is missing. */
bool gp_instance_find(void);

/* A user id that nobody has had before. */
const char *gp_instance_new_user(void);

#endif
