/* SPDX-License-Identifier: Apache-2.0 */
/* One request for every kind of answer, for what all of them must have. */
#ifndef GP_TEST_KINDS_H
#define GP_TEST_KINDS_H

#include "client.h"

struct gp_kind {
	struct gp_call call; /* fields[0] may be in use; the others are free */
	int status;
};

enum { GP_KINDS_MAX = 32 };

/* New requests, of somebody new, in the order in which they must be sent. Returns how many. */
size_t gp_kinds(struct gp_kind kinds[GP_KINDS_MAX]);

#endif
