/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The request of an operation while it is drawn, and everything that may be wrong with it: which of
 * that counts is not decided here.
 */
#ifndef GP_TEST_RANDOM_SKETCH_H
#define GP_TEST_RANDOM_SKETCH_H

#include "random_operation.h"

struct gp_sketch {
	struct gp_operation *operation;
	/* What it is drawn with. */
	struct gp_model *model;
	const bool *is_busy; /* of the players; tasks of the others stay as they are for now */
	struct gp_draw *draw;
	/* How far it is. */
	const char *path_user; /* percent-encoded */
	const char *task_name; /* the id in the path */
	size_t field_count;
	/* What is wrong with it, or else about it. */
	const char *credential_detail; /* of 401; NULL: the credential is good */
	bool is_other_user;            /* in the path */
	bool names_task;               /* which the operation's item is, or NULL for none */
	bool is_no_name;               /* but something that cannot be an id */
	const char *query_faults, *body_faults; /* lists without brackets; NULL: none */
	bool is_changed;                        /* as If-Match has it */
	bool is_not_modified;                   /* as If-None-Match has it */
};

/* Draw what the operation does, whose actor is known, and its request. */
void gp_sketch_draw(struct gp_sketch *sketch);

#endif
