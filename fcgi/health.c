/* SPDX-License-Identifier: Apache-2.0 */
/* For load balancers and monitoring: open to all, and telling nothing else. */
#include "health.h"

#include "exchange.h"

static enum gp_outcome
live(struct gp_exchange *exchange)
{
	gp_buffer_add_text(&exchange->response.body, "{\"status\":\"ok\"}");
	return GP_OK;
}

static enum gp_outcome
ready(struct gp_exchange *exchange)
{
	const struct gp_rows *rows;
	enum gp_outcome outcome = gp_exchange_run(exchange, GP_QUERY_READY, NULL, &rows);

	if (outcome != GP_OK)
		return outcome;
	if (!gp_rows_bool(rows, 0, 0))
		return GP_ERR_DATABASE_REFUSED;
	gp_buffer_add_text(&exchange->response.body, "{\"status\":\"ready\"}");
	return GP_OK;
}

const struct gp_operation gp_health_live = {
	.handler = live,
	.summary = "Whether the program runs",
	.output = GP_OUTPUT_STATUS,
	.in_clear = true,
};
const struct gp_operation gp_health_ready = {
	.handler = ready,
	.summary = "Whether the program could serve: its database answers",
	.output = GP_OUTPUT_STATUS,
	.in_clear = true,
};
