/* SPDX-License-Identifier: Apache-2.0 */
/* The path itself, and how an outcome becomes an answer and a line in the log. */
#include "serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cors.h"
#include "diagnosis.h"
#include "dialect.h"
#include "entity_tag.h"
#include "exchange.h"
#include "json_write.h"

/* As long as the database file's longest pause between two attempts to connect. */
enum { RETRY_AFTER_S = 2 };

/* A request id from a client, where it is short and of plain characters; else ours. */
static const char *
choose_request_id(const char *given, const char *ours)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
	size_t length = given != NULL ? strlen(given) : 0;

	return length > 0 && length <= 64 && strspn(given, plain) == length ? given : ours;
}

/* Better Auth knows no path but as it is written, and of methods those that it names. */
static bool
is_exact(enum gp_method method, const char *path)
{
	size_t length = strlen(path);

	return method != GP_HEAD && (length == 0 || path[length - 1] != '/') &&
	       strstr(path, "//") == NULL;
}

/* The route of the request; the answer itself for a question about what there is. */
static enum gp_outcome
find_route(struct gp_exchange *exchange)
{
	const struct gp_service *service = exchange->service;
	enum gp_method method = gp_method_of(exchange->request->method);
	enum gp_outcome outcome;

	if (service->manners->find != NULL)
		return service->manners->find(exchange);
	outcome = gp_request_path(
	    exchange->request, service->mount_path, service->arena, &exchange->path);
	if (outcome != GP_OK)
		return outcome;
	if (service->refusal_form == GP_REFUSAL_MESSAGE && !is_exact(method, exchange->path))
		return GP_BAD_ROUTE;
	outcome = gp_route_find(service->routes, method, exchange->path, &exchange->match);
	if (outcome != GP_BAD_METHOD || service->refusal_form == GP_REFUSAL_MESSAGE)
		return outcome;
	gp_methods_text(exchange->match.allowed, exchange->response.allow);
	if (method != GP_OPTIONS)
		return GP_BAD_METHOD;
	exchange->response.status = 204;
	return GP_OK;
}

/* What kind of event a refusal is. */
static const char *
event_of(enum gp_outcome outcome)
{
	if (outcome == GP_DENY_PASSWORD || outcome == GP_DENY_EMAIL_UNVERIFIED)
		return "sign_in_refused";
	return gp_outcome_row(outcome)->status == 401 ? "token_refused" : "request_refused";
}

/*
 * What to do where no credential arrived and the web server may be why; NULL where nothing says so.
 * A worker cannot see what was dropped, so under Apache, which drops the field unless told
 * otherwise, the first refusal is suspicious as long as no request at all has had one.
 */
static const char *
remedy_for_dropped_field(const struct gp_exchange *exchange)
{
	const struct gp_service *service = exchange->service;
	const struct gp_request *request = exchange->request;

	/* Sign-in and what is opened by browsers live on cookies. */
	if (request->authorization != NULL || service->refusal_form == GP_REFUSAL_MESSAGE ||
	    service->manners->authorizes)
		return NULL;
	/* It is empty where the client sent none. */
	if (request->redirected_authorization != NULL &&
	    request->redirected_authorization[0] != '\0')
		return "Authorization arrived as REDIRECT_HTTP_AUTHORIZATION, which is not "
		       "believed; use CGIPassAuth On in place of the rewrite rule that keeps it";
	if (gp_server_is_apache(request->server_software) &&
	    gp_metrics_await_authorization(service->metrics))
		return "no request has had an Authorization field so far; if clients send one, "
		       "Apache drops it: CGIPassAuth On, or FcgidPassHeader Authorization under "
		       "mod_fcgid, passes it on";
	return NULL;
}

