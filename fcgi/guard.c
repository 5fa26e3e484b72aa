/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the rules who may come in, and tells the web server who it was. */
#include "guard.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access_rules.h"
#include "dialect.h"
#include "guarded_path.h"
#include "percent.h"
#include "service.h"

/* Longer texts about a caller are left out: all of them together fit into a web server's fields. */
enum { TEXT_MAX = 1000 };

/* The rules that have to let a request in: of its path, and of its destination. */
struct found {
	const struct gp_access_rule *rules[2];
	size_t count;
	bool names_two_users;
	bool is_cut; /* a folder is meant with all in it, of which some has rules of its own */
};

/* --- finding --- */

/* Whether the request does something to all that is below a folder (RFC 4918 section 9). */
static bool
reaches_below(const struct gp_request *request)
{
	static const struct {
		const char *method;
		bool reaches;
	} known[] = {
		{ "GET", false },
		{ "HEAD", false },
		{ "OPTIONS", false },
		{ "POST", false },
		{ "PUT", false },
		{ "PATCH", false },
		{ "DELETE", true },
		{ "COPY", true },
		{ "MOVE", true },
	};

	for (size_t i = 0; i < GP_COUNT(known); i++) {
		if (strcmp(known[i].method, request->method) == 0)
			return known[i].reaches;
	}
	/* Without the field everything is meant. */
	return request->depth == NULL ||
	       (strcmp(request->depth, "0") != 0 && strcmp(request->depth, "1") != 0);
}

static enum gp_outcome
add_rule(struct gp_exchange *exchange, struct found *found, const char *path)
{
	const struct gp_access_rules *rules = exchange->service->own;
	struct gp_path_value *known = &exchange->match.values[0];
	struct gp_path_value user_id;
	enum gp_outcome outcome;

	outcome = gp_access_rules_find(
	    rules, exchange->request->method, path, &found->rules[found->count], &user_id);
	if (outcome != GP_OK)
		return outcome;
	found->count++;
	found->is_cut |= reaches_below(exchange->request) && gp_access_rules_has_below(rules, path);
	if (user_id.text == NULL)
		return GP_OK;
	if (known->text != NULL && (known->length != user_id.length ||
				       memcmp(known->text, user_id.text, user_id.length) != 0))
		found->names_two_users = true;
	*known = user_id;
	return GP_OK;
}

/* Where COPY and MOVE write to, which has to be on this very site. */
static enum gp_outcome
destination_path(const struct gp_exchange *exchange, const char **path)
{
	const char *destination = exchange->request->destination;
	const char *host = exchange->request->host != NULL ? exchange->request->host : "";
	const char *start = gp_guarded_path_start(destination);
	size_t length = strlen(host);

	if (start == NULL)
		return GP_BAD_PATH;
	if (start != destination) {
		const char *authority = strstr(destination, "://") + 3;

		if (length == 0 || (size_t)(start - authority) != length ||
		    strncasecmp(authority, host, length) != 0)
			return GP_BAD_PATH;
	}
	return gp_guarded_path(destination, exchange->arena, path);
}

enum gp_outcome
gp_guard_find(struct gp_exchange *exchange)
{
	const struct gp_request *request = exchange->request;
	struct found *found = gp_arena_take(exchange->arena, sizeof(*found));
	const char *destination;
	enum gp_outcome outcome;
	bool open = true;

	if (found == NULL)
		return GP_ERR_MEMORY;
	*found = (struct found){ .count = 0 };
	exchange->found = found;
	if (request->method[0] == '\0')
		return GP_BAD_METHOD;
	if (request->method_override != NULL)
		return GP_BAD_OVERRIDE;
	if (request->claimed_user != NULL && request->claimed_user[0] != '\0')
		return GP_BAD_IDENTITY;
	outcome = gp_guarded_path(request->target, exchange->arena, &exchange->path);
	if (outcome == GP_OK)
		outcome = add_rule(exchange, found, exchange->path);
	if (outcome == GP_OK && request->destination != NULL) {
		outcome = destination_path(exchange, &destination);
		if (outcome == GP_OK)
			outcome = add_rule(exchange, found, destination);
	}
	if (outcome != GP_OK)
		return outcome;
	for (size_t i = 0; i < found->count; i++)
		open = open && found->rules[i]->open;
	exchange->match.route = &gp_guard_routes[open ? GP_GUARD_PUBLIC : GP_GUARD_CALLER];
	return GP_OK;
}

