/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the table of routes: a row is an operation, its dialect's form gives the schemas. What all
 * routes share stands in tables here, as JSON in which ' is written for ".
 */
#include "openapi.h"

#include <string.h>

#include "dialect.h"
#include "exchange.h"
#include "json_write.h"
#include "service.h"
#include "task_form.h"

/* Append JSON in which ' stands for ". */
static void
add(struct gp_buffer *text, const char *json)
{
	while (*json != '\0') {
		size_t length = strcspn(json, "'");

		gp_buffer_add(text, json, length);
		json += length;
		if (*json == '\'') {
			gp_buffer_add_byte(text, '"');
			json++;
		}
	}
}

/* A comma where something stands before; every value and member begins with this. */
static void
separate(struct gp_buffer *text)
{
	if (text->length > 0 && strchr("{[:,", text->bytes[text->length - 1]) == NULL)
		gp_buffer_add_byte(text, ',');
}

static void
begin_member(struct gp_buffer *text, const char *name)
{
	separate(text);
	gp_json_write_text(text, name);
	gp_buffer_add_byte(text, ':');
}

static void
add_text_member(struct gp_buffer *text, const char *name, const char *value)
{
	begin_member(text, name);
	gp_json_write_text(text, value);
}

static void
add_number_member(struct gp_buffer *text, const char *name, int64_t number)
{
	begin_member(text, name);
	gp_buffer_add_integer(text, number);
}

/* "$ref": "#/components/KIND/PREFIXnameSUFFIX" */
static void
add_reference(struct gp_buffer *text, const char *kind, const char *prefix, const char *name,
    const char *suffix)
{
	add(text, "{'$ref':'#/components/");
	gp_buffer_add_text(text, kind);
	gp_buffer_add_byte(text, '/');
	gp_buffer_add_text(text, prefix);
	gp_buffer_add_text(text, name);
	gp_buffer_add_text(text, suffix);
	add(text, "'}");
}

static const struct gp_task_form *
form_of(const struct gp_route *route)
{
	return route->dialect != NULL ? route->dialect->tasks : NULL;
}

/* --- values --- */

#define EXAMPLE_TITLE "'examples':['Buy milk']"
#define EXAMPLE_DESCRIPTION "'examples':['Two litres, of the fresh one']"

/* Indexed by enum gp_task_column. */
static const char *const column_schemas[] = {
	[GP_TASK_ID] = "{'type':'integer','format':'int64','minimum':1,'examples':[42]}",
	[GP_TASK_UUID] =
	    "{'type':'string','format':'uuid','examples':['8f14e45f-ceea-467f-a1f3-0c9d3b1e52a7']}",
	[GP_TASK_USER_ID] =
	    "{'type':'string','minLength':1,'examples':['Zk3rQw81XbT0mVnYpL5sAhUe7dGfJc2o']}",
	[GP_TASK_TITLE] = "{'type':'string','minLength':1," EXAMPLE_TITLE "}",
	[GP_TASK_DESCRIPTION] = "{'type':['string','null']," EXAMPLE_DESCRIPTION "}",
	[GP_TASK_COMPLETED] = "{'type':'boolean','examples':[false]}",
	[GP_TASK_CREATED_AT] =
	    "{'type':'string','format':'date-time','examples':['2026-01-31T09:15:00.250000Z']}",
	[GP_TASK_UPDATED_AT] =
	    "{'type':'string','format':'date-time','examples':['2026-01-31T09:15:00.250000Z']}",
};

/* What the schema of a member of a body has besides; a new task, and changes of one. */
static const char *const new_task_notes[GP_TASK_FIELD_COUNT] = {
	[GP_TASK_FIELD_TITLE] = EXAMPLE_TITLE,
	[GP_TASK_FIELD_DESCRIPTION] = EXAMPLE_DESCRIPTION,
	[GP_TASK_FIELD_COMPLETED] = "'default':false",
};
static const char *const changes_notes[GP_TASK_FIELD_COUNT] = {
	[GP_TASK_FIELD_TITLE] = EXAMPLE_TITLE,
	[GP_TASK_FIELD_DESCRIPTION] = EXAMPLE_DESCRIPTION,
	[GP_TASK_FIELD_COMPLETED] = "'examples':[true]",
};

