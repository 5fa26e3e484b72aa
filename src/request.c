/* SPDX-License-Identifier: Apache-2.0 */
/* Knows the names of CGI variables and the ways in which servers split paths and announce bodies.
 */
#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buffer.h"
#include "utf8.h"

enum { READ_SIZE = 16 * 1024 };

/* What each variable is kept as; by the length of their names, and in their order. */
static const struct variable {
	const char *name;
	size_t length;
	size_t offset;
	enum {
		FIRST, /* of several the first is read */
		ANY,   /* the first that is not empty */
		ALONE, /* none: one is a client's under a similar name (X_Forwarded_For) */
	} of_several;
} variables[] = {
#define VARIABLE(name, member, of_several) \
	{ \
		(name), sizeof(name) - 1, offsetof(struct gp_request, member), (of_several) \
	}
	VARIABLE("HTTPS", https, FIRST),
	VARIABLE("HTTP_VIA", other_forwarding, FIRST),
	VARIABLE("HTTP_HOST", host, FIRST),
	VARIABLE("PATH_INFO", path_info, FIRST),
	VARIABLE("HTTP_DEPTH", depth, FIRST),
	VARIABLE("HTTP_ACCEPT", accept, FIRST),
	VARIABLE("HTTP_COOKIE", cookies, FIRST),
	VARIABLE("HTTP_ORIGIN", origin, FIRST),
	VARIABLE("REMOTE_ADDR", remote_address, FIRST),
	VARIABLE("REQUEST_URI", target, FIRST),
	VARIABLE("SCRIPT_NAME", script_name, FIRST),
	VARIABLE("CONTENT_TYPE", content_type, FIRST),
	VARIABLE("HTTP_REFERER", referer, FIRST),
	VARIABLE("HTTP_UPGRADE", upgrade, ANY),
	VARIABLE("QUERY_STRING", query, FIRST),
	VARIABLE("HTTP_IF_MATCH", if_match, FIRST),
	VARIABLE("CONTENT_LENGTH", content_length, FIRST),
	VARIABLE("HTTP_FORWARDED", other_forwarding, FIRST),
	VARIABLE("HTTP_X_REAL_IP", other_forwarding, FIRST),
	VARIABLE("REQUEST_METHOD", method, FIRST),
	VARIABLE("REQUEST_SCHEME", scheme, FIRST),
	VARIABLE("HTTP_CONNECTION", connection, FIRST),
	VARIABLE("HTTP_USER_AGENT", user_agent, FIRST),
	VARIABLE("SERVER_SOFTWARE", server_software, FIRST),
	VARIABLE("HTTP_DESTINATION", destination, FIRST),
	VARIABLE("HTTP_REMOTE_NAME", claimed_user, ANY),
	VARIABLE("HTTP_REMOTE_USER", claimed_user, ANY),
	VARIABLE("HTTP_X_AUTH_USER", claimed_user, ANY),
	VARIABLE("HTTP_X_FORWARDED", other_forwarding, FIRST),
	VARIABLE("HTTP_REMOTE_EMAIL", claimed_user, ANY),
	VARIABLE("HTTP_X_REQUEST_ID", request_id, FIRST),
	VARIABLE("HTTP_AUTHORIZATION", authorization, FIRST),
	VARIABLE("HTTP_IF_NONE_MATCH", if_none_match, FIRST),
	VARIABLE("HTTP_REMOTE_GROUPS", claimed_user, ANY),
	VARIABLE("HTTP_X_HTTP_METHOD", method_override, FIRST),
	VARIABLE("HTTP_X_REMOTE_NAME", claimed_user, ANY),
	VARIABLE("HTTP_X_REMOTE_USER", claimed_user, ANY),
	VARIABLE("HTTP_SEC_FETCH_DEST", fetch_destination, FIRST),
	VARIABLE("HTTP_SEC_FETCH_MODE", fetch_mode, FIRST),
	VARIABLE("HTTP_SEC_FETCH_SITE", fetch_site, FIRST),
	VARIABLE("HTTP_X_REMOTE_EMAIL", claimed_user, ANY),
	VARIABLE("HTTP_X_WEBAUTH_NAME", claimed_user, ANY),
	VARIABLE("HTTP_X_WEBAUTH_USER", claimed_user, ANY),
	VARIABLE("HTTP_X_FORWARDED_FOR", forwarded_for, ALONE),
	VARIABLE("HTTP_X_REMOTE_GROUPS", claimed_user, ANY),
	VARIABLE("HTTP_X_WEBAUTH_EMAIL", claimed_user, ANY),
	VARIABLE("HTTP_X_FORWARDED_HOST", other_forwarding, FIRST),
	VARIABLE("HTTP_X_FORWARDED_USER", claimed_user, ANY),
	VARIABLE("HTTP_SEC_WEBSOCKET_KEY", websocket_key, ANY),
	VARIABLE("HTTP_X_FORWARDED_EMAIL", claimed_user, ANY),
	VARIABLE("HTTP_X_FORWARDED_PROTO", forwarded_proto, ALONE),
	VARIABLE("HTTP_X_METHOD_OVERRIDE", method_override, FIRST),
	VARIABLE("HTTP_X_FORWARDED_GROUPS", claimed_user, ANY),
	VARIABLE("HTTP_X_AUTH_REQUEST_USER", claimed_user, ANY),
	VARIABLE("HTTP_X_AUTH_REQUEST_EMAIL", claimed_user, ANY),
	VARIABLE("HTTP_SEC_WEBSOCKET_VERSION", websocket_version, FIRST),
	VARIABLE("HTTP_X_AUTH_REQUEST_GROUPS", claimed_user, ANY),
	VARIABLE("HTTP_SEC_WEBSOCKET_PROTOCOL", websocket_protocols, FIRST),
	VARIABLE("HTTP_X_HTTP_METHOD_OVERRIDE", method_override, FIRST),
	VARIABLE("REDIRECT_HTTP_AUTHORIZATION", redirected_authorization, FIRST),
	VARIABLE("HTTP_ACCESS_CONTROL_REQUEST_METHOD", preflight_method, FIRST),
	VARIABLE("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", preflight_fields, FIRST),
	VARIABLE("HTTP_X_FORWARDED_PREFERRED_USERNAME", claimed_user, ANY),
	VARIABLE("HTTP_X_AUTH_REQUEST_PREFERRED_USERNAME", claimed_user, ANY),
#undef VARIABLE
};

