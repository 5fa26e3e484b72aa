/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of tests, one per file. */
#ifndef GP_TEST_SUITES_H
#define GP_TEST_SUITES_H

#include "runner.h"

extern const struct gp_test gp_seeds_tests[];
extern const struct gp_test gp_tasks_tests[];
extern const struct gp_test gp_protocol_tests[];
extern const struct gp_test gp_credential_tests[];
extern const struct gp_test gp_isolation_tests[];
extern const struct gp_test gp_body_tests[];
extern const struct gp_test gp_path_tests[];
extern const struct gp_test gp_text_tests[];
extern const struct gp_test gp_dialect_b_tests[];
extern const struct gp_test gp_dialect_c_tests[];
extern const struct gp_test gp_dialect_d_tests[];
extern const struct gp_test gp_same_row_tests[];
extern const struct gp_test gp_path_user_tests[];
extern const struct gp_test gp_session_tests[];
extern const struct gp_test gp_paging_tests[];
extern const struct gp_test gp_condition_tests[];
extern const struct gp_test gp_cors_tests[];
extern const struct gp_test gp_manners_tests[];
extern const struct gp_test gp_concurrency_tests[];
extern const struct gp_test gp_abuse_tests[];
extern const struct gp_test gp_hostile_tests[];

#endif