static void
log_outcome(struct gp_exchange *exchange, enum gp_outcome outcome)
{
	const struct gp_service *service = exchange->service;
	const struct gp_outcome_row *row = gp_outcome_row(outcome);
	const struct gp_route *route = exchange->match.route;
	const char *reason = gp_database_reason(exchange->asked);
	const char *remedy = row->remedy, *dropped;
	enum gp_log_level level = row->level;
	bool from_database = false;
	char status[12], omitted_text[24];
	uint64_t omitted;

	switch (outcome) {
	case GP_OK: return;
	case GP_ERR_DATABASE_GONE:
		/* Between two attempts to connect there is nothing new to tell. */
		if (reason[0] == '\0')
			level = GP_LOG_DEBUG;
		from_database = true;
		break;
	case GP_DENY_RATE:
		if (!exchange->limit.first)
			level = GP_LOG_DEBUG;
		break;
	case GP_DENY_NO_CREDENTIAL:
		dropped = remedy_for_dropped_field(exchange);
		if (dropped != NULL) {
			level = GP_LOG_WARNING;
			remedy = dropped;
		}
		break;
	case GP_ERR_DATABASE_REFUSED:
	case GP_ERR_DATABASE_POOLED:
	case GP_ERR_COMMIT_UNKNOWN: from_database = true; break;
	default: break;
	}
	if (level > service->log->level ||
	    !gp_log_quota_take(service->log_quota, outcome, service->settings->log_lines_per_second,
		exchange->now_ms, &omitted))
		return;
	snprintf(status, sizeof(status), "%d", exchange->response.status);
	snprintf(omitted_text, sizeof(omitted_text), "%" PRIu64, omitted);
	gp_log_event(service->log, level, event_of(outcome),
	    (const struct gp_log_field[]){
		{ "rule", row->rule },
		{ "status", status },
		{ "request", exchange->response.request_id },
		{ "method", exchange->request->method },
		{ "route", route != NULL ? route->pattern : NULL },
		{ "path", service->manners->authorizes ? exchange->path : NULL },
		{ "client", gp_exchange_client(exchange)->text },
		{ "user", exchange->caller.user_id },
		{ "alg", exchange->token.algorithm },
		{ "kid", exchange->token.key_id },
		{ "reason", from_database && reason[0] != '\0' ? reason : NULL },
		{ "omitted", omitted > 0 ? omitted_text : NULL },
		{ "remedy", remedy },
	    },
	    13);
}

/*
 * The address of the client has a limit of refused credentials, beyond which nothing of it is
 * looked at; a caller has one of requests.
 */
static enum gp_outcome
require_patience(struct gp_exchange *exchange, enum gp_rate_kind kind, int64_t now_ms)
{
	struct gp_rate_limit *limiter = exchange->service->limiter;
	const char *caller = exchange->caller.identity.value;
	struct gp_address network;
	bool within = true;

	if (limiter == NULL)
		return GP_OK;
	if (kind != GP_RATE_ADDRESS)
		within = gp_rate_limit_take(
		    limiter, kind, caller, strlen(caller), now_ms, &exchange->limit);
	else if (gp_client_counts(gp_exchange_client(exchange), &network))
		within = gp_rate_limit_allows(
		    limiter, kind, &network, sizeof(network), now_ms, &exchange->limit);
	return within ? GP_OK : GP_DENY_RATE;
}

/*
 * A refused credential counts against the address that sent it. Where pages are guarded, those that
 * a browser opens without any are no guesses.
 */
static void
count_refusal(struct gp_exchange *exchange, enum gp_outcome outcome, int64_t now_ms)
{
	struct gp_rate_limit *limiter = exchange->service->limiter;
	struct gp_address network;

	if (exchange->service->manners->authorizes && outcome == GP_DENY_NO_CREDENTIAL)
		return;
	if (limiter == NULL || !gp_client_counts(gp_exchange_client(exchange), &network))
		return;
	/* One too many is for the next request to hear; of many at once one is for the log. */
	if (!gp_rate_limit_take(
		limiter, GP_RATE_ADDRESS, &network, sizeof(network), now_ms, &exchange->limit) &&
	    exchange->limit.first)
		log_outcome(exchange, GP_DENY_RATE);
}

/* As what the caller is counted. */
static enum gp_rate_kind
kind_of_caller(const struct gp_caller *caller)
{
	return caller->identity.kind == GP_AS_SESSION ? GP_RATE_SESSION : GP_RATE_CALLER;
}

/* Who is calling, and whether they may call this path, and now. */
static enum gp_outcome
identify(struct gp_exchange *exchange, int64_t now_ms)
{
	const struct gp_service *service = exchange->service;
	const struct gp_credentials credentials = {
		.authorization = exchange->request->authorization,
		.cookies = service->manners->authorizes ? exchange->request->cookies : NULL,
		.secure_cookies = service->settings->secure_cookies,
	};
	const struct gp_route *route = exchange->match.route;
	enum gp_outcome outcome;

	if (route->access == GP_ACCESS_OPEN)
		return GP_OK;
	outcome = require_patience(exchange, GP_RATE_ADDRESS, now_ms);
	if (outcome == GP_OK)
		outcome = gp_authorize(service->authority, route->access,
		    route->dialect != NULL ? &route->dialect->demands : NULL, &credentials,
		    now_ms / 1000, service->arena, &exchange->caller, &exchange->token);
	if (outcome == GP_OK && !service->manners->authorizes)
		outcome = require_patience(exchange, kind_of_caller(&exchange->caller), now_ms);
	return outcome == GP_OK ? gp_exchange_require_path_user(exchange) : outcome;
}

