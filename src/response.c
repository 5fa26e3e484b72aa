/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the fields of an answer and the names of statuses. */
#include "response.h"

/* As long as the database file's longest pause between two attempts to connect. */
enum { RETRY_AFTER_S = 2 };

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
};

static const char *
reason_of(int status)
{
	for (size_t i = 0; i < GP_COUNT(reasons); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Other";
}

static void
add_field(struct gp_buffer *text, const char *name, const char *value)
{
	gp_buffer_add_text(text, name);
	gp_buffer_add_text(text, ": ");
	gp_buffer_add_text(text, value);
	gp_buffer_add_text(text, "\r\n");
}

void
gp_response_init(struct gp_response *response, struct gp_arena *arena)
{
	*response = (struct gp_response){ .status = 500 };
	gp_buffer_init(&response->body, arena);
}

void
gp_response_write(const struct gp_response *response, struct gp_buffer *text)
{
	gp_buffer_add_text(text, "Status: ");
	gp_buffer_add_integer(text, response->status);
	gp_buffer_add_byte(text, ' ');
	gp_buffer_add_text(text, reason_of(response->status));
	gp_buffer_add_text(text, "\r\nContent-Type: application/json\r\nContent-Length: ");
	gp_buffer_add_integer(text, (int64_t)response->body.length);
	gp_buffer_add_text(
	    text, "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
	if (response->request_id != NULL)
		add_field(text, "X-Request-Id", response->request_id);
	if (response->challenge != NULL)
		add_field(text, "WWW-Authenticate", response->challenge);
	if (response->allow[0] != '\0')
		add_field(text, "Allow", response->allow);
	if (response->retry_after) {
		gp_buffer_add_text(text, "Retry-After: ");
		gp_buffer_add_integer(text, RETRY_AFTER_S);
		gp_buffer_add_text(text, "\r\n");
	}
	gp_buffer_add_text(text, "\r\n");
	if (!response->head_only)
		gp_buffer_add(text, response->body.bytes, response->body.length);
}
