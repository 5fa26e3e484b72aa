/* SPDX-License-Identifier: Apache-2.0 */
/* Draws id and token, and looks at who asks. */
#include "auth_begin.h"

#include <stdio.h>

#include "auth_session.h"

/* The life of a session that ends with the browser: it may never say that it closed. */
enum { UNREMEMBERED_LIFE_S = 86400 };

enum gp_outcome
gp_auth_begin(struct gp_auth_call *call, bool remembered, struct gp_auth_beginning *beginning)
{
	int64_t life_s = remembered ? call->settings->session_life_s : UNREMEMBERED_LIFE_S;
	enum gp_outcome outcome;

	beginning->remembered = remembered;
	beginning->address = gp_auth_client_address(call);
	beginning->user_agent = gp_auth_user_agent(call);
	snprintf(beginning->life_s, sizeof(beginning->life_s), "%lld", (long long)life_s);
	outcome = gp_random_text(beginning->id, GP_ID_LENGTH);
	return outcome == GP_OK ? gp_random_text(beginning->token, GP_ID_LENGTH) : outcome;
}
