/* SPDX-License-Identifier: Apache-2.0 */
/* One Location field, of what redirect_url.c makes fit for it. */
#include "auth_redirect.h"

#include "redirect_url.h"

/* A target that has no form for a field leads nowhere. */
static enum gp_outcome
add(struct gp_auth_call *call, enum gp_outcome outcome, const char *url)
{
	if (outcome == GP_BAD_INPUT)
		return GP_DENY_CALLBACK;
	if (outcome == GP_OK)
		gp_response_add_field(&call->exchange->response, "Location", url);
	return outcome;
}

enum gp_outcome
gp_auth_add_location(struct gp_auth_call *call, const char *target)
{
	const char *url = NULL;
	enum gp_outcome outcome = gp_redirect_url_plain(call->arena, target, &url);

	return add(call, outcome, url);
}

enum gp_outcome
gp_auth_redirect(struct gp_auth_call *call, const char *base_url, const char *target,
    const char *name, const char *value)
{
	const char *url = NULL;
	enum gp_outcome outcome;

	call->exchange->response.status = 302;
	if (name == NULL)
		outcome = gp_redirect_url_plain(call->arena, target, &url);
	else
		outcome = gp_redirect_url_add(call->arena, base_url, target, name, value, &url);
	return add(call, outcome, url);
}
