/* SPDX-License-Identifier: Apache-2.0 */
/* For load balancers and monitoring: open to all, and telling nothing else. */
#include "health.h"

#include "exchange.h"

enum gp_outcome
gp_health_live(struct gp_exchange *exchange)
{
	gp_buffer_add_text(&exchange->response.body, "{\"status\":\"ok\"}");
	return GP_OK;
}

enum gp_outcome
gp_health_ready(struct gp_exchange *exchange)
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