struct name {
	const char *text;
	size_t length;
};

/* Lengths first: they tell most names apart, and a server sends twenty with each request. */
static int
compare_names(const void *key, const void *row)
{
	const struct name *name = key;
	const struct variable *variable = row;

	if (name->length != variable->length)
		return name->length < variable->length ? -1 : 1;
	return memcmp(name->text, variable->name, name->length);
}

void
gp_request_read_environment(struct gp_request *request, char *const *environment)
{
	gp_body_reader *read_body = request->read_body;
	void *body_context = request->body_context;

	*request = (struct gp_request){ .read_body = read_body, .body_context = body_context };
	for (; *environment != NULL; environment++) {
		const char *sign = strchr(*environment, '=');
		struct name name = { .text = *environment };
		const struct variable *variable;
		const char **member;

		if (sign == NULL)
			continue;
		name.length = (size_t)(sign - *environment);
		variable = bsearch(
		    &name, variables, GP_COUNT(variables), sizeof(variables[0]), compare_names);
		if (variable == NULL)
			continue;
		member = (const char **)(void *)((char *)request + variable->offset);
		if (*member == NULL || (variable->of_several == ANY && (*member)[0] == '\0'))
			*member = sign + 1;
		else if (variable->of_several == ALONE)
			*member = "";
	}
	if (request->method == NULL)
		request->method = "";
	if (request->script_name == NULL)
		request->script_name = "";
	if (request->path_info == NULL)
		request->path_info = "";
	if (request->query == NULL)
		request->query = "";
}