/* --- knowing who it is --- */

/* What the database says of the holder of a session. */
static enum gp_outcome
ask_about_session(struct gp_exchange *exchange, struct json_object **claims, int64_t *expires_s)
{
	const char *const parameters[] = { exchange->caller.identity.value,
		gp_access_rules_claims(exchange->service->own) };
	const struct gp_rows *rows;
	struct gp_json_error error;
	enum gp_outcome outcome;
	const char *text;
	size_t length;

	outcome = gp_exchange_run(exchange, GP_QUERY_CALLER_FACTS, parameters, &rows);
	if (outcome != GP_OK)
		return outcome;
	/* The session has ended since it was looked up. */
	if (gp_rows_count(rows) != 1 || gp_rows_is_null(rows, 0, 0))
		return GP_DENY_SESSION;
	*expires_s = gp_rows_time_us(rows, 0, 0) / 1000000;
	text = gp_rows_is_null(rows, 0, 1) ? "{}" : gp_rows_text(rows, 0, 1, &length);
	if (!gp_rows_sound(rows))
		return GP_ERR_INTERNAL;
	return gp_json_parse(exchange->service->reader, text, strlen(text), claims, &error)
		   ? GP_OK
		   : GP_ERR_INTERNAL;
}

static enum gp_outcome
know(struct gp_exchange *exchange, struct gp_visitor *visitor, int64_t *expires_s)
{
	const struct gp_caller *caller = &exchange->caller;
	struct gp_json_error error;
	enum gp_outcome outcome;

	if (caller->identity.kind == GP_AS_SESSION) {
		outcome = ask_about_session(exchange, &visitor->claims, expires_s);
		visitor->email = caller->email;
	} else {
		*expires_s = caller->expires_s;
		outcome = gp_exchange_confirm(exchange);
		if (outcome != GP_OK)
			return outcome;
		if (!gp_json_parse(exchange->service->reader, exchange->token.payload,
			exchange->token.payload_length, &visitor->claims, &error))
			return GP_DENY_CLAIMS_JSON;
		/* What is said to be verified is the address that the token has. */
		visitor->email = gp_json_string(visitor->claims, "email");
	}
	visitor->user_id = caller->user_id;
	if (visitor->email == NULL)
		visitor->email = "";
	return outcome;
}

/* --- judging --- */

/* RFC 9110 section 9.2.1, RFC 4918 section 9.1. */
static bool
is_safe(const char *method)
{
	static const char *const safe[] = { "GET", "HEAD", "OPTIONS", "PROPFIND" };

	for (size_t i = 0; i < GP_COUNT(safe); i++) {
		if (strcmp(safe[i], method) == 0)
			return true;
	}
	return false;
}

/*
 * Over a WebSocket anything can be asked for, and the page that opened it reads the answers. Apache
 * keeps the Upgrade field from an authorizer, though not the key (RFC 6455 section 4.1).
 */
static bool
opens_channel(const struct gp_request *request)
{
	return request->websocket_key != NULL ||
	       (request->upgrade != NULL && request->upgrade[0] != '\0' &&
		   strcasecmp(request->upgrade, "h2c") != 0);
}

/* A browser sends cookies along with what any page makes it send. */
static bool
may_use_cookie(const struct gp_exchange *exchange)
{
	const struct gp_request *request = exchange->request;

	return !exchange->caller.by_cookie ||
	       (is_safe(request->method) && !opens_channel(request)) ||
	       (request->origin != NULL &&
		   gp_trusted_origins_has(
		       &exchange->service->settings->trusted_origins, request->origin));
}

static bool
lets_in(const struct found *found, const struct gp_visitor *visitor)
{
	for (size_t i = 0; i < found->count; i++) {
		if (!gp_access_rule_lets_in(found->rules[i], visitor))
			return false;
	}
	return found->count > 0;
}

/* Whether a text passes through the web server unchanged: it would cut blanks at the ends. */
static bool
is_plain(const char *text)
{
	size_t length = strlen(text);

	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
		if (*c < 0x20 || *c == 0x7f)
			return false;
	}
	return length <= TEXT_MAX && text[0] != ' ' && (length == 0 || text[length - 1] != ' ');
}

/* A text without blanks around it, which the web server would cut at one end only. */
static const char *
trimmed(struct gp_arena *arena, const char *text)
{
	size_t length;

	text += strspn(text, " ");
	length = strlen(text);
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return gp_arena_copy(arena, text, length);
}

