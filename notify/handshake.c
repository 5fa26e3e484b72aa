/* SPDX-License-Identifier: Apache-2.0 */
/* What a handshake must have, where its token may be, and who is let in by it. */
#include "handshake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "handshake_text.h"
#include "health.h"
#include "metrics_page.h"
#include "service.h"

/* What the handlers have besides what all programs have. */
struct desk {
	struct gp_pulse *pulse;
	struct gp_visit *visit; /* the one that is served */
};

/* --- what a handshake must have --- */

static enum gp_outcome
require_handshake(struct gp_exchange *exchange)
{
	const struct gp_request *request = exchange->request;

	if (strcmp(request->method, "GET") != 0 ||
	    !gp_handshake_asks_for(request->upgrade, "websocket") ||
	    !gp_handshake_asks_for(request->connection, "upgrade")) {
		gp_response_add_field(&exchange->response, "Upgrade", "websocket");
		return GP_BAD_UPGRADE;
	}
	if (request->websocket_version == NULL || strcmp(request->websocket_version, "13") != 0) {
		gp_response_add_field(&exchange->response, "Sec-WebSocket-Version", "13");
		return GP_BAD_SOCKET_VERSION;
	}
	if (!gp_handshake_is_key(request->websocket_key))
		return GP_BAD_SOCKET_KEY;
	/* A page of anybody's may open a WebSocket to anywhere: no browser asks us first. */
	if (request->origin != NULL &&
	    !gp_trusted_origins_has(&exchange->service->settings->trusted_origins, request->origin))
		return GP_DENY_PAGE_ORIGIN;
	return GP_OK;
}

/* --- where its token may be --- */

/* Put the token where the routine that judges it looks for one. */
static enum gp_outcome
bring_token(struct gp_exchange *exchange)
{
	struct gp_request *request = exchange->request;
	struct gp_buffer field;
	const char *token;

	if (request->authorization != NULL)
		return GP_OK;
	if (!gp_handshake_find_token(
		exchange->arena, request->websocket_protocols, request->query, &token))
		return GP_ERR_MEMORY;
	if (token == NULL)
		return GP_OK;
	gp_buffer_init(&field, exchange->arena);
	gp_buffer_add_text(&field, "Bearer ");
	gp_buffer_add_text(&field, token);
	gp_buffer_add_byte(&field, '\0');
	if (!gp_buffer_complete(&field))
		return GP_ERR_MEMORY;
	request->authorization = field.bytes;
	return GP_OK;
}

/* --- who is let in --- */

static enum gp_outcome open_socket(struct gp_exchange *exchange);

static const struct gp_operation open_notifications = {
	.handler = open_socket,
	.summary = "A WebSocket that tells of changes to the caller's tasks",
};

static enum gp_outcome
prepare(struct gp_exchange *exchange)
{
	struct gp_visit *visit = ((struct desk *)exchange->service->own)->visit;
	const struct gp_request *request = exchange->request;
	enum gp_outcome outcome;

	if (exchange->match.route->operation != &open_notifications)
		return GP_OK;
	outcome = require_handshake(exchange);
	if (outcome != GP_OK)
		return outcome;
	memcpy(visit->key, request->websocket_key, sizeof(visit->key));
	visit->upgrades = true;
	visit->speaks_bearer = gp_handshake_speaks_bearer(request->websocket_protocols);
	return bring_token(exchange);
}

static enum gp_outcome
open_socket(struct gp_exchange *exchange)
{
	const struct desk *desk = exchange->service->own;
	struct gp_admission *admission = &desk->visit->admission;
	const struct gp_caller *caller = &exchange->caller;
	enum gp_outcome outcome = GP_OK;

	/* Some tokens can be judged without a database, but there is nothing to tell. */
	if (!atomic_load(&desk->pulse->listening))
		return GP_ERR_DATABASE_GONE;
	switch (caller->identity.kind) {
	case GP_AS_SESSION:
		admission->credential_kind = GP_CREDENTIAL_SESSION;
		outcome = gp_exchange_confirm(exchange);
		break;
	case GP_AS_LIVE_USER:
		admission->credential_kind = GP_CREDENTIAL_USER;
		admission->expires_s = caller->expires_s;
		outcome = gp_exchange_confirm(exchange);
		break;
	case GP_AS_USER: admission->expires_s = caller->expires_s; break;
	case GP_AS_NOBODY: return GP_ERR_INTERNAL;
	}
	if (outcome != GP_OK)
		return outcome;
	/* A connection ends when its token does; nobody lets one in for the leeway of clocks. */
	if (caller->identity.kind != GP_AS_SESSION && exchange->now_ms / 1000 >= caller->expires_s)
		return GP_DENY_EXPIRED;
	admission->user_id = strdup(caller->user_id);
	if (admission->credential_kind != GP_CREDENTIAL_NONE)
		admission->credential = strdup(caller->identity.value);
	if (admission->user_id == NULL ||
	    (admission->credential_kind != GP_CREDENTIAL_NONE && admission->credential == NULL))
		return GP_ERR_MEMORY;
	return GP_OK;
}

