/* SPDX-License-Identifier: Apache-2.0 */
/* What every step and every endpoint does with a call: ask it, refuse it, log it. */
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "form_read.h"
#include "service.h"

enum gp_outcome
gp_auth_refuse_rate(struct gp_auth_call *call)
{
	struct gp_exchange *exchange = call->exchange;
	char seconds[24];

	snprintf(seconds, sizeof(seconds), "%lld", (long long)exchange->limit.retry_after_s);
	gp_response_add_field(&exchange->response, "X-Retry-After", seconds);
	exchange->message = "Too many requests. Please try again later.";
	return GP_DENY_RATE;
}

enum gp_outcome
gp_auth_run(struct gp_auth_call *call, enum gp_query query, const char *const *parameters,
    const struct gp_rows **rows)
{
	return gp_exchange_run(call->exchange, query, parameters, rows);
}

const struct gp_auth_value *
gp_auth_value(const struct gp_auth_call *call, const char *name)
{
	static const struct gp_auth_value nothing = { .given = false };

	for (size_t i = 0; i < call->endpoint->member_count; i++) {
		if (strcmp(call->endpoint->members[i].name, name) == 0)
			return &call->values[i];
	}
	return &nothing;
}

enum gp_outcome
gp_auth_query(struct gp_auth_call *call, const char *name, const char **value)
{
	const char *query = call->exchange->request->query;

	enum gp_outcome outcome = gp_form_find(call->arena, query, strlen(query), name, value);

	if (outcome == GP_BAD_INPUT)
		return gp_auth_refuse_value(call, "query", "Invalid input: expected UTF-8");
	return outcome;
}

void
gp_auth_log(const struct gp_auth_call *call, const char *event, const char *user_id)
{
	gp_log_event(call->exchange->service->log, GP_LOG_INFO, event,
	    (const struct gp_log_field[]){
		{ "user", user_id },
		{ "request", call->exchange->response.request_id },
		{ "client", gp_exchange_client(call->exchange)->text },
	    },
	    3);
}