bool
gp_request_came_over_tls(const struct gp_request *request)
{
	return (request->https != NULL && strcasecmp(request->https, "on") == 0) ||
	       (request->scheme != NULL && strcasecmp(request->scheme, "https") == 0);
}

/* Whether the path of the target, which ends at a question mark, has an encoded slash. */
static bool
has_encoded_slash(const char *target)
{
	for (; target != NULL && *target != '\0' && *target != '?'; target++) {
		if (target[0] == '%' && target[1] == '2' && (target[2] == 'F' || target[2] == 'f'))
			return true;
	}
	return false;
}

enum gp_outcome
gp_request_path(const struct gp_request *request, const char *mount_path, struct gp_arena *arena,
    const char **path)
{
	size_t mount_length = strlen(mount_path);
	struct gp_buffer whole;
	const char *text;

	gp_buffer_init(&whole, arena);
	gp_buffer_add_text(&whole, request->script_name);
	gp_buffer_add_text(&whole, request->path_info);
	gp_buffer_add_byte(&whole, '\0');
	if (!gp_buffer_complete(&whole))
		return GP_ERR_MEMORY;
	text = whole.bytes;
	if (has_encoded_slash(request->target) || !gp_utf8_is_valid(text, whole.length - 1))
		return GP_BAD_PATH;
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		/* U+0080 to U+009F are control characters too; in UTF-8 0xc2 begins them. */
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0))
			return GP_BAD_PATH;
	}
	if (strncmp(text, mount_path, mount_length) != 0 ||
	    (text[mount_length] != '/' && text[mount_length] != '\0'))
		return GP_BAD_ROUTE;
	*path = text[mount_length] != '\0' ? text + mount_length : "/";
	return GP_OK;
}

/* CONTENT_LENGTH as a number; false when it is set and none. Values past the limit read as that. */
static bool
announced_length(const struct gp_request *request, bool *announced, size_t *length)
{
	const char *text = request->content_length;

	*announced = text != NULL && text[0] != '\0';
	*length = 0;
	for (; *announced && *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (*length <= GP_BODY_LENGTH_MAX)
			*length = *length * 10 + (size_t)(*text - '0');
	}
	return true;
}

enum gp_outcome
gp_request_body(struct gp_request *request, struct gp_arena *arena, char **body, size_t *length)
{
	struct gp_buffer whole;
	bool announced;
	size_t expected;

	if (!announced_length(request, &announced, &expected))
		return GP_BAD_LENGTH;
	if (expected > GP_BODY_LENGTH_MAX)
		return GP_BAD_SIZE;
	gp_buffer_init(&whole, arena);
	while (!request->body_ended) {
		/* One byte more than announced, so that the end is seen and not assumed. */
		size_t size =
		    announced && whole.length <= expected ? expected - whole.length + 1 : READ_SIZE;
		char *room = gp_buffer_room(&whole, size + 1);
		long got;

		if (room == NULL)
			return GP_ERR_MEMORY;
		got = request->read_body(request->body_context, room, size);
		if (got < 0)
			return GP_BAD_BODY_CUT;
		whole.length += (size_t)got;
		request->body_ended = (size_t)got < size;
		if (whole.length > GP_BODY_LENGTH_MAX)
			return GP_BAD_SIZE;
		if (announced && whole.length > expected)
			return GP_BAD_LENGTH;
	}
	if (announced && whole.length != expected)
		return GP_BAD_LENGTH;
	*length = whole.length;
	gp_buffer_add_byte(&whole, '\0');
	*body = whole.bytes;
	return gp_buffer_complete(&whole) ? GP_OK : GP_ERR_MEMORY;
}

void
gp_request_drain(struct gp_request *request)
{
	char bytes[READ_SIZE];
	size_t drained = 0;

	while (!request->body_ended && drained < GP_BODY_LENGTH_MAX) {
		long got = request->read_body(request->body_context, bytes, sizeof(bytes));

		if (got < 0)
			return;
		drained += (size_t)got;
		request->body_ended = (size_t)got < sizeof(bytes);
	}
}
