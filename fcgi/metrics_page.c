/* SPDX-License-Identifier: Apache-2.0 */
/* The client's address is its credential. */
#include "metrics_page.h"

#include "exchange.h"
#include "service.h"

static enum gp_outcome
show(struct gp_exchange *exchange)
{
	const struct gp_service *service = exchange->service;

	if (!gp_client_is_allowed(gp_exchange_client(exchange), &service->settings->metrics_allow))
		return GP_DENY_ADDRESS;
	exchange->response.content_type = "text/plain; version=0.0.4; charset=utf-8";
	gp_metrics_write(service->metrics, service->routes, &exchange->response.body);
	return GP_OK;
}

const struct gp_operation gp_metrics_show = {
	.handler = show,
	.summary = "What the workers have counted, in the text format of Prometheus",
	.output = GP_OUTPUT_METRICS,
	.in_clear = true,
};
