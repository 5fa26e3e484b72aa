/* SPDX-License-Identifier: Apache-2.0 */
/* What a new session's row is made of. */
#ifndef GP_AUTH_BEGIN_H
#define GP_AUTH_BEGIN_H

#include "auth.h"
#include "random_text.h"

struct gp_auth_beginning {
	char id[GP_ID_LENGTH + 1];
	char token[GP_ID_LENGTH + 1];
	char life_s[24];
	const char *address, *user_agent;
	bool remembered;
};

/*
 * Draw id and token of a new session.
 *
 *   remembered   whether it lives as long as sessions do; else a day
 *
 * Returns GP_OK or GP_ERR_CRYPTO.
 */
GP_MUST_USE enum gp_outcome gp_auth_begin(
    struct gp_auth_call *call, bool remembered, struct gp_auth_beginning *beginning);

#endif
