/* SPDX-License-Identifier: Apache-2.0 */
/* Judges each member by its row; json-c's objects end here. */
#include "json_read.h"

#include <json-c/json.h>
#include <string.h>

#include "utf8.h"

static void
add(struct gp_faults *faults, const struct gp_field *field, enum gp_fault_kind kind, int64_t number)
{
	gp_faults_add(
	    faults, (struct gp_fault){
			.place = GP_IN_BODY, .name = field->name, .kind = kind, .number = number });
}

static enum gp_outcome
read_text(struct gp_arena *arena, const struct gp_field *field, struct json_object *member,
    struct gp_value *value, struct gp_faults *faults)
{
	const char *text;
	int64_t characters;
	size_t length;

	if (!json_object_is_type(member, json_type_string)) {
		add(faults, field, GP_FAULT_NOT_TEXT, 0);
		return GP_OK;
	}
	text = json_object_get_string(member);
	length = (size_t)json_object_get_string_len(member);
	characters = gp_utf8_count(text, length);
	if (characters < field->least) {
		add(faults, field, GP_FAULT_TOO_SHORT, field->least);
	} else if (characters > field->most) {
		add(faults, field, GP_FAULT_TOO_LONG, field->most);
	} else {
		value->text = gp_arena_copy(arena, text, length);
		if (value->text == NULL)
			return GP_ERR_MEMORY;
	}
	return GP_OK;
}

static enum gp_outcome
read_member(struct gp_arena *arena, const struct gp_field *field, struct json_object *object,
    struct gp_value *value, struct gp_faults *faults)
{
	struct json_object *member;

	if (!json_object_object_get_ex(object, field->name, &member)) {
		if (field->required)
			add(faults, field, GP_FAULT_MISSING, 0);
		return GP_OK;
	}
	value->given = true;
	if (member == NULL) {
		if (!field->nullable)
			add(faults, field, GP_FAULT_NULL, 0);
		return GP_OK;
	}
	switch (field->type) {
	case GP_FIELD_TEXT: return read_text(arena, field, member, value, faults);
	case GP_FIELD_BOOL:
		if (json_object_is_type(member, json_type_boolean))
			value->text = json_object_get_boolean(member) ? "true" : "false";
		else
			add(faults, field, GP_FAULT_NOT_BOOL, 0);
		return GP_OK;
	default: return GP_ERR_INTERNAL; /* no body has one */
	}
}

enum gp_outcome
gp_json_read(struct gp_arena *arena, struct gp_json_reader *reader, const char *body, size_t length,
    const struct gp_field *fields, size_t count, struct gp_value *values, struct gp_faults *faults)
{
	struct json_object *object = NULL;
	struct gp_json_error error;
	struct gp_fault fault = { .place = GP_IN_BODY };
	enum gp_outcome outcome = GP_OK;

	memset(values, 0, count * sizeof(*values));
	if (length == 0) {
		fault.kind = GP_FAULT_MISSING;
		gp_faults_add(faults, fault);
		return GP_OK;
	}
	if (!gp_json_parse(reader, body, length, &object, &error)) {
		fault.kind = GP_FAULT_NOT_JSON;
		fault.number = (int64_t)error.offset;
		fault.message = error.message;
		gp_faults_add(faults, fault);
		return GP_OK;
	}
	if (!json_object_is_type(object, json_type_object)) {
		fault.kind = GP_FAULT_NOT_OBJECT;
		gp_faults_add(faults, fault);
	} else {
		for (size_t i = 0; i < count && outcome == GP_OK; i++)
			outcome = read_member(arena, &fields[i], object, &values[i], faults);
	}
	json_object_put(object);
	return outcome;
}