static void
add_bounds(
    struct gp_buffer *text, const struct gp_field *field, const char *least, const char *most)
{
	if (field->least != 0 || field->type == GP_FIELD_INTEGER)
		add_number_member(text, least, field->least);
	if (field->most != INT64_MAX)
		add_number_member(text, most, field->most);
}

/* The schema of a value that clients send; notes: further members of it, or NULL. */
static void
add_field_schema(struct gp_buffer *text, const struct gp_field *field, const char *notes)
{
	switch (field->type) {
	case GP_FIELD_TEXT:
		add(text, field->nullable ? "{'type':['string','null']" : "{'type':'string'");
		add_bounds(text, field, "minLength", "maxLength");
		break;
	case GP_FIELD_BOOL: add(text, "{'type':'boolean'"); break;
	case GP_FIELD_INTEGER:
		add(text, "{'type':'integer','format':'int64'");
		add_bounds(text, field, "minimum", "maximum");
		if (field->fallback != 0)
			add_number_member(text, "default", field->fallback);
		break;
	case GP_FIELD_ID: add(text, "{'type':'integer','format':'int64'"); break;
	case GP_FIELD_UUID: add(text, "{'type':'string','format':'uuid'"); break;
	}
	if (notes != NULL) {
		separate(text);
		add(text, notes);
	}
	add(text, "}");
}

static void
add_body_schema(struct gp_buffer *text, const struct gp_task_form *form, bool is_new)
{
	const char *const *notes = is_new ? new_task_notes : changes_notes;
	struct gp_field fields[GP_TASK_FIELD_COUNT];

	gp_task_form_body(form, is_new, fields);
	add(text, "{'type':'object','properties':{");
	for (size_t i = 0; i < GP_TASK_FIELD_COUNT; i++) {
		begin_member(text, fields[i].name);
		add_field_schema(text, &fields[i], notes[i]);
	}
	add(text, "}");
	for (size_t i = 0; i < GP_TASK_FIELD_COUNT; i++) {
		if (!fields[i].required)
			continue;
		add(text, ",'required':[");
		gp_json_write_text(text, fields[i].name);
		add(text, "]");
	}
	add(text, "}");
}

static void
add_task_schema(struct gp_buffer *text, const struct gp_task_form *form)
{
	const struct gp_task_member *member;

	add(text, "{'type':'object','properties':{");
	for (member = form->members; member->name != NULL; member++) {
		begin_member(text, member->name);
		add(text, column_schemas[member->column]);
	}
	add(text, "},'required':[");
	for (member = form->members; member->name != NULL; member++) {
		separate(text);
		gp_json_write_text(text, member->name);
	}
	add(text, "],'additionalProperties':false}");
}

/* --- parameters --- */

/* Indexed by what gp_task_form_page() fills. */
static const char *const page_descriptions[GP_PAGE_FIELD_COUNT] = {
	[GP_PAGE_COMPLETED] = "Only tasks that are completed, or only those that are not",
	[GP_PAGE_LIMIT] = "How many tasks, at the most",
	[GP_PAGE_OFFSET] = "How many tasks to pass over first",
};

static void
add_parameter(struct gp_buffer *text, const char *place, const struct gp_field *field,
    const char *description)
{
	separate(text);
	add(text, "{");
	add_text_member(text, "name", field->name);
	add_text_member(text, "in", place);
	add_text_member(text, "description", description);
	if (field->required)
		add(text, ",'required':true");
	add(text, ",'schema':");
	add_field_schema(text, field, NULL);
	add(text, "}");
}

static void
add_path_parameters(struct gp_buffer *text, const struct gp_route *route)
{
	const struct gp_field user = { .name = "user_id",
		.type = GP_FIELD_TEXT,
		.required = true,
		.least = 1,
		.most = INT64_MAX };
	const struct gp_task_form *form = form_of(route);
	struct gp_field key;

	if (strstr(route->pattern, "{user_id}") != NULL)
		add_parameter(text, "path", &user, "The caller's own id");
	if (form == NULL || form->key_name == NULL)
		return;
	key = gp_task_form_key(form);
	if (strstr(route->pattern, key.name) != NULL)
		add_parameter(text, "path", &key, "The id of the task");
}