/* With what a connection is closed whose handshake was in order, by the status of the refusal. */
static void
explain(enum gp_outcome outcome, struct gp_admission *admission)
{
	static const struct {
		int status, code;
		const char *reason;
	} closes[] = {
		{ 401, GP_CLOSE_UNAUTHORIZED, "Unauthorized" },
		{ 403, GP_CLOSE_UNAUTHORIZED, "Unauthorized" },
		{ 429, GP_CLOSE_TRY_LATER, "Try again later" },
		{ 503, GP_CLOSE_TRY_LATER, "Try again later" },
	};
	const int status = gp_outcome_row(outcome)->status;

	admission->close_code = GP_CLOSE_INTERNAL;
	admission->close_reason = "Internal error";
	for (size_t i = 0; i < GP_COUNT(closes); i++) {
		if (closes[i].status == status) {
			admission->close_code = closes[i].code;
			admission->close_reason = closes[i].reason;
		}
	}
	if (outcome == GP_DENY_EXPIRED)
		admission->close_reason = "Token expired";
}

bool
gp_handshake_judge(const struct gp_observation *observation, struct gp_visit *visit)
{
	/* Between the handshake and its end nothing may have gone wrong unnoticed. */
	if (visit->upgrades && (observation->outcome != GP_OK || observation->status != 101))
		explain(observation->outcome, &visit->admission);
	return visit->upgrades;
}

/* --- about the daemon itself --- */

/* Ready: the database answers, and changes are heard of. */
static enum gp_outcome
ready(struct gp_exchange *exchange)
{
	const struct gp_pulse *pulse = ((struct desk *)exchange->service->own)->pulse;
	enum gp_outcome outcome = gp_health_ready.handler(exchange);

	if (outcome == GP_OK && !atomic_load(&pulse->listening))
		return GP_ERR_DATABASE_GONE;
	return outcome;
}

static enum gp_outcome
show_metrics(struct gp_exchange *exchange)
{
	struct gp_pulse *pulse = ((struct desk *)exchange->service->own)->pulse;
	const struct {
		const char *name, *type, *help;
		uint64_t value;
	} metrics[] = {
		{ "gatepost_notify_connections", "gauge", "WebSockets that are open.",
		    atomic_load(&pulse->connections) },
		{ "gatepost_notify_listening", "gauge", "Whether changes are heard of: 1, else 0.",
		    atomic_load(&pulse->listening) },
		{ "gatepost_notify_relays", "gauge",
		    "Whether this daemon moves the changes for all: 1, else 0.",
		    atomic_load(&pulse->relays) },
		{ "gatepost_notify_accepted_total", "counter", "WebSockets that were opened.",
		    atomic_load(&pulse->accepted) },
		{ "gatepost_notify_events_total", "counter",
		    "Messages about changes, counted for each WebSocket.",
		    atomic_load(&pulse->events) },
		{ "gatepost_notify_resyncs_total", "counter",
		    "Times that all clients were told to read everything anew.",
		    atomic_load(&pulse->resyncs) },
		{ "gatepost_notify_slow_total", "counter",
		    "WebSockets that were closed because their client did not read.",
		    atomic_load(&pulse->slow) },
		{ "gatepost_notify_gone_total", "counter",
		    "WebSockets that were closed because their client gave no sign of life.",
		    atomic_load(&pulse->gone) },
	};
	struct gp_buffer *text = &exchange->response.body;
	enum gp_outcome outcome = gp_metrics_show.handler(exchange);

	if (outcome != GP_OK)
		return outcome;
	for (size_t i = 0; i < GP_COUNT(metrics); i++)
		gp_metrics_write_one(
		    text, metrics[i].name, metrics[i].type, metrics[i].help, metrics[i].value);
	return GP_OK;
}

static const struct gp_operation health_ready = {
	.handler = ready,
	.summary = "Whether the daemon hears of changes and its database answers",
	.output = GP_OUTPUT_STATUS,
	.in_clear = true,
};
static const struct gp_operation metrics_show = {
	.handler = show_metrics,
	.summary = "What the daemon has counted, in the text format of Prometheus",
	.output = GP_OUTPUT_METRICS,
	.in_clear = true,
};

static const struct gp_route routes[] = {
	{ GP_GET, "/ws/notifications", &open_notifications, GP_ACCESS_CALLER, 101, NULL },
	{ GP_GET, "/healthz", &gp_health_live, GP_ACCESS_OPEN, 200, NULL },
	{ GP_GET, "/readyz", &health_ready, GP_ACCESS_OPEN, 200, NULL },
	{ GP_GET, "/metrics", &metrics_show, GP_ACCESS_OPEN, 200, NULL },
	{ .pattern = NULL },
};

/* --- the program --- */

static void *
open_desk(const struct gp_settings *settings, void *counters, const struct gp_log *log,
    char *problem, size_t problem_size)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	(void)settings;
	(void)counters;
	(void)log;
	if (desk == NULL)
		snprintf(problem, problem_size, "out of memory");
	return desk;
}

static const struct gp_program_part desk_part = { .open = open_desk, .close = free };

const struct gp_program gp_notify_program = {
	.name = "gatepost-notifyd",
	.purpose = "tells WebSockets of changes to their users' tasks",
	.bit = GP_PROGRAM_NOTIFY,
	.routes = routes,
	.manners = { .prepare = prepare },
	.part = &desk_part,
};

void
gp_handshake_attach(struct gp_process *process, struct gp_pulse *pulse)
{
	((struct desk *)gp_process_part(process))->pulse = pulse;
}

void
gp_handshake_begin(struct gp_process *process, struct gp_visit *visit)
{
	((struct desk *)gp_process_part(process))->visit = visit;
}
