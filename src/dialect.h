/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between the APIs that serve the same tasks, as data: wording, what is demanded of a
 * token, and what a task looks like.
 */
#ifndef GP_DIALECT_H
#define GP_DIALECT_H

#include <stdbool.h>

#include "claims.h"
#include "outcome.h"
#include "route.h"

/* A sentence for the routes of every method. */
#define GP_ANY_METHOD 0

struct gp_sentence {
	enum gp_phrase phrase;
	unsigned methods;    /* of the routes it is for, as bits of enum gp_method */
	const char *text;    /* NULL ends a list */
	bool reason_follows; /* the outcome's own sentence is put behind it */
};

struct gp_task_form;

struct gp_dialect {
	const char *name;        /* in the API's document */
	const char *description; /* there, too: what a client has to know first */
	const struct gp_sentence
	    *sentences; /* the first that fits counts; none: the outcome's own */
	struct gp_claims_demands demands;
	const struct gp_task_form *tasks; /* what its tasks look like */
};

#endif
