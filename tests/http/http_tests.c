/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http-tests judges a running instance as a client sees it. GATEPOST_TEST_URL says where it is,
 * BETTER_AUTH_SECRET what it shares with those who sign tokens, FRONTEND_URL whose pages may call
 * it, GATEPOST_TEST_OWNER_URL where people get their rows, GATEPOST_TEST_SERVER what is in front of
 * it (see server.h). GATEPOST_TEST_RECORD, if set, names a file for all requests and answers.
 */
#include <stdlib.h>

#include "client.h"
#include "instance.h"
#include "people.h"
#include "suites.h"

static const struct gp_suite suites[] = {
	{ "seeds", gp_seeds_tests },
	{ "tasks", gp_tasks_tests },
	{ "protocol", gp_protocol_tests },
	{ "credential", gp_credential_tests },
	{ "isolation", gp_isolation_tests },
	{ "body", gp_body_tests },
	{ "path", gp_path_tests },
	{ "text", gp_text_tests },
	{ "dialect_b", gp_dialect_b_tests },
	{ "dialect_c", gp_dialect_c_tests },
	{ "dialect_d", gp_dialect_d_tests },
	{ "same_row", gp_same_row_tests },
	{ "path_user", gp_path_user_tests },
	{ "session", gp_session_tests },
	{ "paging", gp_paging_tests },
	{ "condition", gp_condition_tests },
	{ "cors", gp_cors_tests },
	{ "manners", gp_manners_tests },
	{ "concurrency", gp_concurrency_tests },
	{ "abuse", gp_abuse_tests },
	{ "hostile", gp_hostile_tests },
	{ NULL, NULL },
};

int
main(int argc, char *argv[])
{
	int status;

	if (!gp_instance_find() || !gp_people_open() || !gp_client_open())
		return EXIT_FAILURE;
	status = gp_test_main(argc, argv, suites);
	gp_people_close();
	return gp_client_close() ? status : EXIT_FAILURE;
}
