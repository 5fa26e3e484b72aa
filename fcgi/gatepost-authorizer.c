/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost-authorizer.fcgi: opens what the web server serves to whom ACCESS_RULES says. */
#include <stdlib.h>
#include <unistd.h>

#include "guard.h"
#include "worker.h"

extern char **environ;

int
main(int argc, char *argv[])
{
	static const struct gp_program program = {
		.name = "gatepost-authorizer.fcgi",
		.purpose = "answers requests under a web server, as a FastCGI authorizer",
		.bit = GP_PROGRAM_AUTHORIZER,
		.routes = gp_guard_routes,
		.manners = {
		    .authorizes = true,
		    .find = gp_guard_find,
		    .refused = gp_guard_refused,
		},
		.part = &gp_guard_part,
	};

	return gp_worker_main(&program, argc, argv, environ);
}
