/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a request's values: every fault at once, as FastAPI clients read them:
 * {"detail":[{"loc":["body","title"],"msg":"field required","type":"value_error.missing"}]}
 */
#ifndef GP_FAULTS_H
#define GP_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* A route has fewer values than this; more faults are not kept. */
#define GP_FAULTS_MAX 16

enum gp_place { GP_IN_BODY, GP_IN_PATH, GP_IN_QUERY };

/* What can be wrong with a value; the table in faults.c has msg and type of each. */
enum gp_fault_kind {
	GP_FAULT_MISSING,
	GP_FAULT_NULL,
	GP_FAULT_NOT_TEXT,
	GP_FAULT_NOT_BOOL,
	GP_FAULT_NOT_OBJECT,
	GP_FAULT_NOT_UUID,
	GP_FAULT_NOT_INTEGER,
	GP_FAULT_TOO_SMALL, /* `number` is the least that is allowed */
	GP_FAULT_TOO_GREAT, /* `number` is the greatest that is allowed */
	GP_FAULT_TOO_SHORT, /* `number` is the least length */
	GP_FAULT_TOO_LONG,  /* `number` is the greatest length */
	GP_FAULT_NOT_JSON,  /* `number` is the offset, `message` says what is wrong */
	GP_FAULT_KIND_COUNT
};

struct gp_fault {
	enum gp_place place;
	const char *name; /* of the value; NULL for the whole place. Static or request-lived */
	enum gp_fault_kind kind;
	int64_t number;
	const char *message;
};

struct gp_faults {
	struct gp_fault faults[GP_FAULTS_MAX];
	size_t count;
};

void gp_faults_add(struct gp_faults *faults, struct gp_fault fault);

/* Append the list, the value of "detail". */
void gp_faults_write(const struct gp_faults *faults, struct gp_buffer *buffer);

#endif