static void
add_variable(struct gp_exchange *exchange, const char *name, const char *value)
{
	const char *text = trimmed(exchange->arena, value != NULL ? value : "");
	char field[64];

	/* Without a name somebody would pass for nobody: then there is no permission at all. */
	if (text == NULL) {
		exchange->response.fields.failed = true;
		return;
	}
	snprintf(field, sizeof(field), "Variable-%s", name);
	gp_response_add_field(&exchange->response, field, is_plain(text) ? text : "");
}

/* All of them always, so that none can come from anywhere else. */
static void
permit(struct gp_exchange *exchange, const struct gp_visitor *visitor, int64_t expires_s)
{
	char expires[24] = "";

	if (expires_s > 0)
		snprintf(expires, sizeof(expires), "%" PRId64, expires_s);
	add_variable(exchange, "REMOTE_USER", visitor->user_id);
	add_variable(exchange, "AUTH_TYPE",
	    visitor->user_id == NULL     ? ""
	    : exchange->caller.by_cookie ? "Cookie"
					 : "Bearer");
	add_variable(exchange, "GATEPOST_EMAIL", visitor->email);
	add_variable(exchange, "GATEPOST_NAME", exchange->caller.name);
	add_variable(exchange, "GATEPOST_EXPIRES", expires);
	exchange->response.is_permission = true;
}

static enum gp_outcome
permit_anybody(struct gp_exchange *exchange)
{
	const struct gp_visitor nobody = { .user_id = NULL };
	const struct found *found = exchange->found;

	if (found->is_cut)
		return GP_DENY_RULE_BELOW;
	permit(exchange, &nobody, 0);
	return GP_OK;
}

static enum gp_outcome
permit_caller(struct gp_exchange *exchange)
{
	const struct found *found = exchange->found;
	struct gp_visitor visitor = { .user_id = NULL };
	int64_t expires_s = 0;
	enum gp_outcome outcome = know(exchange, &visitor, &expires_s);

	if (outcome == GP_OK && found->names_two_users)
		outcome = GP_DENY_RULE_USERS;
	if (outcome == GP_OK && found->is_cut)
		outcome = GP_DENY_RULE_BELOW;
	if (outcome == GP_OK && !may_use_cookie(exchange))
		outcome = GP_DENY_COOKIE_ORIGIN;
	if (outcome == GP_OK && !lets_in(found, &visitor))
		outcome = GP_DENY_RULE;
	if (outcome == GP_OK && (visitor.user_id[0] == '\0' || !is_plain(visitor.user_id)))
		outcome = GP_DENY_USER_TEXT;
	if (outcome == GP_OK)
		permit(exchange, &visitor, expires_s);
	json_object_put(visitor.claims);
	return outcome;
}

static const struct gp_sentence sentences[] = {
	{ GP_PHRASE_NO_CREDENTIAL, GP_ANY_METHOD, "Authentication required", false },
	{ GP_PHRASE_TOKEN_EXPIRED, GP_ANY_METHOD, "Token has expired", false },
	{ GP_PHRASE_TOKEN_INVALID, GP_ANY_METHOD, "Invalid token: ", true },
	{ .text = NULL },
};

static const struct gp_dialect words = { .name = "guard", .sentences = sentences };

static const struct gp_operation permit_anybody_operation = { .handler = permit_anybody };
static const struct gp_operation permit_caller_operation = { .handler = permit_caller };

/* Found by gp_guard_find(); the patterns are names for the log. */
const struct gp_route gp_guard_routes[] = {
	[GP_GUARD_PUBLIC] = { GP_GET, "(public)", &permit_anybody_operation, GP_ACCESS_OPEN, 200,
	    &words },
	[GP_GUARD_CALLER] = { GP_GET, "(guarded)", &permit_caller_operation, GP_ACCESS_CALLER, 200,
	    &words },
	[GP_GUARD_ROUTE_COUNT] = { .pattern = NULL },
};

/* --- refusing --- */

/* Whether a person waits for a page, and not a program for data. */
static bool
wants_page(const struct gp_request *request)
{
	return (strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0) &&
	       request->accept != NULL && strstr(request->accept, "text/html") != NULL &&
	       (request->fetch_mode == NULL || strcmp(request->fetch_mode, "navigate") == 0);
}

