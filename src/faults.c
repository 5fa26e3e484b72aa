/* SPDX-License-Identifier: Apache-2.0 */
/* The words of FastAPI with pydantic 1, which the clients of these APIs know. */
#include "faults.h"

#include "json_write.h"

static const struct {
	const char *before, *after; /* around the number, where there is one */
	const char *type;
} kinds[GP_FAULT_KIND_COUNT] = {
	[GP_FAULT_MISSING] = { "field required", NULL, "value_error.missing" },
	[GP_FAULT_NULL] = { "none is not an allowed value", NULL, "type_error.none.not_allowed" },
	[GP_FAULT_NOT_TEXT] = { "str type expected", NULL, "type_error.str" },
	[GP_FAULT_NOT_BOOL] = { "value could not be parsed to a boolean", NULL, "type_error.bool" },
	[GP_FAULT_NOT_OBJECT] = { "value is not a valid dict", NULL, "type_error.dict" },
	[GP_FAULT_NOT_UUID] = { "value is not a valid uuid", NULL, "type_error.uuid" },
	[GP_FAULT_NOT_INTEGER] = { "value is not a valid integer", NULL, "type_error.integer" },
	[GP_FAULT_TOO_SMALL] = { "ensure this value is greater than or equal to ", "",
	    "value_error.number.not_ge" },
	[GP_FAULT_TOO_GREAT] = { "ensure this value is less than or equal to ", "",
	    "value_error.number.not_le" },
	[GP_FAULT_TOO_SHORT] = { "ensure this value has at least ", " characters",
	    "value_error.any_str.min_length" },
	[GP_FAULT_TOO_LONG] = { "ensure this value has at most ", " characters",
	    "value_error.any_str.max_length" },
	[GP_FAULT_NOT_JSON] = { NULL, NULL, "value_error.jsondecode" },
};

static const char *const places[] = {
	[GP_IN_BODY] = "body",
	[GP_IN_PATH] = "path",
	[GP_IN_QUERY] = "query",
};

void
gp_faults_add(struct gp_faults *faults, struct gp_fault fault)
{
	if (faults->count < GP_FAULTS_MAX)
		faults->faults[faults->count++] = fault;
}

static void
write_fault(const struct gp_fault *fault, struct gp_buffer *buffer)
{
	gp_buffer_add_text(buffer, "{\"loc\":[");
	gp_json_write_text(buffer, places[fault->place]);
	if (fault->name != NULL) {
		gp_buffer_add_byte(buffer, ',');
		gp_json_write_text(buffer, fault->name);
	} else if (fault->kind == GP_FAULT_NOT_JSON) {
		gp_buffer_add_byte(buffer, ',');
		gp_buffer_add_integer(buffer, fault->number);
	}
	gp_buffer_add_text(buffer, "],\"msg\":");
	if (kinds[fault->kind].after != NULL) {
		gp_buffer_add_byte(buffer, '"');
		gp_buffer_add_text(buffer, kinds[fault->kind].before);
		gp_buffer_add_integer(buffer, fault->number);
		gp_buffer_add_text(buffer, kinds[fault->kind].after);
		gp_buffer_add_byte(buffer, '"');
	} else {
		gp_json_write_text(
		    buffer, fault->message != NULL ? fault->message : kinds[fault->kind].before);
	}
	gp_buffer_add_text(buffer, ",\"type\":");
	gp_json_write_text(buffer, kinds[fault->kind].type);
	gp_buffer_add_byte(buffer, '}');
}

void
gp_faults_write(const struct gp_faults *faults, struct gp_buffer *buffer)
{
	gp_buffer_add_byte(buffer, '[');
	for (size_t i = 0; i < faults->count; i++) {
		if (i > 0)
			gp_buffer_add_byte(buffer, ',');
		write_fault(&faults->faults[i], buffer);
	}
	gp_buffer_add_byte(buffer, ']');
}
