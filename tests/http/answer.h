/* SPDX-License-Identifier: Apache-2.0 */
/* One answer of the server: what came over the wire, and its body as JSON. */
#ifndef GP_TEST_ANSWER_H
#define GP_TEST_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;

struct gp_answer {
	const char *call; /* "POST /tasks", for messages */
	bool is_head;     /* of a call with HEAD */
	int status;       /* 0: no answer came */
	char *fields;     /* status line and fields, as they came */
	char *body;       /* NUL-terminated */
	size_t body_length;
	struct json_object *json; /* the body, NULL when it is not one JSON value (or is null) */
	bool is_json;
};

/*
 * Make an answer whole: `fields` and `body` come from malloc() or are NULL, and are replaced by
 * texts that live until the program ends; the body is parsed.
 */
void gp_answer_settle(struct gp_answer *answer);

/* The value of the first field of that name, NULL where there is none. */
const char *gp_answer_field(const struct gp_answer *answer, const char *name);

/* A string member of a JSON object, NULL where there is none or it is no string. */
const char *gp_json_text(struct json_object *object, const char *name);

/* One value out of a text that is known to be JSON. */
struct json_object *gp_json_of(const char *text);

#endif