static void
add_parameters(struct gp_buffer *text, const struct gp_route *route)
{
	const struct gp_field if_match = { .name = "If-Match", .most = INT64_MAX };
	const struct gp_field if_none_match = { .name = "If-None-Match", .most = INT64_MAX };
	const unsigned input = route->operation->input;
	struct gp_field page[GP_PAGE_FIELD_COUNT];
	size_t first = GP_PAGE_FIELD_COUNT;

	begin_member(text, "parameters");
	add(text, "[");
	add_path_parameters(text, route);
	if ((input & GP_INPUT_PAGE) != 0)
		first = gp_task_form_page(form_of(route), page);
	for (size_t i = first; i < GP_PAGE_FIELD_COUNT; i++)
		add_parameter(text, "query", &page[i], page_descriptions[i]);
	if ((input & GP_INPUT_CONDITION) != 0)
		add_parameter(
		    text, "header", &if_match, "An ETag: only if the task is still in this state");
	if ((input & GP_INPUT_KNOWN_TAG) != 0)
		add_parameter(
		    text, "header", &if_none_match, "An ETag: only if this is no longer the state");
	add(text, "]");
}

static void
add_request_body(struct gp_buffer *text, const struct gp_route *route)
{
	bool is_new = (route->operation->input & GP_INPUT_TASK) != 0;

	if (!is_new && (route->operation->input & GP_INPUT_CHANGES) == 0)
		return;
	add(text, ",'requestBody':{'required':true,'content':{'application/json':{'schema':");
	add_reference(
	    text, "schemas", is_new ? "New" : "", form_of(route)->name, is_new ? "" : "Changes");
	add(text, "}}}");
}

/* --- answers --- */

/* When a route can refuse with a status. */
enum occasion {
	ALWAYS,
	WITH_CALLER,
	WITH_OWNER,  /* the path names a user or a task, or the client has to be allowed */
	WITH_KEY,    /* the path names a task */
	WITH_VALUES, /* anything that is read and may be wrong */
	WITH_BODY,
	WITH_CONDITION,
};

static const struct {
	int status;
	enum occasion occasion;
	const char *name; /* in the document */
	const char *description;
	const char *example; /* of `detail`; what it says differs between APIs */
	const char *fields;  /* of the answer, besides those of every one */
} refusals[] = {
	{ 400, ALWAYS, "BadRequest", "The path or the framing of the body is not sound",
	    "'Bad Request'", NULL },
	{ 401, WITH_CALLER, "Unauthorized", "No credential, or one that is refused",
	    "'Not authenticated'", "'WWW-Authenticate':{'$ref':'#/components/headers/Challenge'}" },
	{ 403, WITH_OWNER, "Forbidden", "Somebody else's", "'Access denied'", NULL },
	{ 404, WITH_KEY, "NotFound", "There is no such task", "'Task not found'", NULL },
	{ 412, WITH_CONDITION, "PreconditionFailed",
	    "The task is not in a version that If-Match names", "'Precondition Failed'", NULL },
	{ 413, WITH_BODY, "ContentTooLarge", "The body is larger than 1 MiB",
	    "'Request body too large'", NULL },
	{ 415, WITH_BODY, "UnsupportedMediaType", "The body is not application/json",
	    "'Unsupported media type: use application/json'", NULL },
	{ 422, WITH_VALUES, "UnprocessableContent", "Every value that is wrong, and how",
	    "[{'loc':['body','title'],'msg':'field required','type':'value_error.missing'}]",
	    NULL },
	{ 429, WITH_CALLER, "TooManyRequests", "More requests than the operator allows",
	    "'Too Many Requests'", "'Retry-After':{'$ref':'#/components/headers/RetryAfter'}" },
	{ 500, ALWAYS, "InternalServerError", "Our own mistake", "'Internal Server Error'", NULL },
	{ 503, ALWAYS, "ServiceUnavailable", "Something that is needed does not answer",
	    "'Service temporarily unavailable'",
	    "'Retry-After':{'$ref':'#/components/headers/RetryAfter'}" },
};

static bool
occurs(enum occasion occasion, const struct gp_route *route)
{
	const struct gp_task_form *form = form_of(route);
	const unsigned input = route->operation->input;
	bool with_key = form != NULL && form->key_name != NULL &&
			strstr(route->pattern, form->key_name) != NULL;
	bool with_body = (input & (GP_INPUT_TASK | GP_INPUT_CHANGES)) != 0;

	switch (occasion) {
	case ALWAYS: return true;
	case WITH_CALLER: return route->access == GP_ACCESS_CALLER;
	case WITH_OWNER:
		return with_key || strstr(route->pattern, "{user_id}") != NULL ||
		       route->operation->output == GP_OUTPUT_METRICS;
	case WITH_KEY: return with_key;
	case WITH_VALUES: return with_key || with_body || (input & GP_INPUT_PAGE) != 0;
	case WITH_BODY: return with_body;
	case WITH_CONDITION: return (input & GP_INPUT_CONDITION) != 0;
	}
	return false;
}

