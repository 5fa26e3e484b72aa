/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost.fcgi: the task APIs, as a FastCGI responder or a plain CGI program. */
#include <stdlib.h>
#include <unistd.h>

#include "dialects.h"
#include "health.h"
#include "metrics_page.h"
#include "openapi.h"
#include "profile.h"
#include "task.h"
#include "worker.h"

extern char **environ;

/*
 * The first row that fits counts. More particular patterns go first: /api/v1/tasks/tasks fits
 * the last block too, with a user of the name v1.
 */
static const struct gp_route routes[] = {
	{ GP_GET, "/healthz", &gp_health_live, GP_ACCESS_OPEN, 200, NULL },
	{ GP_GET, "/readyz", &gp_health_ready, GP_ACCESS_OPEN, 200, NULL },
	{ GP_GET, "/metrics", &gp_metrics_show, GP_ACCESS_OPEN, 200, NULL },
	{ GP_GET, "/openapi.json", &gp_openapi_show, GP_ACCESS_OPEN, 200, NULL },

	{ GP_GET, "/tasks", &gp_task_list, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_POST, "/tasks", &gp_task_create, GP_ACCESS_CALLER, 201, &gp_dialect_a },
	{ GP_GET, "/tasks/{task_id}", &gp_task_get, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_PUT, "/tasks/{task_id}", &gp_task_update, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_PATCH, "/tasks/{task_id}", &gp_task_update, GP_ACCESS_CALLER, 200, &gp_dialect_a },
	{ GP_DELETE, "/tasks/{task_id}", &gp_task_delete, GP_ACCESS_CALLER, 200, &gp_dialect_a },

	{ GP_GET, "/api/v1/todos", &gp_task_list, GP_ACCESS_CALLER, 200, &gp_dialect_b },
	{ GP_POST, "/api/v1/todos", &gp_task_create, GP_ACCESS_CALLER, 201, &gp_dialect_b },
	{ GP_GET, "/api/v1/todos/{todo_id}", &gp_task_get, GP_ACCESS_CALLER, 200, &gp_dialect_b },
	{ GP_PUT, "/api/v1/todos/{todo_id}", &gp_task_update, GP_ACCESS_CALLER, 200,
	    &gp_dialect_b },
	{ GP_PATCH, "/api/v1/todos/{todo_id}", &gp_task_update, GP_ACCESS_CALLER, 200,
	    &gp_dialect_b },
	{ GP_DELETE, "/api/v1/todos/{todo_id}", &gp_task_delete, GP_ACCESS_CALLER, 204,
	    &gp_dialect_b },

	{ GP_GET, "/todos", &gp_task_list, GP_ACCESS_CALLER, 200, &gp_dialect_b },
	{ GP_POST, "/todos", &gp_task_create, GP_ACCESS_CALLER, 201, &gp_dialect_b },
	{ GP_GET, "/todos/{todo_id}", &gp_task_get, GP_ACCESS_CALLER, 200, &gp_dialect_b },
	{ GP_PUT, "/todos/{todo_id}", &gp_task_update, GP_ACCESS_CALLER, 200, &gp_dialect_b },
	{ GP_PATCH, "/todos/{todo_id}", &gp_task_update, GP_ACCESS_CALLER, 200, &gp_dialect_b },
	{ GP_DELETE, "/todos/{todo_id}", &gp_task_delete, GP_ACCESS_CALLER, 204, &gp_dialect_b },

	{ GP_GET, "/api/v1/me/profile", &gp_profile_show, GP_ACCESS_CALLER, 200, &gp_dialect_c },
	{ GP_GET, "/api/v1/{user_id}/tasks", &gp_task_list, GP_ACCESS_CALLER, 200, &gp_dialect_c },
	{ GP_POST, "/api/v1/{user_id}/tasks", &gp_task_create, GP_ACCESS_CALLER, 200,
	    &gp_dialect_c },

	{ GP_GET, "/api/{user_id}/tasks", &gp_task_list, GP_ACCESS_CALLER, 200, &gp_dialect_d },
	{ GP_POST, "/api/{user_id}/tasks", &gp_task_create, GP_ACCESS_CALLER, 200, &gp_dialect_d },
	{ GP_GET, "/api/{user_id}/tasks/{task_id}", &gp_task_get, GP_ACCESS_CALLER, 200,
	    &gp_dialect_d },
	{ GP_PUT, "/api/{user_id}/tasks/{task_id}", &gp_task_update, GP_ACCESS_CALLER, 200,
	    &gp_dialect_d },
	{ GP_DELETE, "/api/{user_id}/tasks/{task_id}", &gp_task_delete, GP_ACCESS_CALLER, 200,
	    &gp_dialect_d },
	{ GP_PATCH, "/api/{user_id}/tasks/{task_id}/complete", &gp_task_toggle, GP_ACCESS_CALLER,
	    200, &gp_dialect_d },

	{ .pattern = NULL },
};

int
main(int argc, char *argv[])
{
	static const struct gp_program program = {
		.name = "gatepost.fcgi",
		.purpose = GP_WORKER_PURPOSE,
		.bit = GP_PROGRAM_API,
		.routes = routes,
		.refusal_form = GP_REFUSAL_DETAIL,
	};

	return gp_worker_main(&program, argc, argv, environ);
}
