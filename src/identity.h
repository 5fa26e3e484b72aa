/* SPDX-License-Identifier: Apache-2.0 */
/* As whom a database transaction runs. */
#ifndef GP_IDENTITY_H
#define GP_IDENTITY_H

#include <stdbool.h>

enum gp_identity_kind {
	GP_AS_NOBODY,    /* sees no user's rows */
	GP_AS_USER,      /* `value` is the id of a user who has been verified */
	GP_AS_LIVE_USER, /* the same, whose row must exist and not be banned */
	GP_AS_SESSION,   /* `value` is a raw session token that must be alive */
};

struct gp_identity {
	enum gp_identity_kind kind;
	const char *value; /* UTF-8 without NUL; NULL for nobody */
	/* Of a user who is looked up; nothing is done as anybody else. */
	const char *only_id; /* the one id that is let in; NULL: any */
	bool needs_email;    /* only a user who has an e-mail address is let in */
};

#endif
