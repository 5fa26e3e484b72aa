/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the APIs, and the requests that differ only by it. */
#include "api.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "kept.h"

static const char whole_task[] = "id user_id title description completed created_at updated_at";

static const struct gp_deed no_deeds[] = { { NULL, NULL, false } };

static const struct gp_deed deeds_with_patch[] = {
	{ "GET", "", false },
	{ "HEAD", "", false },
	{ "PUT", "", true },
	{ "PATCH", "", true },
	{ "DELETE", "", false },
	{ NULL, NULL, false },
};

static const struct gp_deed deeds_with_toggle[] = {
	{ "GET", "", false },
	{ "HEAD", "", false },
	{ "PUT", "", true },
	{ "PATCH", "/complete", false },
	{ "DELETE", "", false },
	{ NULL, NULL, false },
};

const struct gp_api gp_apis[GP_API_COUNT] = {
	[GP_API_A] = {
		.name = "A",
		.list = "/tasks",
		.deeds = deeds_with_patch,
		.title = "text",
		.members = "id user_id text description completed created_at updated_at",
		.created = 201,
		.limit = 1000,
		.limit_max = 1000,
		.no_credential = "Authentication required",
		.expired = "Token has expired",
		.invalid = "Invalid token: ",
		.no_subject = "Invalid token: missing user ID",
		.absent = "Task not found",
		.foreign_read = "Access denied",
		.foreign_write = "Access denied",
	},
	[GP_API_B] = {
		.name = "B",
		.list = "/api/v1/todos",
		.deeds = deeds_with_patch,
		.title = "title",
		.members = "id title completed user_id",
		.created = 201,
		.limit = 1000,
		.limit_max = 1000,
		.no_credential = "Not authenticated",
		.expired = "Could not validate credentials",
		.invalid = "Could not validate credentials",
		.no_subject = "Could not validate credentials",
		.absent = "Todo not found",
		.foreign_read = "Not authorized to access this todo",
		.foreign_write = "Not authorized",
	},
	[GP_API_C] = {
		.name = "C",
		.list = "/api/v1/$/tasks",
		.wrapped = true,
		.deeds = no_deeds,
		.title = "title",
		.members = whole_task,
		.created = 200,
		.limit = 1000,
		.limit_max = 1000,
		.no_credential = "Missing or invalid Authorization header",
		.expired = "Token expired",
		.invalid = "Invalid token: ",
		.no_subject = "Invalid token: missing user claims",
		.other_user = "User ID in path does not match authenticated user",
		.other_user_create = "User ID in path does not match authenticated user",
	},
	[GP_API_D] = {
		.name = "D",
		.list = "/api/$/tasks",
		.deeds = deeds_with_toggle,
		.title = "title",
		.members = whole_task,
		.created = 200,
		.limit = 50,
		.limit_max = 100,
		.no_credential = "Missing or invalid authorization header",
		.expired = "Invalid token: expired",
		.invalid = "Invalid token: ",
		.no_subject = "Invalid token: no user_id found",
		.absent = "Task not found",
		.foreign_read = "Not authorized to access these tasks",
		.foreign_write = "Not authorized to access these tasks",
		.other_user = "Not authorized to access these tasks",
		.other_user_create = "Not authorized to create tasks for this user",
	},
};

const char *
gp_path_encoded(const char *text)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	char *encoded = gp_kept(3 * strlen(text) + 1), *to = encoded;

	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			*to++ = *text;
		else
			to += sprintf(to, "%%%02X", (unsigned)(unsigned char)*text);
	}
	return encoded;
}

const char *
gp_api_list(const struct gp_api *api, const char *user_id)
{
	const char *sign = strchr(api->list, '$');

	if (sign == NULL)
		return api->list;
	return gp_kept_text(
	    "%.*s%s%s", (int)(sign - api->list), api->list, gp_path_encoded(user_id), sign + 1);
}

const char *
gp_api_single(const struct gp_api *api, const char *user_id, const char *id)
{
	return gp_kept_text("%s/%s", gp_api_list(api, user_id), id);
}

struct gp_call
gp_api_call(const struct gp_api *api, const struct gp_deed *deed, const char *user_id,
    const char *id, const char *token)
{
	return (struct gp_call){
		.method = deed->method,
		.path = gp_kept_text("%s%s", gp_api_single(api, user_id, id), deed->suffix),
		.token = token,
		.body = deed->has_body ? gp_api_body(api, "changed") : NULL,
	};
}

const char *
gp_api_body(const struct gp_api *api, const char *title)
{
	struct json_object *body = json_object_new_object();
	const char *text;

	json_object_object_add(body, api->title, json_object_new_string(title));
	text = gp_kept_text("%s", json_object_to_json_string(body));
	json_object_put(body);
	return text;
}

const struct gp_answer *
gp_api_creates(const struct gp_api *api, const struct gp_user *user, const char *title)
{
	const struct gp_answer *answer =
	    GP_SEND(.method = "POST", .path = gp_api_list(api, user->id), .token = user->token,
		.body = gp_api_body(api, title));

	GP_EXPECT_ANSWER(answer, api->created);
	return answer;
}

const char *
gp_api_adds(const struct gp_api *api, const struct gp_user *user, const char *title)
{
	struct json_object *task = gp_api_task_in(api, gp_api_creates(api, user, title)), *id;

	if (!json_object_object_get_ex(task, "id", &id) || id == NULL)
		return "none";
	return json_object_get_string(id);
}

struct json_object *
gp_api_task_in(const struct gp_api *api, const struct gp_answer *answer)
{
	struct json_object *task = answer->json;

	if (api->wrapped && !json_object_object_get_ex(answer->json, "task", &task))
		return NULL;
	return json_object_is_type(task, json_type_object) ? task : NULL;
}

struct json_object *
gp_api_tasks_in(const struct gp_api *api, const struct gp_answer *answer)
{
	struct json_object *tasks = answer->json;

	if (api->wrapped && !json_object_object_get_ex(answer->json, "tasks", &tasks))
		return NULL;
	return json_object_is_type(tasks, json_type_array) ? tasks : NULL;
}

int
gp_api_shows(const struct gp_api *api, const struct gp_answer *answer)
{
	struct json_object *tasks = gp_api_tasks_in(api, answer);

	return tasks != NULL ? (int)json_object_array_length(tasks) : -1;
}

struct json_object *
gp_api_first(const struct gp_api *api, const struct gp_answer *answer)
{
	if (gp_api_shows(api, answer) < 1)
		return NULL;
	return json_object_array_get_idx(gp_api_tasks_in(api, answer), 0);
}

int
gp_api_counts(const struct gp_api *api, const struct gp_user *user)
{
	const struct gp_answer *answer = gp_user_reads(user, gp_api_list(api, user->id));

	GP_EXPECT_ANSWER(answer, 200);
	return gp_api_shows(api, answer);
}

struct json_object *
gp_api_only_task(const struct gp_api *api, const struct gp_user *user)
{
	const struct gp_answer *answer = gp_user_reads(user, gp_api_list(api, user->id));

	if (!GP_EXPECT(
		gp_api_shows(api, answer) == 1, "%s: not one task: %s", answer->call, answer->body))
		return NULL;
	return gp_api_first(api, answer);
}
