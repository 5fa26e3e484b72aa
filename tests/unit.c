/* SPDX-License-Identifier: Apache-2.0 */
/* All unit tests: `unit-tests` runs every suite, `unit-tests json jws/rejects_alg_none` these. */
#include "unit.h"

#include <stddef.h>

static const struct gp_suite suites[] = {
	{ "access_rules", gp_tests_access_rules },
	{ "address_list", gp_tests_address_list },
	{ "arena", gp_tests_arena },
	{ "authorize", gp_tests_authorize },
	{ "base64url", gp_tests_base64url },
	{ "buffer", gp_tests_buffer },
	{ "claims", gp_tests_claims },
	{ "client_address", gp_tests_client_address },
	{ "cookie", gp_tests_cookie },
	{ "cors", gp_tests_cors },
	{ "database_url", gp_tests_database_url },
	{ "email_address", gp_tests_email_address },
	{ "entity_tag", gp_tests_entity_tag },
	{ "environment_file", gp_tests_environment_file },
	{ "event_log", gp_tests_event_log },
	{ "faults", gp_tests_faults },
	{ "field", gp_tests_field },
	{ "form_read", gp_tests_form_read },
	{ "guarded_path", gp_tests_guarded_path },
	{ "helper", gp_tests_helper },
	{ "json", gp_tests_json },
	{ "json_read", gp_tests_json_read },
	{ "json_write", gp_tests_json_write },
	{ "jwk", gp_tests_jwk },
	{ "jwks_url", gp_tests_jwks_url },
	{ "jws", gp_tests_jws },
	{ "key", gp_tests_key },
	{ "key_ring", gp_tests_key_ring },
	{ "key_source", gp_tests_key_source },
	{ "mail", gp_tests_mail },
	{ "mail_header", gp_tests_mail_header },
	{ "mail_template", gp_tests_mail_template },
	{ "metrics", gp_tests_metrics },
	{ "mint", gp_tests_mint },
	{ "origin_list", gp_tests_origin_list },
	{ "outcome", gp_tests_outcome },
	{ "password", gp_tests_password },
	{ "percent", gp_tests_percent },
	{ "private_place", gp_tests_private_place },
	{ "query_read", gp_tests_query_read },
	{ "random_text", gp_tests_random_text },
	{ "rate_limit", gp_tests_rate_limit },
	{ "redirect_url", gp_tests_redirect_url },
	{ "request", gp_tests_request },
	{ "response", gp_tests_response },
	{ "route", gp_tests_route },
	{ "secret_box", gp_tests_secret_box },
	{ "secret_list", gp_tests_secret_list },
	{ "session_cache", gp_tests_session_cache },
	{ "session_token", gp_tests_session_token },
	{ "settings", gp_tests_settings },
	{ "signing_key", gp_tests_signing_key },
	{ "slots", gp_tests_slots },
	{ "state_file", gp_tests_state_file },
	{ "time_text", gp_tests_time_text },
	{ "token_memory", gp_tests_token_memory },
	{ "trusted_origins", gp_tests_trusted_origins },
	{ "utf8", gp_tests_utf8 },
	{ NULL, NULL },
};

int
main(int argc, char *argv[])
{
	return gp_test_main(argc, argv, suites);
}
