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

/* What each variable is kept as; in the order of their names. */
static const struct variable {
	const char *name;
	size_t offset;
	enum {
		FIRST, /* of several the first is read */
		ANY,   /* the first that is not empty */
		ALONE, /* none: one is a client's under a similar name (X_Forwarded_For) */
	} of_several;
} variables[] = {
	{ "CONTENT_LENGTH", offsetof(struct gp_request, content_length), FIRST },
	{ "CONTENT_TYPE", offsetof(struct gp_request, content_type), FIRST },
	{ "HTTPS", offsetof(struct gp_request, https), FIRST },
	{ "HTTP_ACCEPT", offsetof(struct gp_request, accept), FIRST },
	{ "HTTP_ACCESS_CONTROL_REQUEST_HEADERS", offsetof(struct gp_request, preflight_fields),
	    FIRST },
	{ "HTTP_ACCESS_CONTROL_REQUEST_METHOD", offsetof(struct gp_request, preflight_method),
	    FIRST },
	{ "HTTP_AUTHORIZATION", offsetof(struct gp_request, authorization), FIRST },
	{ "HTTP_CONNECTION", offsetof(struct gp_request, connection), FIRST },
	{ "HTTP_COOKIE", offsetof(struct gp_request, cookies), FIRST },
	{ "HTTP_DEPTH", offsetof(struct gp_request, depth), FIRST },
	{ "HTTP_DESTINATION", offsetof(struct gp_request, destination), FIRST },
	{ "HTTP_FORWARDED", offsetof(struct gp_request, other_forwarding), FIRST },
	{ "HTTP_HOST", offsetof(struct gp_request, host), FIRST },
	{ "HTTP_IF_MATCH", offsetof(struct gp_request, if_match), FIRST },
	{ "HTTP_IF_NONE_MATCH", offsetof(struct gp_request, if_none_match), FIRST },
	{ "HTTP_ORIGIN", offsetof(struct gp_request, origin), FIRST },
	{ "HTTP_REFERER", offsetof(struct gp_request, referer), FIRST },
	{ "HTTP_REMOTE_EMAIL", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_REMOTE_GROUPS", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_REMOTE_NAME", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_REMOTE_USER", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_SEC_FETCH_DEST", offsetof(struct gp_request, fetch_destination), FIRST },
	{ "HTTP_SEC_FETCH_MODE", offsetof(struct gp_request, fetch_mode), FIRST },
	{ "HTTP_SEC_FETCH_SITE", offsetof(struct gp_request, fetch_site), FIRST },
	{ "HTTP_SEC_WEBSOCKET_KEY", offsetof(struct gp_request, websocket_key), ANY },
	{ "HTTP_SEC_WEBSOCKET_PROTOCOL", offsetof(struct gp_request, websocket_protocols), FIRST },
	{ "HTTP_SEC_WEBSOCKET_VERSION", offsetof(struct gp_request, websocket_version), FIRST },
	{ "HTTP_UPGRADE", offsetof(struct gp_request, upgrade), ANY },
	{ "HTTP_USER_AGENT", offsetof(struct gp_request, user_agent), FIRST },
	{ "HTTP_VIA", offsetof(struct gp_request, other_forwarding), FIRST },
	{ "HTTP_X_AUTH_REQUEST_EMAIL", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_AUTH_REQUEST_GROUPS", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_AUTH_REQUEST_PREFERRED_USERNAME", offsetof(struct gp_request, claimed_user),
	    ANY },
	{ "HTTP_X_AUTH_REQUEST_USER", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_AUTH_USER", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_FORWARDED", offsetof(struct gp_request, other_forwarding), FIRST },
	{ "HTTP_X_FORWARDED_EMAIL", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_FORWARDED_FOR", offsetof(struct gp_request, forwarded_for), ALONE },
	{ "HTTP_X_FORWARDED_GROUPS", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_FORWARDED_HOST", offsetof(struct gp_request, other_forwarding), FIRST },
	{ "HTTP_X_FORWARDED_PREFERRED_USERNAME", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_FORWARDED_PROTO", offsetof(struct gp_request, forwarded_proto), ALONE },
	{ "HTTP_X_FORWARDED_USER", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_HTTP_METHOD", offsetof(struct gp_request, method_override), FIRST },
	{ "HTTP_X_HTTP_METHOD_OVERRIDE", offsetof(struct gp_request, method_override), FIRST },
	{ "HTTP_X_METHOD_OVERRIDE", offsetof(struct gp_request, method_override), FIRST },
	{ "HTTP_X_REAL_IP", offsetof(struct gp_request, other_forwarding), FIRST },
	{ "HTTP_X_REMOTE_EMAIL", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_REMOTE_GROUPS", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_REMOTE_NAME", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_REMOTE_USER", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_REQUEST_ID", offsetof(struct gp_request, request_id), FIRST },
	{ "HTTP_X_WEBAUTH_EMAIL", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_WEBAUTH_NAME", offsetof(struct gp_request, claimed_user), ANY },
	{ "HTTP_X_WEBAUTH_USER", offsetof(struct gp_request, claimed_user), ANY },
	{ "PATH_INFO", offsetof(struct gp_request, path_info), FIRST },
	{ "QUERY_STRING", offsetof(struct gp_request, query), FIRST },
	{ "REDIRECT_HTTP_AUTHORIZATION", offsetof(struct gp_request, redirected_authorization),
	    FIRST },
	{ "REMOTE_ADDR", offsetof(struct gp_request, remote_address), FIRST },
	{ "REQUEST_METHOD", offsetof(struct gp_request, method), FIRST },
	{ "REQUEST_SCHEME", offsetof(struct gp_request, scheme), FIRST },
	{ "REQUEST_URI", offsetof(struct gp_request, target), FIRST },
	{ "SCRIPT_NAME", offsetof(struct gp_request, script_name), FIRST },
	{ "SERVER_SOFTWARE", offsetof(struct gp_request, server_software), FIRST },
};

/* Compares the name in front of an equals sign with a row's. */
static int
compare_names(const void *key, const void *row)
{
	const char *text = key, *name = ((const struct variable *)row)->name;

	while (*name != '\0' && *text == *name) {
		text++;
		name++;
	}
	if (*name == '\0' && *text == '=')
		return 0;
	/* The sign ends a name, so it sorts as the NUL at the end of ours does. */
	return (*text == '=' ? 0 : (unsigned char)*text) - (unsigned char)*name;
}

void
gp_request_read_environment(struct gp_request *request, char *const *environment)
{
	gp_body_reader *read_body = request->read_body;
	void *body_context = request->body_context;

	*request = (struct gp_request){ .read_body = read_body, .body_context = body_context };
	for (; *environment != NULL; environment++) {
		const struct variable *variable = bsearch(*environment, variables,
		    GP_COUNT(variables), sizeof(variables[0]), compare_names);
		const char *sign = strchr(*environment, '=');
		const char **member;

		if (variable == NULL || sign == NULL)
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
