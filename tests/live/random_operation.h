/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One operation of a random run: a request that is drawn, with what its answer must be and what it
 * changes. The operations of one round run side by side; none of them touches what another changes.
 */
#ifndef GP_TEST_RANDOM_OPERATION_H
#define GP_TEST_RANDOM_OPERATION_H

#include "../http/api.h"
#include "../http/client.h"
#include "random_body.h"
#include "random_draw.h"
#include "random_model.h"

enum gp_act {
	GP_ACT_LIST,
	GP_ACT_CREATE,
	GP_ACT_READ,
	GP_ACT_UPDATE,
	GP_ACT_TOGGLE,
	GP_ACT_DELETE,
	GP_ACT_PROFILE,
	GP_ACT_NO_METHOD, /* of this path */
	GP_ACT_COUNT
};

struct gp_operation {
	struct gp_player *actor;
	enum gp_act act;
	const struct gp_api *api;
	struct gp_call call;
	/* What it is about. */
	struct gp_player *owner; /* of the task that is named; the actor where none is */
	struct gp_item *item;    /* that is named, or has been made; NULL: none */
	struct gp_page page;     /* of a list */
	struct gp_change change; /* that a body asks for */
	bool has_session;        /* the credential is a session token */
	const char *known_body;  /* of the list that the client says it has; NULL: it has none */
	/* What must come. */
	int status;
	const char *detail; /* of a refusal but 422 */
	const char *faults; /* of 422: the list, without its brackets */
};

/* Draw an operation of this player; tasks of others are those of players who are not busy. */
void gp_operation_draw(struct gp_operation *operation, struct gp_model *model,
    struct gp_player *actor, const bool is_busy[GP_PLAYERS], struct gp_draw *draw);

/* Whether it succeeds, and whether it changes something. */
bool gp_operation_succeeds(const struct gp_operation *operation);
bool gp_operation_writes(const struct gp_operation *operation);

/* Do to the model what the operation, which succeeds, has done. */
void gp_operation_apply(struct gp_operation *operation);

/*
 * The body that must come with success, the model being what it is after the operation; NULL for
 * none or for the JSON null.
 */
struct json_object *gp_operation_body(const struct gp_operation *operation);

#endif