/*
 * Where to come back to: the path itself where LOGIN_URL is on the same site, else the whole
 * address. A Host that is not among the trusted origins adds nothing.
 */
static bool
write_return_address(
    const struct gp_exchange *exchange, const char *login_url, struct gp_buffer *address)
{
	static const char *const schemes[] = { "https://", "http://" };
	const struct gp_trusted_origins *trusted = &exchange->service->settings->trusted_origins;
	const struct gp_request *request = exchange->request;
	const char *path = gp_guarded_path_start(request->target);

	for (size_t i = 0; i < GP_COUNT(schemes); i++) {
		gp_buffer_init(address, exchange->arena);
		if (login_url[0] != '/') {
			gp_buffer_add_text(address, schemes[i]);
			gp_buffer_add_text(address, request->host != NULL ? request->host : "");
		}
		gp_buffer_add_text(address, path != NULL ? path : "");
		gp_buffer_add_byte(address, '\0');
		if (!gp_buffer_complete(address))
			return false;
		if (gp_trusted_target_is_allowed(trusted, address->bytes))
			return true;
	}
	return false;
}

void
gp_guard_refused(struct gp_exchange *exchange)
{
	const char *login_url = exchange->service->settings->login_url;
	struct gp_response *response = &exchange->response;
	struct gp_buffer location, address;

	if (response->status != 401 || login_url == NULL || !wants_page(exchange->request))
		return;
	gp_buffer_init(&location, exchange->arena);
	gp_buffer_add_text(&location, login_url);
	if (write_return_address(exchange, login_url, &address)) {
		gp_buffer_add_text(
		    &location, strchr(login_url, '?') != NULL ? "&callbackURL=" : "?callbackURL=");
		gp_percent_encode_component(&location, address.bytes, address.length - 1);
	}
	gp_buffer_add_byte(&location, '\0');
	if (!gp_buffer_complete(&location))
		return;
	response->status = 302;
	response->challenge = NULL;
	response->content_type = NULL;
	gp_buffer_init(&response->body, exchange->arena);
	gp_response_add_field(response, "Location", location.bytes);
}

/* --- settings --- */

/* What is wrong with LOGIN_URL; NULL for nothing. */
static const char *
judge_login_url(const struct gp_access_rules *rules, const char *login_url)
{
	const struct gp_access_rule *rule;
	struct gp_path_value user_id;
	struct gp_arena *arena;
	char origin[GP_ORIGIN_SIZE];
	const char *path;
	bool open;

	if (login_url == NULL || gp_origin_of_url(login_url, origin))
		return NULL;
	if (login_url[0] != '/')
		return "must be a path, or begin with https:// and a host";
	arena = gp_arena_new();
	open = arena != NULL && gp_guarded_path(login_url, arena, &path) == GP_OK &&
	       gp_access_rules_find(rules, "GET", path, &rule, &user_id) == GP_OK && rule->open;
	gp_arena_free(arena);
	return open ? NULL
		    : "is itself not public, so that nobody could sign in; give it a rule in "
		      "ACCESS_RULES: GET PATH public";
}

static void
close_part(void *part)
{
	gp_access_rules_free(part);
}

static struct gp_access_rules *
read_rules(const char *path, char *problem, size_t problem_size)
{
	FILE *file = fopen(path, "re");
	struct gp_access_rules *rules = NULL;
	char wrong[200];

	if (file == NULL) {
		snprintf(wrong, sizeof(wrong), "%s", strerror(errno));
	} else {
		rules = gp_access_rules_read(file, wrong, sizeof(wrong));
		fclose(file);
	}
	if (rules == NULL)
		snprintf(problem, problem_size, "ACCESS_RULES: %s: %s", path, wrong);
	return rules;
}

static void *
open_part(const struct gp_settings *settings, void *counters, const struct gp_log *log,
    char *problem, size_t problem_size)
{
	struct gp_access_rules *rules;
	const char *wrong;

	(void)counters;
	(void)log;
	rules = read_rules(settings->access_rules, problem, problem_size);
	if (rules == NULL)
		return NULL;
	wrong = judge_login_url(rules, settings->login_url);
	if (wrong != NULL) {
		snprintf(problem, problem_size, "LOGIN_URL: %s", wrong);
		gp_access_rules_free(rules);
		return NULL;
	}
	return rules;
}

const struct gp_program_part gp_guard_part = { .open = open_part, .close = close_part };
