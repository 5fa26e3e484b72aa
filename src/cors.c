/* SPDX-License-Identifier: Apache-2.0 */
/* Decides; the fields themselves are the response's. */
#include "cors.h"

#include <string.h>

/* Longest list of field names that is given back. */
enum { FIELD_NAMES_LENGTH_MAX = 1024 };

void
gp_cors_allow(const struct gp_origin_list *origins, const struct gp_request *request,
    struct gp_response *response)
{
	if (request->origin != NULL && gp_origin_list_has(origins, request->origin))
		response->allowed_origin = request->origin;
}

bool
gp_cors_is_preflight(const struct gp_request *request)
{
	return strcmp(request->method, "OPTIONS") == 0 && request->origin != NULL &&
	       request->preflight_method != NULL;
}

/* RFC 9110 section 5.6.2: names of fields, with commas and spaces between them. */
static bool
are_field_names(const char *text)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "!#$%&'*+-.^_`|~, \t";
	size_t length = strspn(text, allowed);

	return length > 0 && length <= FIELD_NAMES_LENGTH_MAX && text[length] == '\0';
}

enum gp_outcome
gp_cors_preflight(const struct gp_request *request, struct gp_response *response)
{
	const char *fields = request->preflight_fields;

	if (response->allowed_origin == NULL)
		return GP_BAD_ORIGIN;
	response->status = 204;
	response->preflight = true;
	if (fields != NULL && are_field_names(fields))
		response->allowed_fields = fields;
	return GP_OK;
}
