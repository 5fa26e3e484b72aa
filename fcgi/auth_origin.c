/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at Origin, Referer, Cookie and Sec-Fetch-*, and at the members that hold addresses. */
#include "auth_origin.h"

#include <string.h>

#include "trusted_origins.h"

static bool
is_blank(const char *text)
{
	return text == NULL || text[strspn(text, " \t")] == '\0';
}

static enum gp_outcome
judge_origin(const struct gp_auth_call *call)
{
	const struct gp_request *request = call->exchange->request;
	const char *origin = request->origin;

	if (origin == NULL || origin[0] == '\0')
		origin = request->referer;
	/* A page whose referrer policy hides where it is; the browser says that it is ours. */
	else if (strcmp(origin, "null") == 0 && request->fetch_site != NULL &&
		 strcmp(request->fetch_site, "same-origin") == 0)
		return GP_OK;
	if (origin == NULL || origin[0] == '\0' || strcmp(origin, "null") == 0)
		return GP_DENY_ORIGIN_MISSING;
	return gp_trusted_origins_has(&call->settings->trusted_origins, origin) ? GP_OK
										: GP_DENY_ORIGIN;
}

enum gp_outcome
gp_auth_require_origin(struct gp_auth_call *call)
{
	return call->exchange->request->cookies != NULL ? judge_origin(call) : GP_OK;
}

enum gp_outcome
gp_auth_require_same_site(struct gp_auth_call *call)
{
	const struct gp_request *request = call->exchange->request;
	bool from_browser = !is_blank(request->fetch_site) || !is_blank(request->fetch_mode) ||
			    !is_blank(request->fetch_destination);

	if (request->cookies != NULL)
		return GP_OK; /* judged already */
	if (!from_browser && request->origin == NULL && request->referer == NULL)
		return GP_OK;
	if (from_browser && request->fetch_site != NULL && request->fetch_mode != NULL &&
	    strcmp(request->fetch_site, "cross-site") == 0 &&
	    strcmp(request->fetch_mode, "navigate") == 0)
		return GP_DENY_NAVIGATION;
	return judge_origin(call);
}

enum gp_outcome
gp_auth_require_target(struct gp_auth_call *call, const char *target)
{
	if (target == NULL || target[0] == '\0' ||
	    gp_trusted_target_is_allowed(&call->settings->trusted_origins, target))
		return GP_OK;
	return GP_DENY_CALLBACK;
}

enum gp_outcome
gp_auth_require_targets(struct gp_auth_call *call, const struct gp_auth_text *body)
{
	static const struct {
		const char *name;
		enum gp_outcome refusal;
		const char *no_text;
	} targets[] = {
		{ "callbackURL", GP_DENY_CALLBACK, "Invalid callbackURL: expected a string" },
		{ "redirectTo", GP_DENY_REDIRECT, "Invalid redirectURL: expected a string" },
		{ "errorCallbackURL", GP_DENY_ERROR_CALLBACK,
		    "Invalid errorCallbackURL: expected a string" },
		{ "newUserCallbackURL", GP_DENY_NEW_USER_CALLBACK,
		    "Invalid newUserCallbackURL: expected a string" },
	};
	const char *asked = NULL;
	enum gp_outcome outcome = gp_auth_query(call, "callbackURL", &asked);

	if (outcome == GP_OK)
		outcome = gp_auth_require_target(call, asked);
	for (size_t i = 0; i < GP_COUNT(targets) && outcome == GP_OK; i++) {
		struct gp_auth_found found;

		outcome = gp_auth_body_find(call, body, targets[i].name, &found);
		if (outcome != GP_OK || !found.truthy)
			continue;
		if (strcmp(found.type, "string") != 0) {
			call->exchange->message = targets[i].no_text;
			outcome = GP_BAD_CALLBACK_TYPE;
		} else if (gp_auth_require_target(call, found.text) != GP_OK) {
			outcome = targets[i].refusal;
		}
	}
	return outcome;
}