/*
 * Refuse what came in clear where that is not to be, before a credential is looked at; though a
 * credential that came that way has been seen by whoever listens.
 */
static enum gp_outcome
require_tls(const struct gp_exchange *exchange)
{
	const struct gp_settings *settings = exchange->service->settings;
	const struct gp_request *request = exchange->request;
	const struct gp_route *route = exchange->match.route;

	if (!settings->require_https || (route != NULL && route->operation->in_clear))
		return GP_OK;
	return gp_client_uses_tls(request->remote_address, request->forwarded_proto,
		   gp_request_came_over_tls(request), &settings->trusted_proxies)
		   ? GP_OK
		   : GP_DENY_NO_TLS;
}

/* A read whose answer the client has already is told so in its stead. */
static enum gp_outcome
spare_known_answer(struct gp_exchange *exchange)
{
	struct gp_response *response = &exchange->response;
	const struct gp_buffer *body = &response->body;

	if (response->etag[0] == '\0' &&
	    !gp_entity_tag_of_bytes(body->bytes, body->length, response->etag))
		return GP_ERR_CRYPTO;
	if (gp_entity_tag_is_in(exchange->request->if_none_match, response->etag))
		response->status = 304;
	return GP_OK;
}

static enum gp_outcome
handle(struct gp_exchange *exchange, int64_t now_ms)
{
	bool asks_beforehand =
	    !exchange->service->manners->authorizes && gp_cors_is_preflight(exchange->request);
	const struct gp_route *route;
	enum gp_outcome outcome, found;

	if (exchange->request->trouble != GP_OK)
		return exchange->request->trouble;
	found = asks_beforehand ? GP_OK : find_route(exchange);
	outcome = require_tls(exchange);
	if (outcome != GP_OK)
		return outcome;
	if (asks_beforehand)
		return gp_cors_preflight(exchange->request, &exchange->response);
	outcome = found;
	route = exchange->match.route;
	if (outcome != GP_OK || route == NULL)
		return outcome;
	if (exchange->service->manners->prepare != NULL)
		outcome = exchange->service->manners->prepare(exchange);
	if (outcome == GP_OK)
		outcome = identify(exchange, now_ms);
	if (outcome != GP_OK)
		return outcome;
	exchange->response.status = route->status;
	outcome = route->operation->handler(exchange);
	/* Before a request is refused for its input, its caller has to be somebody. */
	if (outcome >= GP_BAD_PATH && outcome <= GP_BAD_INPUT) {
		enum gp_outcome confirmed = gp_exchange_confirm(exchange);

		if (confirmed != GP_OK)
			return confirmed;
	}
	if (outcome == GP_OK && !gp_buffer_complete(&exchange->response.body))
		return GP_ERR_MEMORY;
	if (outcome == GP_OK && (route->operation->input & GP_INPUT_KNOWN_TAG) != 0)
		return spare_known_answer(exchange);
	return outcome;
}

/* The sentence for a client: the dialect's where it has one, else the outcome's own. */
static void
write_detail(const struct gp_route *route, const struct gp_outcome_row *row, struct gp_buffer *body)
{
	const struct gp_sentence *sentence =
	    route != NULL && route->dialect != NULL ? route->dialect->sentences : NULL;

	while (sentence != NULL && sentence->text != NULL &&
	       (sentence->phrase != row->phrase ||
		   (sentence->methods != 0 && (sentence->methods & route->method) == 0)))
		sentence++;
	gp_buffer_add_byte(body, '"');
	if (sentence != NULL && sentence->text != NULL)
		gp_buffer_add_text(body, sentence->text);
	if (sentence == NULL || sentence->text == NULL || sentence->reason_follows)
		gp_buffer_add_text(body, row->sentence);
	gp_buffer_add_byte(body, '"');
}

/* The answer as Better Auth's clients read it; a path that is not there has none. */
static void
write_message(const struct gp_exchange *exchange, enum gp_outcome outcome,
    const struct gp_outcome_row *row, struct gp_buffer *body)
{
	if (outcome == GP_BAD_ROUTE)
		return;
	gp_buffer_add_text(body, "{\"message\":");
	gp_json_write_text(body, exchange->message != NULL ? exchange->message : row->sentence);
	if (row->code != NULL) {
		gp_buffer_add_text(body, ",\"code\":");
		gp_json_write_text(body, row->code);
	}
	gp_buffer_add_byte(body, '}');
}

