/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the fields of an answer and the names of statuses. */
#include "response.h"

#include <string.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 101, "Switching Protocols" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 204, "No Content" },
	{ 302, "Found" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 426, "Upgrade Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
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
	*response = (struct gp_response){ .status = 500, .content_type = "application/json" };
	gp_buffer_init(&response->body, arena);
	gp_buffer_init(&response->fields, arena);
}

void
gp_response_add_field(struct gp_response *response, const char *name, const char *value)
{
	if (strpbrk(value, "\r\n") != NULL)
		response->fields.failed = true;
	add_field(&response->fields, name, value);
}

/* Source: the Fetch standard, section "HTTP extensions". The names are what scripts may read
 * besides the fields that they always may. */
static void
add_cors(const struct gp_response *response, struct gp_buffer *text)
{
	add_field(text, "Access-Control-Allow-Origin", response->allowed_origin);
	gp_buffer_add_text(text,
	    "Access-Control-Allow-Credentials: true\r\n"
	    "Access-Control-Expose-Headers: ETag, Link, Retry-After, WWW-Authenticate, X-Request-Id");
	if (response->exposed != NULL) {
		gp_buffer_add_text(text, ", ");
		gp_buffer_add_text(text, response->exposed);
	}
	gp_buffer_add_text(text, "\r\n");
	if (!response->preflight)
		return;
	gp_buffer_add_text(text,
	    "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
	    "Access-Control-Max-Age: 600\r\n");
	if (response->allowed_fields != NULL)
		add_field(text, "Access-Control-Allow-Headers", response->allowed_fields);
}

static void
add_optional_fields(const struct gp_response *response, struct gp_buffer *text)
{
	if (response->request_id != NULL)
		add_field(text, "X-Request-Id", response->request_id);
	if (response->challenge != NULL)
		add_field(text, "WWW-Authenticate", response->challenge);
	if (response->allow[0] != '\0')
		add_field(text, "Allow", response->allow);
	if (response->etag[0] != '\0')
		add_field(text, "ETag", response->etag);
	if (response->link != NULL)
		add_field(text, "Link", response->link);
	if (response->retry_after_s > 0) {
		gp_buffer_add_text(text, "Retry-After: ");
		gp_buffer_add_integer(text, response->retry_after_s);
		gp_buffer_add_text(text, "\r\n");
	}
	if (response->allowed_origin != NULL)
		add_cors(response, text);
	else if (response->exposed != NULL)
		add_field(text, "Access-Control-Expose-Headers", response->exposed);
	gp_buffer_add(text, response->fields.bytes, response->fields.length);
	text->failed |= response->fields.failed;
}

static void
add_status(const struct gp_response *response, struct gp_buffer *text)
{
	gp_buffer_add_text(text, "Status: ");
	gp_buffer_add_integer(text, response->status);
	gp_buffer_add_byte(text, ' ');
	gp_buffer_add_text(text, reason_of(response->status));
	gp_buffer_add_text(text, "\r\n");
}

/* Whatever else an authorizer says Apache would add to the answer of what it guards. */
static void
write_permission(const struct gp_response *response, struct gp_buffer *text)
{
	add_status(response, text);
	gp_buffer_add(text, response->fields.bytes, response->fields.length);
	gp_buffer_add_text(text, "\r\n");
	text->failed |= response->fields.failed;
}

void
gp_response_write(const struct gp_response *response, struct gp_buffer *text)
{
	bool has_body = response->status != 204 && response->status != 304;

	if (response->is_permission) {
		write_permission(response, text);
		return;
	}
	add_status(response, text);

	if (has_body) {
		if (response->content_type != NULL)
			add_field(text, "Content-Type", response->content_type);
		gp_buffer_add_text(text, "Content-Length: ");
		gp_buffer_add_integer(text, (int64_t)response->body.length);
		gp_buffer_add_text(text, "\r\n");
	}
	/* Vary always: a cache may not give one origin's answer to another, nor one without to any.
	 */
	gp_buffer_add_text(
	    text, "Cache-Control: no-store\r\nVary: Origin\r\nX-Content-Type-Options: nosniff\r\n");
	add_optional_fields(response, text);
	gp_buffer_add_text(text, "\r\n");
	if (has_body && !response->head_only)
		gp_buffer_add(text, response->body.bytes, response->body.length);
}
