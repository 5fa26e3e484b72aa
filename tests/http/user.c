/* SPDX-License-Identifier: Apache-2.0 */
/* The requests that nearly every test begins and ends with. */
#include "user.h"

#include <json-c/json.h>

#include "client.h"
#include "expect.h"
#include "instance.h"
#include "kept.h"
#include "token.h"

struct gp_user
gp_user_new(void)
{
	const char *id = gp_instance_new_user();

	return (struct gp_user){ .id = id, .token = gp_token_for(id) };
}

const char *
gp_user_adds(const struct gp_user *user, const char *text)
{
	struct json_object *body = json_object_new_object();
	const struct gp_answer *answer;
	const char *id;

	json_object_object_add(body, "text", json_object_new_string(text));
	answer = GP_SEND(.method = "POST", .path = "/tasks", .token = user->token,
	    .body = json_object_to_json_string(body));
	json_object_put(body);
	GP_EXPECT_ANSWER(answer, 201);
	id = gp_json_text(answer->json, "id");
	return gp_kept_text("/tasks/%s", id != NULL ? id : "none");
}

const struct gp_answer *
gp_user_reads(const struct gp_user *user, const char *path)
{
	return GP_SEND(.path = path, .token = user->token);
}

int
gp_user_counts(const struct gp_user *user)
{
	const struct gp_answer *answer = gp_user_reads(user, "/tasks");

	GP_EXPECT_ANSWER(answer, 200);
	if (!json_object_is_type(answer->json, json_type_array))
		return -1;
	return (int)json_object_array_length(answer->json);
}
