/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps that come before every endpoint's own, in Better Auth's order: limit, body, origin,
 * ways back, values, other sites, session.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "auth.h"
#include "auth_body.h"
#include "auth_origin.h"
#include "auth_session.h"
#include "service.h"

/* Where the numbers of endpoints that count on their own begin. */
enum { ALONE = 1000 };

/* Whether this address may ask this endpoint now. */
static enum gp_outcome
require_patience(struct gp_auth_call *call)
{
	struct gp_exchange *exchange = call->exchange;
	struct gp_rate_limit *limiter = call->auth->limits[call->endpoint->limit];
	struct {
		struct gp_address network;
		uint64_t endpoint;
	} key;

	/* Padding would make two keys of one. */
	memset(&key, 0, sizeof(key));
	if (limiter == NULL || !gp_client_counts(gp_exchange_client(exchange), &key.network))
		return GP_OK;
	key.endpoint = call->endpoint->counted_with;
	if (key.endpoint == 0)
		key.endpoint =
		    ALONE + (uint64_t)(exchange->match.route - exchange->service->routes);
	if (gp_rate_limit_take(
		limiter, GP_RATE_ADDRESS, &key, sizeof(key), exchange->now_ms, &exchange->limit))
		return GP_OK;
	return gp_auth_refuse_rate(call);
}

static enum gp_outcome
judge(struct gp_auth_call *call)
{
	const struct gp_auth_endpoint *endpoint = call->endpoint;
	struct gp_auth_text body = { .kind = GP_AUTH_NO_BODY };
	bool safe = call->exchange->match.route->method == GP_GET;
	enum gp_outcome outcome = require_patience(call);

	if (outcome == GP_OK && !safe)
		outcome = gp_auth_body_read(call, &body);
	if (outcome == GP_OK && !safe)
		outcome = gp_auth_require_origin(call);
	if (outcome == GP_OK && !safe)
		outcome = gp_auth_require_targets(call, &body);
	if (outcome == GP_OK)
		outcome = gp_auth_body_judge(call, &body);
	gp_auth_body_release(&body);
	if (outcome == GP_OK && endpoint->begins_session)
		outcome = gp_auth_require_same_site(call);
	return outcome == GP_OK ? gp_auth_require_session(call, endpoint->need) : outcome;
}

/* Passwords do not stay in memory that the next request gets. */
static void
wipe(struct gp_auth_call *call)
{
	for (size_t i = 0; i < call->endpoint->member_count; i++) {
		struct gp_auth_value *value = &call->values[i];

		if (call->endpoint->members[i].secret && value->text != NULL)
			OPENSSL_cleanse((char *)value->text, value->length);
	}
}

enum gp_outcome
gp_auth_enter(struct gp_exchange *exchange)
{
	const struct gp_operation *operation = exchange->match.route->operation;
	struct gp_auth_call call = {
		.exchange = exchange,
		.arena = exchange->arena,
		.auth = exchange->service->own,
		.settings = exchange->service->settings,
		.endpoint = (const struct gp_auth_endpoint *)(const void *)operation,
		.now_us = exchange->now_ms * 1000,
	};
	enum gp_outcome outcome = judge(&call);

	if (outcome == GP_OK)
		outcome = call.endpoint->handle(&call);
	wipe(&call);
	/* A letter is sent only where what it tells of has happened. */
	if (outcome != GP_OK)
		call.auth->letter = NULL;
	return outcome;
}
