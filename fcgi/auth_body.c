/* SPDX-License-Identifier: Apache-2.0 */
/* Two forms of body, one table of members, and the words of Better Auth's schemas. */
#include "auth_body.h"

#include <json-c/json.h>
#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#include "email_address.h"
#include "form_read.h"
#include "service.h"
#include "utf8.h"

/* Whether a Content-Type, whatever its parameters, is this one. */
static bool
is_type(const char *content_type, const char *type)
{
	size_t length = strcspn(content_type, "; \t");

	return length == strlen(type) && strncasecmp(content_type, type, length) == 0;
}

/* The type is the client's own text, and goes back to it as JSON. */
static enum gp_outcome
refuse_type(struct gp_auth_call *call, const char *content_type)
{
	struct gp_buffer text;

	gp_buffer_init(&text, call->arena);
	gp_buffer_add_text(&text, "Content-Type \"");
	gp_buffer_add_text(
	    &text, gp_utf8_is_valid(content_type, strlen(content_type)) ? content_type : "");
	gp_buffer_add_text(&text, "\" is not allowed. Allowed types: ");
	if (call->endpoint->begins_session)
		gp_buffer_add_text(&text, "application/x-www-form-urlencoded, ");
	gp_buffer_add_text(&text, "application/json");
	gp_buffer_add_byte(&text, '\0');
	if (!gp_buffer_complete(&text))
		return GP_ERR_MEMORY;
	call->exchange->message = text.bytes;
	return GP_BAD_MEDIA_TYPE;
}

static enum gp_outcome
parse(struct gp_auth_call *call, struct gp_auth_text *body)
{
	static const char mark[] = "\xef\xbb\xbf"; /* that some editors put in front of UTF-8 */
	const char *text = body->bytes;
	size_t length = body->length;
	struct gp_json_error error;

	if (length >= 3 && memcmp(text, mark, 3) == 0) {
		text += 3;
		length -= 3;
	}
	body->kind = GP_AUTH_JSON;
	return gp_json_parse(call->exchange->service->reader, text, length, &body->json, &error)
		   ? GP_OK
		   : GP_BAD_JSON;
}

enum gp_outcome
gp_auth_body_read(struct gp_auth_call *call, struct gp_auth_text *body)
{
	struct gp_request *request = call->exchange->request;
	const char *type = request->content_type;
	enum gp_outcome outcome;

	outcome = gp_request_body(request, call->arena, &body->bytes, &body->length);
	if (outcome != GP_OK || body->length == 0 || type == NULL || type[0] == '\0')
		return outcome;
	if (is_type(type, "application/json"))
		return parse(call, body);
	if (!call->endpoint->begins_session || !is_type(type, "application/x-www-form-urlencoded"))
		return refuse_type(call, type);
	body->kind = GP_AUTH_FORM;
	return GP_OK;
}

void
gp_auth_body_release(struct gp_auth_text *body)
{
	json_object_put(body->json);
	if (body->bytes != NULL)
		OPENSSL_cleanse(body->bytes, body->length);
	*body = (struct gp_auth_text){ .kind = GP_AUTH_NO_BODY };
}

/* What JavaScript calls a value of this type. */
static const char *
type_name(const struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null: return "null";
	case json_type_boolean: return "boolean";
	case json_type_double:
	case json_type_int: return "number";
	case json_type_object: return "object";
	case json_type_array: return "array";
	case json_type_string: return "string";
	}
	return "undefined";
}

static bool
is_truthy(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null: return false;
	case json_type_boolean: return json_object_get_boolean(value) != 0;
	case json_type_double: return json_object_get_double(value) != 0;
	case json_type_int: return json_object_get_int64(value) != 0;
	case json_type_string: return json_object_get_string_len(value) > 0;
	default: return true;
	}
}

static enum gp_outcome
find_in_form(struct gp_auth_call *call, const struct gp_auth_text *body, const char *name,
    struct gp_auth_found *found)
{
	enum gp_outcome outcome =
	    gp_form_find(call->arena, body->bytes, body->length, name, &found->text);

	if (outcome != GP_OK)
		return outcome == GP_ERR_MEMORY ? outcome : GP_BAD_JSON;
	if (found->text == NULL)
		return GP_OK;
	found->given = true;
	found->type = "string";
	found->length = strlen(found->text);
	found->truthy = found->length > 0;
	return GP_OK;
}

enum gp_outcome
gp_auth_body_find(struct gp_auth_call *call, const struct gp_auth_text *body, const char *name,
    struct gp_auth_found *found)
{
	struct json_object *value;

	*found = (struct gp_auth_found){ .type = "undefined" };
	if (body->kind == GP_AUTH_FORM)
		return find_in_form(call, body, name, found);
	if (!json_object_is_type(body->json, json_type_object) ||
	    !json_object_object_get_ex(body->json, name, &value))
		return GP_OK;
	found->given = true;
	found->type = type_name(value);
	found->truthy = is_truthy(value);
	if (json_object_is_type(value, json_type_string)) {
		found->text = json_object_get_string(value);
		found->length = (size_t)json_object_get_string_len(value);
	} else if (json_object_is_type(value, json_type_boolean)) {
		found->text = json_object_get_boolean(value) ? "true" : "false";
		found->length = strlen(found->text);
	}
	return GP_OK;
}