/* What does not depend on a form: the content of an answer, by enum gp_output. */
static const char *const contents[] = {
	[GP_OUTPUT_STATUS] = "'application/json':{'schema':{'$ref':'#/components/schemas/Status'}}",
	[GP_OUTPUT_DOCUMENT] =
	    "'application/json':{'schema':{'type':'object','properties':{"
	    "'openapi':{'type':'string'},'info':{'type':'object'},'paths':{'type':'object'}},"
	    "'required':['openapi','info','paths']}}",
	[GP_OUTPUT_METRICS] =
	    "'text/plain; version=0.0.4; charset=utf-8':{'schema':{'type':'string'}}",
	[GP_OUTPUT_PROFILE] =
	    "'application/json':{'schema':{'$ref':'#/components/schemas/Profile'}}",
};

/* The schema of one task, or of a list of them, in the member that the form puts it into. */
static void
add_tasks_content(struct gp_buffer *text, const struct gp_task_form *form, bool is_list)
{
	const char *member = is_list ? form->all_in : form->one_in;

	add(text, "'application/json':{'schema':");
	if (member != NULL) {
		add(text, "{'type':'object','additionalProperties':false,'required':[");
		gp_json_write_text(text, member);
		add(text, "],'properties':{");
		begin_member(text, member);
	}
	add(text, is_list ? "{'type':'array','items':" : "");
	add_reference(text, "schemas", "", form->name, "");
	add(text, is_list ? "}" : "");
	add(text, member != NULL ? "}}" : "");
	add(text, "}");
}

static void
add_farewell(struct gp_buffer *text, const struct gp_task_form *form)
{
	switch (form->farewell) {
	case GP_FAREWELL_NULL: add(text, "'application/json':{'schema':{'type':'null'}}"); return;
	case GP_FAREWELL_NOTHING: return; /* 204 has no content */
	case GP_FAREWELL_TASK: add_tasks_content(text, form, false); return;
	}
}

static void
add_content(struct gp_buffer *text, const struct gp_route *route)
{
	const struct gp_task_form *form = form_of(route);
	enum gp_output output = route->operation->output;

	if (route->status == 204)
		return;
	add(text, ",'content':{");
	if (output == GP_OUTPUT_TASKS || output == GP_OUTPUT_TASK)
		add_tasks_content(text, form, output == GP_OUTPUT_TASKS);
	else if (output == GP_OUTPUT_DELETED)
		add_farewell(text, form);
	else
		add(text, contents[output]);
	add(text, "}");
}

static void
add_fields(struct gp_buffer *text, const struct gp_route *route)
{
	const struct gp_operation *operation = route->operation;

	add(text, ",'headers':{'X-Request-Id':{'$ref':'#/components/headers/RequestId'}");
	if ((operation->input & GP_INPUT_KNOWN_TAG) != 0 || operation->output == GP_OUTPUT_TASK)
		add(text, ",'ETag':{'$ref':'#/components/headers/ETag'}");
	if ((operation->input & GP_INPUT_PAGE) != 0)
		add(text, ",'Link':{'$ref':'#/components/headers/NextPage'}");
	add(text, "}");
}

static void
begin_status(struct gp_buffer *text, int status)
{
	separate(text);
	gp_buffer_add_byte(text, '"');
	gp_buffer_add_integer(text, status);
	add(text, "':");
}

static void
add_responses(struct gp_buffer *text, const struct gp_route *route)
{
	begin_member(text, "responses");
	add(text, "{");
	begin_status(text, route->status);
	add(text, "{'description':'Done'");
	add_fields(text, route);
	add_content(text, route);
	add(text, "}");
	if ((route->operation->input & GP_INPUT_KNOWN_TAG) != 0) {
		begin_status(text, 304);
		add_reference(text, "responses", "", "NotModified", "");
	}
	for (size_t i = 0; i < GP_COUNT(refusals); i++) {
		if (!occurs(refusals[i].occasion, route))
			continue;
		begin_status(text, refusals[i].status);
		add_reference(text, "responses", "", refusals[i].name, "");
	}
	add(text, "}");
}

