/* SPDX-License-Identifier: Apache-2.0 */
/* Knows in which order refusals go, and what each operation does to a task. */
#include "random_operation.h"

#include <json-c/json.h>

#include "../http/kept.h"
#include "../http/people.h"
#include "random_sketch.h"

static int
success(const struct gp_sketch *sketch)
{
	const struct gp_operation *operation = sketch->operation;

	if (sketch->is_not_modified)
		return 304;
	if (operation->act == GP_ACT_CREATE)
		return operation->api->created;
	if (operation->act == GP_ACT_DELETE && operation->api == &gp_apis[GP_API_B])
		return 204;
	return 200;
}

static void
refuse(struct gp_operation *operation, int status, const char *detail)
{
	operation->status = status;
	operation->detail = detail;
}

static const char *
path_fault(const struct gp_operation *operation)
{
	if (operation->api == &gp_apis[GP_API_A])
		return "{\"loc\":[\"path\",\"task_id\"],\"msg\":\"value is not a valid uuid\","
		       "\"type\":\"type_error.uuid\"}";
	return gp_kept_text("{\"loc\":[\"path\",\"%s\"],\"msg\":\"value is not a valid integer\","
			    "\"type\":\"type_error.integer\"}",
	    operation->api == &gp_apis[GP_API_B] ? "todo_id" : "task_id");
}

/* All at once, those of the path first. No request here has a query and a body. */
static const char *
all_faults(const struct gp_sketch *sketch)
{
	const char *first = sketch->is_no_name ? path_fault(sketch->operation) : NULL;
	const char *later =
	    sketch->query_faults != NULL ? sketch->query_faults : sketch->body_faults;

	if (first != NULL && later != NULL)
		return gp_kept_text("%s,%s", first, later);
	return first != NULL ? first : later;
}

/* The first that is wrong counts: route, credential, user, values, task, condition. */
static void
settle(struct gp_sketch *sketch)
{
	struct gp_operation *operation = sketch->operation;
	const char *faults = all_faults(sketch);

	if (operation->act == GP_ACT_NO_METHOD) {
		refuse(operation, 405, "Method Not Allowed");
	} else if (sketch->credential_detail != NULL) {
		refuse(operation, 401, sketch->credential_detail);
	} else if (sketch->is_other_user) {
		refuse(operation, 403,
		    operation->act == GP_ACT_CREATE ? operation->api->other_user_create
						    : operation->api->other_user);
	} else if (faults != NULL) {
		operation->status = 422;
		operation->faults = faults;
	} else if (sketch->names_task && operation->item == NULL) {
		refuse(operation, 404, operation->api->absent);
	} else if (operation->owner != operation->actor) {
		refuse(operation, 403,
		    operation->act == GP_ACT_READ ? operation->api->foreign_read
						  : operation->api->foreign_write);
	} else if (sketch->is_changed) {
		refuse(operation, 412, "Precondition Failed");
	} else {
		operation->status = success(sketch);
	}
}

void
gp_operation_draw(struct gp_operation *operation, struct gp_model *model, struct gp_player *actor,
    const bool is_busy[GP_PLAYERS], struct gp_draw *draw)
{
	struct gp_sketch sketch = {
		.operation = operation, .model = model, .is_busy = is_busy, .draw = draw
	};

	*operation = (struct gp_operation){ .actor = actor, .owner = actor };
	gp_sketch_draw(&sketch);
	settle(&sketch);
}

bool
gp_operation_succeeds(const struct gp_operation *operation)
{
	return operation->status < 400;
}

bool
gp_operation_writes(const struct gp_operation *operation)
{
	return gp_operation_succeeds(operation) &&
	       (operation->act == GP_ACT_CREATE || operation->act == GP_ACT_UPDATE ||
		   operation->act == GP_ACT_TOGGLE || operation->act == GP_ACT_DELETE);
}

static void
apply_change(struct gp_item *item, const struct gp_change *change)
{
	if (change->title != NULL)
		item->title = change->title;
	if (change->gives_description)
		item->description = change->description;
	if (change->gives_completed)
		item->completed = change->completed;
}

void
gp_operation_apply(struct gp_operation *operation)
{
	struct gp_item *item = operation->item;

	switch (operation->act) {
	case GP_ACT_CREATE:
		operation->item = gp_model_add(operation->actor);
		apply_change(operation->item, &operation->change);
		break;
	case GP_ACT_UPDATE: apply_change(item, &operation->change); break;
	case GP_ACT_TOGGLE: item->completed = !item->completed; break;
	case GP_ACT_DELETE: item->is_gone = true; break;
	default: return;
	}
	operation->actor->changes++;
}

/* One value in an object. */
static struct json_object *
wrap(const char *name, struct json_object *value)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, name, value);
	return object;
}

static struct json_object *
list_body(const struct gp_operation *operation)
{
	struct gp_list list = gp_model_list(operation->actor, &operation->page);
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < list.count; i++)
		json_object_array_add(
		    array, gp_model_show(operation->actor, list.items[i], operation->api));
	return operation->api->wrapped ? wrap("tasks", array) : array;
}

/* A token speaks for itself; a session has the user's row behind it. */
static struct json_object *
profile_body(const struct gp_operation *operation)
{
	const struct gp_player *actor = operation->actor;
	bool from_row = operation->has_session;
	struct json_object *profile = wrap("id", json_object_new_string(actor->id));

	json_object_object_add(profile, "email",
	    json_object_new_string(from_row ? gp_person_email(actor->id) : actor->email));
	json_object_object_add(
	    profile, "name", json_object_new_string(from_row ? GP_PERSON_NAME : actor->name));
	return profile;
}

struct json_object *
gp_operation_body(const struct gp_operation *operation)
{
	struct json_object *task;

	if (operation->act == GP_ACT_LIST)
		return list_body(operation);
	if (operation->act == GP_ACT_PROFILE)
		return profile_body(operation);
	if (operation->act == GP_ACT_DELETE && operation->api != &gp_apis[GP_API_D])
		return NULL;
	task = gp_model_show(operation->actor, operation->item, operation->api);
	return operation->act == GP_ACT_CREATE && operation->api->wrapped ? wrap("task", task)
									  : task;
}
