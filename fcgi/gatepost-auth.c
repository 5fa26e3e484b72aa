/* SPDX-License-Identifier: Apache-2.0 */
/* gatepost-auth.fcgi: Better Auth's endpoints, as a FastCGI responder or a plain CGI program. */
#include <stdlib.h>
#include <unistd.h>

#include "auth_endpoints.h"
#include "auth_program.h"
#include "worker.h"

extern char **environ;

/* Of one endpoint, which says itself what it asks of its caller. */
#define ROUTE(method, path, endpoint) \
	{ \
		method, path, &(endpoint).operation, GP_ACCESS_OPEN, 200, NULL \
	}

/* Below the path of BETTER_AUTH_URL, /api/auth where it has none. */
static const struct gp_route routes[] = {
	ROUTE(GP_GET, "/ok", gp_auth_ok),
	ROUTE(GP_GET, "/error", gp_auth_error),

	ROUTE(GP_POST, "/sign-up/email", gp_auth_sign_up),
	ROUTE(GP_POST, "/sign-in/email", gp_auth_sign_in),
	ROUTE(GP_POST, "/signin", gp_auth_sign_in_for_token),
	ROUTE(GP_POST, "/sign-out", gp_auth_sign_out),

	ROUTE(GP_GET, "/get-session", gp_auth_get_session),
	ROUTE(GP_POST, "/get-session", gp_auth_post_session),
	ROUTE(GP_GET, "/list-sessions", gp_auth_list_sessions),
	ROUTE(GP_POST, "/revoke-session", gp_auth_revoke_session),
	ROUTE(GP_POST, "/revoke-sessions", gp_auth_revoke_sessions),
	ROUTE(GP_POST, "/revoke-other-sessions", gp_auth_revoke_other_sessions),

	ROUTE(GP_GET, "/token", gp_auth_token),
	ROUTE(GP_GET, "/jwks", gp_auth_jwks),

	ROUTE(GP_POST, "/change-password", gp_auth_change_password),
	ROUTE(GP_POST, "/update-user", gp_auth_update_user),
	ROUTE(GP_POST, "/delete-user", gp_auth_delete_user),

	ROUTE(GP_POST, "/request-password-reset", gp_auth_request_reset),
	ROUTE(GP_GET, "/reset-password/{token}", gp_auth_reset_link),
	ROUTE(GP_POST, "/reset-password", gp_auth_reset_password),

	ROUTE(GP_POST, "/send-verification-email", gp_auth_send_verification),
	ROUTE(GP_GET, "/verify-email", gp_auth_verify_email),

	{ .pattern = NULL },
};

int
main(int argc, char *argv[])
{
	static const struct gp_program program = {
		.name = "gatepost-auth.fcgi",
		.purpose = GP_WORKER_PURPOSE,
		.bit = GP_PROGRAM_AUTH,
		.routes = routes,
		.refusal_form = GP_REFUSAL_MESSAGE,
		.part = &gp_auth_part,
	};

	return gp_worker_main(&program, argc, argv, environ);
}