/* --- operations --- */

/* The method in lower case, as the document names it. */
static const char *
method_name(enum gp_method method, char name[64])
{
	gp_methods_text(method, name);
	for (char *c = name; *c != '\0'; c++)
		*c = (char)(*c - 'A' + 'a');
	return name;
}

/* get_api_user_id_tasks: method and pattern, with what is no letter or digit between them. */
static void
add_operation_id(struct gp_buffer *text, const char *method, const char *pattern)
{
	begin_member(text, "operationId");
	gp_buffer_add_byte(text, '"');
	gp_buffer_add_text(text, method);
	for (const char *c = pattern; *c != '\0'; c++) {
		if (*c == '/')
			gp_buffer_add_byte(text, '_');
		else if (strchr("{}.", *c) == NULL)
			gp_buffer_add_byte(text, *c);
	}
	gp_buffer_add_byte(text, '"');
}

static void
add_operation(struct gp_buffer *text, const struct gp_route *route)
{
	char name[64];

	begin_member(text, method_name(route->method, name));
	add(text, "{");
	add_operation_id(text, name, route->pattern);
	add_text_member(text, "summary", route->operation->summary);
	if (route->operation->description != NULL)
		add_text_member(text, "description", route->operation->description);
	begin_member(text, "tags");
	add(text, "[");
	gp_json_write_text(text, route->dialect != NULL ? route->dialect->name : "operation");
	add(text, "]");
	if (route->access == GP_ACCESS_OPEN)
		add(text, ",'security':[]");
	add_parameters(text, route);
	add_request_body(text, route);
	add_responses(text, route);
	add(text, "}");
}

/* Whether a row before this one has the same pattern. */
static bool
is_repeated(const struct gp_route *routes, const struct gp_route *route)
{
	while (routes < route && strcmp(routes->pattern, route->pattern) != 0)
		routes++;
	return routes < route;
}

static void
add_paths(struct gp_buffer *text, const struct gp_route *routes)
{
	begin_member(text, "paths");
	add(text, "{");
	for (const struct gp_route *first = routes; first->pattern != NULL; first++) {
		if (is_repeated(routes, first))
			continue;
		begin_member(text, first->pattern);
		add(text, "{");
		for (const struct gp_route *route = first; route->pattern != NULL; route++) {
			if (strcmp(route->pattern, first->pattern) == 0)
				add_operation(text, route);
		}
		add(text, "}");
	}
	add(text, "}");
}

/* One for each dialect, which says what it is; readers see them in this order. */
static void
add_tags(struct gp_buffer *text, const struct gp_route *routes)
{
	const struct gp_dialect *last = NULL;

	begin_member(text, "tags");
	add(text, "[");
	for (const struct gp_route *route = routes; route->pattern != NULL; route++) {
		if (route->dialect == NULL || route->dialect == last)
			continue;
		last = route->dialect;
		separate(text);
		add(text, "{");
		add_text_member(text, "name", last->name);
		add_text_member(text, "description", last->description);
		add(text, "}");
	}
	separate(text);
	add(text, "{'name':'operation','description':'For whoever runs this'}]");
}

/* --- what operations refer to --- */

static const char security_schemes[] =
    "'securitySchemes':{'bearer':{'type':'http','scheme':'bearer','description':'"
    "The token alone, without the word Bearer: a JWT, which sign-in answers at `/api/auth/token` and "
    "`gatepost-token mint` makes on the server, or the session token that signing in answers.'}}";

static const char headers[] =
    "'headers':{"
    "'RequestId':{'description':'Names the request in the log','required':true,'schema':{'type':'string'}},"
    "'ETag':{'description':'The state of what is sent, for If-Match and If-None-Match','required':true,'schema':{'type':'string'}},"
    "'NextPage':{'description':'Where the list goes on, where it does','schema':{'type':'string'}},"
    "'Challenge':{'required':true,'schema':{'type':'string'}},"
    "'RetryAfter':{'description':'Seconds','required':true,'schema':{'type':'integer','minimum':1}}}";

