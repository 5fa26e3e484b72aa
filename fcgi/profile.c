/* SPDX-License-Identifier: Apache-2.0 */
/* A token says it all; for a session token the database is asked. */
#include "profile.h"

#include "exchange.h"
#include "json_write.h"

static enum gp_outcome
show(struct gp_exchange *exchange)
{
	const struct gp_caller *caller = &exchange->caller;
	struct gp_buffer *body = &exchange->response.body;
	enum gp_outcome outcome = gp_exchange_confirm(exchange);

	if (outcome != GP_OK)
		return outcome;
	gp_buffer_add_text(body, "{\"id\":");
	gp_json_write_text(body, caller->user_id);
	gp_buffer_add_text(body, ",\"email\":");
	gp_json_write_text(body, caller->email);
	gp_buffer_add_text(body, ",\"name\":");
	gp_json_write_text(body, caller->name[0] != '\0' ? caller->name : NULL);
	gp_buffer_add_byte(body, '}');
	return GP_OK;
}

const struct gp_operation gp_profile_show = {
	.handler = show,
	.summary = "Who the caller is",
	.input = GP_INPUT_KNOWN_TAG,
	.output = GP_OUTPUT_PROFILE,
};
