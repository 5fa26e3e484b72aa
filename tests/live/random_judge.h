/* SPDX-License-Identifier: Apache-2.0 */
/* Holds an answer against what its operation must bring. */
#ifndef GP_TEST_RANDOM_JUDGE_H
#define GP_TEST_RANDOM_JUDGE_H

#include "../http/answer.h"
#include "random_operation.h"

/*
 * What can be judged before the model has followed: the status, every refusal, and that the answer
 * tells nothing of anybody else. Asserts, and says whether it holds.
 */
bool gp_judge_outcome(const struct gp_model *model, const struct gp_operation *operation,
    const struct gp_answer *answer);

/*
 * The rest of a success, once the model has followed: body, entity tag and Link. Takes into the
 * model what later operations refer to. Asserts, and says whether it holds.
 */
bool gp_judge_success(const struct gp_operation *operation, const struct gp_answer *answer);

#endif
