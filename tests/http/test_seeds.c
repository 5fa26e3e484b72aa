/* SPDX-License-Identifier: Apache-2.0 */
/* The three tests that the documents this API follows end with, by the names they have there. */
#include "client.h"
#include "expect.h"
#include "suites.h"
#include "user.h"

static void
test_unauthorized_without_token(void)
{
	GP_EXPECT_DETAIL(GP_SEND(.path = "/tasks"), 401, "Authentication required");
}

static void
test_authorized_with_token(void)
{
	struct gp_user user = gp_user_new();

	GP_EXPECT_ANSWER(GP_SEND(.path = "/tasks", .token = user.token), 200);
}

static void
test_user_isolation(void)
{
	struct gp_user user_a = gp_user_new(), user_b = gp_user_new();
	const char *task = gp_user_adds(&user_a, "Task A");

	GP_EXPECT_DETAIL(GP_SEND(.path = task, .token = user_b.token), 403, "Access denied");
	GP_EXPECT_ANSWER(GP_SEND(.path = task, .token = user_a.token), 200);
}

const struct gp_test gp_seeds_tests[] = {
	GP_TEST(test_unauthorized_without_token),
	GP_TEST(test_authorized_with_token),
	GP_TEST(test_user_isolation),
	{ NULL, NULL },
};
