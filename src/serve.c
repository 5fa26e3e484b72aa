/* SPDX-License-Identifier: Apache-2.0 */
/* The path itself, and how an outcome becomes an answer and a line in the log. */
#include "serve.h"

#include <stdio.h>
#include <string.h>

#include "dialect.h"
#include "exchange.h"
#include "json_write.h"

/* A request id from a client, where it is short and of plain characters; else ours. */
static const char *
choose_request_id(const char *given, const char *ours)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
	size_t length = given != NULL ? strlen(given) : 0;

	return length > 0 && length <= 64 && strspn(given, plain) == length ? given : ours;
}

static enum gp_outcome
handle(const struct gp_service *service, struct gp_exchange *exchange, int64_t now_s)
{
	struct gp_request *request = exchange->request;
	const struct gp_credentials credentials = { .authorization = request->authorization };
	const struct gp_route *route;
	enum gp_outcome outcome;
	const char *path;

	outcome = gp_request_path(request, service->settings->mount_path, service->arena, &path);
	if (outcome != GP_OK)
		return outcome;
	outcome =
	    gp_route_find(service->routes, gp_method_of(request->method), path, &exchange->match);
	if (outcome != GP_OK)
		return outcome;
	route = exchange->match.route;
	outcome = gp_authorize(service->authority, route->access, &credentials, now_s,
	    service->arena, &exchange->caller, &exchange->token);
	if (outcome != GP_OK)
		return outcome;
	outcome = route->handler(exchange);
	/* Before a request is refused for its input, its caller has to be somebody. */
	if (outcome >= GP_BAD_PATH && outcome <= GP_BAD_INPUT) {
		enum gp_outcome confirmed = gp_exchange_confirm(exchange);

		if (confirmed != GP_OK)
			return confirmed;
	}
	return outcome;
}

/* The sentence for a client: the dialect's where it has one, else the outcome's own. */
static void
write_detail(
    const struct gp_dialect *dialect, const struct gp_outcome_row *row, struct gp_buffer *body)
{
	const struct gp_sentence *sentence =
	    dialect != NULL ? &dialect->sentences[row->phrase] : NULL;

	gp_buffer_add_byte(body, '"');
	if (sentence != NULL && sentence->text != NULL)
		gp_buffer_add_text(body, sentence->text);
	if (sentence == NULL || sentence->text == NULL || sentence->reason_follows)
		gp_buffer_add_text(body, row->sentence);
	gp_buffer_add_byte(body, '"');
}

/* Replace whatever a handler wrote by what the outcome says. */
static void
refuse(struct gp_exchange *exchange, enum gp_outcome outcome)
{
	const struct gp_outcome_row *row = gp_outcome_row(outcome);
	const struct gp_route *route = exchange->match.route;
	struct gp_response *response = &exchange->response;

	gp_buffer_init(&response->body, exchange->arena);
	response->status = row->status;
	response->retry_after = row->status == 503;
	/* RFC 6750 section 3.1: no error code where no token was given. */
	if (row->status == 401)
		response->challenge =
		    outcome == GP_DENY_NO_CREDENTIAL ? "Bearer" : "Bearer error=\"invalid_token\"";
	if (outcome == GP_BAD_METHOD)
		gp_methods_text(exchange->match.allowed, response->allow);
	gp_buffer_add_text(&response->body, "{\"detail\":");
	if (outcome == GP_BAD_INPUT)
		gp_faults_write(&exchange->faults, &response->body);
	else
		write_detail(route != NULL ? route->dialect : NULL, row, &response->body);
	gp_buffer_add_byte(&response->body, '}');
}

static void
log_outcome(
    const struct gp_service *service, const struct gp_exchange *exchange, enum gp_outcome outcome)
{
	const struct gp_outcome_row *row = gp_outcome_row(outcome);
	const struct gp_route *route = exchange->match.route;
	const char *reason = gp_database_reason(exchange->asked);
	enum gp_log_level level = row->level;
	bool from_database = false;
	char status[12];

	switch (outcome) {
	case GP_OK: return;
	case GP_ERR_DATABASE_GONE:
		/* Between two attempts to connect there is nothing new to tell. */
		if (reason[0] == '\0')
			level = GP_LOG_DEBUG;
		from_database = true;
		break;
	case GP_ERR_DATABASE_REFUSED:
	case GP_ERR_COMMIT_UNKNOWN: from_database = true; break;
	default: break;
	}
	snprintf(status, sizeof(status), "%d", exchange->response.status);
	gp_log_event(service->log, level, row->status == 401 ? "token_refused" : "request_refused",
	    (const struct gp_log_field[]){
		{ "rule", row->rule },
		{ "status", status },
		{ "request", exchange->response.request_id },
		{ "method", exchange->request->method },
		{ "route", route != NULL ? route->pattern : NULL },
		{ "client", exchange->request->remote_address },
		{ "user", exchange->caller.user_id },
		{ "alg", exchange->token.algorithm },
		{ "kid", exchange->token.key_id },
		{ "reason", from_database && reason[0] != '\0' ? reason : NULL },
		{ "remedy", row->remedy },
	    },
	    11);
}

void
gp_serve(const struct gp_service *service, struct gp_request *request, int64_t now_s,
    struct gp_buffer *text)
{
	struct gp_exchange exchange = {
		.arena = service->arena,
		.reader = service->reader,
		.database = service->database,
		.auth_database = service->auth_database,
		.asked = service->database,
		.request = request,
	};
	enum gp_outcome outcome;

	gp_response_init(&exchange.response, service->arena);
	exchange.response.request_id = choose_request_id(request->request_id, service->request_id);
	exchange.response.head_only = gp_method_of(request->method) == GP_HEAD;
	outcome = handle(service, &exchange, now_s);
	if (outcome == GP_OK && !gp_buffer_complete(&exchange.response.body))
		outcome = GP_ERR_MEMORY;
	if (outcome == GP_OK) {
		exchange.response.status = exchange.match.route->status;
	} else {
		/* The log tells a foreign row from an absent one, whatever the client is told. */
		bool hidden =
		    outcome == GP_DENY_ROW_FOREIGN && service->settings->ownership_failure == 404;

		refuse(&exchange, hidden ? GP_BAD_ROW_ABSENT : outcome);
		log_outcome(service, &exchange, outcome);
	}
	gp_response_write(&exchange.response, text);
}
