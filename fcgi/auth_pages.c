/* SPDX-License-Identifier: Apache-2.0 */
/* What says that the program is there, and what says that something went wrong. */
#include <string.h>

#include "auth_endpoints.h"
#include "percent.h"

static enum gp_outcome
show_ok(struct gp_auth_call *call)
{
	gp_buffer_add_text(&call->exchange->response.body, "{\"ok\":true}");
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_ok = {
	GP_AUTH_ENDPOINT("Whether the program answers", show_ok),
};

/* Text in HTML: a character that means something there is written as its number. */
static void
add_html(struct gp_buffer *page, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("<>&\"'", *text) == NULL) {
			gp_buffer_add_byte(page, *text);
			continue;
		}
		gp_buffer_add_text(page, "&#");
		gp_buffer_add_integer(page, *text);
		gp_buffer_add_byte(page, ';');
	}
}

static bool
is_code(const char *text)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_'-";

	return text != NULL && text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

static enum gp_outcome
show_error(struct gp_auth_call *call)
{
	struct gp_response *response = &call->exchange->response;
	struct gp_buffer *page = &response->body;
	const char *code = NULL, *description = NULL;
	enum gp_outcome outcome = gp_auth_query(call, "error", &code);

	if (outcome == GP_OK)
		outcome = gp_auth_query(call, "error_description", &description);
	if (outcome != GP_OK)
		return outcome;
	response->content_type = "text/html; charset=utf-8";
	gp_response_add_field(response, "Content-Security-Policy", "default-src 'none'");
	gp_buffer_add_text(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<title>Error</title>\n"
				 "<h1>Something went wrong</h1>\n<p>Code: <code>");
	add_html(page, is_code(code) ? code : "UNKNOWN");
	gp_buffer_add_text(page, "</code></p>\n");
	if (description != NULL && description[0] != '\0') {
		gp_buffer_add_text(page, "<p>");
		add_html(page, description);
		gp_buffer_add_text(page, "</p>\n");
	}
	gp_buffer_add_text(page, "<p><a href=\"/\">Go home</a></p>\n</html>\n");
	return GP_OK;
}

const struct gp_auth_endpoint gp_auth_error = {
	GP_AUTH_ENDPOINT("A page that names an error", show_error),
};
