/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost.fcgi: the task APIs, as a FastCGI responder or a plain CGI program. */
#include <stdlib.h>
#include <unistd.h>

#include "dialect_a.h"
#include "health.h"
#include "task.h"
#include "worker.h"

extern char **environ;

static const struct gp_route routes[] = {
	{ GP_GET, "/healthz", gp_health_live, GP_ACCESS_OPEN, 200, NULL },
	{ GP_GET, "/readyz", gp_health_ready, GP_ACCESS_OPEN, 200, NULL },

	{ GP_GET, "/tasks", gp_task_list, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_POST, "/tasks", gp_task_create, GP_ACCESS_CALLER, 201, &gp_dialect_a },
	{ GP_GET, "/tasks/{task_id}", gp_task_get, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_PUT, "/tasks/{task_id}", gp_task_update, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_PATCH, "/tasks/{task_id}", gp_task_update, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_DELETE, "/tasks/{task_id}", gp_task_delete, GP_ACCESS_CALLER, 200, &gp_dialect_a },

	{ .pattern = NULL },
};

int
main(int argc, char *argv[])
{
	static const struct gp_program program = { "gatepost.fcgi", GP_PROGRAM_API, routes };
	struct gp_worker *worker = NULL;
	int status = EXIT_FAILURE;

	if (gp_worker_options(&program, argc, argv, environ, &status))
		return status;
	worker = gp_worker_open(&program, environ); /* what is wrong is on standard error already */
	if (worker != NULL)
		status = gp_worker_run(worker) ? EXIT_SUCCESS : EXIT_FAILURE;
	gp_worker_close(worker);
	return status;
}