/* --- judging --- */

/* One fault of "body" or of one of its members, behind those before it. */
static void
add_fault(struct gp_buffer *faults, const char *member, const char *text)
{
	gp_buffer_add_text(faults, faults->length > 0 ? "; [body" : "[body");
	if (member != NULL)
		gp_buffer_add_byte(faults, '.');
	gp_buffer_add_text(faults, member != NULL ? member : "");
	gp_buffer_add_text(faults, "] ");
	gp_buffer_add_text(faults, text);
}

static void
add_type_fault(
    struct gp_buffer *faults, const char *member, const char *expected, const char *received)
{
	add_fault(faults, member, "Invalid input: expected ");
	gp_buffer_add_text(faults, expected);
	gp_buffer_add_text(faults, ", received ");
	gp_buffer_add_text(faults, received);
}

static void
judge_member(const struct gp_auth_member *member, const struct gp_auth_found *found,
    struct gp_buffer *faults)
{
	bool flag = member->type == GP_AUTH_FLAG;
	const char *expected = flag ? "boolean" : "string";

	if (member->type == GP_AUTH_ANY || (!found->given && !member->required) ||
	    (member->nullable && strcmp(found->type, "null") == 0))
		return;
	if (strcmp(found->type, expected) != 0)
		add_type_fault(faults, member->name, expected, found->type);
	else if (member->type == GP_AUTH_EMAIL &&
		 !gp_email_address_is_valid(found->text, found->length))
		add_fault(faults, member->name, "Invalid email address");
	else if (member->type == GP_AUTH_TEXT_FILLED && found->length == 0)
		add_fault(
		    faults, member->name, "Too small: expected string to have >=1 characters");
}

static enum gp_outcome
keep(struct gp_auth_call *call, const struct gp_auth_found *found, struct gp_auth_value *value)
{
	value->given = found->given;
	value->truthy = found->truthy;
	if (found->text == NULL)
		return GP_OK;
	value->length = found->length;
	value->text = gp_arena_copy(call->arena, found->text, found->length);
	return value->text != NULL ? GP_OK : GP_ERR_MEMORY;
}

/* What is wrong with the body as a whole. Returns whether its members are worth a look. */
static bool
judge_whole(enum gp_auth_body rule, const struct gp_auth_text *body, struct gp_buffer *faults)
{
	const char *received = "undefined";

	if (rule == GP_AUTH_BODY_IGNORED)
		return false;
	if (body->kind == GP_AUTH_FORM ||
	    (body->kind == GP_AUTH_JSON && json_object_is_type(body->json, json_type_object)))
		return true;
	if (body->kind == GP_AUTH_JSON)
		received = type_name(body->json);
	else if (rule == GP_AUTH_BODY_OPTIONAL)
		return false;
	if (rule != GP_AUTH_BODY_RECORD)
		add_type_fault(faults, NULL, "object", received);
	if (rule == GP_AUTH_BODY_RECORD || rule == GP_AUTH_BODY_OBJECT_RECORD)
		add_type_fault(faults, NULL, "record", received);
	return false;
}

static enum gp_outcome
refuse(struct gp_auth_call *call, struct gp_buffer *faults)
{
	gp_buffer_add_byte(faults, '\0');
	if (!gp_buffer_complete(faults))
		return GP_ERR_MEMORY;
	call->exchange->message = faults->bytes;
	return GP_BAD_VALUES;
}

enum gp_outcome
gp_auth_body_judge(struct gp_auth_call *call, const struct gp_auth_text *body)
{
	const struct gp_auth_endpoint *endpoint = call->endpoint;
	struct gp_buffer faults;
	enum gp_outcome outcome = GP_OK;
	bool whole;

	gp_buffer_init(&faults, call->arena);
	whole = judge_whole(endpoint->body, body, &faults);
	for (size_t i = 0; whole && i < endpoint->member_count && outcome == GP_OK; i++) {
		const struct gp_auth_member *member = &endpoint->members[i];
		struct gp_auth_found found;

		outcome = gp_auth_body_find(call, body, member->name, &found);
		if (outcome != GP_OK)
			break;
		judge_member(member, &found, &faults);
		outcome = keep(call, &found, &call->values[i]);
	}
	if (outcome == GP_OK && faults.length > 0)
		return refuse(call, &faults);
	return outcome;
}

enum gp_outcome
gp_auth_refuse_value(struct gp_auth_call *call, const char *where, const char *what)
{
	struct gp_buffer faults;

	gp_buffer_init(&faults, call->arena);
	gp_buffer_add_byte(&faults, '[');
	gp_buffer_add_text(&faults, where);
	gp_buffer_add_text(&faults, "] ");
	gp_buffer_add_text(&faults, what);
	return refuse(call, &faults);
}