/* The answer as the task APIs' clients read it. */
static void
write_detailed(const struct gp_exchange *exchange, enum gp_outcome outcome,
    const struct gp_outcome_row *row, struct gp_buffer *body)
{
	gp_buffer_add_text(body, "{\"detail\":");
	if (outcome == GP_BAD_INPUT)
		gp_faults_write(&exchange->faults, body);
	else
		write_detail(exchange->match.route, row, body);
	gp_buffer_add_byte(body, '}');
}

/* Replace whatever a handler wrote by what the outcome says. */
static void
refuse(struct gp_exchange *exchange, enum gp_outcome outcome)
{
	const struct gp_outcome_row *row = gp_outcome_row(outcome);
	struct gp_response *response = &exchange->response;

	gp_buffer_init(&response->body, exchange->arena);
	response->status = row->status;
	response->content_type = "application/json";
	response->etag[0] = '\0';
	response->link = NULL;
	/* A refusal may take cookies back; a failure has done nothing that a field could tell of.
	 */
	if (row->status >= 500)
		gp_buffer_init(&response->fields, exchange->arena);
	if (row->status == 503)
		response->retry_after_s = RETRY_AFTER_S;
	if (outcome == GP_DENY_RATE)
		response->retry_after_s = exchange->limit.retry_after_s;
	/* RFC 6750 section 3.1: no error code where no token was given. */
	if (row->status == 401)
		response->challenge = outcome == GP_DENY_NO_CREDENTIAL ||
					      exchange->service->refusal_form == GP_REFUSAL_MESSAGE
					  ? "Bearer"
					  : "Bearer error=\"invalid_token\"";
	if (exchange->service->refusal_form == GP_REFUSAL_DETAIL) {
		write_detailed(exchange, outcome, row, &response->body);
		return;
	}
	write_message(exchange, outcome, row, &response->body);
	if (response->body.length == 0)
		response->content_type = NULL;
	if (outcome == GP_DENY_RATE)
		response->content_type = "text/plain;charset=UTF-8";
}

/* What a client is told; the log tells more. */
static enum gp_outcome
told(const struct gp_service *service, enum gp_outcome outcome)
{
	if (outcome == GP_DENY_ROW_FOREIGN && service->settings->ownership_failure == 404)
		return GP_BAD_ROW_ABSENT;
	/* Better Auth knows paths only together with their methods. */
	if (service->refusal_form == GP_REFUSAL_MESSAGE &&
	    (outcome == GP_BAD_METHOD || outcome == GP_BAD_ORIGIN))
		return GP_BAD_ROUTE;
	return outcome;
}

static void
observe(
    const struct gp_exchange *exchange, enum gp_outcome outcome, struct gp_observation *observation)
{
	const struct gp_service *service = exchange->service;
	struct gp_database_counts counts = gp_database_take_counts(service->database);

	if (service->auth_database != NULL) {
		struct gp_database_counts more = gp_database_take_counts(service->auth_database);

		counts.round_trips += more.round_trips;
		counts.errors += more.errors;
	}
	*observation = (struct gp_observation){
		.route = exchange->match.route != NULL
			     ? (int)(exchange->match.route - service->routes)
			     : -1,
		.status = exchange->response.status,
		.outcome = outcome,
		.database_round_trips = (unsigned)counts.round_trips,
		.database_errors = (unsigned)counts.errors,
		.authorized = exchange->request->authorization != NULL,
	};
}

void
gp_serve(const struct gp_service *service, struct gp_request *request, int64_t now_ms,
    struct gp_buffer *text, struct gp_observation *observation)
{
	struct gp_exchange exchange = {
		.service = service,
		.arena = service->arena,
		.asked = service->database,
		.request = request,
		.now_ms = now_ms,
	};
	enum gp_outcome outcome;

	gp_response_init(&exchange.response, service->arena);
	exchange.response.request_id = choose_request_id(request->request_id, service->request_id);
	exchange.response.head_only = gp_method_of(request->method) == GP_HEAD;
	if (!service->manners->authorizes)
		gp_cors_allow(&service->settings->origins, request, &exchange.response);
	outcome = handle(&exchange, now_ms);
	if (outcome != GP_OK) {
		refuse(&exchange, told(service, outcome));
		if (exchange.response.status == 401)
			count_refusal(&exchange, outcome, now_ms);
		if (service->manners->refused != NULL)
			service->manners->refused(&exchange);
		log_outcome(&exchange, outcome);
	}
	gp_response_write(&exchange.response, text);
	observe(&exchange, outcome, observation);
}
