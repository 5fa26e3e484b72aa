/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of requests to the sign-in program: JSON, and forms where an endpoint takes them. */
#ifndef GP_AUTH_BODY_H
#define GP_AUTH_BODY_H

#include "auth.h"

struct json_object;

enum gp_auth_text_kind { GP_AUTH_NO_BODY, GP_AUTH_JSON, GP_AUTH_FORM };

/* A body as it was parsed. */
struct gp_auth_text {
	enum gp_auth_text_kind kind;
	struct json_object *json; /* owned; NULL for the value null */
	char *bytes;              /* in the arena */
	size_t length;
};

/* One member of a body. */
struct gp_auth_found {
	bool given;
	const char *type; /* as JavaScript calls it: "string", "null", ... */
	bool truthy;
	const char *text; /* of a string or a flag; borrowed from the body or in the arena */
	size_t length;
};

/*
 * Read the body. One without a Content-Type counts as none, as behind Better Auth's Node adapter.
 *
 * Returns GP_OK, GP_BAD_MEDIA_TYPE, GP_BAD_JSON, what gp_request_body() returns, or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_auth_body_read(struct gp_auth_call *call, struct gp_auth_text *body);

/* Release what reading took. */
void gp_auth_body_release(struct gp_auth_text *body);

/* Find a member. Returns GP_OK, also without one; GP_BAD_JSON for a broken form; GP_ERR_MEMORY. */
GP_MUST_USE enum gp_outcome gp_auth_body_find(struct gp_auth_call *call,
    const struct gp_auth_text *body, const char *name, struct gp_auth_found *found);

/*
 * Judge the body by the endpoint's table, and copy its values into the call.
 *
 * Returns GP_OK, GP_BAD_VALUES with every fault in the message, GP_BAD_JSON or GP_ERR_MEMORY.
 */
GP_MUST_USE enum gp_outcome gp_auth_body_judge(
    struct gp_auth_call *call, const struct gp_auth_text *body);

#endif
