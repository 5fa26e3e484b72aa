/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The suites of the unit tests, one for each file of src/ and notify/; each ends with a row without
 * a name.
 */
#ifndef GP_UNIT_H
#define GP_UNIT_H

#include "runner.h"

extern const struct gp_test gp_tests_access_rules[];
extern const struct gp_test gp_tests_address_list[];
extern const struct gp_test gp_tests_arena[];
extern const struct gp_test gp_tests_audience[];
extern const struct gp_test gp_tests_authorize[];
extern const struct gp_test gp_tests_base64url[];
extern const struct gp_test gp_tests_buffer[];
extern const struct gp_test gp_tests_claims[];
extern const struct gp_test gp_tests_client_address[];
extern const struct gp_test gp_tests_clock[];
extern const struct gp_test gp_tests_cookie[];
extern const struct gp_test gp_tests_cors[];
extern const struct gp_test gp_tests_database_url[];
extern const struct gp_test gp_tests_diagnosis[];
extern const struct gp_test gp_tests_email_address[];
extern const struct gp_test gp_tests_entity_tag[];
extern const struct gp_test gp_tests_environment_file[];
extern const struct gp_test gp_tests_event_log[];
extern const struct gp_test gp_tests_event_text[];
extern const struct gp_test gp_tests_fastcgi_answer[];
extern const struct gp_test gp_tests_fastcgi_client[];
extern const struct gp_test gp_tests_faults[];
extern const struct gp_test gp_tests_field[];
extern const struct gp_test gp_tests_form_read[];
extern const struct gp_test gp_tests_guarded_path[];
extern const struct gp_test gp_tests_handshake_text[];
extern const struct gp_test gp_tests_helper[];
extern const struct gp_test gp_tests_http_head[];
extern const struct gp_test gp_tests_json[];
extern const struct gp_test gp_tests_json_members[];
extern const struct gp_test gp_tests_json_read[];
extern const struct gp_test gp_tests_json_write[];
extern const struct gp_test gp_tests_jwk[];
extern const struct gp_test gp_tests_jwks_url[];
extern const struct gp_test gp_tests_jws[];
extern const struct gp_test gp_tests_key[];
extern const struct gp_test gp_tests_key_ring[];
extern const struct gp_test gp_tests_key_source[];
extern const struct gp_test gp_tests_listener[];
extern const struct gp_test gp_tests_log_quota[];
extern const struct gp_test gp_tests_mail[];
extern const struct gp_test gp_tests_mail_header[];
extern const struct gp_test gp_tests_mail_template[];
extern const struct gp_test gp_tests_mailbox[];
extern const struct gp_test gp_tests_messages[];
extern const struct gp_test gp_tests_metrics[];
extern const struct gp_test gp_tests_mint[];
extern const struct gp_test gp_tests_origin_list[];
extern const struct gp_test gp_tests_outcome[];
extern const struct gp_test gp_tests_password[];
extern const struct gp_test gp_tests_path_fit[];
extern const struct gp_test gp_tests_percent[];
extern const struct gp_test gp_tests_private_place[];
extern const struct gp_test gp_tests_query_read[];
extern const struct gp_test gp_tests_random_text[];
extern const struct gp_test gp_tests_rate_limit[];
extern const struct gp_test gp_tests_redirect_url[];
extern const struct gp_test gp_tests_request[];
extern const struct gp_test gp_tests_response[];
extern const struct gp_test gp_tests_retirement[];
extern const struct gp_test gp_tests_route[];
extern const struct gp_test gp_tests_secret_box[];
extern const struct gp_test gp_tests_secret_list[];
extern const struct gp_test gp_tests_session_cache[];
extern const struct gp_test gp_tests_session_token[];
extern const struct gp_test gp_tests_settings[];
extern const struct gp_test gp_tests_signing_key[];
extern const struct gp_test gp_tests_slots[];
extern const struct gp_test gp_tests_state_file[];
extern const struct gp_test gp_tests_tidy_table[];
extern const struct gp_test gp_tests_time_text[];
extern const struct gp_test gp_tests_token_memory[];
extern const struct gp_test gp_tests_trusted_origins[];
extern const struct gp_test gp_tests_utf8[];
extern const struct gp_test gp_tests_websocket[];

#endif