static const char common_schemas[] =
    "'Refusal':{'type':'object','properties':{'detail':{'type':'string'}},"
    "'required':['detail'],'additionalProperties':false},"
    "'Faults':{'type':'object','properties':{'detail':{'type':'array','minItems':1,'items':{"
    "'type':'object','properties':{"
    "'loc':{'type':'array','minItems':1,'items':{'type':['string','integer']}},"
    "'msg':{'type':'string'},'type':{'type':'string'}},"
    "'required':['loc','msg','type'],'additionalProperties':false}}},"
    "'required':['detail'],'additionalProperties':false},"
    "'Status':{'type':'object','properties':{'status':{'enum':['ok','ready']}},"
    "'required':['status'],'additionalProperties':false},"
    "'Profile':{'type':'object','properties':{'id':{'type':'string','minLength':1},"
    "'email':{'type':'string','minLength':1},'name':{'type':['string','null']}},"
    "'required':['id','email','name'],'additionalProperties':false}";

/* Whether a row before this one has a form of the same name, which then is the same schema. */
static bool
is_form_repeated(const struct gp_route *routes, const struct gp_route *route)
{
	const char *name = form_of(route)->name;

	while (
	    routes < route && (form_of(routes) == NULL || strcmp(form_of(routes)->name, name) != 0))
		routes++;
	return routes < route;
}

static void
add_form_schemas(struct gp_buffer *text, const struct gp_task_form *form)
{
	begin_member(text, form->name);
	add_task_schema(text, form);
	add(text, ",'New");
	gp_buffer_add_text(text, form->name);
	add(text, "':");
	add_body_schema(text, form, true);
	add(text, ",'");
	gp_buffer_add_text(text, form->name);
	add(text, "Changes':");
	add_body_schema(text, form, false);
}

static void
add_refusals(struct gp_buffer *text)
{
	begin_member(text, "responses");
	add(text, "{'NotModified':{'description':'The client has it already','headers':{"
		  "'X-Request-Id':{'$ref':'#/components/headers/RequestId'},"
		  "'ETag':{'$ref':'#/components/headers/ETag'}}}");
	for (size_t i = 0; i < GP_COUNT(refusals); i++) {
		begin_member(text, refusals[i].name);
		add(text, "{");
		add_text_member(text, "description", refusals[i].description);
		add(text, ",'headers':{'X-Request-Id':{'$ref':'#/components/headers/RequestId'}");
		if (refusals[i].fields != NULL) {
			separate(text);
			add(text, refusals[i].fields);
		}
		add(text, "},'content':{'application/json':{'schema':");
		add_reference(
		    text, "schemas", "", refusals[i].status == 422 ? "Faults" : "Refusal", "");
		add(text, ",'example':{'detail':");
		add(text, refusals[i].example);
		add(text, "}}}}");
	}
	add(text, "}");
}

static void
add_components(struct gp_buffer *text, const struct gp_route *routes)
{
	begin_member(text, "components");
	add(text, "{");
	add(text, security_schemes);
	separate(text);
	add(text, headers);
	begin_member(text, "schemas");
	add(text, "{");
	add(text, common_schemas);
	for (const struct gp_route *route = routes; route->pattern != NULL; route++) {
		if (form_of(route) != NULL && !is_form_repeated(routes, route))
			add_form_schemas(text, form_of(route));
	}
	add(text, "}");
	add_refusals(text);
	add(text, "}");
}

static enum gp_outcome
show(struct gp_exchange *exchange)
{
	const struct gp_service *service = exchange->service;
	const char *mount_path = service->settings->mount_path;
	struct gp_buffer *text = &exchange->response.body;

	add(text,
	    "{'openapi':'3.1.0','info':{'title':'gatepost','version':'" GATEPOST_VERSION "',"
	    "'description':'The tasks of whoever asks, in the forms of four APIs. All of them "
	    "have the same tasks: what is added by one is there in the others.\\n\\n"
	    "Every path answers HEAD where it answers GET, and OPTIONS; other methods get 405 with Allow, other paths 404.','license':{'name':'Apache-2.0','identifier':'Apache-2.0'}}");
	begin_member(text, "servers");
	add(text, "[{");
	add_text_member(text, "url", mount_path[0] != '\0' ? mount_path : "/");
	add(text, "}],'security':[{'bearer':[]}]");
	add_tags(text, service->routes);
	add_paths(text, service->routes);
	add_components(text, service->routes);
	add(text, "}");
	return GP_OK;
}

const struct gp_operation gp_openapi_show = {
	.handler = show,
	.summary = "This document",
	.input = GP_INPUT_KNOWN_TAG,
	.output = GP_OUTPUT_DOCUMENT,
};
